import type { DestinationRef, EntityRef, SourceRef } from "./types/refs.js";

// The references in the records and events that this side makes. All are new, so that a host may change them.

export const source = (): SourceRef => ({
  kind: "sdk",
  id: "source.sdk.agent_pool",
  trust: "host_provided",
  privacy: "content_refs_only",
});

export const destination = (kind: DestinationRef["kind"], id: string): DestinationRef => ({
  kind,
  id,
  privacy: "content_refs_only",
  retention: "host_policy",
});

export const entity = (kind: EntityRef["kind"], id: string): EntityRef => ({ kind, id, privacy: "content_refs_only" });

/** A receiver as one of the related refs. */
export const relatedRun = (runId: string): EntityRef => entity("run", runId);

export const tags = (): string[] => ["feature:agent_pool"];
