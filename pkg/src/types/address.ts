import type { ExactlyOneOf, Given } from "./given.js";
import type { DestinationRef, EntityRef } from "./refs.js";

/** Who a message is for. */
export type RunAddressTarget =
  | {
      /** One run, if it is a member. */
      type: "run";
      /** The run. */
      run_id: string;
    }
  | {
      /** All members of an agent. */
      type: "agent";
      /** The agent. */
      agent_id: string;
    }
  | {
      /** All members that listen to a topic. */
      type: "topic";
      /** The topic. */
      topic_id: string;
    }
  | {
      /** All members of the pool. */
      type: "pool";
      /** The pool; another pool's id reaches nobody (REFERENCE 11). */
      pool_id: string;
    };

/** To whom a message goes. */
export interface RunAddress {
  /** Who the message is for. */
  target: RunAddressTarget;
  /** How the destination is shown in events. Not checked against the target (REFERENCE 15). */
  destination_ref: DestinationRef;
  /** What the message's records are related to, besides its receivers. Left out when empty. */
  related_refs?: EntityRef[];
}

/**
 * A {@link RunAddress} as it may be given: {@link RunAddressTargetInput} says who the message is for, and the references
 * are made from that, unless they are given; beside a given `destination_ref`, `related_refs` left out are empty.
 */
export type RunAddressInput = RunAddressTargetInput & {
  /** How the destination is shown in events. Default: made from the target. */
  readonly destination_ref?: Given<DestinationRef> | undefined;
  /** What the message's records are related to. Default: the target. */
  readonly related_refs?: readonly Given<EntityRef>[] | undefined;
};

/** Who a message is for: an id under the name of what it is of, or the target in full. Exactly one of them. */
export type RunAddressTargetInput = ExactlyOneOf<{
  /** One run, if it is a member. */
  readonly run: string;
  /** All members of an agent. */
  readonly agent: string;
  /** All members that listen to a topic. */
  readonly topic: string;
  /** All members of the pool; another pool's id reaches nobody (REFERENCE 11). */
  readonly pool: string;
  /** The target in full. */
  readonly target: Given<RunAddressTarget>;
}>;
