//! Clocks that break, and clocks that are set.

use hubspot_async_tasks::client::Fault;
use hubspot_async_tasks::engine::Settings;
use hubspot_async_tasks::poll::Code;

use crate::world::{ID, NEVER, Waiting, World, complete, refusal, running};

fn assert_ended_by_the_clock(waiting: &Waiting, expected: u64, detail: &'static str) {
    let (at, failure) = waiting.failure();
    assert_eq!((at, failure.code), (expected, Code::InvalidArgument));
    assert_eq!(failure.fault, Some(Fault { code: Code::InvalidArgument, detail }));
}

#[test]
fn a_clock_that_breaks_ends_every_wait() {
    let world = World::saying([running("a")]);
    let waits = [world.wait(ID, 900_000), world.wait(ID, 900_000), world.wait("7", 900_000)];
    world.until(500).break_clock(u32::MAX);
    world.until(900_000);
    for (waiting, at) in waits.iter().zip([994, 994, 994]) {
        assert_ended_by_the_clock(waiting, at, "the clock is broken");
        assert_eq!((waiting.failure().1.last_status, waiting.failure().1.polls), (Some("a"), 1));
    }
    assert_eq!((world.asked(ID), world.timers()), (vec![0], 0));
}

#[test]
fn a_clock_without_timers_ends_the_wait() {
    let world = World::saying([running("a")]);
    world.break_sleep();
    let waiting = world.wait(ID, 900_000);
    world.until(900_000);
    assert_ended_by_the_clock(&waiting, 0, "no timers here");
    assert_eq!((world.asked(ID), world.timers()), (vec![0], 0));
}

#[test]
fn a_broken_clock_is_told_by_wait_and_by_status_at_once() {
    let world = World::saying([running("a")]);
    world.break_clock(u32::MAX);
    let task = world.task(ID);
    let waiting = world.listen(world.begin(&task, 900_000));
    let look = world.look(&task);
    world.until(0);
    assert_ended_by_the_clock(&waiting, 0, "the clock is broken");
    assert_eq!(waiting.failure().1.polls, 0);
    assert_eq!((look.failure().0, look.failure().1.code), (0, Code::InvalidArgument));
    assert_eq!(world.asked(ID), NEVER);
}

#[test]
fn a_clock_that_is_mended_serves_again() {
    let world = World::saying([running("a"), running("b"), complete("c")]);
    let task = world.task(ID);
    let broken = world.wait(ID, 900_000);
    world.until(500).break_clock(1);
    world.until(1_100);
    assert_ended_by_the_clock(&broken, 1035, "the clock is broken");
    let again = world.listen(world.begin(&task, 900_000));
    world.until(900_000);
    assert_eq!(again.success().1.status, "c");
}

/// "When the clock does not work; every wait then ends."
#[test]
fn a_clock_that_fails_once_leaves_no_wait_hanging() {
    for failing_at in [0, 1] {
        let world = World::saying([running("a").after(100), complete("c").after(100)]);
        let waits = [world.wait(ID, 60_000), world.wait(ID, 60_000)];
        // In the second round the timer's end is what the clock fails at.
        world.until(if failing_at == 0 { 50 } else { 500 }).break_clock(1);
        world.until(900_000);
        let ended = waits.map(|waiting| waiting.end().is_some());
        assert_eq!(ended, [true, true], "round {failing_at}");
    }
}

#[test]
fn a_clock_set_back_an_hour_does_not_hang_a_wait() {
    let world = World::saying([running("a")]);
    let waiting = world.wait(ID, 60_000);
    world.until(500).set_clock(-3_600_000);
    world.until(200_000);
    let asked = world.asked(ID);
    assert_eq!(asked[..4], [0, 1035, 2088, 3584]);
    let (at, failure) = waiting.failure();
    assert_eq!((at, failure.code, asked.last()), (60_000, Code::Timeout, Some(&60_000)));
}

