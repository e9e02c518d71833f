//! The requests: when one may be sent, which is next, and when one is late.

use super::calls::{Call, End, Kind};
use super::slots::{Linked, Links};
use super::{CallId, Engine, EventKind, Output, RequestId, Send, TaskKey, ThrottleReason};
use crate::poll::{Lag, Span, Timestamp, earlier};

/// A request that was sent, or is to be sent again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub task: TaskKey,
    /// The look, single poll or errand that asks; `None`: a poll for all who wait.
    pub call: Option<CallId>,
    /// Its number among the task's requests.
    pub number: u32,
    pub sent_at: Timestamp,
    pub asks_for_details: bool,
    /// When it was answered, if it waits to be sent again.
    pub answered_at: Option<Timestamp>,
    /// Then it is in the chain of those.
    links: Links<RequestId>,
}

impl Linked<RequestId> for Request {
    fn links(&self) -> &Links<RequestId> {
        &self.links
    }

    fn links_mut(&mut self) -> &mut Links<RequestId> {
        &mut self.links
    }
}

/// Hosts keep the delay of a timer in 31 bits: a longer one would ring at once.
const LONGEST_TIMER: Span = Span::from_ms((1 << 31) - 1);

/// What [`Engine::decide`] came to.
pub(super) enum Decision {
    /// Something changed: see what there is to do now.
    Changed,
    /// Something may be sent once those who were told had their turn.
    AfterTurn,
    /// Nothing can be done now.
    Nothing,
}

impl Engine {
    /// Whether the task's poll was sent and has no answer yet.
    pub(super) fn is_under_way(&self, key: TaskKey) -> bool {
        let request = self.tasks.get(key).and_then(|entry| entry.request);
        request.and_then(|id| self.requests.get(id)).is_some_and(|request| request.answered_at.is_none())
    }

    /// Nobody wants the answer to this request any more.
    pub(super) fn give_up(&mut self, id: Option<RequestId>, now: Timestamp) {
        let Some((id, request)) = id.and_then(|id| Some((id, *self.requests.get(id)?))) else {
            return;
        };
        if request.answered_at.is_some() {
            self.repeats.remove(&mut self.requests, id);
        } else {
            self.timeouts.remove(&mut self.request_places, id.number());
            self.budget.given_up(now, request.sent_at, self.settings.request_timeout);
        }
        self.requests.remove(id);
        self.outputs.push(Output::GiveUp(id));
    }

    /// Decides one thing at this time.
    pub(super) fn decide(&mut self, now: Timestamp) -> Decision {
        if self.tell_late(now) {
            return Decision::Changed;
        }
        self.note_what_is_held(now);
        match self.meet_deadline(now) {
            Decision::Nothing => self.send_next(now),
            decision => decision,
        }
    }

    /// When something is to be done next, if nothing comes in before. Never earlier than `now`.
    pub(super) fn wake_at(&mut self, now: Timestamp) -> Option<Timestamp> {
        let slot = if self.wants_a_slot(now) { self.next_slot(now) } else { None };
        let late = self.timeouts.first().map(|(at, _)| at);
        let deadline = self.deadlines.first().map(|(at, _)| at);
        let due = self.queue.next_due(now).map(|due| due.max(self.paused_until(now)));
        let next = earlier(earlier(late, slot), earlier(deadline, due));
        next.map(|at| at.max(now).min(now.plus(LONGEST_TIMER)))
    }

    /// Whether something is to be sent as soon as it may be.
    fn wants_a_slot(&mut self, now: Timestamp) -> bool {
        self.repeats.first().is_some() || self.unsent.first().is_some() || self.queue.has_ready(now)
    }

    /// When it is to be seen again whether a request may be sent: at the end of a pause, since what the budget holds back
    /// after it is its doing.
    fn next_slot(&self, now: Timestamp) -> Option<Timestamp> {
        match self.still_paused(now) {
            Some(pause) => Some(pause.until),
            None => self.budget.next_slot(now),
        }
    }

    /// Of what was noted too early each takes longer by so much.
    pub(super) fn mend_requests(&mut self, lag: Lag) {
        for id in self.requests.ids() {
            let Some(request) = self.requests.get_mut(id) else {
                continue;
            };
            request.sent_at = lag.mend(request.sent_at, request.sent_at);
            request.answered_at = request.answered_at.map(|at| lag.mend(at, at));
            if self.request_places.has(id.number()) {
                let too_late = request.sent_at.plus(self.settings.request_timeout);
                self.timeouts.remove(&mut self.request_places, id.number());
                self.timeouts.insert(&mut self.request_places, too_late, id.number());
            }
        }
    }

    fn slot_is_free(&self, now: Timestamp) -> bool {
        self.next_slot(now).is_some_and(|slot| slot <= now)
    }

    fn tell_late(&mut self, now: Timestamp) -> bool {
        let late = self.timeouts.first().filter(|(at, _)| *at <= now);
        let Some(id) = late.and_then(|(_, number)| RequestId::numbered(number)) else {
            return false;
        };
        self.timeouts.remove(&mut self.request_places, id.number());
        self.outputs.push(Output::Late(id));
        true
    }

    /// At a deadline the last poll is sent, whose answer ends the wait; where it cannot be sent, the wait ends now.
    fn meet_deadline(&mut self, now: Timestamp) -> Decision {
        let first = self.deadlines.first().filter(|(at, _)| *at <= now);
        let Some(id) = first.and_then(|(_, number)| CallId::numbered(number)) else {
            return Decision::Nothing;
        };
        let key = self.calls.get(id).map(|call| call.task);
        let Some(key) = key.filter(|key| !self.is_under_way(*key)) else {
            self.deadlines.remove(&mut self.deadline_places, id.number());
            return Decision::Changed;
        };
        let is_held_back = self.tasks.get(key).is_some_and(|entry| entry.poll.is_held_back(now));
        if is_held_back || !self.slot_is_free(now) {
            self.end(id, End::TimedOut, now);
            self.replan(key, now);
            return Decision::Changed;
        }
        if self.repeats.first().is_some() || (self.unsent.first().is_some() && !self.is_polls_turn) {
            // Those go before it; if no slot is left then, the wait ends.
            return Decision::Nothing;
        }
        if self.outputs.is_turn_owed {
            return Decision::AfterTurn;
        }
        self.send_poll(key, now);
        Decision::Changed
    }

