//! The embedded defaults of the ports: everything in memory, every answer at once.

mod clock;
mod event_bus;
mod ids;
mod journal;
mod kept_event_bus;
mod kept_frame;
mod store;

#[cfg(not(target_arch = "wasm32"))]
pub use clock::SystemClock;
pub use clock::{LogicalClock, ManualClock};
pub use event_bus::MemoryEventBus;
pub use ids::{RandomIds, SeededIds};
pub use journal::MemoryJournal;
pub use kept_event_bus::{KeptEventBus, Publisher};
pub use kept_frame::KeptFrame;
pub use store::MemoryStore;
