// What is said and done on one day of one run, in words, and what each message moved.

import { $, dateOf, h, number } from './dom.js';
import { show, state } from './state.js';
import { HOME, placesOfTeams, rowOf, rowsOn, story } from './story.js';

const DIGITS = 5; // a message moves some ten thousandths
const FEW = 3; // receivers that are named
const NEWS = { event: 'Event', campaign: 'Campaign', incident: 'Incident' };
const NOTICES = { OFFER: 'Offer', ANSWER: 'Answer' };

let waiting = 0;

const moved = (by) => (by === 0 ? '0' : number(by, DIGITS, true));

/** Rows of a message: a receiver each. */
function receivers(told, m) {
  const { message, row } = told.arrays;
  const first = rowOf(message, m)[2];
  const end = m + 1 < message.shape[0] ? rowOf(message, m + 1)[2] : row.shape[0];
  return Array.from({ length: end - first }, (_, i) => rowOf(row, first + i));
}

/** A message and what it moved at `place`, where 0 is all capitals; null where it was not heard. */
function heardAt(told, m, place) {
  const rows = receivers(told, m);
  if (!place) {
    const [effort, ...by] = rowOf(told.arrays.everywhere, m);
    return { m, rows, effort, by };
  }
  const own = rows.find(([where]) => where === place);
  return own && { m, rows, effort: own[1], by: [own[3], own[4]] };
}

function toWhom(rows, told) {
  const names = rows.map(([place]) => told.places[place]);
  if (names.length === told.places.length - 1 && names.length > 1) return `to all ${names.length} capitals`;
  return names.length > FEW ? `to ${names.length} capitals` : `to ${names.join(', ')}`;
}

/** What a message is about, in its sender's words or the claim's. */
function about(told, m) {
  const { narrative, claim } = told.phrases[rowOf(told.arrays.message, m)[1]];
  return `\u201C${narrative || claim}\u201D`;
}

function messageRow(told, { m, rows, effort, by }, arm) {
  const [day, phrase, , replied] = rowOf(told.arrays.message, m);
  const { text } = told.phrases[phrase];
  const answers = replied < 0 ? '' : ` \u00B7 a reply to ${about(told, replied)}`;
  return h('tr', { 'data-message': told.ids[m] },
    h('th', { scope: 'row' },
      h('button', {
        type: 'button', title: `${told.ids[m]}: what if this had not been said?`,
        onclick: () => show({ view: 'why', knock: `message:${told.ids[m]}`, arm, day }),
      }, text),
      h('small', { title: rows.map(([place]) => told.places[place]).join(', ') },
        `${toWhom(rows, told)} \u00B7 effort ${effort.toFixed(3)}${answers}`)),
    ...by.map((delta, k) => h('td', { class: `n side${k}` }, moved(delta))));
}

/** Who speaks: a side from home, or a team where it is. */
function speaker(told, phrase, scenario, day) {
  const side = scenario.claimants[phrase.side];
  const team = told.teams.findIndex(({ name }) => name === phrase.channel);
  if (team < 0) return `${side}, from home`;
  const place = placesOfTeams(told, day)[team];
  return `${phrase.channel} (${side})${place > 0 ? `, in ${told.places[place]}` : ''}`;
}

function table(told, heard, place, scenario, day, caption) {
  const bodies = new Map();
  for (const one of heard) {
    const phrase = told.phrases[rowOf(told.arrays.message, one.m)[1]];
    const who = speaker(told, phrase, scenario, day);
    if (!bodies.has(who)) {
      bodies.set(who, h('tbody', {}, h('tr', { class: 'who' },
        h('th', { scope: 'rowgroup', colspan: 3, class: `side${phrase.side}` }, who))));
    }
    bodies.get(who).append(messageRow(told, one, state.show.arm));
  }
  return h('table', { class: 'said' },
    h('caption', {}, caption),
    h('thead', {},
      h('tr', {}, h('th', { scope: 'col' }, `${heard.length} message${heard.length === 1 ? '' : 's'}; sympathy (\u22121 to +1) toward`),
        ...scenario.claimants.map((name, k) => h('th', { scope: 'col', class: `n side${k}` }, name)))),
    ...bodies.values());
}

