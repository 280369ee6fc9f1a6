import type { AgentPoolMemberInput } from "agent-pool";

/** The pool that the page opens. */
export const POOL_ID = "pool.playground";

/** The members at the start, so that the first click does something. */
export const TEAM: readonly AgentPoolMemberInput[] = [
  { run_id: "run.planner", agent_id: "agent.planner", policy_refs: ["policy.confidential"] },
  {
    run_id: "run.reviewer",
    agent_id: "agent.reviewer",
    topics: ["topic.drafts"],
    policy_refs: ["policy.confidential"],
  },
  { run_id: "run.writer-1", agent_id: "agent.writer", topics: ["topic.drafts", "topic.outlines"] },
  { run_id: "run.writer-2", agent_id: "agent.writer", topics: ["topic.outlines"] },
];
