// The paper that a lesson draws on: numbers on a line, or over days.
//
// A drawing's `size` is [width, height, em], all in pixels: as much room as it has, and its letters.

import { area, path, ticks } from './charts.js';
import { dateOf, h, number, s } from './dom.js';

const TARGET = 5; // about so many labels on an axis

/** Digits behind the point of a step such as 0.05. */
export const digitsOf = (step) => (String(step).split('.')[1] ?? '').length;

/** How many steps a value is: halves up, to twelve digits, as in the sentences that the server sends. */
const stepsIn = (value, step) => Math.floor(Number((value / step).toPrecision(12)) + 0.5);

/** A value to the step of its prediction; a sign where the axis has both. */
export function valueOf(one, value) {
  return number(stepsIn(value, one.step) * one.step, digitsOf(one.step), (one.low ?? 0) < 0);
}

/** The same with its unit. */
export const told = (one, value) => `${valueOf(one, value)} ${one.unit}`;

/** Values in a few words: each of up to three, of more how many, how far, and the one in the middle. */
export function inWords(one, values) {
  const texts = values.map((value) => valueOf(one, value));
  if (values.length < 4) return `${[texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ')} ${one.unit}`;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const median = (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  const [low, middle, high] = [sorted[0], median, sorted.at(-1)].map((value) => valueOf(one, value));
  return low === high ? `all ${low} ${one.unit}` : `from ${low} to ${high} with a median of ${middle} ${one.unit}`;
}

const digitsIn = (found) => Math.max(0, -Math.floor(Math.log10(found[1] - found[0] || 1) + 1e-9));

/** Room for a drawing: all that is left on the screen, once it is on the page and `fill` draws, or the size given. */
export function room(drawn) {
  const node = h('div', { class: 'room' });
  const fill = (size) => {
    const em = parseFloat(getComputedStyle(node).fontSize);
    node.replaceChildren(drawn(size ?? [node.clientWidth, node.clientHeight, em]));
  };
  return { node, fill };
}

/** Numbers on a line: where they are in a drawing so wide, and the nodes of the line itself. */
export function line([low, high], { left, right, y, em }) {
  const x = (value) => left + ((right - left) * (value - low)) / (high - low);
  const found = ticks(low, high, right - left < 500 ? 4 : TARGET);
  const nodes = [
    s('path', { class: 'zero', d: `M${left} ${y}H${right}` }),
    ...found.map((value) => s('g', { class: 'tick' },
      s('path', { class: 'zero', d: `M${x(value)} ${y - 5}V${y + 5}` }),
      s('text', { x: x(value), y: y + 1.4 * em, 'text-anchor': 'middle' },
        number(value, digitsIn(found), low < 0)))),
  ];
  return { x, nodes };
}

/** A sheet over days: scales both ways, and the nodes of the grid. `size` is [width, height]. */
export function sheet(one, [low, high], [first, last], start, [width, height, em]) {
  const box = { left: 3.4 * em, right: width - 0.8 * em, top: 1.9 * em, bottom: height - 1.9 * em };
  const x = (day) => box.left + ((box.right - box.left) * (day - first)) / (last - first || 1);
  const y = (value) => box.bottom - ((box.bottom - box.top) * (value - low)) / (high - low);
  const levels = ticks(low, high, TARGET);
  const count = Math.min(last - first, width < 500 ? 3 : 6);
  const days = Array.from({ length: count + 1 }, (_, i) => first + Math.round((i * (last - first)) / (count || 1)));
  const nodes = [
    s('text', { class: 'soft', x: 2, y: em }, one.unit),
    ...levels.map((value) => s('g', { class: 'tick' },
      s('path', { class: Math.abs(value) < 1e-12 ? 'zero' : 'grid', d: `M${box.left} ${y(value)}H${box.right}` }),
      s('text', { x: box.left - 0.5 * em, y: y(value) + 0.35 * em, 'text-anchor': 'end' },
        number(value, digitsIn(levels), low < 0)))),
    ...days.map((day) => s('g', { class: 'tick' },
      s('path', { class: 'grid', d: `M${x(day)} ${box.top}V${box.bottom}` }),
      s('text', {
        x: x(day), y: height - 0.5 * em,
        'text-anchor': day === first ? 'start' : day === last ? 'end' : 'middle',
      }, dateOf(start, day)))),
  ];
  return { box, x, y, nodes };
}

/** The path of values from a first day on, and the area between two such. */
export const curve = (values, first, { x, y }) => path(values, (i) => x(first + i), y);
export const between = (low, high, first, { x, y }) => area(low, high, (i) => x(first + i), y);
