import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const dist = new URL("../../pkg/dist/index.js", import.meta.url);

const HOST = `
  import { AgentPool } from ${JSON.stringify(dist.href)};

  const codes = (calls) => Promise.all(calls.map((call) => call.then(() => "answered", (error) => error.code)));
  const [pool, other] = [
    await AgentPool.build({ poolId: "pool.team" }),
    await AgentPool.build({ poolId: "pool.other", journal: () => new Promise(() => {}) }),
  ];
  const member = { run_id: "run.planner", agent_id: "agent.planner" };
  await pool.joinRun(member);
  const waits = codes([other.joinRun(member)]);
  const outline = { from: "run.planner", to: { run: "run.planner" }, content_ref: "content.outline" };
  const callDeeply = () => {
    pool.send(outline).catch(() => undefined);
    callDeeply();
  };
  try {
    callDeeply();
  } catch (error) {
    const later = await codes([pool.members(), pool.send(outline), other.members()]);
    console.log(JSON.stringify([error.name, later, await waits]));
  }
`;

// In a separate process, as Node prints a line for everything that exhausts the stack.
it("a host that calls a pool until the stack is exhausted, and goes on, leaves no call hanging", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", HOST]);
  expect(JSON.parse(stdout)).toEqual(["RangeError", ["panicked", "panicked", "panicked"], ["panicked"]]);
});
