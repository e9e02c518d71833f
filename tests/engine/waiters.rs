//! Several who wait for one task, and those who leave.

use hubspot_async_tasks::poll::{Code, Pace, Schedule};

use crate::play::{How, Play, succeeded, theory, timed_out};
use crate::say::{complete, running, stop};

fn batch() -> Schedule {
    Schedule { pace: Pace::BATCH, ..Schedule::default() }
}

#[test]
fn a_second_waiter_shares_the_polls() {
    let mut play = Play::file_import(vec![running(); 5].into_iter().chain([complete()]));
    let first = play.wait(900_000);
    let second = play.until(3_000).wait(900_000);
    play.run_out();
    assert_eq!(play.asked, [0, 1035, 2088, 3584, 5544, 7982]);
    assert_eq!(play.end_of(first), (7982, succeeded()));
    assert_eq!(play.end_of(second), (7982, succeeded()));
}

#[test]
fn a_waiter_that_joins_while_a_request_is_in_flight_takes_its_answer() {
    let mut play = Play::file_import([complete().after(500)]);
    let first = play.wait(900_000);
    let second = play.until(499).wait(900_000);
    play.run_out();
    assert_eq!(play.asked, [0]);
    assert_eq!((play.end_of(first), play.end_of(second)), ((500, succeeded()), (500, succeeded())));
}

#[test]
fn the_most_eager_pace_counts_while_the_eager_one_waits() {
    for eager_first in [true, false] {
        let mut play = Play::file_import([running()]);
        let paces = [Pace::INTERACTIVE, Pace::BATCH];
        let paces = if eager_first { paces } else { [paces[1], paces[0]] };
        let callers = paces.map(|pace| play.join(pace, None));
        play.until(60_000);
        assert_eq!(play.asked, theory(Schedule::default(), 0, 60_000));

        play.leave(callers[usize::from(!eager_first)]);
        play.until(600_000);
        let expected = theory(batch(), 59_938, 600_000);
        assert_eq!(play.asked[play.asked.len() - expected.len()..], expected);
    }
}

/// Of many paces, each in its turn.
#[test]
fn whoever_is_the_most_eager_of_those_left_sets_the_pace() {
    let pace = |k: u32| Pace::new(k.into()).expect("a pace");
    let mut play = Play::file_import([running()]);
    let callers = [3, 1, 4, 1, 5, 2].map(|k| play.join(pace(k), None));
    play.until(100_000);
    // Who leaves, and the most eager pace that is left.
    for (leaves, left) in [(1, 1), (0, 1), (3, 2), (5, 4), (4, 4)] {
        let last = *play.asked.last().expect("a poll");
        let leaver = callers[leaves];
        play.leave(leaver);
        play.until(last + 200_000);
        let schedule = Schedule { pace: pace(left), ..Schedule::default() };
        let expected = theory(schedule, last, last + 200_000);
        assert_eq!(play.asked[play.asked.len() - expected.len()..], expected, "k = {left}");
    }
}

#[test]
fn an_eager_waiter_that_joins_late_brings_the_next_poll_forward() {
    let lazy = Pace::new(58.0).expect("a pace");
    let mut play = Play::file_import([running()]);
    play.join(lazy, None);
    play.until(30_000).wait(900_000);
    play.until(31_500);
    // The lazy one's next poll was due at 62,141; the eager one's would have been due long ago.
    assert_eq!(play.asked, [0, 1035, 30_000]);
}

#[test]
fn each_waiter_has_its_own_deadline() {
    let mut play = Play::file_import([running()]);
    let callers = [2_500, 0, 7_000, 2_500].map(|timeout| play.wait(timeout));
    let endless = play.join(Pace::INTERACTIVE, None);
    play.until(20_000);
    let ends = callers.map(|caller| play.end_of(caller));
    assert_eq!(ends, [2_500, 0, 7_000, 2_500].map(|end| (end, timed_out())));
    for deadline in [0, 2_500, 7_000] {
        assert_eq!(play.asked.iter().filter(|asked| **asked == deadline).count(), 1, "at {deadline}");
    }
    assert!(!play.has_ended(endless));
}

#[test]
fn a_deadline_counts_from_its_own_join() {
    let mut play = Play::file_import([running()]);
    let first = play.wait(10_000);
    let second = play.until(4_000).wait(5_000);
    play.run_out();
    assert_eq!(play.end_of(second), (9_000, timed_out()));
    assert_eq!(play.end_of(first), (10_000, timed_out()));
}

