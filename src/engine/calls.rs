//! The calls: who waits for a task, looks at it, polls it once, or sends an errand; how they begin, rest, leave, and end.

use super::slots::{Chain, Linked, Links};
use super::tasks::Entry;
use super::{
    CallId, Ending, Engine, Failure, Fault, FaultOf, Finished, Output, RequestId, TaskKey, Timeout,
    WaitSettings,
};
use crate::poll::{Code, Lag, Outcome, Pace, Pause, Timestamp};

/// A call that waits for something. Small, since there are many.
#[derive(Debug)]
pub(super) struct Call {
    pub task: TaskKey,
    pub kind: Kind,
    /// A wait is in its task's chain, a call that waits for a slot in that of those.
    links: Links<CallId>,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// For the task's end.
    Wait(Wait),
    /// For one status, outside the schedule.
    Look(Asking),
    /// For what one poll brings, up to a deadline.
    Once(Asking, Option<Timestamp>),
    /// For the answer to a request that asks for no status.
    Errand(Asking, Effect),
}

#[derive(Debug)]
pub(super) struct Wait {
    pace: Pace,
    since: Timestamp,
    deadline: Option<Timestamp>,
    /// Whether the deadline moves on while the task is in HubSpot's queue.
    leaves_out_queue: bool,
    /// One that rests wants nothing to be sent for now; its deadline goes on.
    rests: bool,
}

/// What an errand does at HubSpot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that matters when it is done twice.
    None,
    /// It starts a task, which must not be done twice: where it may have been done, that is what is told.
    Starts,
}

/// A call with a request of its own.
#[derive(Debug)]
pub(super) struct Asking {
    /// `None` before it is sent.
    pub request: Option<RequestId>,
    /// From when on it waits for a slot.
    pub since: Timestamp,
}

impl Linked<CallId> for Call {
    fn links(&self) -> &Links<CallId> {
        &self.links
    }

    fn links_mut(&mut self) -> &mut Links<CallId> {
        &mut self.links
    }
}

impl Call {
    /// At which pace it wants its task to be polled: a wait that does not rest.
    pub fn attends_at(&self) -> Option<Pace> {
        match &self.kind {
            Kind::Wait(wait) if !wait.rests => Some(wait.pace),
            _ => None,
        }
    }

    /// A wait's.
    pub fn deadline(&self) -> Option<Timestamp> {
        match &self.kind {
            Kind::Wait(wait) => wait.deadline,
            Kind::Look(_) | Kind::Once(..) | Kind::Errand(..) => None,
        }
    }

    /// Whether it is a wait whose deadline is reached.
    pub fn is_past(&self, now: Timestamp) -> bool {
        self.deadline().is_some_and(|deadline| deadline <= now)
    }

    /// Whether it is a wait that does not rest, and whose deadline comes before that instant.
    pub fn is_attended_until_before(&self, instant: Timestamp) -> bool {
        self.attends_at().is_some() && self.deadline().is_some_and(|deadline| deadline < instant)
    }

    /// Its own request, where it has one.
    pub fn asking(&self) -> Option<&Asking> {
        match &self.kind {
            Kind::Look(asking) | Kind::Once(asking, _) | Kind::Errand(asking, _) => Some(asking),
            Kind::Wait(_) => None,
        }
    }

    pub fn asking_mut(&mut self) -> Option<&mut Asking> {
        match &mut self.kind {
            Kind::Look(asking) | Kind::Once(asking, _) | Kind::Errand(asking, _) => Some(asking),
            Kind::Wait(_) => None,
        }
    }
}

/// How a wait ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// The task is over.
    Task(Outcome),
    /// Going on would not help.
    Stopped(Code),
    /// HubSpot demanded a pause beyond the deadline.
    Paused(Pause),
    /// The deadline came first.
    TimedOut,
}

impl Engine {
    /// Somebody begins to wait; hears the newest status if there is one.
    ///
    /// A task that has ended is not asked again, unless its result has a short life: then once, for a fresh one.
    /// `None` for a task that is not known.
    pub fn wait(&mut self, key: TaskKey, clock: Timestamp, settings: WaitSettings) -> Option<CallId> {
        let now = self.tick(clock);
        let entry = self.tasks.get_mut(key)?;
        let has_status = entry.has_status;
        let is_over = entry.poll.stays_ended(now);
        let end = entry.poll.end().filter(|_| is_over);
        let deadline = settings.timeout.span().map(|timeout| now.plus(timeout));
        let leaves_out_queue = settings.timeout == Timeout::Default && entry.poll.rules().is_queued;
        let kind =
            Kind::Wait(Wait { pace: settings.pace, since: now, deadline, leaves_out_queue, rests: true });
        let id = self.calls.insert(Call { task: key, kind, links: Links::default() })?;
        self.tasks.get_mut(key)?.waits.push(&mut self.calls, id);
        if has_status {
            self.outputs.push(Output::Status(id));
        }
        match end {
            Some(outcome) => self.end(id, End::Task(outcome), now),
            None => self.begin_to_attend(id, now),
        }
        Some(id)
    }

