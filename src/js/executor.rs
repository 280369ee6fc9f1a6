//! The executor port: JavaScript's event loop.
//!
//! Tasks are polled in a function that the TypeScript side schedules, and guards: a panic in a task
//! would otherwise trap in a microtask of nobody's, which ends a Node process.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::js::numbered::Numbered;
use crate::port::Executor;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Goes on in microtasks.
pub(super) struct EventLoop;

impl Executor for EventLoop {
    fn spawn(&self, future: Task) {
        spawn(future);
    }
}

/// What there is to do.
#[derive(Default)]
struct Tasks {
    /// Those that are not done; one that is being polled is not in its place.
    waiting: RefCell<Numbered<Option<Task>>>,
    ready: RefCell<VecDeque<u64>>,
    /// Whether the scheduler was called and the tasks were not run since.
    scheduled: Cell<bool>,
    scheduler: RefCell<Option<Function>>,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(run: &JsValue);
}

thread_local! {
    static TASKS: Tasks = Tasks::default();
    static RUN: Closure<dyn FnMut()> = Closure::new(run);
}

/// Has tasks run by `schedule`, which is called with a function to call a little later. Without one
/// they run in plain microtasks.
#[wasm_bindgen(js_name = setScheduler)]
pub fn set_scheduler(schedule: Function) {
    TASKS.with(|tasks| tasks.scheduler.replace(Some(schedule)));
}

/// Takes over a task.
pub(super) fn spawn(task: impl Future<Output = ()> + 'static) {
    TASKS.with(|tasks| {
        let id = tasks.waiting.borrow_mut().add(Some(Box::pin(task)));
        tasks.wake(id);
    });
}

/// Names a task to whom it waits for.
struct TaskId(u64);

impl Wake for TaskId {
    fn wake(self: Arc<Self>) {
        TASKS.with(|tasks| tasks.wake(self.0));
    }
}

impl Tasks {
    fn wake(&self, id: u64) {
        self.ready.borrow_mut().push_back(id);
        if !self.scheduled.replace(true) {
            self.schedule();
        }
    }

    fn take(&self, id: u64) -> Option<Task> {
        self.waiting.borrow_mut().get_mut(id)?.take()
    }

    /// Puts a task back that was polled, if it is not done.
    fn put_back(&self, id: u64, task: Option<Task>) {
        let mut waiting = self.waiting.borrow_mut();
        match waiting.get_mut(id) {
            Some(place) if task.is_some() => *place = task,
            _ => drop(waiting.remove(id)),
        }
    }

    fn schedule(&self) {
        let scheduler = self.scheduler.borrow().clone();
        let scheduled = scheduler.is_some_and(|scheduler| {
            let run = RUN.with(|run| run.as_ref().clone());
            scheduler.call1(&JsValue::UNDEFINED, &run).is_ok()
        });
        if !scheduled {
            RUN.with(|run| queue_microtask(run.as_ref()));
        }
    }
}

/// Polls the tasks that were woken, and those that they wake.
fn run() {
    TASKS.with(|tasks| {
        tasks.scheduled.set(false);
        loop {
            let Some(id) = tasks.ready.borrow_mut().pop_front() else {
                return;
            };
            // Woken twice, or done: then there is nothing to poll.
            let Some(mut task) = tasks.take(id) else {
                continue;
            };
            let waker = Waker::from(Arc::new(TaskId(id)));
            let polled = task.as_mut().poll(&mut Context::from_waker(&waker));
            tasks.put_back(id, polled.is_pending().then_some(task));
        }
    });
}
