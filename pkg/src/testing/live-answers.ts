import { MemoryEventBus } from "../index.js";
import type { AgentPool } from "../pool.js";
import type { CompiledEventFilter } from "../types/filter.js";
import type { EventCursor, EventFrame } from "../types/frame.js";
import type { AskedEventBusPort } from "./asked-event-bus.js";
import { breach, type clausesOf } from "./clauses.js";
import type { ContractClause } from "./contract.js";
import { inTime } from "./data.js";
import { EVERY_KIND, end, openPool, playOn, type Script } from "./script.js";
import { SpiedAskedEventBus, idOf, numberOf } from "./spied-event-bus.js";

type AskedBus = Exclude<AskedEventBusPort, MemoryEventBus>;

/** All members have joined by the end of the first part, and nobody joins in the last part. */
const PARTS = [EVERY_KIND.slice(0, 9), EVERY_KIND.slice(9, 12), EVERY_KIND.slice(12)] as const;

/** What a bus promises to a live stream. The bus in memory is skipped: the core does not ask it. */
export function liveClauses(
  clause: ReturnType<typeof clausesOf<AskedEventBusPort>>,
  millis: number,
): ContractClause[] {
  const live = (name: string, check: (trial: LiveTrial) => Promise<void>): ContractClause =>
    clause(name, async (make) => {
      const port = await make();
      if (port instanceof MemoryEventBus) return;
      const trial = await LiveTrial.begin(port, millis);
      try {
        // A bus that does not even answer without a live stream breaks another promise.
        if ((await trial.held()) !== undefined) await check(trial);
      } finally {
        await trial.end();
      }
    });
  return [
    live("answers a live stream as well", answersLive),
    live("gives a live stream every frame once and in order, those to come too if it goes on", givesAll),
    live("ends what goes on when the signal is aborted", endsWithSignal),
  ];
}

/** A bus on which the first part was played, and a cursor in the middle of its frames. */
class LiveTrial {
  readonly millis: number;
  readonly #port: AskedBus;
  readonly #pool: AgentPool;
  readonly #filter: CompiledEventFilter;
  readonly #answers: LiveAnswer[] = [];
  #cursor: EventCursor | undefined;

  private constructor(port: AskedBus, pool: AgentPool, filter: CompiledEventFilter, millis: number) {
    this.#port = port;
    this.#pool = pool;
    this.#filter = filter;
    this.millis = millis;
  }

  static async begin(port: AskedBus, millis: number): Promise<LiveTrial> {
    const pool = await openPool({ eventBus: new SpiedAskedEventBus(port).port });
    try {
      await playOn(pool, PARTS[0], millis);
      await inTime(millis, () => pool.flush());
      const filter = await pool.compileScopedFilter({ queue: { capacity: 1_000 } });
      const trial = new LiveTrial(port, pool, filter, millis);
      const frame = (await trial.held())?.[2];
      if (frame !== undefined) trial.#cursor = { ...frame.cursor, event_seq: numberOf(frame) };
      return trial;
    } catch (error) {
      await end(pool);
      throw error;
    }
  }

