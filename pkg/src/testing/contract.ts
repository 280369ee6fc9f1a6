/**
 * One promise of a port's contract, to be registered with a test runner:
 *
 * ```js
 * for (const { name, run } of journalContract(() => new FileJournal())) test(name, run);
 * ```
 */
export interface ContractClause {
  /** The promise, in a form that can be the name of a test. */
  readonly name: string;
  /**
   * Tests whether a newly made port keeps the promise. Needs no `this`.
   *
   * @throws {ContractViolation} If the port does not keep it. What making the port throws is passed on as it is.
   */
  readonly run: () => Promise<void>;
}

/** Options of all contracts. */
export interface ContractOptions {
  /** How long a port may take to answer one call, in milliseconds. Default: 2,000. */
  readonly patienceMillis?: number | undefined;
}

/** Called with every port that a contract had made, after the port was tested, for example to close its file. */
export type EndPort<Port> = (port: Port) => void | PromiseLike<void>;

/** Thrown when a port does not keep its contract. */
export class ContractViolation extends Error {
  /** "ContractViolation". */
  override readonly name = "ContractViolation";
  /** The promise that was broken. */
  readonly clause: string;

  /** The clauses of a contract make these errors. */
  constructor(clause: string, how: string, thrown?: { readonly cause: unknown }) {
    super(`${clause}: ${how}`, thrown);
    this.clause = clause;
  }
}
