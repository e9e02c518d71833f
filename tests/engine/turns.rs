//! Told before sent: whoever was told something, or left, has a turn of the host's before anything is sent.
//!
//! That nothing is sent sooner is checked at each output of every play: see [`Watched`](crate::watched::Watched).

use hubspot_async_tasks::engine::{Output, Settings, TaskKey};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Pace};

use crate::play::{Caller, How, NEVER, Play};
use crate::say::{complete, pause, retry, running, stop};

fn one_at_a_time() -> Settings {
    Settings { max_concurrent: 1, ..Settings::default() }
}

/// A hundred tasks, each waited for. What is sent for them is answered after a second.
fn hundred() -> (Play, Vec<(TaskKey, Caller)>) {
    let mut play = Play::with(Settings::default(), Family::FileImport, []);
    let tasks: Vec<_> = (0..100).map(|_| play.open(Family::Export, [running().after(1_000)])).collect();
    let waits = tasks.into_iter().map(|task| (task, play.wait_for(task, Pace::INTERACTIVE, None))).collect();
    (play, waits)
}

#[test]
fn nothing_is_sent_for_a_hundred_waits_that_leave_while_news_are_told() {
    let (mut play, waits) = hundred();
    play.until(0);
    assert_eq!(play.sent.len(), 20, "as many as there may be at a time");
    // One after the other, and each time all is done that may be done.
    for (_, caller) in waits {
        play.leave(caller);
        play.take_turn();
    }
    assert_eq!((play.sent.len(), play.given_up.len()), (20, 20));
    play.until(900_000);
    assert_eq!(play.sent.len(), 20);
}

/// As at a listener of the first of them that aborts all.
#[test]
fn nothing_is_sent_for_a_hundred_waits_that_leave_at_the_first_news() {
    let (mut play, waits) = hundred();
    play.until(1_000 - 1);
    play.come(1_000);
    play.answer_now(waits[0].0, running());
    while play.told.is_empty() {
        let output = play.watched.next(crate::play::at(1_000));
        play.take(output);
    }
    for (_, caller) in waits {
        play.leave(caller);
    }
    play.until(900_000);
    assert_eq!(play.sent.len(), 20);
}

#[test]
fn who_leaves_while_told_is_not_polled_for() {
    let mut play = Play::file_import([running()]);
    let caller = play.wait(900_000);
    play.until(1_000).look([running().text(9)]);
    play.take_turn();
    play.come(1_035);
    // The poll is due, and its task has news.
    play.answer_now(play.task, running().text(9));
    assert_eq!(play.take_turn(), Output::NewTurn);
    assert_eq!(play.told.last(), Some(&(1_035, caller)));
    play.leave(caller);
    play.until(900_000);
    assert_eq!(play.asked, [0]);
}

#[test]
fn who_is_told_and_stays_is_polled_for_in_the_next_turn() {
    let mut play = Play::file_import([running(), complete()]);
    play.wait(900_000);
    play.until(1_000).look([running().text(9)]);
    play.take_turn();
    play.come(1_035);
    play.answer_now(play.task, running().text(9));
    // It may be asked for again and again.
    for _ in 0..3 {
        assert_eq!(play.take_turn(), Output::NewTurn);
    }
    play.watched.turn();
    play.take_turn();
    assert_eq!(play.asked, [0, 1_035]);
}

#[test]
fn a_repeat_waits_for_a_turn_too() {
    let mut play = Play::file_import([stop(Code::Unauthorized).after(100).repeatable(), complete()]);
    let other = play.open(Family::Export, []);
    play.wait(900_000);
    play.look_at(other, [running().after(100)]);
    play.until(99);
    play.come(100);
    play.answer_now(other, running());
    play.take_turn();
    play.answer_now(play.task, stop(Code::Unauthorized).repeatable());
    assert_eq!(play.take_turn(), Output::NewTurn, "the look was told");
    assert_eq!(play.asked, [0]);
    play.watched.turn();
    play.take_turn();
    assert_eq!(play.asked, [0, 100]);
    assert!(play.sent.last().is_some_and(|(_, send)| send.is_repeat));
}

