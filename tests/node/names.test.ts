// The core refers to runs and agents by numbers, and forgets all numbers when there are 65,536. Numbers from before
// must not be taken for new ones, not even within one batch.

import { AgentPool, type JournalRecord, type MessageReceipt } from "agent-pool";
import { expect, it } from "vitest";

const MOST = 65_536;

class Team {
  readonly runs: readonly string[];
  readonly #agent: string;
  readonly #records: JournalRecord[] = [];
  readonly #pool: Promise<AgentPool>;

  constructor(name: string, size: number) {
    this.#agent = `agent.of.${name}`;
    this.runs = Array.from({ length: size }, (_, index) => `run.${name}.${index}`);
    this.#pool = this.#open(name);
  }

  async #open(name: string): Promise<AgentPool> {
    const pool = await AgentPool.build({
      poolId: `pool.${name}`,
      journal: {
        append: () => undefined,
        appendBatch: async (batch) => {
          this.#records.push(...batch);
          return batch.map(() => undefined);
        },
      },
      eventBus: () => undefined,
    });
    for (const run_id of this.runs) await pool.joinRun({ run_id, agent_id: this.#agent });
    return pool;
  }

  /**
   * Sends a message to each of these runs, all in one batch. Returns descriptions of receipts and records with wrong
   * names.
   */
  async strayNames(part: string, runs: readonly string[]): Promise<string[]> {
    const pool = await this.#pool;
    const from = this.runs[0]!;
    const send = (run: string): Promise<MessageReceipt> =>
      pool.send({ message_id: `${part}.${run}`, from, to: { run }, content_ref: "content.a" });
    const receipts = await Promise.all(runs.map(send));
    const stray = receipts.flatMap(({ message_id, delivered_to }) =>
      message_id === `${part}.${delivered_to?.join()}` ? [] : [`${message_id} went to ${delivered_to?.join()}`],
    );
    expect(this.#records).toHaveLength(2 * runs.length);
    for (const { agent_id, payload } of this.#records.splice(0)) {
      if (payload.type !== "run_message") throw new Error("it is no record of a message");
      const { message_id, delivered_to } = payload;
      const isRight = agent_id === this.#agent && message_id === `${part}.${delivered_to?.join()}`;
      if (!isRight) stray.push(`${message_id} is said to be of ${agent_id}, to ${delivered_to?.join()}`);
    }
    return stray;
  }
}

it("more names than are remembered are told apart, in one batch too", { timeout: 60_000 }, async () => {
  const team = new Team("first", 2_000);
  const known = team.runs.slice(0, 500);
  expect(await team.strayNames("a", known)).toEqual([]);
  let names = known.length + 1;
  for (let number = 0; names + 501 < MOST; number += 1) {
    const other = new Team(`${number}`, 500);
    expect(await other.strayNames("a", other.runs)).toEqual([]);
    names += 501;
  }
  // There is no room for all remaining names, and the first of them already have numbers by then.
  expect(names + team.runs.length - known.length).toBeGreaterThan(MOST);
  expect(await team.strayNames("b", team.runs)).toEqual([]);
  expect(await team.strayNames("c", [...team.runs].reverse())).toEqual([]);
});
