// A class predicts first and sees after: the list of lessons, and one lesson, a step at a time.
//
// What the model shows, and what explains it, is asked for when the prediction is locked and not before. What was said
// stays in this window, also over a reload: the link has the lesson and the step alone.

import { askFor } from './asking.js';
import { debrief, paragraphs } from './debrief.js';
import { $, h } from './dom.js';
import { fresh } from './link.js';
import { allSaid, keep, kept, nothingSaid, predictor } from './predict.js';
import { revealed } from './reveal.js';
import { saveLesson } from './saved.js';
import { ask, show, state, subscribe } from './state.js';

const STAGES = ['Question', 'Predict', 'See', 'Explain', 'Left out']; // the class's path; the lecturer's page is beside it
const records = new Map(); // by lesson: what was said, and what was answered
let about = null;
let drawn = '';
let refill = () => {}; // fits the drawing of the step to its room
let sized = ''; // what it was last fitted to
let moved = false; // a step was gone to: its heading takes the focus
let opening = null; // what the timelines show once the lesson's runs are there

const blank = (lesson) => ({
  said: Object.fromEntries(lesson.predictions.map(({ name }) => [name, nothingSaid()])),
  locked: false, answer: null, guide: null, checked: null, asked: new Set(),
});

function recordOf(lesson) {
  if (!records.has(lesson.name)) records.set(lesson.name, { ...blank(lesson), ...kept(lesson) });
  return records.get(lesson.name);
}

/** The steps of a lesson; `stage` is where it stands on the trail. */
function stepsOf(lesson) {
  const each = (name, stage) => lesson.predictions.map((one, i) => ({ name: `${name}-${i + 1}`, stage, one, place: i + 1 }));
  return [
    { name: 'question', stage: 0 }, ...each('predict', 1), ...each('see', 2),
    { name: 'explain', stage: 3 }, { name: 'left-out', stage: 4 }, { name: 'debrief', stage: 5 },
  ];
}

const chosen = () => about.lessons.find(({ name }) => name === state.show.lesson);
const made = (record, one) => allSaid(record.said[one.name]).length > 0;

/** The step that is shown: nothing of the result before the prediction is locked. */
function current(lesson) {
  const steps = stepsOf(lesson);
  const wanted = Math.max(0, steps.findIndex(({ name }) => name === state.show.step));
  const record = recordOf(lesson);
  const early = !record.locked && steps[wanted].stage > 1 && steps[wanted].name !== 'debrief';
  return { steps, at: early ? 0 : wanted, record };
}

function go(changes) {
  moved = true;
  opening = null;
  show(changes);
}

const goTo = (step) => go({ step: step.name });

function lock(lesson, record, next) {
  record.locked = true;
  keep(lesson, record);
  goTo(next);
}

const KEPT = { lesson: 'answer', guide: 'guide', debrief: 'checked' }; // where the answer to each ask is kept

/** Ask for what is not known yet; an answer of a lesson that was begun anew is dropped. */
function want(kind, lesson, record) {
  const key = KEPT[kind];
  if (record[key] || record.asked.has(key)) return;
  record.asked.add(key);
  askFor(kind, { lesson: lesson.name }, (answer) => {
    record[key] = answer;
    drawn = '';
    if (state.show.view === lessons.name) draw();
  });
}

function open(lesson) {
  const places = about.scenarios[lesson.scenario].audiences;
  const { arms, place, quantity, day, replicate } = lesson.see;
  opening = {
    scenario: lesson.scenario,
    look: { view: 'timelines', place: place ? places.indexOf(place) + 1 : 0, quantity, day },
  };
  ask({ ...fresh(about, lesson.scenario), arms: [...arms], replicate });
}

subscribe((what) => {
  if (what !== 'answer' || state.answer.scenario !== opening?.scenario) return;
  const { look } = opening;
  opening = null;
  show(look);
});

function card(lesson) {
  const minutes = lesson.lengths.join(' or ');
  const record = recordOf(lesson);
  return h('li', { class: 'card' },
    h('h3', {}, h('button', { type: 'button', onclick: () => go({ lesson: lesson.name, step: 'question' }) }, lesson.title)),
    h('p', {}, lesson.question),
    h('p', { class: 'soft' }, `${minutes} minutes`, ...(record.locked ? [', predicted here'] : []),
      h('button', {
        type: 'button', class: 'quiet', 'aria-label': `For the lecturer: ${lesson.title}`,
        onclick: () => go({ lesson: lesson.name, step: 'debrief' }),
      }, 'for the lecturer')));
}

