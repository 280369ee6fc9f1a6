// The declarations name `Symbol.asyncDispose`, which the libraries that a host compiles with may lack.
/// <reference lib="esnext.disposable" preserve="true" />

import { readSignal } from "./aborting.js";
import { encode, encodeFrame } from "./encode.js";
import { readFields } from "./fields.js";
import { Handle } from "./handle.js";
import type { AgentPoolOptions } from "./options.js";
import { invalidInput } from "./own-errors.js";
import type { PlatformAbortSignal } from "./platform-types.js";
import { readOptions } from "./read-options.js";
import { readPlainMessage } from "./read-plain-message.js";
import { PoolStream } from "./stream.js";
import type { CompiledEventFilter, EventFilter, EventFilterInput } from "./types/filter.js";
import type { EventCursor, EventFrame, EventFrameInput } from "./types/frame.js";
import type { AgentPoolMember, AgentPoolMemberInput } from "./types/member.js";
import type { MessageReceipt, MessageStatus, RunMessageInput } from "./types/message.js";
import type { RunRequest } from "./types/run.js";
import type { AgentPoolSnapshot, AgentPoolStoreCursorInput, AgentPoolStoreRecord } from "./types/store.js";
import type { WakeConditionInput, WakeRegistration } from "./types/wake.js";
import { Operation, type WasmPool, type WasmStream } from "./wasm/agent_pool.js";

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** The cursor of the last frame seen, in a stream with an equal filter. Default: the start. */
  readonly cursor?: EventCursor | undefined;
  /** Ends all iterations of the stream when it is aborted. Default: nothing does. */
  readonly signal?: PlatformAbortSignal | undefined;
}

/** Options of `watchPool`. */
export interface WatchOptions {
  /** Ends all iterations of the stream when it is aborted. Default: nothing does. */
  readonly signal?: PlatformAbortSignal | undefined;
}

/** Timers cannot wait longer than this. */
const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1;

/** Options of `close`. */
export interface CloseOptions {
  /**
   * How long `close` may take, in milliseconds: a whole number from 0 to 2^31-1. 0 gives up whatever is not finished in
   * this turn of the event loop. Default: as long as it takes, which is for ever behind a port that never answers.
   */
  readonly timeoutMillis?: number | undefined;
}

/**
 * A handle on a pool: runs join it, send each other messages, and suspend until an event arrives.
 *
 * Operations have the same outcome as if they ran one after the other, in the order in which they are called, over all
 * handles of one store, and no caller sees half of an operation. Messages of different senders run side by side;
 * messages of one sender keep their order. An operation that others depend on (joining, leaving, suspending, reading)
 * waits for them and holds back what comes after it (DESIGN 3). A message that is sent while the same message is under
 * way returns the outcome of that send.
 *
 * Every operation may fail with `invalid_input`, `closed`, `reentrant_call` and `panicked`, besides the errors that its
 * description names. Operations that record something may also fail with `journal_rejected`, `event_bus_rejected`,
 * `bus_backlogged` and `invalid_port_answer`, operations that return data with `answer_too_large`. An operation that
 * fails before it is recorded leaves no trace. Call an operation again with the same idempotency key: if it failed
 * halfway, it is finished (a message's sender must be a member for that); if it succeeded, it returns what it returned
 * before.
 */
export class AgentPool<RunHandle = unknown> {
  readonly #handle: Handle;

  private constructor(handle: Handle) {
    if (!(handle instanceof Handle)) throw invalidInput("AgentPool", "is made by AgentPool.build");
    this.#handle = handle;
  }

  /**
   * Opens a pool in its store, loading the WebAssembly module first if this is the first pool.
   *
   * @throws {AgentPoolError} `invalid_input`; `store_config_conflict` if the pool is open in the store under other
   *   policies; `load_failed`; `panicked`.
   */
  static async build<RunHandle = unknown>(options: AgentPoolOptions<RunHandle>): Promise<AgentPool<RunHandle>> {
    return new AgentPool<RunHandle>(await Handle.open(readOptions(options)));
  }

  /** The pool's id. */
  get poolId(): string {
    return this.#handle.poolId;
  }

