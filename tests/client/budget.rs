//! One budget for all requests of a client: so many in a window, so many at a time, and whose turn it is.

use hubspot_async_tasks::client::WaitSettings;
use hubspot_async_tasks::engine::{Settings, Timeout};
use hubspot_async_tasks::poll::{Code, RateHeaders};

use crate::world::{ID, NEVER, Says, World, complete, limited, ms, refusal, running, theory, tokenless};

/// A short way to say that every answer takes its time, and not always the same.
fn slow(id: &str, nth: usize) -> u64 {
    (id.len() as u64 * 131 + nth as u64 * 197) % 700
}

#[test]
fn all_tasks_share_one_window() {
    for (requests, per) in [(1, 500), (5, 1_000), (20, 10_000)] {
        let world = World::with(limited(requests, per), |id, nth| running("a").after(slow(id, nth)));
        let ids: Vec<String> = (0..30).map(|number| "1".repeat(number + 1)).collect();
        let _waits: Vec<_> = ids.iter().map(|id| world.wait(id, 900_000)).collect();
        world.until(60_000);
        let most = world.most_within(per);
        assert_eq!(most, requests as usize, "of {requests} in {per} ms");
        assert!(ids.iter().all(|id| !world.asked(id).is_empty()), "none is left out");
        assert_eq!(world.timers(), world.flights().iter().filter(|(_, over)| *over == u64::MAX).count() + 1);
    }
}

#[test]
fn no_more_requests_are_under_way_than_allowed() {
    for max_concurrent in [1, 3] {
        let settings = Settings { rate_limit: None, max_concurrent, ..Settings::default() };
        let world = World::with(settings, |id, nth| running("a").after(500 + slow(id, nth)));
        let _waits = ["a", "b", "c", "d", "e", "f"].map(|id| world.wait(id, 900_000));
        let _looks = ["a", "g"].map(|id| world.look(&world.task(id)));
        world.until(30_000);
        assert_eq!(world.most_within(0), max_concurrent);
    }
}

#[test]
fn without_a_limit_all_are_asked_at_once() {
    let settings = Settings { rate_limit: None, max_concurrent: 1_000, ..Settings::default() };
    let world = World::with(settings, |_, _| running("a"));
    let ids: Vec<String> = (0..300).map(|number| number.to_string()).collect();
    let _waits: Vec<_> = ids.iter().map(|id| world.wait(id, 900_000)).collect();
    world.until(0);
    assert_eq!(world.sent().len(), 300);
}

/// One that is due, or at its deadline, comes after a look, and a look after it.
#[test]
fn looks_and_polls_that_are_due_take_turns() {
    let world = World::with(limited(1, 1_000), |_, _| running("a"));
    let _waits = ["a", "b", "c"].map(|id| world.wait(id, 900_000));
    world.until(100);
    // One of them has its last poll due when the slot comes.
    let _at_its_deadline = world.wait("d", 900);
    let looks = ["x", "y"].map(|id| world.look(&world.task(id)));
    world.until(10_000);
    assert_eq!(world.ids()[..4], ["a", "x", "a", "y"]);
    assert_eq!(world.asked("d"), NEVER, "its last poll had no slot");
    assert_eq!(looks.map(|look| look.seen().map(|(at, _)| at)), [Some(1_000), Some(3_000)]);
}

#[test]
fn a_look_counts() {
    let world = World::with(limited(2, 1_000), |_, _| running("a").after(50));
    let _looks = ["x", "y"].map(|id| world.look(&world.task(id)));
    world.until(0);
    let _waiting = world.wait(ID, 900_000);
    world.until(1_049);
    assert_eq!(world.asked(ID), NEVER);
    world.until(1_050);
    assert_eq!(world.asked(ID), [1_050]);
}