#[test]
fn a_last_poll_at_a_deadline_waits_for_a_turn_too() {
    let mut play = Play::file_import([running()]);
    play.wait(5_000);
    play.until(4_999);
    play.come(5_000);
    play.look([running().text(9)]);
    play.take_turn();
    assert_eq!(play.asked.last(), Some(&5_000), "nobody was told anything in this turn");

    let mut play = Play::file_import([running()]);
    play.wait(5_000);
    play.until(4_000).look([running().text(9).after(1_000)]);
    play.until(4_999);
    play.come(5_000);
    play.answer_now(play.task, running().text(9));
    assert_eq!(play.take_turn(), Output::NewTurn);
    assert!(!play.asked.contains(&5_000));
    play.watched.turn();
    play.take_turn();
    assert_eq!(play.asked.last(), Some(&5_000));
}

#[test]
fn after_a_leave_the_next_request_comes_in_a_new_turn() {
    let mut play = Play::with(one_at_a_time(), Family::FileImport, [running().after(1_000)]);
    let other = play.open(Family::Export, [complete()]);
    let first = play.wait(900_000);
    play.until(500).wait_for(other, Pace::INTERACTIVE, None);
    play.leave(first);
    assert_eq!(play.take_turn(), Output::NewTurn);
    assert_eq!((&play.given_up[..], play.sent.len()), (&[500][..], 1));
    play.watched.turn();
    play.take_turn();
    assert_eq!(play.sent.last().map(|(at, send)| (*at, send.task)), Some((500, other)));
}

#[test]
fn where_nobody_was_told_the_request_goes_out_at_once() {
    // A wait and a look; after a reply of which nobody hears; at a repeat.
    let mut play = Play::file_import([]);
    play.watched.turn();
    play.wait(900_000);
    let send = play.watched.next(crate::play::at(0));
    assert!(matches!(send, Output::Send(_)), "{send:?}");

    let silent = [retry(Code::Http), stop(Code::Unauthorized).repeatable()];
    for said in silent {
        let mut play = Play::with(one_at_a_time(), Family::FileImport, [said.after(1_000), running()]);
        let other = play.open(Family::Export, []);
        play.wait(900_000);
        play.until(0).look_at(other, [running()]);
        assert!(matches!(play.take_turn(), Output::WaitUntil(_)));
        play.come(500);
        play.answer_now(play.task, said);
        let send = play.watched.next(crate::play::at(500));
        assert!(matches!(send, Output::Send(_)), "{said:?}: {send:?}");
    }
}

#[test]
fn no_turn_is_wanted_where_nothing_is_to_be_sent() {
    let mut play = Play::file_import([running()]);
    let caller = play.wait(900_000);
    assert!(matches!(play.take_turn(), Output::WaitUntil(_)));
    play.answer_now(play.task, running());
    assert!(matches!(play.take_turn(), Output::WaitUntil(_)));
    assert_eq!(play.told, [(0, caller)]);
    play.leave(caller);
    assert_eq!(play.take_turn(), Output::Idle);
}

/// Between a turn that was wanted and its beginning others may call.
#[test]
fn a_turn_that_began_before_the_news_were_taken_does_not_count() {
    let mut play = Play::with(one_at_a_time(), Family::FileImport, [complete()]);
    let other = play.open(Family::Export, [running()]);
    play.wait(900_000);
    play.until(100);
    let late = play.wait(900_000);
    play.wait_for(other, Pace::INTERACTIVE, None);
    play.watched.turn();
    assert_eq!(play.take_turn(), Output::NewTurn, "it was told just now");
    assert_eq!(play.told.last(), Some(&(100, late)));
    play.watched.turn();
    play.take_turn();
    assert_eq!(play.sent.last().map(|(_, send)| send.task), Some(other));
}

/// The engine decides nothing ahead: what it gives has not been sent before.
#[test]
fn who_leaves_before_its_request_is_taken_is_not_asked_for() {
    let mut play = Play::file_import([]);
    let caller = play.wait(900_000);
    play.leave(caller);
    let look = play.look([]);
    play.leave(look);
    assert_eq!(play.take_turn(), Output::Idle);
    assert_eq!((play.sent.len(), play.asked), (0, NEVER.to_vec()));
}

#[test]
fn who_is_refused_because_of_a_pause_is_told_before_others_are_sent() {
    let mut play = Play::with(one_at_a_time(), Family::FileImport, [pause(Code::RateLimited, 3_000)]);
    let other = play.open(Family::Export, [complete()]);
    let impatient = play.wait(2_000);
    play.take_turn();
    play.wait_for(other, Pace::INTERACTIVE, None);
    play.run_out();
    assert_eq!(play.end_of(impatient), (0, How::Paused(Code::RateLimited, 3_000)));
    assert_eq!(play.sent.last().map(|(at, send)| (*at, send.task)), Some((3_000, other)));
}