function list() {
  return [
    h('h2', { tabindex: -1 }, 'Predict first, see after'),
    h('div', { class: 'step', tabindex: 0, role: 'group', 'aria-label': 'Lessons' },
      h('p', { class: 'soft' }, 'Each lesson asks what you expect before the model is run. Nobody is marked: the model is not the world.'),
      h('ul', { class: 'cards' }, ...about.lessons.map(card))),
  ];
}

const running = () => h('p', { role: 'status' }, 'Running the model\u2026');

/** The heading of a step, a line over it, what is under it, and what draws once it is on the page. */
function content(lesson, { steps, at, record }, changed) {
  const step = steps[at];
  const { start } = about.scenarios[lesson.scenario];
  const place = `${step.place} of ${lesson.predictions.length}`;
  const needed = step.stage > 4 ? ['guide', 'debrief'] : step.stage > 1 ? ['lesson'] : [];
  for (const kind of needed) want(kind, lesson, record);
  switch (step.stage) {
    case 0:
      return { over: lesson.title, title: [lesson.question], under: paragraphs(lesson.background) };
    case 1: {
      const said = record.said[step.one.name];
      const add = () => {
        said.added.push(said.now);
        said.now = null;
        keep(lesson, record);
        moved = true;
        drawn = '';
        draw();
      };
      const input = predictor(step.one, start, said, record.locked, () => {
        input.changed();
        keep(lesson, record);
        changed();
      }, add);
      const title = [h('span', { class: 'unseen' }, `Your prediction ${place}: `), step.one.prompt];
      return { title, under: [input.node], fill: input.fill };
    }
    case 2: {
      const title = ['What the model shows', h('span', { class: 'unseen' }, `, ${place}`)];
      const prompt = h('p', { class: 'prompt' }, step.one.prompt);
      if (!record.answer) return { title, under: [prompt, running()] };
      const { node, fill } = revealed(step.one, start, record.answer, record.said[step.one.name]);
      return { title, under: [prompt, node], fill };
    }
    case 3:
    case 4: {
      const [title, key] = step.stage === 3 ? ['What explains it', 'explanation'] : ['What the model leaves out', 'leaves_out'];
      return { over: lesson.title, title: [title], under: record.answer ? paragraphs(record.answer[key]) : [running()] };
    }
    default:
      return { over: 'Debrief, for the lecturer', title: [lesson.title], under: [debrief(lesson, record.guide, record.checked, () => open(lesson))] };
  }
}

/** A button that forgets what was said; it asks once more first. */
function again(lesson, record) {
  const ask_ = (sure) => {
    button.textContent = sure ? 'Really start again?' : 'Start again';
    button.classList.toggle('sure', sure);
  };
  const button = h('button', {
    type: 'button', class: 'quiet again', 'aria-live': 'polite',
    onclick: (event) => {
      if (!button.classList.contains('sure')) {
        ask_(true);
        button.focus(); // not every browser does: leaving it takes the question back
      } else if (event.detail < 2) { // a double click is one press
        records.set(lesson.name, { ...blank(lesson), guide: record.guide, checked: record.checked });
        keep(lesson, recordOf(lesson));
        drawn = '';
        go({ step: 'question' });
      }
    },
    onblur: () => ask_(false),
    onkeydown: (event) => { if (event.key === 'Escape') ask_(false); },
  });
  ask_(false);
  return button;
}

function trail(lesson, { steps, at, record }) {
  const { stage: now, place } = steps[at];
  const count = lesson.predictions.length;
  const many = place && count > 1 ? ` ${place} of ${count}` : '';
  return h('div', { class: 'trail' },
    h('ol', { 'aria-label': 'Steps of the lesson' }, ...STAGES.map((text, stage) =>
      h('li', { 'aria-current': stage === now ? 'step' : undefined, class: stage < now ? 'done' : '' },
        stage === now ? text + many : text))),
    h('div', { class: 'row' },
      ...(record.answer && now > 3 ? [h('button', {
        type: 'button', class: 'quiet', id: 'save-lesson', onclick: () => saveLesson(lesson, record, about),
      }, 'Save this lesson')] : []),
      ...(record.locked || lesson.predictions.some((one) => made(record, one)) ? [again(lesson, record)] : []),
      ...(steps[at].name === 'debrief' ? [] : [h('button', {
        type: 'button', class: 'quiet', id: 'for-lecturer', onclick: () => go({ step: 'debrief' }),
      }, 'For the lecturer')]),
      h('button', { type: 'button', class: 'quiet', onclick: () => go({ lesson: '', step: '' }) }, 'All lessons')));
}

