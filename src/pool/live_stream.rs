//! What a pool tells its live streams.

use crate::port::Listeners;

/// A live stream, as the pool sees it.
pub(crate) trait LiveStream {
    /// The bus took a frame, or may have: the pool published one, or the host showed one to the pool.
    fn published(&self) {}

    /// The store took a record, and the state has applied it.
    fn recorded(&self) {}

    /// Nothing more will come; what is there may still be read.
    fn finish(&self) {}
}

/// Live streams.
pub(crate) type LiveStreams = Listeners<dyn LiveStream>;
