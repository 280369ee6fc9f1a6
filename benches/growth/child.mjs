// Measures one contender as it grows: the time of a send, and its memory, with more and more messages stored.
import { joinAll, member, message, names, sendAll, series } from "../vocabulary.mjs";
import { close, openPackage, openYardstick } from "../contenders.mjs";
import { processorClock } from "../processor-clock.mjs";
import { median } from "../statistics.mjs";

/**
 * @import { Contender } from "../contenders.mjs"
 *
 * @typedef {object} Measured
 * @property {number} stored the number of messages stored
 * @property {number} toThousand a send's time divided by that of a send to the pool of a thousand, measured in turn
 * @property {number} thousand the time of a send to the pool of a thousand, in µs
 * @property {number} bytes memory, beyond that of the empty pool
 */

/**
 * Many small pools. The module's memory never shrinks, so after one large pool the memory of the next one would not
 * show.
 */
const WARM_UP = { pools: 60, sends: 1_000 };
/** A point is measured with this number of samples, of this number of sends each. */
const SAMPLES = 20;
const SENDS = 50;
/** Between the points, messages are made in groups of this size. */
const STRIDE = 5_000;
/**
 * The size of a second pool. Sends to the growing pool are compared with sends to this one at the same time, as the
 * machine's speed varies.
 */
const THOUSAND = 1_000;

/** @type {WebAssembly.Memory | undefined} of the package's module, which is instantiated once. */
let moduleMemory;
WebAssembly.Instance = class extends WebAssembly.Instance {
  /** @param {ConstructorParameters<typeof WebAssembly.Instance>} from */
  constructor(...from) {
    super(...from);
    moduleMemory = /** @type {WebAssembly.Memory} */ (this.exports["memory"]);
  }
};

const micros = processorClock() ?? (() => performance.now() * 1_000);
const READING = readingMicros();
const messages = toOneRun();
/** The messages to the pool of a thousand. */
const others = toOneRun();

const [contender = "package", ...sizes] = process.argv.slice(2);
const empty = await emptyBytes();
await warmUp();
await measure(sizes.map(Number));
process.disconnect?.();

/** @returns {Promise<Contender>} */
async function open() {
  const opened = contender === "package" ? await openPackage("object") : openYardstick("object");
  messages.restart(opened);
  await joinAll(opened, names("run", 8).map((name) => member(name)));
  return opened;
}

function toOneRun() {
  return series((number) => message(number, "run-0", { run: "run-1" }));
}

async function emptyBytes() {
  const opened = [await openThousand(), await open()];
  const occupied = bytes();
  for (const pool of opened) await close(pool);
  return occupied;
}

async function warmUp() {
  for (let pool = 0; pool < WARM_UP.pools; pool += 1) {
    const opened = await open();
    await sendAll(opened, messages.next(opened, WARM_UP.sends));
    await close(opened);
  }
}

/**
 * Reports each point as soon as it is known, as a contender may not get to the next.
 *
 * @param {number[]} stored ascending
 */
async function measure(stored) {
  // Opened at the start, as the growing pool is: V8 makes sends slower to a pool that is opened later, among many that
  // are older.
  const thousand = await openThousand();
  const opened = await open();
  let sent = 0;
  for (const size of stored) {
    while (sent < size) {
      const next = Math.min(STRIDE, size - sent);
      await sendAll(opened, messages.next(opened, next));
      sent += next;
    }
    const occupied = bytes() - empty;
    /** @type {number[]} */
    const ratios = [];
    /** @type {number[]} */
    const ofThousand = [];
    const sends = sendsAt(size);
    for (let sample = 0; sample < samplesAt(size); sample += 1) {
      const timeThousand = () => time(thousand, others.next(thousand, sends));
      const before = sample % 2 === 0 ? await timeThousand() : undefined;
      const taken = await time(opened, messages.next(opened, sends));
      const besides = before ?? (await timeThousand());
      ratios.push(taken / besides);
      ofThousand.push(besides);
      sent += sends;
    }
    /** @type {Measured} */
    const point = { stored: size, toThousand: median(ratios), thousand: median(ofThousand), bytes: occupied };
    process.send?.(point);
  }
}

async function openThousand() {
  const thousand = await open();
  others.restart(thousand);
  await sendAll(thousand, others.next(thousand, THOUSAND));
  return thousand;
}

/** A point with few messages must not end with many more. @param {number} size */
function samplesAt(size) {
  return size < 1_000 ? 5 : SAMPLES;
}

/** @param {number} size */
function sendsAt(size) {
  return size < 1_000 ? Math.max(2, size / 10) : SENDS;
}

/**
 * @param {Contender} opened
 * @param {ReturnType<typeof messages.next>} next the messages to send
 */
async function time(opened, next) {
  const sends = next.length;
  const start = micros();
  await sendAll(opened, next);
  return (micros() - start - READING) / sends;
}

/** The time of reading the clock, which matters when few sends are timed. */
function readingMicros() {
  const taken = Array.from({ length: 100 }, () => {
    const start = micros();
    return micros() - start;
  });
  return median(taken);
}

/** The memory that the heap and the module hold. */
function bytes() {
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  if (contender !== "package") return heapUsed;
  return heapUsed + (moduleMemory?.buffer.byteLength ?? 0);
}
