// One message, narrative or event left out on the same draws: this run, and the same without it.

import { askOfRuns, noTrouble } from './asking.js';
import { dayAxis, directions, halves, panel, path, range, scale } from './charts.js';
import { copied } from './copying.js';
import { $, dateOf, h, inPoints, number, s } from './dom.js';
import { show, state } from './state.js';

/** What was answered last, and to what; null where nothing is left out. */
export const latest = { answer: null, of: '' };

let told = ''; // what is said of it
let frame = null; // what the last drawing needs to move the day line

/** Values by day of one array [day, place] at the place that is looked at. */
function series(name) {
  const { shape, values } = latest.answer.arrays[name];
  return Array.from({ length: shape[0] }, (_, t) => values[t * shape[1] + state.show.place]);
}

/** The word of what is left out, put in or taken back by `show`. */
export const leaveOut = (word) => show({ knock: word });

export function putBack() {
  noTrouble();
  show({ knock: '' });
}

/** Ask where something new is left out; `onAnswer` is called when it has come. */
export function askKnockout(onAnswer) {
  const { knock, arm } = state.show;
  const wanted = knock && JSON.stringify([state.ask, arm, knock]);
  if (wanted === latest.of) return;
  latest.of = wanted;
  latest.answer = null;
  if (!knock) return;
  askOfRuns('knockout', { arm, without: knock }, (answer) => {
    if (latest.of !== wanted) return; // put back meanwhile
    latest.answer = answer;
    onAnswer();
  });
}

const MILLION = 1e6;
const LEAST_OF_AXIS = 0.001; // a chart that reaches no further counts in millionths
const LEAST_IN_WORDS = 0.0001;

/** A number above 0 with two digits or more that say something. */
function amount(value) {
  const [counted, unit] = value < LEAST_IN_WORDS ? [value * MILLION, ' millionths'] : [value, ''];
  const digits = Math.max(unit ? 0 : 4, Math.ceil(1 - Math.log10(counted)));
  return `${number(counted, digits)}${unit}`;
}

/** Without it a capital would be so much nearer to one side, in points of net opinion too. */
function nearer(value, scenario, unit = '') {
  if (value === 0) return 'where it is';
  const side = scenario.claimants[value < 0 ? 0 : 1]; // this run less the run without it
  return `${amount(Math.abs(value))} nearer to ${side} (${inPoints(value, scenario)}${unit})`;
}

/** What it did to the chosen capital, in a sentence. */
export function sentence(scenario) {
  const { answer } = latest;
  const { day, place } = state.show;
  const values = series('difference');
  const peak = answer.arrays.peak.values[place];
  const name = state.answer.places[place];
  const who = place ? name : 'all capitals together';
  if (values[peak] === 0) return `Without it, ${who} would be where ${place ? 'it is' : 'they are'} on every day.`;
  return `Without it, ${who} would be ${nearer(values[day], scenario, ' of net opinion')} on ${dateOf(scenario.start, day)}, and at most ${
    nearer(values[peak], scenario)} on ${dateOf(scenario.start, peak)}.`;
}

/** What is left out, what it did, and the way back. */
export function drawKnockout(node, scenario) {
  const { answer } = latest;
  const { knock, day, place } = state.show;
  const key = JSON.stringify([knock, answer?.n, day, place]);
  if (key === told) return; // whoever is on a button stays there
  told = key;
  node.hidden = !knock;
  if (!knock) { node.replaceChildren(); return; }
  const back = h('button', { type: 'button', id: 'put-back', onclick: putBack }, 'Put it back');
  const out = h('p', {}, h('b', {}, answer ? 'Left out: ' : 'To be left out: '), answer ? answer.text : knock);
  if (!answer) { node.replaceChildren(h('div', { class: 'row' }, out, back)); return; }
  const parted = answer.parted === null ? 'The two runs never differ.'
    : `Sympathy and tension are the same up to ${dateOf(scenario.start, answer.parted - 1)}.`;
  const copy = h('button', { type: 'button' }, 'Copy command');
  copy.addEventListener('click', () => copied(copy, answer.command));
  node.replaceChildren(
    h('div', { class: 'row' }, out, back, copy),
    h('p', {}, h('span', { id: 'without', role: 'status' }, sentence(scenario)), h('span', { class: 'soft' }, ` ${parted}`)));
}

