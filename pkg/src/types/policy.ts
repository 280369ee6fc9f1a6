import type { Given } from "./given.js";

/** What a policy is about. */
export type PolicyKind =
  | "approval"
  | "permission"
  | "sandbox"
  | "context"
  | "privacy"
  | "retention"
  | "redaction"
  | "runtime_package"
  | "host";

/** Names a policy. Two references are equal when kind, id and version all are (REFERENCE 12). */
export interface PolicyRef {
  /** What the policy is about. */
  kind: PolicyKind;
  /** Which policy. */
  id: string;
  /** Which version of it; free text, not checked. */
  version?: string;
}

/** A {@link PolicyRef} as it may be given: a plain string is the id of a `permission` policy without a version. */
export type PolicyRefInput = string | Given<PolicyRef>;
