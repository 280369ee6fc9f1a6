import { encode } from "./encode.js";
import { readAt, readFields } from "./fields.js";
import { SeededIds } from "./ids.js";
import type { LoadOptions } from "./load.js";
import { MemoryEventBus, MemoryJournal, MemoryStore } from "./memory.js";
import type { AgentPoolOptions } from "./options.js";
import { invalidInput } from "./own-errors.js";
import type { Clock, IdSource, RunLauncher } from "./ports.js";
import { readEventBus, readJournal, type GivenEventBus, type GivenJournal } from "./read-ports.js";

/** Options that were read, each once, and found well-formed as far as this side can tell without the core. */
export interface ReadOptions<RunHandle> {
  /** Everything but the ports, as text for the core. */
  readonly configText: string;
  readonly journal: MemoryJournal | GivenJournal | undefined;
  readonly eventBus: MemoryEventBus | GivenEventBus | undefined;
  readonly store: MemoryStore | undefined;
  readonly clock: Clock | undefined;
  readonly ids: SeededIds | IdSource | undefined;
  readonly runLauncher: RunLauncher<RunHandle> | undefined;
  readonly wasm: LoadOptions["wasm"];
}

const CONFIGURATION = [
  "poolId",
  "messagePolicy",
  "wakePolicy",
  "policyRefs",
  "wakeMatching",
  "outboxCapacity",
] as const;
const MESSAGE_POLICY = ["required_policy_refs", "include_sender_in_pool_broadcast"] as const;
const WAKE_POLICY = ["envelope_only"] as const;
const PORTS = ["journal", "eventBus", "store", "clock", "ids", "runLauncher", "wasm"] as const;

/** Reads options; errors name the place. */
export function readOptions<RunHandle>(options: AgentPoolOptions<RunHandle>): ReadOptions<RunHandle> {
  const given = readFields(options, "options", [...CONFIGURATION, ...PORTS]);
  // A misspelt policy would otherwise be ignored.
  const { messagePolicy, wakePolicy } = given;
  if (messagePolicy !== undefined) given.messagePolicy = readFields(messagePolicy, "options.messagePolicy", MESSAGE_POLICY);
  if (wakePolicy !== undefined) given.wakePolicy = readFields(wakePolicy, "options.wakePolicy", WAKE_POLICY);
  const configuration = CONFIGURATION.filter((field) => field in given).map(
    (field) => `"${field}":${encode(given[field], `options.${field}`)}`,
  );
  const { journal, eventBus, store, clock, ids, runLauncher, wasm } = given;
  if (store !== undefined && !(store instanceof MemoryStore))
    throw invalidInput("options.store", "is not a MemoryStore");
  return {
    configText: `{${configuration.join()}}`,
    journal: journal === undefined || journal instanceof MemoryJournal ? journal : readJournal(journal),
    eventBus: eventBus === undefined || eventBus instanceof MemoryEventBus ? eventBus : readEventBus(eventBus),
    store,
    clock: port<Clock>("clock", "now", clock),
    ids: ids instanceof SeededIds ? ids : port<IdSource>("ids", "next", ids),
    runLauncher: port<RunLauncher<RunHandle>>("runLauncher", "start", runLauncher),
    wasm,
  };
}

/** A port as an object with its method. A function stands for the method. */
function port<Port extends object>(
  option: string,
  method: keyof Port & string,
  given: Port | Port[keyof Port] | undefined,
): Port | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "function") return { [method]: given } as unknown as Port;
  const place = `options.${option}`;
  if (typeof given === "object" && given !== null) {
    const called = readAt(`${place}.${method}`, () => (given as Port)[method]);
    if (typeof called === "function") return given as Port;
  }
  throw invalidInput(place, `is neither a function nor an object with a method ${method}`);
}
