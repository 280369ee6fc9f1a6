import type {
  AgentPoolMember,
  AgentPoolStoredMessage,
  EventFrame,
  JournalRecord,
  MessageReceipt,
  RunMessage,
  WakeCondition,
  WakeRegistration,
} from "agent-pool";

export interface PlainWake {
  condition: WakeCondition;
  fingerprint: string;
  status: string | undefined;
}

/** Ports answer at once, and so do the operations. */
export class PlainPool {
  members: Map<string, AgentPoolMember>;
  topics: Map<string, Set<string>>;
  messages: Map<string, AgentPoolStoredMessage>;
  wakes: Map<string, PlainWake>;
  log: unknown[];
  created: boolean;
  poolId: string;
  append: (record: JournalRecord) => string;
  publish: (frame: EventFrame) => void;
  constructor(poolId: string, append: (record: JournalRecord) => string, publish: (frame: EventFrame) => void);
  lifecycleRecord(member: AgentPoolMember, status: string, eventKind: string): JournalRecord;
  lifecycleFrame(member: AgentPoolMember, eventKind: string, cursor: string): EventFrame;
  joinRun(member: AgentPoolMember): void;
  suspendUntil(runId: string, condition: WakeCondition, fingerprint: string): WakeRegistration;
  send(message: RunMessage): MessageReceipt;
}

/** Ports are awaited. */
export class AsyncPlainPool {
  wakes: Map<string, PlainWake>;
  constructor(
    poolId: string,
    append: (record: JournalRecord) => Promise<string>,
    publish: (frame: EventFrame) => Promise<void>,
  );
  joinRun(member: AgentPoolMember): Promise<void>;
  suspendUntil(runId: string, condition: WakeCondition, fingerprint: string): Promise<WakeRegistration>;
  send(message: RunMessage): Promise<MessageReceipt>;
}