/** Back and next; `changed` is to be called when something was said. */
function buttons(lesson, { steps, at, record }) {
  const next = steps[at + 1]?.name === 'debrief' ? undefined : steps[at + 1];
  const locks = !record.locked && steps[at].stage === 1 && next?.stage === 2;
  const back = at > 0 && (record.locked || steps[at].stage <= 1);
  const many = lesson.predictions.length > 1 ? 's' : '';
  const forward = next && h('button', {
    type: 'button', class: 'next', id: 'next', 'data-locks': locks,
    onclick: () => (locks ? lock(lesson, record, next) : goTo(next)),
  }, locks ? `Lock in my prediction${many}` : 'Next');
  const changed = () => {
    if (!forward || record.locked || steps[at].stage !== 1) return;
    forward.disabled = locks ? !lesson.predictions.every((one) => made(record, one)) : !made(record, steps[at].one);
  };
  changed();
  const node = h('div', { class: 'go' },
    h('button', { type: 'button', id: 'previous', onclick: () => (back ? goTo(steps[at - 1]) : go({ lesson: '', step: '' })) },
      back ? 'Back' : 'All lessons'),
    ...(forward ? [forward] : []));
  return { node, changed };
}

/** Scroll a text by what is seen of it; false where there is no more of it that way. */
function turned(body, way) {
  const left = way > 0 ? body.scrollHeight - body.clientHeight - body.scrollTop : body.scrollTop;
  if (left <= 1) return false;
  body.scrollTop += way * 0.9 * body.clientHeight;
  return true;
}

/** Draw the step's drawing anew where its room is another; whoever is on a handle of it stays there. */
function fitted(section) {
  const size = `${section.clientWidth} ${section.clientHeight}`;
  if (size === sized) return;
  sized = size;
  const handles = () => [...section.querySelectorAll('[role=slider]')];
  const held = handles().indexOf(document.activeElement);
  refill();
  if (held >= 0) (handles()[held] ?? handles().at(-1)).focus();
}

function draw() {
  const section = $(lessons.name);
  const lesson = chosen();
  const found = lesson && current(lesson);
  const key = JSON.stringify([lesson?.name, found?.at, found?.record.locked]);
  if (key === drawn) return fitted(section);
  drawn = key;
  sized = '';
  refill = () => {};
  const held = section.contains(document.activeElement) ? document.activeElement.id : null;
  section.dataset.step = lesson ? found.steps[found.at].name : '';
  if (!lesson) section.replaceChildren(...list());
  else {
    const go_ = buttons(lesson, found);
    const { over, title, under, fill } = content(lesson, found, go_.changed);
    section.replaceChildren(trail(lesson, found),
      h('div', { class: 'step', tabindex: 0, role: 'group', 'aria-labelledby': 'step-title' },
        ...(over ? [h('p', { class: 'over' }, over)] : []), h('h2', { id: 'step-title', tabindex: -1 }, ...title), ...under),
      go_.node);
    refill = fill ?? refill;
  }
  fitted(section);
  // who was here stays here, also where an answer came meanwhile
  if (moved || held !== null) ((!moved && $(held)) || section.querySelector('h2')).focus();
  moved = false;
  return undefined;
}

// A presenter sends Page Up and Page Down: they turn pages wherever the focus is, and never change what was said.
// To lock in needs the button itself.
addEventListener('keydown', (event) => {
  if (state.show?.view !== lessons.name || event.ctrlKey || event.altKey || event.metaKey) return;
  const page = event.key === 'PageDown' || event.key === 'PageUp';
  if (!page && event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
  if (!page && event.target.closest('input, select, summary, [role=slider]')) return;
  const forward = event.key === 'PageDown' || event.key === 'ArrowRight';
  if (page) event.preventDefault();
  if (page && turned($(lessons.name).querySelector('.step'), forward ? 1 : -1)) return;
  const button = $(forward ? 'next' : 'previous');
  if (!button || button.disabled || button.dataset.locks === '') return;
  event.preventDefault();
  button.click();
});

export const lessons = {
  name: 'lessons',
  title: 'Lessons',
  parts: ['lessons'],
  choices: [],

  draw(_, known) {
    about = known;
    draw();
  },

  move() {},
};
