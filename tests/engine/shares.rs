//! Who gets how much: calls and polls of one budget, and an export the time that HubSpot needs for it.

use hubspot_async_tasks::engine::{Settings, Timeout, WaitSettings};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Pace, Progress, RateLimit, Standing};

use crate::play::{How, Play, at, ms, succeeded, timed_out};
use crate::say::{Say, complete, envelope, retry, running, status};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

fn processing() -> Say {
    status(envelope(Standing::Processing))
}

/// A budget of ten requests a second, and looks that want eleven.
#[test]
fn polls_that_are_due_get_their_share_beside_looks_that_want_more_than_the_budget() {
    let mut play = Play::with(Settings::default(), Family::FileImport, []);
    let tasks: Vec<_> = (0..5).map(|_| play.open(Family::FileImport, [running()])).collect();
    let waits: Vec<_> =
        tasks.iter().map(|task| play.wait_for(*task, Pace::INTERACTIVE, Some(2 * MINUTE))).collect();
    let looked_at = play.open(Family::FileImport, []);
    let mut looks = Vec::new();
    for number in 0..11 * 120 {
        play.until(number * 1_000 / 11);
        looks.push(play.look_at(looked_at, [running()]));
    }
    play.run_out();
    let polls = |task| play.sent.iter().filter(|(_, send)| send.task == task && send.call.is_none()).count();
    // Alone each has 22: √age up to two minutes.
    assert!(
        tasks.iter().all(|task| polls(*task) >= 18),
        "{:?}",
        tasks.iter().map(|task| polls(*task)).collect::<Vec<_>>()
    );
    assert!(waits.iter().all(|caller| play.end_of(*caller).1 == timed_out()));
    assert!(looks.iter().all(|caller| play.end_of(*caller).1 == How::Seen), "nobody waits for ever");
}

/// The other way round, a look comes at the second slot at the latest.
#[test]
fn a_look_gets_its_share_beside_polls_that_want_more_than_the_budget() {
    let rate_limit = Some(RateLimit { requests: 1, per: ms(1_000) });
    let mut play = Play::with(Settings { rate_limit, ..Settings::default() }, Family::FileImport, []);
    for _ in 0..100 {
        let task = play.open(Family::FileImport, [running()]);
        play.wait_for(task, Pace::INTERACTIVE, None);
    }
    let looked_at = play.open(Family::FileImport, []);
    for start in [10_500, 20_500, 30_500] {
        play.until(start);
        let look = play.look_at(looked_at, [running()]);
        play.until(start + 1_500);
        assert_eq!(play.end_of(look).1, How::Seen);
    }
}

/// So is a wait whose last poll is due, though looks wait for every slot.
#[test]
fn a_last_poll_at_the_deadline_gets_its_slot_beside_looks() {
    let rate_limit = Some(RateLimit { requests: 2, per: ms(1_000) });
    let mut play =
        Play::with(Settings { rate_limit, ..Settings::default() }, Family::FileImport, [running()]);
    let waiting = play.wait(10_000);
    let looked_at = play.open(Family::FileImport, []);
    for number in 0..60 {
        play.until(number * 200);
        play.look_at(looked_at, [running()]);
    }
    play.run_out();
    assert_eq!((play.end_of(waiting), play.asked.last()), ((10_000, timed_out()), Some(&10_000)));
}

/// HubSpot runs an account's exports one at a time: here each for a minute.
#[test]
fn thirty_exports_that_start_together_all_succeed_by_default() {
    let mut play = Play::with(Settings::default(), Family::FileImport, []);
    let mut waits = Vec::new();
    let exports: Vec<_> = (0..30).map(|_| play.open(Family::Export, [running()])).collect();
    for task in &exports {
        waits.push(play.wait_for_by_default(*task));
    }
    for now in (0..45 * MINUTE).step_by(5_000) {
        play.until(now);
        for (number, task) in exports.iter().enumerate() {
            let started = number as u64 * MINUTE;
            let said = match now {
                _ if now < started => running(),
                _ if now < started + MINUTE => processing(),
                _ => complete(),
            };
            play.says(*task, said);
        }
    }
    play.run_out();
    assert!(waits.iter().all(|caller| play.end_of(*caller).1 == succeeded()));
}