  /**
   * Starts a run through the host's launcher, makes it a member without topics and policies, and returns the launcher's
   * handle of it. The run becomes a member once the launcher has answered: an agent that sends before that gets
   * `sender_not_member`. To give the run topics or policies, call {@link joinRun} afterwards.
   *
   * @throws {AgentPoolError} `run_launcher_required`; `run_launcher_rejected`; the errors of {@link joinRun}, and then
   *   with the handle of the started run as `runHandle`.
   */
  async startRun(request: RunRequest): Promise<RunHandle> {
    const { run_id, agent_id, input } = readFields(request, "request", ["run_id", "agent_id", "input"]);
    const { inputs } = this.#handle;
    const token = input === undefined ? undefined : inputs.keep(input);
    try {
      const text = encode({ run_id, agent_id, input: token }, "request");
      return await this.#handle.call<[RunHandle], RunHandle>(Operation.StartRun, [text], ([runHandle]) => runHandle);
    } finally {
      if (token !== undefined) inputs.take(token);
    }
  }

  /** Makes a run a member. If it is a member already, replaces its agent, topics and policies. */
  async joinRun(member: AgentPoolMemberInput): Promise<void> {
    const text = encode(member, "member");
    return this.#handle.callForNothing(Operation.JoinRun, text);
  }

  /**
   * Ends a run's membership and returns the member as it was. Until the run joins again, no event ends its wakes;
   * {@link pollWake} still times them out. If the call fails because the end of a wake could not be recorded, the run
   * has left all the same.
   *
   * @throws {AgentPoolError} `not_a_member`.
   */
  async leaveRun(runId: string): Promise<AgentPoolMember> {
    const text = encode(runId, "runId");
    return this.#handle.callForData(Operation.LeaveRun, text);
  }

  /** The members, in byte order of their run ids. */
  async members(): Promise<AgentPoolMember[]> {
    return this.#handle.callForData(Operation.Members);
  }

  /** Everything that is known of the pool. */
  async snapshot(): Promise<AgentPoolSnapshot> {
    return this.#handle.callForData(Operation.Snapshot);
  }

  /**
   * Sends a message. A message that nobody receives, or whose time is over, is a receipt (`failed`, `expired`), not an
   * error. Sending the same message again returns its receipt.
   *
   * @throws {AgentPoolError} `sender_not_member`; `idempotency_conflict` if its key or id belongs to another message;
   *   `randomness_unavailable`.
   */
  send(message: RunMessageInput): Promise<MessageReceipt> {
    const plain = readPlainMessage(this.#handle.poolId, message);
    const sent = plain && this.#handle.send(plain);
    return sent ?? this.#sendInFull(message);
  }

  async #sendInFull(message: RunMessageInput): Promise<MessageReceipt> {
    const text = encode(message, "message");
    return this.#handle.callForData(Operation.Send, text);
  }

  /**
   * Records what became of a message, as the host knows it. Recording the same status again returns the stored receipt.
   *
   * `message` is the whole message as it was sent, or a message that was never sent here: a host may record messages
   * that it delivered in other ways. The receipt names the runs of `deliveredTo` and no others. From then on it is the
   * message's receipt, also for a caller who sends the message again.
   *
   * @throws {AgentPoolError} `sender_not_member`; `invalid_status_transition` (DESIGN D8); `idempotency_conflict`.
   */
  async recordMessageStatus(
    message: RunMessageInput,
    status: MessageStatus,
    deliveredTo: readonly string[] = [],
  ): Promise<MessageReceipt> {
    const messageText = encode(message, "message");
    const statusText = encode(status, "status");
    const deliveredToText = encode(deliveredTo, "deliveredTo");
    return this.#handle.callForData(Operation.RecordMessageStatus, messageText, statusText, deliveredToText);
  }

