import { AgentPool, type EventFrame, type JournalRecord } from "agent-pool";
import { expect, it } from "vitest";

it("agents find each other, nothing is lost or doubled, and it shows why each message went where it went", async () => {
  const records: JournalRecord[] = [];
  const frames: EventFrame[] = [];
  const pool = await AgentPool.build({
    poolId: "pool.research",
    journal: { append: async (record) => void records.push(record) },
    eventBus: { publish: (frame) => frames.push(frame) },
  });
  await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
  await pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer", topics: ["topic.drafts"] });
  const outline = {
    from: "run.planner",
    to: { topic: "topic.drafts" },
    content_ref: "content.outline",
    message_id: "m",
  };
  const receipt = await pool.send(outline);
  expect(receipt.delivered_to).toEqual(["run.writer"]);
  expect(await pool.send(outline)).toEqual(receipt);

  const seen: string[] = [];
  for (const frame of await pool.subscribe({ kinds: ["run_message_delivered"] }).drain()) {
    seen.push(frame.event.envelope.subject_ref.id);
    expect(frame.event.envelope.related_refs).toMatchObject([
      { kind: "run", id: "run.writer" },
      { kind: "topic", id: "topic.drafts" },
    ]);
  }
  expect(seen).toEqual(["m"]);

  const sent = records.filter((record) => record.record_kind === "run_message");
  expect(sent.map((record) => record.payload.delivery_status)).toEqual(["accepted", "delivered"]);
  expect(frames).toHaveLength(records.length);
  await pool.close();
});
