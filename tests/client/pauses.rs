//! A pause that HubSpot demands of one task holds for the whole client.

use hubspot_async_tasks::client::Fault;
use hubspot_async_tasks::poll::Code;

use crate::world::{ID, NEVER, World, complete, ms, refusal, running};

/// Its phase is 0.9941471576690675.
const OTHER: &str = "7";

#[test]
fn a_429_pauses_every_task_of_the_client() {
    // Retry-After in milliseconds, and how long the pause lasts.
    let table =
        [(429, Some(5_000), 5_000), (429, None, 10_000), (477, None, 10_000), (477, Some(60_000), 60_000)];
    for (status, retry_after, lasts) in table {
        let world = World::new(move |id, nth| match (id, nth) {
            (ID, 1) => refusal(status, retry_after, "slow down"),
            _ => running("a"),
        });
        let _waits = [world.wait(ID, 900_000), world.wait(OTHER, 900_000)];
        world.until(1_100);
        let _joined_in_the_pause = world.wait("new", 900_000);
        // The other one's next poll was due at 1,988.
        let over = 1035 + lasts;
        world.until(over);
        assert_eq!(world.asked(ID), [0, 1035, over], "{status} {retry_after:?}");
        assert_eq!(world.asked(OTHER), [0, 994, over], "{status} {retry_after:?}");
        assert_eq!(world.asked("new"), [over], "{status} {retry_after:?}");
    }
}

#[test]
fn a_503_holds_nobody_else_back() {
    for (retry_after, asked) in [(None, vec![0, 1035, 3106]), (Some(1_000_000), vec![0, 1035])] {
        let world = World::new(move |id, nth| match (id, nth) {
            (ID, 1) => refusal(503, retry_after, "busy"),
            _ => running("a"),
        });
        let [waiting, _other] = [ID, OTHER].map(|id| world.wait(id, 900_000));
        world.until(3_200);
        assert_eq!((world.asked(ID), world.asked(OTHER)), (asked, vec![0, 994, 1988]));
        assert!(waiting.end().is_none());
        assert_eq!(world.look(&world.task(OTHER)).seen(), None);
        world.until(3_200);
    }
}

/// Nobody ends with the code of an answer that it did not get: each of 20 has the deadline that it was given.
#[test]
fn a_503_that_asks_for_a_long_while_ends_nobody() {
    let world =
        World::new(|id, _| if id == ID { refusal(503, Some(1_000_000), "busy") } else { running("a") });
    let ids: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let busy = world.wait(ID, 900_000);
    let others: Vec<_> = ids.iter().map(|id| world.wait(id, 60_000)).collect();
    world.until(900_000);
    assert!(
        others
            .iter()
            .all(|waiting| (waiting.failure().0, waiting.failure().1.code) == (60_000, Code::Timeout))
    );
    let (at, failure) = busy.failure();
    assert_eq!((at, failure.code, failure.polls), (900_000, Code::Timeout, 1));
    assert_eq!(failure.fault, Some(Fault { code: Code::Http, detail: "busy" }));
}

#[test]
fn who_cannot_wait_so_long_is_refused_at_once_whichever_task_it_waits_for() {
    for (status, code) in [(429, Code::RateLimited), (477, Code::Migrating)] {
        let world = World::new(move |id, nth| match (id, nth) {
            (ID, 1) => refusal(status, Some(60_000), "slow down"),
            _ => running("a"),
        });
        let short = [ID, OTHER].map(|id| world.wait(id, 30_000));
        let long = [ID, OTHER].map(|id| world.wait(id, 900_000));
        world.until(2_000);
        for waiting in &short {
            let (at, failure) = waiting.failure();
            assert_eq!((at, failure.code, failure.retry_after), (1035, code, Some(ms(60_000))));
            assert_eq!(failure.fault, Some(Fault { code, detail: "slow down" }));
            assert_eq!((failure.polls, failure.last_status), (2, Some("a")));
        }
        // Who joins later hears how much of the pause is left.
        let late = world.wait("new", 59_034);
        world.until(2_000);
        let (at, failure) = late.failure();
        assert_eq!((at, failure.code, failure.retry_after), (2_000, code, Some(ms(59_035))));
        assert_eq!((failure.polls, failure.last_status), (0, None));

        world.until(61_035);
        assert!(long.iter().all(|waiting| waiting.end().is_none()));
        assert_eq!((world.asked(ID), world.asked(OTHER)), (vec![0, 1035, 61_035], vec![0, 994, 61_035]));
    }
}

