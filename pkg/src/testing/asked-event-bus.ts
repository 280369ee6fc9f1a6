import { MemoryEventBus } from "../index.js";
import type { AgentPool } from "../pool.js";
import type { EventBus } from "../ports.js";
import type { TextEventBus } from "../text-ports.js";
import type { EventFilterInput } from "../types/filter.js";
import type { EventCursor, EventFrame } from "../types/frame.js";
import type { Without } from "../types/given.js";
import { breach, clausesOf, patience } from "./clauses.js";
import type { ContractClause } from "./contract.js";
import { canonical, inTime, type Timely } from "./data.js";
import { eventBusContract, type EventBusContractOptions } from "./event-bus.js";
import { filtersFor } from "./filters.js";
import { liveClauses } from "./live-answers.js";
import { EVERY_KIND, MANY, ODD_TEXTS, REVIEWER_AGAIN, SHORT, end, openPool, play, playOn, type Script } from "./script.js";
import { SpiedAskedEventBus, content, idOf, numberOf } from "./spied-event-bus.js";

/** An event bus that can be asked for its frames. */
export type AskedEventBusPort =
  | MemoryEventBus
  | (Required<EventBus> & Without<"publishJson">)
  | (Required<TextEventBus> & Without<"publish">);

/**
 * What an event bus with `subscribe` promises to a pool (see {@link EventBus}), as clauses to be run one by one: all
 * that any bus promises, and what the bus returns when it is asked for its frames.
 */
export function askedEventBusContract<Port extends AskedEventBusPort>(
  make: () => Port | PromiseLike<Port>,
  options: EventBusContractOptions<Port> = {},
): ContractClause[] {
  const millis = patience(options);
  const clause = clausesOf(make, options.end);
  const asked = (name: string, check: (trial: Trial) => Promise<void>, scripts = [EVERY_KIND]): ContractClause =>
    clause(name, async (make) => {
      for (const script of scripts) {
        const trial = await Trial.begin(await make(), script, millis);
        try {
          await check(trial);
        } finally {
          await trial.end();
        }
      }
    });
  return [
    ...eventBusContract(make, options),
    asked("answers when it is asked for its frames, and ends", answersAndEnds, [EVERY_KIND, ODD_TEXTS]),
    asked("answers all of some hundreds of frames", answersMany),
    asked("numbers its frames from 1, without gaps", numbersFromOne),
    asked("answers its frames in the order in which they were published", keepsOrder),
    asked("answers its frames as they were published", keepsContent, [EVERY_KIND, ODD_TEXTS]),
    asked("answers the same frames when it is asked again", answersAgain),
    asked("answers all that comes after a cursor", answersAfterCursors),
    asked("answers all that a filter asks for", answersFilters),
    ...liveClauses(clause, millis),
    clause("numbers the frames of several pools together", async (make) => numbersTogether(await make(), millis)),
  ];
}

/** Room for all frames, so that a bus that applies the bounds of a queue leaves nothing out. */
const ROOM = { capacity: 1_000 };

/**
 * A bus on which a script was played. Its twin is a pool with a bus in memory on which the same script was played: the
 * twin compiles the filters, and knows what the bus should return.
 */
class Trial {
  readonly taken: readonly EventFrame[];
  readonly millis: number;
  readonly #port: AskedEventBusPort;
  readonly #twin: AgentPool;
  readonly #spied: SpiedAskedEventBus;

  private constructor(port: AskedEventBusPort, spied: SpiedAskedEventBus, twin: AgentPool, millis: number) {
    this.#port = port;
    this.#spied = spied;
    this.#twin = twin;
    this.taken = spied.taken;
    this.millis = millis;
  }

  static async begin(port: AskedEventBusPort, script: Script, millis: number): Promise<Trial> {
    const twin = await openPool({});
    const spied = new SpiedAskedEventBus(port instanceof MemoryEventBus ? () => undefined : port);
    const trial = new Trial(port, spied, twin, millis);
    try {
      await trial.publish(script);
      await playOn(twin, script, millis);
      // Filters are cut down to the present members, and the frames of the reviewer, who has left, are to be asked for
      // too.
      if (script === EVERY_KIND) await playOn(twin, REVIEWER_AGAIN, millis);
      return trial;
    } catch (error) {
      await trial.end();
      throw error;
    }
  }