  /**
   * A live stream of event frames: first the frames that the event bus holds after the cursor, as far as this pool may
   * see them and within the bounds of the filter's queue, and then those that arrive on the bus.
   *
   * Whether an iteration sees a frame is decided when the frame arrives, by the members at that moment: the events of a
   * run that has left are no longer visible, those of a run that has joined are, and cursors belong to the filter as it
   * then is. Every iteration has its own queue, bounded by the filter's `queue`: a loop of sends can publish frames
   * faster than any reader takes them. No frame is given twice, and the order of the frames is that of the bus.
   *
   * The frames that are there at the beginning go through the queue all at once, as with `drain()` (unless they come
   * from a bus of the host's whose answer goes on, which gives them one by one): what the queue does not hold is left
   * out however fast the reader is, and notices (`overflow`) may count too few and be on later frames (REFERENCE 36). A
   * reader that is too slow for live frames is told exactly what it missed: on the frame after the gap. Until that frame
   * comes, nothing tells of the gap; if none comes any more, the last frame does, provided that it is still in the
   * queue when the pool is closed. Under `fail_subscriber` the stream ends with what is in the queue.
   *
   * Reading the stream may fail with `cursor_scope_mismatch`, `invalid_overflow_policy`, `event_bus_rejected` and
   * `invalid_port_answer`.
   */
  subscribe(filter: EventFilterInput = {}, options: SubscribeOptions = {}): PoolStream<EventFrame> {
    return this.#stream(() => {
      const filterText = encode(filter, "filter");
      const { cursor, signal } = readFields(options, "options", ["cursor", "signal"]);
      const cursorText = encodeCursor(cursor);
      return {
        drain: [Operation.Subscribe, filterText, cursorText],
        open: (pool) => pool.subscribeLive(filterText, cursorText),
        signal: readSignal(signal),
      };
    });
  }

  /**
   * A live stream of the pool's history: first the records after the cursor (default: from the start), and then those
   * that are added, by whatever handle. The stream reads from the store at the reader's pace, so nothing is left out
   * however slow the reader is.
   */
  watchPool(cursor?: AgentPoolStoreCursorInput, options: WatchOptions = {}): PoolStream<AgentPoolStoreRecord> {
    return this.#stream(() => {
      const cursorText = encodeCursor(cursor);
      const { signal } = readFields(options, "options", ["signal"]);
      return {
        drain: [Operation.WatchPool, cursorText],
        open: (pool) => pool.watchPoolLive(cursorText),
        signal: readSignal(signal),
      };
    });
  }

  /** The filter cut down to what this pool may see (REFERENCE 32, 33). */
  async scopeFilter(filter: EventFilterInput = {}): Promise<EventFilter> {
    const text = encode(filter, "filter");
    return this.#handle.callForData(Operation.ScopeFilter, text);
  }

  /** As {@link scopeFilter}, compiled. */
  async compileScopedFilter(filter: EventFilterInput = {}): Promise<CompiledEventFilter> {
    const text = encode(filter, "filter");
    return this.#handle.callForData(Operation.CompileScopedFilter, text);
  }

  /**
   * Registers that a run waits for an event. The wake ends at once if its timeout is 0, or if the event bus has a
   * matching event already (REFERENCE 20). It waits for events of the runs that are members now: a run that joins later
   * does not wake it (REFERENCE 22). A wake whose filter no member can match lasts until its timeout, if it has one, or
   * until it is cancelled. Suspending with the same condition again returns its registration; if the bus refused to
   * answer, the wake is registered all the same, and suspending again asks the bus again. To watch for the events of a
   * wake from before it is registered, give the condition a `condition_id`.
   *
   * @throws {AgentPoolError} `wake_run_mismatch`; `not_a_member`; `idempotency_conflict` if its key or id belongs to
   *   another condition; `randomness_unavailable`.
   */
  async suspendUntil(runId: string, condition: WakeConditionInput): Promise<WakeRegistration> {
    const runIdText = encode(runId, "runId");
    const conditionText = encode(condition, "condition");
    return this.#handle.callForData(Operation.SuspendUntil, runIdText, conditionText);
  }

  /**
   * The state of a wake. A wake that is still registered ends here if its time is over, or if the event bus has an
   * event that it waits for.
   *
   * @throws {AgentPoolError} `wake_not_registered`.
   */
  async pollWake(conditionId: string): Promise<WakeRegistration> {
    const text = encode(conditionId, "conditionId");
    return this.#handle.callForData(Operation.PollWake, text);
  }

  /**
   * Cancels a wake; a wake that has ended stays as it is (DESIGN D7). A wake whose time is over, but that nobody has
   * polled since, has not ended.
   *
   * @throws {AgentPoolError} `wake_not_registered`.
   */
  async cancelWake(conditionId: string): Promise<WakeRegistration> {
    const text = encode(conditionId, "conditionId");
    return this.#handle.callForData(Operation.CancelWake, text);
  }

  /**
   * Shows the pool an event of the host's. Under live wake matching the event triggers wakes as the pool's own events
   * do. A bus in memory, or a bus without `subscribe`, keeps it too. A frame that is shown again unchanged (equal to
   * the latest frame that was shown with its event id) is kept once.
   *
   * The frame is a whole one, with everything that {@link EventFrameInput} asks for, as the host's own runs or another
   * pool published it; the README has one written out. Its texts, including times, are kept as they are.
   */
  async observe(frame: EventFrameInput): Promise<void> {
    const text = encodeFrame(frame, "frame");
    return this.#handle.callForNothing(Operation.Observe, text);
  }

  /**
   * Waits until the event bus has every event of the operations so far. A call that is awaited inside `publish` would
   * wait for itself; one that is made before `publish` returns is refused.
   *
   * @throws {AgentPoolError} `event_bus_rejected`; the event keeps its place and is tried again. `reentrant_call`.
   */
  async flush(): Promise<void> {
    return this.#handle.callForNothing(Operation.Flush);
  }

  /**
   * Ends the handle. Calls that are under way, and events that wait for the event bus, are finished first; later calls
   * fail with `closed`. Closing again is no error. The pool itself lives on in its store, and so do its other handles.
   * A handle with an event bus of the host's is not garbage-collected unless it is closed.
   *
   * A run that the launcher is still starting does not join any more: its `startRun` fails with `closed`, and the error
   * has the handle of the run. Only a `close` with `timeoutMillis` waits for the launcher.
   *
   * With `timeoutMillis`, `close` ends within that time, and for good, whatever the ports do. Calls that still wait
   * then fail with `closed`, so that calls of other handles on the pool get their turn, and an answer that a port gives
   * later reaches nobody. A record may then be in the journal although its transition did not happen; the same call on
   * another handle makes up for it. For a message or a wake you can make the same call only if you chose its id or key:
   * these errors do not name one that was made up. Events that wait for the bus are left to the other handles on the
   * same pool and bus; if there are none, the events are never published. The event that the bus has not answered is
   * not shown to it again, since the bus may only be slow: the other handles' events wait behind it.
   *
   * @throws {AgentPoolError} `event_bus_rejected`: the handle is closed all the same, and the next `close` tries what
   *   waits for the bus again, unless there was a `timeoutMillis`; `close_timed_out`: the time was over, and the handle
   *   is closed all the same; `invalid_input`; `reentrant_call`: a port made the call, and the handle stays open.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    return this.#handle.close(readLimit(options));
  }

  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Makes a stream. Its arguments are checked now; an error in them is thrown when the stream is read. */
  #stream<Item>(prepare: () => StreamCalls): PoolStream<Item> {
    let calls: StreamCalls;
    try {
      calls = prepare();
    } catch (error) {
      const fail = (): never => {
        throw error;
      };
      return new PoolStream<Item>(async () => fail(), fail, undefined);
    }
    const { drain, open, signal } = calls;
    const handle = this.#handle;
    return new PoolStream(
      () => handle.callForData<Item[]>(...drain),
      () => handle.open<Item>(open),
      signal,
    );
  }
}

function readLimit(options: CloseOptions): number | undefined {
  const { timeoutMillis } = readFields(options, "options", ["timeoutMillis"]);
  if (timeoutMillis === undefined) return undefined;
  if (Number.isInteger(timeoutMillis) && timeoutMillis >= 0 && timeoutMillis <= MAX_TIMEOUT_MILLIS) return timeoutMillis;
  throw invalidInput("options.timeoutMillis", "is not a whole number from 0 to 2^31-1");
}

/** How a stream is read from the core: once with `drain`, or live with `open`. */
interface StreamCalls {
  readonly drain: Parameters<Handle["callForData"]>;
  readonly open: (pool: WasmPool) => WasmStream;
  readonly signal: AbortSignal | undefined;
}

function encodeCursor(cursor: EventCursor | AgentPoolStoreCursorInput | undefined): string | undefined {
  return cursor === undefined ? undefined : encode(cursor, "cursor");
}
