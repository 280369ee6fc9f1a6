//! The event bus port: a host's callbacks, or the bus in memory.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::domain::{AgentError, ErrorCode};
use crate::js::answer::{from_call, from_later};
use crate::js::port::{Port, WasmPort};
use crate::js::text::{read, read_answer, write_marked};
use crate::js::waiting::PortAnswer;
use crate::js::{in_hand, in_short};
use crate::memory::{KeptEventBus, KeptFrame, MemoryEventBus, Publisher};
use crate::port::{Answer, EventBus, FrameSource};
use crate::record::{
    CompiledEventFilter, EventCursor, EventFilter, EventFrame, OfferedFrame, PoolEvent,
    SubscriberQueueConfig,
};

#[wasm_bindgen]
extern "C" {
    /// The host's event bus, as the TypeScript side wraps it.
    #[derive(Clone)]
    pub type HostEventBus;

    /// Takes the text of a frame; returns nothing, at once or later.
    #[wasm_bindgen(method, catch)]
    fn publish(this: &HostEventBus, frame: &str) -> Result<JsValue, JsValue>;

    /// As `publish`, for the frame of a message that is held in that slot. Returns 0 if the host has the frame, the
    /// number of an answer that comes later, or -1: then `takeAnswer` returns or throws the answer.
    #[wasm_bindgen(method, js_name = publishMessage)]
    fn publish_message(
        this: &HostEventBus,
        slot: u32,
        status: u32,
        event_number: f64,
        millis: f64,
        event_seq: f64,
    ) -> f64;

    /// Returns the answer to `publishMessage`, or throws what the host threw.
    #[wasm_bindgen(method, catch, js_name = takeAnswer)]
    fn take_answer(this: &HostEventBus) -> Result<JsValue, JsValue>;

    /// Whether the host's bus can be asked for its frames.
    #[wasm_bindgen(method, getter, js_name = subscribe)]
    fn subscribe_method(this: &HostEventBus) -> JsValue;

    /// Returns the frames that the bus holds, as the text of a JSON array, at once or later.
    #[wasm_bindgen(method, catch)]
    fn subscribe(
        this: &HostEventBus,
        filter: &str,
        cursor: Option<String>,
    ) -> Result<JsValue, JsValue>;

    /// Begins to follow the host's bus, without calling it yet.
    #[wasm_bindgen(method)]
    fn follow(this: &HostEventBus, filter: &str, cursor: Option<String>) -> HostFrames;

    /// The frames that the host's bus gives a live stream.
    pub type HostFrames;

    /// Returns the frames that come next as the text of a JSON array, or `undefined` after the last, at once or later.
    #[wasm_bindgen(method, catch)]
    fn next(this: &HostFrames) -> Result<JsValue, JsValue>;

    /// Tells the host that no more frames are needed. The host may be gone by then.
    #[wasm_bindgen(method, catch)]
    fn stop(this: &HostFrames) -> Result<(), JsValue>;
}

impl Publisher for HostEventBus {
    fn publish(&self, kept: &KeptFrame) -> Answer<'static, ()> {
        let taken = kept
            .event()
            .and_then(|event| self.take_event(event, kept.event_seq()));
        taken.unwrap_or_else(|| self.take(&write_marked(&kept.frame())))
    }

    fn publishes_unpolled(&self) -> bool {
        true
    }
}

impl HostEventBus {
    /// The host's answer to an event whose frame the TypeScript side makes; `None` if it does not make the frame.
    fn take_event(&self, event: &PoolEvent, event_seq: u64) -> Option<Answer<'static, ()>> {
        let in_hand = self.take_message(event, event_seq);
        in_hand.or_else(|| Some(self.take(&in_short::event(event, event_seq)?)))
    }

    /// The host's answer to an event of a message that JavaScript holds; `None` for any other event.
    fn take_message(&self, event: &PoolEvent, event_seq: u64) -> Option<Answer<'static, ()>> {
        let (slot, status) = in_hand::to_publish(event.transition())?;
        let stamp = event.stamp();
        let (number, millis) = (stamp.event_number, stamp.millis());
        let answer =
            self.publish_message(slot, status, number as f64, millis as f64, event_seq as f64);
        in_hand::published(event.transition());
        let code = ErrorCode::EventBusRejected;
        Some(match answer {
            0.0 => Answer::ready(()),
            -1.0 => from_call(code, self.take_answer(), |_| Ok(())),
            number => from_later(code, number, |_| Ok(())),
        })
    }

    fn take(&self, frame: &str) -> Answer<'static, ()> {
        let called = HostEventBus::publish(self, frame);
        from_call(ErrorCode::EventBusRejected, called, |_| Ok(()))
    }

    fn ask(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
    ) -> Answer<'static, Vec<EventFrame>> {
        let called = HostEventBus::subscribe(self, &write_marked(filter), cursor.map(write_marked));
        from_call(ErrorCode::EventBusRejected, called, |frames| {
            read_frames(frames)
        })
    }
}

