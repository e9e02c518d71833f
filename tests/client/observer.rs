//! What an observer hears.

use hubspot_async_tasks::client::{Ending, EventKind, ThrottleReason};
use hubspot_async_tasks::engine::Settings;
use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
use hubspot_async_tasks::poll::{Checkpoint, Code, Outcome, Pace, Span};

use crate::world::{Heard, ID, Text, World, canceled, complete, limited, lost, ms, refusal, running};

fn observed() -> Settings {
    Settings { has_observer: true, ..Settings::default() }
}

fn asked(poll: u32) -> Heard {
    (EventKind::Asked { poll }, None)
}

fn answered(poll: u32, http_status: u16, took: u64) -> Heard {
    (EventKind::Answered { poll, http_status, took: ms(took) }, None)
}

fn changed(status: Text) -> Heard {
    (EventKind::Changed, Some(status))
}

fn retrying(code: Code, delay: u64) -> Heard {
    (EventKind::Retrying { code, delay: ms(delay) }, None)
}

fn throttled(reason: ThrottleReason, delay: u64) -> Heard {
    (EventKind::Throttled { reason, delay: ms(delay) }, None)
}

fn finished(how: Ending, polls: u32) -> Heard {
    (EventKind::Finished { how, polls, detection_delay: None }, None)
}

#[test]
fn a_whole_task_is_told_from_its_first_poll_to_its_end() {
    let script = [running("a"), running("a").after(40), complete("c").dates(Some(-9_000), None, Some(2_000))];
    let world = World::with(observed(), move |_, nth| script[nth].clone());
    let waiting = world.wait(ID, 900_000);
    world.until(900_000);
    let detection_delay = Some(ms(148));
    assert_eq!(waiting.success().1.detection_delay, detection_delay);
    let expected = [
        (0, asked(1)),
        (0, answered(1, 200, 0)),
        (0, changed("a")),
        (1035, asked(2)),
        (1075, answered(2, 200, 40)),
        (2148, asked(3)),
        (2148, answered(3, 200, 0)),
        (2148, changed("c")),
        (
            2148,
            (EventKind::Finished { how: Ending::Task(Outcome::Succeeded), polls: 3, detection_delay }, None),
        ),
    ];
    assert_eq!(world.events(), expected);
}

#[test]
fn each_task_has_its_own_events() {
    let world = World::with(observed(), |id, _| if id == "a" { complete("c") } else { canceled("x") });
    let _waits = ["a", "b"].map(|id| world.wait(id, 900_000));
    world.until(10_000);
    for (id, body, outcome) in [("a", "c", Outcome::Succeeded), ("b", "x", Outcome::Canceled)] {
        let expected = [
            (0, asked(1)),
            (0, answered(1, 200, 0)),
            (0, changed(body)),
            (0, finished(Ending::Task(outcome), 1)),
        ];
        assert_eq!(world.events_of(id), expected);
    }
}

#[test]
fn a_retry_says_why_and_when() {
    let table = [(lost(), Code::Network, None), (refusal(503, None, "busy"), Code::Http, Some(503))];
    for (says, code, http_status) in table {
        let world = World::with(observed(), move |_, nth| if nth == 1 { says.clone() } else { running("a") });
        let _waiting = world.wait(ID, 900_000);
        world.until(3_106);
        let mut expected = vec![(0, asked(1)), (0, answered(1, 200, 0)), (0, changed("a"))];
        expected.push((1035, asked(2)));
        expected.extend(http_status.map(|status| (1035, answered(2, status, 0))));
        expected.push((1035, retrying(code, 2071)));
        expected.extend([(3106, asked(3)), (3106, answered(3, 200, 0))]);
        assert_eq!(world.events(), expected);
    }
}

/// Not of the pace that those have who say nothing.
#[test]
fn a_retry_is_told_by_the_pace_of_those_who_wait() {
    let world = World::with(observed(), |_, nth| if nth == 1 { lost() } else { running("a") });
    let slow = Pace::new(100.0).expect("a pace");
    let _waiting = world.listen(world.begin_at(&world.task(ID), slow, 900_000));
    world.until(63_172);
    assert_eq!(world.asked(ID), [0, 1_035, 63_172]);
    let retry = world.events().into_iter().find(|(_, (what, _))| matches!(what, EventKind::Retrying { .. }));
    assert_eq!(retry, Some((1_035, retrying(Code::Network, 62_137))));
}

