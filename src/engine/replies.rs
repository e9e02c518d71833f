//! The replies: what one changes, and who is told of it.

use super::calls::{Effect, End, Kind};
use super::requests::Request;
use super::tasks::Entry;
use super::{
    CallId, Ending, Engine, EventKind, Failure, Fault, FaultOf, Output, PollStep, RequestId, TaskKey,
    ThrottleReason,
};
use crate::poll::{
    Answer, Answered, Code, Limit, Outcome, Pause, RateHeaders, Span, Standing, Timestamp, Verdict, earlier,
    is_start_in_doubt, verdict,
};

/// What came back, as much as decisions need. Of a task's details a status is told where its family's definition knows the
/// word in them; else their body is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reply {
    /// What the answer says.
    pub answer: Answer,
    /// What its headers said of the rate limit.
    pub rate_headers: RateHeaders,
    /// Whether the same request with another token may be answered better: it is sent again, once it may.
    pub is_repeatable: bool,
    /// Whether the body's text is that of the task's status that the driver keeps: then it is no news.
    pub is_same_status: bool,
}

/// What the driver keeps of a reply, since outputs will speak of it. What is not named here may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Its status is the task's newest.
    pub status: bool,
    /// Its fault, or that it had none, is what is known of the task's last poll.
    pub fault: bool,
    /// Its fault demanded the pause.
    pub pause: bool,
    /// The task is over: it answers from its newest status from then on.
    pub end: bool,
}

/// A reply that counts, and what it replies to.
struct Replied<'a> {
    task: TaskKey,
    /// The request's number among the task's.
    number: u32,
    asks_for_details: bool,
    reply: &'a Reply,
    verdict: Verdict,
    now: Timestamp,
    took: Span,
}

impl Replied<'_> {
    /// The code of the fault that the answer is, if it is one.
    fn fault(&self) -> Option<Code> {
        match self.verdict {
            Verdict::Status(_) | Verdict::Empty => None,
            Verdict::Retry { code, .. } | Verdict::Pause { code, .. } | Verdict::Stop(code) => Some(code),
        }
    }

    /// The same of the answer to an errand.
    fn fault_of_errand(&self, effect: Effect) -> Option<Code> {
        match effect {
            Effect::Starts if is_start_in_doubt(&self.reply.answer, &self.verdict) => {
                Some(Code::UnknownOutcome)
            }
            _ => self.fault(),
        }
    }
}

impl Engine {
    /// The reply to a request that was sent and not given up. Any other is ignored.
    pub fn reply(&mut self, id: RequestId, clock: Timestamp, reply: &Reply) -> Kept {
        let now = self.tick(clock);
        let Some(request) = self.requests.get(id).filter(|request| request.answered_at.is_none()).copied()
        else {
            return Kept::default();
        };
        self.timeouts.remove(&mut self.request_places, id.number());
        let verdict = self.verdict_of(reply, &request, now);
        let sent_at = request.sent_at;
        match reply.answer {
            Answer::None => self.budget.given_up(now, sent_at, self.settings.request_timeout),
            Answer::Unsendable(_) => self.budget.unsent(),
            Answer::Http { .. } => {
                self.budget.answered(now, sent_at, reply.rate_headers, is_limit_hit(reply, &verdict));
            }
        }
        if reply.is_repeatable {
            self.wait_to_repeat(id, request, now);
            return Kept::default();
        }
        self.set_up_works |= matches!(verdict, Verdict::Status(_) | Verdict::Empty);
        let pause = match verdict {
            Verdict::Pause { code, lasts } => {
                self.demand_pause(Pause { since: now, until: now.plus(lasts), code }, now)
            }
            _ => false,
        };
        self.requests.remove(id);
        let Request { task, number, sent_at, asks_for_details, .. } = request;
        let took = now.since(sent_at);
        let replied = Replied { task, number, asks_for_details, reply, verdict, now, took };
        let kept = match request.call {
            None => self.poll_answered(&replied),
            Some(call) => self.call_answered(call, &replied),
        };
        let end = self.tasks.get(task).is_some_and(|entry| entry.poll.end().is_some());
        Kept { pause, end, ..kept }
    }

    /// What the answer means for that task. Of one that was started just now, HubSpot may know nothing yet; where its
    /// details cannot be read, they tell nothing.
    fn verdict_of(&self, reply: &Reply, request: &Request, now: Timestamp) -> Verdict {
        let is_new = || self.tasks.get(request.task).is_some_and(|entry| entry.poll.is_new_at_hubspot(now));
        match verdict(&reply.answer, now) {
            Verdict::Stop(_) | Verdict::Retry { .. } if request.asks_for_details => Verdict::Empty,
            Verdict::Stop(code @ Code::NotFound) if is_new() => {
                Verdict::Retry { code, at_least: Span::ZERO, stops_at: Verdict::NEVER }
            }
            verdict => verdict,
        }
    }

