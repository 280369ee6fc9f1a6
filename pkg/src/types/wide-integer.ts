/**
 * A whole number from 0 to 2^64-1: a `number` up to 2^53-1, which is `Number.MAX_SAFE_INTEGER`, and a `bigint` above.
 *
 * Only fields that a host fills with numbers of its own have this type, since only these can return such a number. The
 * pool's own counts stay far below 2^53 and are plain `number`s. On input both are accepted.
 */
export type WideInteger = number | bigint;
