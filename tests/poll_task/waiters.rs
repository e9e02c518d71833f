//! Several who wait for one task, and those who leave.

use hubspot_async_tasks::poll::{Code, Pace, Schedule, Settled, Step};

use crate::play::{Play, at, complete, ms, running, stop, succeeded, theory};

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
fn the_shorter_interval_wins_while_the_eager_one_waits() {
    for eager_first in [true, false] {
        let mut play = Play::file_import([running()]);
        let schedules =
            if eager_first { [Schedule::default(), batch()] } else { [batch(), Schedule::default()] };
        let waiters = schedules.map(|schedule| play.join(schedule, None));
        play.until(60_000);
        assert_eq!(play.asked, theory(Schedule::default(), 0, 60_000));

        play.poll.leave(waiters[usize::from(!eager_first)]);
        play.until(600_000);
        let expected = theory(batch(), 59_938, 600_000);
        assert_eq!(play.asked[play.asked.len() - expected.len()..], expected);
    }
}

#[test]
fn an_eager_waiter_that_joins_late_brings_the_next_poll_forward() {
    let lazy = Schedule { min: ms(60_000), ..Schedule::default() };
    let mut play = Play::file_import([running()]);
    play.join(lazy, None);
    play.until(30_000).wait(900_000);
    play.until(31_500);
    // The lazy one's next poll was due at 62,137; the eager one's would have been due long ago.
    assert_eq!(play.asked, [0, 30_000]);
}

#[test]
fn each_waiter_has_its_own_deadline() {
    let mut play = Play::file_import([running()]);
    let waiters = [2_500, 0, 7_000, 2_500].map(|timeout| play.wait(timeout));
    let endless = play.join(Schedule::default(), None);
    play.until(20_000);
    let ends = waiters.map(|waiter| play.end_of(waiter));
    assert_eq!(ends, [2_500, 0, 7_000, 2_500].map(|end| (end, Settled::TimedOut)));
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
    assert_eq!(play.end_of(second), (9_000, Settled::TimedOut));
    assert_eq!(play.end_of(first), (10_000, Settled::TimedOut));
}

#[test]
fn a_waiter_that_leaves_does_not_end_the_others_wait() {
    // While the task is between polls, and while a request is in flight.
    for (latency, leaves_at) in [(0, 1_500), (400, 1_600)] {
        let mut play = Play::file_import([running().after(latency), running().after(latency), complete()]);
        let leaver = play.wait(900_000);
        let stayer = play.wait(900_000);
        play.until(leaves_at).poll.leave(leaver);
        play.run_out();
        assert!(!play.has_ended(leaver));
        assert_eq!(play.end_of(stayer).1, succeeded());
        assert_eq!(play.asked.len(), 3);
    }
}

#[test]
fn nothing_is_asked_after_the_last_waiter_has_left() {
    let mut play = Play::file_import([running()]);
    let waiters = [(); 3].map(|()| play.wait(900_000));
    play.until(3_000);
    for waiter in waiters {
        play.poll.leave(waiter);
    }
    play.until(2_000_000);
    assert_eq!(play.asked, [0, 1035, 2088]);
    assert!(play.settled.is_empty() && !play.poll.has_waiters());
}

#[test]
fn a_poller_that_was_left_can_be_used_again() {
    let mut play = Play::file_import([running(), running().after(5_000), running(), complete()]);
    let leaver = play.wait(900_000);
    play.until(1_500).poll.leave(leaver);
    let (late, answer) = play.break_off();
    play.until(4_000);
    let back = play.wait(900_000);
    assert!(
        !play.poll.answered(late, at(4_000), &answer.verdict, answer.about),
        "nobody waits for that answer"
    );
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
    let forbidden = Settled::Stopped(Code::Forbidden);
    assert_eq!(play.end_of(refused), (0, forbidden));
    assert_eq!(play.end_of(admitted), (8_000, succeeded()));
}

#[test]
fn a_waiter_that_leaves_with_its_end_untold_is_not_told() {
    let mut play = Play::file_import([complete().after(10)]);
    let waiters = [(); 2].map(|()| play.wait(900_000));
    play.until(5);
    let (request, answer) = play.break_off();
    assert!(play.poll.answered(request, at(10), &answer.verdict, answer.about));
    play.poll.leave(waiters[0]);
    assert_eq!(play.poll.step(at(10), None), Step::Settle(waiters[1], succeeded()));
    assert_eq!(play.poll.step(at(10), None), Step::Idle);
    play.poll.leave(waiters[1]);
    assert_eq!(play.poll.step(at(10), None), Step::Idle);
}
