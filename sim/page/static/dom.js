// Elements made from names, attributes and children; text is always text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export const $ = (id) => document.getElementById(id);
export const h = (tag, attributes = {}, ...children) =>
  filled(document.createElement(tag), attributes, children);
export const s = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

/** An identifier such as no_mediation as words. */
export const readable = (name) => name.replaceAll('_', ' ').trim() || name || 'the scenario';

/** A number as people read it: a sign where asked, a real minus. */
export function number(value, digits, sign = false) {
  const text = Math.abs(value).toFixed(digits);
  const zero = Number(text) === 0;
  return (value < 0 && !zero ? '\u2212' : sign && !zero ? '+' : '') + text;
}

/** A day as people say it: 11 May. */
export function dateOf(start, day, year = false) {
  const date = new Date(`${start}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toLocaleDateString('en-GB', {
    day: 'numeric', month: 'short', timeZone: 'UTC', ...(year ? { year: 'numeric' } : {}),
  });
}
