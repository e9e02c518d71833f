//! Dropping a wait ends it: nothing is sent afterwards, and nothing is left behind.

use hubspot_async_tasks::family::Family;

use crate::world::{ID, World, complete, refusal, running};

#[test]
fn dropping_the_last_wait_aborts_the_request() {
    for keeps_a_handle in [false, true] {
        let world = World::saying([running("a").after(5_000), complete("c")]);
        let _task = keeps_a_handle.then(|| world.task(ID));
        let waits = [world.wait(ID, 900_000), world.wait(ID, 900_000)];
        world.until(1_000);
        assert_eq!(world.timers(), 2, "that of the answer, and the client's one");
        drop(waits);
        world.until(1_000);
        assert_eq!((world.aborted(), world.timers()), (vec![1_000], 0));
        world.until(900_000);
        assert_eq!(world.asked(ID), [0]);
    }
}

#[test]
fn dropping_one_of_two_waits_keeps_the_request() {
    for dropped in [0, 1] {
        let world = World::saying([complete("c").after(5_000)]);
        let mut waits = vec![world.wait(ID, 900_000), world.wait(ID, 900_000)];
        world.until(1_000);
        drop(waits.remove(dropped));
        world.until(900_000);
        assert_eq!((world.aborted(), world.asked(ID)), (vec![], vec![0]));
        assert_eq!(waits[0].success().0, 5_000);
    }
}

#[test]
fn dropping_the_last_wait_between_polls_clears_the_timer() {
    for keeps_a_handle in [false, true] {
        let world = World::saying([running("a")]);
        let _task = keeps_a_handle.then(|| world.task(ID));
        let waiting = world.wait(ID, 900_000);
        world.until(1_500);
        assert_eq!(world.timers(), 1);
        drop(waiting);
        world.until(1_500);
        assert_eq!(world.timers(), 0);
        world.until(900_000);
        assert_eq!((world.asked(ID), world.aborted()), (vec![0, 1035], vec![]));
    }
}

#[test]
fn a_task_that_was_left_can_be_waited_for_again() {
    // Left during a request, and between polls; with and without a handle that outlives the wait.
    for (latency, left_at, asked) in [(5_000, 1_000, [0, 2_000]), (0, 500, [0, 2_000])] {
        for keeps_a_handle in [false, true] {
            let world = World::saying([running("a").after(latency), complete("c")]);
            let _task = keeps_a_handle.then(|| world.task(ID));
            let waiting = world.wait(ID, 900_000);
            world.until(left_at);
            drop(waiting);
            let again = world.until(2_000).wait(ID, 900_000);
            world.until(900_000);
            assert_eq!(world.asked(ID), asked);
            assert_eq!(again.success().0, 2_000);
        }
    }
}

#[test]
fn a_wait_that_was_never_awaited_leaves_without_a_trace() {
    let world = World::saying([running("a")]);
    drop(world.begin(&world.task(ID), 900_000));
    world.until(900_000);
    assert_eq!((world.asked(ID), world.timers()), (vec![], 0));
}

#[test]
fn dropping_a_look_aborts_its_request_and_no_other() {
    let world = World::new(|_, nth| if nth == 0 { complete("c") } else { running("a") }.after(5_000));
    let task = world.task(ID);
    let waiting = world.wait(ID, 900_000);
    world.until(100);
    let look = world.look(&task);
    world.until(200);
    drop(look);
    world.until(900_000);
    assert_eq!((world.asked(ID), world.aborted()), (vec![0, 100], vec![200]));
    assert_eq!(waiting.success().0, 5_000);
}

#[test]
fn nothing_is_sent_and_no_timer_is_left_after_everything_was_dropped() {
    let world = World::new(|id, _| match id {
        "asking" => running("a").after(60_000),
        "pausing" => refusal(429, Some(20_000), "slow down").after(3_000),
        _ => running("a"),
    });
    let ids = ["sleeping", "asking", "pausing"];
    let waits = ids.map(|id| world.wait(id, 900_000));
    let looks = [world.look(&world.task("sleeping"))];
    world.until(3_500);
    let sits_out_the_pause = world.look(&world.task("another"));
    world.until(4_000);
    assert!(waits.iter().all(|waiting| waiting.end().is_none()));
    assert_eq!(sits_out_the_pause.seen(), None);
    assert_eq!(world.timers(), 2, "that of the answer, and the client's one");
    drop((waits, looks, sits_out_the_pause));
    world.until(4_000);
    assert_eq!((world.timers(), world.aborted()), (0, vec![4_000]));
    let sent = world.paths();
    world.until(900_000);
    assert_eq!(world.paths(), sent);
}

#[test]
fn when_a_look_finds_the_task_over_the_request_in_flight_is_aborted() {
    let world = World::new(|_, nth| if nth == 0 { running("a").after(20_000) } else { complete("c") });
    let task = world.task(ID);
    let waits = [world.wait(ID, 900_000), world.wait(ID, 900_000)];
    world.until(1_000);
    let look = world.look(&task);
    world.until(1_000);
    assert_eq!(look.seen(), Some((1_000, Ok(Some("c")))));
    for waiting in waits {
        assert_eq!((waiting.success().0, waiting.statuses()), (1_000, vec![(1_000, "c")]));
    }
    assert_eq!((world.aborted(), world.timers()), (vec![1_000], 0));
}

#[test]
fn a_look_that_sees_an_old_end_again_ends_the_wait_for_it_too() {
    let world = World::new(|_, nth| if nth == 1 { complete("url").after(20_000) } else { complete("url") });
    let task = world.task_of(Family::Export, ID);
    let first = world.listen(world.begin(&task, 900_000));
    let again = world.until(1_000).listen(world.begin(&task, 900_000));
    world.until(2_000);
    let _look = world.look(&task);
    world.until(2_000);
    assert_eq!((first.success().0, again.success().0), (0, 2_000));
    assert_eq!((world.asked(ID), world.aborted()), (vec![0, 1_000, 2_000], vec![2_000]));
}
