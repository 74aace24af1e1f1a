// How does the plain form become an editor? What the form does is done here without leaving the page.

import { ask } from "./asking.js";
import { complete } from "./completion.js";
import { show, showProblem } from "./answers.js";
import { namesOf } from "./names.js";

const ROWS = 5000; // What a page can show; more is for programs.

const { base, texts } = JSON.parse(document.getElementById("editor").textContent);
const form = document.getElementById("form");
const field = document.getElementById("query");
const outcome = document.getElementById("outcome");
const language = document.documentElement.lang;
const version = form.elements.at ? { at: form.elements.at.value } : {};

let current = asked(); // The query of which the answer is shown.

const terms = fetch(`sparql/terms.json?lang=${language}`).then((response) => response.json());
const editor = makeEditor();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  answer(editor.getValue());
});
// Who goes back wants the query that was asked there; another view alone is no other query.
addEventListener("popstate", () => {
  if (asked() !== current) location.reload();
});
if (field.value && !outcome.querySelector(".problem")) answer(field.value);

function makeEditor() {
  complete(globalThis.Yasqe, terms);
  const place = document.createElement("div");
  field.after(place);
  const made = new globalThis.Yasqe(place, {
    value: field.value,
    persistenceId: null, // Nothing of it is kept in the browser.
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "18rem",
    screenReaderLabel: texts.query,
    lineWrapping: true,
    extraKeys: {
      "Ctrl-Space": (yasqe) => yasqe.autocomplete(),
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
      // Who goes through the page by keyboard has to get out of here again.
      Tab: false,
      "Shift-Tab": false,
    },
  });
  field.hidden = true;
  field.required = false;
  form.querySelector("label").addEventListener("click", () => made.focus());
  return made;
}

async function answer(query) {
  remember(query);
  outcome.setAttribute("aria-busy", "true");
  outcome.replaceChildren(paragraph(texts.asking));
  const found = await ask(query, ROWS, version, texts);
  outcome.removeAttribute("aria-busy");
  if (found.problem) {
    showProblem(outcome, found.problem, texts);
    mark(found.problem);
  } else {
    const named = (iris) => namesOf(iris, language, version, texts);
    show(outcome, found, { base, texts, terms, query, named, rows: ROWS });
  }
}

function asked() {
  return new URLSearchParams(location.search).get("query");
}

function remember(query) {
  current = query;
  if (query === asked()) return;
  history.pushState(null, "", `?${new URLSearchParams({ query, ...version, lang: language })}${location.hash}`);
  // It cites the answer that the page came with.
  document.querySelector(".cite")?.remove();
}

function mark({ line, column }) {
  if (!line) return;
  editor.focus();
  editor.getDoc().setCursor({ line: line - 1, ch: column - 1 });
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
