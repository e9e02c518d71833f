//! Faults that pass, faults that do not, and pauses.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{
    Answered, Code, Fits, Pace, Pause, Phase, Schedule, Span, TaskPoll, Verdict,
};

use crate::play::{How, ID, Play, at, later, ms, succeeded, timed_out};
use crate::say::{Say, complete, pause, retry, running, stop};

#[test]
fn a_passing_fault_is_not_a_failed_task() {
    for code in [Code::Http, Code::Network, Code::InvalidResponse] {
        let mut play = Play::file_import([running(), retry(code), retry(code), complete()]);
        let caller = play.wait(900_000);
        play.run_out();
        assert_eq!(play.end_of(caller).1, succeeded(), "{code:?}");
        assert_eq!(play.polls(), 4);
    }
}

#[test]
fn consecutive_faults_back_off_and_a_good_answer_ends_that() {
    let faults = vec![retry(Code::Http); 8];
    let mut play = Play::file_import(faults.into_iter().chain([running()]));
    play.wait(900_000);
    // 2, 4, 8, 16, 32, 60, 60, 60 seconds times 1.0356246709823609; then k·√age again.
    let times = [0, 2071, 6213, 14_497, 31_066, 64_205, 126_342, 188_479, 250_616, 267_010];
    play.until(267_010);
    assert_eq!(play.asked, times);
}

#[test]
fn a_fault_never_shortens_the_interval() {
    let slow = Schedule { min: ms(10_000), max: ms(10_000), ..Schedule::default() };
    let mut play = Play::scheduled(slow, [running(), retry(Code::Http), running()]);
    play.join(Pace::INTERACTIVE, None);
    play.until(21_000);
    assert_eq!(play.asked, [0, 10_356, 20_712]);
}

#[test]
fn a_fault_is_not_retried_before_its_time() {
    // What the fault demands at least, and when it is retried: after the back-off of 2,071 ms, or after that.
    for (at_least, retried) in [(0, 2071), (2_000, 2071), (2_072, 2072), (20_000, 20_000)] {
        let mut poll = TaskPoll::new(Family::FileImport, Phase::of(ID));
        let request = poll.sent(at(0));
        let verdict = Verdict::Retry { code: Code::Http, at_least: ms(at_least) };
        poll.answered(request, at(0), &verdict, Answered::default());
        assert_eq!(poll.plan(at(0), Schedule::default(), &Fits::default()).due, at(retried));
    }
}

#[test]
fn five_faults_without_a_valid_answer_end_the_wait() {
    let lost = retry(Code::Network);
    let html = retry(Code::InvalidResponse);
    let busy = retry(Code::Http);
    let limited = pause(Code::Http, 3_000);
    let over_and_over = |said: Say, times: usize| vec![said; times];
    let working = |script: Vec<Say>| [vec![running()], script].concat();
    // What is said, in turn, and at which poll the wait ends with which code.
    let table = [
        (over_and_over(lost, 9), Some((5, Code::Network))),
        (over_and_over(html, 9), Some((5, Code::InvalidResponse))),
        ([lost, html].repeat(5), Some((5, Code::Network))),
        // Another kind of fault in between: the server is there, so the count begins again.
        ([over_and_over(lost, 4), vec![busy], over_and_over(lost, 9)].concat(), Some((10, Code::Network))),
        ([over_and_over(html, 4), vec![limited], over_and_over(lost, 9)].concat(), Some((10, Code::Network))),
        (over_and_over(busy, 9), None),
        // The set-up works, since there was a valid answer.
        (working(over_and_over(lost, 9)), None),
        (working(over_and_over(html, 9)), None),
    ];
    for (script, expected) in table {
        let mut play = Play::file_import(script.clone());
        let callers = [900_000, 800_000].map(|timeout| play.wait(timeout));
        play.until(700_000);
        let ends = callers.map(|caller| play.has_ended(caller).then(|| play.end_of(caller).1));
        let how = expected.map(|(_, code)| How::Failed(code));
        assert_eq!(ends, [how, how], "{script:?}");
        if let Some((polls, _)) = expected {
            assert_eq!(play.polls(), polls);
        }
    }
}

/// Of the client, whichever task it was for.
#[test]
fn another_tasks_valid_answer_shows_that_the_set_up_works() {
    let mut play = Play::file_import([retry(Code::Network)]);
    let other = play.open(Family::Export, []);
    let caller = play.wait(900_000);
    play.look_at(other, [running()]);
    play.until(700_000);
    assert!(!play.has_ended(caller));
}

#[test]
fn a_stopping_fault_ends_every_wait_at_once() {
    for code in [Code::Http, Code::Unauthorized, Code::Forbidden, Code::NotFound, Code::RateLimited] {
        let mut play = Play::file_import([running(), stop(code).after(300)]);
        let callers = [Some(900_000), None].map(|timeout| play.join(Pace::INTERACTIVE, timeout));
        play.run_out();
        for caller in callers {
            assert_eq!(play.end_of(caller), (1335, How::Failed(code)));
        }
        assert_eq!(play.asked, [0, 1035]);
    }
}

#[test]
fn a_stopping_fault_tells_more_than_the_deadline() {
    let mut play = Play::file_import([stop(Code::NotFound)]);
    let caller = play.wait(0);
    play.run_out();
    assert_eq!(play.end_of(caller), (0, How::Failed(Code::NotFound)));
}

