import type { CompiledEventFilter } from "./filter.js";
import type { AgentPoolMember, AgentPoolMessagePolicy, AgentPoolWakePolicy } from "./member.js";
import type { MessageReceipt, RunMessage } from "./message.js";
import type { PolicyRef } from "./policy.js";
import type { WakeCondition, WakeRegistration } from "./wake.js";
import type { WideInteger } from "./wide-integer.js";

/** A pool as it stands. All lists are in byte order of their ids. */
export interface AgentPoolSnapshot {
  /** The pool. */
  pool_id: string;
  /** Whether anyone ever joined; never false again (REFERENCE 1). */
  created: boolean;
  /** The members, by run. */
  members: AgentPoolMember[];
  /** The topics that members listen to (DESIGN D9). */
  topics: string[];
  /** What the pool asks of its messages. */
  message_policy: AgentPoolMessagePolicy;
  /** What the pool allows those who watch it. */
  wake_policy: AgentPoolWakePolicy;
  /** What a member must hold to be observable. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The messages with their latest receipts, by message. Left out when empty. */
  messages?: AgentPoolStoredMessage[];
  /** The wake conditions and how they stand, by condition. Left out when empty. */
  wakes?: AgentPoolStoredWake[];
  /** Where in the pool's history the snapshot was taken. */
  cursor?: AgentPoolStoreCursor;
}

/** Where a watcher is in the history of a pool: it has seen the records up to and including this one. */
export interface AgentPoolStoreCursor {
  /** How many records there are up to here; 0 is the start. */
  sequence: number;
}

/** An {@link AgentPoolStoreCursor} as it may be given. */
export interface AgentPoolStoreCursorInput {
  /** How many records there are up to here; one past the end gives nothing (REFERENCE 42). */
  readonly sequence: WideInteger;
}

/** One step in the history of a pool. */
export interface AgentPoolStoreRecord {
  /** The pool. */
  pool_id: string;
  /** Where in its history the step is, from 1. */
  cursor: AgentPoolStoreCursor;
  /** The step. */
  payload: AgentPoolStoreRecordPayload;
}

/** What a step in the history of a pool changed. */
export type AgentPoolStoreRecordPayload =
  | {
      /** The pool was opened for the first time. */
      type: "pool_opened";
      /** What it was built with. */
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
      /** A wake condition stands otherwise. */
      type: "wake";
      /** The condition and how it stands. */
      stored: AgentPoolStoredWake;
    };

/** What a pool is built with. Opening it again asks for an equal configuration (REFERENCE 42). */
export interface AgentPoolStoreConfig {
  /** What the pool asks of its messages. */
  message_policy: AgentPoolMessagePolicy;
  /** What the pool allows those who watch it. */
  wake_policy: AgentPoolWakePolicy;
  /** What a member must hold to be observable. Left out when empty. */
  policy_refs?: PolicyRef[];
}

/** A message and its latest receipt. */
export interface AgentPoolStoredMessage {
  /** The message. */
  message: RunMessage;
  /** What became of it. */
  receipt: MessageReceipt;
}

/** A wake condition, its filter as compiled at registration, and how it stands. */
export interface AgentPoolStoredWake {
  /** The condition as it was given. */
  condition: WakeCondition;
  /** Its filter, cut down to what the run could see when it registered (REFERENCE 22). */
  compiled_filter: CompiledEventFilter;
  /** How it stands. */
  registration: WakeRegistration;
  /** When its timeout falls due, in Unix milliseconds. Not with the logical clock. */
  deadline_millis?: WideInteger;
}
