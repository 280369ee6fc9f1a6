// Draws two panels of curves as an SVG that is light on light pages and dark on dark ones.

/**
 * @import { Growth, Point } from "./run.mjs"
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {(point: Point) => number} value
 * @property {(value: number) => string} label
 * @property {number} left its left edge
 */

const WIDTH = 880;
const HEIGHT = 320;
const TOP = 64;
const BOTTOM = 262;
/** Leaves room for the right half of the last label, which is centred below the panel's edge. */
const PANEL = 328;
const CONTENDERS = /** @type {const} */ ([
  ["package", "Agent Pool"],
  ["yardstick", "hand-written JavaScript"],
]);

/** @type {Panel[]} */
const PANELS = [
  { title: "time of a send, µs, 50 in a row", value: ({ micros }) => micros, label: String, left: 66 },
  {
    title: "memory of a stored message, kB",
    value: ({ bytes, stored }) => bytes / stored / 1_000,
    label: String,
    left: 506,
  },
];

/**
 * @param {Growth} growth
 * @returns {string} the SVG
 */
export function drawn(growth) {
  const legend = CONTENDERS.map(([contender, name], index) => {
    const x = 66 + index * 150;
    return `<path class="${contender}" d="M${x} 20 h22"/><text x="${x + 30}" y="24">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">
  <title>Time and memory of a send, from 10 messages stored to a million</title>
  <style>
    .page { fill: #fbfcfe }
    text { fill: #16202e }
    .small { font-size: 12px; fill: #4a5670 }
    .grid { stroke: #d9e0ea; stroke-width: 1 }
    .axis { stroke: #33415c; stroke-width: 1.5 }
    path { fill: none; stroke-width: 2.5; stroke-linejoin: round }
    path.package { stroke: #1f5fbf }
    path.yardstick { stroke: #a66a00; stroke-dasharray: 6 4 }
    circle.package { fill: #1f5fbf }
    circle.yardstick { fill: #a66a00 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 }
      text { fill: #e8eaf3 }
      .small { fill: #b4bad0 }
      .grid { stroke: #2d3144 }
      .axis { stroke: #9aa5c4 }
      path.package { stroke: #86b6f4 }
      path.yardstick { stroke: #e9b15c }
      circle.package { fill: #86b6f4 }
      circle.yardstick { fill: #e9b15c }
    }
  </style>
  <rect class="page" width="${WIDTH}" height="${HEIGHT}"/>
  ${[...legend, ...PANELS.flatMap((panel) => panelOf(panel, growth))].join("\n  ")}
</svg>
`;
}

/**
 * @param {Panel} panel
 * @param {Growth} growth
 * @returns {string[]}
 */
function panelOf(panel, growth) {
  const { title, value, label, left } = panel;
  // With few messages the memory is mostly pages and code.
  const shown = (/** @type {Point[]} */ points) => (left === 66 ? points : points.filter(({ stored }) => stored >= 10_000));
  const all = CONTENDERS.flatMap(([contender]) => shown(growth[contender]));
  const exponents = all.map(({ stored }) => Math.log10(stored));
  const [first, last] = [Math.min(...exponents), Math.max(...exponents)];
  const step = stepOf(Math.max(...all.map(value)));
  const most = Math.ceil(Math.max(...all.map(value)) / step) * step;
  const x = (/** @type {number} */ stored) => round(left + ((Math.log10(stored) - first) / (last - first)) * PANEL);
  const y = (/** @type {number} */ amount) => round(BOTTOM - (amount / most) * (BOTTOM - TOP));
  const rows = Array.from({ length: Math.round(most / step) + 1 }, (_, index) => Number((index * step).toFixed(3)));
  const columns = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return [
    `<text x="${left}" y="${TOP - 14}">${title}</text>`,
    ...rows.flatMap((amount) => [
      `<path class="${amount === 0 ? "axis" : "grid"}" d="M${left} ${y(amount)} h${PANEL}"/>`,
      `<text class="small" x="${left - 8}" y="${y(amount) + 4}" text-anchor="end">${label(amount)}</text>`,
    ]),
    ...columns.map(
      (stored) =>
        `<text class="small" x="${x(stored)}" y="${BOTTOM + 20}" text-anchor="middle">${stored.toLocaleString("en-US")}</text>`,
    ),
    `<text class="small" x="${left + PANEL / 2}" y="${BOTTOM + 42}" text-anchor="middle">messages stored</text>`,
    ...CONTENDERS.flatMap(([contender]) => {
      const points = shown(growth[contender]).map((point) => [x(point.stored), y(value(point))]);
      const dots = points.map(([cx, cy]) => `<circle class="${contender}" cx="${cx}" cy="${cy}" r="3.5"/>`);
      return [`<path class="${contender}" d="M${points.map((point) => point.join(" ")).join(" L")}"/>`, ...dots];
    }),
  ];
}

/**
 * A round step that divides an axis into four to eight parts.
 *
 * @param {number} most
 */
function stepOf(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const scaled = most / power;
  return power * (scaled > 4 ? 1 : scaled > 2 ? 0.5 : 0.25);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
