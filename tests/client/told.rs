//! Told before sent: who hears of something, or leaves, has a turn of the executor before the next request.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{FutureExt, select};
use hubspot_async_tasks::client::{EventKind, News};
use hubspot_async_tasks::engine::Settings;

use crate::world::{Says, World, running};

/// One request at a time, so that the others' polls are due as soon as one is answered.
fn one_at_a_time() -> Settings {
    Settings { rate_limit: None, max_concurrent: 1, has_observer: true, ..Settings::default() }
}

/// With executors' turns, and with a clock that makes none.
fn worlds(settings: &Settings, script: impl Fn(&str, usize) -> Says + Copy + 'static) -> [World; 2] {
    let worlds = [(); 2].map(|()| World::with(settings.clone(), script));
    worlds[1].hurry();
    worlds
}

#[test]
fn nothing_is_sent_for_a_wait_that_is_dropped_while_news_are_told() {
    for world in worlds(&one_at_a_time(), |_, _| running("a").after(100)) {
        let mut first = world.begin(&world.task("first"), 900_000);
        let others = Rc::new(RefCell::new(Vec::new()));
        let left = others.clone();
        let _first = world.spawn(async move {
            assert_eq!(first.next().await, News::Status("a"));
            left.borrow_mut().clear();
            drop(first);
        });
        world.until(50);
        others.borrow_mut().extend(["a", "b", "c"].map(|id| world.wait(id, 900_000)));
        world.until(60_000);
        assert_eq!((world.ids(), world.timers()), (vec!["first".to_owned()], 0));
    }
}

/// Some of them hold the slots that the others wait for.
#[test]
fn of_a_hundred_waits_that_leave_by_one_signal_none_is_asked_for_afterwards() {
    let settings = Settings { max_concurrent: 10, ..Settings::default() };
    for world in worlds(&settings, |_, _| running("a").after(5_000)) {
        let (signal, fired) = oneshot::channel::<()>();
        let fired = fired.shared();
        let _waits: Vec<_> = (0..100)
            .map(|number| {
                let wait = world.begin(&world.task(&number.to_string()), 900_000).finished();
                world.spawn(select(Box::pin(wait), fired.clone()).map(drop))
            })
            .collect();
        world.until(500);
        assert_eq!(signal.send(()), Ok(()));
        world.until(60_000);
        assert_eq!((world.sent().len(), world.aborted(), world.timers()), (10, vec![500; 10], 0));
    }
}

#[test]
fn nothing_is_sent_for_a_wait_that_an_observer_drops() {
    for world in worlds(&one_at_a_time(), |_, _| running("a").after(100)) {
        let _first = world.wait("first", 900_000);
        world.until(50);
        let other = RefCell::new(Some(world.wait("other", 900_000)));
        world.until(60);
        world.react(move |event| {
            if matches!(event.kind, EventKind::Answered { .. }) {
                drop(other.take());
            }
        });
        world.until(1_000);
        assert_eq!(world.ids(), ["first"]);
    }
}
