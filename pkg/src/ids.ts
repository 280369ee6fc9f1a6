import { invalidInput } from "./own-errors.js";

const MAX_SEED = 2n ** 64n - 1n;

/** A source of ids determined by a seed. Pools that are given the same object draw from one sequence. */
export class SeededIds {
  /** Keeps the compiler from accepting an object that merely looks the same, as the pool does not. @hidden */
  protected declare readonly kind: "SeededIds";

  /** The seed, from 0 to 2^64-1. */
  readonly seed: bigint;

  /** See {@link seededIds}. */
  constructor(seed: number | bigint) {
    const isWhole = typeof seed === "bigint" || Number.isSafeInteger(seed);
    if (!isWhole || seed < 0 || seed > MAX_SEED) {
      throw invalidInput("seed", "is not a whole number from 0 on: up to 2^53-1, or up to 2^64-1 as a bigint");
    }
    this.seed = BigInt(seed);
  }
}

/**
 * A source that gives the same ids for the same seed, a whole number from 0 to 2^64-1. It is for tests, demonstrations
 * and replays.
 *
 * @throws {AgentPoolError} `invalid_input` if the seed is not such a number.
 */
export function seededIds(seed: number | bigint): SeededIds {
  return new SeededIds(seed);
}
