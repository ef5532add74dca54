// The address that holds the state, and the state that an address asks for.
//
// What an address asks for that is not here is named, so that it can be said, and the scenario's own
// stands in its place. The server checks every ask again.

const LONGEST = 60; // letters of a name that are repeated

/** What the scenario itself asks for. */
export function fresh(about, name) {
  const scenario = about.scenarios[name];
  return {
    scenario: name, arms: [...scenario.chosen], seed: scenario.seed, replicate: 0,
    parameters: {}, switches: {}, uncertainty: 'chance',
  };
}

/** The words of an address for exactly this state. */
export function written(ask, show) {
  const words = new URLSearchParams({ scenario: ask.scenario });
  for (const arm of ask.arms) words.append('arm', arm);
  words.set('seed', ask.seed);
  words.set('replicate', ask.replicate);
  words.set('uncertainty', ask.uncertainty);
  for (const [name, value] of Object.entries(ask.parameters)) words.set(`set.${name}`, value);
  for (const [name, on] of Object.entries(ask.switches)) words.set(`switch.${name}`, on);
  for (const [name, value] of Object.entries(show)) {
    if (value !== '') words.set(name === 'arm' ? 'of' : name, value);
  }
  return words;
}

const quoted = (word) => `\u201C${word.length > LONGEST ? `${word.slice(0, LONGEST)}\u2026` : word}\u201D`;

/** Reads words one by one; `missing` is what they ask for that is not here. */
function reader(words) {
  const missing = [];
  const read = (key, own, found, what) => {
    const word = words.get(key);
    if (word === null) return own;
    const value = found(word);
    if (value === undefined) missing.push(what(word));
    return value ?? own;
  };
  return {
    missing,
    /** One of some names. */
    one: (key, options, own, what = `the ${key}`) =>
      read(key, own, (word) => (options.includes(word) ? word : undefined), (word) => `${what} ${quoted(word)}`),
    /** A whole number; one beyond the highest gives `beyond`. */
    whole(key, highest, own, what = key, beyond = own) {
      const bounds = (word) => `${what} ${quoted(word)} (0 to ${highest} here)`;
      const found = read(key, own, (word) => (/^\d+$/.test(word) ? Number(word) : undefined), bounds);
      if (found <= highest) return found;
      missing.push(bounds(words.get(key)));
      return beyond;
    },
  };
}

/** Levers and switches, by name. */
function changes(words, scenario, missing) {
  const found = { parameters: {}, switches: {} };
  for (const [key, word] of words) {
    const [kind, ...rest] = key.split('.');
    const name = rest.join('.');
    if (kind === 'set') {
      const lever = scenario.levers.find((one) => one.name === name);
      const value = word.trim() === '' ? NaN : Number(word);
      if (!lever) missing.push(`the lever ${quoted(name)}`);
      else if (value >= lever.low && value <= lever.high) found.parameters[name] = value;
      else missing.push(`${name} at ${quoted(word)} (${lever.low} to ${lever.high} here)`);
    }
    if (kind === 'switch') {
      const known = scenario.switches.some((one) => one.name === name);
      if (known && ['true', 'false'].includes(word)) found.switches[name] = word === 'true';
      else missing.push(known ? `${name} ${quoted(word)}` : `the mechanism ${quoted(name)}`);
    }
  }
  return found;
}

/**
 * What an address asks for, as `ask` and `show`, and the names of what it asks for that is not here.
 *
 * `views` are the names of the views, the first of them the one that opens; `look` is that of the window.
 */
export function read(about, hash, views, look) {
  const words = new URLSearchParams(hash.slice(1));
  const { missing, one, whole } = reader(words);
  const name = one('scenario', Object.keys(about.scenarios), about.served);
  if (missing.length) { // what else it asks of a run is that scenario's
    for (const key of [...words.keys()]) {
      if (['arm', 'seed', 'replicate', 'day', 'place', 'of', 'toward', 'knock'].includes(key) || key.includes('.')) words.delete(key);
    }
  }
  const scenario = about.scenarios[name];
  const ask = fresh(about, name);
  words.getAll('arm').forEach((arm, i) => {
    if (i < 2 && scenario.arms.includes(arm)) ask.arms[i] = arm;
    else missing.push(i < 2 ? `the arm ${quoted(arm)}` : `a third arm, ${quoted(arm)}`);
  });
  ask.seed = whole('seed', Number.MAX_SAFE_INTEGER, ask.seed);
  ask.replicate = whole('replicate', about.runs - 1, 0, 'run');
  ask.uncertainty = one('uncertainty', ['chance', 'parameters'], ask.uncertainty, 'bands of');
  Object.assign(ask, changes(words, scenario, missing));
  const flag = (key) => one(key, ['true', 'false'], 'true') === 'true';
  const show = {
    day: whole('day', scenario.steps, 0, 'day', scenario.steps),
    place: whole('place', scenario.audiences.length, 0, 'capital number'),
    view: one('view', views, views[0]),
    arm: whole('of', 1, 0, 'arm number'),
    quantity: one('quantity', ['alignment', 'sympathy'], 'alignment'),
    span: one('span', ['day', 'week', 'start'], 'week', 'the stretch of days'),
    toward: one('toward', scenario.claimants, '', 'the side'),
    by: one('by', ['mechanism', 'cause'], 'mechanism', 'causes by'),
    knock: words.get('knock') ?? '',
    look: one('look', ['light', 'dark', 'projector'], look),
    only: flag('only'),
    levers: flag('levers'),
    values: flag('values'),
    lesson: one('lesson', about.lessons.map((lesson) => lesson.name), ''),
    step: words.get('step') ?? '',
  };
  return { ask, show, missing };
}
