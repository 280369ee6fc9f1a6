// `cargo xtask bench`: runs the workloads, each in a fresh process or page, and prints the table.
//
// Fails only if a contender is wrong. Being slow is what this is to find out.
import { writeFile } from "node:fs/promises";
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
 * @property {(id: string, ports: PortKind, isQuick: boolean) => Promise<Measured>} measure in a realm of its own
 * @property {() => Promise<void>} close
 */

/**
 * In this process: enough where speed is not the question.
 *
 * @type {Host}
 */
const here = {
  name: inChild.name,
  measure: (id, ports, isQuick) => measure(id, ports, { isQuick }),
  close: async () => undefined,
};

const HELP = `cargo xtask bench [--browser] [--quick] [--only a,b.10k] [--json FILE]
cargo xtask bench --growth [--quick] [--json FILE]
cargo bench --bench core

  --browser     in Chromium instead of Node
  --quick       at the smallest size: shows that the benchmark runs, not how fast
  --only LIST   workloads, by letter or id
  --json FILE   also writes every figure to a file
  --growth      a send's time and memory up to a million messages instead, drawn to www/growth.svg

\`cargo bench\` measures the core natively against the reference crate.`;

const options = asked({
  browser: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  only: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
});

if (options.help) console.log(HELP);
else process.exitCode = (await run()) ? 0 : 1;

async function run() {
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
  // A page's start is mostly its network's, so this is asked of Node alone.
  if (!options.browser && isChosen(START_UP.id)) report.startedUp(await startUp(options.quick ? 3 : 21));
  report.close();
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report.toJSON(), null, 1)}\n`);
  return report.isCorrect;
}

/** @param {string} id */
function isChosen(id) {
  const asked = options.only?.split(",");
  return asked === undefined || asked.some((one) => one === id || one === id.split(".")[0]);
}
