//! The embedded defaults of the ports: everything in memory, every answer at once.

mod clock;
mod event_bus;
mod ids;
mod journal;
mod store;

#[cfg(not(target_arch = "wasm32"))]
pub use clock::SystemClock;
pub use clock::{LogicalClock, ManualClock};
pub use event_bus::MemoryEventBus;
pub use ids::{RandomIds, SeededIds};
pub use journal::MemoryJournal;
pub use store::MemoryStore;
