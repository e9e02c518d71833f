//! Looks and single polls, repeats with another token, and how a driver ends calls.

use hubspot_async_tasks::engine::{Failure, Fault, FaultOf, Output, Settings};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Pace, Phase, Progress, RateLimit};

use crate::play::{End, How, NEVER, Play, at, ms, succeeded, timed_out};
use crate::say::{Say, complete, pause, retry, running, stop};

fn refused() -> Say {
    stop(Code::Unauthorized).repeatable()
}

/// A 401 that comes just when its request was to be given up: the one that repeats it has its own time.
#[test]
fn a_request_that_repeats_a_late_one_is_given_up_in_its_turn() {
    let mut play = Play::file_import([running().after(90_000)]);
    play.join(Pace::INTERACTIVE, None);
    play.until(0);
    let output = play.watched.next(at(30_000));
    let Output::Late(request) = output else { panic!("{output:?}") };
    play.come(30_000);
    play.answer_now(play.task, refused());
    let output = play.watched.next(at(30_000));
    let Output::Send(send) = output else { panic!("{output:?}") };
    assert_eq!((send.request, send.is_repeat), (request, true));
    assert_eq!(play.watched.next(at(30_000)), Output::WaitUntil(at(60_000)));
    assert_eq!(play.watched.next(at(60_000)), Output::Late(request));
}

#[test]
fn a_repeat_keeps_its_number_and_is_no_other_poll() {
    let mut play = Play::file_import([refused().after(30), complete().after(20)]);
    let caller = play.wait(900_000);
    play.run_out();
    let requests: Vec<_> = play.sent.iter().map(|(at, send)| (*at, send.request, send.is_repeat)).collect();
    let request = requests[0].1;
    assert_eq!(requests, [(0, request, false), (30, request, true)]);
    assert_eq!((play.end_of(caller), play.polls()), ((50, succeeded()), 1));
}

/// Also where the engine gave them numbers that were used before, in another order.
#[test]
fn of_repeats_that_the_budget_holds_back_the_one_answered_first_is_sent_first() {
    let rate_limit = Some(RateLimit { requests: 3, per: ms(1_000) });
    let mut play = Play::with(Settings { rate_limit, ..Settings::default() }, Family::FileImport, []);
    let tasks: Vec<_> = (0..3).map(|_| play.open(Family::Export, [])).collect();
    for script in [vec![running()], vec![refused(), running()]] {
        for task in &tasks {
            play.look_at(*task, script.clone());
        }
        play.run_out();
    }
    let first = [0, 1_000, 2_000].map(|sent_at| -> Vec<_> {
        let sent = play.sent.iter().filter(|(at, _)| *at == sent_at);
        sent.map(|(_, send)| (send.task, send.request, send.is_repeat)).collect()
    });
    let [_, refused, repeated] = first;
    assert!(
        refused.iter().all(|(.., is_repeat)| !is_repeat) && repeated.iter().all(|(.., is_repeat)| *is_repeat)
    );
    for sent in [&refused, &repeated] {
        assert_eq!(sent.iter().map(|(task, ..)| *task).collect::<Vec<_>>(), tasks);
    }
    assert!(!refused.is_sorted_by_key(|(_, request, _)| *request), "their numbers are in another order");
}

#[test]
fn a_repeat_that_nobody_wants_any_more_is_given_up() {
    let mut play = Play::with(
        Settings { max_concurrent: 1, ..Settings::default() },
        Family::FileImport,
        [refused().after(30)],
    );
    let other = play.open(Family::Export, [running().after(10_000)]);
    let caller = play.wait(900_000);
    play.until(29);
    play.come(30);
    // The pause keeps it from being sent at once.
    play.answer_now(play.task, refused());
    play.leave(caller);
    play.wait_for(other, Pace::INTERACTIVE, None);
    play.until(1_000);
    assert_eq!((&play.given_up[..], &play.asked[..]), (&[30][..], &[0][..]));
}

/// A wait whose poll is to be repeated, and cannot be before its deadline.
#[test]
fn a_repeat_is_no_poll_under_way() {
    let mut play = Play::with(
        Settings { max_concurrent: 1, ..Settings::default() },
        Family::FileImport,
        [refused().after(30), complete()],
    );
    let other = play.open(Family::Export, []);
    let caller = play.wait(5_000);
    play.until(20).look_at(other, [running().after(10_000)]);
    play.until(29);
    play.come(30);
    play.answer_now(play.task, refused());
    play.until(30);
    assert_eq!(play.asked, [0, 30], "before the look, since it came first");
    assert_eq!(play.end_of(caller), (30, succeeded()));

    let mut play = Play::file_import([refused().after(2_000), complete()]);
    let caller = play.wait(5_000);
    play.until(1_000).demand_pause(4_000, Code::Migrating);
    play.run_out();
    assert_eq!((&play.asked[..], play.end_of(caller)), (&[0, 4_000][..], (4_000, succeeded())));

    let mut play = Play::file_import([refused().after(2_000)]);
    let caller = play.wait(5_000);
    play.until(1_000).demand_pause(6_000, Code::Migrating);
    play.run_out();
    assert_eq!(play.end_of(caller), (2_000, How::Paused(Code::Migrating, 4_000)));
    assert_eq!((&play.asked[..], &play.given_up[..]), (&[0][..], &[2_000][..]));
}

