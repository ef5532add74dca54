// The network: capitals and both homes at schematic places, who listens to whom, the teams, and
// the messages of the day from who sends them to who hears them.

import { $, dateOf, number, s } from './dom.js';
import { mark } from './legend.js';
import { STATES, TYPES, diamond, fullest, mediatorOn, mediators, radius, tint } from './scale.js';
import { show, state } from './state.js';
import { AWAY, HOME, placesOfTeams, rowOf, rowsOn, story } from './story.js';

const LONGEST_LINE = 12; // letters of a name before it is broken
const UNKNOWN_SIZE = 0.4; // drawn as if it were this attention, until the run is told
const ABREAST = 4; // teams beside each other at one place
const THICKEST = 6; // pixels: a line of all of a side's effort of a day
const APART = 3; // pixels between lines of different types
const NARROW = 500; // pixels: in less width both homes have names in three lines
const ROOMY = 16; // places, both homes among them, that are drawn in full size; more are smaller
const SMALLEST = 0.75; // of the full size
const HIGHEST = 0.03; // of the drawing's height: the radius of a disc among many places
const LEAST_WIDTH = 50; // letters: what the names of many places need; in less room the drawing scrolls
const LEAST_HEARD = 0.05; // share from which a line is drawn among many places, unless it is the chosen one's
let frame = null; // what the last drawing needs to move the day

const value = (name, day, place) => {
  const { shape, values } = state.answer.arrays[`${name}.${state.show.arm}`];
  return values[shape.length === 1 ? day : day * shape[1] + place];
};

/** Attention of a place on a day; null where it is not known (yet), as on the last day. */
function attentionOf(told, day, place) {
  if (!told || day >= told.arrays.attention.shape[0]) return null;
  return rowOf(told.arrays.attention, day)[place];
}

/** A long name in two lines, or in so many. */
function broken(name, most = 2) {
  const gaps = [...name.matchAll(/ /g)].map(({ index }) => index);
  if (name.length <= LONGEST_LINE || !gaps.length || most < 2) return [name];
  const ideal = name.length / most;
  const at = gaps.reduce((best, gap) => (Math.abs(gap - ideal) < Math.abs(best - ideal) ? gap : best));
  return [name.slice(0, at), ...broken(name.slice(at + 1), most - 1)];
}

function label(lines, y, size, ...more) {
  const text = s('text', { 'text-anchor': 'middle' },
    ...lines.map((line, i) => s('tspan', { x: 0, y: y + i * size * 1.08 }, line)));
  text.append(...more);
  return text;
}

/** A capital: a button that chooses it. */
function capital(name, place, box, scenario) {
  const { size, largest } = box;
  const chosen = place === state.show.place;
  const choose = () => show({ place: chosen ? 0 : place });
  const mediates = mediators(scenario).some(([, one]) => one === name); // on some day
  const below = largest + size * (mediates ? 1.5 : 0.95); // clear of the diamond
  const lines = broken(name);
  const level = s('tspan', { class: 'level', display: box.named && !chosen && !mediates ? 'none' : undefined });
  const ground = s('circle', { class: 'ground' });
  const circle = s('circle');
  const ring = s('circle', { class: 'ring' });
  const node = s('g', {
    class: chosen ? 'node chosen' : 'node', role: 'button', tabindex: 0, 'aria-pressed': String(chosen), 'data-place': place,
    onclick: choose,
    onkeydown: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation(); // the space bar does not play here
      choose();
    },
  }, s('circle', { class: 'reach', r: largest + 4 }), ring, ground, circle);
  let diamond_ = null;
  let standing = null;
  if (mediates) {
    diamond_ = s('path', { class: 'mediator' });
    standing = s('tspan', { class: 'standing', x: 0, y: below + lines.length * size * 1.08 });
    node.insertBefore(diamond_, ring);
  }
  node.append(label(lines, below, size, level, ...(standing ? [standing] : [])));
  return { name, place, node, ground, circle, ring, level, mediator: diamond_, standing };
}

