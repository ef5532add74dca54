// What the model shows, beside what was said. Nobody is marked: one says, the model says.

import { between, curve, inWords, line, room, sheet, told, valueOf } from './axes.js';
import { dateOf, h, s } from './dom.js';
import { allSaid } from './predict.js';

const NOT_THE_WORLD = 'The model is not the world: it shows what follows from what it assumes.';

function picture(size, name, ...nodes) {
  return s('svg', { class: 'sheet', viewBox: `0 0 ${size[0]} ${size[1]}`, role: 'img', 'aria-label': name, 'data-name': 'Lesson' }, ...nodes);
}

/** A large text under or over x, moved so far that it stays in the drawing. */
function label(kind, text, x, y, width, em) {
  const half = Math.min(width / 2, 0.5 * text.length * 0.66 * 1.25 * em); // bold letters are about so wide
  return s('text', { class: kind, x: Math.min(Math.max(x, half), width - half), y, 'text-anchor': 'middle' }, text);
}

const youSaid = (one, values) => (values.length < 4 ? `You said ${inWords(one, values)}`
  : `You made ${values.length} predictions, ${inWords(one, values)}`);

/** The text of the server with a real minus before its numbers. */
const withMinus = (text) => text.replace(/(?<![\p{L}\p{N}])-(?=\d)/gu, '\u2212');

const SMALLEST = 1.5; // radius of a dot that is still seen, in pixels

/** Dots on a line that lie on each other where they would overlap: at which level each is, and how large. */
function heaped(xs, most, space) {
  const order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b]);
  for (let radius = Math.max(SMALLEST, most); ; radius = Math.max(SMALLEST, 0.9 * radius)) {
    const ends = []; // of each level: where its last dot is
    const levels = [];
    for (const i of order) {
      const free = ends.findIndex((end) => xs[i] - end >= 2 * radius - 1e-9);
      levels[i] = free < 0 ? ends.length : free;
      ends[levels[i]] = xs[i];
    }
    if (2 * radius * ends.length <= space || radius === SMALLEST) {
      return { levels, radius, rise: Math.min(2 * radius, Math.max(0, space) / ends.length), high: ends.length };
    }
  }
}

/** Chance alone: how far single runs lie apart, where that was answered. */
function chance(one, found, runs, band) {
  if (found.low === null) return [];
  const [low, high] = [found.low, found.high].map((value) => valueOf(one, value));
  return [low === high ? `At least 9 in 10 of ${runs} runs give ${low}, the same to this digit.`
    : `${band}5 to 95 % of ${runs} runs, ${low} to ${high}.`];
}

function onScale(one, found, said, runs) {
  const numbers = [found.value, found.low, found.high].filter((value) => value !== null);
  const ends = [Math.min(one.low, ...numbers), Math.max(one.high, ...numbers)];
  const notes = chance(one, found, runs, 'Grey: ');
  const sentence = `${youSaid(one, said)}; ${found.value === null ? 'the model gives no number' : `the model says ${told(one, found.value)}`}.`;
  const draw = ([width, room_, em]) => {
    const height = Math.max(room_, 10.6 * em); // in less room it is drawn smaller
    const box = { left: 1.5 * em, right: width - 1.5 * em, y: Math.max(height / 2 - em, height - 7 * em), em };
    const { x, nodes } = line(ends, box);
    const xs = said.map(x);
    const { levels, radius, rise, high } = heaped(xs, 0.5 * em, box.y - 2.2 * em);
    const dots = xs.map((cx, i) => s('circle', { class: 'you', cx, cy: box.y - radius - 0.2 * em - rise * levels[i], r: radius }));
    const middle = xs.reduce((sum, each) => sum + each, 0) / xs.length;
    const over = box.y - 2 * radius - rise * (high - 1) - 0.6 * em;
    const below = box.y + 3.2 * em;
    return picture([width, height], [sentence, ...notes].join(' '), ...nodes, ...dots,
      label('you', said.length === 1 ? `you said ${valueOf(one, said[0])}` : `your ${said.length} predictions`, middle, over, width, em),
      ...(found.low === null ? [] : [s('rect', {
        class: 'band all', x: x(found.low), y: below - 0.6 * em, height: 1.2 * em, width: Math.max(2, x(found.high) - x(found.low)),
      })]),
      ...(found.value === null ? [] : [
        s('path', { class: 'model', d: `M${x(found.value)} ${below - em}V${below + em}` }),
        label('model', `the model says ${valueOf(one, found.value)}`, x(found.value), below + 2.4 * em, width, em)]));
  };
  return { draw, sentence, notes };
}

