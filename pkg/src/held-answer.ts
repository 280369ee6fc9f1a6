/**
 * The outcome of a port's call, where a number cannot express it: an answer, or what was thrown. The core asks for it
 * afterwards.
 */
export class HeldAnswer<Answer> {
  #outcome: { readonly answer: Answer } | { readonly thrown: unknown } | undefined;

  /** Holds the port's answer. */
  answer(answer: Answer): void {
    this.#outcome = { answer };
  }

  /** Holds what the port threw. */
  fail(thrown: unknown): void {
    this.#outcome = { thrown };
  }

  /** Returns the answer or throws what was thrown, and forgets it. */
  take(): Answer | undefined {
    const outcome = this.#outcome;
    this.#outcome = undefined;
    if (outcome === undefined) return undefined;
    if ("thrown" in outcome) throw outcome.thrown;
    return outcome.answer;
  }
}
