// What the marks of the charts mean, in the words and colours of both countries alike.

import { $, h, s } from './dom.js';
import { state } from './state.js';

const sample = (...shapes) =>
  s('svg', { class: 'sample', viewBox: '0 0 22 12', 'aria-hidden': 'true' }, ...shapes);
const line = (kind) => sample(s('path', { class: `line ${kind}`, d: 'M1 6H21' }));
const block = (kind) => sample(s('rect', { class: `band ${kind}`, width: 22, height: 12 }));

export const mark = {
  hit: [(x, y) => `M${x - 4} ${y + 4}L${x} ${y - 4}L${x + 4} ${y + 4}Z`,
    (x, y) => `M${x - 4} ${y - 4}L${x} ${y + 4}L${x + 4} ${y - 4}Z`],
  offer: (x, y) => `M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}Z`,
};

let drawn = '';

export function drawLegend(scenario) {
  const key = JSON.stringify([state.show.quantity, scenario.claimants, state.answer.runs]);
  if (key === drawn) return; // a new list would have the whole page laid out again
  drawn = key;
  const both = state.show.quantity === 'sympathy';
  const names = scenario.claimants;
  const runs = Math.min(...state.answer.runs);
  const rows = [
    ...(both
      ? names.map((name, k) => [line(`side${k}`), `toward ${name}, this run`])
      : [[line('own'), 'this run']]),
    [both
      ? sample(s('rect', { class: 'band side0', width: 11, height: 12 }),
        s('rect', { class: 'band side1', x: 11, width: 11, height: 12 }))
      : block('all'), `5\u201395 % of ${runs} runs, chance alone`],
    ...names.map((name, k) => [sample(s('path', { class: `hit side${k}`, d: mark.hit[k](11, 6) })),
      k ? `${name} hit` : `incident: ${name} hit`]),
    [sample(s('path', { class: 'offer', d: mark.offer(11, 6) })), 'offer'],
    [sample(s('path', { class: 'active', d: 'M1 6H21' })), 'mediation active'],
  ];
  $('legend').replaceChildren(...rows.map(([shape, text]) => h('li', {}, shape, text)));
}
