// The values of the chosen day: both countries' sympathy in every capital, and all of the chosen
// one. The small lines are the same drawing in little; the tables say it in numbers.

import { $, dateOf, h, number, readable, s } from './dom.js';
import { path, series } from './charts.js';
import { show, state } from './state.js';

const SPARK = { width: 56, height: 20 };
let cells = []; // [td, array name, place, side, digits]

function cell(name, place, side, digits, kind = '') {
  const td = h('td', kind ? { class: kind } : {});
  cells.push([td, name, place, side, digits]);
  return td;
}

function spark(place) {
  const both = [0, 1].map((arm) => series(`alignment.${arm}`, place));
  const [low, high] = [Math.min(...both.flat()), Math.max(...both.flat())];
  const { width, height } = SPARK;
  const y = (v) => 2 + (height - 4) * (1 - (v - low) / (high - low || 1));
  const line = (values) => path(values, (t) => (width * t) / (values.length - 1), y);
  return s('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    s('path', { class: 'line other', d: line(both[1]) }), s('path', { class: 'line own', d: line(both[0]) }));
}

function capitals(scenario) {
  const { answer } = state;
  const [one, other] = answer.arms.map(readable);
  const sides = () => scenario.claimants.map((name, k) => h('th', { scope: 'col', class: `side${k}` }, name));
  const head = h('thead', {},
    h('tr', {}, h('th', { scope: 'col', rowspan: 2 }, 'capital'), h('td', { rowspan: 2, class: 'soft' }, 'alignment'),
      h('th', { scope: 'colgroup', colspan: 2 }, one), h('th', { scope: 'colgroup', colspan: 2 }, other),
      h('th', { scope: 'col', rowspan: 2 }, 'differ\u00ADence')),
    h('tr', {}, ...sides(), ...sides()));
  const rows = answer.places.map((name, place) => h('tr', { class: place === state.show.place ? 'chosen' : '' },
    h('th', { scope: 'row' }, h('button', {
      type: 'button', 'aria-pressed': String(place === state.show.place), onclick: () => show({ place }),
    }, name)),
    h('td', {}, spark(place)),
    ...[0, 1].flatMap((arm) => [0, 1].map((k) => cell(`sympathy.${arm}`, place, k, 2, `n side${k}`))),
    cell('difference', place, undefined, 3, 'n')));
  return h('table', { class: 'capitals' }, h('caption', { id: 'caption' }), head, h('tbody', {}, ...rows));
}

function chosen(scenario) {
  const { answer } = state;
  const { place } = state.show;
  const row = (name, kind, one, other, apart) => h('tr', {}, h('th', { scope: 'row', class: kind }, name), one, other, apart);
  const three = (name, kind, of, side, digits) => row(name, kind,
    ...[`${of}.0`, `${of}.1`].map((array) => cell(array, place, side, digits, `n ${kind}`)),
    of === 'tension' ? h('td', {}) : cell(of === 'alignment' ? 'difference' : 'sympathy_difference', place, side, digits, `n ${kind}`));
  const range = (low, high, digits) => {
    const [from, to] = [low, high].map((name, i) => {
      const span = h('span', {});
      cells.push([span, name, place, undefined, digits]);
      return span;
    });
    return h('td', { class: 'n soft' }, from, '\u2026', to);
  };
  const ranges = (of, digits) => row('5\u201395 % of runs', 'soft',
    ...[0, 1].map((arm) => range(`${of}_low.${arm}`, `${of}_high.${arm}`, digits)),
    of === 'tension' ? h('td', {}) : range('difference_low', 'difference_high', digits));
  return h('table', { class: 'one' },
    h('caption', {}, `${answer.places[place]}, this run: sympathy for each, alignment, tension`),
    h('thead', {}, h('tr', {}, h('td', {}), ...answer.arms.map((arm) => h('th', { scope: 'col', class: 'n' }, readable(arm))),
      h('th', { scope: 'col', class: 'n' }, 'difference'))),
    h('tbody', {}, ...scenario.claimants.map((name, k) => three(name, `side${k}`, 'sympathy', k, 3)),
      three('alignment', '', 'alignment', undefined, 3), ranges('alignment', 3),
      three('tension', '', 'tension', undefined, 2), ranges('tension', 2)));
}

export function drawLevels(scenario) {
  cells = [];
  const focused = document.activeElement?.closest?.('#levels tr')?.rowIndex;
  $('levels').replaceChildren(
    h('div', { class: 'wide' }, capitals(scenario)),
    h('div', { class: 'wide' }, chosen(scenario)),
    h('details', {}, h('summary', {}, 'The same numbers from the command line'),
      ...[...new Set(state.answer.commands)].map((line) => h('code', {}, line))));
  if (focused !== undefined) $('levels').querySelector('table').rows[focused]?.querySelector('button')?.focus();
  moveLevels(scenario);
}

export function moveLevels(scenario) {
  const { day } = state.show;
  for (const [node, name, place, side, digits] of cells) {
    const { shape, values } = state.answer.arrays[name];
    const width = values.length / shape[0];
    const offset = shape.length === 1 ? 0 : shape.length === 2 ? place : 2 * place + side;
    node.textContent = number(values[day * width + offset], digits, !name.startsWith('tension'));
  }
  $('caption').textContent = `Sympathy, \u22121 to +1, on ${dateOf(scenario.start, day, true)}`;
}