    /// Somebody asks for one status, outside the schedule. `None` for a task that is not known.
    pub fn look(&mut self, key: TaskKey, clock: Timestamp) -> Option<CallId> {
        let now = self.tick(clock);
        self.ask(key, now, Kind::Look(Asking { request: None, since: now }))
    }

    /// Somebody polls once, as a checkpoint with this deadline says. `None` for a task that is not known.
    pub fn poll_once(
        &mut self,
        key: TaskKey,
        clock: Timestamp,
        deadline: Option<Timestamp>,
    ) -> Option<CallId> {
        let now = self.tick(clock);
        self.ask(key, now, Kind::Once(Asking { request: None, since: now }, deadline))
    }

    /// Somebody sends a request that asks for no status: a start, a cancellation, a page of errors. Of the task it says
    /// nothing. `None` for a task that is not known.
    pub fn errand(&mut self, key: TaskKey, clock: Timestamp, effect: Effect) -> Option<CallId> {
        let now = self.tick(clock);
        self.ask(key, now, Kind::Errand(Asking { request: None, since: now }, effect))
    }

    fn ask(&mut self, key: TaskKey, now: Timestamp, kind: Kind) -> Option<CallId> {
        self.tasks.get_mut(key)?.asking += 1;
        let id = self.calls.insert(Call { task: key, kind, links: Links::default() })?;
        self.unsent.push(&mut self.calls, id);
        self.refuse_paused_calls(now);
        Some(id)
    }

    /// Whoever made the call does not want it any more: it is over, and hears nothing.
    pub fn leave(&mut self, id: CallId, clock: Timestamp) {
        let now = self.tick(clock);
        let Some(call) = self.calls.get(id) else {
            return;
        };
        self.outputs.is_turn_owed = true;
        let (key, is_wait) = (call.task, matches!(call.kind, Kind::Wait(_)));
        self.drop_call(id, now);
        if !is_wait {
            return;
        }
        if self.tasks.get(key).is_some_and(Entry::is_left) {
            self.ended(key, now, Ending::Aborted);
        }
        self.replan(key, now);
    }

    /// Takes out a call, which is not told so. Nobody wants the answer to its own request any more.
    pub(super) fn drop_call(&mut self, id: CallId, now: Timestamp) {
        match self.calls.get(id).map(|call| &call.kind) {
            None => {}
            Some(Kind::Wait(_)) => {
                self.remove_wait(id);
            }
            Some(Kind::Look(asking) | Kind::Once(asking, _) | Kind::Errand(asking, _)) => {
                match asking.request {
                    None => self.unsent.remove(&mut self.calls, id),
                    request => self.give_up(request, now),
                }
                self.remove_asking(id);
            }
        }
    }

    /// Takes out a look, a single poll or an errand that waits for no slot and has no request.
    pub(super) fn remove_asking(&mut self, id: CallId) -> Option<Call> {
        let call = self.calls.remove(id)?;
        if let Some(entry) = self.tasks.get_mut(call.task) {
            entry.asking -= 1;
        }
        Some(call)
    }

    /// Somebody who waits wants nothing sent for now. It still hears how the task goes.
    pub fn rest(&mut self, id: CallId, clock: Timestamp) {
        let now = self.tick(clock);
        if let Some(key) = self.begin_to_rest(id) {
            self.replan(key, now);
        }
    }

    /// Somebody who rested waits again; it has timed out if its deadline passed meanwhile.
    pub fn attend(&mut self, id: CallId, clock: Timestamp) {
        let now = self.tick(clock);
        let Some(Kind::Wait(wait)) = self.calls.get(id).map(|call| &call.kind) else {
            return;
        };
        if wait.rests && wait.deadline.is_some_and(|deadline| deadline < now) {
            self.end(id, End::TimedOut, now);
        } else if wait.rests {
            self.begin_to_attend(id, now);
        }
    }

