// The first program of the README.
import { AgentPool } from "agent-pool";

const pool = await AgentPool.build({
  poolId: "pool.research",
  journal: (record) => { console.log(record.journal_seq, record.event_index.event_kind); },
  eventBus: (frame) => { console.log(frame.event.envelope.event_id, frame.event.envelope.timestamp); },
});
await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
await pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer", topics: ["topic.drafts"] });
const receipt = await pool.send({ from: "run.planner", to: { topic: "topic.drafts" }, content_ref: "content.outline" });
console.log(receipt.status, receipt.delivered_to); // delivered [ 'run.writer' ]
