//! The calls: how they begin, rest, leave and end.

use std::collections::VecDeque;

use hubspot_async_tasks::engine::{
    CallId, Ending, Failure, Fault, FaultOf, Finished, Output, PollStep, RequestId, TaskKey, Timeout,
    WaitSettings,
};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{
    Code, Heard, Outcome, Pace, Pause, Phase, Progress, Schedule, Span, TaskPoll, Timestamp, Verdict,
};

use super::{Call, Kind, Model, Stage, State, Task};

#[derive(Clone, Copy)]
pub(super) enum End {
    Task(Outcome),
    Stopped(Code),
    Paused(Pause),
    TimedOut,
}

impl Model {
    pub fn open(&mut self, key: TaskKey, family: Family, phase: Phase) {
        let task = Task {
            family,
            phase,
            poll: TaskPoll::new(family, phase),
            fault: None,
            has_status: false,
            request: None,
            due: None,
            polled_at: None,
            events: VecDeque::new(),
            is_closed: false,
        };
        let former = self.tasks.insert(key, task);
        assert!(
            former.is_none_or(|task| task.is_closed && task.events.is_empty()),
            "a number that is in use"
        );
    }

    pub fn resume(&mut self, key: TaskKey, progress: &Progress) {
        let is_waited_for = !self.waits(key).is_empty();
        if progress.polls > 0 {
            self.set_up_works = true;
        }
        let task = self.task_mut(key);
        if task.poll.is_unasked() && !is_waited_for {
            task.poll = TaskPoll::resumed(task.family, task.phase, progress);
        }
    }

    pub fn close(&mut self, key: TaskKey, clock: Timestamp) {
        self.tick(clock);
        for id in self.open_calls(|call| call.task == key) {
            self.hang_up(id);
            self.call_mut(id).state = State::Left;
        }
        self.give_up(self.tasks[&key].request);
        let task = self.task_mut(key);
        (task.request, task.due, task.is_closed) = (None, None, true);
    }

    pub fn wait(&mut self, id: CallId, key: TaskKey, clock: Timestamp, settings: WaitSettings) {
        self.tick(clock);
        let now = self.now;
        let deadline = settings.timeout.span().map(|timeout| now.plus(timeout));
        let is_export = self.tasks[&key].family == Family::Export;
        let queue_deadline =
            (is_export && settings.timeout == Timeout::Default).then(|| now.plus(Span::from_secs(86_400)));
        self.welcome(id, key, Kind::Wait { pace: settings.pace, deadline, queue_deadline, rests: true });
        let task = self.task_mut(key);
        let (has_status, is_over) = (task.has_status, task.poll.stays_ended(now));
        let end = task.poll.end().filter(|_| is_over);
        if has_status {
            self.call_mut(id).expected.push_back(Output::Status(id));
        }
        match end {
            Some(outcome) => self.end(id, End::Task(outcome)),
            None => self.begin_to_attend(id),
        }
    }

    pub fn ask(&mut self, id: CallId, key: TaskKey, clock: Timestamp, kind: Kind) {
        self.tick(clock);
        self.welcome(id, key, kind);
        self.unsent.push(id);
        self.refuse_impatient();
    }

    fn welcome(&mut self, id: CallId, task: TaskKey, kind: Kind) {
        self.next_order += 1;
        let call = Call {
            task,
            kind,
            state: State::Open,
            order: self.next_order,
            began_at: self.now,
            request: None,
            patient_until: self.now.plus(self.settings.request_timeout),
            expected: VecDeque::new(),
        };
        let former = self.calls.insert(id, call);
        let is_free = former.is_none_or(|call| call.state != State::Open && call.expected.is_empty());
        assert!(is_free, "a number of which outputs will still speak");
    }

    pub fn leave(&mut self, id: CallId, clock: Timestamp) {
        self.tick(clock);
        let Some(call) = self.calls.get(&id).filter(|call| call.state == State::Open) else {
            return;
        };
        let (key, is_wait) = (call.task, matches!(call.kind, Kind::Wait { .. }));
        self.is_turn_owed = true;
        self.hang_up(id);
        self.call_mut(id).state = State::Left;
        if is_wait {
            let task = &self.tasks[&key];
            if self.waits(key).is_empty() && !task.poll.is_unasked() && task.poll.end().is_none() {
                self.ended(key, Ending::Aborted);
            }
            self.replan(key);
        }
    }