    /// One that rested wants the task to be polled from now on.
    fn begin_to_attend(&mut self, id: CallId, now: Timestamp) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let (key, Kind::Wait(wait)) = (call.task, &mut call.kind) else {
            return;
        };
        wait.rests = false;
        let (pace, deadline) = (wait.pace, wait.deadline);
        let paused_until = self.paused_until(now);
        let Some(entry) = self.tasks.get_mut(key) else {
            return;
        };
        if entry.paces.first().is_none() {
            entry.poll.want(now, now.plus(self.settings.schedule.max).max(paused_until));
        }
        entry.paces.insert(&mut self.pace_places, pace, id.number());
        if let Some(deadline) = deadline {
            self.deadlines.insert(&mut self.deadline_places, deadline, id.number());
        }
        self.replan(key, now);
        self.end_if_paused(id, now);
    }

    /// One that wanted the task to be polled rests from now on; gives its task where it did.
    fn begin_to_rest(&mut self, id: CallId) -> Option<TaskKey> {
        let call = self.calls.get_mut(id)?;
        let (key, Kind::Wait(wait)) = (call.task, &mut call.kind) else {
            return None;
        };
        if wait.rests {
            return None;
        }
        wait.rests = true;
        self.deadlines.remove(&mut self.deadline_places, id.number());
        self.tasks.get_mut(key)?.paces.remove(&mut self.pace_places, id.number());
        Some(key)
    }

    /// The task was seen in HubSpot's queue: a deadline that leaves that out counts from now on.
    pub(super) fn put_off_deadlines(&mut self, key: TaskKey, now: Timestamp) {
        let mut next = self.tasks.get(key).and_then(|entry| entry.waits.first());
        while let Some(id) = next {
            next = Chain::after(&self.calls, id);
            if let Some(Kind::Wait(wait)) = self.calls.get_mut(id).map(|call| &mut call.kind)
                && wait.leaves_out_queue
            {
                let longest = wait.since.plus(Timeout::LONGEST_QUEUE);
                wait.deadline = wait.deadline.max(Some(now.plus(Timeout::DEFAULT).min(longest)));
                self.watch_deadline(id);
            }
        }
    }

    /// The deadline of a wait is another one now.
    fn watch_deadline(&mut self, id: CallId) {
        self.deadlines.remove(&mut self.deadline_places, id.number());
        if let Some(call) = self.calls.get(id)
            && call.attends_at().is_some()
            && let Some(deadline) = call.deadline()
        {
            self.deadlines.insert(&mut self.deadline_places, deadline, id.number());
        }
    }

    /// What calls noted too early is put off.
    pub(super) fn mend_calls(&mut self, lag: Lag) {
        for id in self.calls.ids() {
            match self.calls.get_mut(id).map(|call| &mut call.kind) {
                None => {}
                Some(Kind::Wait(wait)) => {
                    wait.deadline = wait.deadline.map(|deadline| lag.mend(wait.since, deadline));
                    wait.since = lag.mend(wait.since, wait.since);
                    if self.deadline_places.has(id.number()) {
                        self.watch_deadline(id);
                    }
                }
                Some(Kind::Look(asking) | Kind::Once(asking, _) | Kind::Errand(asking, _)) => {
                    asking.since = lag.mend(asking.since, asking.since);
                }
            }
        }
    }

    /// The deadlines that no longer counted since a request was under way count again.
    pub(super) fn watch_deadlines(&mut self, key: TaskKey) {
        let Some(entry) = self.tasks.get(key) else {
            return;
        };
        for id in entry.waits.iter(&self.calls) {
            let wait = self.calls.get(id).filter(|call| call.attends_at().is_some());
            if let Some(deadline) = wait.and_then(Call::deadline)
                && !self.deadline_places.has(id.number())
            {
                self.deadlines.insert(&mut self.deadline_places, deadline, id.number());
            }
        }
    }

    /// Takes out a wait.
    pub(super) fn remove_wait(&mut self, id: CallId) -> Option<Call> {
        self.begin_to_rest(id);
        let key = self.calls.get(id)?.task;
        if let Some(entry) = self.tasks.get_mut(key) {
            entry.waits.remove(&mut self.calls, id);
        }
        self.calls.remove(id)
    }

    /// This wait is over: it is told how.
    pub(super) fn end(&mut self, id: CallId, end: End, now: Timestamp) {
        let Some(call) = self.remove_wait(id) else {
            return;
        };
        let Some(entry) = self.tasks.get(call.task) else {
            return;
        };
        let (polls, detection_delay) = (entry.poll.polls(), entry.poll.detection_delay());
        let of_task = entry.fault.map(|code| Fault { of: FaultOf::Task, code });
        let (code, fault, retry_after) = match end {
            End::Task(outcome) if outcome.is_success() => {
                self.outputs.push(Output::Finished(id, Finished { outcome, polls, detection_delay }));
                return;
            }
            End::Task(outcome) => (outcome.code().unwrap_or(Code::Failed), None, None),
            End::Stopped(code) => (code, of_task, None),
            End::TimedOut => (Code::Timeout, of_task, None),
            End::Paused(pause) => {
                let fault = Fault { of: FaultOf::Pause, code: pause.code };
                (pause.code, Some(fault), Some(pause.until.since(now)))
            }
        };
        self.outputs.push(Output::Failed(id, Failure { code, fault, retry_after, polls }));
        if !matches!(end, End::Task(_)) {
            self.ended(call.task, now, Ending::Error(code));
        }
    }

    /// All who wait for the task and whom it concerns are told how that ended.
    pub(super) fn end_all(&mut self, key: TaskKey, now: Timestamp, end: impl Fn(&Call) -> Option<End>) {
        let mut next = self.tasks.get(key).and_then(|entry| entry.waits.first());
        while let Some(id) = next {
            next = Chain::after(&self.calls, id);
            if let Some(end) = self.calls.get(id).and_then(&end) {
                self.end(id, end, now);
            }
        }
    }
}
