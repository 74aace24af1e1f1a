// What are things called that an answer knows by their IRIs?

import { ask } from "./asking.js";

const LABEL = "http://www.w3.org/2000/01/rdf-schema#label";
const MOST = 1000; // A thing has a label in each of some languages.

/** Returns labels by IRI, in a language or else in English; what has none is left out. */
export async function namesOf(iris, language, version, texts) {
  if (iris.length === 0) return new Map();
  const things = iris.map((iri) => `<${iri}>`).join(" ");
  const query = `SELECT * { VALUES ?thing { ${things} } ?thing <${LABEL}> ?name FILTER(LANG(?name) IN ("${language}", "en")) }`;
  const { rows = [] } = await ask(query, MOST, version, texts);
  const order = (row) => Number(row.name["xml:lang"] === language);
  return new Map(rows.sort((one, other) => order(one) - order(other)).map(({ thing, name }) => [thing.value, name.value]));
}