/** Lines between those of whom one listens to the other; thick for what the chosen one hears. */
function edges(told, at) {
  const pairs = new Map();
  const rows = told.arrays.listening.shape[0];
  for (let i = 0; i < rows; i += 1) {
    const [listener, heard, share] = rowOf(told.arrays.listening, i);
    const key = [Math.min(listener, heard), Math.max(listener, heard)].join();
    const pair = pairs.get(key) ?? { listener, heard, share: 0, own: 0 };
    pair.share = Math.max(pair.share, share);
    if (listener === state.show.place) pair.own = share;
    pairs.set(key, pair);
  }
  const least = state.answer.places.length > ROOMY ? LEAST_HEARD : 0;
  const drawn = [...pairs.values()].filter(({ share, own }) => own || share >= least);
  return drawn.map(({ listener, heard, share, own }) => {
    const line = s('path', { class: own ? 'hears own' : 'hears', d: `M${at(listener)}L${at(heard)}` });
    line.style.strokeWidth = own ? 1 + 14 * own : 0.8;
    line.style.opacity = own ? 0.9 : Math.min(0.9, 0.25 + 2 * share);
    return line;
  });
}

/** From one point to another, moved aside by a few pixels so that types lie side by side. */
function aside([x, y], [toX, toY], by) {
  const length = Math.hypot(toX - x, toY - y) || 1;
  const [dx, dy] = [(-(toY - y) / length) * by, ((toX - x) / length) * by];
  const point = (a, b) => `${(a + dx).toFixed(1)} ${(b + dy).toFixed(1)}`;
  return `M${point(x, y)}L${point(toX, toY)}`;
}

const thickness = (effort) => Math.max(0.9, THICKEST * Math.sqrt(effort)).toFixed(2);

/** The slot of each team where it is: beside those that come before it in the file, above the place. */
function slots(told, places, box) {
  const many = new Map();
  const key = (team) => (places[team] === HOME ? `home${told.teams[team].side}` : places[team]);
  told.teams.forEach((_, team) => many.set(key(team), (many.get(key(team)) ?? 0) + 1));
  const used = new Map();
  return told.teams.map(({ side }, team) => {
    if (places[team] === AWAY) return null;
    const i = used.get(key(team)) ?? 0;
    used.set(key(team), i + 1);
    const row = Math.floor(i / ABREAST);
    const abreast = Math.min(ABREAST, many.get(key(team)) - row * ABREAST);
    const [x, y] = places[team] === HOME ? box.homes[side] : box.points[places[team]];
    const step = box.size * 1.35;
    return [x + ((i % ABREAST) - (abreast - 1) / 2) * step, y - box.largest - box.size * (1.8 + 1.2 * row)];
  });
}

function layout(scenario) {
  const svg = $('network');
  const { audiences, homes } = scenario.positions;
  svg.style.fontSize = ''; // as the sheet has it
  const many = audiences.length + homes.length;
  const named = many > ROOMY; // there is room for names, not for numbers beside them
  const full = parseFloat(getComputedStyle(named ? svg.parentElement : svg).fontSize);
  const size = full * Math.min(1, Math.max(SMALLEST, Math.sqrt(ROOMY / many)));
  svg.style.fontSize = named ? `${size}px` : '';
  svg.style.minWidth = named ? `${LEAST_WIDTH * full}px` : '';
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  const largest = Math.min(size * 1.9, named ? height * HIGHEST : Infinity);
  const side = full * 4;
  const [top, bottom] = [largest + size * 2.6, largest + size * 2.6];
  const point = ([x, y]) => [side + ((width - 2 * side) * x) / 100, top + ((height - top - bottom) * y) / 100];
  return { svg, width, height, size, named, largest, points: [null, ...audiences.map(point)], homes: homes.map(point) };
}

