// Runs a workload in a Node process of its own, so that no workload runs on another's compiled code or heap.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { measure } from "./measure.mjs";
import { processorClock } from "./processor-clock.mjs";

/**
 * @import { Measured } from "./measure.mjs"
 * @import { Host } from "./run.mjs"
 * @import { PortKind } from "./ports.mjs"
 */

/** @type {Host} */
export const inChild = {
  name: `Node ${process.versions.node}`,
  measure: (id, ports, isQuick) =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), [id, ports, String(isQuick)], {
        // The heap holds the yardstick's 100,000 messages and their records.
        execArgv: ["--expose-gc", "--max-old-space-size=4096"],
      });
      child.once("message", (/** @type {{ measured: Measured } | { error: string }} */ answer) => {
        if ("error" in answer) reject(new Error(answer.error));
        else resolve(answer.measured);
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(new Error(`ended without an answer: ${signal ?? code}`)));
    }),
  close: async () => undefined,
};

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [id = "", ports, isQuick] = process.argv.slice(2);
  try {
    const measured = await measure(id, /** @type {PortKind} */ (ports), {
      isQuick: isQuick === "true",
      processorMicros: processorClock(),
    });
    process.send({ measured });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
}