fn read_frames(frames: PortAnswer) -> Result<Vec<EventFrame>, AgentError> {
    let text = frames.into_text().unwrap_or_default();
    let frames: Vec<EventFrame> = read_answer("eventBus.subscribe", &text)?;
    require_numbered(&frames)?;
    Ok(frames)
}

/// Refuses frames without a number: cursors rely on the numbers, which only the bus can give.
fn require_numbered(frames: &[EventFrame]) -> Result<(), AgentError> {
    let unnumbered = |frame: &EventFrame| frame.event.envelope.event_seq == 0;
    match frames.iter().position(unnumbered) {
        None => Ok(()),
        Some(index) => Err(AgentError::new(
            ErrorCode::InvalidPortAnswer,
            format!(
                "eventBus.subscribe: [{index}].event.envelope.event_seq: a bus numbers its frames from 1"
            ),
        )),
    }
}

/// A host's bus that can be asked for its frames.
struct AskedBus(HostEventBus);

impl EventBus for AskedBus {
    fn publish(&self, event: Rc<PoolEvent>) -> Answer<'static, ()> {
        // The bus numbers its frames itself.
        let taken = self.0.take_event(&event, 0);
        taken.unwrap_or_else(|| self.0.take(&write_marked(&event.frame())))
    }

    fn publishes_unpolled(&self) -> bool {
        true
    }

    fn frames<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
        cursor: Option<&'a EventCursor>,
    ) -> Answer<'a, Vec<EventFrame>> {
        self.0.ask(filter, cursor)
    }

    fn first_match<'a>(
        &'a self,
        filter: &'a CompiledEventFilter,
    ) -> Answer<'a, Option<EventFrame>> {
        // A wake ignores queue bounds (DESIGN D10), so the bus, which may apply them, is given none.
        let unbounded = CompiledEventFilter::compile(EventFilter {
            queue: SubscriberQueueConfig::UNBOUNDED,
            ..filter.criteria().clone()
        });
        let answer = self.0.ask(&unbounded, None);
        Answer::later(async move {
            let mut frames = answer.await?.into_iter();
            Ok(frames.find(|frame| filter.matches(&frame.event.envelope)))
        })
    }

    fn follow(
        &self,
        filter: &CompiledEventFilter,
        cursor: Option<&EventCursor>,
    ) -> Option<Box<dyn FrameSource>> {
        let frames = self
            .0
            .follow(&write_marked(filter), cursor.map(write_marked));
        Some(Box::new(Followed(frames)))
    }
}

/// Follows a host's bus, until this is dropped.
struct Followed(HostFrames);

impl FrameSource for Followed {
    fn next(&mut self) -> Answer<'_, Option<Vec<EventFrame>>> {
        from_call(ErrorCode::EventBusRejected, self.0.next(), |frames| {
            let has_ended = frames.is_undefined();
            (!has_ended).then(|| read_frames(frames)).transpose()
        })
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        // Nobody needs what the host throws here.
        let _ = self.0.stop();
    }
}

#[wasm_bindgen]
impl WasmPort {
    /// An event bus in memory.
    #[wasm_bindgen(js_name = memoryEventBus)]
    pub fn memory_event_bus() -> Self {
        let kept = Rc::new(MemoryEventBus::new());
        let bus = Rc::clone(&kept) as Rc<dyn EventBus>;
        let kept = Some(kept);
        Port::EventBus { bus, kept }.into()
    }

    /// The host's event bus.
    #[wasm_bindgen(js_name = hostEventBus)]
    pub fn host_event_bus(host: HostEventBus) -> Self {
        if host.subscribe_method().is_function() {
            let bus = Rc::new(AskedBus(host));
            let kept = None;
            return Port::EventBus { bus, kept }.into();
        }
        let kept = Rc::new(MemoryEventBus::new());
        let bus = Rc::new(KeptEventBus::new(host, Rc::clone(&kept)));
        let kept = Some(kept);
        Port::EventBus { bus, kept }.into()
    }

    /// Puts a host event on an event bus in memory.
    ///
    /// # Errors
    /// `invalid_input` if the text is not that of a frame.
    pub fn publish(&self, frame: &str) -> Result<(), JsValue> {
        let frame: EventFrame = read("frame", frame)?;
        if let Port::EventBus {
            kept: Some(kept), ..
        } = &self.port
        {
            kept.publish_frame(frame);
        }
        Ok(())
    }
}
