//! The driver: it serves whoever holds something, however that is awaited, and ends when nobody does.

use std::any::Any;

use futures::future::poll_immediate;
use hubspot_async_tasks::client::Failure;
use hubspot_async_tasks::engine::Settings;
use hubspot_async_tasks::poll::Code;

use crate::world::{ID, NEVER, World, complete, limited, running};

/// Held, awaited for a moment or not at all: either way its holder is busy with something else.
#[test]
fn a_wait_that_is_not_polled_stalls_nobody() {
    for is_awaited in [false, true] {
        let world =
            World::with(limited(100, 10_000), |_, nth| if nth < 3 { running("a") } else { complete("c") });
        let mut held = world.begin(&world.task("held"), 900_000);
        if is_awaited {
            let next = Box::pin(held.next());
            assert_eq!(futures::executor::block_on(poll_immediate(next)), None);
        }
        let waits = ["a", "b", "c", "d", "e"].map(|id| world.wait(id, 10_000));
        world.until(800_000);
        for waiting in &waits {
            assert_eq!(waiting.success().1.polls, 4);
        }
        assert_eq!(world.asked("held").len(), if is_awaited { 4 } else { 0 });
        // It hears all of it when its holder has time.
        let held = world.listen(held);
        world.until(1_000_000);
        assert_eq!((held.statuses().len(), held.success().1.status), (2, "c"));
    }
}

fn undriven(last_status: Option<&'static str>, polls: u32) -> Failure<&'static str, &'static str> {
    Failure { code: Code::Internal, fault: None, retry_after: None, last_status, polls }
}

#[test]
fn dropping_the_driver_ends_every_call() {
    let world = World::with(Settings { max_concurrent: 5, ..Settings::default() }, |id, _| match id {
        ID => running("a"),
        _ => complete("c").after(5_000),
    });
    let (task, slow) = (world.task(ID), world.task("slow"));
    let waits = [world.wait(ID, 900_000), world.wait("slow", 900_000)];
    let polls = [slow.checkpoint(), slow.checkpoint()].map(|checkpoint| world.poll(&checkpoint));
    let looks = [world.look(&task), world.look(&slow)];
    let held = world.begin(&task, 900_000);
    world.until(500);
    world.drop_driver();
    // What was begun before and what begins afterwards.
    let late =
        (world.look(&task), world.poll(&slow.checkpoint()), world.wait(ID, 900_000), world.listen(held));
    world.until(900_000);
    assert_eq!(waits[0].failure(), (500, undriven(Some("a"), 1)));
    assert_eq!(waits[1].failure(), (500, undriven(None, 0)));
    for polling in polls {
        assert_eq!(polling.failure(), (500, undriven(None, 0)));
    }
    assert_eq!(looks[1].failure(), (500, undriven(None, 0)));
    assert_eq!(late.0.failure(), (500, undriven(Some("a"), 1)));
    assert_eq!(late.1.failure(), (500, undriven(None, 0)));
    assert_eq!(late.2.failure(), (500, undriven(Some("a"), 1)));
    assert_eq!(late.3.failure(), (500, undriven(Some("a"), 1)));
    assert_eq!((task.latest(), world.timers()), (Some("a"), 0));
    assert_eq!(
        world.aborted().len(),
        world.flights().len() - world.asked(ID).len(),
        "all that were under way"
    );
}

#[test]
fn a_driver_that_was_never_run_ends_what_was_begun() {
    let world = World::new(|_, _| running("a"));
    let task = world.task(ID);
    let (look, waiting) = (world.look(&task), world.wait(ID, 900_000));
    world.drop_driver();
    world.until(0);
    assert_eq!((look.failure().1, waiting.failure().1), (undriven(None, 0), undriven(None, 0)));
    assert_eq!(world.asked(ID), NEVER);
}

#[test]
fn the_driver_ends_when_the_last_handle_is_gone() {
    for held in 0..4 {
        let world = World::new(|_, _| running("a").after(20_000));
        let handle: Box<dyn Any> = match held {
            0 => Box::new(world.client()),
            1 => Box::new(world.task(ID)),
            2 => Box::new(world.begin(&world.task(ID), 900_000)),
            _ => Box::new(world.wait(ID, 900_000)),
        };
        world.drop_client();
        world.until(10_000);
        let asked = world.sent().len();
        drop(handle);
        world.until(10_000);
        assert!(world.is_driver_over());
        assert_eq!((world.timers(), world.aborted().len()), (0, asked));
    }
    let world = World::new(|_, _| running("a"));
    let _task = world.task(ID);
    world.drop_client();
    world.until(900_000);
    assert!(!world.is_driver_over(), "a handle is left");
}