/// Nobody looked at the clock for 30 s before: how much time had passed is known when the pause's timer rings.
#[test]
fn a_wait_that_begins_after_the_clock_was_set_back_has_its_whole_time() {
    let world = World::with(Settings::default(), |id, nth| match (id, nth) {
        (ID, 0) => refusal(477, Some(60_000), "moving"),
        _ => running("a"),
    });
    let _first = world.wait(ID, 900_000);
    world.until(20_000).set_clock(-3_600_000);
    world.until(30_000);
    let waiting = world.wait("7", 40_000);
    world.until(200_000);
    let (at, failure) = waiting.failure();
    assert_eq!((at, failure.code), (70_000, Code::Timeout));
}

/// Two tasks, of which each may be asked at the other's timer.
#[test]
fn a_clock_that_jumps_asks_no_task_before_a_timer_of_the_shortest_interval_rang() {
    for jump in [1_000, 60_000, 3_600_000] {
        let world = World::saying([running("a")]);
        let waits = [ID, "7", "8", "9"].map(|id| world.wait(id, 900_000_000));
        for at in 1..=40 {
            world.until(at * 250).set_clock(jump);
        }
        assert!(waits.iter().all(|waiting| waiting.end().is_none()));
        // An older task is asked more rarely, and with each jump it is older.
        for id in [ID, "7", "8", "9"] {
            let asked = world.asked(id);
            assert!(
                asked.len() > 1 && asked.windows(2).all(|pair| pair[1] - pair[0] >= 900),
                "{id}, {jump}: {asked:?}"
            );
        }
    }
}

#[test]
fn a_clock_set_forward_past_the_deadline_asks_once_more() {
    let world = World::saying([running("a")]);
    let waiting = world.wait(ID, 60_000);
    world.until(500).set_clock(3_600_000);
    world.until(200_000);
    assert_eq!(world.asked(ID), [0, 1035]);
    let (at, failure) = waiting.failure();
    assert_eq!((at, failure.code, failure.polls), (1035, Code::Timeout, 2));
}

/// Requests that are given up because the clock broke no longer count among those under way.
#[test]
fn a_clock_that_broke_leaves_the_budget_whole() {
    let settings = Settings { rate_limit: None, max_concurrent: 3, ..Settings::default() };
    let world = World::with(settings, |id, _| running("a").after(if id == ID { 0 } else { 20_000 }));
    let waiting = world.wait(ID, 900_000);
    let looks = ["x", "y"].map(|id| world.look(&world.task(id)));
    world.until(500).break_clock(1);
    world.until(2_000);
    assert_ended_by_the_clock(&waiting, 1035, "the clock is broken");
    assert_eq!(looks.map(|look| look.failure().0), [1035, 1035]);
    assert_eq!((world.aborted(), world.timers()), (vec![1035, 1035], 0));
    let again = ["x", "y", "z"].map(|id| world.look(&world.task(id)));
    world.until(30_000);
    assert_eq!(again.map(|look| look.seen()), [(); 3].map(|()| Some((22_000, Ok(Some("a"))))));
}

/// A laptop that slept, a page that was frozen: what was missed is made up for with one poll each, not with many.
#[test]
fn after_hours_of_sleep_each_task_is_asked_once_and_then_by_its_age() {
    let world = World::saying([running("a")]);
    let waits = [ID, "7"].map(|id| world.wait(id, 90_000_000));
    world.until(10_000);
    let before = [ID, "7"].map(|id| world.asked(id).len());
    world.set_clock(10_800_000);
    world.until(40_000);
    let asked = [ID, "7"].map(|id| world.asked(id).len());
    assert_eq!(asked, before.map(|count| count + 1));
    world.until(140_000);
    assert!(
        [ID, "7"].iter().zip(asked).all(|(id, count)| (1..=2).contains(&(world.asked(id).len() - count)))
    );
    assert!(waits.iter().all(|waiting| waiting.end().is_none()));
}
