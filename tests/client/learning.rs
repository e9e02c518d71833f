//! Intervals from what finished tasks took, and a task's age from when HubSpot began to work on it.

use hubspot_async_tasks::engine::Settings;
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Durations, Estimate, Fit, Learned, Phase, Schedule};

use crate::world::{ID, Says, World, at, complete, failed, later, ms, processing, running, theory};

/// They took so many seconds, of which HubSpot worked for a third.
const TOOK: [i64; 3] = [240, 300, 330];

fn taught(nth: usize) -> i64 {
    TOOK[nth % TOOK.len()] * 1_000
}

/// A task that ended just now, and took its time.
fn over(nth: usize) -> Says {
    let took = taught(nth);
    complete("c").dates(Some(-took), Some(-took / 3), Some(0))
}

fn fit(count: usize, part: i64) -> Fit {
    let mut durations = Durations::default();
    (0..count).for_each(|nth| durations.record(ms((taught(nth) / part) as u64)));
    durations.fit().expect("enough durations")
}

/// Lets so many tasks finish; those of another id go on for ever.
fn teach(settings: Settings, count: usize) -> World {
    let world = World::with(settings, |id, _| match id.strip_prefix("over-") {
        Some(number) => over(number.parse().expect("a number")),
        None => running("a"),
    });
    for number in 0..count {
        let waiting = world.wait(&format!("over-{number}"), 900_000);
        world.until(0);
        assert!(waiting.end().is_some());
    }
    world
}

/// The poll times of a task that answers at once.
fn learned_times(begin: u64, last: u64, fit: Fit) -> Vec<u64> {
    let wait = |asked: u64| Schedule::default().interval(ms(asked - begin), Phase::of(ID), Some(&fit));
    std::iter::successors(Some(begin), |asked| Some(later(*asked, wait(*asked))))
        .take_while(|asked| *asked <= last)
        .collect()
}

#[test]
fn from_the_twentieth_finished_task_on_intervals_follow_the_fit() {
    for (count, expected) in [
        (19, theory(ID, 0, 600_000)),
        (20, learned_times(0, 600_000, fit(20, 1))),
        (33, learned_times(0, 600_000, fit(33, 1))),
    ] {
        let world = teach(Settings::default(), count);
        let _waiting = world.wait(ID, 900_000);
        world.until(600_000);
        assert_eq!(world.asked(ID), expected, "after {count}");
    }
    let (usual, learned) = (theory(ID, 0, 600_000), learned_times(0, 600_000, fit(20, 1)));
    assert!(learned[1] > 10_000 && learned.len() < usual.len(), "tasks of five minutes: {learned:?}");
}

#[test]
fn what_is_learned_in_the_middle_of_a_wait_counts_from_the_next_poll() {
    let world = teach(Settings::default(), 19);
    let _waiting = world.wait(ID, 900_000);
    world.until(1_500);
    let twentieth = world.wait("over-19", 900_000);
    world.until(2_088);
    assert_eq!((twentieth.success().0, world.asked(ID)), (1_500, vec![0, 1035, 2088]));
    let wait = Schedule::default().interval(ms(2_088), Phase::of(ID), Some(&fit(20, 1)));
    world.until(later(2_088, wait) - 1);
    assert_eq!(world.asked(ID).len(), 3);
    world.until(later(2_088, wait));
    assert_eq!(world.asked(ID).len(), 4);
}

#[test]
fn nothing_is_learned_by_who_does_not_want_to() {
    let world = teach(Settings { learns: false, ..Settings::default() }, 30);
    let _waiting = world.wait(ID, 900_000);
    world.until(60_000);
    assert_eq!(world.asked(ID), theory(ID, 0, 60_000));
}

#[test]
fn families_learn_on_their_own() {
    let world = teach(Settings::default(), 30);
    let other = world.task_of(Family::FolderUpdate, ID);
    let _waiting = world.listen(world.begin(&other, 900_000));
    world.until(60_000);
    assert_eq!(world.asked(ID), theory(ID, 0, 60_000));
    let counts = world.learned().map(|learned| (learned.whole.count(), learned.processing.count()));
    assert_eq!(counts, [(30, 30), (0, 0), (0, 0), (0, 0), (0, 0)]);
}

