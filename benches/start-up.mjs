// (j) From the start of a program to the first answer: import, first build and first send, in fresh processes.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

/**
 * @import { StartUpMarks } from "./start-up-child.mjs"
 *
 * @typedef {object} StartUp times in milliseconds
 * @property {number[]} package from the first line of the program to the first receipt
 * @property {number[]} yardstick likewise
 * @property {[string, number][]} spentOn the package's steps, each with its median
 * @property {number[]} worked the package's processor time, of all threads
 * @property {number} boot what Node takes before the program's first line
 */

export const START_UP = {
  id: "j",
  title: "start-up: import, first build, first send",
  /** In milliseconds, for Node on two cores. */
  barMillis: 25,
};

/** The steps that are measured, in the order in which they happen. */
const STEPS = /** @type {const} */ ([
  "import",
  "read the wasm file",
  "compile",
  "instantiate",
  "rest of build",
  "two joins",
  "first send",
]);

/**
 * @param {number} runs
 * @returns {Promise<StartUp>}
 */
export async function startUp(runs) {
  /** @type {StartUpMarks[]} */
  const ours = [];
  /** @type {StartUpMarks[]} */
  const theirs = [];
  // The first pair fills the file cache and is not counted.
  for (let run = -1; run < runs; run += 1) {
    const pair = /** @type {const} */ ([await marks("package"), await marks("yardstick")]);
    if (run < 0) continue;
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  return {
    package: ours.map(({ total }) => total),
    yardstick: theirs.map(({ total }) => total),
    worked: ours.map(({ worked }) => worked),
    spentOn: STEPS.map((step) => [step, median(ours.map(({ steps }) => steps[step] ?? 0))]),
    boot: median(ours.map(({ boot }) => boot)),
  };
}

/**
 * @param {"package" | "yardstick"} contender
 * @returns {Promise<StartUpMarks>}
 */
function marks(contender) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("./start-up-child.mjs", import.meta.url)), [contender], { execArgv: [] });
    child.once("message", (/** @type {StartUpMarks} */ answer) => resolve(answer));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`start-up ended without an answer: ${signal ?? code}`)));
  });
}
