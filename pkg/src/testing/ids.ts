import type { SeededIds } from "../ids.js";
import type { IdSource } from "../ports.js";
import { AgentPool } from "../index.js";
import { breach, clause } from "./clauses.js";
import type { ContractClause } from "./contract.js";
import { whyNoText } from "./data.js";
import { end } from "./script.js";

/** A source of ids as pools take it. */
export type IdSourcePort = IdSource | IdSource["next"] | SeededIds;

const DRAWS = 1_000;

/** What a source of ids returned until it failed, if it did. */
interface Drawn {
  readonly ids: readonly unknown[];
  readonly failure: { readonly cause: unknown } | undefined;
}

/**
 * What a source of ids promises to a pool (see {@link IdSource}), as clauses to be run one by one. `make` must return a
 * new source every time, or a promise of one.
 */
export function idSourceContract(make: () => IdSourcePort | PromiseLike<IdSourcePort>): ContractClause[] {
  const drawing = (name: string, check: (drawn: Drawn) => void): ContractClause =>
    clause(name, async () => check(await draw(await make())));
  return [
    drawing("gives ids at any time", ({ failure }) => {
      if (failure !== undefined) breach("it threw", failure);
    }),
    drawing("gives texts of 1 to 512 bytes without control characters", ({ ids }) => {
      for (const id of ids) {
        const why = whyNoText(id);
        if (why !== undefined) breach(`an id is ${why}`);
      }
    }),
    drawing("never gives the same id twice", ({ ids }) => {
      const texts = ids.filter((id) => typeof id === "string");
      const twice = texts.length - new Set(texts).size;
      if (twice > 0) breach(`of ${texts.length} ids ${twice} had been given before`);
    }),
  ];
}

async function draw(port: IdSourcePort): Promise<Drawn> {
  const source = typeof port === "function" ? { next: port } : port;
  if (!("next" in source)) return drawInPool(source);
  const ids: unknown[] = [];
  try {
    while (ids.length < DRAWS) ids.push(source.next());
  } catch (cause) {
    return { ids, failure: { cause } };
  }
  return { ids, failure: undefined };
}

/** Draws ids through a pool: the core draws from its own sources only for ids that callers leave out. */
async function drawInPool(port: SeededIds): Promise<Drawn> {
  const pool = await AgentPool.build({ poolId: "pool.contract", ids: port });
  const ids: string[] = [];
  try {
    await pool.joinRun({ run_id: "run.a", agent_id: "agent.a" });
    while (ids.length < DRAWS) {
      const receipt = await pool.send({ from: "run.a", to: { run: "run.a" }, content_ref: "content.a" });
      ids.push(receipt.message_id);
    }
  } finally {
    await end(pool);
  }
  return { ids, failure: undefined };
}