#[test]
fn what_was_learned_is_carried_over() {
    let former = teach(Settings::default(), 20).learned();
    let settings = Settings { learned: former.clone(), ..Settings::default() };
    let world = teach(settings, 0);
    let _waiting = world.wait(ID, 900_000);
    world.until(600_000);
    assert_eq!(world.asked(ID), learned_times(0, 600_000, fit(20, 1)));
    let seconds = |learned: &[Learned; Family::COUNT]| learned[0].whole.seconds().collect::<Vec<_>>();
    assert_eq!(seconds(&world.learned()), seconds(&former));
}

#[test]
fn carried_over_durations_and_new_ones_add_up() {
    let former = teach(Settings::default(), 19).learned();
    let world = teach(Settings { learned: former, ..Settings::default() }, 1);
    assert_eq!(world.learned()[0].whole.count(), 20);
    let _waiting = world.wait(ID, 900_000);
    world.until(20_000);
    assert!(world.asked(ID).len() < theory(ID, 0, 20_000).len());
}

#[test]
fn only_tasks_that_succeeded_and_whose_dates_are_known_teach() {
    let table = [
        (over(0), 1),
        (complete("c"), 0),
        (complete("c").dates(None, None, Some(0)), 0),
        (complete("c").dates(Some(-5_000), None, None), 0),
        (failed("f").dates(Some(-5_000), None, Some(0)), 0),
        // Without `startedAt` nobody knows how long it was queued.
        (complete("c").dates(Some(-5_000), None, Some(0)), 1),
    ];
    for (number, (says, count)) in table.into_iter().enumerate() {
        let world = World::saying([says]);
        let _waiting = world.wait(ID, 900_000);
        world.until(0);
        assert_eq!(world.learned()[0].whole.count(), count, "row {number}");
    }
}

#[test]
fn a_task_teaches_once_however_many_wait_and_look() {
    let world = World::saying([over(0)]);
    let task = world.task(ID);
    let _waits = [world.wait(ID, 900_000), world.wait(ID, 900_000)];
    world.until(10);
    let _looks = [world.look(&task), world.look(&task)];
    world.until(20);
    assert_eq!(world.learned()[0].whole.count(), 1);
}

#[test]
fn a_single_poll_teaches_and_learns_too() {
    let world = teach(Settings::default(), 19);
    let checkpoint = world.task("over-19").checkpoint();
    let _polling = world.poll(&checkpoint);
    world.until(0);
    assert_eq!(world.learned()[0].whole.count(), 20);
    let checkpoint = world.task(ID).checkpoint();
    let polling = world.poll(&checkpoint);
    world.until(0);
    let wait = Schedule::default().interval(ms(0), Phase::of(ID), Some(&fit(20, 1)));
    let next = polling.step().checkpoint.progress.due.expect("a next poll");
    assert_eq!(next, at(0).plus(wait));
}

#[test]
fn how_long_a_task_is_likely_still_to_take_is_known_with_the_twentieth_finished_task() {
    let estimate = |count| teach(Settings::default(), count).task(ID).estimate(at(0));
    assert_eq!(estimate(19), None);
    let expected = Estimate { median: ms(300_000), ninety_percent: ms(330_000) };
    assert_eq!(estimate(20), Some(expected));
    let ignorant = teach(Settings { learns: false, ..Settings::default() }, 30);
    assert_eq!(ignorant.task(ID).estimate(at(0)), None);
}

#[test]
fn an_estimate_goes_by_the_tasks_age_and_ends_with_the_task() {
    let world = teach(Settings::default(), 20);
    let task = world.task(ID);
    let _waiting = world.wait(ID, 900_000);
    world.until(100_000);
    let expected = Estimate { median: ms(200_000), ninety_percent: ms(230_000) };
    assert_eq!(task.estimate(at(100_000)), Some(expected));
    let over = world.task("over-4");
    let waiting = world.wait("over-4", 900_000);
    world.until(100_000);
    assert!(waiting.end().is_some());
    assert_eq!(over.estimate(at(100_000)), None);
}

#[test]
fn an_estimate_for_another_instant_leaves_the_clients_time_alone() {
    let world = teach(Settings::default(), 20);
    let task = world.task(ID);
    let waiting = world.wait(ID, 10_000);
    world.until(5_000);
    let asked = world.asked(ID);
    assert_ne!(task.estimate(at(86_400_000)), task.estimate(at(5_000)));
    let _other = world.wait("9", 20_000);
    world.until(5_000);
    assert_eq!((world.asked(ID), waiting.end().is_some()), (asked, false), "its deadline has not come");
    world.until(60_000);
    assert_eq!(waiting.failure().0, 10_000);
}

// ---------------------------------------------------------------------------------------------------------------
// Queued first

