// The run that the stage tells in full. Telling takes seconds, so not at every step of a drag.

import { askOfRuns } from './asking.js';
import { inGesture, state } from './state.js';

let told = { of: '', scenario: '', answer: null };
let asked = '';

const wanted = () => JSON.stringify([state.ask, state.show.arm]);

/** The run that is looked at, told in full; null while it is not there yet. */
export const story = () =>
  (told.of === wanted() && told.scenario === state.answer.scenario ? told.answer : null);

/** Have the run told that is looked at, once nothing is dragged. */
export function tell(onTold) {
  const of = wanted();
  if (told.of === of || asked === of || inGesture()) return;
  asked = of;
  const { scenario } = state.ask;
  askOfRuns('story', { arm: state.show.arm }, (answer) => {
    told = { of, scenario, answer };
    if (asked === of) asked = '';
    onTold();
  });
}

/** The rows of an array, first column the day in order, that are of one day. */
export function rowsOn(day, { shape: [count, width], values }) {
  const from = (least) => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle * width] < least) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const first = from(day);
  return Array.from({ length: from(day + 1) - first }, (_, i) => first + i);
}

/** One row of an array. */
export const rowOf = ({ shape: [, width], values }, i) => values.subarray(i * width, (i + 1) * width);

/** Where a team is on a day: a place, HOME or AWAY. */
export const HOME = -1;
export const AWAY = -2; // not in the field

export function placesOfTeams(told_, day) {
  const { shape: [days] } = told_.arrays.team_place;
  return day < days ? rowOf(told_.arrays.team_place, day) : null; // a run ends with a state
}
