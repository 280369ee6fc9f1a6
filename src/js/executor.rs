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

/// Goes on in microtasks.
pub(super) struct EventLoop;

impl Executor for EventLoop {
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        TASKS.with(|tasks| {
            let Place { number, waker } = tasks.place();
            tasks.put_back(number, Some(Task { future, waker }));
            tasks.wake(number);
        });
    }
}

/// A future, and what wakes it.
struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

/// What there is to do.
#[derive(Default)]
struct Tasks {
    /// Those that are not done; one that is being polled is not in its place.
    waiting: RefCell<Numbered<Option<Task>>>,
    /// A place that was not needed, for the next who may need one.
    spare: Cell<Option<Place>>,
    ready: RefCell<VecDeque<u64>>,
    /// Whether the ready ones are being run, or the host was asked to have them run.
    scheduled: Cell<bool>,
}

thread_local! {
    static TASKS: Tasks = Tasks::default();
}

/// A place among the tasks, for a future that may turn out to be one.
pub(super) struct Place {
    number: u64,
    waker: Waker,
}

impl Place {
    /// A place in which there is nothing yet.
    pub(super) fn take() -> Self {
        TASKS.with(|tasks| tasks.spare.take().unwrap_or_else(|| tasks.place()))
    }

    /// Which of the places it is. Of numbers as small as these JavaScript makes no objects.
    pub(super) fn index(&self) -> u32 {
        numbered::index(self.number)
    }

    /// For polling what is to have this place.
    pub(super) fn context(&self) -> Context<'_> {
        Context::from_waker(&self.waker)
    }

    /// There is nothing to put here.
    pub(super) fn give_back(self) {
        TASKS.with(|tasks| {
            // In a call from within a port another place was taken, and given back before this one.
            if let Some(other) = tasks.spare.replace(Some(self)) {
                tasks.put_back(other.number, None);
            }
        });
    }

    /// What was polled and waits has this place from now on.
    pub(super) fn fill(self, future: Pin<Box<dyn Future<Output = ()>>>) {
        let Self { number, waker } = self;
        TASKS.with(|tasks| tasks.put_back(number, Some(Task { future, waker })));
    }
}

/// Names a task to whom it waits for.
struct TaskId(u64);

impl Wake for TaskId {
    fn wake(self: Arc<Self>) {
        TASKS.with(|tasks| tasks.wake(self.0));
    }
}

impl Tasks {
    fn place(&self) -> Place {
        let number = self.waiting.borrow_mut().add(None);
        let waker = Waker::from(Arc::new(TaskId(number)));
        Place { number, waker }
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

    /// Puts a task in its place, if it is not done.
    fn put_back(&self, id: u64, task: Option<Task>) {
        let mut waiting = self.waiting.borrow_mut();
        match waiting.get_mut(id) {
            Some(place) if task.is_some() => *place = task,
            _ => drop(waiting.remove(id)),
        }
    }
}

/// Has those that `wake` wakes go on at once.
pub(super) fn go_on(wake: impl FnOnce()) {
    TASKS.with(|tasks| tasks.scheduled.set(true));
    wake();
    run_tasks();
}

/// Polls the tasks that were woken, and those that they wake: the host calls it a little later than it is asked to.
#[wasm_bindgen(js_name = runTasks)]
pub fn run_tasks() {
    TASKS.with(|tasks| {
        // Whoever is woken meanwhile has their turn here.
        tasks.scheduled.set(true);
        loop {
            let Some(id) = tasks.ready.borrow_mut().pop_front() else {
                break;
            };
            // Woken twice, or done: then there is nothing to poll.
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
