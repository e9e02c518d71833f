//! Many tasks share one budget: which is asked next?
//!
//! A task waits until it is due. When more are due than the budget allows, the one is next whose wait is the longest
//! *measured by its interval*. With intervals that grow with the root of a task's age that is nearly the best order
//! for durations with a heavy tail, and it is fair: all tasks are late by the same factor.
//!
//! That order changes with time, so that no heap can keep it. But among tasks of one interval it does not: there the
//! one asked longest ago is first. So the due tasks are kept in classes of nearly equal intervals, and only the first
//! of each class are compared. The wait of the one chosen is then at least 8/9 as long, by its interval, as any.

use super::heap::{Heap, Places, extend};
use super::{Span, Timestamp};

/// When a task wants to be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// When it was asked last; when it joined, if it never was.
    pub asked: Timestamp,
    /// How long it waits between two polls; what its wait is measured by. Less than 1 ms counts as 1 ms.
    pub interval: Span,
    /// From when on it may be asked.
    pub due: Timestamp,
}

/// Which of many tasks to ask next. A task is known by a number of the caller's; small numbers keep it small.
#[derive(Debug, Default)]
pub struct Queue {
    tasks: Vec<Planned>,
    /// Those that are not due, by when they are.
    waiting: Heap,
    /// Those that are due, by when they were asked: a heap for each class of intervals.
    ready: Vec<Heap>,
    ready_count: usize,
    /// Where each task is in the heap that holds it.
    places: Places,
}

/// What of a task's plan is needed when it is due. Small, since there are as many as tasks.
#[derive(Clone, Copy, Debug, Default)]
struct Planned {
    asked: Timestamp,
    interval_ms: f32,
    is_ready: bool,
}

impl Queue {
    /// A queue of no tasks.
    pub fn new() -> Self {
        Queue::default()
    }

    /// A task is to be asked. Replaces its former plan.
    pub fn schedule(&mut self, key: u32, plan: Plan) {
        self.remove(key);
        let index = key as usize;
        extend(&mut self.tasks, index, Planned::default);
        let Plan { asked, interval, due } = plan;
        self.tasks[index] = Planned { asked, interval_ms: ms(interval).max(1.0), is_ready: false };
        self.waiting.insert(&mut self.places, due, key);
    }

    /// A task is not to be asked any more.
    pub fn remove(&mut self, key: u32) {
        if !self.places.has(key) {
            return;
        }
        let task = self.tasks[key as usize];
        let heap = if task.is_ready { &mut self.ready[class(task.interval_ms)] } else { &mut self.waiting };
        heap.remove(&mut self.places, key);
        self.ready_count -= usize::from(task.is_ready);
    }

    /// The first instant after `now` at which a task becomes due.
    pub fn next_due(&mut self, now: Timestamp) -> Option<Timestamp> {
        self.advance(now);
        self.waiting.first().map(|(at, _)| at)
    }

    /// Whether a task is due: whether `next` has one to give.
    pub fn has_ready(&mut self, now: Timestamp) -> bool {
        self.advance(now);
        self.ready_count > 0
    }

    /// The task to ask now, which is taken out: the one that is the latest, measured by its interval. `None` while none
    /// is due.
    pub fn next(&mut self, now: Timestamp) -> Option<u32> {
        self.advance(now);
        let key = self.latest(now)?;
        self.remove(key);
        Some(key)
    }

    /// Notes what has become due.
    fn advance(&mut self, now: Timestamp) {
        while let Some((due, key)) = self.waiting.first() {
            if due > now {
                return;
            }
            self.waiting.remove(&mut self.places, key);
            let task = &mut self.tasks[key as usize];
            task.is_ready = true;
            let class = class(task.interval_ms);
            extend(&mut self.ready, class, Heap::default);
            self.ready[class].insert(&mut self.places, task.asked, key);
            self.ready_count += 1;
        }
    }

    fn latest(&self, now: Timestamp) -> Option<u32> {
        let mut latest = None;
        let mut most = -1.0;
        for (asked, key) in self.ready.iter().filter_map(Heap::first) {
            let lateness = lateness(ms(now.since(asked)), self.tasks[key as usize].interval_ms);
            if lateness > most {
                most = lateness;
                latest = Some(key);
            }
        }
        latest
    }
}

/// How late a task is that was asked `wait` ms ago, by the `interval` it had then: (wait / interval now)².
///
/// Where Δ = √age, Δ² grows by a second each second. Measured by the former interval, the young tasks of a crowd, who
/// wait for longer than they are old, would come before all others, for a fifth more delay. Four seconds a second are
/// better still, where intervals are learned from the tasks of the crowd that ended first, which are its short ones
/// (500 tasks in one account: 12.9 s of delay in the mean, with one 13.0).
fn lateness(wait: f32, interval: f32) -> f32 {
    // That is wait² / (interval² + 4000 wait), without 0 / 0 or ∞ / ∞.
    wait / (interval * interval / wait + 4000.0)
}

