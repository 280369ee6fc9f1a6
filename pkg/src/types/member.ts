import type { PolicyRef, PolicyRefInput } from "./policy.js";

/** A run that takes part in a pool. */
export interface AgentPoolMember {
  /** The run. */
  run_id: string;
  /** The agent that it is a run of. */
  agent_id: string;
  /** The policies it holds. It receives only messages that require no others (REFERENCE 12). Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The topics it listens to. Left out when empty. */
  topics?: string[];
}

/** An {@link AgentPoolMember} as it may be given. */
export interface AgentPoolMemberInput {
  /** The run. */
  readonly run_id: string;
  /** The agent that it is a run of. */
  readonly agent_id: string;
  /** The policies it holds. Default: none. */
  readonly policy_refs?: readonly PolicyRefInput[] | undefined;
  /** The topics it listens to. Default: none. */
  readonly topics?: readonly string[] | undefined;
}

/** The policy of a pool for its messages. */
export interface AgentPoolMessagePolicy {
  /** A message must carry all of these, or it reaches nobody. Left out when empty. */
  required_policy_refs?: PolicyRef[];
  /** Whether a message to the whole pool also reaches its sender. */
  include_sender_in_pool_broadcast: boolean;
}

/** An {@link AgentPoolMessagePolicy} as it may be given. */
export interface AgentPoolMessagePolicyInput {
  /** A message must carry all of these, or it reaches nobody. Default: none. */
  readonly required_policy_refs?: readonly PolicyRefInput[] | undefined;
  /** Whether a message to the whole pool also reaches its sender. Default: false. */
  readonly include_sender_in_pool_broadcast?: boolean | undefined;
}

/** The policy of a pool for those who watch it. */
export interface AgentPoolWakePolicy {
  /** Whether filters are cut down to `envelope_only` payload access (REFERENCE 33). */
  envelope_only: boolean;
}

/** An {@link AgentPoolWakePolicy} as it may be given. */
export interface AgentPoolWakePolicyInput {
  /** Whether filters are cut down to `envelope_only` payload access. Default: true. */
  readonly envelope_only?: boolean | undefined;
}
