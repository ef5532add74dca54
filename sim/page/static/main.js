// Puts the page together: what can be asked, the state, the socket, the views.

import { drawCharts, moveDay } from './charts.js';
import { drawLevers } from './levers.js';
import { drawLegend } from './legend.js';
import { drawLevels, moveLevels } from './levels.js';
import { $, h } from './dom.js';
import { answered, ask, canUndo, fresh, link, restore, show, state, subscribe, undo } from './state.js';
import { listenForDays, moveScrubber } from './days.js';
import { connect } from './wire.js';

const about = await (await fetch('about.json')).json();
const preferred = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

function trouble(text) {
  $('status').textContent = text;
  $('status').hidden = false;
}

const send = connect((answer) => {
  $('status').hidden = true;
  const last = answer.arrays['tension.0'].shape[0] - 1;
  const bounded = {
    day: Math.min(state.show.day, last),
    place: Math.min(state.show.place, answer.places.length - 1),
  };
  Object.assign(state.show, bounded);
  answered(answer);
}, trouble);

const scenario = () => about.scenarios[state.answer.scenario];

function paint() {
  if (!state.answer) return;
  $('title').textContent = scenario().title;
  const { places } = state.answer;
  if (places.join('\n') !== [...$('place').options].map((one) => one.text).join('\n')) {
    $('place').replaceChildren(...places.map((name, place) => h('option', { value: place }, name)));
  }
  $('place').value = state.show.place;
  drawLegend(scenario());
  drawCharts(scenario());
  drawLevels(scenario());
  moveScrubber(scenario());
  $('charts').dataset.shown = state.answer.n;
}

let shown = '';

function look() {
  document.documentElement.dataset.look = state.show.look;
  $('look').value = state.show.look;
  $('quantity').value = state.show.quantity;
  $('levers').hidden = !state.show.levers;
  $('show-levers').setAttribute('aria-expanded', state.show.levers);
  $('levels').hidden = !state.show.values;
  $('show-values').setAttribute('aria-expanded', state.show.values);
}

subscribe((what) => {
  $('undo').disabled = !canUndo();
  if (what === 'ask') {
    drawLevers(about);
    look();
    send(state.ask);
  }
  if (what === 'show') look();
  if (what === 'show' && state.answer) {
    const { day, ...rest } = state.show;
    if (JSON.stringify(rest) !== shown) paint();
    else {
      moveDay(day);
      moveScrubber(scenario());
      moveLevels(scenario());
    }
  }
  if (what === 'answer') paint();
  const { day: _, ...rest } = state.show;
  shown = JSON.stringify(rest);
});

$('undo').addEventListener('click', undo);
$('reset').addEventListener('click', () =>
  ask(fresh(about, Object.hasOwn(about.scenarios, state.ask.scenario)
    ? state.ask.scenario : about.served)));
$('look').addEventListener('change', (event) => {
  const look = event.target.value;
  const wide = look !== 'projector'; // a class first sees the charts, and what it asks for
  show({ look, levers: wide, values: wide });
});
$('place').addEventListener('change', (event) => show({ place: Number(event.target.value) }));
$('quantity').addEventListener('change', (event) => show({ quantity: event.target.value }));
$('show-levers').addEventListener('click', () => show({ levers: !state.show.levers }));
$('show-values').addEventListener('click', () => show({ values: !state.show.values }));
$('copy').addEventListener('click', async () => {
  const address = new URL(link(), location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    $('copy').textContent = 'Copied';
  } catch {
    trouble(address); // no permission: show it, to be copied by hand
  }
  setTimeout(() => { $('copy').textContent = 'Copy link'; }, 1500);
});
addEventListener('hashchange', () => restore(about, location.hash, preferred));
new ResizeObserver(() => requestAnimationFrame(paint)).observe($('charts'));

listenForDays();
restore(about, location.hash, preferred);
