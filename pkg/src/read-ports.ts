import { readAt } from "./fields.js";
import type { MemoryEventBus, MemoryJournal } from "./memory.js";
import { invalidInput } from "./own-errors.js";
import type { EventBusPort, JournalPort } from "./port-forms.js";
import type { EventBus, Journal } from "./ports.js";
import type { TextEventBus, TextJournal } from "./text-ports.js";

/** A host's journal, and which methods it has. */
export type GivenJournal = { readonly canBatch: boolean } & (
  | { readonly takesText: false; readonly journal: Journal }
  | { readonly takesText: true; readonly journal: TextJournal }
);

/** A host's event bus, and which methods it has. */
export type GivenEventBus = {
  /** The object or function that the host gave. It identifies the bus. */
  readonly given: object;
  readonly canSubscribe: boolean;
} & (
  | { readonly takesText: false; readonly eventBus: EventBus }
  | { readonly takesText: true; readonly eventBus: TextEventBus }
);

/** Reads a journal that is the host's own. */
export function readJournal(given: Exclude<JournalPort, MemoryJournal>): GivenJournal {
  const journal = typeof given === "function" ? { append: given } : given;
  const methods = readMethods("options.journal", journal, ["append", "appendBatch"], ["appendJson", "appendBatchJson"]);
  const canBatch = methods.length > 1;
  return { takesText: methods.includes("appendJson"), journal, canBatch } as GivenJournal;
}

/** Reads an event bus that is the host's own. */
export function readEventBus(given: Exclude<EventBusPort, MemoryEventBus>): GivenEventBus {
  const place = "options.eventBus";
  const eventBus = typeof given === "function" ? { publish: given } : given;
  const methods = readMethods(place, eventBus, ["publish"], ["publishJson"]);
  const canSubscribe = hasMethod(place, eventBus, "subscribe");
  return { given, takesText: methods.includes("publishJson"), eventBus, canSubscribe } as GivenEventBus;
}

type Names = readonly [string, ...string[]];

/**
 * The methods that a port has, each read once. They are either those for objects or those for text, and the first name
 * of the list must be among them.
 */
function readMethods(place: string, port: object, forObjects: Names, forText: Names): readonly string[] {
  const isObject = typeof port === "object" && port !== null;
  const has = (name: string): boolean => isObject && hasMethod(place, port, name);
  const [ofObjects, ofText] = [forObjects.filter(has), forText.filter(has)];
  if (ofObjects.length > 0 && ofText.length > 0) {
    throw invalidInput(place, `has both ${ofObjects[0]} and ${ofText[0]}; a port takes either objects or text`);
  }
  if (ofObjects[0] !== forObjects[0] && ofText[0] !== forText[0]) {
    throw invalidInput(place, `is neither a function nor an object with a method ${forObjects[0]} or ${forText[0]}`);
  }
  return [...ofObjects, ...ofText];
}

function hasMethod(place: string, port: object, name: string): boolean {
  const method = readAt(`${place}.${name}`, () => (port as Record<string, unknown>)[name]);
  if (method === undefined || typeof method === "function") return method !== undefined;
  throw invalidInput(`${place}.${name}`, "is not a function");
}
