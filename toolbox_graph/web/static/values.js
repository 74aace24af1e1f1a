// What does a term of an answer say, where does it lead, and is it a number?

/** Tells whether a term is a thing of the catalogue. */
export function isOurs({ type, value }, { base }) {
  return type === "uri" && value.startsWith(`${base}id/`);
}

/** Returns a term as a reader sees it: ours by kind and key, others as they are. */
export function said(term, context) {
  return isOurs(term, context) ? term.value.slice(context.base.length + 3) : term.value;
}

/** Returns where a term leads: things of the catalogue to their pages here, whatever their names begin with. */
export function address(term, context) {
  const { type, value } = term;
  if (type !== "uri") return "";
  if (isOurs(term, context)) return said(term, context);
  return /^(https?:|mailto:)/.test(value) ? value : "";
}

/** Returns the columns of which each value is a number. */
export function numeric({ columns, rows }) {
  const is = (name) => rows.every((row) => !row[name] || isNumber(row[name])) && rows.some((row) => row[name]);
  return columns.filter(is);
}

function isNumber({ type, value }) {
  return type !== "uri" && value.trim() !== "" && Number.isFinite(Number(value));
}

/** Returns for each thing of a column the sum of another, or of how many rows it has where there is no other. */
export function totals(rows, name, of) {
  const sums = new Map();
  for (const row of rows) {
    if (row[name]) sums.set(row[name].value, [row[name], (sums.get(row[name].value)?.[1] ?? 0) + amount(row, of)]);
  }
  return [...sums.values()];
}

function amount(row, of) {
  return of ? Number(row[of]?.value ?? 0) : 1;
}
