// A ledger as a waterfall: from the level before, one bar a cause, to the level after. Up is toward
// the first side in its colour, down toward the second in its own, of the same strength.

import { directions, halves, opinionScale, panel, range, scale } from './charts.js';
import { putAttribute, renew, s, signed, wrapped } from './dom.js';
import { state } from './state.js';

const LEAST = 4.9; // widths of a letter M for a bar with its label
const SMALLEST = 0.75; // of the letters of a look: below it a drawing scrolls instead
const MOST_LINES = 4; // of a label

/** The least width of a drawing for its labels and the size of its letters, in a frame and at a size that it would have. */
export function roomFor(parts, size, frame) {
  const widths = (parts.length + 2) * LEAST + 4.4;
  const fitting = Math.min(size, frame / widths);
  return fitting >= SMALLEST * size ? { width: 0, size: fitting } : { width: widths * size, size };
}

const LESS_THAN = 'less than '; // said of a change too small for the digits that are shown

/** The digits of a change; of one that they show as nothing, what it is below. */
const told = (shown) => (Number(shown) ? signed(shown) : `${LESS_THAN}${shown.slice(1, -1)}1`);

/** The kind of a bar: whose way it goes, or of one side's sympathy more or less; too small, it is nobody's. */
function kindOf({ delta, shown }, toward, claimants) {
  if (!Number(shown)) return 'small';
  if (!toward) return `side${delta > 0 ? 0 : 1}`;
  return `side${claimants.indexOf(toward)}${delta > 0 ? '' : ' less'}`;
}

function label(text, x, y, width, size) {
  const lines = wrapped(text, width, size);
  const kept = lines.slice(0, MOST_LINES);
  if (lines.length > MOST_LINES) kept[MOST_LINES - 1] += '\u2026';
  return s('text', { class: 'cause', x, y, 'text-anchor': 'middle' }, s('title', {}, text),
    ...kept.map((line, i) => s('tspan', { x, dy: i ? size * 1.15 : 0 }, line)));
}

export function drawWaterfall(svg, answer, parts, scenario) {
  const { width, height } = svg.getBoundingClientRect();
  if (!width || !height) return svg.removeAttribute('viewBox');
  const size = parseFloat(getComputedStyle(svg).fontSize);
  const small = size * 0.92;
  const box = { left: size * 4.4, right: width - 8, size };
  const { claimants } = scenario;
  const { toward } = answer;

  const levels = [answer.start];
  for (const { delta } of parts) levels.push(levels.at(-1) + delta);
  const span = range(levels, 0.0001);
  const top = size * 2.9;
  const step = (box.right - box.left) / (parts.length + 2);
  const lines = Math.max(...parts.map((part) => wrapped(part.label, step - 4, small).length), 1);
  const bottom = height - small * 1.15 * Math.min(lines, MOST_LINES) - 8;
  const y = scale(top + size, bottom - top - 2 * size, span); // room for the numbers of the bars
  const middle = (i) => box.left + step * (i + 0.5);
  const half = step * 0.36;

  const what = toward ? `sympathy for ${toward}` : 'alignment';
  const name = `${answer.audience}: ${what}`;
  const unit = `\u2003${opinionScale(scenario)}`;
  const free = (box.right - box.left) / size - 26; // of what says which way is whose
  const nodes = [s('text', { class: 'name', x: box.left, y: size }, name,
    ...((name.length + unit.length) * 0.6 < free ? [s('tspan', { class: 'plain' }, unit)] : []))];
  if (toward) {
    nodes.push(s('text', { class: `toward side${claimants.indexOf(toward)}`, x: box.right, y: size, 'text-anchor': 'end' },
      `\u2191 more sympathy for ${toward}`));
  } else {
    nodes.push(directions(box, size, scenario), ...halves(box, y, top, bottom - top));
  }
  nodes.push(...panel(box, y, span, 4));

  /** A level with its number above it. */
  const level = (i, value, shown, text) => [
    s('path', { class: 'level', d: `M${middle(i) - half} ${y(value)}H${middle(i) + half}` }),
    s('text', { class: 'delta', x: middle(i), y: y(value) - size * 0.45, 'text-anchor': 'middle' }, signed(shown)),
    label(text, middle(i), bottom + small * 1.3, step - 4, small),
  ];
  /** The digits of a bar, in two lines where they are words. */
  const change = (shown, x, at) => {
    const lines = Number(shown) ? [told(shown)] : [LESS_THAN, told(shown).slice(LESS_THAN.length)];
    return s('text', { class: 'delta', x, y: at - (lines.length - 1) * size * 1.1, 'text-anchor': 'middle' },
      ...lines.map((line, i) => s('tspan', { x, dy: i ? size * 1.1 : 0 }, line)));
  };
  nodes.push(...level(0, answer.start, answer.shown.start, 'before'));
  parts.forEach((part, i) => {
    const { label: text, delta, shown } = part;
    const [from, to] = [y(levels[i]), y(levels[i + 1])];
    const [high, low] = [Math.min(from, to), Math.max(from, to)];
    nodes.push(
      s('path', { class: 'step', d: `M${middle(i) - half} ${from}H${middle(i + 1) + half}` }),
      s('rect', {
        class: `bar ${kindOf(part, toward, claimants)}`, x: middle(i + 1) - half, y: high, width: 2 * half,
        height: Math.max(1.5, low - high),
      }),
      change(shown, middle(i + 1), delta > 0 || !Number(shown) ? high - size * 0.45 : low + size * 1.1),
      label(text, middle(i + 1), bottom + small * 1.3, step - 4, small));
  });
  const last = parts.length + 1;
  nodes.push(s('path', { class: 'step', d: `M${middle(last - 1) - half} ${y(levels.at(-1))}H${middle(last) + half}` }),
    ...level(last, answer.end, answer.shown.end, 'after'));
  putAttribute(svg, 'viewBox', `0 0 ${width} ${height}`);
  putAttribute(svg, 'data-legend', `In ${state.answer.arm_names[state.show.arm]}. ${answer.text[0]}.`);
  putAttribute(svg, 'aria-label', [
    `Why ${answer.audience} moved: ${what} ${signed(answer.shown.start)} before`,
    ...parts.map((part) => `${part.label} ${told(part.shown)}`), `${signed(answer.shown.end)} after`,
  ].join('; '));
  return renew(svg, nodes);
}
