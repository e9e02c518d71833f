//! The replies: what one changes.

use hubspot_async_tasks::engine::{
    CallId, Ending, EventKind, Fault, FaultOf, Kept, Output, Reply, RequestId, TaskKey, ThrottleReason,
};
use hubspot_async_tasks::poll::{
    Answer, Answered, Code, Heard, Limit, Outcome, Span, Standing, TaskDurations, Timestamp, Verdict, verdict,
};

use super::calls::End;
use super::{Kind, Model, Request, Stage};

/// A reply, and the request that it answers.
#[derive(Clone, Copy)]
struct Answering<'a> {
    request: Request,
    reply: &'a Reply,
    verdict: Verdict,
    about: Answered,
}

impl Answering<'_> {
    fn fault(&self) -> Option<Code> {
        match self.verdict {
            Verdict::Status(_) | Verdict::Empty => None,
            Verdict::Retry { code, .. } | Verdict::Pause { code, .. } | Verdict::Stop(code) => Some(code),
        }
    }
}

impl Model {
    pub fn reply(&mut self, id: RequestId, clock: Timestamp, reply: &Reply) -> Kept {
        self.tick(clock);
        let now = self.now;
        let request = self.requests[&id];
        assert!(request.stage != Stage::ToRepeat, "it was answered before");
        let verdict = match verdict(&reply.answer, now) {
            // Where its details cannot be read, they tell nothing.
            Verdict::Stop(_) | Verdict::Retry { .. } if request.asks_for_details => Verdict::Empty,
            verdict => verdict,
        };
        let is_daily = matches!(reply.answer, Answer::Http { limit: Limit::Daily, .. });
        let is_limit_hit = matches!(verdict, Verdict::Pause { code: Code::RateLimited, .. }) && !is_daily;
        match reply.answer {
            Answer::None => self.budget.given_up(now, request.sent_at, self.settings.request_timeout),
            Answer::Unsendable(_) => self.budget.unsent(),
            Answer::Http { .. } => {
                self.budget.answered(now, request.sent_at, reply.rate_headers, is_limit_hit)
            }
        }
        if reply.is_repeatable {
            self.wait_to_repeat(id, request);
            return Kept::default();
        }
        self.set_up_works |= matches!(verdict, Verdict::Status(_) | Verdict::Empty);
        let pause = self.demand_pause(&verdict);
        self.requests.remove(&id);
        let (server_time, retry_after) = match reply.answer {
            Answer::Http { server_time, retry_after, .. } => (server_time, retry_after),
            Answer::None | Answer::Unsendable(_) => (None, None),
        };
        let set_up_works = self.set_up_works;
        let about = Answered { server_time, retry_after, took: now.since(request.sent_at), set_up_works };
        let answering = Answering { request, reply, verdict, about };
        let (status, fault) = match request.call {
            None => self.poll_answered(&answering),
            Some(call) => self.call_answered(call, &answering),
        };
        let end = self.tasks[&request.task].poll.end().is_some();
        Kept { status, fault, pause, end }
    }

    fn wait_to_repeat(&mut self, id: RequestId, request: Request) {
        self.requests.insert(id, Request { stage: Stage::ToRepeat, ..request });
        self.repeats.push((self.now, id));
        match request.call {
            None => {
                self.end_paused(request.task);
                self.replan(request.task);
            }
            Some(call) => {
                self.call_mut(call).patient_until = self.now.plus(self.settings.request_timeout);
                self.refuse_impatient();
            }
        }
    }

    fn poll_answered(&mut self, answering: &Answering) -> (bool, bool) {
        let (key, now) = (answering.request.task, self.now);
        let task = self.task_mut(key);
        (task.request, task.polled_at) = (None, Some(now));
        let (heard, is_published) = self.hear_poll(answering);
        self.put_off_deadlines(key, &answering.verdict);
        self.end_told(key, heard);
        for id in self.waits(key) {
            if self.deadline_of(id).is_some_and(|deadline| deadline <= now) {
                self.end(id, End::TimedOut);
            }
        }
        self.end_paused(key);
        self.replan(key);
        (is_published, true)
    }

    fn call_answered(&mut self, id: CallId, answering: &Answering) -> (bool, bool) {
        let key = answering.request.task;
        let fault = answering.fault();
        let of_call = fault.map(|code| Fault { of: FaultOf::Call, code });
        let (heard, is_published, end, is_poll) = match self.calls[&id].kind {
            Kind::Once { deadline } => {
                let (heard, is_published) = self.hear_poll(answering);
                let is_late = deadline.is_some_and(|deadline| deadline <= self.now);
                let is_late = is_late && self.tasks[&key].poll.end().is_none();
                let end = match heard.stops.or(is_late.then_some(Code::Timeout)) {
                    Some(code) => Output::Failed(id, self.failure(key, code, of_call, None)),
                    None => {
                        let fault = fault.map(|code| self.failure(key, code, of_call, None));
                        Output::Stepped(id, self.poll_step(key, None, deadline, fault))
                    }
                };
                (heard, is_published, end, true)
            }
            _ => {
                let (heard, is_published) = self.hear_look(answering);
                let end = match fault {
                    Some(code) => Output::Failed(id, self.failure(key, code, of_call, None)),
                    None => Output::Seen(id),
                };
                (heard, is_published, end, false)
            }
        };
        self.over(id, end);
        self.end_told(key, Heard { stops: None, ..heard });
        self.replan(key);
        (is_published, is_poll)
    }

