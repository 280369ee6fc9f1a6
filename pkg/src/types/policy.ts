import type { Given } from "./given.js";

/** The kind of a policy: what it is about. */
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

/** A reference to a policy. Two references are equal when kind, id and version are all equal (REFERENCE 12). */
export interface PolicyRef {
  /** The kind of the policy. */
  kind: PolicyKind;
  /** The id of the policy. */
  id: string;
  /** The version of the policy; free text, not checked. */
  version?: string;
}

/** A {@link PolicyRef} as it may be given: a plain string is the id of a `permission` policy without a version. */
export type PolicyRefInput = string | Given<PolicyRef>;
