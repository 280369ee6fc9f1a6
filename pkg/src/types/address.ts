import type { Given, Without } from "./given.js";
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
      /** All members of an agent, the sender too if it is one of them. */
      type: "agent";
      /** The agent. */
      agent_id: string;
    }
  | {
      /** All members that listen to a topic, the sender too if it does. */
      type: "topic";
      /** The topic. */
      topic_id: string;
    }
  | {
      /** All members of the pool, the sender only if the pool's message policy says so. */
      type: "pool";
      /** The pool; another pool's id reaches nobody (REFERENCE 11). */
      pool_id: string;
    };

/** The address of a message. */
export interface RunAddress {
  /** Who the message is for. */
  target: RunAddressTarget;
  /** How the destination is shown in events. Not checked against the target (REFERENCE 15). */
  destination_ref: DestinationRef;
  /** The entities that the message's records are related to, besides its receivers. Left out when empty. */
  related_refs?: EntityRef[];
}

/**
 * A {@link RunAddress} as it may be given: the id of whom the message is for, under the name of its kind, or the full
 * target. Exactly one of `run`, `agent`, `topic`, `pool` and `target` is given.
 *
 * References that are not given are made from the target; but if `destination_ref` is given and `related_refs` is left
 * out, `related_refs` is empty.
 */
export type RunAddressInput = {
  /** How the destination is shown in events. Default: made from the target. */
  readonly destination_ref?: Given<DestinationRef> | undefined;
  /** The entities that the message's records are related to. Default: the target. */
  readonly related_refs?: readonly Given<EntityRef>[] | undefined;
} & (
  | ({
      /** One run, if it is a member. */
      readonly run: string;
    } & Without<"agent" | "topic" | "pool" | "target">)
  | ({
      /** All members of an agent, the sender too if it is one of them. */
      readonly agent: string;
    } & Without<"run" | "topic" | "pool" | "target">)
  | ({
      /** All members that listen to a topic, the sender too if it does. */
      readonly topic: string;
    } & Without<"run" | "agent" | "pool" | "target">)
  | ({
      /**
       * All members of the pool, the sender only if the pool's message policy says so. Another pool's id reaches nobody
       * (REFERENCE 11).
       */
      readonly pool: string;
    } & Without<"run" | "agent" | "topic" | "target">)
  | ({
      /** The full target. */
      readonly target: Given<RunAddressTarget>;
    } & Without<"run" | "agent" | "topic" | "pool">)
);
