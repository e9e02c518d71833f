//! How a task ends, and what happens after that.

use hubspot_async_tasks::engine::{Ending, Engine, EventKind, Kept, Output, Reply, RequestId};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::model::TaskState;
use hubspot_async_tasks::poll::{Code, Envelope, Outcome, Phase, Span, Standing, Timestamp};

use crate::play::{How, Play, START, at, ms, succeeded};
use crate::say::{complete, empty, envelope, retry, running, status, stop};

#[test]
fn decisions_and_models_know_the_same_words() {
    let table = [
        (TaskState::Pending, Standing::Queued),
        (TaskState::Processing, Standing::Processing),
        (TaskState::Complete, Standing::Complete),
        (TaskState::Canceled, Standing::Canceled),
    ];
    for (state, standing) in table {
        assert_eq!(Family::Export.standing(state.as_str()), standing);
    }
}

/// How a wait ends when its task does.
fn ended(outcome: Outcome, detection_delay: Option<Span>) -> How {
    match outcome {
        Outcome::Failed => How::Failed(Code::Failed),
        Outcome::Canceled => How::Failed(Code::Canceled),
        _ => How::Ended { outcome, detection_delay },
    }
}

#[test]
fn a_task_ends_as_its_status_says() {
    let of = |standing, has_errors, has_result| Envelope { has_errors, has_result, ..envelope(standing) };
    let table = [
        (Family::FileImport, of(Standing::Complete, false, true), Outcome::Succeeded),
        (Family::FileImport, of(Standing::Complete, true, true), Outcome::SucceededWithErrors),
        (Family::FileImport, of(Standing::Complete, true, false), Outcome::Failed),
        (Family::FolderUpdate, of(Standing::Complete, false, false), Outcome::Failed),
        (Family::SourceCodeExtract, of(Standing::Complete, false, false), Outcome::Succeeded),
        (Family::Export, of(Standing::Canceled, false, false), Outcome::Canceled),
    ];
    for (family, envelope, outcome) in table {
        let mut play = Play::new(family, [running(), status(envelope)]);
        let caller = play.wait(900_000);
        play.run_out();
        assert_eq!(play.end_of(caller), (1035, ended(outcome, None)), "{family:?} {envelope:?}");
        assert_eq!(play.asked, [0, 1035]);
    }
}

#[test]
fn a_task_that_ends_at_the_deadline_has_ended() {
    let mut play = Play::file_import([complete().after(10)]);
    let caller = play.wait(0);
    play.run_out();
    assert_eq!(play.end_of(caller), (10, succeeded()));
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
        (Some(START - 1), Some(START - 1), Some(1_001)),
        // Clocks that do not: the answer was under way for a second.
        (Some(START - 1_001), Some(START - 1_001), Some(0)),
        // Without the server's clock the local one has to do.
        (None, Some(START + 400), Some(600)),
        (None, Some(START + 5_000), Some(0)),
        (None, None, None),
    ];
    for (server_time, completed_at, expected) in table {
        let completed_at = completed_at.map(Timestamp::from_ms);
        let said = status(Envelope { completed_at, ..envelope(Standing::Complete) });
        let server_time = server_time.map(Timestamp::from_ms);
        let mut play = Play::file_import([said.date(server_time).after(1_000)]);
        let caller = play.wait(900_000);
        play.run_out();
        let detection_delay = expected.map(ms);
        let expected = How::Ended { outcome: Outcome::Succeeded, detection_delay };
        assert_eq!(play.end_of(caller).1, expected, "{server_time:?} {completed_at:?}");
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
    for (family, envelope, outcome) in table {
        let mut play = Play::new(family, [status(envelope).after(200)]);
        play.wait(900_000);
        play.run_out();
        let late = play.until(100_000).wait(900_000);
        play.run_out();
        let detection_delay = Some(ms(200));
        assert_eq!(play.end_of(late), (100_000, ended(outcome, detection_delay)), "{family:?}");
        assert_eq!(play.told.last(), Some(&(100_000, late)), "with the newest status");
        assert_eq!(play.asked, [0], "{family:?}");
        let finished = EventKind::Finished { how: Ending::Task(outcome), polls: 1, detection_delay };
        assert_eq!(play.events.last().map(|(_, event)| event.kind), Some(finished));
    }
}