/// Those who wait have deadlines, and some have none: their poll is not refused as a look is.
#[test]
fn a_poll_that_is_to_be_repeated_waits_for_the_end_of_a_long_pause() {
    let mut play = Play::file_import([refused().after(20), complete()]);
    let other = play.open(Family::Export, []);
    let endless = play.join(Pace::INTERACTIVE, None);
    play.look_at(other, [pause(Code::RateLimited, 100_000).after(30)]);
    play.until(10).demand_pause(1_000, Code::Migrating);
    play.run_out();
    assert_eq!((&play.asked[..], play.end_of(endless)), (&[0, 100_030][..], (100_030, succeeded())));
}

/// It waits for the end of a pause, but no longer than for an answer: also if the pause comes later than its 401.
#[test]
fn a_look_that_is_to_be_repeated_is_refused_by_a_long_pause() {
    for (lasts, is_refused) in [(30_000, false), (30_001, true)] {
        let mut play = Play::file_import([]);
        let other = play.open(Family::Export, []);
        let look = play.look([refused().after(20), running()]);
        play.look_at(other, [pause(Code::RateLimited, lasts).after(20)]);
        play.until(10).demand_pause(1_000, Code::Migrating);
        let expected =
            if is_refused { (20, How::Paused(Code::RateLimited, lasts)) } else { (20 + lasts, How::Seen) };
        play.run_out();
        assert_eq!(play.end_of(look), expected, "a pause of {lasts} ms");
        assert_eq!(play.given_up.len(), usize::from(is_refused));
    }
}

#[test]
fn a_look_waits_for_the_end_of_a_pause_but_no_longer_than_for_an_answer() {
    for (lasts, is_refused) in [(30_000, false), (30_001, true)] {
        let mut play = Play::file_import([]);
        play.demand_pause(lasts, Code::Migrating);
        let look = play.look([running()]);
        play.run_out();
        let expected = if is_refused { (0, How::Paused(Code::Migrating, lasts)) } else { (lasts, How::Seen) };
        assert_eq!(play.end_of(look), expected, "a pause of {lasts} ms");
    }
}

#[test]
fn a_single_poll_says_how_to_go_on() {
    let mut play = Play::file_import([]);
    let (task, deadline) = (play.task, Some(900_000));
    let step = |play: &mut Play, say: Say| {
        play.poll_once(task, deadline, say);
        play.run_out();
        match play.ends.last() {
            Some((_, _, End::Stepped(step))) => *step,
            end => panic!("{end:?}"),
        }
    };
    let going = step(&mut play, running());
    assert_eq!((going.fault, going.delay), (None, Some(ms(1035))));
    let failing = step(&mut play, retry(Code::Http));
    let of_call = Some(Fault { of: FaultOf::Call, code: Code::Http });
    let failure = Failure { code: Code::Http, fault: of_call, retry_after: None, polls: 2 };
    assert_eq!((failing.fault, failing.delay), (Some(failure), Some(ms(2071))));
    let done = step(&mut play, complete());
    assert_eq!((done.fault, done.delay, done.progress.polls), (None, None, 3));
}

/// What went wrong, and nothing else: a deadline is no fault.
#[test]
fn a_single_poll_at_its_deadline_times_out_with_the_fault_that_it_met() {
    let table = [(running(), None), (retry(Code::Http), Some(Code::Http))];
    for (say, fault) in table {
        let mut play = Play::file_import([]);
        let caller = play.poll_once(play.task, Some(100), say.after(100));
        play.run_out();
        let fault = fault.map(|code| Fault { of: FaultOf::Call, code });
        let failure = Failure { code: Code::Timeout, fault, retry_after: None, polls: 1 };
        assert_eq!(play.ends, [(100, caller, End::Failed(failure))]);
    }
}

#[test]
fn a_single_poll_of_a_task_that_is_waited_for_tells_those_who_wait() {
    let mut play = Play::file_import([running().after(5_000)]);
    let waiting = play.wait(900_000);
    let task = play.task;
    play.until(100).poll_once(task, None, complete().after(50));
    play.run_out();
    assert_eq!((play.end_of(waiting), &play.given_up[..]), ((150, succeeded()), &[150][..]));
}