    /// A repeat comes before all that was not sent yet.
    fn wait_to_repeat(&mut self, id: RequestId, request: Request, now: Timestamp) {
        if let Some(request) = self.requests.get_mut(id) {
            request.answered_at = Some(now);
        }
        self.repeats.push(&mut self.requests, id);
        match request.call {
            None => {
                self.end_paused(request.task, now);
                self.watch_deadlines(request.task);
                self.replan(request.task, now);
            }
            Some(call) => self.refuse_paused_repeat(id, call, now, now),
        }
    }

    fn poll_answered(&mut self, replied: &Replied) -> Kept {
        let &Replied { task, now, .. } = replied;
        if let Some(entry) = self.tasks.get_mut(task) {
            entry.request = None;
        }
        let (stops, kept) = self.hear_poll(replied);
        if matches!(replied.verdict, Verdict::Status(envelope) if envelope.standing == Standing::Queued) {
            self.put_off_deadlines(task, now);
        }
        self.end_if_over(task, now, stops);
        self.end_all(task, now, |call| call.is_past(now).then_some(End::TimedOut));
        self.end_paused(task, now);
        self.replan(task, now);
        kept
    }

    fn call_answered(&mut self, id: CallId, replied: &Replied) -> Kept {
        let Some(call) = self.remove_asking(id) else {
            return Kept::default();
        };
        let &Replied { task, now, .. } = replied;
        let kept = match call.kind {
            Kind::Errand(_, effect) => {
                self.outputs.push(match replied.fault_of_errand(effect) {
                    None => Output::Replied(id),
                    Some(code) => Output::Failed(id, self.failure_of_call(task, code, Some(code))),
                });
                return Kept::default();
            }
            Kind::Once(_, deadline) => {
                let (stops, kept) = self.hear_poll(replied);
                self.tell_step(id, replied, deadline, stops);
                kept
            }
            _ => {
                let kept = self.hear_look(replied);
                self.outputs.push(match replied.fault() {
                    None => Output::Seen(id),
                    Some(code) => Output::Failed(id, self.failure_of_call(task, code, Some(code))),
                });
                kept
            }
        };
        // Its faults are the caller's alone.
        self.end_if_over(task, now, None);
        self.replan(task, now);
        kept
    }

    /// The answer to a poll, of the schedule or a single one. Gives why going on would not help.
    fn hear_poll(&mut self, replied: &Replied) -> (Option<Code>, Kept) {
        let &Replied { task, now, took, .. } = replied;
        let about = self.about(replied);
        let Some(entry) = self.tasks.get_mut(task) else {
            return Default::default();
        };
        let was_over = entry.poll.detection_delay().is_some();
        entry.fault = replied.fault();
        let heard = entry.poll.answered(replied.number, now, &replied.verdict, about);
        if replied.asks_for_details && replied.verdict == Verdict::Empty {
            entry.poll.ask_again_at(now.plus(self.settings.schedule.min));
        }
        let poll = entry.poll.polls();
        if let Answer::Http { status: http_status, .. } = replied.reply.answer {
            self.happened(task, now, EventKind::Answered { poll, http_status, took });
        }
        let status = self.hear_status(replied, heard.is_newest, was_over);
        if heard.stops.is_none() {
            self.tell_of_fault(replied);
        }
        (heard.stops, Kept { status, fault: true, ..Kept::default() })
    }

    /// The answer to a look.
    fn hear_look(&mut self, replied: &Replied) -> Kept {
        let about = self.about(replied);
        let Some(entry) = self.tasks.get_mut(replied.task) else {
            return Kept::default();
        };
        let was_over = entry.poll.detection_delay().is_some();
        let is_newest = entry.poll.observed(replied.number, replied.now, &replied.verdict, about);
        Kept { status: self.hear_status(replied, is_newest, was_over), ..Kept::default() }
    }

    /// A status that is the newest may be another than before, and an end that was not seen before says how long the task
    /// took. Says whether it is another.
    fn hear_status(&mut self, replied: &Replied, is_newest: bool, was_over: bool) -> bool {
        let is_changed = is_newest && !replied.reply.is_same_status;
        if is_changed {
            self.publish(replied.task, replied.now);
        }
        if !was_over {
            self.learn(replied.task, &replied.verdict);
        }
        is_changed
    }

