// In which countries is what an answer tells of? Outlines only: no other host is asked for a picture.

import { drawn, element } from "./elements.js";
import { numeric, totals } from "./values.js";

const SMALL = 2; // Degrees: a smaller country gets a dot as well.

/** Shows an answer on a map of the world, by the first column that holds countries. */
export async function map(place, answer, context) {
  const { countries } = await context.terms;
  const codes = (term) => countries[keyOf(term, context.base)];
  const column = answer.columns.find((name) => answer.rows.some((row) => row[name] && codes(row[name])));
  if (!column) {
    place.append(element("p", {}, context.texts.countries));
    return;
  }
  const amounts = totals(answer.rows, column, numeric(answer)[0]).filter(([term]) => codes(term));
  const outlines = await world();
  const byCode = new Map(amounts.map(([term, total]) => [codes(term), [term, total]]));
  const undrawn = amounts.filter(([term]) => !outlines.some(({ id }) => id === codes(term)));
  place.append(picture(outlines, byCode, context), list(amounts, undrawn, context));
}

function keyOf({ type, value }, base) {
  const start = `${base}id/country/`;
  return type === "uri" && value.startsWith(start) ? value.slice(start.length) : "";
}

function nameOf(term, { base }) {
  const names = new Intl.DisplayNames(document.documentElement.lang, { type: "region", fallback: "code" });
  return names.of(keyOf(term, base).toUpperCase());
}

let known; // The outlines, once they have been asked for.

function world() {
  known ??= Promise.all([
    fetch(new URL("countries.json", import.meta.url)).then((response) => response.json()),
    import("./topojson-client.min.js"),
  ]).then(([topology]) => globalThis.topojson.feature(topology, topology.objects.countries).features);
  return known;
}

function picture(outlines, byCode, context) {
  const most = Math.max(...[...byCode.values()].map(([, total]) => total), 1);
  const shapes = outlines.flatMap((outline) => country(outline, byCode.get(outline.id), most, context));
  // From 84 degrees north to 60 south: what is beyond has no country.
  return drawn("svg", { class: "world", viewBox: "-180 -84 360 144", role: "img", "aria-label": context.texts.map }, ...shapes);
}

function country({ geometry }, found, most, context) {
  const rings = geometry ? (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).flat().map(unrolled) : [];
  const path = drawn("path", { d: rings.flatMap(onBothEdges).map(line).join("") });
  if (!found) return [path];
  const [term, total] = found;
  const shade = { class: "found", "fill-opacity": (0.35 + (0.65 * total) / most).toFixed(2) };
  const title = () => drawn("title", {}, `${nameOf(term, context)}: ${total}`);
  for (const [name, value] of Object.entries(shade)) path.setAttribute(name, value);
  path.append(title());
  return [path, ...dot(rings.flat(), shade, title)];
}

/** A ring that crosses the 180th meridian goes on beyond the edge, and not back across the map. */
function unrolled(ring) {
  let turned = 0;
  return ring.map(([east, north], at) => {
    const step = at ? east - ring[at - 1][0] : 0;
    if (Math.abs(step) > 180) turned -= 360 * Math.sign(step);
    return [east + turned, north];
  });
}

function onBothEdges(ring) {
  const beyond = ring.find(([east]) => Math.abs(east) > 180);
  return beyond ? [ring, ring.map(([east, north]) => [east - 360 * Math.sign(beyond[0]), north])] : [ring];
}

function line(ring) {
  return `M${ring.map(([east, north]) => `${east.toFixed(1)},${(-north).toFixed(1)}`).join("L")}Z`;
}

function dot(points, shade, title) {
  const [east, north] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const span = (numbers) => [Math.min(...numbers), Math.max(...numbers)];
  const [[west, furthest], [south, top]] = [span(east), span(north)];
  if (furthest - west > SMALL || top - south > SMALL) return [];
  return [drawn("circle", { cx: (west + furthest) / 2, cy: -(south + top) / 2, r: 1.5, ...shade }, title())];
}

function list(amounts, undrawn, context) {
  const lines = amounts.map(([term, total]) => `${nameOf(term, context)}: ${total}`);
  const made = [element("p", { class: "quiet" }, lines.join(" · "))];
  const missing = undrawn.map(([term]) => nameOf(term, context));
  if (missing.length) made.push(element("p", {}, `${context.texts.undrawn} ${missing.join(", ")}`));
  return element("div", {}, ...made);
}