#[test]
fn a_task_is_resumed_unless_more_is_known_of_it() {
    type Prepare = fn(&mut Play);
    let resumed = Progress { polls: 7, due: Some(at(5_000)), ..Progress::default() };
    // Nobody asked yet; somebody waits already; it was asked for.
    let table: [(Prepare, u32); 3] = [
        (|_| {}, 7),
        (
            |play| {
                play.wait(900_000);
            },
            0,
        ),
        (
            |play| {
                play.look([running()]);
                play.until(0);
            },
            0,
        ),
    ];
    for (prepare, polls) in table {
        let mut play = Play::file_import([running()]);
        prepare(&mut play);
        play.watched.resume(play.task, &resumed);
        assert_eq!(play.polls(), polls);
    }
    let mut play = Play::file_import([complete()]);
    play.watched.resume(play.task, &resumed);
    play.wait(900_000);
    play.run_out();
    assert_eq!(play.asked, [5_000]);
}

/// Between polls, and under way.
#[test]
fn a_task_that_is_closed_is_asked_for_no_more() {
    for closes_at in [500, 1_100] {
        let mut play = Play::file_import([running().after(200)]);
        play.wait(900_000);
        play.until(closes_at).look([running().after(5_000)]);
        play.poll_once(play.task, None, running().after(5_000));
        play.until(closes_at);
        let (sent, under_way) = (play.sent.len(), play.under_way());
        play.watched.close(play.task, at(closes_at));
        // Its number may be another's by now.
        play.until(closes_at).open(Family::Export, []);
        play.until(900_000);
        assert_eq!((&play.ends[..], play.sent.len()), (&[][..], sent), "closed at {closes_at}");
        assert_eq!(play.given_up.len(), under_way);
    }
}

#[test]
fn who_waits_for_a_slot_is_forgotten_with_its_task() {
    let mut play = Play::with(Settings { max_concurrent: 1, ..Settings::default() }, Family::FileImport, []);
    let other = play.open(Family::Export, []);
    play.look([running().after(1_000)]);
    play.look_at(other, [running()]);
    play.poll_once(other, None, running());
    play.until(500);
    play.watched.close(other, at(500));
    let reused = play.until(500).open(Family::Export, []);
    assert_eq!(reused, other, "the number is free again");
    play.run_out();
    assert_eq!((play.sent.len(), play.ends.len()), (1, 1));
}

/// The driver's clock does not work: it ends all calls by itself. What comes after that begins anew.
#[test]
fn after_all_calls_were_abandoned_a_task_can_be_waited_for_and_closed() {
    let mut play =
        Play::with(Settings { max_concurrent: 2, ..Settings::default() }, Family::FileImport, [complete()]);
    let other = play.open(Family::Export, [running().after(9_000)]);
    for task in [play.task, other] {
        play.wait_for(task, Pace::INTERACTIVE, Some(900_000));
    }
    play.wait_for(other, Pace::BATCH, None);
    play.until(500);
    // Two at a time: two are under way, two are not.
    for task in [play.task, other, play.task] {
        play.look_at(task, [running().after(9_000)]);
    }
    play.until(500);
    let (sent, ended) = (play.sent.len(), play.ends.len());
    play.watched.abandon();
    play.until(1_000);
    assert_eq!((play.sent.len(), play.ends.len()), (sent, ended));
    assert_eq!(play.given_up, [500, 500]);

    play.watched.close(other, at(1_000));
    let caller = play.wait_for(play.task, Pace::INTERACTIVE, Some(500));
    play.until(2_000);
    assert_eq!(play.end_of(caller), (1_000, succeeded()));
    play.watched.close(play.task, at(2_000));
    assert_eq!(play.take_turn(), Output::Idle);
}

#[test]
fn a_task_that_is_not_known_has_no_calls() {
    let mut play = Play::file_import([]);
    play.watched.close(play.task, at(0));
    let engine = &mut play.watched.engine;
    assert_eq!(engine.wait(play.task, at(0), Settings::default().wait()), None);
    assert_eq!(engine.look(play.task, at(0)), None);
    assert_eq!(engine.poll_once(play.task, at(0), None), None);
    assert_eq!(engine.progress(play.task, Pace::INTERACTIVE), None);
    engine.close(play.task, at(0));
    assert_eq!(engine.next(at(0)), Output::Idle);
    assert!(engine.open(Family::Export, Phase::NONE).is_some());
}

#[test]
fn a_wait_that_has_timed_out_is_told_of_the_last_fault() {
    let mut play = Play::file_import([running(), retry(Code::Network)]);
    let caller = play.wait(2_000);
    play.run_out();
    let fault = Some(Fault { of: FaultOf::Task, code: Code::Network });
    let failure = Failure { code: Code::Timeout, fault, retry_after: None, polls: 3 };
    assert_eq!(play.ends, [(2_000, caller, End::Failed(failure))]);
    assert_eq!(play.end_of(caller).1, timed_out());
}

#[test]
fn who_left_hears_nothing() {
    let mut play = Play::file_import([complete().after(10)]);
    let callers = [(); 2].map(|()| play.wait(900_000));
    play.until(9);
    play.come(10);
    play.leave(callers[0]);
    play.until(10);
    assert_eq!(play.told, [(10, callers[1])]);
    assert_eq!((play.end_of(callers[1]).1, play.has_ended(callers[0])), (succeeded(), false));
    assert_eq!(play.given_up, NEVER);
}
