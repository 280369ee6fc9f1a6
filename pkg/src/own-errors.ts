// The errors that this side makes itself, and how the errors that the core made are told from faults.

import { AgentPoolError, type AgentErrorKind, type AgentPoolErrorFields, type ErrorCode } from "./errors.js";

/** An argument is malformed; `place` is its path, such as `message.to.run`. */
export function invalidInput(place: string, reason: string, thrown?: { readonly cause: unknown }): AgentPoolError {
  const message = `${place}: ${reason}`;
  return new AgentPoolError({
    kind: "InvalidPackage",
    retry: "NotRetryable",
    code: "invalid_input",
    message,
    ...thrown,
  });
}

/** The handle was closed and has released what a call would need. */
export function closed(poolId: string): AgentPoolError {
  return ofHandle("Cancellation", "closed", "this handle on the pool is closed", poolId);
}

/** The time for `close` was over, and the handle was closed before everything was finished. */
export function closeTimedOut(poolId: string): AgentPoolError {
  return ofHandle("Timeout", "close_timed_out", "the pool was closed before everything was finished", poolId);
}

function ofHandle(kind: AgentErrorKind, code: ErrorCode, message: string, pool_id: string): AgentPoolError {
  return new AgentPoolError({ kind, retry: "NotRetryable", code, message, ids: { pool_id } });
}

/** The wasm instance has ended, and nothing in it can run any more. */
export function panicked(cause: unknown): AgentPoolError {
  const message = "the package met an internal fault and turned itself off";
  return new AgentPoolError({ kind: "RecoveryRepairNeeded", retry: "RepairNeeded", code: "panicked", message, cause });
}

/** The WebAssembly module could not be loaded. */
export function loadFailed(cause: unknown): AgentPoolError {
  const message = "the WebAssembly module could not be loaded";
  return new AgentPoolError({
    kind: "HostConfigurationNeeded",
    retry: "Retryable",
    code: "load_failed",
    message,
    cause,
  });
}

/** Whether a value that a call into wasm threw is an error that the core reports, and not a fault. */
export function isErrorFields(thrown: unknown): thrown is AgentPoolErrorFields {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    !(thrown instanceof Error) &&
    "code" in thrown &&
    "retry" in thrown
  );
}
