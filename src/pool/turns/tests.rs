use std::pin::Pin;

use super::*;
use crate::port::poll_once;

/// Turns that were asked for, by name.
struct Queue<'a> {
    turns: &'a Turns,
    asked: Vec<(String, Turn<'a>)>,
}

impl<'a> Queue<'a> {
    fn new(turns: &'a Turns) -> Self {
        let asked = Vec::new();
        Self { turns, asked }
    }

    /// Asks for a turn: alone (`alone.3`), or in the lane of the run before the dot (`r1.3`).
    fn ask(&mut self, name: &str) {
        let mut turn = match name.split('.').next() {
            Some("alone") => self.turns.take(),
            lane => self.turns.turn(Some(&RunId::new(lane.unwrap()).unwrap())),
        };
        let _ = poll_once(Pin::new(&mut turn));
        self.asked.push((name.to_owned(), turn));
    }

    /// Drops a turn, whether it was taken or still waits.
    fn end(&mut self, name: &str) {
        self.asked.retain(|(asked, _)| asked != name);
    }

    /// The turns that are taken, in the order in which they were asked for.
    fn have_it(&mut self) -> Vec<&str> {
        let mut having = Vec::new();
        for (name, turn) in &mut self.asked {
            if poll_once(Pin::new(turn)).is_some() {
                having.push(&**name);
            }
        }
        having
    }
}

fn after<'a, const N: usize>(turns: &'a Turns, asking: [&str; N]) -> Queue<'a> {
    let mut queue = Queue::new(turns);
    asking.into_iter().for_each(|name| queue.ask(name));
    queue
}

#[test]
fn those_who_are_to_be_alone_are_served_in_the_order_in_which_they_asked() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["alone.1", "alone.2", "alone.3"]);
    assert_eq!(queue.have_it(), ["alone.1"]);
    queue.end("alone.1");
    assert_eq!(queue.have_it(), ["alone.2"]);
    queue.end("alone.2");
    assert_eq!(queue.have_it(), ["alone.3"]);
}

#[test]
fn lanes_run_side_by_side_and_each_keeps_its_order() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1", "r1.2", "r2.1", "r1.3", "r2.2"]);
    assert_eq!(queue.have_it(), ["r1.1", "r2.1"]);
    queue.end("r1.1");
    assert_eq!(queue.have_it(), ["r1.2", "r2.1"]);
    queue.end("r2.1");
    queue.end("r1.2");
    assert_eq!(queue.have_it(), ["r1.3", "r2.2"]);
}

#[test]
fn who_is_to_be_alone_waits_for_all_before_and_holds_back_all_after() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1", "r1.2", "r2.1", "alone.1", "r3.1", "r1.3"]);
    assert_eq!(queue.have_it(), ["r1.1", "r2.1"]);
    queue.end("r1.1");
    queue.end("r2.1");
    assert_eq!(
        queue.have_it(),
        ["r1.2"],
        "the one in the lane came before as well"
    );
    queue.end("r1.2");
    assert_eq!(queue.have_it(), ["alone.1"]);
    queue.end("alone.1");
    assert_eq!(queue.have_it(), ["r3.1", "r1.3"]);
}

#[test]
fn nobody_cuts_in_between_the_call_and_the_one_called() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["alone.1", "alone.2"]);
    queue.end("alone.1");
    queue.ask("r1.1");
    queue.ask("alone.3");
    assert_eq!(queue.have_it(), ["alone.2"]);
}

#[test]
fn who_gives_up_holds_up_nobody_wherever_they_waited() {
    let turns = Turns::default();
    let mut queue = after(
        &turns,
        ["r1.1", "r1.2", "r1.3", "alone.1", "r2.1", "alone.2"],
    );
    queue.end("r1.2");
    queue.end("r1.1");
    assert_eq!(queue.have_it(), ["r1.3"]);
    queue.end("alone.1");
    assert_eq!(
        queue.have_it(),
        ["r1.3", "r2.1"],
        "nothing is between them any more"
    );
    queue.end("r1.3");
    queue.end("r2.1");
    // It was called, and is dropped without having been polled.
    queue.end("alone.2");
    queue.ask("alone.3");
    assert_eq!(queue.have_it(), ["alone.3"]);
}