    /// Tells everybody that the task's status is another than before.
    fn publish(&mut self, key: TaskKey, now: Timestamp) {
        let Some(entry) = self.tasks.get_mut(key) else {
            return;
        };
        entry.has_status = true;
        let end = entry.poll.end();
        for wait in entry.waits.iter(&self.calls) {
            self.outputs.push(Output::Status(wait));
        }
        self.happened(key, now, EventKind::Changed);
        if let Some(outcome) = end {
            self.ended(key, now, Ending::Task(outcome));
        }
    }

    /// The observer hears that a poll is tried again, or held back.
    fn tell_of_fault(&mut self, replied: &Replied) {
        let &Replied { task, now, .. } = replied;
        if !self.settings.has_observer {
            return;
        }
        let what = match replied.verdict {
            Verdict::Retry { code, .. } => {
                let Some(at) = self.polled_again_at(task, now) else {
                    return;
                };
                EventKind::Retrying { code, delay: at.since(now) }
            }
            Verdict::Pause { code: Code::RateLimited, lasts } => {
                EventKind::Throttled { reason: ThrottleReason::RateLimit, delay: lasts }
            }
            Verdict::Pause { lasts, .. } => {
                EventKind::Throttled { reason: ThrottleReason::RetryAfter, delay: lasts }
            }
            _ => return,
        };
        self.happened(task, now, what);
    }

    /// All who wait are told so if the task is over, or going on would not help.
    fn end_if_over(&mut self, key: TaskKey, now: Timestamp, stops: Option<Code>) {
        let outcome = self.tasks.get(key).and_then(|entry| entry.poll.end());
        let end = stops.map(End::Stopped).or(outcome.map(End::Task));
        if end.is_some() {
            self.end_all(key, now, |_| end);
        }
    }

    /// What a single poll brought, or why going on would not help.
    fn tell_step(&mut self, id: CallId, replied: &Replied, deadline: Option<Timestamp>, stops: Option<Code>) {
        let &Replied { task, now, .. } = replied;
        let Some(entry) = self.tasks.get(task) else {
            return;
        };
        let is_late = entry.poll.end().is_none() && deadline.is_some_and(|deadline| deadline <= now);
        let fault = replied.fault();
        self.outputs.push(match stops.or(is_late.then_some(Code::Timeout)) {
            Some(code) => Output::Failed(id, self.failure_of_call(task, code, fault)),
            None => {
                let fault = fault.map(|code| self.failure_of_call(task, code, Some(code)));
                Output::Stepped(id, self.poll_step(entry, now, None, deadline, fault))
            }
        });
    }

    /// A call ended, or its poll met a fault: that which its own request brought, if any.
    fn failure_of_call(&self, key: TaskKey, code: Code, fault: Option<Code>) -> Failure {
        Failure {
            code,
            fault: fault.map(|code| Fault { of: FaultOf::Call, code }),
            retry_after: None,
            polls: self.tasks.get(key).map_or(0, |entry| entry.poll.polls()),
        }
    }

    /// What a single poll leaves to be carried on, not before an instant.
    pub(super) fn poll_step(
        &self,
        entry: &Entry,
        now: Timestamp,
        not_before: Option<Timestamp>,
        deadline: Option<Timestamp>,
        fault: Option<Failure>,
    ) -> PollStep {
        let mut progress = self.progress_of(entry, self.settings.schedule.pace);
        let outcome = entry.poll.end().unwrap_or(Outcome::Running);
        let due = progress.due.max(not_before);
        progress.due = due.and(earlier(due, deadline));
        let delay = progress.due.map_or(Span::ZERO, |due| due.since(now));
        PollStep { outcome, fault, progress, delay: Some(delay).filter(|_| outcome == Outcome::Running) }
    }

    fn about(&self, replied: &Replied) -> Answered {
        let (server_time, retry_after) = match replied.reply.answer {
            Answer::Http { server_time, retry_after, .. } => (server_time, retry_after),
            Answer::None | Answer::Unsendable(_) => (None, None),
        };
        Answered { server_time, retry_after, took: replied.took, set_up_works: self.set_up_works }
    }
}

/// Whether it tells to send more slowly, which helps against a rolling limit alone.
fn is_limit_hit(reply: &Reply, verdict: &Verdict) -> bool {
    let is_daily = matches!(reply.answer, Answer::Http { limit: Limit::Daily, .. });
    matches!(verdict, Verdict::Pause { code: Code::RateLimited, .. }) && !is_daily
}
