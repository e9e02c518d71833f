//! A loop that steps, answers from a script, and jumps to the next instant at which something happens.

use std::collections::VecDeque;

use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{
    Answered, Code, Envelope, Outcome, Pause, Phase, Schedule, Settled, Span, Standing, Step, TaskPoll,
    Timestamp, Verdict, WaiterId,
};

/// When every play begins, by the local clock. All other numbers of these tests are milliseconds after it.
pub const START: u64 = 1_755_770_400_000;
/// Its phase is 1.0356246709823609.
pub const ID: &str = "90151673";
pub const WORKING_SET_UP: Answered =
    Answered { server_time: None, retry_after: None, took: Span::ZERO, set_up_works: true };

pub fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(START + ms)
}

pub fn ms(ms: u64) -> Span {
    Span::from_ms(ms)
}

/// What the server says to a request, and after how long.
#[derive(Clone, Copy)]
pub struct Say {
    pub after: u64,
    pub verdict: Verdict,
    pub about: Answered,
}

impl Say {
    pub fn after(self, after: u64) -> Say {
        Say { after, ..self }
    }

    pub fn retry_after(mut self, after: u64) -> Say {
        self.about.retry_after = Some(ms(after));
        self
    }
}

pub fn say(verdict: Verdict) -> Say {
    Say { after: 0, verdict, about: WORKING_SET_UP }
}

pub fn envelope(standing: Standing) -> Envelope {
    let has_result = standing == Standing::Complete;
    Envelope {
        standing,
        has_errors: false,
        has_result,
        requested_at: None,
        started_at: None,
        completed_at: None,
    }
}

pub fn running() -> Say {
    say(Verdict::Status(envelope(Standing::Running)))
}

pub fn complete() -> Say {
    say(Verdict::Status(envelope(Standing::Complete)))
}

pub fn retry(code: Code) -> Say {
    say(Verdict::Retry { code, at_least: Span::ZERO })
}

pub fn pause(code: Code, lasts: u64) -> Say {
    say(Verdict::Pause { code, lasts: ms(lasts) })
}

pub fn stop(code: Code) -> Say {
    say(Verdict::Stop(code))
}

pub fn succeeded() -> Settled {
    Settled::Ended { outcome: Outcome::Succeeded, detection_delay: None }
}

/// One task, its server and its clock.
pub struct Play {
    pub poll: TaskPoll,
    pub now: u64,
    pub pause: Option<Pause>,
    /// What the server says, in turn; the last is said for ever.
    script: VecDeque<Say>,
    in_flight: Option<(u32, u64, Say)>,
    /// When each request was sent.
    pub asked: Vec<u64>,
    pub settled: Vec<(u64, WaiterId, Settled)>,
}

impl Play {
    pub fn new(family: Family, script: impl IntoIterator<Item = Say>) -> Play {
        let id = TaskId::new(family, ID).expect(ID);
        Play {
            poll: TaskPoll::new(family, &id),
            now: 0,
            pause: None,
            script: script.into_iter().collect(),
            in_flight: None,
            asked: Vec::new(),
            settled: Vec::new(),
        }
    }

    pub fn file_import(script: impl IntoIterator<Item = Say>) -> Play {
        Play::new(Family::FileImport, script)
    }

    pub fn join(&mut self, schedule: Schedule, timeout: Option<u64>) -> WaiterId {
        self.poll.join(at(self.now), schedule, timeout.map(ms), ())
    }

    /// Joins with the default schedule.
    pub fn wait(&mut self, timeout: u64) -> WaiterId {
        self.join(Schedule::default(), Some(timeout))
    }

    /// Lets time pass, up to that instant and with all that happens in it.
    pub fn until(&mut self, end: u64) -> &mut Play {
        loop {
            let next = self.next_instant();
            match next {
                Some(next) if next <= end => self.now = next,
                _ => break,
            }
            self.take_answer();
        }
        self.now = end;
        self
    }

    /// Lets time pass until nothing happens any more.
    pub fn run_out(&mut self) -> &mut Play {
        while let Some(next) = self.next_instant() {
            self.now = next;
            self.take_answer();
        }
        self
    }

    /// Takes every step that can be taken now, and says when something happens next.
    fn next_instant(&mut self) -> Option<u64> {
        let mut wake = None;
        loop {
            match self.poll.step(at(self.now), self.pause) {
                Step::Settle(waiter, how) => self.settled.push((self.now, waiter, how)),
                Step::Ask(request) => {
                    assert!(self.in_flight.is_none(), "two requests in flight");
                    self.asked.push(self.now);
                    assert!(self.asked.len() < 1_000, "asks without end");
                    let last = self.script.len() == 1;
                    let say = if last { self.script.front().copied() } else { self.script.pop_front() };
                    let say = say.expect("a script");
                    self.in_flight = Some((request, self.now + say.after, say));
                    self.take_answer();
                }
                Step::WaitUntil(instant) => {
                    assert!(instant > at(self.now), "waits for the past");
                    wake = Some(instant.as_ms() - START);
                    break;
                }
                Step::Idle => break,
            }
        }
        let answer = self.in_flight.as_ref().map(|(_, at, _)| *at);
        wake.into_iter().chain(answer).min()
    }

    fn take_answer(&mut self) {
        if let Some((request, _, say)) = self.in_flight.take_if(|(_, at, _)| *at <= self.now) {
            self.poll.answered(request, at(self.now), &say.verdict, say.about);
            if let Verdict::Pause { code, lasts } = say.verdict {
                let demanded = Pause { until: at(self.now).plus(lasts), code };
                self.pause = Some(Pause::longest(self.pause, demanded));
            }
        }
    }

    /// Breaks the request off, as a client does when nobody waits for it.
    pub fn break_off(&mut self) -> (u32, Say) {
        let (request, _, say) = self.in_flight.take().expect("a request in flight");
        (request, say)
    }

    /// How that waiter's wait ended, and when. Fails unless it did so once.
    pub fn end_of(&self, waiter: WaiterId) -> (u64, Settled) {
        let mut ends = self.settled.iter().filter(|(_, settled, _)| *settled == waiter);
        let (at, _, how) = ends.next().expect("the wait ended");
        assert_eq!(ends.next(), None, "ended twice");
        (*at, *how)
    }

    pub fn has_ended(&self, waiter: WaiterId) -> bool {
        self.settled.iter().any(|(_, settled, _)| *settled == waiter)
    }
}

/// An instant `wait` after another, as a clock of whole milliseconds has it.
pub fn later(ms: u64, wait: Span) -> u64 {
    at(ms).plus(wait).as_ms() - START
}

/// The poll times of a task that answers at once, by the theory.
pub fn theory(schedule: Schedule, first: u64, last: u64) -> Vec<u64> {
    let next = |asked: &u64| Some(later(*asked, schedule.interval(ms(*asked), Phase::of(ID), None)));
    std::iter::successors(Some(first), next).take_while(|asked| *asked <= last).collect()
}
