// The scrubber: one day for everything. Play, step, keys.

import { $, dateOf, h, put, putAttribute, renew } from './dom.js';
import { dayAt } from './charts.js';
import { redo, show, state, undo } from './state.js';

const PACE = 100; // milliseconds a day
let playing = 0;

const last = () => state.answer.arrays['tension.0'].shape[0] - 1;

function go(day) {
  if (!state.answer) return;
  const bounded = Math.max(0, Math.min(last(), day));
  if (bounded !== state.show.day) show({ day: bounded });
}

function stop() {
  cancelAnimationFrame(playing);
  playing = 0;
  $('play').textContent = '\u25B6';
  $('play').setAttribute('aria-label', 'Play');
}

function play() {
  if (playing || !state.answer) return stop();
  if (state.show.day === last()) go(0);
  const from = state.show.day;
  let begun = null;
  const frame = (now) => {
    begun ??= now;
    go(from + Math.floor((now - begun) / PACE));
    if (state.show.day >= last()) stop();
    else playing = requestAnimationFrame(frame);
  };
  playing = requestAnimationFrame(frame);
  $('play').textContent = '\u23F8\uFE0E';
  $('play').setAttribute('aria-label', 'Pause');
}

function step(by) {
  stop();
  go(state.show.day + by);
}

const KEYS = {
  ' ': () => play(),
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  Home: () => step(-Infinity),
  End: () => step(Infinity),
};

export function listenForDays() {
  $('back').addEventListener('click', () => step(-1));
  $('forward').addEventListener('click', () => step(1));
  $('play').addEventListener('click', play);
  $('day').addEventListener('input', () => {
    stop();
    go(Number($('day').value));
  });
  addEventListener('keydown', (event) => {
    const again = { z: undo, Z: redo, y: redo }[event.key]; // Z: with Shift
    if (again && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return again();
    }
    const own = event.target.closest('input, select, textarea, summary');
    const pressed = event.key === ' ' && event.target.closest('button');
    if (own && own.id !== 'day') return undefined; // its own keys
    if ($('days').hidden) return undefined;
    if (pressed || event.ctrlKey || event.altKey || event.metaKey) return undefined;
    if (!KEYS[event.key]) return undefined;
    event.preventDefault();
    return KEYS[event.key]();
  });
  const charts = $('charts');
  let held = false;
  const drag = (event) => {
    if (!held) return;
    const day = dayAt(event.clientX);
    if (day !== null) { stop(); go(day); }
  };
  charts.addEventListener('pointerdown', (event) => {
    held = true;
    charts.setPointerCapture(event.pointerId);
    drag(event);
  });
  charts.addEventListener('pointermove', drag);
  charts.addEventListener('pointerup', () => { held = false; });
  charts.addEventListener('pointercancel', () => { held = false; });
}

const during = (day) => (one) => one.day === day || (one.day < day && one.until >= day);

/** What happens on the day, once where both arms have it. */
function today(day) {
  const [first, second] = state.answer.happenings.map((all) => all.filter(during(day)));
  const texts = (all) => all.map((one) => one.text || one.name);
  const both = new Set(texts(first).filter((text) => texts(second).includes(text)));
  const [one, other] = state.answer.arm_names;
  const sorted = (all) => all.filter((text) => !both.has(text));
  return [
    ...[...both].map((text) => ['', text]),
    ...sorted(texts(first)).map((text) => [one, text]),
    ...sorted(texts(second)).map((text) => [other, text]),
  ];
}

export function moveScrubber(scenario) {
  const { day } = state.show;
  const date = dateOf(scenario.start, day, true);
  putAttribute($('day'), 'max', last());
  if (Number($('day').value) !== day) $('day').value = day;
  putAttribute($('day'), 'aria-valuetext', `${date}, day ${day}`);
  put($('date'), `${date} \u00B7 day ${day}`);
  const rows = today(day);
  renew($('today'), rows.length
    ? rows.map(([arm, text]) => h('li', {}, ...(arm ? [h('b', {}, `${arm}: `)] : []), text))
    : [h('li', { class: 'soft' }, 'nothing new on this day')]);
}
