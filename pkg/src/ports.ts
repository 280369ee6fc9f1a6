import type { EventCursor, EventFrame, EventFrameInput } from "./types/frame.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { JournalRecord } from "./types/journal.js";
import type { PlatformAbortSignal } from "./platform-types.js";
import type { RunRequest } from "./types/run.js";

/**
 * Where every transition is written before it is published (DESIGN 3). A journal that only stores JSON should be a
 * {@link TextJournal}.
 *
 * A call of the pool that is awaited from within `append` would wait for itself: a call made while `append` runs is
 * refused with `reentrant_call`.
 */
export interface Journal {
  /**
   * Appends one record. The record is the host's to keep: nobody else sees this object. What stands in it twice, such
   * as its tags, may be one object: a host that rewrites records in place meets that object twice.
   *
   * Returns the record's cursor, in the journal's own notation (1 to 512 bytes, no control characters), or nothing, and
   * the record id is then the cursor; or a promise of either. Throwing or rejecting says that the journal does not hold
   * the record: the transition did not happen, nothing is published, and the caller of the operation gets a
   * `journal_rejected` error with what was thrown as its `cause`. Any other answer is an `invalid_port_answer`.
   *
   * While the journal has not answered, the sender's next messages wait, and so does every operation that depends on
   * what is under way (joining, leaving, suspending, reading). Messages of other senders are appended meanwhile, and
   * may be answered before. The order of the answers is the order of the events. `close({ timeoutMillis })` does not
   * wait for an answer beyond its time: for the pool the transition then did not happen, though the record may still
   * get into the journal. A journal whose readers must not see such a record has to take back a record that it takes
   * too late.
   */
  append(record: JournalRecord): string | undefined | void | PromiseLike<string | undefined | void>;

  /**
   * Appends several records in this order, at the cost of one append. The pool calls it in place of `append` where it
   * has several records ready at once; without it they are appended one by one. Once the journal has answered with a
   * promise, it is called after the code that runs at that moment, so that the messages that a run sends at once go
   * together. All records of a call name 65,536 agents and receivers at most, unless one message names more.
   *
   * Returns a list with a cursor or `undefined` for every record, in their order, or nothing, and the record ids are
   * then the cursors; or a promise of either. It is all or nothing: throwing or rejecting says that the journal holds
   * none of the records, and none of the transitions happened. A journal that cannot promise that should not have this
   * method.
   *
   * Everything else is as with `append`: the records and the list are the host's to keep; the sender's next messages,
   * and the operations that depend on them, wait while there is no answer; and the pool must not be called and awaited
   * from here.
   */
  appendBatch?(records: JournalRecord[]): BatchCursors | void | PromiseLike<BatchCursors | void>;
}

/** What a journal returns for several records: a cursor or nothing for each, in their order; or nothing for all. */
export type BatchCursors = readonly (string | undefined)[] | undefined;

/**
 * Where others observe what the journal already holds (DESIGN 3). An event bus that only passes on JSON should be a
 * {@link TextEventBus}.
 *
 * The same object given to several pools is one bus for all of them; each pool has an order of its own on it.
 */
export interface EventBus {
  /**
   * Publishes one frame, which is the host's to keep. The frames of a pool come in the order in which the journal
   * answered, one at a time: the next frame comes only after this one was published. Operations do not wait for the
   * bus, and may be called and awaited from here. Only `flush` and `close` may not be awaited here, since they wait for
   * what is published here.
   *
   * The pool ignores what `publish` returns, unless it is a promise. Throwing or rejecting says that the frame was
   * not published. The frame then stays first in line and is tried again when the next operation that may record
   * something begins; if it fails again, that operation fails with `event_bus_rejected`. That operation does wait for
   * the answer, until another operation is called, perhaps from here: then both go on. While there is no answer,
   * frames wait, up to `outboxCapacity`. When `close({ timeoutMillis })` gives up, the frame that was being published
   * may have reached the bus or not. A bus that took a frame and only lost its answer gets it again, with the same
   * `event_id`.
   *
   * A bus with `subscribe` gets frames whose `event.envelope.event_seq` is 0 and numbers them there, from 1. For a bus
   * without it, the pools of this bus keep and number the frames themselves, as long as one of these pools is open;
   * later pools number from 1 again.
   */
  publish(frame: EventFrame): unknown;

