// How much of each thing does an answer have? A bar for each.

import { drawn, element } from "./elements.js";
import { isOurs, numeric, said, totals } from "./values.js";

const MOST = 50; // Bars that can still be compared.

/** Shows an answer as bars; the reader chooses what they are called by and what they measure. */
export function chart(place, answer, context) {
  const { texts } = context;
  const numbers = numeric(answer);
  const names = answer.columns.filter((name) => !numbers.includes(name));
  const name = choice("chart-name", texts.name, (names.length ? names : answer.columns).map((each) => [each, each]));
  const value = choice("chart-value", texts.value, [...numbers.map((each) => [each, each]), ["", texts.rows]]);
  const bars = element("ol", { class: "bars" });
  let turn = 0;
  const draw = async () => {
    const [mine, found] = [++turn, totals(answer.rows, name.select.value, value.select.value).slice(0, MOST)];
    bars.replaceChildren(...barsOf(found, (term) => said(term, context)));
    const things = found.map(([term]) => term).filter((term) => isOurs(term, context));
    const names = await context.named(things.map((term) => term.value));
    // The reader may have chosen something else meanwhile.
    if (mine === turn) bars.replaceChildren(...barsOf(found, (term) => names.get(term.value) ?? said(term, context)));
  };
  for (const { select } of [name, value]) select.addEventListener("change", draw);
  place.append(element("div", { class: "choices" }, name.field, value.field), bars);
  // The last column that is no name is most often the one that says it in words.
  name.select.value = names.at(-1) ?? answer.columns[0];
  draw();
}

function choice(id, label, options) {
  const select = element("select", { id }, ...options.map(([value, text]) => element("option", { value }, text)));
  return { select, field: element("div", {}, element("label", { for: id }, label), select) };
}

function barsOf(found, label) {
  const most = Math.max(...found.map(([, total]) => Math.abs(total)), 1);
  return found.map(([term, total]) => bar(label(term), total, most));
}

function bar(label, total, most) {
  const length = Math.max((100 * Math.abs(total)) / most, 0.5);
  const picture = drawn(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    drawn("rect", { width: length, height: 10 }),
  );
  const number = total.toLocaleString(document.documentElement.lang);
  return element("li", {}, element("span", { class: "label" }, label), picture, element("b", {}, number));
}
