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
