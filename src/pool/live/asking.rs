//! Following a bus: opening a subscription, and asking a bus that does not tell of its frames.

use std::pin::pin;
use std::rc::Rc;

use crate::domain::AgentError;
use crate::pool::live::reader::Reader;
use crate::pool::live::reading::{Reading, Scoped};
use crate::pool::shell::Handle;
use crate::port::{EventBus, FrameListener};
use crate::record::{EventCursor, EventFrame};

/// Opens a subscription, in its turn, and brings it frames as long as the bus has to be asked for them.
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
    // The bus may take its time, and nobody is to wait for it.
    let reader: Rc<dyn Reader> = reading.clone();
    handle.outbox.add_reader(Rc::downgrade(&reader));
    handle.open.readers.add(Rc::downgrade(&reader));
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

/// Has the bus tell the reading of its frames, if it does such a thing.
fn is_told(bus: &dyn EventBus, reading: &Rc<Reading>) -> bool {
    let Some(scoped) = reading.scoped() else {
        return true;
    };
    let listener: Rc<dyn FrameListener> = reading.clone();
    let cursor = reading.cursor(&scoped);
    let backlog = bus.listen(&scoped.filter, cursor.as_ref(), Rc::downgrade(&listener));
    let Some(backlog) = backlog else {
        return false;
    };
    bring(reading, &backlog);
    reading.go_live();
    true
}

/// Takes everything that the bus has to give. Answers whether it was given to the end: if the filter is another by then,
/// for the members that there are, an answer is not taken, since it may lack what they may see.
async fn ask(
    bus: &dyn EventBus,
    reading: &Rc<Reading>,
    scoped: &Rc<Scoped>,
    is_live: &mut bool,
) -> Result<bool, AgentError> {
    let cursor = reading.cursor(scoped);
    let mut brought = |frames: &[EventFrame]| {
        bring(reading, frames);
        // What comes at once is what was there.
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
        reading.take(frame);
    }
}
