// What a workload is.

/**
 * @import { Contender, Opening } from "../contenders.mjs"
 * @import { PortKind } from "../ports.mjs"
 *
 * @typedef {Partial<Record<PortKind, number>>} Bars the ratio of times, package to yardstick, that is to be kept
 * @typedef {{ operations: number, [measure: string]: number | undefined }} Size
 *   `operations` are those of one timed round
 *
 * @typedef {object} Workload
 * @property {string} id begins with the letter of the benchmark's README
 * @property {string} title
 * @property {string} unit what is counted as one operation
 * @property {PortKind[]} ports
 * @property {Bars} bars
 * @property {boolean} [isFresh] whether every round has pools of its own
 * @property {boolean} [isConcurrent] whether operations overlap, so that records come in any order
 * @property {boolean} [isSlow] whether a round takes so long that there can only be a few
 * @property {Size} full
 * @property {Size} small for the proof that both contenders do the same, and for quick runs
 * @property {(size: Size) => Instance} make
 *
 * @typedef {object} Instance one workload at one size, which knows what it sent to whom
 * @property {(name: Contender["name"]) => Opening} [ports] other ports than the sink's
 * @property {(contender: Contender) => void | Promise<void>} fill brings a new pool to where the rounds begin; untimed
 * @property {(contender: Contender) => (() => unknown) | Promise<() => unknown>} round makes ready, untimed, and
 *   answers the round itself: what that answers must be equal for both contenders
 * @property {() => string} [note] what is to be known about how it ran
 */

export {};