#[test]
fn what_was_not_sent_does_not_count_however_long_its_token_took() {
    let world = World::with(limited(1, 1_000), |id, _| match id {
        "a" => tokenless().after(20_000),
        _ => running("a").after(500),
    });
    let tokenless = world.wait("a", 900_000);
    world.until(20_000);
    assert_eq!(tokenless.failure().1.code, Code::Unauthorized);
    let look = world.look(&world.task("b"));
    world.until(20_100);
    assert_eq!(world.asked("b"), [20_000], "nothing is in the window");
    // It may be on its way for a second, as no answer took longer.
    drop(look);
    let _look = world.look(&world.task("c"));
    world.until(60_000);
    assert_eq!(world.asked("c"), [22_000]);
}

#[test]
fn a_repeat_after_a_401_counts_and_belongs_to_its_poll() {
    let world = World::with(limited(2, 1_000), |id, nth| match (id, nth) {
        (ID, 0) => refusal(401, None, "expired").repeatable().after(30),
        _ => running("a"),
    });
    let waiting = world.wait(ID, 2_000);
    world.until(40);
    let look = world.look(&world.task("other"));
    world.until(900_000);
    assert_eq!(look.seen(), Some((1_030, Ok(Some("a")))), "a window after the answers");
    // Its own schedule goes on from the answer to the repeat.
    assert_eq!(world.asked(ID)[..3], [0, 30, 1_065]);
    let (_, failure) = waiting.failure();
    assert_eq!((failure.code, failure.polls as usize), (Code::Timeout, world.asked(ID).len() - 1));
}

#[test]
fn a_repeat_goes_before_looks_and_polls() {
    let world = World::with(limited(1, 1_000), |id, nth| match (id, nth) {
        (ID, 0) => refusal(401, None, "expired").repeatable(),
        _ => complete("c"),
    });
    let waiting = world.wait(ID, 900_000);
    world.until(10);
    let _other = world.wait("other", 900_000);
    let _look = world.look(&world.task("look"));
    world.until(10_000);
    assert_eq!(world.ids(), [ID, ID, "look", "other"]);
    assert_eq!((waiting.success().0, waiting.success().1.polls), (1_000, 1));
}

#[test]
fn one_timer_serves_a_thousand_waits() {
    let world = World::new(|_, _| running("a"));
    let ids: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
    let waits: Vec<_> = ids.iter().map(|id| world.wait(id, 900_000)).collect();
    for end in [0, 5_000, 15_000] {
        world.until(end);
        assert_eq!(world.timers(), 1, "at {end}");
    }
    assert_eq!((world.sent().len(), world.most_within(10_000)), (200, 100));
    drop(waits);
    world.until(15_000);
    assert_eq!(world.timers(), 0);
}

#[test]
fn a_deadline_under_a_full_budget_ends_the_wait_then_and_sends_nothing_later() {
    // A window that is full, and an answer that does not come.
    let full = [
        (limited(1, 100_000), 0),
        (Settings { max_concurrent: 1, request_timeout: ms(100_000), ..Settings::default() }, 100_000),
    ];
    for (settings, latency) in full {
        let world = World::with(settings, move |_, _| running("a").after(latency));
        let _first = world.wait("first", 900_000);
        world.until(0);
        let waiting = world.wait(ID, 5_000);
        world.until(400_000);
        let (at, failure) = waiting.failure();
        assert_eq!((at, failure.code, failure.polls), (5_000, Code::Timeout, 0));
        assert_eq!((failure.last_status, failure.fault), (None, None));
        assert_eq!(world.asked(ID), NEVER);
    }
}

#[test]
fn a_slot_that_comes_free_at_the_deadline_is_for_its_last_poll() {
    let world = World::with(limited(1, 5_000), |_, _| running("a"));
    let _first = ["first", "second"].map(|id| world.wait(id, 900_000));
    world.until(0);
    let waiting = world.wait(ID, 5_000);
    world.until(5_000);
    assert_eq!(world.asked(ID), [5_000]);
    assert_eq!((waiting.failure().0, waiting.failure().1.polls), (5_000, 1));
}

/// The last request is sent at the deadline at the latest, whatever a repeat needs.
#[test]
fn a_repeat_that_the_budget_holds_back_does_not_outlast_the_deadline() {
    let world = World::with(limited(1, 10_000), |_, nth| match nth {
        0 => refusal(401, None, "expired").repeatable(),
        _ => running("a"),
    });
    let waiting = world.wait(ID, 5_000);
    world.until(60_000);
    assert_eq!(world.asked(ID), [0]);
    assert_eq!((waiting.failure().0, waiting.failure().1.code), (5_000, Code::Timeout));
    assert_eq!(world.kept(), 0);
}

