// Every workload that both contenders run, in the order of the report. Start-up is separate: see start-up.mjs.
import { concurrent } from "./concurrent.mjs";
import { membership } from "./membership.mjs";
import { reading } from "./reading.mjs";
import { sends } from "./sends.mjs";
import { wakes } from "./wakes.mjs";

/** @import { Workload } from "./workload.mjs" */

/** @type {Workload[]} */
export const workloads = [...sends, ...wakes, ...membership, ...reading, ...concurrent].sort((a, b) =>
  letter(a) < letter(b) ? -1 : letter(a) > letter(b) ? 1 : 0,
);

/** @param {Workload} workload */
function letter({ id }) {
  return id.charAt(0);
}
