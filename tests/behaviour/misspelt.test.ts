import { AgentPool, AgentPoolError } from "agent-pool";
import { describe, expect, test } from "vitest";

const codeAndMessage = async (call: () => Promise<unknown>): Promise<[string, string]> => {
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AgentPoolError)) throw new Error(`no AgentPoolError: ${String(error)}`);
  return [error.code, error.message];
};

describe("a misspelt field of the host's own options is refused, so that nothing fails open", () => {
  test("in policies", async () => {
    const messagePolicy = { requiredPolicyRefs: ["policy.a"] } as object;
    const [code, message] = await codeAndMessage(() => AgentPool.build({ poolId: "pool.x", messagePolicy }));
    expect(code).toBe("invalid_input");
    expect(message).toContain("options.messagePolicy.requiredPolicyRefs");
    const wakePolicy = { envelopeOnly: false } as object;
    expect(await codeAndMessage(() => AgentPool.build({ poolId: "pool.x", wakePolicy }))).toEqual([
      "invalid_input",
      expect.stringContaining("options.wakePolicy.envelopeOnly"),
    ]);
  });

  test("in requests to start a run", async () => {
    const pool = await AgentPool.build({ poolId: "pool.x", runLauncher: () => "handle" });
    const request = { run_id: "r1", agent_id: "ag1", inptu: 1 };
    const [code, message] = await codeAndMessage(() => pool.startRun(request));
    expect([code, message]).toEqual(["invalid_input", expect.stringContaining("request.inptu")]);
    expect(await pool.members()).toEqual([]);
    await pool.close();
  });
});

describe("what a port answers is taken as it is or refused", () => {
  test("a cursor that is no Unicode is refused instead of changed", async () => {
    const pool = await AgentPool.build({ poolId: "pool.x", journal: () => "cursor \ud800" });
    const [code] = await codeAndMessage(() => pool.joinRun({ run_id: "r1", agent_id: "ag1" }));
    expect(code).toBe("invalid_port_answer");
    await pool.close();
  });

  test("a bus that has no frames to give, or none with numbers, is told so", async () => {
    for (const answer of [5, null, undefined, {}]) {
      const eventBus = { publish: () => undefined, subscribe: () => answer as never };
      const pool = await AgentPool.build({ poolId: "pool.x", eventBus });
      expect((await codeAndMessage(() => pool.subscribe().drain()))[0]).toBe("invalid_port_answer");
      await pool.close();
    }
    const frames: never[] = [];
    const eventBus = { publish: (frame: never) => void frames.push(frame), subscribe: () => frames };
    const pool = await AgentPool.build({ poolId: "pool.x", eventBus });
    await pool.joinRun({ run_id: "r1", agent_id: "ag1" });
    const [code, message] = await codeAndMessage(() => pool.subscribe().drain());
    expect(code).toBe("invalid_port_answer");
    expect(message).toContain("numbers its frames from 1");
    await pool.close();
  });
});

describe("a bus that says later that it is down", () => {
  test("stops the pool, whoever calls at once, and nobody overtakes when it is up again", async () => {
    let down = false;
    const records: string[] = [];
    const pool = await AgentPool.build({
      poolId: "pool.x",
      journal: (record) => void records.push(record.event_index.event_kind),
      eventBus: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (down) throw new Error("down");
      },
    });
    await pool.joinRun({ run_id: "r1", agent_id: "ag1" });
    await pool.flush();
    down = true;
    await pool.joinRun({ run_id: "r2", agent_id: "ag2" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    const before = records.length;
    const send = (id: string, run: string) =>
      pool.send({ message_id: id, from: "r1", to: { run }, content_ref: "content.a" });
    const sent = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => send(`m${index}`, "r2")));
    expect(sent.filter(({ status }) => status === "fulfilled")).toEqual([]);
    expect(records.length).toBe(before);
    down = false;
    const [, receipt] = await Promise.all([pool.joinRun({ run_id: "r3", agent_id: "ag3" }), send("last", "r3")]);
    expect(receipt.status).toBe("delivered");
    await pool.close();
  });
});
