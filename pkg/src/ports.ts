import type { EventCursor, EventFrame, EventFrameInput } from "./types/frame.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { JournalRecord } from "./types/journal.js";
import type { PlatformAbortSignal } from "./platform-types.js";
import type { RunRequest } from "./types/run.js";

/**
 * Where every transition is written before anyone hears of it (DESIGN 3). One that only stores JSON is better off as a
 * {@link TextJournal}.
 *
 * Calling the pool and awaiting it from within `append` would wait for itself: a call made while `append` runs is
 * refused with `reentrant_call`.
 */
export interface Journal {
  /**
   * Appends one record, which is the host's to keep: nobody else sees this object.
   *
   * Answers where the record stands, in the journal's own notation (1 to 512 bytes, no control characters), or nothing,
   * and the record id is the cursor then; or a promise of either. Throwing or rejecting says that the journal does not
   * hold the record: the transition did not happen, nothing is published, and the caller of the operation gets a
   * `journal_rejected` error with what was thrown as its `cause`. Anything else is an `invalid_port_answer`.
   *
   * While it does not answer, the sender's next messages wait, and whatever depends on what is under way (joining,
   * leaving, waiting, reading); messages of other senders are appended meanwhile, and may be answered before. The order
   * in which it answers is that of the events. `close({ timeoutMillis })` does not wait for it beyond its time: to the pool
   * the transition then did not happen, though the record may still get into the journal. A journal whose readers must not
   * see such a record has to take back what it takes too late.
   */
  append(record: JournalRecord): string | undefined | void | PromiseLike<string | undefined | void>;

  /**
   * Appends several records in this order, at the cost of one append. Called in place of `append` where the pool has
   * several ready at once; without it they are appended one by one. A journal that has answered with a promise is called
   * after what runs at that moment, so that what a run sends at once goes together.
   *
   * Answers a list with a cursor or `undefined` for every record, in their order, or nothing, and the record ids are the
   * cursors then; or a promise of either. All or nothing: throwing or rejecting says that the journal holds none of the
   * records, and none of the transitions happened. A journal that cannot promise that is better off without it.
   *
   * For the rest it is as with `append`: records and list are the host's to keep, the sender's next messages and what
   * depends on these wait while it does not answer, and the pool must not be called and awaited from here.
   */
  appendBatch?(records: JournalRecord[]): BatchCursors | void | PromiseLike<BatchCursors | void>;
}

/** What a journal answers to several records: a cursor or nothing for each, in their order; or nothing for all. */
export type BatchCursors = readonly (string | undefined)[] | undefined;

/**
 * By which others observe what the journal already holds (DESIGN 3). One that only passes on JSON is better off as a
 * {@link TextEventBus}.
 *
 * The same object given to several pools is one bus to all of them, each with an order of its own.
 */
export interface EventBus {
  /**
   * Publishes one frame, which is the host's to keep. The frames of a pool come in the order in which the journal
   * answered, one at a time: the next one only after this one was published. The operations do not wait for it, and may
   * be called and awaited from here; only `flush` and `close` may not be awaited, since they wait for what is published
   * here.
   *
   * What it answers is of no interest, unless it is a promise. Throwing or rejecting says that the frame was not
   * published: it stays first in line and is tried again when the next operation begins, which fails with
   * `event_bus_rejected` if that fails too. That operation does wait for the answer, until another one is called, which
   * may be from here: then both go on. While there is no answer, frames wait, up to `outboxCapacity`; given up by
   * `close({ timeoutMillis })`, the frame that was being published may have reached the bus or not.
   *
   * A bus with `subscribe` gets frames whose `event_seq` is 0 and numbers them itself, from 1. Without it, the pools of
   * this bus keep and number the frames themselves, as long as one of them is open; later ones number from 1 again.
   */
  publish(frame: EventFrame): unknown;

  /**
   * Answers the frames that the bus holds after the cursor, in their order and with the bus's numbers as `event_seq`:
   * an array, an iterable or an async iterable, or a promise of one. The pool applies filter, cursor and queue bounds
   * once more, so a bus that ignores them widens nothing. Frames without a number, and anything else, are an
   * `invalid_port_answer`; throwing, rejecting or failing midway is an `event_bus_rejected`, and so is a frame that holds
   * what JSON cannot (its `cause` says where).
   *
   * Asked without `options`, for `drain()`, `suspendUntil` and `pollWake`, it has to come to an end. `suspendUntil` and
   * `pollWake` wait for this answer in their turn, so calling the pool and awaiting it from within would wait for
   * itself, as with `append`.
   *
   * Asked with `options`, for a live stream, an async iterable may go on and on: its frames are taken as they come.
   * What ends is asked for again, from the last frame seen on, whenever the pool published an event here, was shown one
   * (`observe`) or has other members that the filter is about. With other members, a stream that goes on is ended, and an
   * answer that is under way is not taken: both are asked for anew, for the members there are. Nobody waits for these
   * answers but the reader, and `close` does not: what the bus did not give by then is not read.
   */
  subscribe?(
    filter: CompiledEventFilter,
    cursor: EventCursor | undefined,
    options?: EventBusSubscribeOptions,
  ): EventFrames | PromiseLike<EventFrames>;
}

/** What a live stream tells a bus when it asks for frames. */
export interface EventBusSubscribeOptions {
  /** The answer need not end: frames that come later may be given as they come. */
  readonly live: true;
  /**
   * Aborted when the answer is no longer needed, however far it was read: the reader has gone, the members that the filter
   * is about are others, or it ended. An async iterable that was not read to its end also gets `return()`, which an async
   * generator serves only once what it waits for is there: let it wait for the signal too.
   */
  readonly signal: PlatformAbortSignal;
}

/** Frames as a bus of the host may answer them. */
export type EventFrames = Iterable<EventFrameInput> | AsyncIterable<EventFrameInput>;

/** Tells the time when an operation begins. */
export interface Clock {
  /**
   * Unix milliseconds; fractions are dropped. A clock that throws keeps the operation from beginning:
   * `invalid_port_answer`.
   */
  now(): number;
}

/** Where the ids and keys come from that callers leave out. */
export interface IdSource {
  /**
   * A string of 1 to 512 bytes without control characters, never the same one twice. Anything else, and throwing, is an
   * `invalid_port_answer`.
   */
  next(): string;
}

/** Starts runs for `startRun`. */
export interface RunLauncher<RunHandle = unknown> {
  /**
   * Starts the run and answers the host's handle of it, which `startRun` hands on as it is, or a promise of one.
   * Throwing or rejecting says that no run was started. A handle answered after `close({ timeoutMillis })` gave up
   * waiting for it reaches nobody.
   */
  start(request: RunRequest): RunHandle | PromiseLike<RunHandle>;
}