function travels(told, day, scenario) {
  const now = placesOfTeams(told, day);
  const before = day > 0 ? placesOfTeams(told, day - 1) : null;
  if (!now) return [];
  return told.teams.flatMap(({ name, side }, team) => {
    const from = before ? before[team] : HOME;
    if (now[team] === from) return [];
    const who = `${name} (${scenario.claimants[side]})`;
    if (now[team] > 0) return [['Travel', `${who} arrives in ${told.places[now[team]]}`, [now[team]]]];
    return from > 0 ? [['Travel', `${who} leaves ${told.places[from]}`, [from]]] : [];
  });
}

/** What is done on the day, as [kind, text, the places that do it or [] where all do]. */
function doings(told, day, scenario) {
  const news = state.answer.happenings[state.show.arm]
    .filter((one) => one.day === day && NEWS[one.kind])
    .map((one) => [NEWS[one.kind], one.text || one.name, []]);
  const notices = told.notices.filter((one) => one.day === day).map((one) => [NOTICES[one.type], one.text, []]);
  const stances = told.stances.filter((one) => one.day === day).map((one) =>
    ['Stance', one.text, one.senders.map((name) => told.places.indexOf(name))]);
  return [...news, ...notices, ...stances, ...travels(told, day, scenario)];
}

function content(told, scenario) {
  const { day, place, only } = state.show;
  const filtered = only && place > 0;
  const near = ([, , where]) => !filtered || !where.length || where.includes(place);
  const done = doings(told, day, scenario).filter(near);
  const nodes = [h('ul', { class: 'done' },
    ...done.map(([kind, text]) => h('li', {}, h('b', {}, `${kind}: `), text)),
    ...(done.length ? [] : [h('li', { class: 'soft' }, 'Nothing else happens on this day.')]))];
  const all = rowsOn(day, told.arrays.message);
  if (!all.length) {
    const ended = day >= told.arrays.team_place.shape[0];
    return [...nodes, h('p', { class: 'soft' }, ended ? 'The run ends here.' : 'Nobody sends a message on this day.')];
  }
  const here = all.map((m) => heardAt(told, m, place)).filter(Boolean);
  const name = told.places[place];
  nodes.push(table(told, here, place, scenario, day,
    place ? `Said to ${name}, and what it moved there` : 'Said, and what it moved in all capitals, weighted by importance'));
  if (place && !only) {
    const heard = new Set(here.map(({ m }) => m));
    const others = all.filter((m) => !heard.has(m)).map((m) => heardAt(told, m, 0));
    if (others.length) {
      nodes.push(table(told, others, 0, scenario, day, `Said elsewhere, and what it moved in all capitals, weighted by importance`));
    }
  }
  return [...nodes, h('p', { class: 'soft' },
    'A denial moves no sympathy by itself: it weakens the accusations that are heard with it. '
    + `A point of net opinion is about ${scenario.opinion_point} of sympathy.`)];
}

export function drawLog(scenario) {
  const { day, place, arm, only } = state.show;
  const told = story();
  cancelAnimationFrame(waiting);
  $('log-title').textContent = `${dateOf(scenario.start, day, true)}, ${state.answer.arm_names[arm]}`;
  $('of-only').hidden = place === 0;
  $('only').checked = only;
  $('only-name').textContent = `only what ${state.answer.places[place]} hears`;
  $('log').setAttribute('aria-busy', String(!told));
  const within = $('said').contains(document.activeElement);
  $('said').replaceChildren(...(told ? content(told, scenario)
    : [h('p', { class: 'soft' }, 'The run is being told. That takes a few seconds.')]));
  if (within) $('log').focus(); // what had it is gone
}

/** As `drawLog`, once the day rests for a frame: while it is scrubbed, the drawing goes first. */
export function moveLog(scenario) {
  const { day } = state.show;
  $('log').setAttribute('aria-busy', 'true');
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    waiting = requestAnimationFrame(() => { if (day === state.show.day) drawLog(scenario); });
  });
}

export function listenForLog() {
  $('only').addEventListener('change', (event) => show({ only: event.target.checked }));
}
