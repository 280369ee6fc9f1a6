import type { EventEnvelope } from "../types/envelope.js";
import type { EventFilterInput } from "../types/filter.js";
import type { EventFrame } from "../types/frame.js";

/**
 * The values of an event that a field of a filter is compared with. `turn_ids` is missing, as events of pools have no
 * turns.
 */
const FIELDS = {
  run_ids: ({ run_id }) => [run_id],
  agent_ids: ({ agent_id }) => [agent_id],
  families: ({ event_family }) => [event_family],
  kinds: ({ event_kind }) => [event_kind],
  source_kinds: ({ source }) => [source.kind],
  destination_kinds: ({ destination }) => (destination === undefined ? [] : [destination.kind]),
  subject_kinds: ({ subject_ref }) => [subject_ref.kind],
  related_entity_kinds: ({ related_refs = [] }) => related_refs.map(({ kind }) => kind),
  correlation_keys: ({ correlation: { entries = [] } }) => entries.map(({ key }) => key),
  tags: ({ tags = [] }) => tags,
  privacy_classes: ({ privacy }) => [privacy],
  delivery_semantics: ({ delivery_semantics }) => [delivery_semantics],
} satisfies Partial<Record<keyof EventFilterInput, (envelope: EventEnvelope) => readonly string[]>>;

/** Filters that ask for some of these frames, one or more for each field, with a name of what they compare. */
export function filtersFor(frames: readonly EventFrame[]): [string, EventFilterInput][] {
  const envelopes = frames.map(({ event }) => event.envelope);
  const filters = Object.entries(FIELDS).flatMap(([field, valuesOf]): [string, EventFilterInput][] => {
    const values = [...new Set(envelopes.flatMap((envelope): readonly string[] => valuesOf(envelope)))];
    // Each value by itself, and all but the first in reverse: a frame may match by any place of the list.
    const lists = [...values.map((value) => [value]), values.slice(1).reverse()].filter(({ length }) => length > 0);
    return lists.map((list) => [field, { [field]: list }]);
  });
  return [
    ...filters,
    ["terminal_only", { terminal_only: true }],
    ["payload_access", { payload_access: "full_payload_if_policy_allows" }],
    ["several fields", { ...Object.assign({}, ...filters.map(([, filter]) => filter)), kinds: "any" }],
  ];
}
