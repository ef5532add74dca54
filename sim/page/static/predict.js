// How a class says what it expects: by a slider, a choice, or a sketched curve.

import { inWords, room, told, valueOf } from './axes.js';
import { h } from './dom.js';
import { sketch } from './sketch.js';

const MOST = 60; // predictions of one window

/** What a window said to one prediction: those that were added, and the one that is being made. */
export const nothingSaid = () => ({ added: [], now: null });
export const allSaid = ({ added, now }) => (now === null ? added : [...added, now]);

// What was said outlives a reload of this window, and goes nowhere else.

const place = (lesson) => `lesson.${lesson.name}`;

/** The window's own store, or null where the browser keeps nothing. */
function store() {
  try {
    return sessionStorage;
  } catch (error) {
    if (error.name === 'SecurityError') return null;
    throw error;
  }
}

/** Keep what was said to a lesson; where nothing was said, forget it. */
export function keep(lesson, { said, locked }) {
  if (Object.values(said).some((one) => allSaid(one).length)) store()?.setItem(place(lesson), JSON.stringify({ said, locked }));
  else store()?.removeItem(place(lesson));
}

function sayable(one, value) {
  const between = (each) => Number.isFinite(each) && one.low <= each && each <= one.high;
  if (one.kind === 'choice') return Number.isInteger(value) && one.options[value] !== undefined;
  if (one.kind === 'slider') return between(value);
  return Array.isArray(value) && value.length === one.days[1] - one.days[0] + 1 && value.every(between);
}

const soundly = (one, said) => Array.isArray(said?.added) && said.added.length < MOST
  && said.added.every((value) => sayable(one, value)) && (said.now === null || sayable(one, said.now));

/** What was kept of a lesson, or null: nothing, or not what this lesson asks (its file may be another now). */
export function kept(lesson) {
  const text = store()?.getItem(place(lesson));
  if (!text) return null;
  let found;
  try {
    found = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!lesson.predictions.every((one) => soundly(one, found?.said?.[one.name]))) return null;
  const said = Object.fromEntries(lesson.predictions.map(({ name }) => {
    const { added, now } = found.said[name];
    return [name, { added, now }];
  }));
  return { said, locked: found.locked === true && Object.values(said).every((one) => allSaid(one).length) };
}

function slider(one, said, locked, onChange) {
  const output = h('output', { class: 'big' });
  const put = () => {
    output.textContent = said.now === null ? '\u2013' : told(one, said.now);
    input.setAttribute('aria-valuetext', said.now === null ? 'not set yet' : told(one, said.now));
    input.classList.toggle('unset', said.now === null);
  };
  const set = () => {
    if (locked) return; // a pointer over it is told of all the same
    said.now = Number(input.value);
    put();
    onChange();
  };
  const input = h('input', {
    type: 'range', min: one.low, max: one.high, step: one.step, 'aria-label': one.prompt, class: 'you', disabled: locked,
    oninput: set,
    onpointerup: set, // the middle, where it stands, may be what is meant
    onkeydown: (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); set(); } },
  });
  input.value = said.now ?? (one.low + one.high) / 2;
  put();
  return h('div', { class: 'slider' }, output, input,
    h('p', { class: 'ends', 'aria-hidden': 'true' },
      ...[one.low, (one.low + one.high) / 2, one.high].map((value) => h('span', {}, valueOf(one, value)))));
}

function choice(one, said, locked, onChange) {
  const name = `choice-${one.name}`;
  const count = (index) => said.added.filter((value) => value === index).length;
  return h('div', { class: 'options', role: 'radiogroup', 'aria-label': one.prompt },
    ...one.options.map((option, index) => h('label', {},
      h('input', {
        type: 'radio', name, value: index, checked: said.now === index, disabled: locked,
        onchange: () => { said.now = index; onChange(); },
      }),
      h('span', {}, option.text),
      ...(count(index) ? [h('span', { class: 'count' }, `${count(index)} said so`)] : []))));
}

const HINTS = {
  slider: 'Move the slider to what you expect.',
  choice: 'Choose one.',
  curve: 'Draw the curve from left to right, or move its handles with the arrow keys.',
};

/**
 * The input of one prediction; `onChange` is told when something is said, `onAdd` when one more is wanted.
 * Once it is locked in it shows what was said and takes nothing more.
 */
export function predictor(one, start, said, locked, onChange, onAdd) {
  const plain = (node) => ({ node, fill: () => {} });
  const input = {
    slider: () => plain(slider(one, said, locked, onChange)),
    choice: () => plain(choice(one, said, locked, onChange)),
    curve: () => room((size) => sketch(one, start, said.now, said.added, size, (values) => {
      said.now = values;
      onChange();
    })),
  }[one.kind]();
  if (one.kind === 'curve') input.node.toggleAttribute('inert', locked);
  const noted = said.added.length;
  const also = one.kind === 'slider' && noted ? `: ${inWords(one, said.added)}` : '';
  const more = h('button', {
    type: 'button', class: 'quiet add', disabled: said.now === null || noted >= MOST - 1, onclick: onAdd,
  }, 'Add another prediction');
  return {
    node: h('div', { class: 'predictor' }, input.node, h('div', { class: 'row under' },
      h('p', { class: 'soft hint' }, locked ? 'Locked in. Start again to predict anew.' : HINTS[one.kind]),
      ...(locked ? [] : [more]),
      ...(noted ? [h('p', { class: 'noted', role: 'status' }, `${noted} noted${also}`)] : []))),
    fill: input.fill,
    changed: () => { more.disabled = said.now === null || noted >= MOST - 1; },
  };
}
