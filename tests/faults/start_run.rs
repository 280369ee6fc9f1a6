//! Starting runs through the host: nothing started is lost.

use std::cell::RefCell;
use std::rc::Rc;

use agent_pool::{
    domain::ErrorCode,
    pool::{AgentPool, StartRunError},
    port::{Answer, RunHandle, RunLauncher, RunRequest},
};

use crate::host::*;

/// A launcher that answers as it is told and remembers its requests.
#[derive(Default)]
struct HostLauncher {
    replies: Replies,
    started: Rc<RefCell<Vec<RunRequest>>>,
}

impl RunLauncher for HostLauncher {
    fn start(&self, request: RunRequest) -> Answer<'_, RunHandle> {
        let started = Rc::clone(&self.started);
        let code = ErrorCode::RunLauncherRejected;
        self.replies.answer(code, "no capacity", move || {
            let run_handle: RunHandle = Rc::new(format!("process of {}", request.run_id.as_str()));
            started.borrow_mut().push(request);
            run_handle
        })
    }
}

fn launching() -> (World, AgentPool, Rc<HostLauncher>) {
    let world = World::new();
    let launcher = Rc::<HostLauncher>::default();
    let ports = world.ports().run_launcher(launcher.clone());
    let pool = done(world.builder().runtime(ports).build());
    (world, pool, launcher)
}

fn request() -> RunRequest {
    RunRequest {
        run_id: id("r1"),
        agent_id: id("ag1"),
        input: serde_json::json!({"task": "count to 3"}),
    }
}

fn process(run_handle: &RunHandle) -> &str {
    let process: &String = run_handle
        .downcast_ref()
        .expect("the launcher's own handle");
    process
}

fn failure(pool: &AgentPool) -> StartRunError {
    now(pool.start_run(request())).expect_err("the run does not both start and join")
}

#[test]
fn a_run_that_was_started_is_a_member_and_its_handle_is_the_launchers() {
    let (world, pool, launcher) = launching();
    let run_handle = now(pool.start_run(request())).unwrap();
    assert_eq!(process(&run_handle), "process of r1");
    assert_eq!(
        *launcher.started.borrow(),
        [request()],
        "what it is given comes through"
    );
    assert_eq!(done(pool.members()), [member("r1", "ag1")]);
    assert_eq!(world.journal.story(), ["created r1", "run_joined r1"]);
}

#[test]
fn a_run_that_could_not_be_started_is_no_member() {
    let (world, pool, launcher) = launching();
    launcher.replies.fail_after(0);
    let failed = failure(&pool);
    assert_eq!(failed.error.code, ErrorCode::RunLauncherRejected);
    assert_eq!(thrown(&failed.error), Some(&PortFault("no capacity")));
    assert_eq!(failed.error.ids.run_id, Some(id("r1")));
    assert!(failed.run_handle.is_none());
    assert_eq!(world.extent(), (0, 0, 1));
}

#[test]
fn a_run_that_was_started_but_could_not_join_is_handed_back_and_can_join_later() {
    let (world, pool, launcher) = launching();
    for failing in 0..2 {
        world.journal.replies.fail_after(failing);
        let failed = failure(&pool);
        assert_eq!(failed.error.code, ErrorCode::JournalRejected);
        assert_eq!(thrown(&failed.error), Some(&PortFault(JOURNAL_FAULT)));
        let run_handle = failed.run_handle.expect("the run was started");
        assert_eq!(process(&run_handle), "process of r1");
        assert!(done(pool.members()).is_empty());
    }
    assert_eq!(launcher.started.borrow().len(), 2);
    done(pool.join_run(member("r1", "ag1")));
    assert_eq!(done(pool.members()), [member("r1", "ag1")]);
    world.assert_sound();
}

#[test]
fn a_run_that_was_started_while_the_bus_is_down_is_handed_back_too() {
    let (world, pool, _) = launching();
    world.bus.down.set(true);
    done(pool.join_run(member("r2", "ag2")));
    let failed = failure(&pool);
    assert_eq!(failed.error.code, ErrorCode::EventBusRejected);
    assert!(failed.run_handle.is_some());
}

