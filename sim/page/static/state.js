// The one state of the page, its past, and the link that restores it.
//
// `ask` is all that an answer depends on, `show` how it is looked at. A change of `ask`, or of what
// is left out of a run, can be undone and redone; another change of `show` (the day, the capital) cannot, and
// needs no server. `missing` names what the address asked for that is not here.

import { read, written } from './link.js';

export const state = { ask: null, show: null, answer: null, missing: [] };

const listeners = [];
const past = [];
const future = []; // what was undone since the last change
const LONGEST_PAST = 200;
let gesture = '';
let waiting = 0;
let entry = ''; // what the browser's history has of its own: the view, a lesson's step
let address = ''; // of the state as it was told last

export function subscribe(listener) {
  listeners.push(listener);
}

function tell(what) {
  for (const listener of listeners) listener(what);
  clearTimeout(waiting);
  const now = entryOf();
  if (now !== entry) {
    history.replaceState(null, '', address); // what was left, to come back to
    history.pushState(null, '', link());
    entry = now;
  } else waiting = setTimeout(() => history.replaceState(null, '', link()), 150); // browsers limit how often it may change
  address = link();
}

/** What Back and Forward go through; the day, levers and the rest change within one entry. */
const entryOf = () => JSON.stringify([state.show.view, state.show.lesson, state.show.step]);

function present() {
  const { knock, arm } = state.show; // what is left out, and of which of the two runs
  return JSON.stringify({ asked: state.ask, knock, arm });
}

function remember() {
  past.push(present());
  if (past.length > LONGEST_PAST) past.shift();
  future.length = 0;
}

/** Change what is asked; changes of one gesture (a drag) are undone together. */
export function ask(changes, of = '') {
  if (!of || of !== gesture) remember();
  gesture = of;
  if (changes.scenario) state.show.knock = ''; // begun anew
  state.missing = [];
  state.ask = { ...state.ask, ...changes };
  tell('ask');
}

export const inGesture = () => gesture !== '';

export function endGesture() {
  gesture = '';
  tell('show');
}

export function show(changes) {
  if ((changes.knock ?? state.show.knock) !== state.show.knock) remember();
  state.show = { ...state.show, ...changes };
  tell('show');
}

export function answered(answer) {
  state.answer = answer;
  tell('answer');
}

function recall(from, to) {
  if (!from.length) return;
  to.push(present());
  gesture = '';
  const { asked, knock, arm } = JSON.parse(from.pop());
  state.ask = asked;
  state.missing = [];
  if (knock !== state.show.knock) state.show = { ...state.show, knock, ...(knock ? { arm } : {}) };
  tell('ask');
}

export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;
export const undo = () => recall(past, future);
export const redo = () => recall(future, past);

/** The address of exactly this state. */
export const link = () => `${location.pathname}#${written(state.ask, state.show)}`;

/** What was missing has been read. */
export function closeMissing() {
  state.missing = [];
  tell('show');
}

/**
 * State from an address, also one that Back returns to; what it does not say, or asks for in vain, is the
 * scenario's own. What was asked before can be undone.
 */
export function restore(about, hash, views, look) {
  const { ask: asked, show: shown, missing } = read(about, hash, views, look);
  if (state.ask && (JSON.stringify(state.ask) !== JSON.stringify(asked) || state.show.knock !== shown.knock)) remember();
  gesture = '';
  state.ask = asked;
  state.show = shown;
  state.missing = missing;
  entry = entryOf();
  tell('ask');
}
