/**
 * A whole number of 0 to 2^64-1: a `number` up to 2^53-1, which is `Number.MAX_SAFE_INTEGER`, a `bigint` above.
 *
 * Only the fields that a host fills with a number of its own have this type, since only there can such a number come
 * back. What the pool counts itself stays far below 2^53 and is a plain `number`. On input either is accepted.
 */
export type WideInteger = number | bigint;
