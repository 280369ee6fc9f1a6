/** A request to start a run and to make it a member of the pool. */
export interface RunRequest {
  /** The run to start. */
  readonly run_id: string;
  /** The agent that it executes. */
  readonly agent_id: string;
  /**
   * What the run is given to work on, in the host's own words: any value at all. The launcher gets it as it is, and
   * nobody else does: it is neither copied nor recorded.
   */
  readonly input?: unknown;
}
