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

/** Set a node's text where it differs: a text that is set is laid out and painted anew. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set an attribute where it differs. */
export function putAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Whether one node can become the other by other values and children. */
const alike = (old, fresh) => old.nodeName === fresh.nodeName && (old.nodeType === Node.TEXT_NODE
  || old.attributes.length === fresh.attributes.length
    && [...fresh.attributes].every(({ name }) => old.hasAttribute(name)));

/**
 * Give a node these children, none of which may listen to events. What is alike stays and gets
 * only what differs, since all that is new is styled, laid out and painted.
 */
export function renew(parent, fresh) {
  const old = [...parent.childNodes];
  fresh.forEach((node, i) => {
    if (i >= old.length) parent.append(node);
    else if (!alike(old[i], node)) old[i].replaceWith(node);
    else if (node.nodeType === Node.TEXT_NODE) put(old[i], node.data);
    else {
      for (const { name, value } of node.attributes) putAttribute(old[i], name, value);
      renew(old[i], [...node.childNodes]);
    }
  });
  for (const node of old.slice(fresh.length)) node.remove();
}

/** The name of a lever or a mechanism as words; the server says how arms and narratives are read. */
export const readable = (name) => name.replaceAll('_', ' ');

/** A number as people read it: a sign where asked, a real minus. */
export function number(value, digits, sign = false) {
  const text = Math.abs(value).toFixed(digits);
  const zero = Number(text) === 0;
  return (value < 0 && !zero ? '\u2212' : sign && !zero ? '+' : '') + text;
}

/** A difference in sympathy in points of net opinion, without its sign; `scenario` says what a point is. */
export function inPoints(difference, { opinion_point: point }) {
  const points = Math.abs(difference) / point;
  return points < 0.05 ? 'less than 0.1 points' : `about ${number(points, points < 9.5 ? 1 : 0)} points`;
}

/** Text of the server with a real minus before its numbers. */
export const signed = (text) => text.replace(/-(?=\d+\.\d)/g, '\u2212');

// Made once: to make one takes as long as to write many dates
const DAY = { day: 'numeric', month: 'short', timeZone: 'UTC' };
const days = new Intl.DateTimeFormat('en-GB', DAY);
const daysOfYears = new Intl.DateTimeFormat('en-GB', { ...DAY, year: 'numeric' });

/** A day as people say it: 11 May. */
export function dateOf(start, day, year = false) {
  const date = new Date(`${start}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return (year ? daysOfYears : days).format(date);
}

/** Words in lines that are about so wide. */
export function wrapped(words, width, size) {
  const most = Math.floor(width / (size * 0.54));
  const lines = [''];
  for (const word of words.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.filter(Boolean);
}
