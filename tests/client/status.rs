//! `status()`: one request of its own, beside the polls.

use hubspot_async_tasks::client::Fault;
use hubspot_async_tasks::poll::Code;

use crate::world::{ID, World, complete, empty, lost, ms, refusal, running};

#[test]
fn it_sends_one_request_of_its_own_and_updates_latest() {
    let world = World::saying([running("a").after(50), running("b")]);
    let task = world.task(ID);
    let (first, second) = (world.look(&task), world.look(&task));
    world.until(60);
    // The second was sent later and answered first; the first was overtaken, so it tells the newer status too.
    assert_eq!(second.seen(), Some((0, Ok(Some("b")))));
    assert_eq!(first.seen(), Some((50, Ok(Some("b")))));
    assert_eq!((task.latest(), world.asked(ID), world.timers()), (Some("b"), vec![0, 0], 0));
}

#[test]
fn it_asks_even_a_finished_task() {
    let world = World::saying([complete("url 1"), complete("url 2")]);
    let task = world.task(ID);
    let waiting = world.wait(ID, 900_000);
    world.until(1_000);
    let look = world.look(&task);
    world.until(1_000);
    assert_eq!(look.seen(), Some((1_000, Ok(Some("url 2")))));
    assert_eq!((task.latest(), waiting.success().1.status), (Some("url 2"), "url 1"));
}

#[test]
fn an_empty_answer_gives_the_newest_status_that_there_was() {
    let world = World::saying([empty(), running("a"), empty()]);
    let task = world.task(ID);
    for expected in [None, Some("a"), Some("a")] {
        let look = world.look(&task);
        world.until(0);
        assert_eq!(look.seen(), Some((0, Ok(expected))));
        assert_eq!(task.latest(), expected);
    }
}

#[test]
fn it_does_not_retry() {
    let table = [
        (lost(), Code::Network, "lost"),
        (refusal(200, None, "html"), Code::InvalidResponse, "html"),
        (refusal(500, None, "oops"), Code::Http, "oops"),
        (refusal(423, None, "locked"), Code::Http, "locked"),
        (refusal(429, Some(1_000), "slow down"), Code::RateLimited, "slow down"),
        (refusal(477, None, "moving"), Code::Migrating, "moving"),
        (refusal(403, None, "scope"), Code::Forbidden, "scope"),
    ];
    for (says, code, detail) in table {
        let world = World::saying([running("a"), says, running("b")]);
        let task = world.task(ID);
        let before = world.look(&task);
        world.until(100);
        let look = world.look(&task);
        world.until(900_000);
        assert!(before.seen().is_some_and(|(_, seen)| seen.is_ok()));
        let (at, failure) = look.failure();
        assert_eq!((at, failure.code, failure.fault), (100, code, Some(Fault { code, detail })));
        assert_eq!((failure.last_status, failure.polls), (Some("a"), 0), "a look is not a poll");
        assert_eq!((world.asked(ID), task.latest()), (vec![0, 100], Some("a")));
    }
}

#[test]
fn its_faults_are_not_those_of_the_waits() {
    for says in [lost(), refusal(403, None, "scope"), refusal(404, None, "gone")] {
        let world = World::new(move |_, nth| if nth == 1 { says.clone() } else { running("a") });
        let waiting = world.wait(ID, 900_000);
        world.until(500);
        let look = world.look(&world.task(ID));
        world.until(2_500);
        assert_eq!(look.failure().0, 500);
        assert_eq!(world.asked(ID), [0, 500, 1035, 2088]);
        assert!(waiting.end().is_none());
    }
}

#[test]
fn those_who_wait_hear_what_it_saw_and_keep_their_schedule() {
    let world = World::saying([running("a"), running("b"), running("b"), complete("c")]);
    let task = world.task(ID);
    let waiting = world.wait(ID, 900_000);
    world.until(500);
    let looks = [world.look(&task)];
    world.until(1_100);
    let over = world.look(&task);
    world.until(900_000);
    assert_eq!(waiting.statuses(), [(0, "a"), (500, "b"), (1_100, "c")]);
    assert_eq!((waiting.success().0, waiting.success().1.polls), (1_100, 2));
    assert_eq!(world.asked(ID), [0, 500, 1035, 1_100]);
    assert_eq!((looks[0].seen(), over.seen()), (Some((500, Ok(Some("b")))), Some((1_100, Ok(Some("c"))))));
}

#[test]
fn it_waits_out_a_short_pause_and_refuses_during_a_long_one() {
    // Retry-After in milliseconds, and when `status()`, called a second later, asks; it never waits above 30 s.
    for (lasts, expected) in
        [(10_000, Some(10_000)), (31_000, Some(31_000)), (31_001, None), (86_400_000, None)]
    {
        for (status, code) in [(429, Code::RateLimited), (477, Code::Migrating)] {
            let world = World::new(move |id, nth| match (id, nth) {
                ("limited", 0) => refusal(status, Some(lasts), "slow down"),
                _ => running("a"),
            });
            let _limited = world.wait("limited", 900_000);
            world.until(1_000);
            let look = world.look(&world.task(ID));
            world.until(40_000);
            match expected {
                Some(at) => assert_eq!(look.seen(), Some((at, Ok(Some("a"))))),
                None => {
                    let (at, failure) = look.failure();
                    assert_eq!((at, failure.code), (1_000, code));
                    assert_eq!(failure.retry_after, Some(ms(lasts - 1_000)));
                    assert_eq!(failure.fault, Some(Fault { code, detail: "slow down" }));
                }
            }
            assert_eq!(world.asked(ID), Vec::from_iter(expected));
        }
    }
}

#[test]
fn its_own_429_pauses_every_task() {
    let world =
        World::new(|id, _| if id == ID { refusal(429, Some(20_000), "slow down") } else { running("a") });
    let _waiting = world.wait("7", 900_000);
    let short = world.wait("7", 15_000);
    world.until(500);
    let look = world.look(&world.task(ID));
    world.until(21_000);
    assert_eq!(look.failure().1.code, Code::RateLimited);
    assert_eq!((short.failure().0, short.failure().1.code), (500, Code::RateLimited));
    assert_eq!(world.asked("7"), [0, 20_500]);
}

/// "During a pause that HubSpot demanded it waits at most `requestTimeoutMs`."
#[test]
fn pauses_that_follow_on_each_other_are_not_sat_out_without_end() {
    let world = World::new(|id, nth| match (id, nth) {
        ("limited", 0) => refusal(429, Some(20_000), "slow down"),
        ("late", 0) => refusal(429, Some(20_000), "slow down").after(15_000),
        _ => running("a"),
    });
    let _waits = ["late", "limited"].map(|id| world.wait(id, 900_000));
    world.until(0);
    let look = world.look(&world.task(ID));
    world.until(60_000);
    let (at, failure) = look.failure();
    assert!(at <= 30_000, "refused after {at} ms");
    assert_eq!(failure.code, Code::RateLimited);
}
