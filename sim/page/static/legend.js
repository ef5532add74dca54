// What the marks of the charts mean, in the words and colours of both countries alike.

import { $, h, readable, s } from './dom.js';
import { ask, state } from './state.js';

const sample = (...shapes) =>
  s('svg', { class: 'sample', viewBox: '0 0 22 12', 'aria-hidden': 'true' }, ...shapes);
const line = (kind) => sample(s('path', { class: `line ${kind}`, d: 'M1 6H21' }));
const block = (kind) => sample(s('rect', { class: `band ${kind}`, width: 22, height: 12 }));

export const mark = {
  hit: [(x, y) => `M${x - 4} ${y + 4}L${x} ${y - 4}L${x + 4} ${y + 4}Z`,
    (x, y) => `M${x - 4} ${y - 4}L${x} ${y + 4}L${x + 4} ${y - 4}Z`],
  offer: (x, y) => `M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}Z`,
};

const MOST_NAMED = 2; // levers that are held, before they are only counted
let drawn = '';

/** What the bands of the answer are of. */
function ofBands() {
  const { uncertainty, held } = state.answer;
  if (uncertainty === 'chance') return 'chance alone';
  if (!held.length) return 'parameters drawn too';
  const which = held.length > MOST_NAMED ? `${held.length} moved levers` : held.map(readable).join(' and ');
  return `parameters drawn too, ${which} held`;
}

/** Which quantiles the bands are, of how many runs, and of what. */
export const bandWords = () => `5\u201395 % of ${Math.min(...state.answer.runs)} runs, ${ofBands()}`;

export function drawLegend(scenario) {
  const key = JSON.stringify([state.show.quantity, scenario.claimants, bandWords()]);
  for (const one of choices()) one.checked = one.value === state.ask.uncertainty;
  if (key === drawn) return; // a new list would have the whole page laid out again
  drawn = key;
  const both = state.show.quantity === 'sympathy';
  const names = scenario.claimants;
  const rows = [
    ...(both
      ? names.map((name, k) => [line(`side${k}`), `toward ${name}, this run`])
      : [[line('own'), 'this run']]),
    [both
      ? sample(s('rect', { class: 'band side0', width: 11, height: 12 }),
        s('rect', { class: 'band side1', x: 11, width: 11, height: 12 }))
      : block('all'), bandWords()],
    ...names.map((name, k) => [sample(s('path', { class: `hit side${k}`, d: mark.hit[k](11, 6) })),
      k ? `${name} hit` : `incident: ${name} hit`]),
    [sample(s('path', { class: 'offer', d: mark.offer(11, 6) })), 'offer'],
    [sample(s('path', { class: 'active', d: 'M1 6H21' })), 'mediation active'],
  ];
  const own = $('bands'); // stays where it is, and keeps the keyboard
  for (const old of [...$('legend').children]) if (old !== own) old.remove();
  own.before(...rows.map(([shape, text]) => h('li', {}, shape, text)));
}

const choices = () => $('bands').querySelectorAll('input');

export function listenForBands() {
  for (const one of choices()) one.addEventListener('change', () => ask({ uncertainty: one.value }));
}
