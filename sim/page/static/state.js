// The one state of the page, its past, and the link that restores it.
//
// `ask` is all that an answer depends on, `show` how it is looked at. A change of `ask` can be
// undone; a change of `show` (the day, the capital) cannot, and needs no server.

export const state = { ask: null, show: null, answer: null };

const listeners = [];
const past = [];
const LONGEST_PAST = 200;
let gesture = '';
let waiting = 0;

export function subscribe(listener) {
  listeners.push(listener);
}

function tell(what) {
  for (const listener of listeners) listener(what);
  clearTimeout(waiting); // browsers limit how often an address may change
  waiting = setTimeout(() => history.replaceState(null, '', link()), 150);
}

/** Change what is asked; changes of one gesture (a drag) are undone together. */
export function ask(changes, of = '') {
  if (!of || of !== gesture) {
    past.push(JSON.stringify(state.ask));
    if (past.length > LONGEST_PAST) past.shift();
  }
  gesture = of;
  state.ask = { ...state.ask, ...changes };
  tell('ask');
}

export function endGesture() {
  gesture = '';
}

export function show(changes) {
  state.show = { ...state.show, ...changes };
  tell('show');
}

export function answered(answer) {
  state.answer = answer;
  tell('answer');
}

export const canUndo = () => past.length > 0;

export function undo() {
  if (!past.length) return;
  gesture = '';
  state.ask = JSON.parse(past.pop());
  tell('ask');
}

/** What the scenario itself asks for. */
export function fresh(about, name) {
  const scenario = about.scenarios[name];
  return {
    scenario: name, arms: [...scenario.chosen], seed: scenario.seed, replicate: 0,
    parameters: {}, switches: {},
  };
}

/** The address of exactly this state. */
export function link() {
  const { ask, show } = state;
  const words = new URLSearchParams({ scenario: ask.scenario });
  for (const arm of ask.arms) words.append('arm', arm);
  words.set('seed', ask.seed);
  words.set('replicate', ask.replicate);
  for (const [name, value] of Object.entries(ask.parameters)) words.set(`set.${name}`, value);
  for (const [name, on] of Object.entries(ask.switches)) words.set(`switch.${name}`, on);
  for (const [name, value] of Object.entries(show)) words.set(name, value);
  return `${location.pathname}#${words}`;
}

/** State from an address; what it does not say is the scenario's own. The server checks it. */
export function restore(about, hash, look) {
  const words = new URLSearchParams(hash.slice(1));
  const named = words.get('scenario');
  const known = Object.hasOwn(about.scenarios, named ?? about.served);
  const found = fresh(about, known ? named ?? about.served : about.served);
  if (!known) found.scenario = named;
  if (words.getAll('arm').length) found.arms = words.getAll('arm');
  for (const name of ['seed', 'replicate']) {
    if (words.has(name)) found[name] = Number(words.get(name));
  }
  for (const [key, value] of words) {
    if (key.startsWith('set.')) found.parameters[key.slice(4)] = Number(value);
    if (key.startsWith('switch.')) found.switches[key.slice(7)] = value === 'true';
  }
  state.ask = found;
  state.show = {
    day: Math.max(0, Math.trunc(Number(words.get('day')) || 0)),
    place: Math.max(0, Math.trunc(Number(words.get('place')) || 0)),
    quantity: words.get('quantity') === 'sympathy' ? 'sympathy' : 'alignment',
    look: ['light', 'dark', 'projector'].includes(words.get('look')) ? words.get('look') : look,
    levers: words.get('levers') !== 'false',
    values: words.get('values') !== 'false',
  };
  tell('ask');
}
