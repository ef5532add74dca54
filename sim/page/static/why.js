// Why a capital moved: the ledger of one arm over a day, a week or all days so far, as a waterfall
// and in the words of `narrate explain`; and what a message did, by leaving it out.

import { askOfRuns } from './asking.js';
import { $, dateOf, h, renew, s, signed } from './dom.js';
import { askKnockout, drawComparison, drawKnockout, leaveOut, moveComparison, putBack } from './knockout.js';
import { mediatorOn } from './scale.js';
import { show, state } from './state.js';
import { drawWaterfall, roomFor } from './waterfall.js';

const WEEK = 7;
const SPANS = { day: 'this day', week: 'the week up to it', start: 'from the start' };
const BY = { mechanism: 'by mechanism', cause: 'by cause' };

let asked = ''; // what the answer is to
let answer = null;
let drawn = ''; // what is shown in words
let offered = ''; // what the choices are of
let skeleton = null; // the elements that stay

const steps = () => state.answer.arrays['tension.0'].shape[0] - 1;

/** The days that are explained: of what is begun on the last day there is nothing yet. */
function days() {
  const last = Math.min(state.show.day, steps() - 1);
  const first = { day: last, week: Math.max(0, last - WEEK + 1), start: 0 }[state.show.span];
  return { first, last };
}

function choice(name, label, options, chosen) {
  const select = h('select', { id: `why-${name}`, onchange: () => show({ [name]: select.value }) },
    ...Object.entries(options).map(([value, text]) => h('option', { value }, text)));
  select.value = chosen;
  return h('label', {}, `${label} `, select);
}

/** What can be left out of this run, other than single messages. */
function parts() {
  const groups = [['narrative', 'Narratives'], ['event', 'Events']].map(([kind, label]) =>
    h('optgroup', { label }, ...(answer?.parts ?? []).filter(({ word }) => word.startsWith(`${kind}:`))
      .map(({ word, text }) => h('option', { value: word }, text))));
  const { knock } = state.show;
  const known = answer?.parts.some(({ word }) => word === knock);
  const select = h('select', {
    id: 'why-part', onchange: () => (select.value ? leaveOut(select.value) : putBack()),
  }, h('option', { value: '' }, knock && !known ? 'a message' : 'nothing'), ...groups);
  select.value = known ? knock : '';
  return h('label', {}, 'Leave out ', select);
}

function build() {
  skeleton = {
    bar: h('div', { class: 'row', id: 'why-bar' }),
    waterfall: drawing('waterfall', 'Waterfall'),
    knock: h('div', { id: 'knock', role: 'group', 'aria-label': 'What is left out' }),
    comparison: drawing('comparison', 'With and without'),
    words: h('div', { id: 'why-words', tabindex: 0, role: 'region', 'aria-label': 'The same in words', onclick: chooseMessage }),
  };
  const { bar, waterfall, knock, comparison, words } = skeleton;
  $('why').replaceChildren(bar, h('div', { class: 'two' },
    h('div', { class: 'drawings' },
      h('div', { class: 'wide', id: 'waterfall-frame', role: 'region', tabindex: 0, 'aria-label': 'Waterfall' }, waterfall),
      knock, comparison),
    words));
}

const drawing = (id, name) => s('svg', { id, 'data-name': name, role: 'img', 'aria-label': name });

/** Paragraphs and tables from lines of text: a block is a head and indented rows, or sentences. */
function blocks(lines) {
  const found = [];
  for (const line of lines) {
    if (line === '') found.push([]);
    else (found.at(-1) ?? found[found.push([]) - 1]).push(line);
  }
  return found.filter((block) => block.length);
}

function table([head, ...rows]) {
  return h('details', {}, h('summary', {}, signed(head)),
    h('table', {}, h('tbody', {}, ...rows.map((row) => {
      const [, shown, label] = row.match(/^ {2}(\S+) {2}(.*)$/);
      return h('tr', {}, h('td', { class: 'n' }, signed(shown)), h('th', { scope: 'row' }, label));
    }))));
}

/** Leave a message of the list out, or put it back. */
function chooseMessage({ target }) {
  const word = target.closest('[data-word]')?.dataset.word;
  if (word) (word === state.show.knock ? putBack : leaveOut)(word);
}

function message({ id, day, shown, text }, scenario) {
  const word = `message:${id}`;
  const out = state.show.knock === word;
  return h('li', {}, h('button', {
    type: 'button', 'data-word': word, 'aria-pressed': String(out),
    title: out ? 'Put it back' : 'Leave it out and run the same draws again',
  }, h('b', { class: 'n' }, signed(shown)), ` ${dateOf(scenario.start, day)}, ${text}`));
}

