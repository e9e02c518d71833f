//! How a task ends, and what happens after that.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::model::TaskState;
use hubspot_async_tasks::poll::{
    Answered, Code, Envelope, Outcome, Schedule, Settled, Span, Standing, Step, Timestamp, Verdict,
};

use crate::play::{
    Play, START, Say, WORKING_SET_UP, at, complete, envelope, ms, retry, running, say, stop, succeeded,
};

fn ended(outcome: Outcome) -> Settled {
    Settled::Ended { outcome, detection_delay: None }
}

#[test]
fn decisions_and_models_know_the_same_words() {
    let table = [
        (TaskState::Pending, Standing::Running),
        (TaskState::Processing, Standing::Processing),
        (TaskState::Complete, Standing::Complete),
        (TaskState::Canceled, Standing::Canceled),
    ];
    for (state, standing) in table {
        assert_eq!(Standing::of(state.as_str()), standing);
    }
}

#[test]
fn a_task_ends_as_its_status_says() {
    let status = |standing, has_errors, has_result| Envelope { has_errors, has_result, ..envelope(standing) };
    let table = [
        (Family::FileImport, status(Standing::Complete, false, true), Outcome::Succeeded),
        (Family::FileImport, status(Standing::Complete, true, true), Outcome::SucceededWithErrors),
        (Family::FileImport, status(Standing::Complete, true, false), Outcome::Failed),
        (Family::FolderUpdate, status(Standing::Complete, false, false), Outcome::Failed),
        (Family::SourceCodeExtract, status(Standing::Complete, false, false), Outcome::Succeeded),
        (Family::Export, status(Standing::Canceled, false, false), Outcome::Canceled),
    ];
    for (family, status, outcome) in table {
        let mut play = Play::new(family, [running(), say(Verdict::Status(status))]);
        let waiter = play.wait(900_000);
        play.run_out();
        assert_eq!(play.end_of(waiter), (1035, ended(outcome)), "{family:?} {status:?}");
        assert_eq!(play.asked, [0, 1035]);
    }
}

#[test]
fn a_task_that_ends_at_the_deadline_has_ended() {
    let mut play = Play::file_import([complete().after(10)]);
    let waiter = play.wait(0);
    play.run_out();
    assert_eq!(play.end_of(waiter), (10, succeeded()));
}

#[test]
fn detection_delay_is_never_negative() {
    const SERVER: u64 = 50_000;
    // The server's clock and `completedAt`, both as that clock has them, and the delay in milliseconds.
    let table = [
        (Some(SERVER), Some(SERVER - 700), Some(700)),
        (Some(SERVER), Some(SERVER), Some(0)),
        (Some(SERVER), Some(SERVER + 1), Some(0)),
        (Some(SERVER), None, None),
        // Clocks that agree: the header has whole seconds only, the local clock has more.
        (Some(START), Some(START + 400), Some(600)),
        (Some(START - 1_001), Some(START - 1_001), Some(0)),
        // Without the server's clock the local one has to do.
        (None, Some(START + 400), Some(600)),
        (None, Some(START + 5_000), Some(0)),
        (None, None, None),
    ];
    for (server_time, completed_at, expected) in table {
        let status =
            Envelope { completed_at: completed_at.map(Timestamp::from_ms), ..envelope(Standing::Complete) };
        let about = Answered { server_time: server_time.map(Timestamp::from_ms), ..WORKING_SET_UP };
        let mut play = Play::file_import([Say { about, ..say(Verdict::Status(status)) }.after(1_000)]);
        let waiter = play.wait(900_000);
        play.run_out();
        let detection_delay = expected.map(ms);
        assert_eq!(
            play.end_of(waiter).1,
            Settled::Ended { outcome: Outcome::Succeeded, detection_delay },
            "{server_time:?} {completed_at:?}"
        );
    }
}

#[test]
fn a_finished_task_is_not_asked_again() {
    let completed_at = Some(at(0));
    let done = |standing| Envelope { completed_at, ..envelope(standing) };
    let failed = Envelope { has_result: false, ..done(Standing::Complete) };
    let table = [
        (Family::FileImport, done(Standing::Complete), Outcome::Succeeded),
        (Family::FolderUpdate, done(Standing::Complete), Outcome::Succeeded),
        (Family::SourceCodeExtract, failed, Outcome::Succeeded),
        (Family::FileImport, failed, Outcome::Failed),
        (Family::Export, failed, Outcome::Failed),
        (Family::Export, done(Standing::Canceled), Outcome::Canceled),
    ];
    for (family, status, outcome) in table {
        let mut play = Play::new(family, [say(Verdict::Status(status)).after(200)]);
        play.wait(900_000);
        play.run_out();
        let late = play.until(100_000).wait(900_000);
        play.run_out();
        let expected = Settled::Ended { outcome, detection_delay: Some(ms(200)) };
        assert_eq!(play.end_of(late), (100_000, expected), "{family:?}");
        assert_eq!(play.asked, [0], "{family:?}");
        assert!(!play.poll.has_waiters());
    }
}

