// The lecturer's page of a lesson: how far its statements hold, a plan of the hour, sources.

import { h, number, s } from './dom.js';

const [WIDTH, HEIGHT] = [300, 30];
const TWO_THIRDS = 2 / 3;

const percent = (share) => `${number(100 * share, 0)} %`;

function bar({ share, low, high }) {
  const middle = HEIGHT / 2;
  return s('svg', { class: 'share', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' },
    s('rect', { class: 'track', y: 6, width: WIDTH, height: HEIGHT - 12 }),
    s('rect', { class: 'held', y: 6, width: WIDTH * share, height: HEIGHT - 12 }),
    s('path', { class: 'interval', d: `M${WIDTH * low} ${middle}H${WIDTH * high}` }),
    s('path', { class: 'limit', d: `M${WIDTH * TWO_THIRDS} 0V${HEIGHT}` }));
}

/** Where the interval has two thirds in it, which side of them the share is on is not sure. */
const unsure = ({ low, high }) => (low < TWO_THIRDS && TWO_THIRDS < high
  ? ' The interval reaches to both sides of two thirds: more draws could say otherwise.' : '');

/** In draws without any difference a statement does not hold, nor does its opposite. */
const noDifference = ({ equal }) => (equal > 0
  ? ` In ${100 * equal < 0.5 ? 'less than 1 %' : percent(equal)} the two are exactly equal.` : '');

/** In some draws there may be nothing to judge, such as a ratio to an effect of 0. */
const noValue = ({ without }) => (without > 0
  ? ` In ${100 * without < 0.5 ? 'less than 1 %' : percent(without)} there is no value to judge.` : '');

/** What the share says; without a verdict where the draws that have no value could turn it. */
function verdict(one, draws) {
  const share = `${percent(one.share)} of ${draws} draws (95 % interval ${percent(one.low)} to ${percent(one.high)})`;
  if (one.holds === null) return `The model gives no verdict: it holds in ${share}, and the draws without a value could turn it.`;
  return one.holds ? `The model bears this out in ${share}.` : `The model does not bear this out: it holds in ${share}.`;
}

/** One statement with its share over the draws, in words and as a bar. */
function statement(one, draws) {
  return h('li', {},
    h('p', { class: 'claim' }, one.text),
    bar(one),
    h('p', {}, verdict(one, draws) + noDifference(one) + noValue(one) + unsure(one)));
}

/** The statements with their shares. */
export function statements(checked) {
  return h('div', {},
    h('p', { class: 'soft' }, `Each draw takes all parameters anew from the ranges that are thought possible. The dashed line is two thirds of the draws: what holds in fewer is not claimed.`),
    h('ol', { class: 'statements' }, ...checked.statements.map((one) => statement(one, checked.draws))));
}

function plan(minutes, rows) {
  return h('section', { 'aria-label': `In ${minutes} minutes` },
    h('h3', {}, `In ${minutes} minutes`),
    h('ol', { class: 'plan' }, ...rows.map((row) => h('li', {}, h('b', {}, `${row.minutes} min`), h('span', {}, row.do)))));
}

export const paragraphs = (texts) => texts.map((text) => h('p', {}, text));

/**
 * The lecturer's page below its heading; `guide` is there at once, `checked` when the shares are counted.
 * `open` shows the lesson's two runs.
 */
export function debrief(lesson, guide, checked, open) {
  const question = h('p', { class: 'question' }, lesson.question);
  if (!guide) return h('div', { class: 'debrief' }, question);
  return h('div', { class: 'debrief' },
    question,
    h('div', { class: 'columns' },
      h('div', {},
        h('section', { 'aria-label': 'What the model bears out' },
          h('h3', {}, 'What the model bears out'), checked ? statements(checked)
            : h('p', { role: 'status' }, 'Drawing the parameters and running the model\u2026')),
        h('section', { 'aria-label': 'What explains it' },
          h('h3', {}, 'What explains it'), ...paragraphs(guide.explanation))),
      h('div', {},
        h('p', { class: 'screen' }, h('button', { type: 'button', id: 'open-runs', onclick: open }, 'Open these two runs in the timelines')),
        ...Object.entries(guide.plans).map(([minutes, rows]) => plan(minutes, rows)))),
    h('section', { 'aria-label': 'What the model leaves out' },
      h('h3', {}, 'What the model leaves out'), ...paragraphs(guide.leaves_out)),
    h('section', { 'aria-label': 'Sources' },
      h('h3', {}, 'Sources'), h('ul', {}, ...guide.sources.map((text) => h('li', {}, text)))));
}