/// Nor by that of one whose wait ends with this very poll.
#[test]
fn a_retry_is_told_by_the_pace_of_those_whose_wait_goes_on() {
    let world = World::with(observed(), |_, nth| if nth == 1 { lost().after(100) } else { running("a") });
    let slow = Pace::new(100.0).expect("a pace");
    let _going_on = world.listen(world.begin_at(&world.task(ID), slow, 900_000));
    let _ending = world.wait(ID, 1_100);
    world.until(70_000);
    let [_, _, third] = world.asked(ID)[..] else { panic!("three polls") };
    let retry = world.events().into_iter().find(|(_, (what, _))| matches!(what, EventKind::Retrying { .. }));
    assert_eq!(retry, Some((1_135, retrying(Code::Network, third - 1_135))));
}

#[test]
fn a_pause_says_why_and_how_long() {
    let table = [
        (429, None, ThrottleReason::RateLimit, 10_000),
        (429, Some(3_000), ThrottleReason::RateLimit, 3_000),
        (477, Some(4_000), ThrottleReason::RetryAfter, 4_000),
    ];
    for (status, retry_after, reason, lasts) in table {
        let world = World::with(observed(), move |_, nth| match nth {
            0 => refusal(status, retry_after, "slow down"),
            _ => complete("c"),
        });
        let _waiting = world.wait(ID, 900_000);
        world.until(60_000);
        let expected = [
            (0, asked(1)),
            (0, answered(1, status, 0)),
            (0, throttled(reason, lasts)),
            (lasts, asked(2)),
            (lasts, answered(2, 200, 0)),
            (lasts, changed("c")),
            (lasts, finished(Ending::Task(Outcome::Succeeded), 2)),
        ];
        assert_eq!(world.events(), expected, "{status} {retry_after:?}");
    }
}

#[test]
fn the_budget_says_how_long_it_held_a_poll_back() {
    let world = World::with(Settings { has_observer: true, ..limited(1, 1_000) }, |_, _| complete("c"));
    let _first = world.wait("first", 900_000);
    world.until(100);
    let _waiting = world.wait(ID, 900_000);
    world.until(10_000);
    let events = world.events_of(ID);
    assert_eq!(
        events.iter().filter(|event| **event == (1_000, throttled(ThrottleReason::Budget, 900))).count(),
        1
    );
    assert!(events[..2].contains(&(1_000, asked(1))), "{events:?}");
}

/// During a pause nothing is sent, whatever the budget allows: what it holds back after that is its doing.
#[test]
fn after_a_pause_the_budget_says_how_long_it_held_a_poll_back() {
    let world = World::with(Settings { has_observer: true, ..limited(1, 10_000) }, |id, _| match id {
        "paused" => refusal(477, Some(3_000), "moving"),
        _ => running("a"),
    });
    let _paused = world.wait("paused", 1_000);
    let _waiting = world.wait(ID, 900_000);
    world.until(10_000);
    let expected = [(10_000, throttled(ThrottleReason::Budget, 7_000)), (10_000, asked(1))];
    assert_eq!(world.events_of(ID)[..2], expected);
}

/// A host's timer is late by a millisecond as a rule, and a laptop that slept by hours.
#[test]
fn a_timer_that_rings_late_is_not_the_budget() {
    for late_by in [1, 3_600_000] {
        let world = World::with(observed(), |_, _| running("a"));
        let _waiting = world.wait(ID, 90_000_000);
        world.until(500).set_clock(late_by);
        world.until(1_100);
        assert_eq!(world.asked(ID), [0, 1035]);
        let is_throttled = |what: &EventKind| matches!(what, EventKind::Throttled { .. });
        let throttled: Vec<_> =
            world.events().into_iter().filter(|(_, (what, _))| is_throttled(what)).collect();
        assert_eq!(throttled, [], "late by {late_by} ms");
    }
}

#[test]
fn a_wait_that_is_awaited_late_was_not_held_back_by_the_budget() {
    let world = World::with(observed(), |_, _| running("a"));
    let wait = world.begin(&world.task(ID), 900_000);
    world.until(4_000);
    let _waiting = world.listen(wait);
    world.until(4_000);
    assert_eq!(world.events()[0].1, asked(1));
}

#[test]
fn an_overdue_task_that_was_resumed_was_not_held_back_by_the_budget() {
    let world = World::with(observed(), |_, _| running("a"));
    let id = TaskId::new(Family::FileImport, ID).expect(ID);
    let now = crate::world::at(0);
    let mut checkpoint = Checkpoint::of_started(Family::FileImport, id, ApiVersion::default(), now);
    checkpoint.progress.due = Some(now);
    world.until(3_600_000);
    let _waiting = world.listen(world.begin(&world.resume(&checkpoint), 900_000));
    world.until(3_600_000);
    assert_eq!(world.events()[0], (3_600_000, asked(1)));
}

