//! What the observer hears of the budget: when it held a poll back, and for how long. All else that it hears is compared
//! with the model in every play: see [`Watched`](crate::watched::Watched).

use hubspot_async_tasks::engine::{Event, EventKind, Settings, TaskKey, ThrottleReason};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Pace, RateLimit};

use crate::play::{Play, at, ms};
use crate::say::{complete, running};

/// One request a second.
fn observed() -> Settings {
    let rate_limit = Some(RateLimit { requests: 1, per: ms(1_000) });
    Settings { rate_limit, has_observer: true, ..Settings::default() }
}

fn throttled(delay: u64) -> EventKind {
    EventKind::Throttled { reason: ThrottleReason::Budget, delay: ms(delay) }
}

fn brakes(play: &Play) -> Vec<(TaskKey, Event)> {
    let is_brake = |event: &Event| matches!(event.kind, EventKind::Throttled { .. });
    play.events.iter().copied().filter(|(_, event)| is_brake(event)).collect()
}

#[test]
fn the_budget_says_how_long_it_held_a_poll_back_before_the_poll_is_sent() {
    let mut play = Play::with(observed(), Family::FileImport, [complete()]);
    let other = play.open(Family::Export, [complete()]);
    play.wait(900_000);
    play.until(100).wait_for(other, Pace::INTERACTIVE, None);
    // It is seen again and again that it is held back: what counts is since when.
    for now in [100, 400, 700] {
        play.until(now);
    }
    play.run_out();
    assert_eq!(brakes(&play), [(other, Event { at: at(1_000), kind: throttled(900) })]);
    let of_other: Vec<EventKind> =
        play.events.iter().filter(|(task, _)| *task == other).map(|(_, event)| event.kind).collect();
    assert_eq!(of_other[..2], [throttled(900), EventKind::Asked { poll: 1 }]);
}

/// A host's timer is late by a millisecond as a rule, and a laptop that slept by hours.
#[test]
fn a_timer_that_rings_late_is_not_the_budget() {
    for late_by in [1, 3_600_000] {
        let mut play = Play::with(observed(), Family::FileImport, [running()]);
        play.join(Pace::INTERACTIVE, None);
        play.until(1_034);
        play.come(1_035 + late_by);
        play.take_turn();
        assert_eq!((&play.asked[..], brakes(&play)), (&[0, 1_035 + late_by][..], vec![]));
    }
}

/// It is seen when the observer may abort what was held back.
#[test]
fn who_leaves_when_told_of_the_budget_is_not_polled_for() {
    let mut play = Play::with(observed(), Family::FileImport, [complete()]);
    let other = play.open(Family::Export, [complete()]);
    play.wait(900_000);
    let leaver = play.until(100).wait_for(other, Pace::INTERACTIVE, None);
    play.until(999);
    play.come(1_000);
    while brakes(&play).is_empty() {
        let output = play.watched.next(at(1_000));
        play.take(output);
    }
    play.leave(leaver);
    play.until(900_000);
    assert_eq!(play.sent.len(), 1);
}