/** Alignment with and without it, and the difference on its own scale. */
export function drawComparison(svg, scenario) {
  const { width, height } = svg.getBoundingClientRect();
  frame = null;
  svg.removeAttribute('viewBox');
  svg.replaceChildren(); // nothing of what was left out before
  if (!latest.answer || !width || !height) return;
  const size = parseFloat(getComputedStyle(svg).fontSize);
  const [one, other, apart] = ['alignment.0', 'alignment.1', 'difference'].map(series);
  const steps = one.length - 1;
  const [least, most] = range([apart], 0);
  const pad = (most - least) * 0.1 || 0.0001;
  const reach = Math.max(-least, most);
  const times = reach > 0 && reach < LEAST_OF_AXIS ? MILLION : 1;
  const own = [Math.min(least, 0) - pad, Math.max(most, 0) + pad].map((value) => value * times);
  const letters = 4 - Math.floor(Math.log10((own[1] - own[0]) / 3)); // of a number at the axis
  const box = { left: size * Math.max(4.4, 0.62 * letters + 0.5), right: width - 8, size };
  const x = (day) => box.left + ((box.right - box.left) * day) / steps;
  const name = state.answer.places[state.show.place];
  const heading = `${name}, ${state.answer.arm_names[state.show.arm]}:`;
  const legend = ' \u2501 this run  \u2505 without it';
  const long = box.right - box.left > size * 40; // as in `directions`
  const tight = (heading.length + legend.length) * 0.66 + (long ? 27 : 15) > (box.right - box.left) / size;
  const title = size + 6;
  const top = title + (tight ? size + 4 : 0);
  const free = height - top - title - size * 2.4;
  const main = free * 0.58;
  const span = range([one, other], 0.01);
  const y = scale(top, main, span);
  const below = top + main + size * 0.5;
  const low = scale(below + title, free - main, own);
  const bottom = below + title + free - main;
  const wanted = (room) => Math.max(1, Math.min(3, Math.floor(room / (1.8 * size))));
  const counted = (value) => low(value * times);
  const what = times === 1 ? 'what it did: this run \u2212 without it'
    : `what it did, in millionths${long ? ' (0.000001): this run \u2212 without it' : ''}`;
  const dots = [['own', one.map(y)], ['other', other.map(y)], ['own', apart.map(counted)]];
  const dayLine = s('g', { class: 'day' }, s('path', { d: `M0 ${top}V${bottom}` }),
    ...dots.map(([kind]) => s('circle', { class: kind, r: 3.5 })));
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.dataset.legend = `Left out: ${latest.answer.text}.`;
  svg.setAttribute('aria-label', `Alignment of ${name} in this run and without what is left out, and the difference. ${sentence(scenario)}`);
  svg.replaceChildren(
    s('text', { class: 'name', x: box.left, y: size }, heading,
      s('tspan', { class: 'plain' }, legend)),
    directions(box, tight ? 2 * size + 4 : size, scenario),
    ...halves(box, y, top, main), ...panel(box, y, span, wanted(main)),
    s('path', { class: 'line other', d: path(other, x, y) }), s('path', { class: 'line own', d: path(one, x, y) }),
    s('text', { class: 'name', x: box.left, y: below + size }, what),
    ...panel(box, low, own, wanted(free - main)), s('path', { class: 'line own', d: path(apart, x, counted) }),
    ...dayAxis(box, x, bottom, steps, scenario), dayLine);
  frame = { x, dayLine, dots };
  moveComparison(scenario);
}

export function moveComparison(scenario) {
  if (!frame || !latest.answer) return;
  const { x, dayLine, dots } = frame;
  const { day } = state.show;
  dayLine.setAttribute('transform', `translate(${x(day).toFixed(1)} 0)`);
  dots.forEach(([, ys], i) => dayLine.children[i + 1].setAttribute('cy', ys[day].toFixed(1)));
  const words = $('without');
  if (words) words.textContent = sentence(scenario);
}