#[test]
fn a_wait_that_ends_with_an_error_says_so() {
    let world = World::with(observed(), |_, _| running("a"));
    let _waits = [world.wait(ID, 0), world.wait(ID, 900_000)];
    world.until(0);
    let expected = [
        (0, asked(1)),
        (0, answered(1, 200, 0)),
        (0, changed("a")),
        (0, finished(Ending::Error(Code::Timeout), 1)),
    ];
    assert_eq!(world.events(), expected);

    let world = World::with(observed(), |_, _| refusal(403, None, "scope"));
    let _waiting = world.wait(ID, 900_000);
    world.until(0);
    assert_eq!(
        world.events(),
        [(0, asked(1)), (0, answered(1, 403, 0)), (0, finished(Ending::Error(Code::Forbidden), 1))]
    );
}

#[test]
fn the_last_who_leaves_a_running_task_aborts_it() {
    let world = World::with(observed(), |_, _| running("a"));
    let mut waits = vec![world.wait(ID, 900_000), world.wait(ID, 900_000)];
    world.until(500);
    for left in [1, 0] {
        drop(waits.pop());
        world.until(500);
        assert_eq!(world.events().len(), 4 - left);
    }
    assert_eq!(world.events()[3].1, finished(Ending::Aborted, 1));
}

#[test]
fn an_abort_is_told_with_the_time_it_happened() {
    let world = World::with(observed(), |_, _| running("a"));
    let waiting = world.wait(ID, 900_000);
    world.until(500);
    drop(waiting);
    world.until(500);
    assert_eq!(world.events().last(), Some(&(500, finished(Ending::Aborted, 1))));
}

#[test]
fn who_leaves_after_the_end_aborts_nothing() {
    let world = World::with(observed(), |_, _| complete("c"));
    let waits = [world.wait(ID, 900_000), world.wait(ID, 900_000)];
    world.until(500);
    let told = world.events();
    drop(waits);
    world.until(500);
    assert_eq!(world.events(), told);
}

#[test]
fn a_look_is_no_poll_but_what_it_changes_is_told() {
    let world = World::with(observed(), |_, _| running("a"));
    let _look = world.look(&world.task(ID));
    world.until(0);
    assert_eq!(world.events(), [(0, changed("a"))]);
}

#[test]
fn a_single_poll_is_told_like_any_other() {
    let world = World::with(observed(), |_, _| complete("c"));
    let checkpoint = world.task(ID).checkpoint();
    let _polling = world.poll(&checkpoint);
    world.until(0);
    let expected = [
        (0, asked(1)),
        (0, answered(1, 200, 0)),
        (0, changed("c")),
        (0, finished(Ending::Task(Outcome::Succeeded), 1)),
    ];
    assert_eq!(world.events(), expected);
}

/// The repeat after a 401 belongs to its poll.
#[test]
fn a_repeat_is_no_poll_of_its_own() {
    let world = World::with(observed(), |_, nth| match nth {
        0 => refusal(401, None, "expired").repeatable().after(30),
        _ => complete("c").after(20),
    });
    let _waiting = world.wait(ID, 900_000);
    world.until(1_000);
    let numbers: Vec<_> = world
        .events()
        .into_iter()
        .filter_map(|(at, (what, _))| match what {
            EventKind::Asked { poll } => Some((at, "asked", poll)),
            EventKind::Answered { poll, .. } => Some((at, "answered", poll)),
            _ => None,
        })
        .collect();
    assert_eq!(numbers, [(0, "asked", 1), (50, "answered", 1)]);
}

#[test]
fn without_an_observer_there_are_no_events() {
    let world = World::with(Settings::default(), |_, nth| match nth {
        0 => running("a"),
        1 => lost(),
        2 => refusal(429, None, "slow down"),
        _ => complete("c"),
    });
    let waiting = world.wait(ID, 900_000);
    world.until(900_000);
    assert_eq!(waiting.success().1.polls, 4);
    assert_eq!(world.events(), []);
}

#[test]
fn delays_and_durations_are_never_negative() {
    let world = World::with(observed(), |_, _| running("a").after(100));
    let _waiting = world.wait(ID, 900_000);
    world.until(50).set_clock(-3_600_000);
    world.until(10_000);
    let took = world.events().into_iter().find_map(|(_, (what, _))| match what {
        EventKind::Answered { took, .. } => Some(took),
        _ => None,
    });
    // A millisecond tells what comes after the clock was set back from what came before.
    assert_eq!(took, Some(Span::from_ms(1)), "how much time passed before, nobody knows");
}