function tell(scenario) {
  const key = JSON.stringify([answer?.n, state.show.knock, state.show.place]);
  if (key === drawn) return;
  drawn = key;
  const { words } = skeleton;
  const open = [...words.querySelectorAll('details[open] summary')].map((one) => one.textContent.split(' (')[0]);
  const found = blocks(answer.text);
  const sentences = found.filter((block) => !block.some((line) => line.startsWith('  ')));
  const tables = found.filter((block) => block.some((line) => line.startsWith('  '))
    && !block[0].startsWith('Largest single')).map(table);
  for (const one of tables) one.open = open.includes(one.querySelector('summary').textContent.split(' (')[0]);
  renew(words, [
    h('h2', {}, sentences[0][0]),
    ...sentences.slice(1).flat().map((line) => h('p', { class: line.startsWith('(') ? 'soft' : '' }, signed(line))),
    ...(answer.messages.length ? [
      h('h3', {}, 'Largest single messages'),
      h('p', { class: 'soft' }, 'Choose one to leave it out and run the same draws again.'),
      h('ul', { id: 'why-messages' }, ...answer.messages.map((one) => message(one, scenario))),
    ] : []),
    h('p', { class: 'soft' }, 'A message that denies books 0 in this ledger: it makes a claim of the other side less believed, and what is not believed moves nobody. Leave its narrative out above, or one message on the stage, to see what it does.'),
    ...tables,
  ]);
}

/** Of all capitals together only what is left out can be shown: each has a ledger of its own. */
function chooseCapital() {
  const { words, waterfall } = skeleton;
  drawn = '';
  waterfall.replaceChildren();
  waterfall.removeAttribute('viewBox');
  words.replaceChildren(h('h2', {}, 'Which capital?'),
    h('p', {}, 'Each capital has a ledger of its own.'),
    h('div', { class: 'row' }, ...state.answer.places.slice(1).map((name, i) =>
      h('button', { type: 'button', onclick: () => show({ place: i + 1 }) }, name))));
}

function bar(scenario) {
  const focused = document.activeElement?.id;
  const { span, toward, by, knock } = state.show;
  const key = JSON.stringify([span, toward, by, knock, scenario.claimants, answer?.parts]);
  if (key === offered) return; // whoever is in one of them stays there
  offered = key;
  const sides = Object.fromEntries([['', 'alignment'], ...scenario.claimants.map((name) => [name, `sympathy for ${name}`])]);
  skeleton.bar.replaceChildren(choice('span', 'Over', SPANS, span), choice('toward', 'of', sides, toward in sides ? toward : ''),
    choice('by', 'told', BY, by), parts());
  if (focused?.startsWith('why-')) $(focused)?.focus();
}

/** Letters a little smaller where that shows all of the waterfall; where it would take too much, it scrolls. */
function fit(rows) {
  if (!rows) return;
  const frame = $('waterfall-frame');
  const { style } = skeleton.waterfall;
  const { width, size } = roomFor(rows, parseFloat(getComputedStyle(frame).fontSize), frame.clientWidth);
  style.fontSize = `${size}px`;
  style.minWidth = `${width}px`;
}

function drawings(scenario) {
  const told = state.show.place > 0;
  const rows = answer && (state.show.by === 'cause' ? answer.causes : answer.mechanisms);
  $('waterfall-frame').hidden = !told;
  fit(rows);
  skeleton.comparison.toggleAttribute('hidden', !state.show.knock);
  drawKnockout(skeleton.knock, scenario);
  if (told && answer) drawWaterfall(skeleton.waterfall, answer, rows, scenario);
  drawComparison(skeleton.comparison, scenario);
}

function askWhy(scenario) {
  const { place, arm, toward } = state.show;
  const more = {
    arm, audience: state.answer.places[place], toward: scenario.claimants.includes(toward) ? toward : '', ...days(),
  };
  const { first, last, ...same } = more;
  const wanted = JSON.stringify([state.ask, same]);
  if (`${wanted} ${first} ${last}` === asked) return;
  if (!asked.startsWith(`${wanted} `)) answer = null; // that of another day stays until the next comes
  asked = `${wanted} ${first} ${last}`;
  askOfRuns('why', more, (found) => {
    answer = found;
    if (state.show.view === 'why' && state.show.place > 0) paint(scenario);
  });
}

function paint(scenario) {
  bar(scenario);
  if (!state.show.place) chooseCapital();
  drawings(scenario); // before the words: what they change is laid out once, not to be measured here
  if (state.show.place && answer) tell(scenario);
}

export const why = {
  name: 'why',
  title: 'Why',
  parts: ['why', 'days'],
  choices: ['of-arm', 'of-place'],

  draw(scenario) {
    if (!state.show.place && !state.show.knock) return show({ place: 1 + scenario.audiences.indexOf(mediatorOn(scenario, state.show.day, state.ask)) });
    if (!skeleton) build();
    if (state.show.place) askWhy(scenario);
    askKnockout(() => state.show.view === 'why' && paint(scenario));
    return paint(scenario);
  },

  move(scenario) {
    if (state.show.place) askWhy(scenario);
    moveComparison(scenario);
  },
};

/** To the ledger of the day and capital that are looked at. */
export function listenForWhy() {
  $('why-here').addEventListener('click', () => show({ view: 'why' }));
}
