// What leaves the page: drawings as SVG and PNG, and a finished lesson as one HTML file. Each stands
// alone: it has its styles in it, asks nobody for anything, and says where it comes from.

import { s, wrapped } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const SHARP = 2; // points of a PNG for one of the drawing
// What a style sheet says of a drawing and a file of its own has to say again
const DRAWN = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linejoin',
  'stroke-linecap', 'opacity', 'paint-order', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'visibility',
  'display',
];
const OFFLINE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Hand a file to the browser to keep. */
export function download(name, media, content) {
  const address = URL.createObjectURL(new Blob([content], { type: media }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // when it has been read
}

/** A name that every file system takes. */
export const fileName = (text) => text.replace(/[^\p{L}\p{N}_-]+/gu, '_').replace(/^_+|_+$/g, '').slice(0, 80) || 'page';

/** Do something with the colours of the light page, whatever the look: paper is white. */
function onPaper(act) {
  const { dataset } = document.documentElement;
  const { look } = dataset;
  if (look === 'dark') dataset.look = 'light';
  try {
    return act();
  } finally {
    dataset.look = look;
  }
}

/** Each element's styles as one class of the copy, the same ones once. */
function dress(original, copy) {
  const classes = new Map();
  const originals = [original, ...original.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((node, i) => {
    const computed = getComputedStyle(originals[i]);
    const styles = DRAWN.map((name) => `${name}:${name === 'display' && i === 0 ? 'inline' : computed.getPropertyValue(name)}`)
      .join(';');
    if (!classes.has(styles)) classes.set(styles, `s${classes.size}`);
    node.setAttribute('class', classes.get(styles));
    for (const name of ['tabindex', 'style', 'aria-controls', 'data-name', 'data-legend']) node.removeAttribute(name);
  });
  return [...classes].map(([styles, name]) => `.${name}{${styles}}`).join('\n');
}

/** A drawing of the page as the text of an SVG file, on white, with where it comes from under it. */
export function svgText(drawing, provenance) {
  const { x, y, width, height } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true);
  const family = getComputedStyle(document.body).fontFamily;
  const size = Math.max(11, parseFloat(getComputedStyle(drawing).fontSize) * 0.9);
  const lines = wrapped(provenance, width - 16, size);
  const whole = Math.ceil(height + (lines.length + 0.8) * size * 1.3);
  const rules = onPaper(() => dress(drawing, copy));
  const source = `svg{font-family:${family}}\n.source{font-size:${size}px;fill:#5c5c5c;stroke:none}\n`;
  copy.prepend(
    s('title', {}, drawing.getAttribute('aria-label') ?? ''),
    s('style', {}, source + rules),
    s('rect', { x, y, width, height: whole, fill: '#ffffff' }),
  );
  copy.append(...lines.map((line, i) => s('text', {
    class: 'source', x: x + 8, y: y + height + (i + 1) * size * 1.3,
  }, line)));
  for (const [name, value] of Object.entries({
    xmlns: SVG, width, height: whole, viewBox: `${x} ${y} ${width} ${whole}`,
  })) copy.setAttribute(name, value);
  copy.removeAttribute('id');
  return new XMLSerializer().serializeToString(copy);
}

/** The text of an SVG file as a PNG, which has more points than the drawing. */
export async function pngOf(text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SHARP;
    canvas.height = image.naturalHeight * SHARP;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => { canvas.toBlob(done, 'image/png'); });
  } finally {
    URL.revokeObjectURL(address);
  }
}

// A part of the page as a file of its own

/** What a control says, as text: nothing works in a file without scripts. */
function spoken(control) {
  if (control.matches('select')) return [...control.selectedOptions].map((one) => one.text).join(', ');
  if (['checkbox', 'radio'].includes(control.type)) return control.checked ? '\u25C9' : '\u25CB';
  return control.value;
}

/** The copy of an element as it is now, with nothing in it that acts; `sizes` gets rules for drawings. */
function still(element, sizes) {
  const copy = element.cloneNode(true);
  const originals = [...element.querySelectorAll('*')];
  const gone = [];
  [...copy.querySelectorAll('*')].forEach((node, i) => {
    const original = originals[i];
    if (original.matches('script, link, style, iframe, object, [hidden]')) gone.push(node);
    else if (original.matches('button')) gone.push(node);
    else if (original.matches('input[type="range"]')) {
      node.setAttribute('value', original.value);
      node.setAttribute('disabled', '');
    } else if (original.matches('input, select, textarea')) {
      const text = document.createElement('b');
      text.textContent = spoken(original);
      node.replaceWith(text);
    } else if (original.matches('details')) node.setAttribute('open', '');
    else if (original.matches('a') && !/^https?:/.test(original.getAttribute('href') ?? '')) node.removeAttribute('href');
    else if (original.matches('svg')) { // its size is the window's on the page
      const { width, height } = original.getBoundingClientRect();
      if (!width) return;
      node.classList.add(`kept${sizes.length}`);
      sizes.push(`.kept${sizes.length}{width:${width}px !important;height:${height}px !important;max-width:100%;flex:none !important}`);
    }
  });
  for (const node of gone) node.remove();
  copy.hidden = false;
  return copy;
}

/** One HTML file: an element of the page as it looks now, its styles, no scripts, no network. */
export function pageText(title, element, provenance = '') {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  const page = document.implementation.createHTMLDocument(title);
  const meta = (attributes) => {
    const node = page.createElement('meta');
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  page.head.prepend(
    meta({ charset: 'utf-8' }), meta({ 'http-equiv': 'Content-Security-Policy', content: OFFLINE }),
    meta({ name: 'viewport', content: 'width=device-width, initial-scale=1' }),
  );
  const badge = page.createElement('p');
  badge.className = 'badge';
  badge.textContent = 'A model, not a forecast';
  const article = page.createElement('article');
  const sizes = [];
  article.append(page.adoptNode(still(element, sizes)));
  page.body.append(badge, article);
  if (provenance) {
    const foot = page.createElement('footer');
    foot.className = 'soft';
    foot.textContent = provenance;
    page.body.append(foot);
  }
  page.documentElement.lang = document.documentElement.lang;
  const { look } = document.documentElement.dataset;
  page.documentElement.dataset.look = look === 'dark' ? 'light' : look ?? 'light';
  const css = [...rules, ...sizes,
    'body{display:block;height:auto;max-width:70em;margin:0 auto;padding:1em}',
    'article *{max-height:none;overflow:visible}',
  ].join('\n');
  // as text: in an element of this page its own policy would refuse the styles
  return `<!doctype html>\n${page.documentElement.outerHTML}`.replace('</head>', () => `<style>\n${css}\n</style></head>`);
}

/** Keep an element of the page (a finished lesson) as one HTML file. */
export function savePage(title, element, provenance = '') {
  download(`${fileName(title)}.html`, 'text/html', pageText(title, element, provenance));
}
