//! Faults that pass, faults that do not, and pauses.

use hubspot_async_tasks::engine::{Failure, Fault, FaultOf, Settings};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{
    Answered, Body, Code, Fits, Learned, Pace, Pause, Phase, Progress, Schedule, Span, TaskPoll, Verdict,
};

use crate::play::{End, How, ID, Play, at, later, ms, succeeded, timed_out};
use crate::say::{Say, answer, complete, empty, pause, retry, running, stop};

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
        let verdict = Verdict::Retry { code: Code::Http, at_least: ms(at_least), stops_at: Verdict::NEVER };
        poll.answered(request, at(0), &verdict, Answered::default());
        assert_eq!(poll.plan(at(0), Schedule::default(), &Fits::default()).due, at(retried));
    }
}

#[test]
fn three_faults_without_a_valid_answer_end_the_wait() {
    let lost = retry(Code::Network);
    let html = retry(Code::InvalidResponse);
    let busy = retry(Code::Http);
    let limited = pause(Code::RateLimited, 3_000);
    let over_and_over = |said: Say, times: usize| vec![said; times];
    let working = |script: Vec<Say>| [vec![running()], script].concat();
    // What is said, in turn, and at which poll the wait ends with which code.
    let table = [
        (over_and_over(lost, 9), Some((3, Code::Network))),
        (over_and_over(html, 9), Some((3, Code::InvalidResponse))),
        ([lost, html].repeat(5), Some((3, Code::Network))),
        ([html, lost].repeat(5), Some((3, Code::InvalidResponse))),
        // Another kind of fault in between: the server is there, so the count begins again.
        ([over_and_over(lost, 2), vec![busy], over_and_over(lost, 9)].concat(), Some((6, Code::Network))),
        ([over_and_over(html, 2), vec![limited], over_and_over(lost, 9)].concat(), Some((6, Code::Network))),
        (over_and_over(busy, 9), None),
        // The set-up works, since there was a valid answer.
        (working(over_and_over(lost, 9)), None),
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

/// Whatever its intervals: whoever sets something up waits for the verdict.
#[test]
fn a_set_up_that_never_worked_is_asked_again_after_one_and_two_seconds() {
    let mut learned = Learned::default();
    (0..20).for_each(|_| learned.whole.record_seconds(300.0));
    let schedule = Schedule { min: ms(20_000), ..Schedule::default() };
    let table = [
        Settings::default(),
        Settings { learned: [(); Family::COUNT].map(|()| learned.clone()), ..Settings::default() },
        Settings { schedule, ..Settings::default() },
    ];
    for settings in table {
        for pace in [Pace::INTERACTIVE, Pace::new(100.0).expect("a pace")] {
            let mut play = Play::with(settings.clone(), Family::FileImport, [retry(Code::Network)]);
            let caller = play.join(pace, None);
            play.run_out();
            assert_eq!(play.asked, [0, 1_000, 3_000]);
            assert_eq!(play.end_of(caller), (3_000, How::Failed(Code::Network)));
        }
    }
}

/// Whoever starts the server meanwhile, and waits again, is not told of what was before.
#[test]
fn who_waits_again_after_a_wrong_set_up_has_as_many_tries() {
    let mut play = Play::file_import([vec![retry(Code::Network); 5], vec![complete()]].concat());
    let first = play.wait(900_000);
    play.run_out();
    assert_eq!(play.end_of(first), (3_000, How::Failed(Code::Network)));
    play.until(60_000);
    let second = play.wait(900_000);
    play.run_out();
    assert_eq!(
        (play.end_of(second), &play.asked[3..]),
        ((63_000, succeeded()), &[60_000, 61_000, 63_000][..])
    );
}

/// A worker that carries on during an outage does not give up.
#[test]
fn a_checkpoint_with_polls_counts_as_having_been_answered() {
    for (polls, goes_on) in [(0, false), (1, true)] {
        let mut play = Play::file_import([retry(Code::Network)]);
        play.watched.resume(play.task, &Progress { started: Some(at(0)), polls, ..Progress::default() });
        let caller = play.wait(900_000);
        play.until(700_000);
        assert_eq!(play.has_ended(caller), !goes_on, "{polls} polls");
    }
}

#[test]
fn eight_unreadable_answers_in_a_row_end_a_wait_of_a_set_up_that_works() {
    let html = retry(Code::InvalidResponse);
    let eight = vec![html; 8];
    // What is said after a good answer, and at which poll the wait ends.
    let table = [
        (eight.clone(), Some(9)),
        ([vec![html; 7], vec![running()], eight.clone()].concat(), Some(17)),
        // No answer at all, an error, and a pause are something else.
        ([vec![html; 7], vec![retry(Code::Network)], eight.clone()].concat(), Some(17)),
        ([vec![html; 7], vec![retry(Code::Http)], eight.clone()].concat(), Some(17)),
        ([vec![html; 7], vec![pause(Code::RateLimited, 1_000)], eight].concat(), Some(17)),
        ([html, retry(Code::Network)].repeat(9), None),
    ];
    for (script, expected) in table {
        let mut play = Play::file_import([vec![running()], script, vec![running()]].concat());
        let caller = play.join(Pace::INTERACTIVE, None);
        play.until(1_500_000);
        let ended = play.has_ended(caller).then(|| (play.polls(), play.end_of(caller).1));
        assert_eq!(ended, expected.map(|polls| (polls, How::Failed(Code::InvalidResponse))));
    }
}

#[test]
fn an_error_of_no_known_category_ends_the_wait_when_it_is_said_again() {
    let error = answer(200, Body::Error);
    let table = [
        (vec![error, error], Some((3, Code::Http))),
        (vec![error, running(), error, error], Some((5, Code::Http))),
        (vec![error, retry(Code::Http), error, error], Some((5, Code::Http))),
        (vec![error, retry(Code::InvalidResponse), error], None),
    ];
    for (script, expected) in table {
        for is_first in [true, false] {
            let before = if is_first { vec![empty()] } else { vec![running()] };
            let mut play = Play::file_import([before, script.clone(), vec![complete()]].concat());
            let caller = play.wait(900_000);
            play.run_out();
            let how = expected.map_or(succeeded(), |(_, code)| How::Failed(code));
            assert_eq!(play.end_of(caller).1, how, "{script:?}");
            assert_eq!(play.polls(), expected.map_or(2 + script.len() as u32, |(polls, _)| polls));
        }
    }
    // The first answer may be one, too.
    let mut play = Play::file_import([error]);
    let caller = play.wait(900_000);
    play.run_out();
    assert_eq!((play.end_of(caller), play.polls()), ((2071, How::Failed(Code::Http)), 2));
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

/// HubSpot wants that task asked later, and has said nothing of others.
#[test]
fn retry_after_on_a_passing_fault_holds_back_that_task_alone() {
    for status in [408, 423, 500, 502, 503, 504, 529] {
        let busy = answer(status, Body::Unreadable).retry_after(30_000);
        let mut play = Play::file_import([running(), busy, running()]);
        let other = play.open(Family::Export, [running()]);
        let (waiting, others) = (play.wait(900_000), play.wait_for(other, Pace::INTERACTIVE, Some(20_000)));
        let look = play.until(2_000).look_at(other, [complete()]);
        play.until(31_035);
        assert_eq!(play.asked, [0, 1035, 31_035], "{status}");
        assert_eq!(play.end_of(look), (2_000, How::Seen));
        assert_eq!(play.end_of(others).1, succeeded());
        assert!(!play.has_ended(waiting));
    }
}

/// With that fault as what led to it; and nothing is sent that HubSpot wants later.
#[test]
fn retry_after_past_the_deadline_times_out_at_the_deadline() {
    let busy = retry(Code::Http).retry_after(60_000);
    let mut play = Play::file_import([running(), busy, complete()]);
    let (short, long) = (play.wait(30_000), play.wait(900_000));
    play.run_out();
    assert_eq!((play.end_of(short), play.end_of(long)), ((30_000, timed_out()), (61_035, succeeded())));
    assert_eq!(play.asked, [0, 1035, 61_035]);
    let failure = play.ends.iter().find_map(|(_, caller, end)| match end {
        End::Failed(failure) if *caller == short => Some(*failure),
        _ => None,
    });
    let fault = Some(Fault { of: FaultOf::Task, code: Code::Http });
    assert_eq!(failure, Some(Failure { code: Code::Timeout, fault, retry_after: None, polls: 2 }));
}

#[test]
fn no_retry_after_is_obeyed_for_longer_than_a_day() {
    const DAY: u64 = 86_400_000;
    for said in [retry(Code::Http), answer(429, Body::Unreadable), answer(477, Body::Unreadable)] {
        let mut play = Play::file_import([said.retry_after(250_000_000_000_000), complete()]);
        let caller = play.join(Pace::INTERACTIVE, None);
        play.run_out();
        assert_eq!((play.end_of(caller), &play.asked[..]), ((DAY, succeeded()), &[0, DAY][..]));
    }
}

#[test]
fn retry_after_on_a_good_answer_is_a_floor_for_the_next_interval_once() {
    for good in [running(), empty()] {
        let mut play = Play::file_import([good.retry_after(20_000), running()]);
        let other = play.open(Family::Export, [running()]);
        let (waiting, others) = (play.wait(900_000), play.wait_for(other, Pace::INTERACTIVE, Some(5_000)));
        let next = later(20_000, Schedule::default().interval(ms(20_000), Phase::of(ID), None));
        play.until(next);
        assert_eq!(play.asked, [0, 20_000, next]);
        assert_eq!(play.end_of(others), (5_000, timed_out()));
        assert!(!play.has_ended(waiting));
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
        let mut play = Play::file_import([pause(code, 80_000_000).after(100), running()]);
        let caller = play.wait(900_000);
        let endless = play.join(Pace::INTERACTIVE, None);
        play.until(900_000);
        assert_eq!(play.end_of(caller), (100, How::Paused(code, 80_000_000)));
        assert!(!play.has_ended(endless));
        assert_eq!(play.asked, [0]);
        play.until(80_000_100);
        assert_eq!(play.asked, [0, 80_000_100], "one without a deadline waits it out");
    }
}

#[test]
fn a_pause_up_to_the_deadline_is_waited_out() {
    for (timeout, is_waited_out) in [(30_000, true), (29_999, false)] {
        let mut play = Play::file_import([pause(Code::Migrating, 30_000), complete()]);
        let caller = play.wait(timeout);
        play.run_out();
        let expected =
            if is_waited_out { (30_000, succeeded()) } else { (0, How::Paused(Code::Migrating, 30_000)) };
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
    let pause = |until, code| Pause { since: at(0), until: at(until), code };
    let (short, long) = (pause(5, Code::RateLimited), pause(6, Code::Migrating));
    assert_eq!(Pause::longest(None, short), short);
    assert_eq!(Pause::longest(Some(short), long), long);
    assert_eq!(Pause::longest(Some(long), short), long);
    assert_eq!(Pause::still(Some(short), at(4)), Some(short));
    assert_eq!(Pause::still(Some(short), at(5)), None);
    assert_eq!(Span::from_ms(5), at(5).since(at(0)));
}