fn ms(span: Span) -> f32 {
    span.as_ms() as f32
}

/// The class of an interval in ms: its power of two and which eighth of the way to the next, that is, its exponent and
/// the upper three bits of its mantissa. From 1 ms to 4.6 hours; what is longer is in the last class.
fn class(interval: f32) -> usize {
    const FIRST: u32 = 1.0_f32.to_bits() >> 20;
    const LAST: u32 = 16_777_216.0_f32.to_bits() >> 20;
    ((interval.to_bits() >> 20).clamp(FIRST, LAST) - FIRST) as usize
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::super::budget::{Budget, RateHeaders, RateLimit};
    use super::super::{Phase, Schedule};
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    /// Asked at `asked`, due an interval later.
    fn plan(asked: u64, interval: u64) -> Plan {
        let interval = Span::from_ms(interval);
        Plan { asked: at(asked), interval, due: at(asked).plus(interval) }
    }

    fn queue(plans: &[Plan]) -> Queue {
        let mut queue = Queue::new();
        for (key, plan) in plans.iter().enumerate() {
            queue.schedule(key as u32, *plan);
        }
        queue
    }

    fn order(queue: &mut Queue, now: u64) -> Vec<u32> {
        std::iter::from_fn(|| queue.next(at(now))).collect()
    }

    #[test]
    fn none_is_asked_before_it_is_due() {
        let mut queue = queue(&[plan(0, 1000), plan(0, 3000)]);
        assert_eq!(queue.next_due(at(0)), Some(at(1000)));
        assert!(!queue.has_ready(at(999)));
        assert_eq!(queue.next(at(999)), None);
        assert!(queue.has_ready(at(1000)));
        assert_eq!(queue.next(at(1000)), Some(0));
        assert_eq!(queue.next_due(at(1000)), Some(at(3000)));
        assert_eq!(order(&mut queue, 3000), [1]);
        assert_eq!(queue.next_due(at(3000)), None);
    }

    #[test]
    fn the_longest_wait_by_its_interval_is_first() {
        // After 60 s: late by √(60²/(60² + 240)), √(50²/(10² + 200)), √(40²/(2² + 160)), √(10²/(1 + 40)).
        let mut queue =
            queue(&[plan(0, 60_000), plan(10_000, 10_000), plan(20_000, 2000), plan(50_000, 1000)]);
        assert_eq!(order(&mut queue, 60_000), [2, 1, 3, 0]);
    }

    #[test]
    fn of_equal_intervals_the_one_asked_longest_ago_is_first() {
        let mut queue = queue(&[plan(300, 1000), plan(100, 1000), plan(200, 1000)]);
        assert_eq!(order(&mut queue, 5000), [1, 2, 0]);
    }

    #[test]
    fn a_removed_task_is_not_asked_whether_it_was_due_or_not() {
        let mut queue = queue(&[plan(0, 1000), plan(0, 9000), plan(0, 1000)]);
        assert!(queue.has_ready(at(1000)));
        for key in [0, 1, 1, 7] {
            queue.remove(key);
        }
        assert_eq!(order(&mut queue, 10_000), [2]);
        assert!(!queue.has_ready(at(10_000)));
    }

    #[test]
    fn a_new_plan_replaces_the_former() {
        let mut queue = queue(&[plan(0, 1000), plan(0, 1000)]);
        assert!(queue.has_ready(at(1000)));
        queue.schedule(0, plan(1000, 4000));
        assert_eq!(order(&mut queue, 1000), [1]);
        assert_eq!(queue.next_due(at(1000)), Some(at(5000)));
        queue.schedule(0, plan(1000, 500));
        assert_eq!(order(&mut queue, 1500), [0]);
    }

    #[test]
    fn every_due_task_is_given_at_the_ends_of_time_and_of_intervals() {
        let table = [(0, 0), (0, u64::MAX), (u64::MAX, 0), (u64::MAX, u64::MAX)];
        for (asked, interval) in table {
            let mut queue = Queue::new();
            queue.schedule(0, Plan { due: at(0), ..plan(asked, interval) });
            assert_eq!(queue.next(at(u64::MAX)), Some(0), "asked {asked}, interval {interval}");
            queue.schedule(0, Plan { due: at(0), interval: Span::MAX, ..plan(asked, interval) });
            assert_eq!(queue.next(at(0)), Some(0), "asked {asked}");
        }
    }

    #[test]
    fn classes_are_at_most_an_eighth_wide() {
        // The lowest interval of each eighth of each power of two from 8 ms to 4.6 h, and just below.
        for (power, eighth) in (3..24).flat_map(|power| (8..16).map(move |eighth| (power, eighth))) {
            let lowest = (eighth << (power - 3)) as f32;
            assert_eq!(class(lowest), power * 8 + eighth as usize - 8);
            assert_eq!(class(lowest.next_down()) + 1, class(lowest));
        }
        for (interval, expected) in [(1.0, 0), (16_777_216.0, 192), (f32::INFINITY, 192)] {
            assert_eq!(class(interval), expected, "{interval}");
        }
    }

    #[derive(Clone, Debug)]
    enum Event {
        Schedule(u32, Plan),
        Remove(u32),
        Pass(u64),
        Next,
    }

    fn event() -> impl Strategy<Value = Event> {
        let plan = (0_u64..20_000, 0_u64..30_000, 0_u64..20_000)
            .prop_map(|(asked, interval, due)| Plan { due: at(due), ..plan(asked, interval) });
        prop_oneof![
            4 => (0_u32..30, plan).prop_map(|(key, plan)| Event::Schedule(key, plan)),
            1 => (0_u32..30).prop_map(Event::Remove),
            2 => (0_u64..2000).prop_map(Event::Pass),
            2 => Just(Event::Next),
        ]
    }

    /// The queue as a list that is searched from end to end.
    #[derive(Default)]
    struct Model(Vec<(u32, Plan)>);

    impl Model {
        fn due(&self, now: Timestamp) -> impl Iterator<Item = &(u32, Plan)> {
            self.0.iter().filter(move |(_, plan)| plan.due <= now)
        }

        fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
            self.0.iter().map(|(_, plan)| plan.due).filter(|due| *due > now).min()
        }

        fn lateness(plan: &Plan, now: Timestamp) -> f64 {
            let wait = now.since(plan.asked).as_secs_f64();
            let interval = plan.interval.as_secs_f64().max(0.001);
            wait / (interval.powi(2) + 4.0 * wait).sqrt()
        }

        fn take(&mut self, key: u32) -> Option<Plan> {
            let place = self.0.iter().position(|(known, _)| *known == key)?;
            Some(self.0.swap_remove(place).1)
        }
    }

    proptest! {
        #[test]
        fn it_gives_what_a_search_of_all_tasks_would(events in prop::collection::vec(event(), 0..200)) {
            let (mut queue, mut model, mut now) = (Queue::new(), Model::default(), at(0));
            for event in events {
                match event {
                    Event::Schedule(key, plan) => {
                        queue.schedule(key, plan);
                        model.take(key);
                        model.0.push((key, plan));
                    }
                    Event::Remove(key) => {
                        queue.remove(key);
                        model.take(key);
                    }
                    Event::Pass(ms) => now = now.plus(Span::from_ms(ms)),
                    Event::Next => {
                        let latest = model.due(now).map(|(_, plan)| Model::lateness(plan, now)).reduce(f64::max);
                        let key = queue.next(now);
                        prop_assert_eq!(key.is_some(), latest.is_some());
                        if let (Some(key), Some(latest)) = (key, latest) {
                            let plan = model.take(key).expect("a known task");
                            prop_assert!(Model::lateness(&plan, now) >= latest * 8.0 / 9.0 - 1e-5);
                        }
                    }
                }
                prop_assert_eq!(queue.has_ready(now), model.due(now).next().is_some());
                prop_assert_eq!(queue.next_due(now), model.next_due(now));
            }
        }

        /// A task's share: what it would wait if all were equally late at all times.
        #[test]
        fn no_task_waits_for_more_than_three_times_its_share(
            tasks in prop::collection::vec((1000_u64..60_000, 0_u64..60_000), 2..200),
            gap in 20_u64..2000,
        ) {
            let wait = |late: f64, interval: u64| {
                let growth = late * 4000.0;
                (growth + (growth.powi(2) + 4.0 * late * (interval as f64).powi(2)).sqrt()) / 2.0
            };
            let load = |late| tasks.iter().map(|(interval, _)| gap as f64 / wait(late, *interval)).sum::<f64>();
            let mut late = 1e-3;
            while load(late) > 1.0 {
                late *= 1.05;
            }
            let mut queue = Queue::new();
            for (key, (interval, joined)) in tasks.iter().enumerate() {
                queue.schedule(key as u32, plan(*joined, *interval));
            }
            let mut waits: Vec<(u64, u64)> = Vec::new();
            let mut asked: Vec<u64> = tasks.iter().map(|(_, joined)| *joined).collect();
            let end = 1000 * gap;
            for now in (0..end).step_by(gap as usize) {
                if let Some(key) = queue.next(at(now)) {
                    let interval = tasks[key as usize].0;
                    queue.schedule(key, plan(now, interval));
                    waits.push((now - std::mem::replace(&mut asked[key as usize], now), interval));
                }
            }
            waits.extend(asked.iter().zip(&tasks).map(|(asked, (interval, _))| (end.saturating_sub(*asked), *interval)));
            for (waited, interval) in waits {
                let share = wait(late, interval).max(interval as f64) + gap as f64;
                prop_assert!(waited as f64 <= 3.0 * share, "{waited} ms by {interval} for a share of {share}");
            }
        }
    }

    /// What came of a crowd of tasks that share a budget of 100 in 10 s, 150 ms from the server and back.
    struct Crowd {
        requests: f64,
        mean_delay: f64,
        longest_delay: f64,
        /// From the 10th second until no task was due for the first time.
        share_used: f64,
    }

    /// `count` tasks started within a minute; durations lognormal with a median of 45 s and a mean of 89 s.
    fn crowd(count: u32, seed: u64) -> Crowd {
        #[derive(PartialEq, Eq, PartialOrd, Ord)]
        enum Event {
            Start,
            Answer,
            Wake,
        }
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        for _ in 0..10 {
            random();
        }
        let mut events = BinaryHeap::new();
        let mut tasks = Vec::new();
        for key in 0..count {
            let start = (random() * 60_000.0) as u64;
            let normal = (-2.0 * random().ln()).sqrt() * (std::f64::consts::TAU * random()).cos();
            tasks.push((start, start + (45_000.0 * (1.17 * normal).exp()) as u64));
            events.push(Reverse((start, Event::Start, key)));
        }
        let (mut queue, mut budget) = (Queue::new(), Budget::new(Some(RateLimit::default()), 10));
        let (mut sent, mut delays, mut busy_until, mut pending) = (Vec::new(), Vec::new(), None, 0);
        while let Some(Reverse((now, event, key))) = events.pop() {
            let (start, end) = tasks[key as usize];
            if event == Event::Answer {
                budget.answered(at(now), at(now - 150), RateHeaders::default(), false);
            }
            if event == Event::Answer && end + 75 <= now {
                delays.push(now - end);
            } else if event != Event::Wake {
                let phase = Phase::of(&format!("90151{key}"));
                let interval = Schedule::default().interval(at(now).since(at(start)), phase, None);
                let asked = at(now);
                queue.schedule(key, Plan { asked, interval, due: asked.plus(interval) });
            }
            while budget.next_slot(at(now)) == Some(at(now)) {
                let Some(key) = queue.next(at(now)) else {
                    break;
                };
                budget.sent();
                sent.push(now + 75);
                events.push(Reverse((now + 150, Event::Answer, key)));
            }
            let is_busy = queue.has_ready(at(now));
            if now > 10_000 && !is_busy {
                busy_until.get_or_insert(now);
            }
            let wake = if is_busy { budget.next_slot(at(now)) } else { queue.next_due(at(now)) };
            if let Some(wake) = wake.filter(|wake| pending <= now || wake.as_ms() < pending) {
                pending = wake.as_ms();
                events.push(Reverse((pending, Event::Wake, 0)));
            }
        }
        assert_eq!(delays.len(), count as usize);
        assert!(sent.windows(101).all(|window| window[100] - window[0] >= 10_000));
        let busy_until = busy_until.expect("an end");
        let used = sent.iter().filter(|at| (10_000..busy_until).contains(*at)).count();
        Crowd {
            requests: sent.len() as f64 / f64::from(count),
            mean_delay: delays.iter().sum::<u64>() as f64 / f64::from(count) / 1000.0,
            longest_delay: *delays.iter().max().expect("a task") as f64 / 1000.0,
            share_used: used as f64 * 100.0 / (busy_until - 10_000) as f64,
        }
    }

    #[test]
    fn five_hundred_tasks_at_once_are_seen_within_fifteen_seconds_for_five_requests_each() {
        let crowds: Vec<Crowd> = (1..=8).map(|seed| crowd(500, seed)).collect();
        let mean = |figure: fn(&Crowd) -> f64| crowds.iter().map(figure).sum::<f64>() / 8.0;
        let (requests, delay) = (mean(|crowd| crowd.requests), mean(|crowd| crowd.mean_delay));
        assert!(requests < 5.3, "{requests}");
        assert!(delay < 15.0, "{delay}");
    }

    /// At most 400 of them are unseen at a time: ten requests a second come round to all in 40 s.
    #[test]
    fn of_five_hundred_tasks_at_once_none_is_left_behind() {
        for seed in 1..=8 {
            let delay = crowd(500, seed).longest_delay;
            assert!(delay < 50.0, "seed {seed}: {delay}");
        }
    }

    #[test]
    fn a_budget_is_used_up_while_ten_thousand_tasks_wait_for_it() {
        let share_used = crowd(10_000, 1).share_used;
        assert!(share_used > 0.95, "{share_used}");
    }
}
