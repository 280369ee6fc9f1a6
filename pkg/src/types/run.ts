/** A request to start a run and to make it a member of the pool. */
export interface RunRequest {
  /** The run to start. */
  readonly run_id: string;
  /** The agent that it executes. */
  readonly agent_id: string;
  /**
   * The run's input, in the host's own terms: any value at all. Only the launcher gets it, as it is: it is neither
   * copied nor recorded.
   */
  readonly input?: unknown;
}