/// When HubSpot begins to work on it, in the tests below.
const BEGINS: i64 = 120_000;

/// The poll times of a task that is queued up to `BEGINS` and then worked on, whose age counts from `anew` then.
fn times(last: u64, anew: impl Fn(u64) -> u64) -> Vec<u64> {
    let (mut now, mut begin, mut asked) = (0, None, Vec::new());
    while now <= last {
        asked.push(now);
        if now >= BEGINS as u64 {
            begin.get_or_insert(anew(now));
        }
        let age = ms(now - begin.unwrap_or(0));
        now = later(now, Schedule::default().interval(age, Phase::of(ID), None));
    }
    asked
}

/// A world in which the task is queued, then worked on; `polls` of the queued one are answered.
fn queued(polls: usize, waits: Says, works: Says) -> World {
    World::new(move |_, nth| if nth < polls { waits.clone() } else { works.clone() })
}

#[test]
fn the_age_of_a_queued_task_counts_anew_when_it_is_worked_on() {
    let usual = theory(ID, 0, 300_000);
    let polls = usual.iter().filter(|asked| **asked < BEGINS as u64).count();
    let requested = |says: Says, started| says.dates(Some(0), started, None);
    // By the server's dates the age is known exactly, without them from when it was seen.
    let by_dates = times(300_000, |_| BEGINS as u64);
    let by_sight = times(300_000, |now| now);
    let table = [
        (running("a"), processing("p"), &by_sight),
        (requested(running("a"), None), requested(processing("p"), Some(BEGINS)), &by_dates),
        (
            requested(running("a"), None).with_date(),
            requested(processing("p"), Some(BEGINS)).with_date(),
            &by_dates,
        ),
        // It is not processed yet.
        (running("a"), running("b"), &usual),
    ];
    for (number, (waits, works, expected)) in table.into_iter().enumerate() {
        let world = queued(polls, waits, works);
        let _waiting = world.wait(ID, 900_000);
        world.until(300_000);
        assert_eq!(&world.asked(ID), expected, "row {number}");
    }
    assert!(by_dates.len() > usual.len() + 5, "{} and {}", by_dates.len(), usual.len());
}

#[test]
fn a_task_that_was_never_seen_queued_keeps_its_age_unless_dates_are_known() {
    let world = World::saying([processing("p")]);
    let _waiting = world.wait(ID, 900_000);
    world.until(300_000);
    assert_eq!(world.asked(ID), theory(ID, 0, 300_000));

    // Requested 400 s ago, worked on for 100 s.
    let world = World::saying([processing("p").with_date().dates(Some(-400_000), Some(-100_000), None)]);
    let _waiting = world.wait(ID, 900_000);
    let next = later(0, Schedule::default().interval(ms(100_000), Phase::of(ID), None));
    world.until(next);
    assert_eq!(world.asked(ID), [0, next]);
}

#[test]
fn a_queued_tasks_intervals_follow_whole_tasks_and_a_processed_ones_the_work_alone() {
    let settings = Settings { learned: teach(Settings::default(), 30).learned(), ..Settings::default() };
    let world = World::with(settings, |_, nth| if nth == 0 { running("a") } else { processing("p") });
    let _waiting = world.wait(ID, 900_000);
    world.until(300_000);
    let interval = |age: u64, fit: Fit| Schedule::default().interval(ms(age), Phase::of(ID), Some(&fit));
    let first = later(0, interval(0, fit(30, 1)));
    let second = later(first, interval(0, fit(30, 3)));
    let third = later(second, interval(second - first, fit(30, 3)));
    assert_eq!(world.asked(ID)[..4], [0, first, second, third]);
}

#[test]
fn a_task_that_is_queued_again_is_a_queued_one() {
    let world = World::new(|_, nth| match nth {
        0 | 2 => running("a"),
        _ => processing("p"),
    });
    let _waiting = world.wait(ID, 900_000);
    world.until(60_000);
    let interval = |age: u64| Schedule::default().interval(ms(age), Phase::of(ID), None);
    let mut expected = vec![0];
    // The age at each poll: queued, worked on since then, queued for longer, worked on anew.
    let mut begin = 0;
    for nth in 1..6 {
        let last = expected[nth - 1];
        match nth - 1 {
            0 | 2 => begin = 0,
            1 | 3 => begin = last,
            _ => {}
        }
        expected.push(later(last, interval(last - begin)));
    }
    assert_eq!(world.asked(ID)[..6], expected);
}
