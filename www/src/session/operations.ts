import { AgentPoolError } from "agent-pool";

import type { Failure, JournalLine, Outcome, Reach, Status, Verdict } from "../model/model.js";

/** What an operation came to, in words. */
export interface Answer {
  readonly status: Status;
  readonly summary: string;
  readonly reach?: readonly Reach[];
}

/** An operation as it is called: the method's name, and what it is given. */
export interface Call {
  readonly method: string;
  readonly given: readonly unknown[];
}

/**
 * Makes operations one after the other, so that the records that come meanwhile are those of the operation, and keeps
 * what came of the latest.
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

  /** What came of the latest operation. Its events may still be published later. */
  get latest(): Outcome | undefined {
    if (this.#latest === undefined) return undefined;
    const { outcome, since, until } = this.#latest;
    return { ...outcome, lines: this.#journal().slice(since, until) };
  }

  /** Has an operation happen when those before it are over. Answers whether it was answered, and not refused. */
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

  /** Shows what ended something that nobody called just now. */
  fail(call: Call, error: unknown): void {
    this.#keep(call, { kind: "error", error: failure(error) }, [], this.#journal().length);
  }

  #keep({ method, given }: Call, verdict: Verdict, reach: readonly Reach[], since: number): void {
    const outcome = { call: method, given, verdict, reach };
    this.#latest = { outcome, since, until: this.#journal().length };
    this.#changed();
  }
}

/** An error as the page shows it. Faults of the page itself are told as `fault`, which is no code of the pool's. */
export function failure(error: unknown): Failure {
  if (!(error instanceof AgentPoolError)) {
    return { code: "fault", message: String(error), retry: "NotRetryable", cause: undefined };
  }
  const { code, message, retry, cause } = error;
  return { code, message, retry, cause: cause === undefined ? undefined : String(cause) };
}
