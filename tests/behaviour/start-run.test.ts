import { AgentPool, type RunLauncher, type RunRequest } from "agent-pool";
import { describe, expect, it } from "vitest";

import { Deferred, refusal, settle } from "./support.js";

class Session {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

const REQUEST = { run_id: "run.planner", agent_id: "agent.planner" } as const satisfies RunRequest;

describe("startRun answers the launcher's own handle and makes the run a member", () => {
  it.each<[string, RunLauncher<Session> | RunLauncher<Session>["start"]]>([
    ["at once", (request) => new Session(request.run_id)],
    ["later", async (request) => new Session(request.run_id)],
    [
      "as an object, whose method is called on it",
      {
        prefix: "run.",
        start(this: { prefix: string }) {
          return new Session(`${this.prefix}planner`);
        },
      } as RunLauncher<Session>,
    ],
  ])("%s", async (_, runLauncher) => {
    const pool = await AgentPool.build({ poolId: "pool.team", runLauncher });
    const session: Session = await pool.startRun(REQUEST);
    expect(session).toBeInstanceOf(Session);
    expect(session.id).toBe("run.planner");
    expect(await pool.members()).toEqual([REQUEST]);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "handle"],
    ["a function", () => "stop"],
    ["a plain object that looks like an error", { kind: "k", retry: "r", code: "c", message: "m" }],
  ])("also if that is %s", async (_, handle) => {
    const pool = await AgentPool.build({ poolId: "pool.team", runLauncher: () => handle });
    expect(await pool.startRun(REQUEST)).toBe(handle);
  });
});

it("the input reaches the launcher as it is, and nobody else", async () => {
  const requests: RunRequest[] = [];
  const journaled: unknown[] = [];
  const pool = await AgentPool.build({
    poolId: "pool.team",
    runLauncher: (request) => void requests.push(request),
    journal: (record) => void journaled.push(record),
  });
  const input = {
    prompt: "secret",
    temperature: 0.7,
    onToken: (): void => undefined,
    signal: new AbortController().signal,
  };
  await pool.startRun({ ...REQUEST, input });
  await pool.startRun({ run_id: "run.other", agent_id: "agent.planner" });
  expect(requests[0]?.input).toBe(input);
  expect(requests[1]).toEqual({ run_id: "run.other", agent_id: "agent.planner" });
  expect(JSON.stringify(journaled)).not.toContain("secret");
});

it("two starts at the same time each get their own input", async () => {
  const go = new Deferred();
  const pool = await AgentPool.build({
    poolId: "pool.team",
    runLauncher: async ({ run_id, input }) => {
      await go.promise;
      return [run_id, input];
    },
  });
  const starts = ["a", "b"].map((name) => pool.startRun({ ...REQUEST, run_id: `run.${name}`, input: name }));
  await settle();
  go.resolve();
  expect(await Promise.all(starts)).toEqual([
    ["run.a", "a"],
    ["run.b", "b"],
  ]);
});

describe("a run that", () => {
  it("cannot be started is no member, and the launcher's error is the cause", async () => {
    const cause = new Error("no capacity");
    for (const runLauncher of [
      () => {
        throw cause;
      },
      () => Promise.reject(cause),
    ]) {
      const pool = await AgentPool.build({ poolId: "pool.team", runLauncher });
      const error = await refusal(pool.startRun(REQUEST));
      expect(error).toMatchObject({ code: "run_launcher_rejected", cause, ids: { run_id: REQUEST.run_id } });
      expect("runHandle" in error).toBe(false);
      expect(await pool.members()).toEqual([]);
    }
  });

  it("was started and could not be joined is handed back in the error: nothing started is lost", async () => {
    let isFull = true;
    const pool = await AgentPool.build({
      poolId: "pool.team",
      runLauncher: ({ run_id }) => new Session(run_id),
      journal: async () => {
        if (isFull) throw new Error("the disk is full");
      },
    });
    const error = await refusal(pool.startRun(REQUEST));
    expect(error.code).toBe("journal_rejected");
    expect(error.runHandle).toEqual(new Session("run.planner"));
    expect(await pool.members()).toEqual([]);
    isFull = false;
    await pool.joinRun(REQUEST);
    expect(await pool.members()).toEqual([REQUEST]);
  });

  it("nobody could start says that a launcher is missing", async () => {
    const pool = await AgentPool.build({ poolId: "pool.team" });
    expect(await refusal(pool.startRun(REQUEST))).toMatchObject({
      code: "run_launcher_required",
      retry: "HostConfigurationNeeded",
    });
  });

  it("is asked for in a malformed way is not started", async () => {
    let starts = 0;
    const pool = await AgentPool.build({ poolId: "pool.team", runLauncher: () => (starts += 1) });
    const error = await refusal(pool.startRun({ run_id: "", agent_id: "agent.planner" }));
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toMatch(/^request\.run_id: /);
    expect(starts).toBe(0);
  });
});
