// `cargo xtask bench`: runs the workloads, each in a fresh process or page, and prints the table.
//
// It fails only if a contender is wrong, not if one is slow: speed is what is measured.
import { appendFile, writeFile } from "node:fs/promises";
import { asked } from "./arguments.mjs";
import { inChromium } from "./browser.mjs";
import { inChild } from "./child.mjs";
import { measure } from "./measure.mjs";
import { Report } from "./report.mjs";
import { START_UP, startUp } from "./start-up.mjs";
import { workloads } from "./workloads/index.mjs";

/**
 * @import { Measured } from "./measure.mjs"
 * @import { PortKind } from "./ports.mjs"
 *
 * @typedef {object} Host where workloads are run
 * @property {string} name
 * @property {(id: string, ports: PortKind, isQuick: boolean) => Promise<Measured>} measure in a new realm
 * @property {() => Promise<void>} close
 */

/**
 * Runs workloads in this process, which is enough where speed does not matter.
 *
 * @type {Host}
 */
const here = {
  name: inChild.name,
  measure: (id, ports, isQuick) => measure(id, ports, { isQuick }),
  close: async () => undefined,
};

const options = asked({
  browser: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  only: { type: "string" },
  json: { type: "string" },
});

const asksFor = options.only?.split(",");
const ids = [...workloads, START_UP].map(({ id }) => id);
const unknown = asksFor?.find((one) => !ids.some((id) => isOf(one, id)));
if (unknown !== undefined) {
  console.error(`error: no workload ${unknown}; there are ${ids.join(", ")}`);
  process.exitCode = 2;
} else {
  process.exitCode = (await run()) ? 0 : 1;
}

async function run() {
  // If the file cannot be written, the run fails now and not at its end.
  if (options.json !== undefined) await appendFile(options.json, "");
  const chosen = workloads.filter(({ id }) => isChosen(id));
  const host = options.browser ? await inChromium() : options.quick ? here : inChild;
  const report = new Report(host.name, options.quick);
  try {
    for (const workload of chosen) {
      for (const ports of workload.ports) {
        try {
          report.measured(workload, await host.measure(workload.id, ports, options.quick));
        } catch (error) {
          report.failed(workload, ports, error);
        }
      }
    }
  } finally {
    await host.close();
  }
  // In a page, start-up is mostly the network's time, so it is measured only on Node.
  if (!options.browser && isChosen(START_UP.id)) report.startedUp(await startUp(options.quick ? 3 : 21));
  report.close();
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report.toJSON(), null, 1)}\n`);
  return report.isCorrect;
}

/** @param {string} id */
function isChosen(id) {
  return asksFor === undefined || asksFor.some((one) => isOf(one, id));
}

/**
 * Whether `one` selects the workload with this id, by the id or by its letter.
 *
 * @param {string} one
 * @param {string} id
 */
function isOf(one, id) {
  return one === id || one === id.split(".")[0];
}
