//! Following a bus: opening a subscription, and asking a bus that does not notify listeners.

use std::pin::pin;
use std::rc::Rc;

use crate::domain::AgentError;
use crate::pool::handle::Handle;
use crate::pool::live::reading::{Reading, Scoped};
use crate::pool::live_stream::LiveStream;
use crate::port::{EventBus, FrameListener};
use crate::record::{EventCursor, EventFrame};

/// Opens a subscription, in its turn. If the bus does not notify listeners, then asks it for frames until the end.
pub(crate) async fn follow(
    handle: Rc<Handle>,
    reading: Rc<Reading>,
    cursor: Option<EventCursor>,
) -> Result<(), AgentError> {
    let bus = {
        let _turn = handle.turn_to_look()?.await;
        reading.open(cursor)?;
        let bus = handle.event_bus()?;
        if is_told(&*bus, &reading) {
            return Ok(());
        }
        bus
    };
    // The turn is over: the bus may take its time, and no operation is to wait for it.
    let stream: Rc<dyn LiveStream> = reading.clone();
    handle.outbox.add_stream(Rc::downgrade(&stream));
    handle.open.streams.add(Rc::downgrade(&stream));
    drop(handle);
    let mut is_live = false;
    while let Some(scoped) = reading.scoped() {
        let revision = reading.revision();
        if ask(&*bus, &reading, &scoped, &mut is_live).await? {
            reading.newer(revision, &scoped).await;
        }
    }
    Ok(())
}

/// Makes the reading a listener of the bus. Returns false if the bus does not notify listeners.
fn is_told(bus: &dyn EventBus, reading: &Rc<Reading>) -> bool {
    let Some(scoped) = reading.scoped() else {
        return true;
    };
    let listener: Rc<dyn FrameListener> = reading.clone();
    let cursor = reading.cursor(&scoped);
    // Until the reading listens, nobody is woken, who might have the bus take a frame in between.
    let offered = bus.offer(&scoped.filter, cursor.as_ref(), &mut |frame| {
        reading.take_offered(&frame.traits(), frame);
    });
    let is_told = offered && bus.listen(Rc::downgrade(&listener));
    if is_told {
        reading.go_live();
    }
    if offered {
        reading.tell();
    }
    is_told
}

/// Takes every frame that the bus has to give. Returns whether it gave all of them: if the scoped filter changes
/// meanwhile, because the members have changed, the pending answer is not taken. It may lack frames that the new filter
/// lets through.
async fn ask(
    bus: &dyn EventBus,
    reading: &Rc<Reading>,
    scoped: &Rc<Scoped>,
    is_live: &mut bool,
) -> Result<bool, AgentError> {
    let cursor = reading.cursor(scoped);
    let mut brought = |frames: &[EventFrame]| {
        bring(reading, frames);
        // The first answer holds the frames that were there already.
        if !std::mem::replace(is_live, true) {
            reading.go_live();
        }
    };
    let Some(mut source) = bus.follow(&scoped.filter, cursor.as_ref()) else {
        let answer = pin!(bus.frames(&scoped.filter, cursor.as_ref()));
        let Some(frames) = reading.while_current(scoped, answer).await else {
            return Ok(false);
        };
        brought(&frames?);
        return Ok(true);
    };
    loop {
        let answer = pin!(source.next());
        let Some(frames) = reading.while_current(scoped, answer).await else {
            return Ok(false);
        };
        let frames = frames?;
        brought(frames.as_deref().unwrap_or_default());
        if frames.is_none() {
            return Ok(true);
        }
    }
}

fn bring(reading: &Reading, frames: &[EventFrame]) {
    for frame in frames {
        reading.take_answered(frame);
    }
}
