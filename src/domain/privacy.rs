//! How openly something may be shown, how long it is kept, and how far it is believed.

use super::wire_enum;

wire_enum! {
    /// How openly something may be shown. The pool's own records are all `content_refs_only`.
    pub enum PrivacyClass {
        /// Anyone may see it.
        Public = "public",
        /// For the host's own eyes.
        Internal = "internal",
        /// Holds references to content, never content.
        ContentRefsOnly = "content_refs_only",
        /// Harmful in the wrong hands.
        Sensitive = "sensitive",
        /// Credentials and the like.
        Secret = "secret",
    }
}

wire_enum! {
    /// How long something is kept.
    pub enum RetentionClass {
        /// Not at all.
        Ephemeral = "ephemeral",
        /// As long as the run.
        RunScoped = "run_scoped",
        /// As long as the session.
        SessionScoped = "session_scoped",
        /// Beyond the session.
        Durable = "durable",
        /// For good.
        Persistent = "persistent",
        /// As the host says.
        HostPolicy = "host_policy",
    }
}

wire_enum! {
    /// How far a source is believed.
    pub enum TrustClass {
        /// Fully.
        Trusted = "trusted",
        /// It was made by the library itself.
        SdkGenerated = "sdk_generated",
        /// The host vouches for it.
        HostProvided = "host_provided",
        /// A user said so.
        UserProvided = "user_provided",
        /// It comes from outside.
        External = "external",
        /// Not at all.
        Untrusted = "untrusted",
    }
}
