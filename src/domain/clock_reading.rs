//! The reading of a clock, and the times that follow from it.

/// The time of an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClockReading {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    UnixMillis(u64),
    /// Logical time, which counts instead of measuring. Now is 0. The n-th record is stamped n milliseconds and the
    /// n-th event n seconds (DESIGN D11, REFERENCE 39). Of all deadlines only a deadline of 0 ever comes (REFERENCE 9).
    Logical,
}

impl ClockReading {
    /// Now, in Unix milliseconds.
    pub fn now_millis(self) -> u64 {
        match self {
            Self::UnixMillis(now) => now,
            Self::Logical => 0,
        }
    }

    /// The time stamp of the journal record with that sequence number, in milliseconds.
    pub fn record_millis(self, journal_seq: u64) -> u64 {
        match self {
            Self::UnixMillis(now) => now,
            Self::Logical => journal_seq,
        }
    }

    /// The time of the pool's event with that number, in Unix milliseconds.
    pub fn event_millis(self, event_number: u64) -> u64 {
        match self {
            Self::UnixMillis(now) => now,
            Self::Logical => event_number.saturating_mul(1000),
        }
    }

    /// When a timeout that starts now falls due, in Unix milliseconds; `None` if it never does.
    pub fn deadline_millis(self, timeout_millis: u64) -> Option<u64> {
        match self {
            Self::UnixMillis(now) => Some(now.saturating_add(timeout_millis)),
            Self::Logical => None,
        }
    }
}
