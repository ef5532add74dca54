// The two locked timelines in one drawing, so that nothing can part them: for each arm alignment
// (or both sympathies) with its band, what happened, and tension; then the difference.

import { $, dateOf, inPoints, number, putAttribute, renew, s } from './dom.js';
import { bandWords, mark } from './legend.js';
import { state } from './state.js';

const MOST_ROWS = 6; // of event names above the charts
const NEVER = 'the two runs never differ';
const QUIET = 0.01; // differences below are drawn as small as they are
let frame = null; // what the last drawing needs to move the day line

/** Values by day of one array at one place, or of one side there. */
export function series(name, place, side) {
  const { shape, values } = state.answer.arrays[name];
  const width = values.length / shape[0];
  const offset = shape.length === 1 ? 0 : shape.length === 2 ? place : 2 * place + side;
  return Array.from({ length: shape[0] }, (_, t) => values[t * width + offset]);
}

/** A few round numbers from low to high. */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) =>
    (first + i) * step);
}

const tenth = (value) => Math.round(value * 10) / 10; // of a pixel

export function path(ys, x, y) {
  let d = 'M';
  for (let t = 0; t < ys.length; t += 1) d += `${t ? 'L' : ''}${tenth(x(t))} ${tenth(y(ys[t]))}`;
  return d;
}

export function area(low, high, x, y) {
  let d = path(high, x, y);
  for (let t = low.length - 1; t >= 0; t -= 1) d += `L${tenth(x(t))} ${tenth(y(low[t]))}`;
  return `${d}Z`;
}

export function range(many, least = 0) {
  let [low, high] = [Math.min(...many.flat()), Math.max(...many.flat())];
  const pad = Math.max((high - low) * 0.06, least);
  return [low - pad, high + pad];
}

/** The lines of one arm: each with its band and colour. */
function lines(arm) {
  const { place, quantity } = state.show;
  const sides = quantity === 'sympathy' ? [0, 1] : [undefined];
  return sides.map((side) => ({
    kind: side === undefined ? 'own' : `side${side}`,
    band: side === undefined ? 'all' : `side${side}`,
    own: series(`${quantity}.${arm}`, place, side),
    low: series(`${quantity}_low.${arm}`, place, side),
    high: series(`${quantity}_high.${arm}`, place, side),
  }));
}

export function scale(top, height, [low, high]) {
  return (value) => top + height * (1 - (value - low) / (high - low));
}

/** A grid with its numbers: about as many as wanted, two at least beside 0, since one says little of the rest. */
export function panel(box, y, range_, wanted) {
  const { left, right, size } = box;
  let found = ticks(...range_, wanted);
  const beside = () => found.filter((value) => Math.abs(value) > 1e-12).length;
  for (let more = wanted + 1; beside() < 2; more += 1) found = ticks(...range_, more);
  const digitsOf = Math.max(0, -Math.floor(Math.log10(found[1] - found[0]) + 1e-9));
  const every = Math.ceil(size / Math.abs(y(found[0]) - y(found[1]))); // or numbers cover each other
  return found.map((value, i) => s('g', { class: 'tick' },
    s('path', { class: Math.abs(value) < 1e-12 ? 'zero' : 'grid', d: `M${left} ${y(value)}H${right}` }),
    s('text', { x: left - 6, y: y(value) + size * 0.35, 'text-anchor': 'end' },
      i % every ? '' : number(value, digitsOf, true))));
}

/** About how wide a text is. */
const wide = (text, box) => text.length * box.size * 0.6;

/** The long text where it fits, else the short one. */
const fitting = (room, box, long, short) => (wide(long, box) < room ? long : short);

const BOLD = 0.7; // of a letter's size: the width of a letter of a name

