// Prints the table. Each row is printed as soon as it is known.
import { PORT_KINDS } from "./ports.mjs";
import { START_UP } from "./start-up.mjs";
import { median, ratios } from "./statistics.mjs";

/**
 * @import { Measured } from "./measure.mjs"
 * @import { PortKind } from "./ports.mjs"
 * @import { StartUp } from "./start-up.mjs"
 * @import { Workload } from "./workloads/workload.mjs"
 */

const WIDTHS = [17, 67, 6, 9, 9, 26, 6, 5, 4];
/** The first columns are words. The others are figures, which are aligned right. */
const WORDS = 3;

export class Report {
  /** Whether both contenders did the same work in every workload. */
  isCorrect = true;
  #host;
  #isQuick;
  /** @type {object[]} */
  #rows = [];
  /** @type {Set<string>} */
  #notes = new Set();

  /**
   * @param {string} host
   * @param {boolean} isQuick
   */
  constructor(host, isQuick) {
    this.#host = host;
    this.#isQuick = isQuick;
    console.log(`The package and the yardstick, which is hand-written JavaScript, on ${host}.`);
    if (isQuick) console.log("This is the smallest size: the figures say nothing about speed.");
    const clock = isQuick ? "time of day" : "processor time (in k and in browsers, time of day)";
    console.log(`Times are medians per operation, in µs of ${clock}.`);
    console.log("`ratio` is the package's time divided by the yardstick's: the median and the range of the rounds.");
    console.log("`best` is the ratio of the quickest rounds. `bar` is what the ratio should be at most.");
    console.log(`Ports: ${Object.entries(PORT_KINDS).map(([kind, what]) => `${kind}: ${what}`).join("; ")}.\n`);
    print(["", "workload", "ports", "package", "yardstick", "ratio", "best", "bar", "met"]);
  }

  /**
   * @param {Workload} workload
   * @param {Measured} measured
   */
  measured({ id, title, unit, bars }, { ports, package: ours, yardstick, clock, notes }) {
    const ratio = ratios(ours, yardstick);
    const bar = bars[ports];
    const isMet = bar === undefined || this.#isQuick ? undefined : ratio.median <= bar;
    const range = `${short(ratio.median)} [${short(ratio.least)} .. ${short(ratio.most)}]`;
    print([id, title, ports, short(median(ours)), short(median(yardstick)), range, short(ratio.ofBest), bar ?? "", metText(isMet)]);
    for (const note of notes) this.#notes.add(`${id}, ${ports}: ${note}`);
    this.#rows.push({ id, title, unit, ports, unitOfTime: "µs", clock, package: ours, yardstick, ratio, bar, isMet, notes });
  }

  /**
   * @param {Workload} workload
   * @param {PortKind} ports
   * @param {unknown} error
   */
  failed({ id, title }, ports, error) {
    this.isCorrect = false;
    const message = error instanceof Error ? error.message : String(error);
    print([id, title, ports, "WRONG"]);
    console.log(`  ${message}`);
    this.#rows.push({ id, title, ports, error: message });
  }

  /** @param {StartUp} figures */
  startedUp({ package: ours, yardstick, worked, spentOn, boot }) {
    const { id, title, barMillis } = START_UP;
    const isMet = this.#isQuick ? undefined : median(ours) <= barMillis;
    print([id, `${title} (ms)`, "object", short(median(ours)), short(median(yardstick)), "", "", barMillis, metText(isMet)]);
    const steps = spentOn.map(([step, millis]) => `${step} ${short(millis)}`).join(", ");
    this.#notes.add(
      `${id}: medians in ms: ${steps}. Node itself took ${short(boot)} before that. ` +
        `The quickest start took ${short(Math.min(...ours))}. ` +
        `The processor time of all threads was ${short(median(worked))}.`,
    );
    this.#rows.push({ id, title, unit: "start", ports: "object", unitOfTime: "ms", package: ours, yardstick, barMillis, isMet, worked, spentOn, boot });
  }

  close() {
    if (this.#notes.size > 0) console.log(`\n${[...this.#notes].join("\n")}`);
    if (!this.isCorrect) console.log("\nThe contenders differ: see above.");
  }

  toJSON() {
    return { host: this.#host, rows: this.#rows };
  }
}

/** @param {(string | number)[]} cells */
function print(cells) {
  const texts = cells.map((cell, column) => {
    const width = WIDTHS[column] ?? 0;
    return column < WORDS ? String(cell).padEnd(width) : String(cell).padStart(width);
  });
  console.log(texts.join(" ").trimEnd());
}

/** @param {boolean | undefined} isMet */
function metText(isMet) {
  return isMet === undefined ? "" : isMet ? "yes" : "no";
}

/** @param {number} figure */
function short(figure) {
  if (figure >= 100) return figure.toFixed(0);
  return figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
}
