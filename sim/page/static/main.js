// Puts the page together: what can be asked, the state, the socket, the views.

import { askOfRuns } from './asking.js';
import { copied } from './copying.js';
import { listenForDays, moveScrubber } from './days.js';
import { $, h, put } from './dom.js';
import { home } from './home.js';
import { lessons } from './lessons.js';
import { drawLevers } from './levers.js';
import { listenForBands } from './legend.js';
import { fresh } from './link.js';
import { listenForLog } from './log.js';
import { stage } from './stage.js';
import { answered, ask, canRedo, canUndo, closeMissing, link, redo, restore, show, state, subscribe, undo } from './state.js';
import { timelines } from './timelines.js';
import { listenForWhy, why } from './why.js';

// A view has `draw(scenario, about)`, called when what is asked or shown changes, and
// `move(scenario)`, called when only the day does; `parts` are the sections that it shows, `choices`
// those of the bar. Its main section is named as itself.
const VIEWS = [timelines, stage, why, lessons, home];

const about = await (await fetch('about.json')).json();
const preferred = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
const scenario = () => about.scenarios[state.answer.scenario];
const view = () => VIEWS.find(({ name }) => name === state.show.view) ?? VIEWS[0];
const has = (part) => view().parts.includes(part);

function onTimelines(answer) {
  const last = answer.arrays['tension.0'].shape[0] - 1;
  const { day, place } = state.show;
  const name = state.answer && state.answer.scenario !== answer.scenario ? state.answer.places[place] : answer.places[place];
  state.show.day = Math.min(day, last);
  state.show.place = Math.max(0, answer.places.indexOf(name)); // the same capital in another scenario
  answered(answer);
}

function options(select, names) {
  if (names.join('\n') === [...select.options].map((one) => one.text).join('\n')) return;
  select.replaceChildren(...names.map((name, value) => h('option', { value }, name)));
}

/** What the page is about: the scenario, or the lesson that is open. */
function title() {
  const lesson = view() === lessons && about.lessons.find(({ name }) => name === state.show.lesson);
  return view() === lessons ? lesson?.title ?? 'Lessons' : scenario().title;
}

function paint() {
  if (!state.answer) return;
  options($('place'), state.answer.places);
  $('place').options[0].disabled = view() === why && !state.show.knock; // they have no ledger together
  $('place').value = state.show.place;
  options($('arm'), state.answer.arm_names);
  $('arm').value = state.show.arm;
  put($('title'), title());
  view().draw(scenario(), about);
  moveScrubber(scenario());
  $('charts').dataset.shown = state.answer.n;
}

function look() {
  const { show } = state;
  document.documentElement.dataset.look = show.look;
  document.documentElement.dataset.view = view().name;
  $('look').value = show.look;
  $('quantity').value = show.quantity;
  for (const button of $('views').children) {
    if (button.dataset.view === view().name) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
  }
  for (const { name } of VIEWS) $(name).hidden = name !== view().name;
  for (const choice of ['of-arm', 'of-place', 'of-quantity']) $(choice).hidden = !view().choices.includes(choice);
  $('days').hidden = !has('days');
  $('why-here').hidden = view() === why;
  $('levers').hidden = !show.levers || !has('levers');
  $('levels').hidden = !show.values || !has('levels');
  $('show-levers').setAttribute('aria-expanded', show.levers);
  $('show-levers').hidden = !has('levers');
  $('show-values').setAttribute('aria-expanded', show.values);
  $('show-values').hidden = !has('levels');
}

/** What the link asked for that is not here, until it is closed or something else is asked. */
function missing() {
  const { missing: all } = state;
  $('missing').hidden = !all.length;
  $('missing-words').textContent = `This link asks for what is not here: ${all.join('; ')}. What comes nearest is shown instead.`;
}

let shown = '';

subscribe((what) => {
  $('undo').disabled = !canUndo();
  $('redo').disabled = !canRedo();
  missing();
  const changed = Object.keys({ ...state.ask.parameters, ...state.ask.switches }).length + (state.show.knock ? 1 : 0);
  put($('reset'), changed ? `Reset (${changed})` : 'Reset'); // also where no lever is in sight
  if (what === 'ask') {
    drawLevers(about);
    look();
    askOfRuns('timelines', {}, onTimelines);
  }
  const { day: _, ...rest } = state.show;
  const same = JSON.stringify(rest) === shown;
  shown = JSON.stringify(rest);
  if (what === 'show' && !same) look();
  if (!state.answer) return;
  if (what === 'answer' || (what === 'show' && !same)) paint();
  else if (what === 'show') {
    view().move(scenario(), about);
    moveScrubber(scenario());
  }
});

$('views').replaceChildren(...VIEWS.map(({ name, title }) => h('button', {
  type: 'button', 'data-view': name, onclick: () => show({ view: name }),
}, title)));
$('undo').addEventListener('click', undo);
$('redo').addEventListener('click', redo);
$('reset').addEventListener('click', () =>
  ask(fresh(about, state.ask.scenario)));
$('look').addEventListener('change', (event) => {
  const look = event.target.value;
  const wide = look !== 'projector'; // a class first sees the charts, and what it asks for
  show({ look, levers: wide, values: wide });
});
$('arm').addEventListener('change', (event) => show({ arm: Number(event.target.value) }));
$('place').addEventListener('change', (event) => show({ place: Number(event.target.value) }));
$('quantity').addEventListener('change', (event) => show({ quantity: event.target.value }));
$('show-levers').addEventListener('click', () => show({ levers: !state.show.levers }));
$('show-values').addEventListener('click', () => show({ values: !state.show.values }));
$('copy').addEventListener('click', () => copied($('copy'), new URL(link(), location.href).href));
// by the event, not by `location`: the link of the state so far may have been written meanwhile
const open = (hash) => restore(about, hash, VIEWS.map(({ name }) => name), preferred);
addEventListener('hashchange', ({ newURL }) => open(new URL(newURL).hash));
new ResizeObserver(() => requestAnimationFrame(paint)).observe($('middle'));

listenForDays();
listenForBands();
listenForLog();
listenForWhy();
$('missing-close').addEventListener('click', closeMissing);
open(location.hash);
