import type { SeededIds } from "./ids.js";
import type { LoadOptions } from "./load.js";
import type { MemoryStore } from "./memory.js";
import type { EventBusPort, JournalPort } from "./port-forms.js";
import type { Clock, IdSource, RunLauncher } from "./ports.js";
import type { AgentPoolMessagePolicyInput, AgentPoolWakePolicyInput } from "./types/member.js";
import type { PolicyRefInput } from "./types/policy.js";

/** What a pool is built from. The pool may call any function given here without a `this`. */
export interface AgentPoolOptions<RunHandle = unknown> extends LoadOptions {
  /** The pool's id: 1 to 512 bytes of UTF-8 without control characters, as all ids. */
  readonly poolId: string;
  /**
   * Where transitions are written: a {@link Journal}, or a {@link TextJournal}; a function is its `append`. Default: a
   * journal of its own, in memory.
   */
  readonly journal?: JournalPort | undefined;
  /**
   * Where others observe events: an {@link EventBus}, or a {@link TextEventBus}; a function is its `publish`. Default:
   * a bus of its own, in memory.
   */
  readonly eventBus?: EventBusPort | undefined;
  /** Holds the pool; handles that are given the same store share the pool. Default: a store of its own. */
  readonly store?: MemoryStore | undefined;
  /** Tells the time; a function is its `now`. Default: {@link systemClock}. */
  readonly clock?: Clock | Clock["now"] | undefined;
  /** The source of the ids that callers leave out; a function is its `next`. Default: 128 random bits each. */
  readonly ids?: SeededIds | IdSource | IdSource["next"] | undefined;
  /** Starts runs for `startRun`; a function is its `start`. Default: `startRun` fails with `run_launcher_required`. */
  readonly runLauncher?: RunLauncher<RunHandle> | RunLauncher<RunHandle>["start"] | undefined;
  /** What messages must carry, and whom a message to the whole pool reaches. Default: nothing; all but its sender. */
  readonly messagePolicy?: AgentPoolMessagePolicyInput | undefined;
  /** Whether filters are cut down to `envelope_only` payload access (REFERENCE 33). Default: they are. */
  readonly wakePolicy?: AgentPoolWakePolicyInput | undefined;
  /** The policies that a member must hold to be observable (REFERENCE 32). Default: none. */
  readonly policyRefs?: readonly PolicyRefInput[] | undefined;
  /**
   * Which events trigger wakes by themselves. With `live` these are all events that the pool records or is shown by
   * `observe`; with `on_message` only the events of messages (REFERENCE 21). `pollWake` finds the others. Default:
   * `live`.
   */
  readonly wakeMatching?: WakeMatching | undefined;
  /**
   * How many events may wait for an event bus that does not answer before operations are refused (DESIGN 3). Operations
   * that are already under way still add their events. Of handles that share a store and a bus, the first one's option
   * counts. A whole number from 0 to 2^32-1. Default: 4,096.
   */
  readonly outboxCapacity?: number | undefined;
}

/** Which events trigger wakes by themselves. */
export type WakeMatching = "live" | "on_message";
