// The values of the chosen day: both countries' sympathy in every capital, and all of the chosen
// one. The small lines are the same drawing in little; the tables say it in numbers.

import { $, dateOf, h, number, put, putAttribute, renew, s } from './dom.js';
import { path, series } from './charts.js';
import { bandWords } from './legend.js';
import { show, state } from './state.js';

const MANY = 20; // places, that of all capitals among them, that fill the panel
const SPARK = { width: 56, height: 20 };
let unfolded = false;
let drawn = ''; // all that build() writes into the tables
let cells = []; // [node, array name, place, side, digits, unit or nothing]
let sparks = []; // the paths of one place: this run in each arm

function cell(name, place, side, digits, kind = '') {
  const td = h('td', kind ? { class: kind } : {});
  cells.push([td, name, place, side, digits]);
  return td;
}

/** A number in other units, by what one of them is. */
function counted(name, place, unit) {
  const span = h('span', {});
  cells.push([span, name, place, undefined, 1, unit]);
  return span;
}

function spark() {
  const { width, height } = SPARK;
  const [own, other] = ['own', 'other'].map((kind) => s('path', { class: `line ${kind}` }));
  sparks.push([own, other]);
  return s('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, other, own);
}

function drawSpark(paths, place) {
  const both = [0, 1].map((arm) => series(`alignment.${arm}`, place));
  const [low, high] = [Math.min(...both.flat()), Math.max(...both.flat())];
  const { width, height } = SPARK;
  const y = (v) => 2 + (height - 4) * (1 - (v - low) / (high - low || 1));
  const x = (t) => (width * t) / (both[0].length - 1);
  paths.forEach((one, arm) => putAttribute(one, 'd', path(both[arm], x, y)));
}

function capitals(scenario) {
  const { answer } = state;
  const [one, other] = answer.arm_names;
  const sides = () => scenario.claimants.map((name, k) => h('th', { scope: 'col', class: `side${k}` }, name));
  const head = h('thead', {},
    h('tr', {}, h('th', { scope: 'col', rowspan: 2 }, 'capital'), h('td', { rowspan: 2, class: 'soft' }, 'alignment'),
      h('th', { scope: 'colgroup', colspan: 2 }, one), h('th', { scope: 'colgroup', colspan: 2 }, other),
      h('th', { scope: 'col', rowspan: 2 }, 'alignment difference')),
    h('tr', {}, ...sides(), ...sides()));
  const rows = answer.places.map((name, place) => h('tr', { class: place === state.show.place ? 'chosen' : '' },
    h('th', { scope: 'row' }, h('button', {
      type: 'button', 'aria-pressed': String(place === state.show.place), onclick: () => show({ place }),
    }, name)),
    h('td', {}, spark()),
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
    h('caption', {}, `${answer.places[place]}, this run: alignment differs by about `,
      counted('difference', place, scenario.opinion_point), ' points of net opinion',
      h('span', { class: 'soft' }, `. Ranges: ${bandWords()}`)),
    h('thead', {}, h('tr', {}, h('td', {}), ...answer.arm_names.map((name) => h('th', { scope: 'col', class: 'n' }, name)),
      h('th', { scope: 'col', class: 'n' }, 'difference'))),
    h('tbody', {}, ...scenario.claimants.map((name, k) => three(name, `side${k}`, 'sympathy', k, 4)),
      three('alignment', '', 'alignment', undefined, 4), ranges('alignment', 3),
      three('tension', '', 'tension', undefined, 2), ranges('tension', 2)));
}

/** A table that may be wider than the window: the keyboard must be able to scroll it. */
const wide = (name, table) => h('div', { class: 'wide', role: 'group', 'aria-label': name, tabindex: 0 }, table);

/** Where the numbers come from; stays open while levers move. */
function origin() {
  return h('details', { open: unfolded, ontoggle: (event) => { unfolded = event.target.open; } },
    h('summary', {}, 'Where these numbers come from'),
    h('p', {}, 'Sympathy and alignment run from \u22121 to +1, tension from 0 up. The model computes them; these commands do it again:'),
    h('div', { id: 'commands' }),
    h('p', {}, 'Every number that the model starts from, with the source that the scenario names: ',
      h('button', { type: 'button', onclick: () => show({ view: 'home' }) }, 'Take home'), ' has the list, and each lever has its own behind \u201C?\u201D.'));
}

function build(scenario) {
  [cells, sparks] = [[], []];
  const focused = document.activeElement?.closest?.('#levels tr')?.rowIndex;
  const tables = [wide('Every capital', capitals(scenario)), wide('The chosen capital', chosen(scenario))];
  if (state.answer.places.length > MANY) tables.reverse(); // below so many rows nobody would find it
  $('levels').replaceChildren(...tables, origin());
  if (focused !== undefined) $('levels').querySelector('table.capitals').rows[focused]?.querySelector('button')?.focus();
}

export function drawLevels(scenario) {
  const { answer } = state;
  const key = JSON.stringify([scenario.claimants, answer.arms, answer.places, state.show.place, bandWords()]);
  if (key !== drawn) build(scenario); // new tables would have the whole page laid out again
  drawn = key;
  sparks.forEach(drawSpark);
  renew($('commands'), [...new Set(answer.commands)].map((line) => h('code', {}, line)));
  moveLevels(scenario);
}

export function moveLevels(scenario) {
  const { day } = state.show;
  for (const [node, name, place, side, digits, unit = 1] of cells) {
    const { shape, values } = state.answer.arrays[name];
    const width = values.length / shape[0];
    const offset = shape.length === 1 ? 0 : shape.length === 2 ? place : 2 * place + side;
    put(node, number(values[day * width + offset] / unit, digits, !name.startsWith('tension')));
  }
  put($('caption'), `Sympathy, \u22121 to +1, on ${dateOf(scenario.start, day, true)}`);
}
