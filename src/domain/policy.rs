//! References to policies: what a message asks of its receivers and a pool of its messages.

use serde::Serialize;

use super::{IdError, PolicyId, Text, wire_enum};
use crate::json::{self, FromJson, Json, deserialize};

wire_enum! {
    /// What a policy is about.
    pub enum PolicyKind {
        /// Who must agree first.
        Approval = "approval",
        /// What one may do.
        Permission = "permission",
        /// What one may reach.
        Sandbox = "sandbox",
        /// What goes into a context.
        Context = "context",
        /// Who may see it.
        Privacy = "privacy",
        /// How long it is kept.
        Retention = "retention",
        /// What is blacked out.
        Redaction = "redaction",
        /// What a run is built from.
        RuntimePackage = "runtime_package",
        /// The host's own.
        Host = "host",
    }
}

/// Names a policy. Two references are equal when kind, id and version all are (REFERENCE 12).
///
/// On input a plain text stands for a `permission` policy of that id without a version (DESIGN 4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct PolicyRef {
    /// What the policy is about.
    pub kind: PolicyKind,
    /// Which policy.
    pub id: PolicyId,
    /// Which version of it; free text, not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Text>,
}

impl PolicyRef {
    /// A reference without a version.
    pub fn new(kind: PolicyKind, id: PolicyId) -> Self {
        Self {
            kind,
            id,
            version: None,
        }
    }

    /// A `permission` policy by its id: what a plain text stands for.
    ///
    /// # Errors
    /// An [`IdError`] if the text is no id.
    pub fn permission(id: impl AsRef<str>) -> Result<Self, IdError> {
        Ok(Self::new(PolicyKind::Permission, PolicyId::new(id)?))
    }
}

/// Whether every one of the required policies is held (REFERENCE 12).
pub(crate) fn holds_all(held: &[PolicyRef], required: &[PolicyRef]) -> bool {
    required.iter().all(|policy| held.contains(policy))
}

/// A policy ref in full, or as the id of a `permission` policy.
impl FromJson for PolicyRef {
    fn blank() -> Self {
        Self::new(PolicyKind::Permission, PolicyId::blank())
    }

    fn fill(&mut self, json: &Json<'_>) -> json::Result<()> {
        if matches!(json, Json::Text(_)) {
            return self.id.fill(json);
        }
        let fields = json.fields("a policy reference or the id of a permission policy")?;
        fields.required("kind", &mut self.kind)?;
        fields.required("id", &mut self.id)?;
        fields.optional("version", &mut self.version)
    }
}

deserialize!(PolicyRef);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_text_is_a_permission_policy() {
        let short: PolicyRef = serde_json::from_str(r#""p1""#).unwrap();
        let full: PolicyRef = serde_json::from_str(r#"{"id":"p1","kind":"permission"}"#).unwrap();
        assert_eq!(short, full);
        assert_eq!(
            serde_json::to_string(&short).unwrap(),
            r#"{"kind":"permission","id":"p1"}"#
        );
    }

    #[test]
    fn references_differ_by_kind_id_and_version() {
        let policy: PolicyRef =
            serde_json::from_str(r#"{"kind":"permission","id":"p1","version":"1"}"#).unwrap();
        assert_ne!(policy, PolicyRef::permission("p1").unwrap());
        assert_ne!(
            PolicyRef::new(PolicyKind::Host, PolicyId::new("p1").unwrap()),
            PolicyRef::permission("p1").unwrap()
        );
    }

    #[test]
    fn a_malformed_reference_is_located() {
        for (json, path) in [
            (r#"[{"kind":"permission","id":""}]"#, "[0].id"),
            (r#"["p1", {"kind":"Permission","id":"p1"}]"#, "[1].kind"),
            (r#"["p1", ""]"#, "[1]"),
            (r#"[5]"#, "[0]"),
            (r#"[{"id":"p1"}]"#, "[0]"),
        ] {
            let error = crate::json::read::<Vec<PolicyRef>>(json).unwrap_err();
            assert_eq!(error.path, path, "{json}");
        }
    }
}