#[test]
fn a_waiter_that_leaves_does_not_end_the_others_wait() {
    // While the task is between polls, and while a request is in flight.
    for (latency, leaves_at) in [(0, 1_500), (400, 1_600)] {
        let mut play = Play::file_import([running().after(latency), running().after(latency), complete()]);
        let leaver = play.wait(900_000);
        let stayer = play.wait(900_000);
        play.until(leaves_at).leave(leaver);
        play.run_out();
        assert!(!play.has_ended(leaver));
        assert_eq!(play.end_of(stayer).1, succeeded());
        assert_eq!((play.asked.len(), &play.given_up[..]), (3, &[][..]));
    }
}

#[test]
fn nothing_is_asked_after_the_last_waiter_has_left() {
    let mut play = Play::file_import([running()]);
    let callers = [(); 3].map(|()| play.wait(900_000));
    play.until(3_000);
    for caller in callers {
        play.leave(caller);
    }
    play.until(2_000_000);
    assert_eq!(play.asked, [0, 1035, 2088]);
    assert_eq!(play.ends, []);
}

#[test]
fn a_task_that_was_left_can_be_waited_for_again() {
    let mut play = Play::file_import([running(), running().after(5_000), running(), complete()]);
    let leaver = play.wait(900_000);
    play.until(1_500).leave(leaver);
    play.until(1_500);
    assert_eq!(play.given_up, [1_500], "nobody waits for that answer");
    let back = play.until(4_000).wait(900_000);
    play.run_out();
    // Overdue, so at once; then the schedule goes on with the task's age.
    assert_eq!(play.asked, [0, 1035, 4_000, 6_071]);
    assert_eq!(play.end_of(back), (6_071, succeeded()));
    assert!(!play.has_ended(leaver));
}

#[test]
fn a_wait_after_a_stopping_fault_begins_anew() {
    let mut play = Play::file_import([stop(Code::Forbidden), complete()]);
    let refused = play.wait(900_000);
    play.run_out();
    let admitted = play.until(8_000).wait(900_000);
    play.run_out();
    assert_eq!(play.end_of(refused), (0, How::Failed(Code::Forbidden)));
    assert_eq!(play.end_of(admitted), (8_000, succeeded()));
}

#[test]
fn who_rests_sends_nothing_and_hears_how_the_task_goes() {
    let mut play = Play::file_import([running(), running().text(7), complete()]);
    let resting = play.wait(900_000);
    let looking = play.wait(900_000);
    play.until(500).rest(resting);
    play.until(1_500).rest(looking);
    play.until(100_000);
    assert_eq!(play.asked, [0, 1035]);
    assert_eq!(play.told.iter().filter(|(_, caller)| *caller == resting).count(), 2);
    play.attend(looking);
    play.until(100_000);
    assert_eq!((&play.asked[..], play.end_of(resting)), (&[0, 1035, 100_000][..], (100_000, succeeded())));
}

#[test]
fn a_poll_for_those_who_rest_from_now_on_is_given_up() {
    let mut play = Play::file_import([running().after(5_000), complete()]);
    let callers = [(); 2].map(|()| play.wait(900_000));
    play.until(1_000).rest(callers[0]);
    play.until(1_000);
    assert!(play.given_up.is_empty());
    play.rest(callers[1]);
    play.until(2_000);
    assert_eq!(play.given_up, [1_000]);
    play.attend(callers[0]);
    play.run_out();
    assert_eq!(play.end_of(callers[1]), (2_000, succeeded()));
}

#[test]
fn a_deadline_goes_on_for_one_who_rests() {
    let mut play = Play::file_import([running()]);
    let [late, in_time] = [5_000, 8_000].map(|timeout| play.wait(timeout));
    play.until(500);
    play.rest(late);
    play.rest(in_time);
    play.until(8_000);
    assert!(!play.has_ended(late) && !play.has_ended(in_time), "nobody asks how it goes");
    play.attend(late);
    play.attend(in_time);
    play.run_out();
    assert_eq!((play.end_of(late), play.end_of(in_time)), ((8_000, timed_out()), (8_000, timed_out())));
    assert_eq!(play.asked, [0, 8_000], "at the deadline the last poll is sent");
}