  /**
   * Returns the frames that the bus holds after the cursor, in their order, each once, and with the bus's numbers as
   * the `event_seq` of their envelopes: an array, an iterable or an async iterable, or a promise of one. (Frames out of
   * order or repeated reach `drain()` as they are; an iteration leaves out what is not after the frame before.) The
   * pool applies filter, cursor and queue bounds once more, so a bus that ignores them widens nothing. Frames without a
   * number, and any other answer, are an `invalid_port_answer`. Throwing, rejecting or failing midway is an
   * `event_bus_rejected`, and so is a frame that holds what JSON cannot hold (the error's `cause` says where).
   *
   * Without `options`, as `drain()`, `suspendUntil` and `pollWake` call it, the answer has to come to an end.
   * `suspendUntil` and `pollWake` wait for this answer in their turn, so a call of the pool that is awaited from within
   * would wait for itself, as with `append`.
   *
   * With `options`, for a live stream, an async iterable may go on and on: its frames are taken as they come. An answer
   * that ends is asked for again, from the last frame seen on, whenever the pool has published an event here, was shown
   * one (`observe`), or the members that the filter is about have changed. When those members change, an iterable that
   * goes on is ended, and an answer that is under way is not taken: both are asked for anew, for the members at that
   * time. Only the reader waits for these answers; `close` does not, and what the bus did not give by then is not read.
   * A bus that applies the filter does not give the frames of a run that is away; if the run joins again before the
   * stream has seen a later frame, it gets them then.
   */
  subscribe?(
    filter: CompiledEventFilter,
    cursor: EventCursor | undefined,
    options?: EventBusSubscribeOptions,
  ): EventFrames | PromiseLike<EventFrames>;
}

/** What a live stream passes to a bus when it asks for frames. */
export interface EventBusSubscribeOptions {
  /** The answer need not end: frames that come later may be given as they come. */
  readonly live: true;
  /**
   * Aborted when the answer is no longer needed, however far it was read: the reader has gone, the members that the
   * filter is about have changed, or the answer ended. An async iterable that was not read to its end also gets
   * `return()`. An async generator serves `return()` only once what it awaits has settled, so let it wait for the
   * signal too.
   */
  readonly signal: PlatformAbortSignal;
}

/** Frames as a bus of the host may return them. */
export type EventFrames = Iterable<EventFrameInput> | AsyncIterable<EventFrameInput>;

/** Tells the time when an operation begins. */
export interface Clock {
  /**
   * Returns Unix milliseconds; fractions are dropped. A clock that throws keeps the operation from beginning, which
   * fails with `invalid_port_answer`.
   */
  now(): number;
}

/** The source of the ids and keys that callers leave out. */
export interface IdSource {
  /**
   * Returns a string of 1 to 512 bytes without control characters, never the same one twice. Anything else, and
   * throwing, is an `invalid_port_answer`.
   */
  next(): string;
}

/** Starts runs for `startRun`. */
export interface RunLauncher<RunHandle = unknown> {
  /**
   * Starts the run and returns the host's handle of it, or a promise of one; `startRun` hands the handle on as it is.
   * Throwing or rejecting says that no run was started. A handle that comes after `close({ timeoutMillis })` gave up
   * waiting for it reaches nobody.
   *
   * The run becomes a member only after this answer, without topics and policies: an agent that sends before that gets
   * `sender_not_member`. So return a handle that can begin the agent, and have it begin after `startRun`, or after a
   * `joinRun` with topics and policies.
   */
  start(request: RunRequest): RunHandle | PromiseLike<RunHandle>;
}