#[test]
fn the_time_in_the_queue_is_left_out_of_an_exports_default_deadline_alone() {
    let after = |timeout| WaitSettings { timeout, ..WaitSettings::default() };
    let quarter = 15 * MINUTE;
    // The family, the time limit, until when it is queued, and when the wait ends at the latest, and at the earliest.
    let table = [
        (Family::Export, Timeout::Default, 2 * 60 * MINUTE, 2 * 60 * MINUTE + quarter),
        (Family::Export, Timeout::Default, 0, quarter),
        (Family::Export, Timeout::Default, 3 * DAY, DAY),
        (Family::Export, Timeout::After(ms(quarter)), 2 * 60 * MINUTE, quarter),
        (Family::FileImport, Timeout::Default, 2 * 60 * MINUTE, quarter),
    ];
    for (family, timeout, queued, end) in table {
        let mut play = Play::with(Settings::default(), family, [running()]);
        let caller = play.wait_with(after(timeout));
        play.until(queued.min(2 * DAY));
        if queued < DAY {
            play.says(play.task, processing());
        }
        play.run_out();
        let (at, how) = play.end_of(caller);
        assert_eq!(how, timed_out());
        // It left the queue up to an interval after it was last seen there.
        assert!(
            (end.saturating_sub(70_000)..=end).contains(&at),
            "{family:?} {timeout:?} {queued}: {at}, not {end}"
        );
    }
}

/// What was seen queued before an outage is not waited for without end.
#[test]
fn an_export_that_is_not_seen_any_more_times_out_by_default() {
    let mut play = Play::with(Settings::default(), Family::Export, [running(), retry(Code::Http)]);
    let caller = play.wait_with(WaitSettings::default());
    play.run_out();
    assert_eq!(play.end_of(caller), (15 * MINUTE, timed_out()));
}

const HOUR: u64 = 60 * MINUTE;

/// When a task is asked in the first hour that carries on from there.
fn asked_from(progress: &Progress) -> Vec<u64> {
    let mut play = Play::file_import([running()]);
    play.watched.resume(play.task, progress);
    play.wait(2 * HOUR);
    play.until(HOUR);
    play.asked
}

#[test]
fn a_due_poll_of_a_checkpoint_is_at_most_one_longest_interval_away() {
    for (due, first) in [(30_000, 30_000), (60_000, 60_000), (HOUR, 60_000), (u64::MAX / 4, 60_000)] {
        for started in [None, Some(at(0)), Some(at(HOUR))] {
            let progress = Progress { started, due: Some(at(due)), polls: 3, ..Progress::default() };
            assert_eq!(asked_from(&progress)[0], first, "{started:?} {due}");
        }
    }
}

/// By √age from when it was first asked: some 120 an hour, where it would be 3,600 by the least interval.
#[test]
fn a_start_ahead_of_now_counts_as_now() {
    for due in [None, Some(at(1_000))] {
        let asked = asked_from(&Progress { started: Some(at(HOUR)), due, polls: 3, ..Progress::default() });
        assert!(asked[0] <= 1_035 && asked.len() < 150, "{} from {} on", asked.len(), asked[0]);
    }
}

#[test]
fn a_beginning_of_the_work_ahead_of_now_counts_as_now() {
    let mut play = Play::file_import([processing()]);
    let (started, processing) = (Some(at(0)), Some(at(HOUR)));
    play.watched.resume(play.task, &Progress { started, processing, polls: 3, ..Progress::default() });
    play.wait(2 * HOUR);
    play.until(HOUR);
    assert!(play.asked.len() < 150, "{}", play.asked.len());
}

#[test]
fn a_pause_that_hubspot_demands_of_this_client_bounds_a_checkpoint_no_sooner() {
    let mut play = Play::file_import([running()]);
    play.demand_pause(600_000, Code::RateLimited);
    play.watched.resume(play.task, &Progress { due: Some(at(HOUR)), ..Progress::default() });
    play.wait(2 * HOUR);
    play.until(HOUR);
    assert_eq!(play.asked[0], 600_000);
}
