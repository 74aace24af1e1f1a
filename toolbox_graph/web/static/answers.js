// How is an answer shown: as a table, as it came, as a chart, or on a map?

import { chart } from "./chart.js";
import { element } from "./elements.js";
import { map } from "./map.js";
import { address, said } from "./values.js";

const VIEWS = { table, raw, chart, map };

/** Shows an answer below a place, in the view that the address asks for. */
export function show(place, answer, context) {
  const { texts, query } = context;
  const heading = element("h2", {}, texts.answer, " ", element("span", { class: "count" }, answer.rows?.length ?? ""));
  if (answer.boolean === false || answer.rows?.length === 0) {
    const why = element("a", { href: `sparql/why-empty?${new URLSearchParams({ query, lang: document.documentElement.lang })}` }, texts.why);
    const said = answer.rows ? texts.nothing : String(answer.boolean);
    place.replaceChildren(element("section", {}, heading, element("p", {}, said), element("p", {}, why)));
    return;
  }
  const names = answer.rows ? Object.keys(VIEWS) : ["raw"];
  const shown = element("div", { class: "shown" });
  const share = element("a", { class: "share" }, texts.share);
  const buttons = names.map((name) => element("button", { type: "button", "data-view": name }, texts[name]));
  const choose = (name) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    history.replaceState(null, "", `${location.search}#${name}`);
    share.href = location.href;
    shown.replaceChildren();
    VIEWS[name](shown, answer, context);
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.view));
  const bar = element("div", { class: "views", role: "group", "aria-label": texts.view }, ...buttons, share);
  place.replaceChildren(element("section", {}, heading, bar, shown));
  choose(names.find((name) => `#${name}` === location.hash) ?? names[0]);
}

/** Shows why there is no answer; a time-out as what it is. */
export function showProblem(place, problem, texts) {
  const title = problem.status === 504 ? `${texts.timeout} ${problem.limit} s` : problem.title;
  const lines = [element("p", { lang: "en" }, problem.detail)];
  if (problem.line) lines.push(element("p", {}, `${texts.place} ${problem.line}, ${problem.column}`));
  place.replaceChildren(element("section", { class: "problem", role: "alert" }, element("h2", {}, title), ...lines));
}

function table(place, { columns, rows }, context) {
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
  const cell = (row, name) => element("td", { "data-label": name }, ...(row[name] ? [linked(row[name], context)] : []));
  const body = rows.map((row) => element("tr", {}, ...columns.map((name) => cell(row, name))));
  const made = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  place.append(element("div", { class: "wide results", tabindex: "0" }, made));
  if (rows.length === context.rows) place.append(element("p", { class: "quiet" }, context.texts.first));
}

function linked(term, context) {
  const leads = address(term, context);
  return leads ? element("a", { href: leads }, said(term, context)) : said(term, context);
}

function raw(place, answer) {
  place.append(element("pre", { class: "document", tabindex: "0" }, answer.raw));
}
