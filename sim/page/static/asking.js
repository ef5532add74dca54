// What the views ask the server, and where its refusals are shown.

import { $ } from './dom.js';
import { state } from './state.js';
import { connect } from './wire.js';

export function trouble(text) {
  $('status').textContent = text;
  $('status').hidden = false;
}

export function noTrouble() {
  $('status').hidden = true;
}

// The server answers the asks of a socket one after the other: what takes seconds has one of its
// own, opened when it is first needed, so that charts do not wait for it.
const sockets = new Map();
const BANDED = ['timelines', 'files']; // the others are of single runs, without bands

function send(kind, content, onAnswer) {
  const name = kind === 'timelines' ? 'quick' : 'slow';
  if (!sockets.has(name)) sockets.set(name, connect(trouble));
  sockets.get(name)(kind, { kind, ...content }, (answer) => {
    noTrouble();
    onAnswer(answer);
  });
}

/** Ask for something of the two runs that are looked at; `kind` is also the channel. */
export function askOfRuns(kind, more, onAnswer) {
  const { uncertainty, ...runs } = state.ask;
  send(kind, BANDED.includes(kind) ? { uncertainty, ...runs, ...more } : { ...runs, ...more }, onAnswer);
}

/** Ask for something else. */
export function askFor(kind, content, onAnswer) {
  send(kind, content, onAnswer);
}
