//! The executor port: JavaScript's event loop.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use wasm_bindgen::prelude::*;

use crate::js::host::with_host;
use crate::js::numbered::{self, Numbered};
use crate::port::Executor;

/// Runs futures in microtasks.
pub(super) struct EventLoop;

impl Executor for EventLoop {
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        TASKS.with(|tasks| {
            let TaskSlot { number, waker } = tasks.slot();
            tasks.put_back(number, Some(Task { future, waker }));
            tasks.wake(number);
        });
    }
}

/// A future and its waker.
struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

/// The tasks of the instance.
struct Tasks {
    /// The tasks that are not done. While a task is being polled, its slot is empty.
    waiting: RefCell<Numbered<Option<Task>>>,
    /// A slot that was taken and not needed, for the next call of [`TaskSlot::take`].
    spare: Cell<Option<TaskSlot>>,
    ready: RefCell<VecDeque<u64>>,
    /// Whether the ready tasks are being run, or the host was asked to run them.
    scheduled: Cell<bool>,
}

thread_local! {
    static TASKS: Tasks = const {
        Tasks {
            waiting: RefCell::new(Numbered::new()),
            spare: Cell::new(None),
            ready: RefCell::new(VecDeque::new()),
            scheduled: Cell::new(false),
        }
    };
}

/// A slot among the tasks, for a future that may have to become one.
pub(super) struct TaskSlot {
    number: u64,
    waker: Waker,
}

impl TaskSlot {
    /// An empty slot.
    pub(super) fn take() -> Self {
        TASKS.with(|tasks| tasks.spare.take().unwrap_or_else(|| tasks.slot()))
    }

    /// The index of the slot. JavaScript makes no objects for numbers as small as these.
    pub(super) fn index(&self) -> u32 {
        numbered::index(self.number)
    }

    /// The context for polling the future that may get this slot.
    pub(super) fn context(&self) -> Context<'_> {
        Context::from_waker(&self.waker)
    }

    /// Gives the slot back empty.
    pub(super) fn give_back(self) {
        TASKS.with(|tasks| {
            // A call from within a port has taken another slot, and given it back before this one.
            if let Some(other) = tasks.spare.replace(Some(self)) {
                tasks.put_back(other.number, None);
            }
        });
    }

    /// Fills the slot with a future that was polled and waits.
    pub(super) fn fill(self, future: Pin<Box<dyn Future<Output = ()>>>) {
        let Self { number, waker } = self;
        TASKS.with(|tasks| tasks.put_back(number, Some(Task { future, waker })));
    }
}

/// The waker of a task.
struct TaskId(u64);

impl Wake for TaskId {
    fn wake(self: Arc<Self>) {
        TASKS.with(|tasks| tasks.wake(self.0));
    }
}

impl Tasks {
    fn slot(&self) -> TaskSlot {
        let number = self.waiting.borrow_mut().add(None);
        let waker = Waker::from(Arc::new(TaskId(number)));
        TaskSlot { number, waker }
    }

    fn wake(&self, id: u64) {
        self.ready.borrow_mut().push_back(id);
        if !self.scheduled.replace(true) {
            with_host(|host| host.schedule());
        }
    }

    fn take(&self, id: u64) -> Option<Task> {
        self.waiting.borrow_mut().get_mut(id)?.take()
    }

    /// Puts a task back in its slot. If there is no task, as it is done, frees the slot.
    fn put_back(&self, id: u64, task: Option<Task>) {
        let mut waiting = self.waiting.borrow_mut();
        match waiting.get_mut(id) {
            Some(slot) if task.is_some() => *slot = task,
            _ => drop(waiting.remove(id)),
        }
    }
}

/// Calls `wake`, and runs the tasks that it wakes at once.
pub(super) fn go_on(wake: impl FnOnce()) {
    TASKS.with(|tasks| tasks.scheduled.set(true));
    wake();
    run_tasks();
}

/// Polls the tasks that were woken, and those that they wake. The host calls this a little later than it is asked to.
#[wasm_bindgen(js_name = runTasks)]
pub fn run_tasks() {
    TASKS.with(|tasks| {
        // Tasks that are woken meanwhile are polled in this loop.
        tasks.scheduled.set(true);
        loop {
            let Some(id) = tasks.ready.borrow_mut().pop_front() else {
                break;
            };
            // If the task was woken twice, or is done, there is nothing to poll.
            let Some(mut task) = tasks.take(id) else {
                continue;
            };
            let mut context = Context::from_waker(&task.waker);
            let polled = task.future.as_mut().poll(&mut context);
            tasks.put_back(id, polled.is_pending().then_some(task));
        }
        tasks.scheduled.set(false);
    });
}
