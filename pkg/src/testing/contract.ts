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

/** How a promise was broken. The clause that notices it adds its name. */
class Breach {
  readonly how: string;
  readonly thrown: { readonly cause: unknown } | undefined;

  constructor(how: string, thrown: { readonly cause: unknown } | undefined) {
    this.how = how;
    this.thrown = thrown;
  }
}

/** Reports that the promise under test is broken; `thrown` has what the port threw, if it did. */
export function breach(how: string, thrown?: { readonly cause: unknown }): never {
  throw new Breach(how, thrown);
}

export function clause(name: string, check: () => Promise<void>): ContractClause {
  const run = async (): Promise<void> => {
    try {
      await check();
    } catch (error) {
      if (error instanceof Breach) throw new ContractViolation(name, error.how, error.thrown);
      throw error;
    }
  };
  return { name, run };
}

/** Makes a new port. */
export type MakePort<Port> = () => Promise<Port>;

/** Returns a maker of clauses. Every port that a clause makes is ended after the clause. */
export function clausesOf<Port>(
  make: () => Port | PromiseLike<Port>,
  end: EndPort<Port> | undefined,
): (name: string, check: (make: MakePort<Port>) => Promise<void>) => ContractClause {
  return (name, check) =>
    clause(name, async () => {
      const made: Port[] = [];
      try {
        await check(async () => {
          const port = await make();
          made.push(port);
          return port;
        });
      } finally {
        for (const port of made) await end?.(port);
      }
    });
}

export function patience({ patienceMillis = 2_000 }: ContractOptions): number {
  return patienceMillis;
}
