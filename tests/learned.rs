//! Learned intervals on tasks of many laws: what they save, whom they make wait, and whether they notice change.

use std::f64::consts::TAU;

use hubspot_async_tasks::poll::{Durations, Fit, Pace, Phase, Schedule, Span};

/// Fixed numbers, evenly spread between 0 and 1.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((mixed ^ (mixed >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn lognormal(&mut self, median: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * self.next().ln()).sqrt();
        median * (deviation * radius * (TAU * self.next()).cos()).exp()
    }
}

type Law = fn(&mut Random) -> f64;

/// Nobody publishes how long HubSpot's tasks take: the intervals are to do well on many shapes. With each, the most that
/// requests times delay may be, of the default's.
const LAWS: [(&str, Law, f64); 6] = [
    ("lognormal, median 45 s", |random| random.lognormal(45.0, 1.2), 0.78),
    ("lognormal, median 3 s", |random| random.lognormal(3.0, 0.8), 0.82),
    ("Pareto 1.2 from 2 s", |random| 2.0 * random.next().powf(-1.0 / 1.2), 0.85),
    ("exponential, mean 60 s", |random| -60.0 * random.next().ln(), 0.75),
    ("1 s to 1 h", |random| 3600.0_f64.powf(random.next()), 0.92),
    ("half 4 s, half 300 s", of_two_kinds, 0.55),
];

fn of_two_kinds(random: &mut Random) -> f64 {
    let median = if random.next() < 0.5 { 4.0 } else { 300.0 };
    random.lognormal(median, 0.3)
}

/// Newest last.
fn durations(seconds: impl IntoIterator<Item = f64>) -> Durations {
    let mut durations = Durations::default();
    seconds.into_iter().for_each(|took| durations.record(Span::from_secs_f64(took)));
    durations
}

/// How many requests a task takes, and how many seconds after its end that is seen.
fn wait_for(took: f64, pace: Pace, phase: Phase, fit: Option<&Fit>) -> (f64, f64) {
    const ROUND_TRIP: f64 = 0.15;
    let schedule = Schedule { pace, ..Schedule::default() };
    let (mut requests, mut age) = (0.0, 0.0);
    loop {
        let sent = age + schedule.interval(Span::from_secs_f64(age), phase, fit).as_secs_f64();
        requests += 1.0;
        age = sent + ROUND_TRIP;
        if sent + ROUND_TRIP / 2.0 >= took {
            return (requests, age - took);
        }
    }
}

/// The mean of that.
fn cost(tasks: &[f64], pace: Pace, fit: Option<&Fit>) -> (f64, f64) {
    let (mut requests, mut delay) = (0.0, 0.0);
    for (number, took) in tasks.iter().enumerate() {
        let of_one = wait_for(*took, pace, Phase::of(&number.to_string()), fit);
        requests += of_one.0;
        delay += of_one.1;
    }
    let count = tasks.len() as f64;
    (requests / count, delay / count)
}

#[test]
fn what_is_learned_saves_requests_and_makes_nobody_wait_longer() {
    const SAMPLES: u8 = 6;
    for (name, law, most) in LAWS {
        let mut random = Random(7);
        let tasks: Vec<f64> = (0..600).map(|_| law(&mut random)).collect();
        for pace in [Pace::INTERACTIVE, Pace::BATCH] {
            let default = cost(&tasks, pace, None);
            let (mut product, mut delay) = (0.0, 0.0);
            for _ in 0..SAMPLES {
                let mut kept = Durations::default();
                (0..64).for_each(|_| kept.record_seconds(law(&mut random)));
                let learned = cost(&tasks, pace, kept.fit().as_ref());
                product += learned.0 * learned.1 / (default.0 * default.1) / f64::from(SAMPLES);
                delay += learned.1 / default.1 / f64::from(SAMPLES);
            }
            assert!(delay <= 1.1, "{name}, {pace:?}: {delay} of the default's delay");
            assert!(product <= most, "{name}, {pace:?}: {product} of the default's requests times delay");
        }
    }
}

#[test]
fn tasks_of_one_law_are_hardly_ever_taken_for_changed() {
    for (name, law, _) in LAWS {
        let mut random = Random(11);
        let mut kept = Durations::default();
        let forgotten = (0..1_500).filter(|_| {
            let before = kept.count();
            kept.record(Span::from_secs_f64(law(&mut random)));
            kept.count() < before
        });
        let count = forgotten.count();
        assert!(count <= 3, "{name}: {count} times in 1,500");
    }
}

#[test]
fn after_long_tasks_the_third_short_one_is_seen_as_by_default() {
    let mut kept = durations([300.0; 64]);
    for number in 1..=64 {
        let (_, delay) = wait_for(3.0, Pace::INTERACTIVE, Phase::NONE, kept.fit().as_ref());
        assert!(number < 3 || delay < 5.0, "number {number}: {delay} s");
        kept.record(Span::from_secs(3));
    }
    assert!(kept.fit().is_some(), "it learns anew");
}

#[test]
fn after_short_tasks_a_long_one_takes_no_more_requests_than_by_default() {
    for (short, long) in [(3.0, 300.0), (2.0, 60.0), (0.2, 600.0)] {
        let mut kept = durations([short; 64]);
        let (default, _) = wait_for(long, Pace::INTERACTIVE, Phase::NONE, None);
        for number in 1..=64 {
            let (requests, _) = wait_for(long, Pace::INTERACTIVE, Phase::NONE, kept.fit().as_ref());
            assert!(
                requests <= default,
                "{long} s after {short} s, number {number}: {requests}, not {default}"
            );
            kept.record(Span::from_secs_f64(long));
        }
    }
}
