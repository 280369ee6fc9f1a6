//! D11: event times are RFC 3339, however many events there are; in logical time the n-th is n seconds after 1970.

use std::rc::Rc;

use agent_pool::{memory::SystemClock, pool::AgentPool};

use crate::host::*;

/// The Unix milliseconds of an RFC 3339 time in UTC. It is read strictly: every field is in its range, and a fraction
/// of a second has at most three digits.
fn unix_millis(time: &str) -> u64 {
    let strict = |text: &str, digits: usize, range: std::ops::RangeInclusive<u64>| {
        assert!(
            text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()),
            "{time}"
        );
        let number = text.parse().unwrap();
        assert!(range.contains(&number), "{time}");
        number
    };
    let time_of_day = time.strip_suffix('Z').expect(time);
    let (date, time_of_day) = time_of_day.split_once('T').expect(time);
    let (seconds, fraction) = time_of_day.split_once('.').unwrap_or((time_of_day, "000"));
    let date: Vec<_> = date.split('-').collect();
    let [year, month, day] = date[..] else {
        panic!("{time}")
    };
    let (year, month, day) = (
        strict(year, 4, 1970..=9999),
        strict(month, 2, 1..=12),
        strict(day, 2, 1..=31),
    );
    let clock: Vec<_> = seconds.split(':').collect();
    let [hour, minute, second] = clock[..] else {
        panic!("{time}")
    };
    let (hour, minute, second) = (
        strict(hour, 2, 0..=23),
        strict(minute, 2, 0..=59),
        strict(second, 2, 0..=59),
    );
    let millis = strict(fraction, 3, 0..=999);

    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let lengths = |year| {
        [
            31,
            28 + u64::from(leap(year)),
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ]
    };
    let month = usize::try_from(month).unwrap();
    assert!(day <= lengths(year)[month - 1], "{time}");
    let days: u64 = (1970..year)
        .map(|year| 365 + u64::from(leap(year)))
        .sum::<u64>()
        + lengths(year)[..month - 1].iter().sum::<u64>()
        + day
        - 1;
    (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis
}

fn times(world: &World) -> Vec<u64> {
    let frames = world.bus.taken();
    let times = frames.iter().map(|frame| {
        let event = &frame.event.envelope;
        assert_eq!(event.timestamp, event.recorded_at);
        unix_millis(&event.timestamp)
    });
    times.collect()
}

fn send_many(pool: &AgentPool, count: usize) {
    done(pool.join_run(member("r1", "ag1")));
    for number in 0..count {
        done(pool.send(message(&format!("m{number}"), "r1", to_run("r1"))));
    }
}

#[test]
fn d11_in_logical_time_the_nth_event_is_n_seconds_after_1970_past_the_minute_and_past_the_hour() {
    let world = World::new();
    send_many(&world.pool, 1_850);
    let times = times(&world);
    assert!(times.len() > 3_600);
    assert_eq!(
        times,
        (1..=times.len() as u64)
            .map(|n| n * 1000)
            .collect::<Vec<_>>()
    );
    let written = |number: usize| {
        let frame = &world.bus.taken()[number - 1];
        frame.event.envelope.timestamp.to_string()
    };
    for (number, time) in [
        (1, "1970-01-01T00:00:01Z"),
        (59, "1970-01-01T00:00:59Z"),
        (60, "1970-01-01T00:01:00Z"),
        (107, "1970-01-01T00:01:47Z"),
        (3_599, "1970-01-01T00:59:59Z"),
        (3_600, "1970-01-01T01:00:00Z"),
        (3_661, "1970-01-01T01:01:01Z"),
    ] {
        assert_eq!(written(number), time);
    }
}

#[test]
fn d11_with_a_clock_set_by_hand_events_and_records_bear_its_time() {
    let start = 1_709_251_199_000;
    let world = World::at(start);
    send_many(&world.pool, 40);
    assert!(times(&world).iter().all(|time| *time == start));
    world.clock.advance(1_001);
    done(world.pool.leave_run(&run("r1")));
    assert_eq!(times(&world).last(), Some(&(start + 1_001)));
    let frames = world.bus.taken();
    let timestamp = &frames.last().unwrap().event.envelope.timestamp;
    assert_eq!(timestamp, "2024-03-01T00:00:00.001Z");
    let records = world.journal.records();
    assert_eq!(records.last().unwrap().timestamp_millis, start + 1_001);
}

#[test]
fn d11_a_clock_may_show_any_time_at_all() {
    for time in [0, 1, 253_402_300_799_999, 253_402_300_800_000, u64::MAX] {
        let world = World::at(time);
        send_many(&world.pool, 1);
        let written = times(&world);
        assert!(
            written
                .iter()
                .all(|written| *written == time.min(253_402_300_799_999))
        );
    }
}

#[test]
fn d11_with_the_system_clock_times_are_valid_too() {
    let world = World::new();
    let ports = agent_pool::pool::RuntimePorts::new(Rc::new(SystemClock))
        .journal(world.journal.clone())
        .event_bus(world.bus.clone());
    let builder = world.builder().runtime(ports);
    let pool = done(builder.build());
    send_many(&pool, 40);
    let year_2025 = 1_735_689_600_000;
    assert!(times(&world).iter().all(|time| *time > year_2025));
    for (record, time) in world.journal.records().iter().zip(times(&world)) {
        assert_eq!(record.timestamp_millis, time);
    }
}