#[test]
fn a_run_that_was_started_while_the_pool_was_closed_is_handed_back() {
    let tasks = Tasks::default();
    let (world, pool, launcher) = launching();
    let started = Signal::default();
    launcher.replies.are([Reply::On(started.clone())]);
    let starting = pool.clone();
    let outcome = tasks.start(async move { starting.start_run(request()).await });
    tasks.run();
    done(pool.close());
    started.give();
    tasks.run();
    let failed = outcome.take().expect_err("the pool is closed");
    assert_eq!(failed.error.code, ErrorCode::Closed);
    assert!(failed.run_handle.is_some());
    assert_eq!(world.journal.len(), 0);
}

#[test]
fn without_a_launcher_and_on_a_closed_pool_nothing_is_started() {
    let world = World::new();
    let failed = failure(&world.pool);
    assert_eq!(failed.error.code, ErrorCode::RunLauncherRequired);
    assert!(failed.run_handle.is_none());

    let (_, pool, launcher) = launching();
    done(pool.close());
    assert_eq!(failure(&pool).error.code, ErrorCode::Closed);
    assert!(launcher.started.borrow().is_empty());
}

#[test]
fn others_go_on_while_a_run_is_being_started() {
    let tasks = Tasks::default();
    let (world, pool, launcher) = launching();
    launcher.replies.are([Reply::never()]);
    let starting = pool.clone();
    let outcome = tasks.start(async move { starting.start_run(request()).await });
    tasks.run();
    done(pool.join_run(member("r2", "ag2")));
    assert_eq!(world.journal.len(), 2);
    assert!(!outcome.is_there());
}

#[test]
fn the_launcher_may_call_the_pool_while_it_starts_a_run() {
    struct Announcing(AgentPool);
    impl RunLauncher for Announcing {
        fn start(&self, request: RunRequest) -> Answer<'_, RunHandle> {
            let pool = self.0.clone();
            Answer::later(async move {
                pool.join_run(member("r.parent", "ag.parent")).await?;
                let run_handle: RunHandle = Rc::new(request.run_id);
                Ok(run_handle)
            })
        }
    }
    let world = World::new();
    let launcher = Rc::new(Announcing(world.pool.clone()));
    let pool = done(
        world
            .builder()
            .runtime(world.ports().run_launcher(launcher))
            .build(),
    );
    now(pool.start_run(request())).unwrap();
    assert_eq!(done(pool.members()).len(), 2);
}

#[test]
fn the_error_tells_what_went_wrong_and_shows_no_ids() {
    let (world, pool, _) = launching();
    world.journal.replies.fail_after(0);
    let failed = failure(&pool);
    assert_eq!(failed.to_string(), failed.error.to_string());
    let shown = format!("{failed:?}");
    assert!(
        shown.contains("started: true") && !shown.contains("r1"),
        "{shown}"
    );
    assert!(std::error::Error::source(&failed).is_some());
}

#[test]
fn a_run_that_was_started_comes_back_from_a_handle_that_is_abandoned_meanwhile() {
    let tasks = Tasks::default();
    for is_late in [false, true] {
        let started = Signal::default();
        let (launching, journaling) = match is_late {
            false => (Reply::Now, Reply::never()),
            true => (Reply::On(started.clone()), Reply::Now),
        };
        let (world, pool, launcher) = self::launching();
        launcher.replies.are([launching]);
        world.journal.replies.are([journaling]);
        let starter = pool.clone();
        let outcome = tasks.call(async move { starter.start_run(request()).await.map(drop) });
        tasks.run();
        assert!(!outcome.is_there());
        started.give();
        pool.abandon().expect("no port is being called");
        tasks.run();
        let error = outcome.take().expect_err("the run did not join");
        assert_eq!(error.error.code, ErrorCode::Closed);
        assert!(error.run_handle.is_some());
    }
}

#[test]
fn a_run_that_is_still_being_started_is_not_waited_for_by_a_handle_that_is_abandoned() {
    let tasks = Tasks::default();
    let (_world, pool, launcher) = launching();
    launcher.replies.are([Reply::never()]);
    let starter = pool.clone();
    let outcome = tasks.call(async move { starter.start_run(request()).await.map(drop) });
    pool.abandon().expect("no port is being called");
    tasks.run();
    let error = outcome.take().expect_err("the run did not join");
    assert_eq!(error.error.code, ErrorCode::Closed);
    assert!(error.run_handle.is_none());
}
