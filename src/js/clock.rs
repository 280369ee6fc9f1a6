//! The clock port.

use std::rc::Rc;

use js_sys::{Date, Function};
use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ClockReading, ErrorCode};
use crate::js::error::thrown;
use crate::js::port::{Port, WasmPort};
use crate::memory::LogicalClock;
use crate::port::Clock;

/// The platform's clock.
struct DateClock;

impl Clock for DateClock {
    fn read(&self) -> Result<ClockReading, AgentError> {
        Ok(ClockReading::UnixMillis(Date::now() as u64))
    }
}

/// A host's function that returns Unix milliseconds.
struct HostClock(Function);

impl Clock for HostClock {
    fn read(&self) -> Result<ClockReading, AgentError> {
        let called = self.0.call0(&JsValue::UNDEFINED);
        let now = called.map_err(|value| thrown(ErrorCode::InvalidPortAnswer, value))?;
        let now = now.as_f64().filter(|now| *now >= 0.0 && now.is_finite());
        let now = now.ok_or_else(|| {
            AgentError::new(
                ErrorCode::InvalidPortAnswer,
                "clock.now: must return the milliseconds since 1970",
            )
        })?;
        Ok(ClockReading::UnixMillis(now as u64))
    }
}

#[wasm_bindgen]
impl WasmPort {
    /// The platform's clock.
    #[wasm_bindgen(js_name = systemClock)]
    pub fn system_clock() -> Self {
        Port::Clock(Rc::new(DateClock)).into()
    }

    /// The logical clock, whose time counts events.
    #[wasm_bindgen(js_name = logicalClock)]
    pub fn logical_clock() -> Self {
        Port::Clock(Rc::new(LogicalClock)).into()
    }

    /// The host's clock: `now` returns Unix milliseconds.
    #[wasm_bindgen(js_name = hostClock)]
    pub fn host_clock(now: Function) -> Self {
        Port::Clock(Rc::new(HostClock(now))).into()
    }
}
