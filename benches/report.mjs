// The table, a row as soon as it is known.
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
/** Columns of words; the others are figures, and end in line. */
const WORDS = 3;

export class Report {
  /** Whether both contenders did the same everywhere. */
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
    const size = isQuick ? ", at the smallest size: these figures say nothing about speed" : "";
    console.log(`The package and the yardstick, hand-written JavaScript, on ${host}${size}.`);
    const clock = isQuick ? "of the day" : "of the processor's work (of the day in k and in browsers)";
    console.log(`Times are medians an operation, in µs ${clock}.`);
    console.log("The ratio of times, package to yardstick, is the rounds' median and range, `best` that of the quickest rounds, `bar` what it is to be at most.");
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
      `${id}: ms, medians: ${steps}; Node itself took ${short(boot)} before that. ` +
        `The quickest start took ${short(Math.min(...ours))}; the processor worked ${short(median(worked))}, on all threads`,
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
