/** The longest that a timer of the browser can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Rings at the next of some times. It has a timer only while one of them is still to come. */
export class Alarm {
  readonly #ring: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ring` has to set the alarm again: times that are far away are come up to in several steps. */
  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Sets the times, in Unix milliseconds, in place of those before. */
  set(times: readonly number[]): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    const ahead = times.filter((time) => time > now);
    if (ahead.length === 0) return;
    this.#timer = setTimeout(this.#ring, Math.min(...ahead.map((time) => time - now), LONGEST));
  }
}
