/**
 * A number that stands for an answer which is to come. The number of a port's answer is above 0: this side tells the
 * core the answer. The number of an operation's outcome is below 0: the core tells this side the outcome. Neither side
 * returns such numbers for anything else.
 */
export type Later = number;

/** Whether an operation of the core answers later. */
export function isLater(answer: unknown): answer is Later {
  return typeof answer === "number" && answer < 0;
}

/** Whether something counts as a promise. */
export function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}
