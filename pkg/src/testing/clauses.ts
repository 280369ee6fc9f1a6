import { ContractViolation, type ContractClause, type ContractOptions, type EndPort } from "./contract.js";

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
      const endAll = async (): Promise<void> => {
        const ended = await Promise.allSettled(made.map(async (port) => end?.(port)));
        for (const outcome of ended) if (outcome.status === "rejected") throw outcome.reason;
      };
      try {
        await check(async () => {
          const port = await make();
          made.push(port);
          return port;
        });
      } catch (error) {
        // What the check found counts, and not what ending the ports leads to then.
        await endAll().catch(() => undefined);
        throw error;
      }
      await endAll();
    });
}

export function patience({ patienceMillis = 2_000 }: ContractOptions): number {
  return patienceMillis;
}
