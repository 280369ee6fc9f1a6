//! Clocks: the machine's, one set by hand, and one that counts.

use std::cell::Cell;

use crate::domain::{AgentError, ClockReading};
use crate::port::Clock;

/// The machine's clock.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(not(target_arch = "wasm32"))]
impl Clock for SystemClock {
    fn read(&self) -> Result<ClockReading, AgentError> {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let now = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
        Ok(ClockReading::UnixMillis(now))
    }
}

/// A clock that stands still until it is moved: for tests.
#[derive(Debug, Default)]
pub struct ManualClock {
    now_millis: Cell<u64>,
}

impl ManualClock {
    /// A clock that shows `start_millis`, in Unix milliseconds.
    pub fn new(start_millis: u64) -> Self {
        Self {
            now_millis: Cell::new(start_millis),
        }
    }

    /// Moves the clock on by `millis` milliseconds.
    pub fn advance(&self, millis: u64) {
        self.now_millis
            .set(self.now_millis.get().saturating_add(millis));
    }

    /// Sets the clock to `millis`, in Unix milliseconds.
    pub fn set(&self, millis: u64) {
        self.now_millis.set(millis);
    }

    /// What the clock shows, in Unix milliseconds.
    pub fn now_millis(&self) -> u64 {
        self.now_millis.get()
    }
}

impl Clock for ManualClock {
    fn read(&self) -> Result<ClockReading, AgentError> {
        Ok(ClockReading::UnixMillis(self.now_millis.get()))
    }
}

/// A logical clock, whose time counts events instead of measuring: the same operations give the same records, to the
/// byte.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogicalClock;

impl Clock for LogicalClock {
    fn read(&self) -> Result<ClockReading, AgentError> {
        Ok(ClockReading::Logical)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_moved_beyond_the_last_millisecond_stays_there() {
        let clock = ManualClock::new(7);
        clock.advance(5);
        assert_eq!(clock.now_millis(), 12);
        clock.advance(u64::MAX);
        assert_eq!(clock.now_millis(), u64::MAX);
    }
}
