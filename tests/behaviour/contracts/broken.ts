import type { ContractClause } from "agent-pool/testing";
import { ContractViolation } from "agent-pool/testing";
import { expect } from "vitest";

/** How long ports may take here that never answer. */
export const IMPATIENT = { patienceMillis: 50 };

/** The same data, with something else for some members. */
export function revised(data: unknown, revise: (member: unknown) => unknown): unknown {
  if (Array.isArray(data)) return data.map((member) => revised(member, revise));
  if (typeof data !== "object" || data === null) return revise(data);
  return Object.fromEntries(Object.entries(data).map(([key, member]) => [key, revised(member, revise)]));
}

/** What a contract finds broken, and why. */
export async function violations(contract: readonly ContractClause[]): Promise<ContractViolation[]> {
  const found: ContractViolation[] = [];
  for (const { name, run } of contract) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ContractViolation)) throw error;
      expect(error.clause).toBe(name);
      expect(error.message.startsWith(`${name}: `)).toBe(true);
      found.push(error);
    }
  }
  return found;
}

/** Holds a contract to find exactly this promise broken, and every promise to be tried by some broken port. */
export class Breaches {
  readonly #tried = new Set<string>();

  async expect(contract: readonly ContractClause[], promise: string): Promise<void> {
    this.#tried.add(promise);
    expect(contract.map(({ name }) => name)).toContain(promise);
    expect((await violations(contract)).map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^${promise.replace(/[\^+]/g, "\\$&")}: `)),
    ]);
  }

  expectAllTried(contract: readonly ContractClause[]): void {
    expect(contract.map(({ name }) => name).filter((name) => !this.#tried.has(name))).toEqual([]);
  }
}
