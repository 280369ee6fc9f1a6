//! What a host can replace: one port per file, with the traits and types that belong to it. Ports are called with no
//! borrow held and may answer at once or later; see [`Answer`].

mod answer;
mod clock;
mod event_bus;
mod executor;
mod ids;
mod journal;
mod listeners;
mod run_launcher;
mod store;

pub use answer::{Answer, poll_once};
pub use clock::Clock;
pub use event_bus::{EventBus, FrameListener, FrameSource};
pub use executor::Executor;
pub use ids::IdSource;
pub use journal::{Journal, MAX_BATCH_IDS};
pub use listeners::Listeners;
pub use run_launcher::{RunHandle, RunInput, RunLauncher, RunRequest};
pub use store::AgentPoolStore;