  async end(): Promise<void> {
    for (const answer of this.#answers) void answer.stop();
    await end(this.#pool);
  }

  async publish(script: Script): Promise<void> {
    await playOn(this.#pool, script, this.millis);
    await inTime(this.millis, () => this.#pool.flush());
  }

  /** The frames that the bus returns at the cursor without a live stream; `undefined` if it does not answer. */
  async held(): Promise<EventFrame[] | undefined> {
    const asked = await inTime(this.millis, async () => {
      const collected: EventFrame[] = [];
      for await (const frame of await this.#port.subscribe(this.#filter, this.#cursor)) {
        collected.push(frame as EventFrame);
      }
      return collected;
    });
    return asked.state === "kept" ? asked.value : undefined;
  }

  /** Asks for a live stream. */
  async ask(): Promise<LiveAnswer> {
    const answer = new LiveAnswer(this.millis);
    this.#answers.push(answer);
    await answer.begin((options) => this.#port.subscribe(this.#filter, this.#cursor, options));
    return answer;
  }
}

/** The answer of a bus to a live stream, read step by step. */
class LiveAnswer {
  readonly frames: EventFrame[] = [];
  /** What the answer failed with; without a cause if the bus did not answer in time. */
  failure: { readonly cause?: unknown } | undefined;
  #isOver = false;
  readonly #millis: number;
  readonly #stopping = new AbortController();
  #iterator: AsyncIterator<unknown> | undefined;
  #pending: Promise<IteratorResult<unknown>> | undefined;

  constructor(millis: number) {
    this.#millis = millis;
  }

  /** Whether more frames may come. */
  get goesOn(): boolean {
    return !this.#isOver;
  }

  async begin(ask: (options: Parameters<AskedBus["subscribe"]>[2]) => ReturnType<AskedBus["subscribe"]>): Promise<void> {
    const asked = await inTime(this.#millis, () => ask({ live: true, signal: this.#stopping.signal }));
    if (asked.state !== "kept") {
      this.#fail(asked);
    } else if (Symbol.asyncIterator in asked.value) {
      this.#iterator = asked.value[Symbol.asyncIterator]();
    } else {
      this.frames.push(...(asked.value as Iterable<EventFrame>));
      this.#isOver = true;
    }
  }

  /** Reads on until the frames with these ids have come, the answer has ended, or a step took too long. */
  async readAll(ids: readonly string[]): Promise<void> {
    const missing = new Set(ids);
    for (const frame of this.frames) missing.delete(idOf(frame));
    while (missing.size > 0) {
      const frame = await this.readOne();
      if (frame === undefined) return;
      missing.delete(idOf(frame));
    }
  }

  /** Reads one more frame. Resolves to `undefined` if the answer ended, failed, or took too long. */
  async readOne(): Promise<EventFrame | undefined> {
    if (this.#isOver) return undefined;
    const step = await inTime(this.#millis, () => this.#next());
    if (step.state === "late") return undefined;
    this.#pending = undefined;
    if (step.state === "broken") {
      this.#fail(step);
      return undefined;
    }
    if (step.value.done === true) {
      this.#isOver = true;
      return undefined;
    }
    const frame = step.value.value as EventFrame;
    this.frames.push(frame);
    return frame;
  }

  /** Begins to wait for the next frame; `readOne` reads it later. */
  wait(): void {
    if (!this.#isOver) this.#next().catch(ignore);
  }

  /** Waits for the next frame and ends the answer meanwhile, as a pool does. Resolves once either is done. */
  async stopWaiting(): Promise<void> {
    const waiting = this.#next().then(ignore, ignore);
    await Promise.race([waiting, this.stop()]);
  }

  /** Ends the answer, as a pool does. Never resolves if the answer has no `return`: then only the signal can end it. */
  stop(): Promise<unknown> {
    this.#stopping.abort();
    const iterator = this.#iterator;
    if (iterator?.return === undefined) return new Promise(ignore);
    return (async () => iterator.return!())().then(ignore, ignore);
  }

  #next(): Promise<IteratorResult<unknown>> {
    this.#pending ??= (async () => this.#iterator!.next())();
    return this.#pending;
  }

  #fail(outcome: { readonly state: "late" } | { readonly state: "broken"; readonly cause: unknown }): void {
    this.failure = outcome.state === "broken" ? { cause: outcome.cause } : {};
    this.#isOver = true;
  }
}

function ignore(): void {}

async function answersLive(trial: LiveTrial): Promise<void> {
  const answer = await trial.ask();
  await answer.readOne();
  const { failure } = answer;
  if (failure === undefined) return;
  if (!("cause" in failure)) breach(`it did not answer within ${trial.millis} ms`);
  breach("it failed", { cause: failure.cause });
}

async function givesAll(trial: LiveTrial): Promise<void> {
  const answer = await trial.ask();
  // What is published while a reader is still reading the older frames must not be lost between the two.
  await answer.readOne();
  await trial.publish(PARTS[1]);
  await requireAll(trial, answer);
  // Nor must what is published while the reader waits for it.
  answer.wait();
  await trial.publish(PARTS[2]);
  await requireAll(trial, answer);
}

/**
 * Checks that a live answer gives all frames that the bus holds by now. If the answer has ended, a second one is
 * checked instead.
 */
async function requireAll(trial: LiveTrial, begun: LiveAnswer): Promise<void> {
  if (begun.failure !== undefined) return;
  const ids = ((await trial.held()) ?? []).map(idOf);
  await begun.readAll(ids);
  let answer = begun;
  if (!answer.goesOn && answer.failure === undefined) {
    answer = await trial.ask();
    await answer.readAll(ids);
  }
  if (answer.failure !== undefined) breach("it failed midway", { cause: answer.failure.cause });
  const given = answer.frames.map(idOf).filter((id) => ids.includes(id));
  const missing = ids.filter((id) => !given.includes(id));
  if (missing.length > 0) breach(`it did not give ${missing.length} of ${ids.length} frames`);
  const wrong = given.findIndex((id, index) => id !== ids[index]);
  if (wrong >= 0) breach(`the frame that it gave in place ${wrong + 1} came before, or has another place`);
}

async function endsWithSignal(trial: LiveTrial): Promise<void> {
  const answer = await trial.ask();
  await answer.readAll(((await trial.held()) ?? []).map(idOf));
  if (!answer.goesOn) return;
  const stopped = await inTime(trial.millis, () => answer.stopWaiting());
  if (stopped.state === "late") breach(`it went on for ${trial.millis} ms after that`);
}