#[test]
fn a_shorter_pause_does_not_cut_a_longer_one_short() {
    let world = World::new(|id, nth| match (id, nth) {
        (ID, 0) => refusal(429, Some(40_000), "long"),
        (OTHER, 0) => refusal(477, Some(3_000), "short").after(1_000),
        _ => running("a"),
    });
    let waits = [world.wait(OTHER, 900_000), world.wait(ID, 900_000)];
    world.until(500);
    let refused = world.wait("new", 10_000);
    world.until(40_000);
    assert_eq!((world.asked(ID), world.asked(OTHER)), (vec![0, 40_000], vec![0, 40_000]));
    assert_eq!(refused.failure().1.code, Code::RateLimited);
    assert!(waits.iter().all(|waiting| waiting.end().is_none()));
}

#[test]
fn a_request_in_flight_is_not_touched_by_the_pause_of_another_task() {
    let world = World::new(|id, _| match id {
        ID => complete("c").after(2_000),
        _ => refusal(429, Some(60_000), "slow down").after(1_000),
    });
    let in_flight = world.wait(ID, 5_000);
    let _limited = world.wait(OTHER, 900_000);
    world.until(900);
    assert_eq!(world.timers(), 3, "those of the answers, and the client's one");
    world.until(10_000);
    assert_eq!(in_flight.success().0, 2_000);
    assert_eq!(world.aborted(), NEVER);
}

/// It waits like any poll that a pause holds back: its slot came too late.
#[test]
fn a_repeat_that_a_pause_holds_back_is_refused_to_who_cannot_wait_so_long() {
    let world = World::new(|id, nth| match (id, nth) {
        (ID, 0) => refusal(401, None, "expired").repeatable().after(400),
        (OTHER, 0) => refusal(429, Some(3_600_000), "slow down").after(200),
        _ => complete("c"),
    });
    let _limited = world.wait(OTHER, 9_000_000);
    let waits = [world.wait(ID, 900_000), world.wait(ID, 9_000_000)];
    world.until(300);
    let [short, long] = &waits;
    world.until(1_000);
    assert_eq!((short.failure().0, short.failure().1.code), (400, Code::RateLimited));
    assert_eq!(world.asked(ID), [0]);
    world.until(3_600_200);
    assert_eq!((long.success().0, world.asked(ID)), (3_600_200, vec![0, 3_600_200]));
}

/// "During a pause that HubSpot demanded it waits at most `requestTimeoutMs`."
#[test]
fn the_repeat_of_a_look_does_not_sit_out_a_pause_without_end() {
    let world = World::new(|id, nth| match (id, nth) {
        (ID, 0) => refusal(401, None, "expired").repeatable().after(400),
        (OTHER, 0) => refusal(429, Some(3_600_000), "slow down").after(200),
        _ => complete("c"),
    });
    let _limited = world.wait(OTHER, 9_000_000);
    let look = world.look(&world.task(ID));
    world.until(100_000);
    let (at, failure) = look.failure();
    assert!(at <= 30_400, "refused after {at} ms");
    assert_eq!((failure.code, world.asked(ID)), (Code::RateLimited, vec![0]));
}

#[test]
fn a_short_pause_holds_a_repeat_back_no_longer_than_it_lasts() {
    let world = World::new(|id, nth| match (id, nth) {
        (ID, 0) => refusal(401, None, "expired").repeatable().after(400),
        (OTHER, 0) => refusal(429, Some(5_000), "slow down").after(200),
        _ => complete("c"),
    });
    let _limited = world.wait(OTHER, 900_000);
    let waiting = world.wait(ID, 900_000);
    world.until(60_000);
    assert_eq!((world.asked(ID), waiting.success().0), (vec![0, 5_200], 5_200));
    assert_eq!(waiting.success().1.polls, 1);
}