    /// Since when the budget holds polls back, for the observer.
    fn note_what_is_held(&mut self, now: Timestamp) {
        if !self.settings.has_observer {
            return;
        }
        if !self.queue.has_ready(now) || self.still_paused(now).is_some() {
            self.held_since = None;
        } else if !self.slot_is_free(now) {
            self.held_since.get_or_insert(now);
        }
    }

    /// Sends what comes next: what is to be repeated, then calls and polls by turns, so that neither starve the others.
    fn send_next(&mut self, now: Timestamp) -> Decision {
        if !self.wants_a_slot(now) || !self.slot_is_free(now) {
            return Decision::Nothing;
        }
        if self.outputs.is_turn_owed {
            return Decision::AfterTurn;
        }
        if let Some(repeat) = self.repeats.first() {
            self.send_again(repeat, now);
        } else if let Some(call) = self.unsent.first()
            && !(self.is_polls_turn && self.queue.has_ready(now))
        {
            self.send_call(call, now);
        } else if let Some(key) = self.queue.next(now).and_then(TaskKey::numbered) {
            self.send_poll(key, now);
        }
        Decision::Changed
    }

    fn send_again(&mut self, id: RequestId, now: Timestamp) {
        self.repeats.remove(&mut self.requests, id);
        self.transmit(id, now, true);
    }

    /// The first of the calls that wait for a slot.
    fn send_call(&mut self, id: CallId, now: Timestamp) {
        self.is_polls_turn = true;
        self.unsent.remove(&mut self.calls, id);
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let (key, is_poll) = (call.task, matches!(call.kind, Kind::Once(..)));
        let Some(request) = self.insert_request(key, Some(id), now) else {
            return;
        };
        if let Some(asking) = self.calls.get_mut(id).and_then(Call::asking_mut) {
            asking.request = Some(request);
        }
        self.transmit(request, now, false);
        if is_poll {
            self.tell_asked(key, now);
        }
    }

    fn send_poll(&mut self, key: TaskKey, now: Timestamp) {
        if self.tells_of_budget(key, now) {
            // An observer may abort the wait: it hears before the poll is sent.
            self.replan(key, now);
            return;
        }
        (self.reported_throttled, self.is_polls_turn) = (None, false);
        let Some(request) = self.insert_request(key, None, now) else {
            return;
        };
        if let Some(entry) = self.tasks.get_mut(key) {
            entry.request = Some(request);
        }
        self.queue.remove(key.number());
        self.transmit(request, now, false);
        self.tell_asked(key, now);
    }

    /// Whether the observer was told just now that the budget held this poll back.
    fn tells_of_budget(&mut self, key: TaskKey, now: Timestamp) -> bool {
        let Some(since) = self.held_since else {
            return false;
        };
        let due = self.plan(key, now).map_or(now, |plan| plan.due);
        let delay = now.since(since.max(due));
        if delay == Span::ZERO || self.reported_throttled == Some(key) {
            return false;
        }
        self.reported_throttled = Some(key);
        self.happened(key, now, EventKind::Throttled { reason: ThrottleReason::Budget, delay });
        true
    }

    fn tell_asked(&mut self, key: TaskKey, now: Timestamp) {
        if let Some(entry) = self.tasks.get(key) {
            let poll = entry.poll.polls().saturating_add(1);
            self.happened(key, now, EventKind::Asked { poll });
        }
    }

    fn insert_request(&mut self, task: TaskKey, call: Option<CallId>, now: Timestamp) -> Option<RequestId> {
        let may_ask_for_details = self.may_ask_for_details(task, call, now);
        let poll = &mut self.tasks.get_mut(task)?.poll;
        let number = poll.sent(now);
        let asks_for_details = may_ask_for_details && poll.asks_for_details();
        self.requests.insert(Request {
            task,
            call,
            number,
            sent_at: now,
            asks_for_details,
            answered_at: None,
            links: Links::default(),
        })
    }

    /// A poll may, unless it is the last one, since somebody's deadline is reached: that is to tell the status.
    fn may_ask_for_details(&self, task: TaskKey, call: Option<CallId>, now: Timestamp) -> bool {
        match call.and_then(|id| self.calls.get(id)).map(|call| &call.kind) {
            None => self.tasks.get(task).is_some_and(|entry| {
                let mut waits = entry.waits.iter(&self.calls).filter_map(|id| self.calls.get(id));
                !waits.any(|call| call.attends_at().is_some() && call.is_past(now))
            }),
            Some(Kind::Once(_, deadline)) => deadline.is_none_or(|deadline| deadline > now),
            Some(_) => false,
        }
    }

    fn transmit(&mut self, id: RequestId, now: Timestamp, is_repeat: bool) {
        let Some(request) = self.requests.get_mut(id) else {
            return;
        };
        (request.sent_at, request.answered_at) = (now, None);
        let Request { task, call, asks_for_details, .. } = *request;
        let send = Send { request: id, task, call, is_repeat, asks_for_details };
        let too_late = now.plus(self.settings.request_timeout);
        self.timeouts.insert(&mut self.request_places, too_late, id.number());
        self.budget.sent();
        self.outputs.push(Output::Send(send));
    }
}