  /** Makes a pool publish the events of a script. */
  async publish(script: Script, poolId = "pool.contract"): Promise<void> {
    await play({ poolId, eventBus: this.#spied.port }, script, this.millis);
    if (this.#port instanceof MemoryEventBus) await play({ poolId, eventBus: this.#port }, script, this.millis);
  }

  end(): Promise<void> {
    return end(this.#twin);
  }

  /**
   * Asks the bus for its frames. The twin compiles the filter; what a pool leaves out by itself is not checked here.
   */
  async ask(filter: EventFilterInput = {}, cursor?: EventCursor): Promise<Timely<EventFrame[]>> {
    const compiled = await this.#twin.compileScopedFilter({ queue: ROOM, ...filter });
    return inTime(this.millis, async () => {
      if (this.#port instanceof MemoryEventBus) return this.#port.frames();
      const frames = await this.#port.subscribe(compiled, cursor);
      const collected: EventFrame[] = [];
      for await (const frame of frames) collected.push(frame as EventFrame);
      return collected;
    });
  }

  /** As `ask`, for promises that can only be tried if the bus answers. */
  async answer(filter?: EventFilterInput, cursor?: EventCursor): Promise<readonly EventFrame[]> {
    const asked = await this.ask(filter, cursor);
    return asked.state === "kept" ? asked.value : [];
  }

  /** What a pool sees through a filter on a bus that keeps all promises. */
  expected(filter: EventFilterInput = {}): Promise<EventFrame[]> {
    return this.#twin.subscribe({ queue: ROOM, ...filter }).drain();
  }
}

async function answersAndEnds(trial: Trial): Promise<void> {
  const asked = await trial.ask();
  if (asked.state === "late") breach(`its answer did not end within ${trial.millis} ms`);
  if (asked.state === "broken") breach("it failed", asked);
  if (asked.value.length < trial.taken.length) {
    breach(`it took ${trial.taken.length} frames and answered ${asked.value.length}`);
  }
}

async function answersMany(trial: Trial): Promise<void> {
  // A bus that does not even return a few frames breaks another promise.
  const few = await trial.ask();
  if (few.state !== "kept" || few.value.length < trial.taken.length) return;
  await trial.publish(MANY, "pool.many");
  const all = await trial.ask();
  if (all.state !== "kept") breach(`it did not answer ${trial.taken.length} frames`);
  if (all.value.length < trial.taken.length) {
    breach(`it took ${trial.taken.length} frames and answered ${all.value.length}`);
  }
}

async function numbersFromOne(trial: Trial): Promise<void> {
  const numbers = (await trial.answer()).map(numberOf).sort((one, other) => one - other);
  const wrong = numbers.findIndex((number, index) => number !== index + 1);
  if (wrong >= 0) breach(`in place of the number ${wrong + 1} there is ${numbers[wrong]}`);
}

async function keepsOrder(trial: Trial): Promise<void> {
  const answered = (await trial.answer()).map(idOf);
  const published = trial.taken.map(idOf).filter((id) => answered.includes(id));
  const wrong = published.findIndex((id, index) => id !== answered[index]);
  if (wrong >= 0) breach(`the frame in place ${wrong + 1} was not published then`);
}

async function keepsContent(trial: Trial): Promise<void> {
  for (const frame of await trial.answer()) {
    const published = trial.taken.find((taken) => idOf(taken) === idOf(frame));
    if (published === undefined) breach("it answered a frame that was never published");
    if (canonical(content(published)) !== canonical(content(frame))) {
      breach(`a frame of the kind ${frame.event.envelope.event_kind} is not as it was published`);
    }
  }
}

async function answersAgain(trial: Trial): Promise<void> {
  const [first, second] = [await trial.answer(), await trial.answer()];
  if (first.length !== second.length) breach(`it answered ${first.length} frames, and then ${second.length}`);
  const differing = first.findIndex((frame, index) => canonical(frame) !== canonical(second[index]));
  if (differing >= 0) breach(`the frame in place ${differing + 1} was another one the second time`);
}

async function answersAfterCursors(trial: Trial): Promise<void> {
  const all = await trial.answer();
  for (const { cursor } of await trial.expected()) {
    const seen = all.find((frame) => idOf(frame) === cursor.event_id);
    if (seen === undefined) continue;
    const after = all.filter((frame) => numberOf(frame) > numberOf(seen));
    const answered = new Set((await trial.answer({}, { ...cursor, event_seq: numberOf(seen) })).map(idOf));
    const missing = after.find((frame) => !answered.has(idOf(frame)));
    if (missing !== undefined) breach(`after number ${numberOf(seen)} it left out number ${numberOf(missing)}`);
  }
}

async function answersFilters(trial: Trial): Promise<void> {
  const all = new Set((await trial.answer()).map(idOf));
  if (all.size === 0) return;
  for (const [criterion, filter] of filtersFor(await trial.expected())) {
    const answered = new Set((await trial.answer(filter)).map(idOf));
    const wanted = (await trial.expected(filter)).filter((frame) => all.has(idOf(frame)));
    const missing = wanted.filter((frame) => !answered.has(idOf(frame)));
    if (missing.length > 0)
      breach(`it left out ${missing.length} of ${wanted.length} frames that a filter for ${criterion} asked for`);
  }
}

async function numbersTogether(port: AskedEventBusPort, millis: number): Promise<void> {
  const trial = await Trial.begin(port, EVERY_KIND, millis);
  try {
    for (const poolId of ["pool.one", "pool.other"]) await trial.publish(SHORT, poolId);
    const numbers = (await trial.answer()).map(numberOf);
    const twice = numbers.find((number, index) => numbers.indexOf(number) < index);
    if (twice !== undefined) breach(`more than one frame has the number ${twice}`);
  } finally {
    await trial.end();
  }
}
