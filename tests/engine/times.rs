//! When a task is asked.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Envelope, Pace, Phase, Schedule, Standing, Timestamp};

use crate::play::{ID, Play, at, later, ms, theory, timed_out};
use crate::say::{Say, empty, envelope, running, status};

fn batch() -> Schedule {
    Schedule { pace: Pace::BATCH, ..Schedule::default() }
}

#[test]
fn the_intervals_are_the_roots_of_the_age() {
    let eager = Schedule { pace: Pace::new(0.25).expect("a pace"), min: ms(50), max: ms(900) };
    let even = Schedule { pace: Pace::INTERACTIVE, min: ms(700), max: ms(700) };
    let table = [(Schedule::default(), 7_200_000), (batch(), 7_200_000), (eager, 60_000), (even, 60_000)];
    for (schedule, last) in table {
        let mut play = Play::scheduled(schedule, [running()]);
        play.join(schedule.pace, None);
        play.until(last);
        assert_eq!(play.asked, theory(schedule, 0, last), "{schedule:?}");
    }
}

/// Worked out apart from the crate: Δ = min(max(k·√age, 1), 60)·1.0356246709823609 seconds.
#[test]
fn the_poll_times_word_for_word() {
    let interactive = [
        0, 1035, 2088, 3584, 5544, 7982, 10_907, 14_327, 18_246, 22_669, 27_599, 33_039, 38_991, 45_457,
        52_439, 59_938,
    ];
    let batch_with_latency = [
        0, 1185, 3728, 7956, 14_003, 21_945, 31_830, 43_693, 57_557, 73_441, 91_359, 111_322, 133_340,
        157_420, 183_569, 211_793, 242_096, 274_483,
    ];
    let table = [
        (Pace::INTERACTIVE, 0, 60_000, &interactive[..]),
        (Pace::BATCH, 150, 300_000, &batch_with_latency[..]),
    ];
    for (pace, latency, last, times) in table {
        let mut play = Play::file_import([running().after(latency)]);
        play.join(pace, None);
        play.until(last);
        assert_eq!(play.asked, times);
    }
}

#[test]
fn the_first_poll_is_at_once_and_the_age_counts_from_it() {
    let mut play = Play::file_import([running()]);
    play.until(500_000).wait(60_000);
    play.run_out();
    let expected: Vec<u64> =
        theory(Schedule::default(), 0, 59_999).iter().map(|asked| 500_000 + asked).collect();
    assert_eq!(play.asked[..expected.len()], expected);
}

#[test]
fn the_servers_clock_decides_the_age() {
    let server = |now: u64, requested: u64| -> Say {
        let requested_at = Some(Timestamp::from_ms(requested));
        let said = status(Envelope { requested_at, ..envelope(Standing::Queued) });
        said.date(Some(Timestamp::from_ms(now)))
    };
    // What the server's clock says, what requestedAt says, and the age in seconds that follows.
    let table = [
        (5_000_000, 4_900_000, 100),
        // A server that is fifty years behind the local clock, and one that is ahead of it.
        (400_000, 0, 400),
        (9_000_000_000_000, 8_999_999_100_000, 900),
        // Asked for in the future: as young as can be.
        (5_000_000, 6_000_000, 0),
    ];
    for (now, requested, age) in table {
        let mut play = Play::file_import([server(now, requested), running()]);
        play.wait(900_000);
        let first = later(0, Schedule::default().interval(ms(age * 1000), Phase::of(ID), None));
        let second = later(first, Schedule::default().interval(ms(age * 1000 + first), Phase::of(ID), None));
        play.until(second);
        assert_eq!(play.asked, [0, first, second], "{age} s old");
    }
}

#[test]
fn without_the_servers_clock_requested_at_is_not_believed() {
    let asked_for = status(Envelope { requested_at: Some(at(0)), ..envelope(Standing::Queued) });
    let mut play = Play::file_import([asked_for]);
    play.until(400_000).wait(900_000);
    play.until(402_000);
    assert_eq!(play.asked, [400_000, 401_035]);
}

#[test]
fn the_last_request_is_sent_exactly_at_the_deadline() {
    for timeout in [1, 999, 1035, 1036, 60_000, 61_234, 899_999] {
        for latency in [0, 7, 30_000] {
            let mut play = Play::file_import([running(), running().after(latency)]);
            let caller = play.wait(timeout);
            play.run_out();
            let sent_before = play.asked.iter().filter(|asked| **asked < timeout).count();
            let in_flight_at_the_deadline =
                sent_before > 1 && play.asked[sent_before - 1] + latency >= timeout;
            let last = if in_flight_at_the_deadline { play.asked[sent_before - 1] } else { timeout };
            assert_eq!(play.asked.last(), Some(&last), "timeout {timeout}, latency {latency}");
            assert_eq!(play.end_of(caller), (last + latency, timed_out()));
            assert_eq!(play.polls() as usize, play.asked.len());
        }
    }
}

#[test]
fn timeout_zero_asks_once() {
    for latency in [0, 25_000] {
        let mut play = Play::file_import([running().after(latency)]);
        let caller = play.wait(0);
        play.run_out();
        assert_eq!((&play.asked[..], play.end_of(caller)), (&[0][..], (latency, timed_out())));
    }
}

#[test]
fn an_unknown_status_goes_on_until_the_deadline() {
    for word in ["REVIEWING", "", "complete", "FAILED"] {
        let mut play = Play::file_import([status(envelope(Family::FileImport.standing(word)))]);
        let caller = play.wait(10_000);
        play.run_out();
        assert_eq!(play.asked, [0, 1035, 2088, 3584, 5544, 7982, 10_000], "{word:?}");
        assert_eq!(play.end_of(caller), (10_000, timed_out()));
    }
}

#[test]
fn an_empty_answer_goes_on_like_a_running_one() {
    let mut play = Play::file_import([empty()]);
    play.wait(6_000);
    play.run_out();
    assert_eq!(play.asked, [0, 1035, 2088, 3584, 5544, 6_000]);
}

#[test]
fn one_retry_after_on_a_good_answer_is_applied_once() {
    // Retry-After, and the polls that follow.
    let table = [
        (5_000, [0, 5_000, 7_315]),
        // It is a floor: a shorter one changes nothing.
        (1_000, [0, 1035, 2088]),
        (0, [0, 1035, 2088]),
    ];
    for (retry_after, expected) in table {
        for answer in [running(), empty()] {
            let mut play = Play::file_import([answer.retry_after(retry_after), running()]);
            play.wait(900_000);
            play.until(expected[2]);
            assert_eq!(play.asked, expected, "Retry-After {retry_after} ms");
        }
    }
}

#[test]
fn a_retry_after_of_a_year_does_not_outlast_the_deadline() {
    let mut play = Play::file_import([running().retry_after(365 * 86_400_000)]);
    let caller = play.wait(900_000);
    play.run_out();
    assert_eq!(play.asked, [0, 900_000]);
    assert_eq!(play.end_of(caller), (900_000, timed_out()));
}
