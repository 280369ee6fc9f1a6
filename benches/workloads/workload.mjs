// The type of a workload.

/**
 * @import { Contender, Opening } from "../contenders.mjs"
 * @import { PortKind } from "../ports.mjs"
 *
 * @typedef {Partial<Record<PortKind, number>>} Bars the greatest ratios of times, package to yardstick, to aim at
 * @typedef {{ operations: number, [measure: string]: number | undefined }} Size
 *   `operations` is their number in one timed round
 *
 * @typedef {object} Workload
 * @property {string} id begins with its letter in the benchmark's README
 * @property {string} title
 * @property {string} unit what is counted as one operation
 * @property {PortKind[]} ports
 * @property {Bars} bars
 * @property {boolean} [isFresh] whether every round has new pools
 * @property {boolean} [isConcurrent] whether operations overlap, so that records come in any order
 * @property {boolean} [isSlow] whether a round takes so long that there can only be a few
 * @property {Size} full
 * @property {Size} small for the proof that both contenders do the same, and for quick runs
 * @property {(size: Size) => Instance} make
 *
 * @typedef {object} Instance one workload at one size, which keeps track of what it sent to whom
 * @property {(name: Contender["name"]) => Opening} [ports] ports to use in place of the sink's
 * @property {(contender: Contender) => void | Promise<void>} fill prepares a new pool for the rounds; untimed
 * @property {(contender: Contender) => (() => unknown) | Promise<() => unknown>} round prepares a round, untimed, and
 *   returns the function that is timed; both contenders' functions must return equal values
 * @property {() => string} [note] a remark on how the workload ran
 */

export {};
