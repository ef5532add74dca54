// What a class takes home: pictures, tables, the scenario, the commands that give the same numbers.

import { askOfRuns } from './asking.js';
import { drawCharts } from './charts.js';
import { copied } from './copying.js';
import { $, h, number, readable } from './dom.js';
import { download, fileName, pngOf, svgText } from './export.js';
import { bandWords } from './legend.js';
import { state, subscribe } from './state.js';

const TIMELINES = 'timelines';
let last = null; // the view that was looked at before, and with what
let asked = ''; // what the files are of
let files = null; // the answer
let chosen = 0; // which picture
let preview = ''; // the address of the picture that is shown
let drawn = ''; // what is shown

const key = () => JSON.stringify([state.ask, state.show.day, state.show.place, state.show.arm]);

subscribe(() => {
  if (state.show.view !== 'home') last = { view: state.show.view, key: key() };
});

/** Where numbers of this state come from, in one line. */
export function provenance(scenario, about) {
  const { ask, answer } = state;
  const [above, below] = answer.arm_names;
  const changed = [
    ...Object.entries(ask.parameters).map(([name, value]) => `${readable(name)} ${value}`),
    ...Object.entries(ask.switches).map(([name, on]) => `${readable(name)} ${on ? 'on' : 'off'}`),
  ];
  return [
    'A model, not a forecast', `${scenario.title} (${answer.scenario})`,
    above === below ? above : `${above} and ${below} on the same draws`,
    `seed ${answer.seed}, run ${answer.replicate}`,
    ...(changed.length ? [`changed: ${changed.join(', ')}`] : []), `narrative-diplomacy ${about.version}`,
  ].join(' \u00b7 ');
}

/** The timelines drawn at a size of their own, whatever the window's. */
function timelines(scenario) {
  const section = $(TIMELINES);
  const { hidden } = section;
  section.hidden = false;
  section.classList.add('aside');
  try {
    drawCharts(scenario);
  } finally {
    section.classList.remove('aside');
    section.hidden = hidden;
  }
  return $('charts');
}

/** What the timelines show and what their marks mean, for a reader who does not have the page. */
function timelinesLegend(scenario) {
  const { answer, show } = state;
  const [one, other] = scenario.claimants;
  const of = show.quantity === 'sympathy'
    ? `Sympathy toward ${one} (blue) and ${other} (brown), each` : `Alignment (above 0 nearer to ${one}, below to ${other}),`;
  return `${answer.places[show.place]}. ${of} from \u22121 to +1; tension from 0 up. Line: one run. Band: ${bandWords()}. `
    + `Marks: \u25B2 incident, ${one} hit; \u25BC incident, ${other} hit; \u25C7 offer; \u25AC mediation active.`;
}

/** Drawings to choose from: those of the view before, as it was left, and the timelines. */
function pictures(scenario) {
  const found = [{
    name: 'Timelines', drawing: () => timelines(scenario),
    legend: timelinesLegend(scenario),
  }];
  if (last && last.view !== TIMELINES && last.key === key()) {
    const drawn = [...$(last.view)?.querySelectorAll('svg:is([role="img"], [role="group"])[viewBox]') ?? []];
    found.unshift(...drawn.map((drawing) => ({
      name: drawing.dataset.name ?? readable(last.view), drawing: () => drawing, legend: drawing.dataset.legend ?? '',
    })));
  }
  return found;
}

function picturePart(scenario, about) {
  const all = pictures(scenario);
  chosen = Math.min(chosen, all.length - 1);
  const one = all[chosen];
  const words = [one.legend, provenance(scenario, about)].filter(Boolean).join(' ');
  const text = svgText(one.drawing(), words);
  URL.revokeObjectURL(preview);
  preview = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  const name = `${fileName(state.answer.scenario)}_${fileName(one.name.toLowerCase())}`;
  const select = h('select', {
    onchange: () => { chosen = Number(select.value); draw(scenario, about); $('picture').focus(); }, id: 'picture',
  }, ...all.map((option, value) => h('option', { value, selected: value === chosen }, option.name)));
  return h('section', { 'aria-labelledby': 'home-picture' },
    h('h2', { id: 'home-picture' }, 'Picture'),
    h('div', { class: 'row' },
      h('label', {}, 'of ', select),
      h('button', { type: 'button', onclick: async () => download(`${name}.png`, 'image/png', await pngOf(text)) }, 'PNG'),
      h('button', { type: 'button', onclick: () => download(`${name}.svg`, 'image/svg+xml', text) }, 'SVG')),
    h('img', { src: preview, alt: `${one.name}, as it is saved` }));
}

function filePart() {
  const size = (text) => (text.length < 1e6 ? `${number(text.length / 1e3, 0)} kB` : `${number(text.length / 1e6, 1)} MB`);
  return h('section', { 'aria-labelledby': 'home-files' },
    h('h2', { id: 'home-files' }, 'Scenario and tables'),
    h('ul', { class: 'files' }, ...files.files.map((file) => h('li', {},
      h('button', { type: 'button', onclick: () => download(file.name, file.media, file.text) }, file.name),
      h('span', {}, `${file.what}; ${size(file.text)}`)))));
}

function commandPart() {
  return h('section', { 'aria-labelledby': 'home-commands' },
    h('h2', { id: 'home-commands' }, 'The same numbers from the command line'),
    h('p', { class: 'soft' }, `In the folder where ${files.files[0].name} is saved:`),
    h('ul', { class: 'files' }, ...files.commands.map((one, i) => {
      const copy = h('button', { type: 'button', 'aria-describedby': `command-${i}` }, 'Copy');
      copy.addEventListener('click', () => copied(copy, one.text));
      return h('li', {}, copy, h('div', {}, h('span', {}, `${one.what}:`), h('code', { id: `command-${i}` }, one.text)));
    })));
}

function draw(scenario, about) {
  const { view: _, ...shown } = state.show;
  const wanted = JSON.stringify([shown, state.answer.n, last, chosen, files?.n]);
  if (wanted === drawn) return; // a new picture would change the size of the view, which asks to draw
  drawn = wanted;
  $('home').replaceChildren(
    picturePart(scenario, about),
    h('div', { tabindex: 0, role: 'group', 'aria-label': 'Files and commands' },
      ...(files ? [filePart(), commandPart()] : [h('p', { class: 'soft' }, 'Files are being prepared.')])));
}

export const home = {
  name: 'home',
  title: 'Take home',
  parts: ['home'],
  choices: ['of-place', 'of-quantity'],

  draw(scenario, about) {
    const wanted = JSON.stringify(state.ask);
    if (wanted !== asked) {
      asked = wanted;
      files = null;
      askOfRuns('files', {}, (answer) => {
        if (asked !== wanted) return; // of what was asked before: not to be saved as this
        files = answer;
        if (state.show.view === 'home') draw(scenario, about);
      });
    }
    draw(scenario, about);
  },

  move(scenario, about) {
    draw(scenario, about);
  },
};