#[test]
fn a_finished_export_is_asked_once_more() {
    let mut play = Play::new(Family::Export, [complete(), running(), complete()]);
    let first = play.wait(900_000);
    play.run_out();
    // Long before its next poll was due.
    let callers = [(); 2].map(|()| play.until(300).wait(900_000));
    play.until(300);
    assert_eq!((&play.asked[..], play.end_of(first)), (&[0, 300][..], (0, succeeded())));
    // The answer counts as it comes: here the server has forgotten that the task was over.
    assert!(!play.has_ended(callers[0]));
    play.run_out();
    assert_eq!(play.asked.len(), 3);
    assert_eq!(play.end_of(callers[0]), play.end_of(callers[1]));
}

#[test]
fn an_overtaken_answer_does_not_make_a_finished_task_run_again() {
    let mut play = Play::file_import([running().after(1_000)]);
    play.wait(900_000);
    play.until(100);
    let older = play.look([running().text(5).after(200)]);
    play.until(110);
    let newer = play.look([complete().after(90)]);
    play.until(200);
    assert_eq!(play.end_of(newer), (200, How::Seen));
    play.run_out();
    assert_eq!(play.end_of(older), (300, How::Seen));
    let late = play.wait(900_000);
    play.run_out();
    assert_eq!(play.end_of(late), (300, succeeded()));
    assert_eq!(play.told.iter().filter(|(at, _)| *at < 300).count(), 1, "no news");
    assert_eq!(play.asked, [0]);
}

#[test]
fn an_overtaken_poll_counts_as_a_poll_but_is_no_news() {
    let mut play = Play::file_import([running().after(1_000)]);
    let caller = play.wait(900_000);
    play.until(100);
    play.look([running().text(5).after(100)]);
    play.until(1_000);
    assert_eq!(play.polls(), 1);
    assert_eq!(play.told, [(200, caller)]);
    assert!(!play.has_ended(caller));
}

#[test]
fn a_look_outside_the_schedule_ends_the_wait_when_the_task_is_over() {
    for in_flight in [false, true] {
        let mut play = Play::file_import([running().after(if in_flight { 5_000 } else { 0 })]);
        let caller = play.wait(900_000);
        play.until(600);
        play.look([complete().after(100)]);
        play.run_out();
        assert_eq!((&play.asked[..], play.end_of(caller)), (&[0][..], (700, succeeded())));
        assert_eq!(play.polls(), u32::from(!in_flight), "a look is not a poll");
        assert_eq!(play.given_up.len(), usize::from(in_flight), "nobody wants the poll's answer");
    }
}

#[test]
fn a_look_outside_the_schedule_changes_nothing_when_it_fails() {
    for said in [retry(Code::Network), stop(Code::Forbidden), empty(), running()] {
        let mut play = Play::file_import([running()]);
        let caller = play.wait(900_000);
        for look_at in [100, 200, 300, 400, 500, 600] {
            play.until(look_at).look([said]);
        }
        play.until(5_544);
        assert_eq!(play.asked, [0, 1035, 2088, 3584, 5544], "{said:?}");
        assert!(!play.has_ended(caller));
    }
}

#[test]
fn an_answer_that_nobody_asked_for_is_no_news() {
    let mut engine = Engine::new(Default::default());
    let task = engine.open(Family::FileImport, Phase::NONE).expect("a task");
    let number = |number| RequestId::numbered(number).expect("not 0");
    let done = Reply { answer: complete().answer(), ..Reply::default() };
    assert_eq!(engine.reply(number(1), at(0), &done), Kept::default());
    let call = engine.wait(task, at(0), Default::default()).expect("a call");
    let Output::Send(send) = engine.next(at(0)) else { panic!("the first poll is at once") };
    assert_eq!(engine.reply(number(send.request.number() + 1), at(0), &done), Kept::default());
    assert!(matches!(engine.next(at(0)), Output::WaitUntil(_)), "still under way");
    assert_eq!(
        engine.reply(send.request, at(0), &done),
        Kept { status: true, fault: true, end: true, ..Kept::default() }
    );
    assert_eq!(engine.reply(send.request, at(0), &done), Kept::default(), "answered twice");
    assert_eq!(engine.next(at(0)), Output::Status(call));
    let Output::Finished(finished, how) = engine.next(at(0)) else { panic!("the task is over") };
    assert_eq!((finished, how.polls), (call, 1));
    assert_eq!(engine.next(at(0)), Output::Idle);
}

/// The newest status and the task's end must agree: a wait that ends at once hands out the newest status.
#[test]
fn a_newer_status_that_is_running_again_is_news_and_ends_the_end() {
    let mut play = Play::file_import([complete(), running()]);
    play.wait(900_000);
    play.run_out();
    play.until(1_000).look([running()]);
    let caller = play.until(2_000).wait(0);
    play.run_out();
    assert_eq!((play.end_of(caller).1, &play.asked[..]), (How::Failed(Code::Timeout), &[0, 2_000][..]));
}