/** A name, cut where it would run into what stands to its right. */
function cut(text, room, { size }) {
  const most = Math.max(4, Math.floor(room / (BOLD * size)));
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}\u2026` : text;
}

/** Names of events over the charts, in rows so that none covers another. */
function eventNames(box, x, scenario) {
  const seen = new Map();
  for (const one of state.answer.happenings.flat()) {
    if (one.kind === 'event') seen.set(`${one.day} ${one.name}`, one);
  }
  const ends = [];
  const placed = [];
  for (const one of [...seen.values()].sort((a, b) => a.day - b.day)) {
    const name = one.name.length > 26 ? `${one.name.slice(0, 25)}\u2026` : one.name;
    const width = name.length * box.size * 0.54 + 8;
    const leftward = x(one.day) + width > box.right;
    const from = leftward ? x(one.day) - width : x(one.day);
    let row = ends.findIndex((end) => end <= from);
    if (row < 0) row = ends.length;
    if (row < MOST_ROWS) ends[row] = from + width;
    placed.push({ ...one, short: row < MOST_ROWS ? name : '', row, leftward });
  }
  return { rows: ends.length, placed };
}

/** Incidents, offers and answers of one arm, on one line. */
function lane(arm, box, x, y, scenario) {
  const nodes = [];
  const states = series(`mediation.${arm}`, 0);
  const active = states.flatMap((m, t) => (m === 2 ? [t] : []));
  if (active.length) {
    nodes.push(s('path', { class: 'active', d: `M${x(active[0])} ${y}H${x(active.at(-1))}` }));
  }
  for (const one of state.answer.happenings[arm]) {
    if (one.kind === 'incident') {
      nodes.push(s('path', { class: `hit side${one.side}`, d: mark.hit[one.side](x(one.day), y) },
        s('title', {}, `${dateOf(scenario.start, one.day)}: ${one.text}`)));
    }
  }
  const offers = state.answer.happenings[arm].filter((one) => one.kind === 'offer');
  offers.forEach((one, i) => {
    nodes.push(s('path', { class: 'offer', d: mark.offer(x(one.day), y) },
      s('title', {}, `${dateOf(scenario.start, one.day)}: ${one.text}`)));
    if (i === 0) {
      const date = dateOf(scenario.start, one.day);
      const which = offers.length > 1 ? `first of ${offers.length} offers` : 'offer';
      const yes = one.accepted.map((accepts, k) => `${scenario.claimants[k]} ${accepts ? 'accepts' : 'refuses'}`);
      const end = x(one.day) > (box.left + box.right) * 0.55;
      const room = end ? x(one.day) - box.left : box.right - x(one.day);
      nodes.push(s('text', {
        class: 'answer', x: x(one.day) + (end ? -8 : 8), y: y - 7, 'text-anchor': end ? 'end' : 'start',
      }, fitting(room, box, `${which}, ${date}: ${yes.join(', ')}`, `${which}, ${date}`)));
    }
  });
  return nodes;
}

export function drawCharts(scenario) {
  const svg = $('charts');
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  if (!width || !height) return;
  const size = parseFloat(getComputedStyle(svg).fontSize);
  const steps = series('tension.0', 0).length - 1;
  const box = { left: size * 4.4, right: width - 8, size };
  const x = (day) => box.left + ((box.right - box.left) * day) / steps;
  const arms = [0, 1];
  const { place, quantity } = state.show;

  const names = eventNames(box, x, scenario);
  const top = names.rows * (size + 1) + 6;
  const title = size + 8;
  const laneHeight = 1.7 * size + 7;
  const gap = size * 0.5;
  const free = height - top - 2 * (title + laneHeight + 2 * gap) - title - size * 1.9;
  const share = { main: free * 0.315, tension: free * 0.085, difference: free * 0.2 };

  const all = arms.map(lines);
  const of = all.flat();
  const span = range(of.flatMap((one) => [one.own, one.low, one.high]), 0.01);
  const tensions = arms.map((arm) =>
    ['tension', 'tension_low', 'tension_high'].map((name) => series(`${name}.${arm}`, 0)));
  const hottest = [0, Math.max(...tensions.flat(2)) * 1.05 || 1];

  const nodes = []; // in groups where their number varies, so that those after them stay the same
  const dots = []; // kind of line, y by day
  const parted = [];
  let at = top;
  let first = null; // the top of the first plot
  for (const arm of arms) {
    const name = state.answer.arm_names[arm];
    const whose = arm === 0 && quantity === 'alignment' ? directions(box, at + size, scenario) : null;
    const letters = whose ? parseFloat(whose.getAttribute('font-size')) : size;
    const taken = wide(whose?.textContent ?? (arm ? NEVER : ''), { size: letters }) + size;
    const words = cut(name, box.right - box.left - taken, box);
    nodes.push(s('text', { class: 'name', x: box.left, y: at + size }, ...(words === name ? [] : [s('title', {}, name)]), words));
    if (whose) nodes.push(whose);
    if (arm === 1) parted.push(...partedName(box, x, at + size, words, scenario));
    at += title;
    first ??= at;
    const y = scale(at, share.main, span);
    if (quantity === 'alignment') nodes.push(s('g', {}, ...halves(box, y, at, share.main)));
    nodes.push(s('g', {}, ...panel(box, y, span, 3)));
    for (const one of all[arm]) {
      nodes.push(s('path', { class: `band ${one.band}`, d: area(one.low, one.high, x, y) }));
    }
    for (const one of all[arm]) {
      nodes.push(s('path', { class: `line ${one.kind}`, d: path(one.own, x, y) }));
      dots.push([one.kind, one.own.map(y)]);
    }
    at += share.main;
    nodes.push(s('g', {}, ...lane(arm, box, x, at + laneHeight - 8, scenario)));
    at += laneHeight;
    const [own, low, high] = tensions[arm];
    const hot = scale(at, share.tension, hottest);
    nodes.push(s('path', { class: 'zero', d: `M${box.left} ${hot(0)}H${box.right}` }),
      s('text', { class: 'soft', x: box.left - 6, y: at + share.tension, 'text-anchor': 'end' }, 'tension'),
      s('text', { class: 'soft', x: box.left - 6, y: at + share.tension - size * 1.1, 'text-anchor': 'end' }, `to ${number(Math.max(...own), 1)}`),
      s('path', { class: 'band all', d: area(low, high, x, hot) }),
      s('path', { class: 'line hot', d: path(own, x, hot) }));
    dots.push(['hot', own.map(hot)]);
    at += share.tension + 2 * gap;
  }
  at = difference(nodes, dots, box, x, at, title, share.difference, place, scenario);
  nodes.push(s('g', {}, ...dayAxis(box, x, at, steps, scenario)));
  nodes.unshift(s('g', {}, ...eventLines(box, x, names, top, at, size, scenario)));
  if (state.answer.parted) {
    parted.unshift(s('path', { class: 'parted', d: `M${x(state.answer.parted.day)} ${first}V${at}` }));
  }
  const dayLine = s('g', { class: 'day' }, s('path', { d: `M0 ${top}V${at}` }),
    ...dots.map(([kind]) => s('circle', { class: kind, r: 3.5 })));
  putAttribute(svg, 'viewBox', `0 0 ${width} ${height}`);
  putAttribute(svg, 'aria-label', words(scenario));
  frame = { svg, x, box, steps, dayLine, dots };
  moveDay(state.show.day);
  renew(svg, [...nodes, s('g', {}, ...parted), dayLine]);
  frame.dayLine = svg.lastChild;
}

/** Above 0 nearer to the first side, below 0 to the second: the same tint in strength. */
export function halves(box, y, top, height) {
  const zero = Math.max(top, Math.min(top + height, y(0)));
  const width = box.right - box.left;
  const nodes = [];
  if (zero > top) nodes.push(s('rect', { class: 'half side0', x: box.left, y: top, width, height: zero - top }));
  if (zero < top + height) {
    nodes.push(s('rect', { class: 'half side1', x: box.left, y: zero, width, height: top + height - zero }));
  }
  return nodes;
}

const SAME = 'on the same draws';
const [BESIDE_TITLE, SMALLEST] = [0.7, 0.6]; // shares: of the width that whose way it is may take, of its size

/** What a drawing of differences says of their unit. */
export const opinionScale = (scenario) => `0.01 is ${inPoints(0.01, scenario)} of net opinion`;

function difference(nodes, dots, box, x, at, title, height, place, scenario) {
  const [own, low, high] = ['difference', 'difference_low', 'difference_high'].map((name) => series(name, place));
  const apart = state.answer.arm_names.join(' \u2212 ');
  const room = box.right - box.left;
  const name = fitting(room, box, `difference of alignment: ${apart}`, `alignment: ${apart}`);
  const left = room - wide(name, box);
  nodes.push(
    s('text', { class: 'name', x: box.left, y: at + box.size }, name),
    s('text', { class: 'soft', x: box.right, y: at + box.size, 'text-anchor': 'end' },
      fitting(left, box, `${SAME}; ${opinionScale(scenario)}`, fitting(left, box, SAME, ''))));
  const [least, most] = range([own, low, high], QUIET / 4);
  const span = [Math.min(least, -QUIET / 2), Math.max(most, QUIET / 2)];
  const y = scale(at + title, height, span);
  nodes.push(s('g', {}, ...panel(box, y, span, 3)),
    s('path', { class: 'band all', d: area(low, high, x, y) }),
    s('path', { class: 'line own', d: path(own, x, y) }));
  dots.push(['own', own.map(y)]);
  return at + title + height;
}

export function dayAxis(box, x, at, steps, scenario) {
  const fits = Math.max(1, Math.floor((box.right - box.left) / (box.size * 6)));
  const start = new Date(`${scenario.start}T00:00:00Z`);
  const firsts = Array.from({ length: steps + 1 }, (_, t) => t).filter((t) => {
    const date = new Date(start);
    date.setUTCDate(date.getUTCDate() + t);
    return [1, 15].includes(date.getUTCDate());
  });
  const every = Math.ceil(firsts.length / fits);
  return firsts.filter((_, i) => i % every === 0).map((t) =>
    s('text', { class: 'soft', x: x(t), y: at + box.size * 1.4, 'text-anchor': x(t) > box.right - 20 ? 'end' : 'middle' },
      dateOf(scenario.start, t)));
}

function eventLines(box, x, names, top, bottom, size, scenario) {
  return names.placed.flatMap((one) => {
    const y = top - 4 - (names.rows - 1 - one.row) * (size + 1);
    const line = s('path', { class: 'event', d: `M${x(one.day)} ${one.short ? y - size + 3 : top}V${bottom}` });
    if (!one.short) return [line];
    return [line, s('text', {
      class: 'event', x: x(one.day) + (one.leftward ? -3 : 3), y, 'text-anchor': one.leftward ? 'end' : 'start',
    }, one.short, s('title', {}, `${dateOf(scenario.start, one.day)}: ${one.text || one.name}`))];
  });
}

/** Which way is whose, at the right of a title; long names are smaller, both alike. */
export function directions(box, y, scenario) {
  const room = BESIDE_TITLE * (box.right - box.left);
  const whose = (nearer) => ['\u2191', '\u2193'].map((arrow, k) => `${k ? '\u2003' : ''}${arrow} ${nearer}${scenario.claimants[k]}`);
  const long = box.right - box.left > box.size * 40 && wide(whose('nearer to ').join(''), box) < room;
  const texts = whose(long ? 'nearer to ' : '');
  const share = Math.min(1, Math.max(SMALLEST, room / wide(texts.join(''), box)));
  return s('text', { x: box.right, y, 'text-anchor': 'end', 'font-size': `${(share * box.size).toFixed(1)}px` },
    ...texts.map((one, k) => s('tspan', { class: `toward side${k}` }, one)));
}

/** The name of the first day on which the two runs differ, beside its line where there is room. */
function partedName(box, x, y, title, scenario) {
  const { parted } = state.answer;
  const free = box.left + title.length * box.size * BOLD + 16;
  const name = parted === null ? NEVER : fitting(
    box.right - free, box, whenParted(scenario, parted), `differ from ${dateOf(scenario.start, parted.day)}`);
  const width = wide(name, box);
  const from = parted === null ? box.right : Math.max(x(parted.day) + 6, free);
  const end = from + width > box.right;
  return [s('text', { class: 'parted', x: end ? box.right : from, y, 'text-anchor': end ? 'end' : 'start' }, name)];
}

const whenParted = (scenario, { day, text }) =>
  `first differ on ${dateOf(scenario.start, day)}${text ? `, after: ${text}` : ''}`;

/** What the drawing shows, for those who do not see it; values are in the tables. */
function words(scenario) {
  const { answer, show } = state;
  const { parted } = answer;
  const when = parted ? `They ${whenParted(scenario, parted)}.` : 'They never differ.';
  return `Two timelines of ${show.quantity} in ${answer.places[show.place]}: ${answer.arm_names.join(' above ')}, on the same draws. ${when} The bands are ${bandWords()}. The values of the chosen day are in the tables.`;
}

export function moveDay(day) {
  if (!frame) return;
  const { dayLine, dots, x } = frame;
  dayLine.setAttribute('transform', `translate(${x(day).toFixed(1)} 0)`);
  dots.forEach(([, ys], i) => dayLine.children[i + 1].setAttribute('cy', ys[day].toFixed(1)));
}

/** The day under a point of the window. */
export function dayAt(clientX) {
  if (!frame) return null;
  const { svg, box, steps } = frame;
  const at = (clientX - svg.getBoundingClientRect().left - box.left) / (box.right - box.left);
  return Math.round(Math.max(0, Math.min(1, at)) * steps);
}
