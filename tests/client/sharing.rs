//! Several handles and several waits for one task: one poll serves them all.

use std::future::poll_fn;

use futures::future::poll_immediate;
use hubspot_async_tasks::client::News;
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Pace};

use crate::world::{ID, NEVER, World, complete, running};

#[test]
fn two_handles_of_one_task_share_its_polls() {
    let world = World::saying([running("a"), running("a"), complete("c").after(100)]);
    let waits = [world.wait(ID, 900_000), world.wait(ID, 900_000)];
    world.until(900_000);
    assert_eq!(world.asked(ID), [0, 1035, 2088]);
    for waiting in waits {
        assert_eq!(waiting.success().0, 2188);
    }
}

#[test]
fn tasks_of_other_ids_and_other_families_are_asked_on_their_own() {
    let world = World::saying([running("a")]);
    let tasks = [
        world.task_of(Family::FileImport, "7"),
        world.task_of(Family::FolderUpdate, "7"),
        world.task_of(Family::Export, "7"),
        world.task_of(Family::SourceCodeExtract, "7"),
        world.task_of(Family::Export, "8"),
    ];
    let _waits = tasks.map(|task| world.listen(world.begin(&task, 900_000)));
    world.until(0);
    let paths = [
        "/cms/source-code/2026-03/extract/async/tasks/7/status",
        "/crm/exports/2026-03/export/async/tasks/7/status",
        "/crm/exports/2026-03/export/async/tasks/8/status",
        "/files/2026-03/files/import-from-url/async/tasks/7/status",
        "/files/2026-03/folders/update/async/tasks/7/status",
    ];
    let mut asked = world.paths();
    asked.sort();
    assert_eq!(asked, paths);
}

#[test]
fn the_shorter_interval_wins_whoever_drives() {
    let slow = Pace::new(100.0).expect("a pace");
    for eager_first in [true, false] {
        let world = World::saying([running("a")]);
        let task = world.task(ID);
        let paces = if eager_first { [Pace::INTERACTIVE, slow] } else { [slow, Pace::INTERACTIVE] };
        let _waits = paces.map(|pace| world.listen(world.begin_at(&task, pace, 900_000)));
        world.until(4_000);
        assert_eq!(world.asked(ID), [0, 1035, 2088, 3584], "eager first: {eager_first}");
    }
}

#[test]
fn an_eager_wait_that_joins_late_brings_the_next_poll_forward() {
    let slow = Pace::new(100.0).expect("a pace");
    let world = World::saying([running("a")]);
    let _slow = world.listen(world.begin_at(&world.task(ID), slow, 900_000));
    let eager = world.until(1_500).wait(ID, 900_000);
    world.until(2_200);
    assert_eq!(world.asked(ID), [0, 1035, 2088]);
    drop(eager);
    world.until(70_000);
    assert_eq!(world.asked(ID), [0, 1035, 2088, 2088 + 62_137]);
    assert_eq!(world.timers(), 1);
}

#[test]
fn each_wait_has_its_own_deadline() {
    let world = World::saying([running("a")]);
    let waits = [2_500, 7_000, 2_500, 0].map(|timeout| (timeout, world.wait(ID, timeout)));
    let long = world.wait(ID, 900_000);
    world.until(20_000);
    for (timeout, waiting) in waits {
        let (at, failure) = waiting.failure();
        assert_eq!((at, failure.code), (timeout, Code::Timeout));
        assert_eq!(world.asked(ID).iter().filter(|asked| **asked == timeout).count(), 1, "at {timeout}");
    }
    assert!(long.end().is_none());
}

#[test]
fn the_timeout_counts_from_the_call_of_wait() {
    let world = World::saying([running("a")]);
    let wait = world.begin(&world.task(ID), 5_000);
    world.until(4_000);
    assert_eq!(world.asked(ID), NEVER, "nothing is sent until the wait is awaited");
    let waiting = world.listen(wait);
    world.until(60_000);
    assert_eq!((world.asked(ID), waiting.failure().0), (vec![4_000, 5_000], 5_000));
}

#[test]
fn when_the_one_who_drives_leaves_another_takes_over() {
    // Between polls, and during a request.
    for (latency, leaves_at) in [(0, 500), (300, 1_400)] {
        for leaver in [0, 1] {
            let world = World::saying([running("a"), running("b").after(latency), complete("c")]);
            let mut waits = vec![world.wait(ID, 900_000), world.wait(ID, 900_000)];
            world.until(leaves_at);
            drop(waits.remove(leaver));
            world.until(900_000);
            assert_eq!(waits[0].statuses().len(), 3, "latency {latency}, number {leaver} left");
            assert_eq!(waits[0].success().1.polls, 3);
            assert_eq!(world.aborted(), NEVER);
        }
    }
}

#[test]
fn a_poller_lives_as_long_as_a_handle_or_a_wait_and_then_begins_anew() {
    let world = World::saying([running("a"), running("b")]);
    let task = world.task(ID);
    let waiting = world.wait(ID, 900_000);
    world.until(0);
    drop(waiting);
    world.until(500);
    assert_eq!(world.task(ID).latest(), Some("a"), "a handle is left");

    let waiting = world.wait(ID, 900_000);
    drop(task);
    world.until(600);
    assert_eq!(world.task(ID).latest(), Some("a"), "a wait is left");
    assert_eq!(world.asked(ID), [0]);

    drop(waiting);
    world.until(700);
    let anew = world.task(ID);
    assert_eq!(anew.latest(), None);
    let waiting = world.wait(ID, 0);
    world.until(800);
    assert_eq!(world.asked(ID), [0, 700], "its first poll is at once");
    assert_eq!((waiting.failure().1.polls, anew.latest()), (1, Some("b")));
}

#[test]
fn a_clone_is_a_handle_of_the_same_task() {
    let world = World::saying([running("a")]);
    let task = world.task(ID);
    let twin = task.clone();
    let _waiting = world.listen(world.begin(&task, 900_000));
    drop(task);
    world.until(0);
    assert_eq!((twin.latest(), twin.id().as_str(), twin.family()), (Some("a"), ID, Family::FileImport));
}

/// One who waits and does not listen for a while, being busy with the news or with something else.
#[test]
fn a_wait_that_nobody_awaits_just_now_does_not_stall_the_others() {
    let world = World::saying([running("a"), running("b"), complete("c")]);
    let waiting = world.wait(ID, 900_000);
    let mut idle = world.begin(&world.task(ID), 900_000);
    world.until(0);
    let _idle = world.spawn(async move {
        // Its first news, then a look whether there are more, and no more than that.
        idle.next().await;
        assert_eq!(poll_immediate(Box::pin(idle.next())).await, None);
        std::future::pending::<()>().await;
        drop(idle);
    });
    world.until(900_000);
    assert_eq!(waiting.success().0, 2088);
}

/// The same after its end: for example while a handler of its last status still runs.
#[test]
fn a_wait_that_is_held_after_its_end_does_not_stall_the_others() {
    let world = World::saying([running("a"), running("b"), running("b"), complete("c")]);
    let waiting = world.wait(ID, 900_000);
    let mut short = world.begin(&world.task(ID), 1_500);
    let _short = world.spawn(async move {
        while !matches!(poll_fn(|context| short.poll_next(context)).await, News::End(_)) {}
        std::future::pending::<()>().await;
        drop(short);
    });
    world.until(900_000);
    assert_eq!(waiting.success().1.status, "c");
}
