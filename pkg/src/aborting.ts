import { invalidInput } from "./errors.js";
import { reading } from "./fields.js";

const PLACE = "options.signal";

/** The signal of a stream's options, if there is one. */
export function readSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || reading(PLACE, () => isSignal(signal))) return signal;
  throw invalidInput(PLACE, "is no AbortSignal");
}

/** Whether the signal was aborted. */
export function isAborted(signal: AbortSignal): boolean {
  return reading(PLACE, () => signal.aborted);
}

/** Of whatever realm, or a host's own. */
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

/** Those whom one signal ends. It holds none of them, so that one that nobody else holds can be collected. */
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
    // One listener for all of them: Node takes more than ten on one signal for a leak, and says so.
    if (this.#readings.size === 0) reading(PLACE, () => this.#signal.addEventListener("abort", this.#onAbort));
    this.#readings.add(added);
  }

  delete(reading: WeakRef<Endable>): void {
    this.#readings.delete(reading);
    if (this.#readings.size === 0) this.#signal.removeEventListener("abort", this.#onAbort);
  }
}

const readingsOf = /* @__PURE__ */ new WeakMap<AbortSignal, Readings>();

/** Takes collected readings off the signals that were to end them. */
const collected = /* @__PURE__ */ new FinalizationRegistry<() => void>((forget) => forget());

/** Has a reading end when the signal is aborted; answers what makes the signal forget it. */
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

/** Apart from where the reading is in sight: what the registry holds must not hold it. */
function forgetting(readings: Readings, reference: WeakRef<Endable>): () => void {
  return () => readings.delete(reference);
}
