import type { DestinationRef, EntityRef } from "./refs.js";

/** Who a message is for. */
export type RunAddressTarget =
  /** One run, if it is a member. */
  | { type: "run"; run_id: string }
  /** All members of an agent. */
  | { type: "agent"; agent_id: string }
  /** All members that listen to a topic. */
  | { type: "topic"; topic_id: string }
  /** All members of the pool; another pool's id reaches nobody (REFERENCE 11). */
  | { type: "pool"; pool_id: string };

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
 * A {@link RunAddress} as it may be given: `{ run }`, `{ agent }`, `{ topic }` or `{ pool }` with an id, or the target
 * in full. The references are then made from the target, unless they are given; beside a given `destination_ref`,
 * `related_refs` left out are empty. An address that names two targets is an error.
 */
export type RunAddressInput = (
  | { readonly run: string }
  | { readonly agent: string }
  | { readonly topic: string }
  | { readonly pool: string }
  | { readonly target: Readonly<RunAddressTarget> }
) & {
  /** How the destination is shown in events. Default: made from the target. */
  readonly destination_ref?: DestinationRef | undefined;
  /** What the message's records are related to. Default: the target. */
  readonly related_refs?: readonly EntityRef[] | undefined;
};