#[test]
fn of_a_repeat_that_is_never_sent_the_transport_keeps_nothing() {
    let world = World::with(limited(1, 10_000), |_, _| refusal(401, None, "expired").repeatable());
    let waiting = world.wait(ID, 900_000);
    world.until(5_000);
    assert_eq!(world.kept(), 1);
    drop(waiting);
    world.until(5_000);
    assert_eq!(world.kept(), 0);
}

#[test]
fn a_rolling_limit_halves_the_budget_and_a_daily_one_does_not() {
    let rolling = || refusal(429, Some(5), "limit");
    let daily = || refusal(429, Some(5), "limit").daily();
    for (says, most) in [(rolling as fn() -> Says, 4), (daily, 8)] {
        let world = World::with(limited(8, 10_000), move |id, _| match id {
            "first" => says(),
            _ => running("a"),
        });
        let _first = world.wait("first", 900_000);
        world.until(0);
        let ids: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let _waits: Vec<_> = ids.iter().map(|id| world.wait(id, 900_000)).collect();
        world.until(9_999);
        assert_eq!(world.most_within(10_000), most);
    }
}

#[test]
fn what_the_headers_say_lowers_the_limit_for_all_tasks() {
    let rate_headers = RateHeaders { max: Some(3), remaining: Some(2), interval: Some(ms(2_000)) };
    let world = World::new(move |_, _| running("a").rate_headers(rate_headers));
    let _first = world.wait("first", 900_000);
    world.until(0);
    let _waits = ["a", "b", "c", "d"].map(|id| world.wait(id, 900_000));
    world.until(60_000);
    assert_eq!(world.most_within(2_000), 3);
}

#[test]
fn with_room_enough_each_task_keeps_to_its_schedule() {
    let world = World::new(|_, _| running("a"));
    let ids = ["a", "b", "c", "d", "e"];
    let _waits = ids.map(|id| world.wait(id, 900_000));
    world.until(60_000);
    for id in ids {
        assert_eq!(world.asked(id), theory(id, 0, 60_000), "{id}");
    }
}

/// HubSpot may have counted it up to then.
#[test]
fn a_request_that_was_broken_off_counts_until_a_window_after_that() {
    let world =
        World::with(limited(1, 10_000), |id, _| running("a").after(if id == ID { 0 } else { 20_000 }));
    let waiting = world.wait("slow", 900_000);
    world.until(9_000);
    drop(waiting);
    world.until(9_000);
    let waiting = world.wait(ID, 900_000);
    world.until(30_000);
    assert_eq!(world.aborted(), [9_000]);
    assert_eq!(world.asked(ID)[0], 19_000);
    assert!(waiting.end().is_none());
}

#[test]
fn a_request_that_never_comes_back_frees_its_slot_when_it_is_given_up() {
    let settings = Settings { max_concurrent: 1, ..Settings::default() };
    let world = World::with(settings, |id, _| running("a").after(if id == "hangs" { 1_000_000 } else { 0 }));
    let _hangs = world.wait("hangs", 900_000);
    world.until(0);
    let _waiting = world.wait(ID, 900_000);
    world.until(31_000);
    assert_eq!((world.asked(ID)[0], world.aborted()), (30_000, vec![30_000]));
}

/// So is a wait that is given without a deadline.
#[test]
fn a_wait_without_end_is_served_as_well() {
    let world = World::with(limited(1, 1_000), |_, _| running("a"));
    let _others = ["a", "b"].map(|id| world.wait(id, 900_000));
    let endless = WaitSettings { timeout: Timeout::Never, ..WaitSettings::default() };
    let waiting = world.listen(world.task(ID).wait(endless));
    world.until(2_000_000);
    assert!(waiting.end().is_none());
    assert!(world.asked(ID).last().is_some_and(|asked| *asked > 1_900_000));
}