export function drawNetwork(scenario) {
  const box = layout(scenario);
  if (!box.width || !box.height) return;
  const told = story();
  const focused = document.activeElement?.closest?.('#network .node')?.dataset.place;
  const at = (place) => box.points[place].map((one) => one.toFixed(1)).join(' ');
  const capitals = scenario.audiences.map((name, a) => capital(name, a + 1, box, scenario));
  for (const { node, place } of capitals) node.setAttribute('transform', `translate(${at(place)})`);
  const homes = scenario.claimants.map((name, k) => s('g', { class: `home side${k}`, transform: `translate(${box.homes[k].join(' ')})` },
    s('rect', { x: -box.size * 0.9, y: -box.size * 0.9, width: box.size * 1.8, height: box.size * 1.8, rx: 4 }),
    label(broken(name, box.width < NARROW ? 3 : 2), box.size * 2, box.size)));
  const flows = s('g', { class: 'flows', 'aria-hidden': 'true' });
  const teams = (told?.teams ?? []).map(({ name, side }) => {
    const lines = s('g');
    const node = s('g', { class: `team side${side}` }, lines, s('path', { d: mark.hit[side](0, 0), transform: `scale(${box.size / 8})` }),
      s('title', {}, `${name} (${scenario.claimants[side]})`));
    return { node, lines, links: new Map() };
  });
  box.svg.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`);
  box.svg.classList.add('still');
  box.svg.replaceChildren(
    s('g', { class: 'edges', 'aria-hidden': 'true' }, ...(told ? edges(told, at) : [])), flows,
    s('g', { 'aria-hidden': 'true' }, ...homes), s('g', {}, ...capitals.map(({ node }) => node)),
    s('g', { 'aria-hidden': 'true' }, ...teams.map(({ node }) => node)));
  frame = { box, capitals, flows, teams, told, lines: new Map(), day: null, top: fullest() };
  moveNetwork(scenario);
  if (focused) box.svg.querySelector(`[data-place="${focused}"]`)?.focus();
}

/** What the mediator's offer stands at: as the day begins, or by what is said of it on that day; a state and lines of words. */
function standingOn(told, day) {
  const before = value('mediation', day, 0);
  const notices = told ? told.notices.filter((one) => one.day === day) : [];
  if (!notices.some(({ type }) => type === 'OFFER')) return { number: before, lines: [STATES[before]] };
  const answers = notices.filter(({ type }) => type === 'ANSWER').map(({ sender, says }) => `${sender} ${says}`);
  return { number: value('mediation', day + 1, 0), lines: ['offered today', ...answers] };
}

function moveCapitals(scenario, day) {
  const { box, capitals, told, top } = frame;
  const standing = standingOn(told, day);
  const mediating = mediatorOn(scenario, day);
  for (const { name, place, node, ground, circle, ring, level, mediator, standing: words } of capitals) {
    const alignment = value('alignment', day, place);
    const attention = attentionOf(told, day, place);
    const r = radius(attention ?? UNKNOWN_SIZE, box.largest);
    for (const one of [ground, circle]) one.setAttribute('r', r.toFixed(1));
    ring.setAttribute('r', (r + 4).toFixed(1));
    tint(circle, 'capital', alignment, top);
    level.textContent = ` ${number(alignment, 2, true)}`;
    if (mediator) {
      mediator.setAttribute('class', `mediator state${standing.number}`);
      mediator.setAttribute('d', diamond(((r + 4) * Math.SQRT2).toFixed(1)));
      mediator.style.display = name === mediating ? '' : 'none';
      words.replaceChildren(...(name === mediating ? standing.lines : []).map((line, i) => s('tspan', { x: 0, dy: i && box.size * 1.08 }, line)));
    }
    node.setAttribute('aria-label', [
      `${name}: alignment ${number(alignment, 2, true)}`,
      attention === null ? 'attention not known' : `attention ${attention.toFixed(2)}`,
      ...(name === mediating ? [`mediator, ${standing.lines.join(', ')}`] : []),
    ].join(', '));
  }
}

/** The line of one sender, type and place, made when it is first needed. */
function lineFor(side, type, place) {
  const { box, lines } = frame;
  const key = `${side} ${type} ${place}`;
  if (!lines.has(key)) lines.set(key, s('path', { d: aside(box.homes[side], box.points[place], (type - 1) * APART) }));
  return lines.get(key);
}

function moveMessages(day, spots) {
  const { box, flows, teams, told } = frame;
  const { place: chosen } = state.show;
  const fromHome = [];
  for (const { lines: own } of teams) own.replaceChildren();
  for (const i of rowsOn(day, told.arrays.flow)) {
    const [, side, team, type, place, effort] = rowOf(told.arrays.flow, i);
    const faint = chosen && chosen !== place ? ' faint' : '';
    const kind = `flow type${type} side${side}${faint}`;
    if (team === HOME) {
      const line = lineFor(side, type, place);
      line.setAttribute('class', kind);
      line.style.strokeWidth = thickness(effort);
      fromHome.push(line);
    } else if (spots[team]) {
      const [x, y] = spots[team];
      const [toX, toY] = box.points[place];
      const edge = 1 - radius(attentionOf(told, day, place), box.largest) / Math.hypot(toX - x, toY - y);
      const end = [(toX - x) * edge, (toY - y) * edge];
      const line = s('path', { class: kind, d: aside([0, 0], end, (type - 1) * APART * 1.7) });
      line.style.strokeWidth = Math.min(APART + 1, thickness(effort)); // side by side on a short way
      teams[team].lines.append(line);
    }
  }
  flows.replaceChildren(...fromHome);
}

/** Teams go to their spots; one that is not in the field is out of sight at home. */
function moveTeams(spots) {
  frame.teams.forEach(({ node }, team) => {
    const [x, y] = spots[team] ?? frame.box.homes[frame.told.teams[team].side];
    node.classList.toggle('resting', !spots[team]);
    node.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`); // where a picture is taken home
    node.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
  });
}

