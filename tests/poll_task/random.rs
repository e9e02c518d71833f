//! Random waiters, answers, pauses and times: what holds whatever happens.

use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{
    Answered, Code, Envelope, Pace, Pause, Schedule, Standing, Step, TaskPoll, Verdict, WaiterId,
};
use proptest::prelude::*;

use crate::play::{at, ms};

#[derive(Clone, Debug)]
enum Event {
    Join {
        pace: f64,
        timeout: Option<u64>,
    },
    /// The waiter of that number, whether it still waits or not.
    Leave(usize),
    Answer(Verdict, Answered),
    /// A look outside the schedule, answered at once or overtaken by what comes next.
    Look {
        verdict: Verdict,
        is_overtaken: bool,
    },
    Pause(u64),
    Pass(u64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Waits,
    Settled,
    Left,
}

/// One task, with what its client knows.
struct World {
    poll: TaskPoll,
    now: u64,
    pause: Option<Pause>,
    in_flight: Option<u32>,
    waiters: Vec<(WaiterId, State, Option<u64>)>,
}

impl World {
    fn waiting(&self) -> impl Iterator<Item = &(WaiterId, State, Option<u64>)> {
        self.waiters.iter().filter(|(_, state, _)| *state == State::Waits)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Join { pace, timeout } => {
                let schedule = Schedule { pace: Pace::new(pace).expect("a pace"), ..Schedule::default() };
                let id = self.poll.join(at(self.now), schedule, timeout.map(ms), ());
                self.waiters.push((id, State::Waits, timeout.map(|timeout| self.now + timeout)));
            }
            Event::Leave(number) => {
                let count = self.waiters.len().max(1);
                if let Some((id, state, _)) = self.waiters.get_mut(number % count) {
                    self.poll.leave(*id);
                    *state = if *state == State::Settled { State::Settled } else { State::Left };
                }
                // A client breaks a request off that nobody waits for.
                if !self.poll.has_waiters() {
                    self.in_flight = None;
                }
            }
            Event::Answer(verdict, about) => {
                if let Some(request) = self.in_flight.take() {
                    self.poll.answered(request, at(self.now), &verdict, about);
                    self.demand(&verdict);
                }
            }
            Event::Look { verdict, is_overtaken } => {
                let look = self.poll.send(at(self.now));
                if is_overtaken {
                    self.poll.send(at(self.now));
                }
                self.poll.observed(look, at(self.now), &verdict, Answered::default());
                self.demand(&verdict);
                // The task may be over; then the client drops its request.
                if !self.poll.has_waiters() {
                    self.in_flight = None;
                }
            }
            Event::Pause(lasts) => self.demand(&Verdict::Pause { code: Code::Migrating, lasts: ms(lasts) }),
            Event::Pass(span) => {
                let end = self.now + span;
                while let Some(wake) = self.settle_down().filter(|wake| *wake <= end) {
                    self.now = wake;
                }
                self.now = end;
            }
        }
        self.settle_down();
    }

    fn demand(&mut self, verdict: &Verdict) {
        if let Verdict::Pause { code, lasts } = *verdict {
            self.pause = Some(Pause::longest(self.pause, Pause { until: at(self.now).plus(lasts), code }));
        }
    }