#[test]
fn a_passing_fault_at_the_deadline_is_a_timeout() {
    for fault in [retry(Code::Network), retry(Code::Http), pause(Code::RateLimited, 10_000)] {
        let mut play = Play::file_import([fault]);
        let caller = play.wait(0);
        play.run_out();
        assert_eq!((&play.asked[..], play.end_of(caller)), (&[0][..], (0, timed_out())));
    }
}

#[test]
fn one_retry_after_is_applied_once() {
    let mut play = Play::file_import([running(), pause(Code::RateLimited, 30_000), running()]);
    play.wait(900_000);
    let after_the_pause = later(31_035, Schedule::default().interval(ms(31_035), Phase::of(ID), None));
    play.until(after_the_pause);
    assert_eq!(play.asked, [0, 1035, 31_035, after_the_pause]);
    assert_eq!(after_the_pause, 36_804);
}

#[test]
fn a_pause_beyond_the_deadline_ends_the_wait_at_once() {
    for code in [Code::RateLimited, Code::Migrating] {
        let mut play = Play::file_import([pause(code, 3_000_000_000).after(100), running()]);
        let caller = play.wait(900_000);
        let endless = play.join(Pace::INTERACTIVE, None);
        play.until(900_000);
        assert_eq!(play.end_of(caller), (100, How::Paused(code, 3_000_000_000)));
        assert!(!play.has_ended(endless));
        assert_eq!(play.asked, [0]);
        play.until(3_000_000_100);
        assert_eq!(play.asked, [0, 3_000_000_100], "one without a deadline waits it out");
    }
}

#[test]
fn a_pause_up_to_the_deadline_is_waited_out() {
    for (timeout, is_waited_out) in [(30_000, true), (29_999, false)] {
        let mut play = Play::file_import([pause(Code::Http, 30_000), complete()]);
        let caller = play.wait(timeout);
        play.run_out();
        let expected =
            if is_waited_out { (30_000, succeeded()) } else { (0, How::Paused(Code::Http, 30_000)) };
        assert_eq!(play.end_of(caller), expected, "timeout {timeout}");
    }
}

#[test]
fn another_tasks_pause_holds_this_one_back() {
    let mut play = Play::file_import([running()]);
    let short = play.wait(2_000);
    let long = play.wait(900_000);
    play.until(1_500).demand_pause(5_000, Code::Migrating);
    play.until(8_000);
    assert_eq!(play.end_of(short), (1_500, How::Paused(Code::Migrating, 3_500)));
    assert!(!play.has_ended(long));
    assert_eq!(play.asked, [0, 1035, 5_000, 7315]);
}

#[test]
fn a_pause_does_not_touch_a_request_in_flight() {
    let mut play = Play::file_import([complete().after(500)]);
    let caller = play.wait(1_000);
    play.until(200).demand_pause(60_000, Code::RateLimited);
    play.run_out();
    assert_eq!(play.end_of(caller), (500, succeeded()));
}

/// Whichever request brought it: here a look at the same task.
#[test]
fn a_pause_that_a_look_brings_does_not_touch_the_poll_in_flight() {
    let mut play = Play::file_import([complete().after(500)]);
    let caller = play.wait(1_000);
    play.until(200).look([pause(Code::RateLimited, 60_000)]);
    play.run_out();
    assert_eq!((play.end_of(caller), &play.given_up[..]), ((500, succeeded()), &[][..]));
}

#[test]
fn who_joins_during_a_pause_waits_for_its_end_or_is_refused_at_once() {
    let mut play = Play::file_import([complete()]);
    play.demand_pause(10_000, Code::RateLimited);
    let refused = play.wait(9_999);
    let patient = play.wait(10_000);
    play.run_out();
    let paused = How::Paused(Code::RateLimited, 10_000);
    assert_eq!((play.end_of(refused), play.end_of(patient)), ((0, paused), (10_000, succeeded())));
    assert_eq!(play.asked, [10_000]);
}

#[test]
fn a_pause_that_is_over_holds_nobody_back() {
    let mut play = Play::file_import([complete()]);
    play.demand_pause(5_000, Code::RateLimited);
    let caller = play.until(5_000).wait(0);
    play.run_out();
    assert_eq!(play.end_of(caller), (5_000, succeeded()));
}

/// A long pause is no reason to wake up, for however many tasks.
#[test]
fn nothing_happens_while_a_pause_lasts() {
    let mut play = Play::file_import([running()]);
    play.join(Pace::INTERACTIVE, None);
    play.until(500).demand_pause(3_600_000, Code::Migrating);
    play.instants.clear();
    play.until(3_600_000);
    assert_eq!(play.instants, [3_600_000]);
}

#[test]
fn the_longer_of_two_pauses_counts() {
    let pause = |until, code| Pause { until: at(until), code };
    let (short, long) = (pause(5, Code::RateLimited), pause(6, Code::Migrating));
    assert_eq!(Pause::longest(None, short), short);
    assert_eq!(Pause::longest(Some(short), long), long);
    assert_eq!(Pause::longest(Some(long), short), long);
    assert_eq!(Pause::still(Some(short), at(4)), Some(short));
    assert_eq!(Pause::still(Some(short), at(5)), None);
    assert_eq!(Span::from_ms(5), at(5).since(at(0)));
}
