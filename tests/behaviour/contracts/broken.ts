import type { ContractClause } from "agent-pool/testing";
import { ContractViolation } from "agent-pool/testing";
import { expect } from "vitest";

/** A short patience, for ports that never answer. */
export const IMPATIENT = { patienceMillis: 50 };

/** The same data with every value passed through `revise`. */
export function revised(data: unknown, revise: (member: unknown) => unknown): unknown {
  if (Array.isArray(data)) return data.map((member) => revised(member, revise));
  if (typeof data !== "object" || data === null) return revise(data);
  return Object.fromEntries(Object.entries(data).map(([key, member]) => [key, revised(member, revise)]));
}

/** The violations that a contract reports. */
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

/**
 * Checks that a contract finds exactly the given promise broken, and that every promise is tried with a broken port.
 */
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