    /// Takes the steps that can be taken now, checks each, and says when the next is due.
    fn settle_down(&mut self) -> Option<u64> {
        let now = at(self.now);
        for _ in 0..1_000 {
            match self.poll.step(now, self.pause) {
                Step::Settle(id, _) => {
                    let waiter =
                        self.waiters.iter_mut().find(|(waiter, ..)| *waiter == id).expect("a waiter");
                    assert_eq!(waiter.1, State::Waits, "settled twice, or after it had left");
                    waiter.1 = State::Settled;
                }
                Step::Ask(request) => {
                    assert_eq!(self.in_flight, None, "two requests in flight");
                    assert!(self.waiting().next().is_some(), "asked for nobody");
                    assert!(self.waiting().all(|(_, _, deadline)| deadline.is_none_or(|at| self.now <= at)));
                    assert_eq!(Pause::still(self.pause, now), None, "asked during a pause");
                    self.in_flight = Some(request);
                }
                Step::WaitUntil(instant) => {
                    assert!(instant > now, "waits for the past");
                    assert!(self.in_flight.is_none() && self.waiting().next().is_some(), "waits for nothing");
                    let first_deadline = self.waiting().filter_map(|(_, _, deadline)| *deadline).min();
                    assert!(first_deadline.is_none_or(|deadline| instant <= at(deadline)), "sleeps too long");
                    return Some(instant.as_ms() - at(0).as_ms());
                }
                Step::Idle => {
                    let waits = self.waiting().next().is_some();
                    assert_eq!(waits, self.poll.has_waiters());
                    assert!(!waits || self.in_flight.is_some(), "nobody will ever ask");
                    return None;
                }
            }
        }
        panic!("steps without end");
    }
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    let standing = prop_oneof![
        6 => Just(Standing::Running),
        1 => Just(Standing::Complete),
        1 => Just(Standing::Canceled)
    ];
    let instant = || prop::option::of(0..200_000_u64).prop_map(|ms| ms.map(at));
    let status = (standing, any::<bool>(), any::<bool>(), instant(), instant()).prop_map(
        |(standing, has_errors, has_result, requested_at, completed_at)| {
            Verdict::Status(Envelope {
                standing,
                has_errors,
                has_result,
                requested_at,
                started_at: None,
                completed_at,
            })
        },
    );
    let code = prop::sample::select(vec![Code::Network, Code::InvalidResponse, Code::Http]);
    prop_oneof![
        8 => status,
        1 => Just(Verdict::Empty),
        4 => (code, 0..5_000_u64).prop_map(|(code, at_least)| Verdict::Retry { code, at_least: ms(at_least) }),
        1 => (0..120_000_u64).prop_map(|lasts| Verdict::Pause { code: Code::RateLimited, lasts: ms(lasts) }),
        1 => Just(Verdict::Stop(Code::Forbidden)),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let about = (prop::option::of(0..300_000_u64), prop::option::of(0..100_000_u64), any::<bool>()).prop_map(
        |(server, retry_after, set_up_works)| Answered {
            took: ms(0),
            server_time: server.map(at),
            retry_after: retry_after.map(ms),
            set_up_works,
        },
    );
    let timeout = prop_oneof![Just(None), Just(Some(0)), (1..100_000_u64).prop_map(Some)];
    prop_oneof![
        3 => (0.1..5.0, timeout).prop_map(|(pace, timeout)| Event::Join { pace, timeout }),
        1 => any::<usize>().prop_map(Event::Leave),
        6 => (any_verdict(), about).prop_map(|(verdict, about)| Event::Answer(verdict, about)),
        1 => (any_verdict(), any::<bool>())
            .prop_map(|(verdict, is_overtaken)| Event::Look { verdict, is_overtaken }),
        1 => (0..60_000_u64).prop_map(Event::Pause),
        5 => (0..40_000_u64).prop_map(Event::Pass),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_every_wait_ends_once_and_nothing_is_asked_in_vain(
        family in prop::sample::select(Family::ALL.to_vec()),
        events in prop::collection::vec(any_event(), 1..80),
    ) {
        let id = TaskId::new(family, "7").expect("an id");
        let poll = TaskPoll::new(family, &id);
        let mut world = World { poll, now: 0, pause: None, in_flight: None, waiters: Vec::new() };
        for event in events {
            world.happen(event);
        }
        // A stopping fault, once it can be asked for, ends what is left.
        world.happen(Event::Pass(200_000));
        world.happen(Event::Answer(Verdict::Stop(Code::NotFound), Answered::default()));
        prop_assert_eq!(world.waiting().count(), 0);
        world.happen(Event::Pass(1_000_000));
        prop_assert_eq!(world.in_flight, None);
    }
}