    pub fn rest(&mut self, id: CallId, clock: Timestamp) {
        self.tick(clock);
        let Some((key, rests)) = self.rests_of(id).filter(|(_, rests)| !**rests) else {
            return;
        };
        *rests = true;
        self.replan(key);
    }

    pub fn attend(&mut self, id: CallId, clock: Timestamp) {
        self.tick(clock);
        if self.rests_of(id).is_none_or(|(_, rests)| !*rests) {
            return;
        }
        if self.deadline_of(id).is_some_and(|deadline| deadline < self.now) {
            self.end(id, End::TimedOut);
        } else {
            self.begin_to_attend(id);
        }
    }

    pub fn wake(&mut self, clock: Timestamp) {
        self.time.expect_ring(None);
        self.tick(clock);
        let now = self.now;
        for key in self.tasks.keys().copied().collect::<Vec<_>>() {
            let task = self.task_mut(key);
            if matches!(task.fault, Some(Code::Network | Code::InvalidResponse)) {
                task.poll.retry_now(now);
                self.replan(key);
            }
        }
    }

    pub fn abandon(&mut self) {
        for id in self.open_calls(|_| true) {
            self.hang_up(id);
            self.call_mut(id).state = State::Left;
        }
        for id in self.requests.keys().copied().collect::<Vec<_>>() {
            self.give_up(Some(id));
        }
        for task in self.tasks.values_mut() {
            (task.request, task.due) = (None, None);
        }
    }

    pub(super) fn end_told(&mut self, key: TaskKey, heard: Heard) {
        let end = match (heard.stops, self.tasks[&key].poll.end()) {
            (Some(code), _) => End::Stopped(code),
            (None, Some(outcome)) if heard.is_newest => End::Task(outcome),
            _ => return,
        };
        for id in self.waits(key) {
            self.end(id, end);
        }
    }

    pub(super) fn demand_pause(&mut self, verdict: &Verdict) -> bool {
        let Verdict::Pause { code, lasts } = *verdict else {
            return false;
        };
        let demanded = Pause { since: self.now, until: self.now.plus(lasts), code };
        if self.pause.is_some_and(|pause| pause.until > demanded.until) {
            return false;
        }
        self.pause = Some(demanded);
        self.end_for_pause();
        true
    }

    pub(super) fn end_for_pause(&mut self) {
        for key in self.tasks.keys().copied().collect::<Vec<_>>() {
            if !self.is_under_way(key) {
                self.end_paused(key);
                self.replan_if_ended(key);
            }
        }
        self.refuse_impatient();
    }

    /// Who attends and cannot wait for the end of the pause is told so.
    pub(super) fn end_paused(&mut self, key: TaskKey) {
        let (Some(pause), Some(until)) = (self.still_paused(), self.surely_paused_until()) else {
            return;
        };
        for id in self.attending(key) {
            if self.deadline_of(id).is_some_and(|deadline| deadline < until) {
                self.end(id, End::Paused(pause));
                self.replan(key);
            }
        }
    }

    /// A pause that ended all who attended leaves nobody for whom to repeat a poll.
    fn replan_if_ended(&mut self, key: TaskKey) {
        if self.attending(key).is_empty() {
            self.replan(key);
        }
    }

    pub(super) fn refuse_impatient(&mut self) {
        let (Some(pause), Some(until)) = (self.still_paused(), self.surely_paused_until()) else {
            return;
        };
        let is_sent =
            |call: &Call| call.request.is_some_and(|id| self.requests[&id].stage != Stage::ToRepeat);
        let impatient = self.open_calls(|call| {
            !matches!(call.kind, Kind::Wait { .. }) && !is_sent(call) && call.patient_until < until
        });
        for id in impatient {
            self.hang_up(id);
            let key = self.calls[&id].task;
            let fault = Some(Fault { of: FaultOf::Pause, code: pause.code });
            let failure = self.failure(key, pause.code, fault, Some(pause.until.since(self.now)));
            let end = match self.calls[&id].kind {
                Kind::Once { deadline: Some(deadline) } if deadline <= self.now => {
                    Output::Failed(id, Failure { code: Code::Timeout, ..failure })
                }
                Kind::Once { deadline } => {
                    Output::Stepped(id, self.poll_step(key, Some(pause.until), deadline, Some(failure)))
                }
                _ => Output::Failed(id, failure),
            };
            self.over(id, end);
        }
    }

