// The stage: what is said and done on one day of one run, as a network and in words.

import { drawLog, moveLog } from './log.js';
import { drawNetwork, moveNetwork } from './network.js';
import { drawScale } from './scale.js';
import { state } from './state.js';
import { tell } from './story.js';

export const stage = {
  name: 'stage',
  title: 'Stage',
  parts: ['stage', 'days', 'levers'],
  choices: ['of-arm', 'of-place'],

  draw(scenario, about) {
    tell(() => stage.draw(about.scenarios[state.answer.scenario], about));
    drawScale(scenario);
    drawNetwork(scenario);
    drawLog(scenario);
  },

  move(scenario, about) {
    tell(() => stage.draw(about.scenarios[state.answer.scenario], about)); // a drag may have ended
    moveNetwork(scenario);
    moveLog(scenario);
  },
};
