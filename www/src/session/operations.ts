import { AgentPoolError } from "agent-pool";

import type { Failure, JournalLine, Outcome, Reach, Status, Verdict } from "../model/model.js";

/** The outcome of an operation, in words. */
export interface Answer {
  readonly status: Status;
  readonly summary: string;
  readonly reach?: readonly Reach[];
}

/** The call of an operation: the method's name and its arguments. */
export interface Call {
  readonly method: string;
  readonly given: readonly unknown[];
}

/**
 * Runs operations one after the other and keeps the outcome of the latest. As they do not overlap, the records that
 * appear during an operation are its own.
 */
export class Operations {
  readonly #journal: () => readonly JournalLine[];
  readonly #changed: () => void;
  #turn: Promise<unknown> = Promise.resolve();
  #latest: { readonly outcome: Omit<Outcome, "lines">; readonly since: number; readonly until: number } | undefined;

  constructor(journal: () => readonly JournalLine[], changed: () => void) {
    this.#journal = journal;
    this.#changed = changed;
  }

  /** The outcome of the latest operation. Its events may still be published later. */
  get latest(): Outcome | undefined {
    if (this.#latest === undefined) return undefined;
    const { outcome, since, until } = this.#latest;
    return { ...outcome, lines: this.#journal().slice(since, until) };
  }

  /** Runs an operation after those before it. Resolves to whether it succeeded. */
  perform(call: Call, operation: () => Promise<Answer>): Promise<boolean> {
    const answered = this.#turn.then(async () => {
      const since = this.#journal().length;
      try {
        const { status, summary, reach = [] } = await operation();
        this.#keep(call, { kind: "answer", status, summary }, reach, since);
        return true;
      } catch (error) {
        this.#keep(call, { kind: "error", error: failure(error) }, [], since);
        return false;
      }
    });
    this.#turn = answered;
    return answered;
  }

  /** Shows an error of something that no user action has just called, such as a stream. */
  fail(call: Call, error: unknown): void {
    this.#keep(call, { kind: "error", error: failure(error) }, [], this.#journal().length);
  }

  #keep({ method, given }: Call, verdict: Verdict, reach: readonly Reach[], since: number): void {
    const outcome = { call: method, given, verdict, reach };
    this.#latest = { outcome, since, until: this.#journal().length };
    this.#changed();
  }
}

/** An error as the page shows it. A fault of the page itself has the code `fault`, which the pool does not use. */
export function failure(error: unknown): Failure {
  if (!(error instanceof AgentPoolError)) {
    return { code: "fault", message: String(error), ids: {}, retry: "NotRetryable", cause: undefined };
  }
  const { code, message, ids, retry, cause } = error;
  return { code, message, ids, retry, cause: cause === undefined ? undefined : String(cause) };
}
