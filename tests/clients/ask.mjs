// Asks an endpoint through Comunica, and writes what it found as JSON.
//
//     node ask.mjs http://127.0.0.1:8000/sparql "ASK { ?s ?p ?o }"
//
// A table is a list of rows, each with the text of each variable; a graph a list of triples; ASK a truth.

import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const result = await new QueryEngine().query(query, { sources: [{ type: "sparql", value: endpoint }] });
const found = await result.execute();

function read() {
  switch (result.resultType) {
    case "boolean":
      return found;
    case "bindings":
      return found.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]))).toArray();
    default:
      return found.map((triple) => ["subject", "predicate", "object"].map((part) => triple[part].value)).toArray();
  }
}

console.log(JSON.stringify(await read()));
