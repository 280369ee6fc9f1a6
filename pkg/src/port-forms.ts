import { invalidInput } from "./errors.js";
import { reading } from "./fields.js";
import { MemoryEventBus, MemoryJournal } from "./memory.js";
import type { EventBus, Journal } from "./ports.js";
import type { TextEventBus, TextJournal } from "./text-ports.js";

/** What has none of these methods. */
export type Without<Methods extends string> = { readonly [Method in Methods]?: undefined };

/**
 * A journal as pools take it: a {@link Journal}, whose `append` a function stands for, or a {@link TextJournal}. One with
 * methods of both is refused with `invalid_input`: only one of them would be called, and who overrides the other, to
 * leave something out of the records perhaps, would not notice.
 */
export type JournalPort =
  | MemoryJournal
  | (Journal & Without<"appendJson" | "appendBatchJson">)
  | (TextJournal & Without<"append" | "appendBatch">)
  | Journal["append"];

/**
 * An event bus as pools take it: an {@link EventBus}, whose `publish` a function stands for, or a {@link TextEventBus}.
 * One with methods of both is refused, as with {@link JournalPort}.
 */
export type EventBusPort =
  | MemoryEventBus
  | (EventBus & Without<"publishJson">)
  | (TextEventBus & Without<"publish">)
  | EventBus["publish"];

/** A journal of the host's, as it was read. */
export type GivenJournal = { readonly canBatch: boolean } & (
  | { readonly takes: "objects"; readonly journal: Journal }
  | { readonly takes: "text"; readonly journal: TextJournal }
);

/** A bus of the host's, as it was read. */
export type GivenEventBus = {
  /** What was given: the object or function by which the bus is known again. */
  readonly given: object;
  readonly canSubscribe: boolean;
} & (
  | { readonly takes: "objects"; readonly eventBus: EventBus }
  | { readonly takes: "text"; readonly eventBus: TextEventBus }
);

/** Reads a journal that is not the package's own. */
export function readJournal(given: Exclude<JournalPort, MemoryJournal>): GivenJournal {
  if (typeof given === "function") return { takes: "objects", journal: { append: given }, canBatch: false };
  const has = readMethods("options.journal", given, ["append", "appendBatch"], ["appendJson", "appendBatchJson"]);
  const canBatch = has.includes("appendBatch") || has.includes("appendBatchJson");
  return has.includes("append")
    ? { takes: "objects", journal: given as Journal, canBatch }
    : { takes: "text", journal: given as TextJournal, canBatch };
}

/** Reads an event bus that is not the package's own. */
export function readEventBus(given: Exclude<EventBusPort, MemoryEventBus>): GivenEventBus {
  if (typeof given === "function") {
    return { given, takes: "objects", eventBus: { publish: given }, canSubscribe: false };
  }
  const has = readMethods("options.eventBus", given, ["publish"], ["publishJson"], ["subscribe"]);
  const canSubscribe = has.includes("subscribe");
  return has.includes("publish")
    ? { given, takes: "objects", eventBus: given as EventBus, canSubscribe }
    : { given, takes: "text", eventBus: given as TextEventBus, canSubscribe };
}

type Names = readonly [string, ...string[]];

/**
 * The methods that a port has, each read once: of those for objects or of those for text, the first among them, and of
 * others.
 */
function readMethods(
  place: string,
  given: object,
  forObjects: Names,
  forText: Names,
  others: readonly string[] = [],
): readonly string[] {
  const has = isObject(given)
    ? [...forObjects, ...forText, ...others].filter((name) => hasMethod(place, given, name))
    : [];
  const ofObjects = forObjects.find((name) => has.includes(name));
  const ofText = forText.find((name) => has.includes(name));
  if (ofObjects !== undefined && ofText !== undefined) {
    throw invalidInput(place, `has both ${ofObjects} and ${ofText}; a port takes either objects or text`);
  }
  if (!has.includes(forObjects[0]) && !has.includes(forText[0])) {
    throw invalidInput(place, `is neither a function nor an object with a method ${forObjects[0]} or ${forText[0]}`);
  }
  return has;
}

function hasMethod(place: string, given: object, name: string): boolean {
  const method = reading(`${place}.${name}`, () => (given as Record<string, unknown>)[name]);
  if (method === undefined || typeof method === "function") return method !== undefined;
  throw invalidInput(`${place}.${name}`, "is not a function");
}

function isObject(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}
