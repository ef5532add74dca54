// A finished lesson as one file to keep: what was asked, said and shown, from the question to the sources.

import { paragraphs, statements } from './debrief.js';
import { h } from './dom.js';
import { savePage } from './export.js';
import { revealed } from './reveal.js';

const PAPER = { curve: [900, 330, 17], slider: [900, 190, 17] }; // width, height and letters, in pixels

function part(title, ...nodes) {
  return h('section', {}, h('h2', {}, title), ...nodes);
}

/** The whole lesson as an element; `record` has what was said and what was answered. */
function whole(lesson, start, record) {
  const reveal = (one) => {
    const { node, fill } = revealed(one, start, record.answer, record.said[one.name]);
    fill(PAPER[one.kind]);
    return part(one.prompt, node);
  };
  return h('div', { class: 'saved' },
    h('h1', {}, lesson.title),
    h('p', { class: 'question' }, lesson.question),
    ...paragraphs(lesson.background),
    ...lesson.predictions.map(reveal),
    part('What explains it', ...paragraphs(record.answer.explanation)),
    part('What the model leaves out', ...paragraphs(record.answer.leaves_out)),
    ...(record.checked ? [part('What the model bears out', statements(record.checked))] : []),
    part('Sources', h('ul', {}, ...record.answer.sources.map((text) => h('li', {}, text)))));
}

/** Hand a lesson that was gone through to the browser to keep, with where its numbers come from. */
export function saveLesson(lesson, record, about) {
  const { start, seed } = about.scenarios[lesson.scenario];
  const source = [
    `Lesson \u201C${lesson.title}\u201D (${lesson.scenario})`, `seed ${seed}`,
    `${record.answer.runs} runs of each arm`,
    ...(record.checked ? [`${record.checked.draws} draws of the parameters`] : []),
    `narrative-diplomacy ${about.version}`,
  ].join(' \u00b7 ');
  savePage(lesson.title, whole(lesson, start, record), source);
}