    fn begin_to_attend(&mut self, id: CallId) {
        let key = self.calls[&id].task;
        let now = self.now;
        if self.attending(key).is_empty() {
            let longest = self.settings.schedule.max;
            let pause = self.still_paused().map_or(now, |pause| pause.until);
            self.task_mut(key).poll.want(now, now.plus(longest).max(pause));
        }
        if let Some((_, rests)) = self.rests_of(id) {
            *rests = false;
        }
        self.replan(key);
        if !self.is_under_way(key)
            && let Some(pause) = self.still_paused()
            && let Some(until) = self.surely_paused_until()
            && self.deadline_of(id).is_some_and(|deadline| deadline < until)
        {
            self.end(id, End::Paused(pause));
            self.replan(key);
        }
    }

    /// A wait ends.
    pub(super) fn end(&mut self, id: CallId, end: End) {
        let key = self.calls[&id].task;
        let task = &self.tasks[&key];
        let of_task = task.fault.map(|code| Fault { of: FaultOf::Task, code });
        let output = match end {
            End::Task(outcome) if outcome.is_success() => {
                let (polls, detection_delay) = (task.poll.polls(), task.poll.detection_delay());
                Output::Finished(id, Finished { outcome, polls, detection_delay })
            }
            End::Task(Outcome::Canceled) => Output::Failed(id, self.failure(key, Code::Canceled, None, None)),
            End::Task(_) => Output::Failed(id, self.failure(key, Code::Failed, None, None)),
            End::Stopped(code) => Output::Failed(id, self.failure(key, code, of_task, None)),
            End::TimedOut => Output::Failed(id, self.failure(key, Code::Timeout, of_task, None)),
            End::Paused(pause) => {
                let fault = Some(Fault { of: FaultOf::Pause, code: pause.code });
                Output::Failed(id, self.failure(key, pause.code, fault, Some(pause.until.since(self.now))))
            }
        };
        self.over(id, output);
        match (end, output) {
            (End::Task(_), _) => {}
            (_, Output::Failed(_, failure)) => self.ended(key, Ending::Error(failure.code)),
            (_, output) => panic!("{output:?} is no failure"),
        }
    }

    pub(super) fn over(&mut self, id: CallId, end: Output) {
        let call = self.call_mut(id);
        assert_eq!(call.state, State::Open);
        call.state = State::Over;
        call.expected.push_back(end);
    }

    pub(super) fn failure(
        &self,
        key: TaskKey,
        code: Code,
        fault: Option<Fault>,
        retry_after: Option<Span>,
    ) -> Failure {
        Failure { code, fault, retry_after, polls: self.tasks[&key].poll.polls() }
    }

    pub(super) fn poll_step(
        &self,
        key: TaskKey,
        not_before: Option<Timestamp>,
        deadline: Option<Timestamp>,
        fault: Option<Failure>,
    ) -> PollStep {
        let mut progress = self.progress(key, self.settings.schedule.pace);
        let outcome = self.tasks[&key].poll.end().unwrap_or(Outcome::Running);
        if let Some(not_before) = not_before {
            progress.due = Some(progress.due.map_or(not_before, |due| due.max(not_before)));
        }
        if let (Some(due), Some(deadline)) = (progress.due, deadline) {
            progress.due = Some(due.min(deadline));
        }
        let delay = progress.due.map_or(Span::ZERO, |due| due.since(self.now));
        PollStep { outcome, fault, progress, delay: (outcome == Outcome::Running).then_some(delay) }
    }

    pub fn progress(&self, key: TaskKey, pace: Pace) -> Progress {
        let task = &self.tasks[&key];
        task.poll.progress(Schedule { pace, ..self.settings.schedule }, &self.fits(task))
    }

    /// A call's request is no longer wanted.
    fn hang_up(&mut self, id: CallId) {
        self.unsent.retain(|unsent| *unsent != id);
        self.give_up(self.calls[&id].request);
    }

    pub(super) fn give_up(&mut self, id: Option<RequestId>) {
        let Some((id, request)) = id.and_then(|id| Some((id, self.requests.remove(&id)?))) else {
            return;
        };
        self.repeats.retain(|(_, repeat)| *repeat != id);
        if request.stage != Stage::ToRepeat {
            self.budget.given_up(self.now, request.sent_at, self.settings.request_timeout);
        }
        self.given_up.insert(id);
    }
}
