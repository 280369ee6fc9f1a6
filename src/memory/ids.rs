//! Ids for what a caller leaves out.

use std::cell::RefCell;

use crate::domain::{AgentError, ErrorCode, hexadecimal};
use crate::port::IdSource;

/// 128 random bits from the platform, in hexadecimal.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&self) -> Result<String, AgentError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| ErrorCode::RandomnessUnavailable)?;
        Ok(hexadecimal(&bytes))
    }
}

/// The same ids from the same seed: for tests, demonstrations and replays.
#[derive(Debug)]
pub struct SeededIds {
    generator: RefCell<fastrand::Rng>,
}

impl SeededIds {
    /// A source whose ids `seed` determines.
    pub fn new(seed: u64) -> Self {
        Self {
            generator: RefCell::new(fastrand::Rng::with_seed(seed)),
        }
    }
}

impl IdSource for SeededIds {
    fn next_id(&self) -> Result<String, AgentError> {
        let bits = self.generator.borrow_mut().u128(..);
        Ok(hexadecimal(&bits.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_random_ids_are_alike() {
        let [one, other] = [(); 2].map(|()| RandomIds.next_id().unwrap());
        assert_eq!((one.len(), other.len()), (32, 32));
        assert_ne!(one, other);
    }

    /// A seed gives the same ids natively and in the package (tests/behaviour/determinism.test.ts), in every version: a
    /// new version of the generator must not change recorded demonstrations.
    #[test]
    fn a_seed_gives_the_same_ids_for_ever() {
        let ids = SeededIds::new(1);
        assert_eq!(ids.next_id().unwrap(), "a833bdcdb6d1beb188dc97e5aab5fe3d");
    }
}
