//! An executor of one thread. It does the same every time, in an order that the test may choose.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use agent_pool::port::Executor;

type Job = Pin<Box<dyn Future<Output = ()>>>;

/// The tasks of a test. Clones are the same tasks.
#[derive(Clone, Default)]
pub struct Tasks(Rc<RefCell<Vec<Task>>>);

struct Task {
    /// Empty while the task is polled, and for good once it is done or dropped.
    job: Rc<RefCell<Option<Job>>>,
    ready: Arc<Ready>,
}

struct Ready(AtomicBool);

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Tasks {
    /// Takes over a future; it is polled when the tasks are run.
    pub fn start<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Outcome<T> {
        let output = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&output);
        let job: Job = Box::pin(async move {
            let value = future.await;
            kept.replace(Some(value));
        });
        let job = Rc::new(RefCell::new(Some(job)));
        self.0.borrow_mut().push(Task {
            job: Rc::clone(&job),
            ready: Arc::new(Ready(AtomicBool::new(true))),
        });
        Outcome { output, job }
    }

    /// As [`Self::start`], but takes the first step at once, as a call does in JavaScript.
    pub fn call<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Outcome<T> {
        let outcome = self.start(future);
        let index = self.0.borrow().len() - 1;
        self.poll(index);
        outcome
    }

    /// Polls the tasks, first come first served, until all are done or wait.
    pub fn run(&self) {
        self.run_choosing(|_| 0);
    }

    /// As [`Self::run`], but `choose` says which of the tasks that can go on is next, by a number below the one that it
    /// is given.
    pub fn run_choosing(&self, mut choose: impl FnMut(usize) -> usize) {
        while self.step_choosing(&mut choose) {}
    }

    /// Polls the first of the tasks that can go on, once; returns whether there was one.
    pub fn step(&self) -> bool {
        self.step_choosing(|_| 0)
    }

    /// Polls one of the tasks that can go on, once, as `choose` says.
    pub fn step_choosing(&self, mut choose: impl FnMut(usize) -> usize) -> bool {
        let ready = self.ready();
        if !ready.is_empty() {
            self.poll(ready[choose(ready.len())]);
        }
        !ready.is_empty()
    }

    fn ready(&self) -> Vec<usize> {
        let tasks = self.0.borrow();
        let tasks = tasks.iter().enumerate();
        tasks
            .filter(|(_, task)| task.ready.0.load(Ordering::Relaxed))
            .filter(|(_, task)| task.job.borrow().is_some())
            .map(|(index, _)| index)
            .collect()
    }

    fn poll(&self, index: usize) {
        let (job, ready) = {
            let tasks = self.0.borrow();
            let task = &tasks[index];
            (Rc::clone(&task.job), Arc::clone(&task.ready))
        };
        ready.0.store(false, Ordering::Relaxed);
        let Some(mut polled) = job.take() else { return };
        let waker = Waker::from(ready);
        if polled.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
            job.replace(Some(polled));
        }
    }
}

impl Executor for Tasks {
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        self.start(future);
    }
}

/// The answer of a task, once there is one.
pub struct Outcome<T> {
    output: Rc<RefCell<Option<T>>>,
    job: Rc<RefCell<Option<Job>>>,
}

impl<T> Outcome<T> {
    /// The answer.
    #[track_caller]
    pub fn take(&self) -> T {
        let output = self.output.take();
        output.expect("the task is finished")
    }

    /// Whether the task is finished.
    pub fn is_there(&self) -> bool {
        self.output.borrow().is_some()
    }

    /// Drops the task, however far it is.
    pub fn give_up(self) {
        drop(self.job.take());
    }
}
