// A curve over days, drawn by pointer, or by handles that arrow keys move.

import { curve, digitsOf, sheet, told } from './axes.js';
import { dateOf, s } from './dom.js';

const HANDLES = 9; // at most so many, evenly over the days
const APART = 3; // letters between two of them, at least
const SMALL_STEPS = 40; // presses of an arrow key from the lowest to the highest value

/**
 * A drawing to sketch on. `said` holds a value for each day from `days[0]` to `days[1]`, or null
 * before anything is drawn; `onChange(values)` is told every new sketch.
 */
export function sketch(one, start, said, others, size, onChange) {
  const [first, last] = one.days;
  const count = last - first + 1;
  const middle = one.low <= 0 && one.high >= 0 ? 0 : (one.low + one.high) / 2;
  const { box, x, y, nodes } = sheet(one, [one.low, one.high], one.days, start, size);
  const fine = Math.max(one.step, (one.high - one.low) / SMALL_STEPS);
  const em = size[2];
  const places = Math.max(2, Math.min(HANDLES, count, Math.floor((box.right - box.left) / (APART * em))));
  const handled = Array.from({ length: places }, (_, i) => Math.round((i * (count - 1)) / (places - 1 || 1)));
  let values = said;
  let held = null; // day and value of the last pointer sample

  const stepped = (value) => {
    const bounded = Math.min(one.high, Math.max(one.low, value));
    const kept = Number((Math.round(bounded / one.step) * one.step).toFixed(digitsOf(one.step)));
    return Math.min(one.high, Math.max(one.low, kept));
  };
  const drawn = s('path', { class: 'line you' });
  const handles = handled.map((place) => s('g', {
    class: 'handle', role: 'slider', tabindex: 0, 'aria-orientation': 'vertical',
    'aria-label': dateOf(start, first + place), 'aria-valuemin': one.low, 'aria-valuemax': one.high,
    onkeydown: (event) => press(event, place),
  }, s('circle', { r: 0.8 * em, class: 'grip' }), s('circle', { r: 0.35 * em })));

  function put() {
    if (values) drawn.setAttribute('d', curve(values, first, { x, y }));
    handles.forEach((handle, i) => {
      const value = values ? values[handled[i]] : middle;
      handle.setAttribute('transform', `translate(${x(first + handled[i])} ${y(value)})`);
      handle.setAttribute('aria-valuenow', value);
      handle.setAttribute('aria-valuetext', values ? told(one, value) : 'nothing drawn yet');
    });
  }

  function changed(next) {
    values = next;
    put();
    onChange(values);
  }

  function press(event, place) {
    const now = values ? values[place] : middle;
    const to = {
      ArrowUp: now + fine, ArrowRight: now + fine, ArrowDown: now - fine, ArrowLeft: now - fine,
      Home: one.low, End: one.high, Enter: now, ' ': now,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const by = stepped(to) - now;
    const at = handled.indexOf(place);
    const [before, after] = [handled[at - 1] ?? -1, handled[at + 1] ?? count];
    // the days between go along, less the nearer they are to the next handle
    const share = (day) => (day === place ? 1
      : day < place ? Math.max(0, (day - before) / (place - before))
        : Math.max(0, (after - day) / (after - place)));
    const from = values ?? new Array(count).fill(middle);
    changed(from.map((value, day) => (share(day) ? stepped(value + by * share(day)) : value)));
  }

  function sample(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const day = Math.round(((at.x - box.left) / (box.right - box.left)) * (count - 1));
    const share = (box.bottom - at.y) / (box.bottom - box.top);
    return [Math.min(count - 1, Math.max(0, day)), stepped(one.low + share * (one.high - one.low))];
  }

  function stroke(event) {
    if (!held) return;
    const [day, value] = sample(event);
    const [from, old] = held;
    const next = values ? [...values] : new Array(count).fill(old); // what is not drawn goes on level
    const begun = values ? null : [Math.min(from, day), Math.max(from, day)];
    for (let t = Math.min(from, day); t <= Math.max(from, day); t += 1) {
      next[t] = day === from ? value : stepped(old + ((value - old) * (t - from)) / (day - from));
    }
    if (begun) { // the first stroke reaches on to both ends
      next.fill(next[begun[0]], 0, begun[0]);
      next.fill(next[begun[1]], begun[1] + 1);
    }
    held = [day, value];
    changed(next);
  }

  const svg = s('svg', {
    class: 'sheet sketch', viewBox: `0 0 ${size[0]} ${size[1]}`, role: 'group',
    'aria-label': `${one.prompt} Draw with the pointer, or move the handles with the arrow keys.`,
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      svg.setPointerCapture(event.pointerId);
      held = sample(event);
      stroke(event);
    },
    onpointermove: stroke,
    onpointerup: () => { held = null; },
    onpointercancel: () => { held = null; },
  }, s('rect', { class: 'paper', width: size[0], height: size[1] }), ...nodes,
  ...others.map((values_) => s('path', { class: 'line you other', d: curve(values_, first, { x, y }) })),
  drawn, ...handles);
  put();
  return svg;
}
