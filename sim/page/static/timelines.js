// The view that opens first: charts of both arms, and the values of the chosen day.

import { drawCharts, moveDay } from './charts.js';
import { drawLegend } from './legend.js';
import { drawLevels, moveLevels } from './levels.js';
import { state } from './state.js';

export const timelines = {
  name: 'timelines',
  title: 'Timelines',
  parts: ['timelines', 'days', 'levels', 'levers'],
  choices: ['of-place', 'of-quantity'],

  draw(scenario) {
    drawLegend(scenario);
    drawCharts(scenario);
    drawLevels(scenario);
  },

  move(scenario) {
    moveDay(state.show.day);
    moveLevels(scenario);
  },
};