function amongOptions(one, found, said, runs) {
  const rows = one.options.map((option, index) => {
    const count = said.filter((value) => value === index).length;
    const you = count ? (said.length === 1 ? 'you said' : `${count} of you said`) : '';
    return h('li', { class: found.option === index ? 'told' : '' },
      h('span', {}, option.text),
      ...(you ? [h('b', { class: 'you tag' }, you)] : []),
      ...(found.option === index ? [h('b', { class: 'model tag' }, 'the model says')] : []),
      ...(found.counts.length ? [h('span', { class: 'runs soft' }, `${found.counts[index]} of ${runs} runs`)] : []));
  });
  const names = [...new Set(said)].map((index) => `\u201C${one.options[index].text}\u201D`);
  const model = found.option === null ? 'the model gives none of these' : `the model says \u201C${one.options[found.option].text}\u201D`;
  return { list: h('ul', { class: 'options' }, ...rows), sentence: `You said ${names.join(' and ')}; ${model}.`, notes: chance(one, found, runs, 'By chance: ') };
}

const furthest = (values) =>
  values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);

function overDays(one, start, answer, said) {
  const read = (end) => {
    const found = answer.arrays[`curve.${one.name}${end}`];
    return found ? [...found.values] : null;
  };
  const [model, low, high] = [read(''), read('.low'), read('.high')];
  const [first] = one.days;
  const all = [...model, ...(low ?? []), ...(high ?? [])].filter(Number.isFinite);
  const ends = [Math.min(one.low, ...all), Math.max(one.high, ...all)];
  const date = (i) => dateOf(start, first + i);
  const mine = said.at(-1);
  const [peak, top] = [furthest(mine), furthest(model)];
  const apart = furthest(model.map((value, i) => mine[i] - value));
  const sentence = said.length === 1
    ? `You said ${valueOf(one, mine[peak])} at the furthest, on ${date(peak)}; the model says ${valueOf(one, model[top])}, on ${date(top)}.`
    : `You drew ${said.length} curves; the model says ${valueOf(one, model[top])} at the furthest, on ${date(top)}.`;
  const notes = [
    ...(said.length === 1
      ? [`Furthest apart on ${date(apart)}: you ${valueOf(one, mine[apart])}, the model ${valueOf(one, model[apart])}.`] : []),
    ...(low ? [`Grey: 5 to 95 % of ${answer.runs} runs.`] : []),
  ];
  const draw = (size) => {
    const scales = sheet(one, ends, one.days, start, size);
    const { box, nodes } = scales;
    const em = size[2];
    const key = (kind, text, from) => [
      s('path', { class: `line ${kind}`, d: `M${from} ${0.7 * em}h${1.7 * em}` }),
      s('text', { x: from + 2.1 * em, y: em }, text)];
    return picture(size, [sentence, ...notes].join(' '), ...nodes,
      ...(low ? [s('path', { class: 'band all', d: between(low, high, first, scales) })] : []),
      ...said.slice(0, -1).map((values) => s('path', { class: 'line you other', d: curve(values, first, scales) })),
      s('path', { class: 'line you', d: curve(mine, first, scales) }),
      s('path', { class: 'line model', d: curve(model, first, scales) }),
      ...key('you', 'you', box.right - 12.6 * em), ...key('model', 'the model', box.right - 7.6 * em));
  };
  const columns = ['day', 'you said', 'the model says', ...(low ? ['5 %', '95 %'] : [])];
  const table = h('details', {}, h('summary', {}, 'All days in numbers'), h('div', { class: 'wide' }, h('table', {},
    h('thead', {}, h('tr', {}, ...columns.map((text, i) => h('th', { scope: 'col', class: i ? 'n' : '' }, text)))),
    h('tbody', {}, ...model.map((value, i) => h('tr', {}, h('th', { scope: 'row' }, date(i)),
      ...[mine[i], value, ...(low ? [low[i], high[i]] : [])].map((each) => h('td', { class: 'n' }, valueOf(one, each)))))))));
  return { draw, sentence, notes, table };
}

/** What was said and what the model says, in a drawing and in words. */
export function revealed(one, start, answer, said) {
  const found = answer.predictions.find(({ name }) => name === one.name);
  const values = allSaid(said);
  const shown = {
    slider: () => onScale(one, found, values, answer.runs),
    choice: () => amongOptions(one, found, values, answer.runs),
    curve: () => overDays(one, start, answer, values),
  }[one.kind]();
  const drawing = shown.draw ? room(shown.draw) : { node: shown.list, fill: () => {} };
  const node = h('div', { class: 'revealed' },
    h('p', { class: 'sentence' }, shown.sentence),
    drawing.node,
    h('div', { class: 'words' },
      h('p', { class: 'result' }, withMinus(found.told)),
      ...[...shown.notes, ...(found.unit ? [found.unit] : []), NOT_THE_WORLD].map((text) => h('p', { class: 'soft note' }, text)),
      ...(shown.table ? [shown.table] : [])));
  return { node, fill: drawing.fill };
}
