/**
 * What a port's call came to, for the core to ask for where a number does not tell it: an answer, or what was thrown.
 */
export class HeldAnswer<Answer> {
  #outcome: { readonly answer: Answer } | { readonly thrown: unknown } | undefined;

  /** The port answered. */
  answer(answer: Answer): void {
    this.#outcome = { answer };
  }

  /** The port threw. */
  fail(thrown: unknown): void {
    this.#outcome = { thrown };
  }

  /** Answers or throws it, once. */
  take(): Answer | undefined {
    const outcome = this.#outcome;
    this.#outcome = undefined;
    if (outcome === undefined) return undefined;
    if ("thrown" in outcome) throw outcome.thrown;
    return outcome.answer;
  }
}
