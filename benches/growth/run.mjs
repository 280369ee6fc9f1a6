// `cargo xtask bench --growth`: the time and memory of a send with 10 to a million messages stored, as a table and as
// www/growth.svg.
import { fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { asked } from "../arguments.mjs";
import { median } from "../statistics.mjs";
import { drawn } from "./chart.mjs";

/**
 * @import { Measured } from "./child.mjs"
 *
 * @typedef {Measured & { micros: number }} Point `micros`: a send's time if the machine were equally fast throughout
 *
 * @typedef {object} Growth
 * @property {Point[]} package
 * @property {Point[]} yardstick
 */

const options = asked({
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  svg: { type: "string", default: fileURLToPath(new URL("../../www/growth.svg", import.meta.url)) },
});

/** The bar: with a million messages stored, a send should take at most this many times as long as with a thousand. */
const BAR = 1.3;
const SIZES = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

const sizes = options.quick ? SIZES.slice(0, 4) : SIZES;
process.exitCode = (await run()) ? 0 : 1;

/** Returns whether the package reached every size. The yardstick may run out of memory; the package may not. */
async function run() {
  const growth = await grow();
  show(growth);
  if (growth.package.length < sizes.length) return false;
  if (!options.quick && options.svg !== undefined) await writeFile(options.svg, drawn(growth));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(growth, null, 1)}\n`);
  return true;
}

/**
 * Measures both contenders at the same time, so that they meet the same state of the machine. Each is timed by its
 * processor time.
 *
 * @returns {Promise<Growth>}
 */
async function grow() {
  const [ours, theirs] = await Promise.all([pointsOf("package", sizes), pointsOf("yardstick", sizes)]);
  return { package: ours, yardstick: theirs };
}

/**
 * @param {keyof Growth} contender
 * @param {number[]} sizes
 * @returns {Promise<Point[]>}
 */
function pointsOf(contender, sizes) {
  return new Promise((resolve, reject) => {
    /** @type {Measured[]} */
    const points = [];
    const child = fork(fileURLToPath(new URL("./child.mjs", import.meta.url)), [contender, ...sizes.map(String)], {
      // The yardstick needs this memory for a million messages.
      execArgv: ["--expose-gc", "--max-old-space-size=12288"],
    });
    child.on("message", (/** @type {Measured} */ point) => points.push(point));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code !== 0) console.log(`The ${contender} ended at ${points.at(-1)?.stored ?? 0} messages: ${signal ?? `exit code ${code}`}`);
      resolve(told(points));
    });
  });
}

/**
 * The machine is half as fast in some minutes as in others, and the points are minutes apart. The sends to the pool of
 * a thousand show how fast it was at each point.
 *
 * @param {Measured[]} points
 * @returns {Point[]}
 */
function told(points) {
  const thousand = median(points.map((point) => point.thousand));
  return points.map((point) => ({ ...point, micros: point.toThousand * thousand }));
}

/** @param {Growth} growth */
function show(growth) {
  console.log("stored     package µs/send   yardstick µs/send   package bytes/message   yardstick bytes/message");
  for (const [index, ours] of growth.package.entries()) {
    const theirs = growth.yardstick[index];
    // With fewer messages the memory is mostly pages and code.
    const each = (/** @type {Point | undefined} */ point) => (point && point.stored >= 10_000 ? (point.bytes / point.stored).toFixed(0) : "");
    const cells = [ours.stored, ours.micros.toFixed(1), theirs?.micros.toFixed(1) ?? "", each(ours), each(theirs)];
    const [stored = "", ...figures] = cells.map(String);
    console.log([stored.padEnd(10), ...figures.map((figure, column) => figure.padStart([15, 19, 23, 25][column] ?? 0))].join(""));
  }
  const atMillion = (/** @type {Point[]} */ points) => points.find((point) => point.stored === 1_000_000)?.toThousand;
  const ratio = atMillion(growth.package);
  if (ratio === undefined) return;
  const verdict = ratio <= BAR ? "met" : "not met";
  const theirs = atMillion(growth.yardstick)?.toFixed(2) ?? "?";
  console.log(
    `With 1,000,000 messages stored, a send takes ${ratio.toFixed(2)} times as long as with 1,000 ` +
      `(bar ${BAR}: ${verdict}). The yardstick's takes ${theirs} times as long.`,
  );
}
