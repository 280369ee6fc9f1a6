import type { CompiledEventFilter } from "./filter.js";
import type { AgentPoolMember, AgentPoolMessagePolicy, AgentPoolWakePolicy } from "./member.js";
import type { MessageReceipt, RunMessage } from "./message.js";
import type { PolicyRef } from "./policy.js";
import type { WakeCondition, WakeRegistration } from "./wake.js";
import type { WideInteger } from "./wide-integer.js";

/** The present state of a pool. All lists are in byte order of their ids. */
export interface AgentPoolSnapshot {
  /** The pool. */
  pool_id: string;
  /** Whether any run has ever joined; once true, it stays true (REFERENCE 1). */
  created: boolean;
  /** The members, in order of their run ids. */
  members: AgentPoolMember[];
  /** The topics that members listen to (DESIGN D9). */
  topics: string[];
  /** The pool's policy for its messages. */
  message_policy: AgentPoolMessagePolicy;
  /** The pool's policy for those who watch it. */
  wake_policy: AgentPoolWakePolicy;
  /** The policies that a member must hold to be observable. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The messages with their latest receipts, in order of message ids. Left out when empty. */
  messages?: AgentPoolStoredMessage[];
  /** The wake conditions with their status, in order of condition ids. Left out when empty. */
  wakes?: AgentPoolStoredWake[];
  /** The place in the pool's history at which the snapshot was taken. */
  cursor?: AgentPoolStoreCursor;
}

/** The place of a watcher in the history of a pool: it has seen the records up to and including this one. */
export interface AgentPoolStoreCursor {
  /** The number of records up to here; 0 is the start. */
  sequence: number;
}

/** An {@link AgentPoolStoreCursor} as it may be given. */
export interface AgentPoolStoreCursorInput {
  /** The number of records up to here; a cursor past the end gives nothing (REFERENCE 42). */
  readonly sequence: WideInteger;
}

/** One step in the history of a pool. */
export interface AgentPoolStoreRecord {
  /** The pool. */
  pool_id: string;
  /** The place of the step in the pool's history, from 1. */
  cursor: AgentPoolStoreCursor;
  /** The step. */
  payload: AgentPoolStoreRecordPayload;
}

/** The change that a step in the history of a pool made. */
export type AgentPoolStoreRecordPayload =
  | {
      /** The pool was opened for the first time. */
      type: "pool_opened";
      /** The configuration that it was built with. */
      config: AgentPoolStoreConfig;
    }
  | {
      /** The first member is about to join. */
      type: "pool_created";
    }
  | {
      /** A run joined, or joined again (REFERENCE 2). */
      type: "member_joined";
      /** The member. */
      member: AgentPoolMember;
    }
  | {
      /** A run left. */
      type: "member_left";
      /** The member as it was. */
      member: AgentPoolMember;
    }
  | {
      /** A message has a new status. */
      type: "run_message";
      /** The message and its receipt. */
      stored: AgentPoolStoredMessage;
    }
  | {
      /** A wake condition has a new status. */
      type: "wake";
      /** The condition and its status. */
      stored: AgentPoolStoredWake;
    };

/** The configuration of a pool. Opening the pool again requires an equal configuration (REFERENCE 42). */
export interface AgentPoolStoreConfig {
  /** The pool's policy for its messages. */
  message_policy: AgentPoolMessagePolicy;
  /** The pool's policy for those who watch it. */
  wake_policy: AgentPoolWakePolicy;
  /** The policies that a member must hold to be observable. Left out when empty. */
  policy_refs?: PolicyRef[];
}

/** A message and its latest receipt. */
export interface AgentPoolStoredMessage {
  /** The message. */
  message: RunMessage;
  /** The latest receipt. */
  receipt: MessageReceipt;
}

/** A wake condition, its filter as compiled at registration, and its status. */
export interface AgentPoolStoredWake {
  /** The condition as it was given. */
  condition: WakeCondition;
  /** Its filter, cut down to what the run could see when it registered (REFERENCE 22). */
  compiled_filter: CompiledEventFilter;
  /** The status. */
  registration: WakeRegistration;
  /** The time at which its timeout falls due, in Unix milliseconds. Absent with the logical clock. */
  deadline_millis?: WideInteger;
}
