// Scenario, arms, chance, levers and switches, all from the declarations.

import { $, h, number, put, putAttribute, readable } from './dom.js';
import { fresh } from './link.js';
import { ask, endGesture, state } from './state.js';

let drawn = '';
let about = null;
let update = []; // functions that put the state into the controls

const scenario = () => about.scenarios[state.ask.scenario];

/** As many digits as the lever's range needs. */
const digitsOf = ({ low, high }) => Math.max(0, Math.min(6, Math.ceil(1.9 - Math.log10(high - low))));

function choice(label, options, chosen, change) {
  const select = h('select', { onchange: () => change(select.value) },
    ...options.map(([value, text]) => h('option', { value }, text)));
  update.push(() => { select.value = chosen(); });
  return h('label', { class: 'choice' }, h('span', {}, label), select);
}

function replaced(key, name, value, own) {
  const { [name]: _, ...others } = state.ask[key];
  return { [key]: value === own ? others : { ...others, [name]: value } };
}

const isOn = (name) => state.ask.switches[name] ?? scenario().switches.find((one) => one.name === name).on;

function lever(one) {
  const digits = digitsOf(one);
  const id = `lever-${one.name}`;
  const output = h('output', { for: id });
  const input = h('input', {
    type: 'range', id, min: one.low, max: one.high, step: 'any', 'aria-describedby': `${id}-what`,
    oninput: () => {
      const value = Math.min(one.high, Math.max(one.low, Number(Number(input.value).toFixed(digits))));
      const close = Math.abs(value - one.value) < 0.5 * 10 ** -digits;
      ask(replaced('parameters', one.name, close ? one.value : value, one.value), one.name);
    },
    onchange: endGesture,
  });
  const row = h('div', { class: 'lever' },
    h('label', { for: id }, readable(one.name)), output, input,
    h('details', {}, h('summary', { 'aria-label': `About ${readable(one.name)}` }, '?'),
      h('p', { id: `${id}-what` },
        `${one.meaning}. Further right: ${one.more}. ${one.symbol}, in ${one.unit === '1' ? 'pure numbers' : one.unit}; ${one.low} to ${one.high}, here ${one.value}. Source: ${one.source}.`)));
  const why = h('p', { class: 'why', id: `${id}-why` });
  row.append(why);
  update.push(() => {
    const off = one.needs.find((name) => !isOn(name));
    const idle = one.idle || (off ? `${readable(off)} is off` : '');
    input.disabled = Boolean(idle);
    put(why, idle && `Changes nothing here: ${idle}.`);
    const value = state.ask.parameters[one.name] ?? one.value;
    if (document.activeElement !== input || Math.abs(Number(input.value) - value) > 10 ** -digits) input.value = value;
    const text = number(value, digits) + (one.unit === '1' ? '' : ` ${one.unit}`);
    put(output, text);
    putAttribute(input, 'aria-valuetext', text);
    row.classList.toggle('changed', one.name in state.ask.parameters);
  });
  return row;
}

function toggle(one) {
  const input = h('input', {
    type: 'checkbox',
    onchange: () => ask(replaced('switches', one.name, input.checked, one.on)),
  });
  const row = h('label', { class: 'switch' }, input, readable(one.name),
    ...(one.off ? [h('span', { class: 'soft' }, ` off: ${one.off}`)] : []));
  update.push(() => {
    input.checked = state.ask.switches[one.name] ?? one.on;
    row.classList.toggle('changed', one.name in state.ask.switches);
  });
  return row;
}

function chance() {
  const input = h('input', {
    type: 'number', min: 0, max: about.runs - 1, step: 1, id: 'replicate',
    onchange: () => {
      const value = Math.trunc(Number(input.value));
      ask({ replicate: Math.max(0, Math.min(about.runs - 1, value || 0)) });
    },
  });
  const seed = h('input', {
    type: 'number', min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, id: 'seed',
    onchange: () => ask({ seed: Math.max(0, Math.trunc(Number(seed.value)) || 0) }),
  });
  update.push(() => { input.value = state.ask.replicate; seed.value = state.ask.seed; });
  return h('fieldset', {}, h('legend', {}, 'Chance'),
    h('div', { class: 'row' },
      h('button', {
        type: 'button', id: 'another',
        onclick: () => ask({ replicate: (state.ask.replicate + 1) % about.runs }),
      }, 'Another run of chance'),
      h('label', {}, 'run ', input, ` of ${about.runs}`)),
    h('label', { class: 'choice' }, h('span', {}, 'seed'), seed));
}

function build() {
  update = [];
  const own = scenario();
  const arms = own.arms.map((name, i) => [name, own.arm_names[i]]);
  const arm = (place) => (value) =>
    ask({ arms: state.ask.arms.map((name, i) => (i === place ? value : name)) });
  $('levers').replaceChildren(
    choice('Scenario', Object.entries(about.scenarios).map(([name, one]) => [name, one.lesson ? `lesson: ${one.title}` : one.name]),
      () => state.ask.scenario, (name) => ask(fresh(about, name))),
    choice('Above', arms, () => state.ask.arms[0], arm(0)),
    choice('Below', arms, () => state.ask.arms[1], arm(1)),
    chance(),
    h('fieldset', { id: 'first' }, h('legend', {}, 'Levers, in both arms'),
      ...own.levers.filter((one) => one.first).map(lever)),
    h('details', {}, h('summary', {}, 'Mechanisms on and off'),
      h('fieldset', {}, h('legend', {}, 'A mechanism off'), ...own.switches.map(toggle))),
    h('details', {}, h('summary', {}, 'All other parameters'),
      h('fieldset', {}, h('legend', {}, 'Parameters'), ...own.levers.filter((one) => !one.first).map(lever))),
  );
}

export function drawLevers(known) {
  about = known;
  if (drawn !== state.ask.scenario) build();
  drawn = state.ask.scenario;
  for (const put of update) put();
}