export function moveNetwork(scenario) {
  if (!frame) return;
  const { day } = state.show;
  const { box, told } = frame;
  // teams travel from one day to the next; a jump is not a journey
  box.svg.classList.toggle('still', frame.day === null || Math.abs(day - frame.day) !== 1);
  frame.day = day;
  moveCapitals(scenario, day);
  const places = told && placesOfTeams(told, day);
  if (told) {
    const spots = places ? slots(told, places, box) : told.teams.map(() => null);
    moveTeams(spots);
    moveMessages(day, spots);
  }
  box.svg.setAttribute('aria-label', words(scenario, day, places));
  box.svg.dataset.legend = legend(scenario, day);
}

/** What a picture of it has to say, where the legend is not beside it. */
function legend({ start, claimants }, day) {
  const top = number(frame.top, 2);
  return [
    `${state.answer.arm_names[state.show.arm]}, ${dateOf(start, day, true)}.`,
    `Circle: alignment as the day begins, \u2212${top} (${claimants[1]}) to +${top} (${claimants[0]}); its size: attention.`,
    `Triangle: team. Line: messages, thicker with effort; ${TYPES.join(', ')}: whole, dashed, dotted.`,
  ].join(' ');
}

/** What the drawing shows, for those who do not see it; messages are in the list beside. */
function words(scenario, day, places) {
  const { told } = frame;
  const abroad = (places ? told.teams.map(({ name }, team) => [name, places[team]]) : [])
    .filter(([, place]) => place > 0)
    .map(([name, place]) => `${name} in ${scenario.audiences[place - 1]}`);
  return [
    `Network of ${scenario.audiences.length} capitals and two homes on ${dateOf(scenario.start, day, true)}, ${state.answer.arm_names[state.show.arm]}.`,
    `${mediatorOn(scenario, day)}: ${standingOn(told, day).lines.join(', ')}.`,
    abroad.length ? `Teams abroad: ${abroad.join('; ')}.` : 'No team is abroad.',
    'Each capital is a button that says its alignment and attention.',
  ].join(' ');
}
