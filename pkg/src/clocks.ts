import { invalidInput } from "./own-errors.js";
import type { Clock } from "./ports.js";

/** A clock that stands still until it is moved: for tests. */
export interface ManualClock extends Clock {
  /** Moves the clock forward by this number of milliseconds. */
  advance(millis: number): void;
  /** Sets the clock, in Unix milliseconds. */
  set(unixMillis: number): void;
}

/** @internal Names a clock that the core has itself. */
export class BuiltInClock implements Clock {
  readonly kind: "system" | "logical";

  constructor(kind: "system" | "logical") {
    this.kind = kind;
  }

  now(): number {
    return this.kind === "system" ? Date.now() : 0;
  }
}

/** The platform's clock: the default clock of a pool. */
export function systemClock(): Clock {
  return new BuiltInClock("system");
}

/**
 * A clock that counts events instead of measuring time, so that the same operations give the same records to the byte.
 * The n-th event of a pool is stamped n seconds after 1970-01-01T00:00:00Z. The current time is always 0, so only an
 * expiry or timeout of 0 is ever due (DESIGN D11).
 */
export function logicalClock(): Clock {
  return new BuiltInClock("logical");
}

/**
 * A clock that shows `startMillis`, in Unix milliseconds, until it is moved.
 *
 * @throws {AgentPoolError} `invalid_input` if it is set to, or moved by, anything but a whole number from 0 on.
 */
export function manualClock(startMillis: number): ManualClock {
  let now = whole("startMillis", startMillis);
  return {
    now: () => now,
    advance: (millis) => {
      now = whole("now", now + whole("millis", millis));
    },
    set: (unixMillis) => {
      now = whole("unixMillis", unixMillis);
    },
  };
}

function whole(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw invalidInput(name, "is not a whole number from 0 to 2^53-1");
  return value;
}
