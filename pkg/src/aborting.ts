import { readAt } from "./fields.js";
import { invalidInput } from "./own-errors.js";

const PLACE = "options.signal";

/** The signal of a stream's options, if there is one. */
export function readSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || readAt(PLACE, () => isSignal(signal))) return signal;
  throw invalidInput(PLACE, "is not an AbortSignal");
}

/** Whether the signal was aborted. */
export function isAborted(signal: AbortSignal): boolean {
  return readAt(PLACE, () => signal.aborted);
}

/**
 * Checks members instead of the class, as the signal may belong to another realm or be the host's own implementation.
 */
function isSignal(signal: AbortSignal | null): boolean {
  return (
    typeof signal?.aborted === "boolean" &&
    typeof signal.addEventListener === "function" &&
    typeof signal.removeEventListener === "function"
  );
}

/** What a signal can end. */
export interface Endable {
  return(): unknown;
}

/** The readings that one signal ends. They are held weakly, so a reading that nobody else holds can be collected. */
class Readings {
  readonly #signal: AbortSignal;
  readonly #readings = new Set<WeakRef<Endable>>();
  readonly #onAbort = (): void => {
    for (const reading of [...this.#readings]) reading.deref()?.return();
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(added: WeakRef<Endable>): void {
    // One listener for all readings: Node takes more than ten on one signal for a leak, and prints a warning.
    if (this.#readings.size === 0) readAt(PLACE, () => this.#signal.addEventListener("abort", this.#onAbort));
    this.#readings.add(added);
  }

  delete(reading: WeakRef<Endable>): void {
    this.#readings.delete(reading);
    if (this.#readings.size > 0) return;
    try {
      this.#signal.removeEventListener("abort", this.#onAbort);
    } catch {
      // The host's own signal failed. The listener stays, and finds nothing to end.
    }
  }
}

const readingsOf = /* @__PURE__ */ new WeakMap<AbortSignal, Readings>();

/** Removes collected readings from the signals that were to end them. */
const collected = /* @__PURE__ */ new FinalizationRegistry<() => void>((forget) => forget());

/** Ends a reading when the signal is aborted. Returns a function that makes the signal forget the reading. */
export function endOnAbort(signal: AbortSignal, reading: Endable): () => void {
  let readings = readingsOf.get(signal);
  if (readings === undefined) readingsOf.set(signal, (readings = new Readings(signal)));
  const reference = new WeakRef(reading);
  readings.add(reference);
  const forget = forgetting(readings, reference);
  collected.register(reading, forget, reference);
  return () => {
    collected.unregister(reference);
    forget();
  };
}

/**
 * A separate function, so that its closure does not capture the reading: the registry must not hold what it watches.
 */
function forgetting(readings: Readings, reference: WeakRef<Endable>): () => void {
  return () => readings.delete(reference);
}