    fn hear_poll(&mut self, answering: &Answering) -> (Heard, bool) {
        let (key, now) = (answering.request.task, self.now);
        let fault = answering.fault();
        let min = self.settings.schedule.min;
        let task = self.task_mut(key);
        let was_over = task.poll.detection_delay().is_some();
        task.fault = fault;
        let heard = task.poll.answered(answering.request.number, now, &answering.verdict, answering.about);
        if answering.request.asks_for_details && answering.verdict == Verdict::Empty {
            task.poll.ask_again_at(now.plus(min));
        }
        let poll = task.poll.polls();
        if let Answer::Http { status: http_status, .. } = answering.reply.answer {
            self.happen(key, EventKind::Answered { poll, http_status, took: answering.about.took });
        }
        let is_published = self.publish(key, heard, answering);
        self.learn(key, was_over, &answering.verdict);
        self.tell_of_fault(key, heard, &answering.verdict);
        (heard, is_published)
    }

    fn hear_look(&mut self, answering: &Answering) -> (Heard, bool) {
        let (key, now) = (answering.request.task, self.now);
        let task = self.task_mut(key);
        let was_over = task.poll.detection_delay().is_some();
        let is_newest =
            task.poll.observed(answering.request.number, now, &answering.verdict, answering.about);
        let heard = Heard { is_newest, stops: None };
        let is_published = self.publish(key, heard, answering);
        self.learn(key, was_over, &answering.verdict);
        (heard, is_published)
    }

    /// Who said nothing of a time limit has 15 minutes from when an export was last seen queued, up to a day.
    fn put_off_deadlines(&mut self, key: TaskKey, verdict: &Verdict) {
        let now = self.now;
        if !matches!(verdict, Verdict::Status(envelope) if envelope.standing == Standing::Queued) {
            return;
        }
        for id in self.waits(key) {
            if let Kind::Wait { deadline, queue_deadline: Some(queue_deadline), .. } =
                &mut self.call_mut(id).kind
            {
                *deadline = (*deadline).max(Some(now.plus(Span::from_secs(900)).min(*queue_deadline)));
            }
        }
    }

    /// All who wait hear of a status that is another than before.
    fn publish(&mut self, key: TaskKey, heard: Heard, answering: &Answering) -> bool {
        if !heard.is_newest || answering.reply.is_same_status {
            return false;
        }
        self.task_mut(key).has_status = true;
        for id in self.waits(key) {
            self.call_mut(id).expected.push_back(Output::Status(id));
        }
        self.happen(key, EventKind::Changed);
        if let Some(outcome) = self.tasks[&key].poll.end() {
            self.ended(key, Ending::Task(outcome));
        }
        true
    }

    fn learn(&mut self, key: TaskKey, was_over: bool, verdict: &Verdict) {
        let task = &self.tasks[&key];
        if let Verdict::Status(envelope) = verdict
            && let Some(took) = TaskDurations::of(envelope)
            && task.poll.end().is_some_and(Outcome::is_success)
            && !was_over
        {
            let family = task.family as usize;
            self.learned[family].record(took);
            self.fits[family] = self.learned[family].fits();
        }
    }

    /// A retry is told of where there will be one: to those whose wait goes on.
    fn tell_of_fault(&mut self, key: TaskKey, heard: Heard, verdict: &Verdict) {
        let what = match *verdict {
            Verdict::Retry { code, .. } => {
                let is_past =
                    |id: &CallId| self.deadline_of(*id).is_some_and(|deadline| deadline <= self.now);
                let go_on: Vec<_> = self.attending(key).into_iter().filter(|id| !is_past(id)).collect();
                if heard.stops.is_some() || self.tasks[&key].request.is_some() {
                    return;
                }
                let deadlines: Vec<_> = go_on.iter().map(|id| self.deadline_of(*id)).collect();
                let Some(due) = self.plan_for(key, go_on) else {
                    return;
                };
                let due = self.still_paused().map_or(due, |pause| due.max(pause.until));
                let deadlines = deadlines.into_iter().flatten();
                let is_held_back = self.tasks[&key].poll.is_held_back(self.now);
                let at = if is_held_back { due } else { deadlines.fold(due, Timestamp::min) };
                EventKind::Retrying { code, delay: at.since(self.now) }
            }
            Verdict::Pause { code: Code::RateLimited, lasts } => {
                EventKind::Throttled { reason: ThrottleReason::RateLimit, delay: lasts }
            }
            Verdict::Pause { lasts, .. } => {
                EventKind::Throttled { reason: ThrottleReason::RetryAfter, delay: lasts }
            }
            _ => return,
        };
        self.happen(key, what);
    }
}