#[test]
fn a_finished_export_is_asked_once_more() {
    let mut play = Play::new(Family::Export, [complete(), running(), complete()]);
    let first = play.wait(900_000);
    play.run_out();
    // Long before its next poll was due.
    let waiters = [(); 2].map(|()| play.until(300).wait(900_000));
    play.until(300);
    assert_eq!((&play.asked[..], play.end_of(first)), (&[0, 300][..], (0, succeeded())));
    // The answer counts as it comes: here the server has forgotten that the task was over.
    assert!(!play.has_ended(waiters[0]));
    play.run_out();
    assert_eq!(play.asked.len(), 3);
    assert_eq!(play.end_of(waiters[0]), play.end_of(waiters[1]));
}

#[test]
fn an_overtaken_answer_does_not_make_a_finished_task_run_again() {
    let mut play = Play::file_import([running().after(1_000)]);
    play.wait(900_000);
    play.until(100);
    let look = play.poll.send(at(100));
    let newer = play.poll.send(at(110));
    assert!(play.poll.observed(newer, at(200), &complete().verdict, WORKING_SET_UP));
    assert!(!play.poll.observed(look, at(300), &running().verdict, WORKING_SET_UP), "no news");
    play.run_out();
    let late = play.wait(900_000);
    play.run_out();
    assert_eq!(play.end_of(late).1, succeeded());
    assert_eq!(play.asked, [0]);
}

#[test]
fn an_overtaken_poll_counts_as_a_poll_but_is_no_news() {
    let mut play = Play::file_import([running().after(1_000)]);
    let waiter = play.wait(900_000);
    play.until(100);
    let (poll, answer) = play.break_off();
    let look = play.poll.send(at(100));
    assert!(play.poll.observed(look, at(200), &running().verdict, WORKING_SET_UP));
    assert!(!play.poll.answered(poll, at(1_000), &answer.verdict, answer.about));
    assert_eq!(play.poll.polls(), 1);
    assert!(!play.has_ended(waiter));
}

#[test]
fn a_look_outside_the_schedule_ends_the_wait_when_the_task_is_over() {
    for in_flight in [false, true] {
        let mut play = Play::file_import([running().after(if in_flight { 5_000 } else { 0 })]);
        let waiter = play.wait(900_000);
        play.until(600);
        let look = play.poll.send(at(600));
        play.until(700);
        assert!(play.poll.observed(look, at(700), &complete().verdict, WORKING_SET_UP));
        play.run_out();
        assert_eq!((&play.asked[..], play.end_of(waiter)), (&[0][..], (700, succeeded())));
        assert_eq!(play.poll.polls(), u32::from(!in_flight), "a look is not a poll");
    }
}

#[test]
fn a_look_outside_the_schedule_changes_nothing_when_it_fails() {
    let fault = Say { about: Answered::default(), ..retry(Code::Network) };
    for said in [fault, stop(Code::Forbidden), say(Verdict::Empty), running()] {
        let mut play = Play::file_import([running()]);
        let waiter = play.wait(900_000);
        for look_at in [100, 200, 300, 400, 500, 600] {
            let look = play.until(look_at).poll.send(at(look_at));
            let is_news = play.poll.observed(look, at(look_at), &said.verdict, said.about);
            assert_eq!(is_news, said.verdict == running().verdict);
        }
        play.until(5_544);
        assert_eq!(play.asked, [0, 1035, 2088, 3584, 5544], "{:?}", said.verdict);
        assert!(!play.has_ended(waiter));
    }
}

#[test]
fn an_answer_that_nobody_asked_for_is_no_news() {
    let mut play = Play::file_import([complete()]);
    assert!(!play.poll.answered(1, at(0), &complete().verdict, WORKING_SET_UP));
    let waiter = play.wait(900_000);
    assert_eq!(play.poll.step(at(0), None), Step::Ask(1));
    for other in [0, 2] {
        assert!(!play.poll.answered(other, at(0), &complete().verdict, WORKING_SET_UP), "number {other}");
    }
    assert_eq!(play.poll.step(at(0), None), Step::Idle);
    assert!(play.poll.answered(1, at(0), &complete().verdict, WORKING_SET_UP));
    assert!(!play.poll.answered(1, at(0), &complete().verdict, WORKING_SET_UP), "answered twice");
    assert_eq!(play.poll.step(at(0), None), Step::Settle(waiter, succeeded()));
    assert_eq!(play.poll.polls(), 1);
}

/// The newest status and the task's end must agree: a wait that ends at once hands out the newest status.
#[test]
fn a_newer_status_that_is_running_again_is_either_no_news_or_ends_the_end() {
    let mut play = Play::file_import([complete()]);
    play.wait(900_000);
    play.run_out();
    let look = play.poll.send(at(1_000));
    let is_news = play.poll.observed(look, at(1_000), &running().verdict, WORKING_SET_UP);
    play.poll.join(at(2_000), Schedule::default(), Some(Span::ZERO), ());
    let ends_at_once = matches!(play.poll.step(at(2_000), None), Step::Settle(_, Settled::Ended { .. }));
    assert_eq!(ends_at_once, !is_news);
}
