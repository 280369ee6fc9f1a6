import { MemoryEventBus } from "../index.js";
import type { EventBusPort } from "../port-forms.js";
import type { EventFrame } from "../types/frame.js";
import { breach, clausesOf, patience, type MakePort } from "./clauses.js";
import type { ContractClause, ContractOptions, EndPort } from "./contract.js";
import { canonical, heldData, until } from "./data.js";
import { EVERY_KIND, ODD_TEXTS, play, type Played, type Script } from "./script.js";
import { SpiedEventBus, content } from "./spied-event-bus.js";

/** Options of the contract of an event bus. */
export interface EventBusContractOptions<Port extends EventBusPort> extends ContractOptions {
  /**
   * Returns what the observers of the bus have seen, oldest first: frames, or their texts. With this option the
   * contract also tests what becomes of the frames.
   */
  readonly frames?: ((eventBus: Port) => SeenFrames | PromiseLike<SeenFrames>) | undefined;
  /** Closes a bus that the contract had made. Default: nothing is done. */
  readonly end?: EndPort<Port> | undefined;
}

/** What the observers of a bus have seen: frames, or the texts of frames. */
export type SeenFrames = Iterable<EventFrame | string>;

/**
 * What an event bus promises to a pool (see {@link EventBusPort}), as clauses to be run one by one. `make` must return
 * a new bus every time, or a promise of one. A bus with `subscribe` promises more: see {@link askedEventBusContract}.
 */
export function eventBusContract<Port extends EventBusPort>(
  make: () => Port | PromiseLike<Port>,
  options: EventBusContractOptions<Port> = {},
): ContractClause[] {
  const { frames } = options;
  const millis = patience(options);
  const clause = clausesOf(make, options.end);
  return [
    clause("takes every kind of frame", (make) => takes(make, EVERY_KIND, millis)),
    clause("takes frames with texts of every length and script", (make) => takes(make, ODD_TEXTS, millis)),
    clause("answers every publish", (make) => answers(make, millis)),
    ...(frames === undefined
      ? []
      : [
          clause("passes on every frame once, as it was given and in that order", (make) =>
            passesOn(make, frames, millis),
          ),
        ]),
  ];
}

const SCRIPTS: readonly [string, Script][] = [
  ["frames of every kind", EVERY_KIND],
  ["frames with texts of every length and script", ODD_TEXTS],
];

/** A bus on which a script was played. */
interface Tried<Port> {
  readonly eventBus: Port;
  readonly played: Played;
  readonly taken: readonly EventFrame[];
  readonly failed: readonly { readonly cause: unknown }[];
}

async function trial<Port extends EventBusPort>(
  make: MakePort<Port>,
  script: Script,
  millis: number,
): Promise<Tried<Port>> {
  const eventBus = await make();
  // Nothing can stand between the core and the package's own bus. Another bus therefore records the frames of the same
  // script.
  const spied = new SpiedEventBus(eventBus instanceof MemoryEventBus ? () => undefined : eventBus);
  const played = await play({ eventBus: spied.port }, script, millis);
  const { taken, failed } = spied;
  if (!(eventBus instanceof MemoryEventBus)) return { eventBus, played, taken, failed };
  const inMemory = await play({ eventBus }, script, millis);
  return { eventBus, played: inMemory, taken, failed: inMemory.failures.map((cause) => ({ cause })) };
}

async function takes(make: MakePort<EventBusPort>, script: Script, millis: number): Promise<void> {
  const [failed] = (await trial(make, script, millis)).failed;
  if (failed !== undefined) breach("it failed a frame", failed);
}

async function answers(make: MakePort<EventBusPort>, millis: number): Promise<void> {
  const { played } = await trial(make, EVERY_KIND, millis);
  if (played.isStuck) breach(`it did not answer a publish within ${millis} ms`);
}

async function passesOn<Port extends EventBusPort>(
  make: MakePort<Port>,
  frames: NonNullable<EventBusContractOptions<Port>["frames"]>,
  millis: number,
): Promise<void> {
  for (const [about, script] of SCRIPTS) {
    const { eventBus, taken } = await trial(make, script, millis);
    const look = async (): Promise<(EventFrame | string)[]> => heldData(await frames(eventBus));
    const seen = await until(millis, look, (seen) => seen.length >= taken.length);
    if (seen.length !== taken.length) breach(`it took ${taken.length} ${about} and passed on ${seen.length}`);
    const isAsTaken = (frame: EventFrame | string, index: number): boolean =>
      canonical(contentOf(frame)) === canonical(content(taken[index]!));
    const differing = seen.findIndex((frame, index) => !isAsTaken(frame, index));
    if (differing >= 0) breach(`of ${about}, what it passed on in place ${differing + 1} is not what it was given then`);
  }
}

/** The content of a frame. A text that could not be parsed stays as it is, and equals no frame's content. */
function contentOf(seen: EventFrame | string): unknown {
  return typeof seen === "string" ? seen : content(seen);
}