#[test]
fn the_last_who_gives_up_in_a_lane_lets_in_who_waits_to_be_alone() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1", "r1.2", "alone.1"]);
    queue.end("r1.1");
    // It was called, and is dropped without having been polled.
    queue.end("r1.2");
    assert_eq!(queue.have_it(), ["alone.1"]);
}

#[test]
fn who_left_the_lane_is_still_under_way() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1", "r1.2", "alone.1"]);
    queue.asked[0].1.leave_lane();
    assert_eq!(queue.have_it(), ["r1.1", "r1.2"]);
    queue.end("r1.2");
    assert_eq!(queue.have_it(), ["r1.1"]);
    queue.end("r1.1");
    assert_eq!(queue.have_it(), ["alone.1"]);
}

#[test]
fn while_it_is_shut_nobody_is_let_in_and_they_keep_their_order() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1"]);
    let shut = turns.shut();
    queue.ask("r2.1");
    queue.ask("r1.2");
    assert_eq!(queue.have_it(), ["r1.1"]);
    drop(shut);
    assert_eq!(queue.have_it(), ["r1.1", "r2.1"]);
    queue.end("r1.1");
    assert_eq!(queue.have_it(), ["r2.1", "r1.2"]);
}

#[test]
fn everybody_who_waits_for_an_arrival_is_told_of_it() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1", "r2.1"]);
    let arrivals = turns.arrivals();
    let mut waits = [turns.arrival_after(arrivals), turns.arrival_after(arrivals)];
    assert!(waits.iter_mut().all(|wait| poll_once(wait).is_none()));
    queue.ask("alone.1");
    assert!(waits.iter_mut().all(|wait| poll_once(wait).is_some()));
}

/// Every order of asking for turns and ending them, checked against the rule itself.
#[test]
fn a_turn_is_held_exactly_when_no_earlier_turn_stands_in_its_way() {
    let names = ["r1.", "r2.", "alone."];
    let mut state = 7_u64;
    let mut random = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 40).unwrap() % bound
    };
    for _ in 0..200 {
        let turns = Turns::default();
        let mut queue = Queue::new(&turns);
        for number in 0..60 {
            if random(2) == 0 || queue.asked.is_empty() {
                let name = names[random(5) % names.len()];
                queue.ask(&format!("{name}{number}"));
            } else {
                let place = random(queue.asked.len().min(3));
                queue.asked.remove(place);
            }
            let asked: Vec<String> = queue.asked.iter().map(|(name, _)| name.clone()).collect();
            let kind = |name: &str| name.split('.').next().unwrap().to_owned();
            let free = asked.iter().enumerate().filter(|(place, name)| {
                let before = asked[..*place].iter().map(|other| kind(other));
                let kind = kind(name);
                !before
                    .clone()
                    .any(|other| other == "alone" || other == kind)
                    && (kind != "alone" || before.count() == 0)
            });
            let expected: Vec<&str> = free.map(|(_, name)| &**name).collect();
            assert_eq!(queue.have_it(), expected, "of {asked:?}");
        }
    }
}

#[test]
fn lanes_are_free_again_in_whatever_order_they_were_taken_and_left() {
    let turns = Turns::default();
    let mut queue = after(&turns, ["r1.1", "r2.1", "r3.1", "r1.2", "r3.2"]);
    assert_eq!(queue.have_it(), ["r1.1", "r2.1", "r3.1"]);
    queue.end("r1.1");
    queue.end("r2.1");
    assert_eq!(queue.have_it(), ["r3.1", "r1.2"]);
    queue.end("r1.2");
    for name in ["r2.2", "r1.3", "r2.3"] {
        queue.ask(name);
    }
    assert_eq!(queue.have_it(), ["r3.1", "r2.2", "r1.3"]);
    queue.end("r3.1");
    queue.end("r2.2");
    assert_eq!(queue.have_it(), ["r3.2", "r1.3", "r2.3"]);
    for name in ["r3.2", "r1.3", "r2.3"] {
        queue.end(name);
    }
    assert!(!turns.is_taken());
    queue.ask("alone.1");
    assert_eq!(queue.have_it(), ["alone.1"]);
}
