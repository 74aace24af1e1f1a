// What does the endpoint answer to a query?

const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
const LONG = 4000; // Longer queries do not fit an address.

/**
 * Returns `{head, bindings}`, `{boolean}` or `{document}`, with the text as it came in `raw`; or `{problem}`.
 * `version` is `{at}` where a past version of the data is asked, else empty.
 */
export async function ask(query, rows, version, texts) {
  const found = await tell({ query, "max-rows": rows, ...version }, texts);
  // The limit is a part of the text that was read; where a mistake stands is told of the text as it was written.
  return found.problem?.line ? tell({ query, ...version }, texts) : found;
}

async function tell(parameters, texts) {
  let response, raw;
  try {
    response = await send(new URLSearchParams(parameters));
    raw = await response.text();
  } catch {
    return { problem: { title: texts.unreachable, detail: "" } };
  }
  if (!response.ok) return { problem: problemIn(raw, response.status) };
  return response.headers.get("Content-Type").startsWith("text/turtle") ? { document: raw, raw } : table(raw);
}

function send(parameters) {
  const headers = { Accept: ACCEPT };
  if (String(parameters).length < LONG) return fetch(`sparql?${parameters}`, { headers });
  return fetch("sparql", { method: "POST", body: parameters, headers });
}

function problemIn(raw, status) {
  try {
    return JSON.parse(raw);
  } catch {
    return { title: String(status), detail: "" };
  }
}

function table(raw) {
  const { head, results, boolean } = JSON.parse(raw);
  return results ? { columns: head.vars, rows: results.bindings, raw } : { boolean, raw };
}
