//! The tasks: each is known once, by a key; whoever holds it has closed it when nobody does any more.

use super::slots::Chain;
use super::{CallId, Ending, Engine, Event, EventKind, FamilyKey, Output, RequestId, TaskKey};
use crate::poll::{
    Code, Estimate, Heap, Pace, Phase, Plan, Progress, Schedule, TaskPoll, Timestamp, earlier,
};

/// What the engine knows of a task. Small, since there are many.
#[derive(Debug)]
pub(super) struct Entry {
    pub family: FamilyKey,
    pub poll: TaskPoll,
    /// Those who wait for it, the oldest first: to all of them its statuses are told.
    pub waits: Chain<CallId>,
    /// Those of them who want it to be polled, the most eager first. The others rest.
    pub paces: Heap<Pace>,
    /// How many looks, single polls and errands want an answer.
    pub asking: u32,
    /// Its poll that is under way, or waits to be repeated.
    pub request: Option<RequestId>,
    /// The last poll's fault, if it had one.
    pub fault: Option<Code>,
    /// Whether the driver has a status of it.
    pub has_status: bool,
}

impl Entry {
    /// Whether it was asked for, and nobody waits for it.
    pub fn is_left(&self) -> bool {
        self.waits.first().is_none() && !self.poll.is_unasked()
    }
}

impl Engine {
    /// A task of which nothing is known but that it exists. Two keys are two tasks, polled apart: whoever wants calls of
    /// one task to share its polls opens it once. `None` for a family that is not known, and when there are four billion tasks.
    pub fn open(&mut self, family: impl Into<FamilyKey>, phase: Phase) -> Option<TaskKey> {
        let family = family.into();
        let rules = self.rules_of(family)?;
        self.tasks.insert(Entry {
            family,
            poll: TaskPoll::new(rules, phase),
            waits: Chain::default(),
            paces: Heap::default(),
            asking: 0,
            request: None,
            fault: None,
            has_status: false,
        })
    }

    /// Carries on what another process began, unless more is known of the task already. Where that process was answered,
    /// the set-up works.
    pub fn resume(&mut self, key: TaskKey, progress: &Progress) {
        self.set_up_works |= progress.polls > 0;
        if let Some(entry) = self.tasks.get_mut(key)
            && entry.poll.is_unasked()
            && entry.waits.first().is_none()
        {
            entry.poll = TaskPoll::resumed(entry.poll.rules(), entry.poll.phase(), progress);
        }
    }

    /// This client started the task just now, unless more is known of it already: its first poll comes after the shortest
    /// interval, and for a while it may be one that HubSpot does not know yet.
    pub fn started(&mut self, key: TaskKey, clock: Timestamp) {
        let now = self.tick(clock);
        let min = self.settings.schedule.min;
        if let Some(entry) = self.tasks.get_mut(key)
            && entry.poll.is_unasked()
            && entry.waits.first().is_none()
        {
            entry.poll = TaskPoll::started(entry.poll.rules(), entry.poll.phase(), now, min);
        }
    }

    /// Nobody holds the task any more. The calls that still wait for it are over; they are not told.
    pub fn close(&mut self, key: TaskKey, clock: Timestamp) {
        let now = self.tick(clock);
        while let Some(wait) = self.tasks.get(key).and_then(|entry| entry.waits.first()) {
            self.remove_wait(wait);
        }
        if self.tasks.get(key).is_some_and(|entry| entry.asking > 0) {
            for id in self.calls.ids() {
                if self.calls.get(id).is_some_and(|call| call.task == key) {
                    self.drop_call(id, now);
                }
            }
        }
        // Nobody wants it to be polled.
        self.replan(key, now);
        self.reported_throttled = self.reported_throttled.filter(|reported| *reported != key);
        self.tasks.remove(key);
    }

    /// Where the task's polling stands, for another process. `pace` says when the next poll is due if nobody waits.
    pub fn progress(&self, key: TaskKey, pace: Pace) -> Option<Progress> {
        self.tasks.get(key).map(|entry| self.progress_of(entry, pace))
    }

    /// How long the task is likely still to take; `None` where too few tasks of its family have finished, it is over, or
    /// the client does not learn. Of a task that was never asked, as if it began now. The engine's time stays what it was.
    pub fn estimate(&self, key: TaskKey, clock: Timestamp) -> Option<Estimate> {
        let now = self.time.last().max(clock);
        let entry = self.tasks.get(key)?;
        self.learned(entry.family)
            .filter(|_| self.settings.learns)
            .and_then(|learned| entry.poll.estimate(now, learned))
    }

    pub(super) fn progress_of(&self, entry: &Entry, pace: Pace) -> Progress {
        let schedule = Schedule { pace, ..self.settings.schedule };
        entry.poll.progress(schedule, self.fits_of(entry))
    }

    /// Puts the task where the queue should have it; gives up its poll if nobody wants that any more.
    pub(super) fn replan(&mut self, key: TaskKey, now: Timestamp) {
        let Some(entry) = self.tasks.get_mut(key) else {
            return;
        };
        self.queue.remove(key.number());
        if entry.paces.first().is_none() {
            let request = entry.request.take();
            self.give_up(request, now);
        } else if entry.request.is_none()
            && let Some(plan) = self.plan(key, now)
        {
            self.queue.schedule(key.number(), plan);
        }
    }

    /// When the task's next poll is due, by the pace of the most eager one who wants it.
    pub(super) fn plan(&self, key: TaskKey, now: Timestamp) -> Option<Plan> {
        let entry = self.tasks.get(key)?;
        let (pace, _) = entry.paces.first()?;
        Some(self.plan_at(entry, pace, now))
    }

    fn plan_at(&self, entry: &Entry, pace: Pace, now: Timestamp) -> Plan {
        let schedule = Schedule { pace, ..self.settings.schedule };
        entry.poll.plan(now, schedule, self.fits_of(entry))
    }

    /// When the task is polled again, by those who wait longer than until now: at their first deadline at the latest.
    /// `None` if nobody does, or its poll is under way.
    pub(super) fn polled_again_at(&self, key: TaskKey, now: Timestamp) -> Option<Timestamp> {
        let entry = self.tasks.get(key).filter(|entry| entry.request.is_none())?;
        let (mut pace, mut deadline) = (None, None);
        for call in entry.waits.iter(&self.calls).filter_map(|id| self.calls.get(id)) {
            if let Some(own) = call.attends_at().filter(|_| !call.is_past(now)) {
                pace = Some(pace.map_or(own, |pace: Pace| pace.min(own)));
                deadline = earlier(deadline, call.deadline());
            }
        }
        let due = self.plan_at(entry, pace?, now).due.max(self.paused_until(now));
        // At a deadline nothing is sent that HubSpot wants later.
        earlier(Some(due), deadline.filter(|_| !entry.poll.is_held_back(now)))
    }

    /// The observer hears of it, if there is one.
    pub(super) fn happened(&mut self, key: TaskKey, at: Timestamp, kind: EventKind) {
        if self.settings.has_observer {
            self.outputs.push(Output::Happened(key, Event { at, kind }));
        }
    }

    /// The same of an end.
    pub(super) fn ended(&mut self, key: TaskKey, at: Timestamp, how: Ending) {
        if let Some(entry) = self.tasks.get(key) {
            let (polls, detection_delay) = (entry.poll.polls(), entry.poll.detection_delay());
            self.happened(key, at, EventKind::Finished { how, polls, detection_delay });
        }
    }
}
