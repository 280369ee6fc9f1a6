/**
 * Agent Pool: an embeddable coordination core for agent runs. {@link AgentPool.build} opens a pool, and everything else
 * is done by the methods of {@link AgentPool}.
 *
 * Methods are camelCase. Data is the wire JSON in snake_case; records, events and arguments use the same objects.
 * Arguments may be shorter (the types named `…Input`); output is always the full form.
 *
 * @packageDocumentation
 */
export { AgentPool, type CloseOptions, type SubscribeOptions, type WatchOptions } from "./pool.js";
export type { PoolStream, PoolStreamIterator } from "./stream.js";
export type { AgentPoolOptions, WakeMatching } from "./options.js";
export { load, type LoadOptions, type WasmModule, type WasmSource } from "./load.js";
export type { PlatformAbortSignal, PlatformResponse, PlatformUrl } from "./platform-types.js";
export {
  AgentPoolError,
  type AgentErrorKind,
  type AgentPoolErrorFields,
  type AgentPoolErrorIds,
  type ErrorCode,
  type RetryClassification,
} from "./errors.js";

export type {
  BatchCursors,
  Clock,
  EventBus,
  EventBusSubscribeOptions,
  EventFrames,
  IdSource,
  Journal,
  RunLauncher,
} from "./ports.js";
export type { EventBusPort, JournalPort } from "./port-forms.js";
export type { TextEventBus, TextJournal } from "./text-ports.js";
export { MemoryEventBus, MemoryJournal, MemoryStore } from "./memory.js";
export { logicalClock, manualClock, systemClock, type ManualClock } from "./clocks.js";
export { seededIds, type SeededIds } from "./ids.js";

export type * from "./types/address.js";
export type * from "./types/effect.js";
export type * from "./types/envelope.js";
export type * from "./types/event-kind.js";
export type * from "./types/filter.js";
export type * from "./types/frame.js";
export type * from "./types/given.js";
export type * from "./types/journal.js";
export type * from "./types/member.js";
export type * from "./types/message.js";
export type * from "./types/policy.js";
export type * from "./types/refs.js";
export type * from "./types/run.js";
export type * from "./types/store.js";
export type * from "./types/wake.js";
export type * from "./types/wide-integer.js";
