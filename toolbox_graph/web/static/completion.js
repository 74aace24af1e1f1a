// Which prefixes, classes and properties may be meant by what was typed?

const MOST = 40; // More than that nobody reads.

/** Makes YASQE's completers know the terms of this catalogue, and none of elsewhere. */
export function complete(Yasqe, terms) {
  const { prefixes, class: classes, property } = Yasqe.Autocompleters;
  Object.assign(prefixes, { persistenceId: null, get: () => terms.then(prefixLines) });
  Object.assign(classes, completer(terms, "classes"));
  Object.assign(property, completer(terms, "properties"));
}

function prefixLines({ prefixes }) {
  return Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
}

function completer(terms, kind) {
  let known = { prefixes: {}, byIri: new Map() };
  terms.then((told) => {
    known = { prefixes: told.prefixes, byIri: new Map(told[kind].map((term) => [term.iri, term])) };
  });
  return {
    get: (yasqe, token) => matching([...known.byIri.values()], token),
    postProcessSuggestion: (yasqe, token, iri) => iri,
    postprocessHints: (yasqe, hints) => hints.map((hint) => labelled(yasqe, hint, known)),
  };
}

/** Terms by the beginning of their IRI or short name, else by any part of that or of what they are called. */
function matching(terms, token) {
  const typed = (token?.string ?? "").trim().replace(/^</, "").toLowerCase();
  const whole = token?.autocompletionString ?? typed;
  const begins = (term) => term.iri.startsWith(whole) || term.short.toLowerCase().startsWith(typed);
  const holds = (term) => `${term.short} ${term.label}`.toLowerCase().includes(typed);
  const found = new Set([...terms.filter(begins), ...terms.filter(holds)]);
  return [...found].slice(0, MOST).map((term) => term.iri);
}

function labelled(yasqe, hint, { prefixes, byIri }) {
  const term = byIri.get(hint.text);
  const prefix = term.short.split(":")[0];
  const declared = yasqe.getPrefixesFromQuery()[prefix] ?? prefixes[prefix];
  const text = declared && declared === prefixes[prefix] ? term.short : `<${term.iri}>`;
  const displayText = [term.short, term.label, term.number || ""].filter(Boolean).join(" · ");
  return { ...hint, text, displayText, hint: (editor, data) => put(editor, data, hint, text, prefix, prefixes) };
}

function put(editor, data, hint, text, prefix, prefixes) {
  editor.getDoc().replaceRange(text, hint.from ?? data.from, hint.to ?? data.to, "complete");
  if (!text.startsWith("<")) editor.addPrefixes({ [prefix]: prefixes[prefix] });
}
