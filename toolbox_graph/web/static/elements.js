// How is an element made?

const SVG = "http://www.w3.org/2000/svg";

/** Returns an element of HTML with attributes and children; texts stay texts. */
export function element(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Returns an element of SVG, likewise. */
export function drawn(name, attributes, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
