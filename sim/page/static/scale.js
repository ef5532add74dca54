// How the stage shows numbers: colour for alignment, size for attention; and the legend that says so.

import { $, h, number, s } from './dom.js';
import { mark } from './legend.js';
import { state } from './state.js';

const TOPS = [0.05, 0.1, 0.2, 0.3, 0.5, 1]; // where the colour is at its fullest
const SIZES = [0.25, 0.5, 1]; // attention that the legend shows
export const STATES = ['no offer', 'offer standing', 'mediation active']; // of the mediator, by number
export const TYPES = ['promotes', 'accuses', 'denies']; // of messages, by number

/** The alignment of the fullest colour: one for both arms and all days, so that they compare. */
export function fullest() {
  const both = [0, 1].map((arm) => state.answer.arrays[`alignment.${arm}`].values);
  const most = both.reduce((top, values) =>
    values.reduce((high, value) => Math.max(high, Math.abs(value)), top), 0);
  return TOPS.find((top) => top >= most) ?? 1;
}

/** Colour a shape over the ground: as far from it for one side as for the other. */
export function tint(shape, kind, alignment, top) {
  shape.setAttribute('class', `${kind} side${alignment < 0 ? 1 : 0}`);
  shape.setAttribute('fill-opacity', Math.min(1, Math.abs(alignment) / top).toFixed(3));
}

/** The radius of an attention from 0 to 1: areas compare. */
export const radius = (attention, largest) => largest * Math.sqrt(attention);

/** A diamond around a circle: the mediator. */
export const diamond = (r) => `M${-r} 0L0 ${-r}L${r} 0L0 ${r}Z`;

/** From which day on who mediates, in the arm that is shown: of an answer, or of what is asked. */
export const mediators = (scenario, { arms } = state.answer) => scenario.mediators[scenario.arms.indexOf(arms[state.show.arm])];

/** Who mediates there on a day. */
export const mediatorOn = (scenario, day, of = state.answer) => mediators(scenario, of).filter(([first]) => first <= day).at(-1)[1];

const picture = (width, ...shapes) =>
  s('svg', { class: 'sample', viewBox: `0 0 ${width} 16`, 'aria-hidden': 'true' }, ...shapes);

function colours(top) {
  const count = 9;
  const cells = Array.from({ length: count }, (_, i) => {
    const cell = s('rect', { x: i * 12, y: 2, width: 12, height: 12 });
    tint(cell, 'tint', top * ((2 * i) / (count - 1) - 1), top);
    return cell;
  });
  const svg = picture(count * 12, s('rect', { class: 'ground', y: 2, width: count * 12, height: 12 }), ...cells);
  svg.classList.add('wide-sample');
  return svg;
}

const line = (type) => picture(28, s('path', { class: `flow type${type}`, d: 'M1 8H27' }));

function mediator(standing) {
  return picture(22, s('path', { class: `mediator state${standing}`, d: diamond(7), transform: 'translate(11 8)' }));
}

let drawn = '';

export function drawScale(scenario) {
  const top = fullest();
  const roles = mediators(scenario).map(([, name]) => name).join(', then ');
  const key = JSON.stringify([top, scenario.claimants, roles]);
  if (key === drawn) return;
  drawn = key;
  const [first, second] = scenario.claimants;
  const sizes = picture(58, ...SIZES.map((size, i) =>
    s('circle', { class: 'sample-size', cx: [6, 22, 46][i], cy: 8, r: radius(size, 7.5) })));
  sizes.classList.add('sizes');
  $('scale').replaceChildren(
    h('li', {}, `alignment as the day begins ${number(-top, 2)} `, h('b', { class: 'side1' }, second), ' ', colours(top), ' ',
      h('b', { class: 'side0' }, first), ` ${number(top, 2, true)}`),
    h('li', {}, sizes, `attention ${SIZES.join(', ')}`),
    ...scenario.claimants.map((name, k) => h('li', {},
      picture(22, s('path', { class: `team side${k}`, d: mark.hit[k](11, 8) })), `team of ${name}`)),
    ...TYPES.map((name, type) => h('li', {}, line(type), name)),
    h('li', {}, 'thicker: more effort'),
    ...STATES.map((name, standing) => h('li', {}, mediator(standing), standing ? name : `${roles}: ${name}`)),
    h('li', {}, picture(22, s('path', { class: 'hears', d: 'M1 8H21' })), 'listens to; of the chosen, thicker where more'),
  );
}
