//! The outputs: whether each may come, and, when nothing is left to do, whether one was left out.

use std::collections::BTreeSet;

use hubspot_async_tasks::engine::{
    CallId, Event, EventKind, Output, RequestId, Send, TaskKey, ThrottleReason,
};
use hubspot_async_tasks::poll::{Code, Span, Timestamp};

use super::calls::End;
use super::{Kind, Model, Request, Stage, State};

impl Model {
    pub fn check(&mut self, clock: Timestamp, output: &Output) {
        self.tick(clock);
        self.doubt();
        match *output {
            Output::Send(send) => self.check_send(send),
            Output::GiveUp(id) => assert!(self.given_up.remove(&id), "given up though it is wanted: {id:?}"),
            Output::Late(id) => self.check_late(id),
            Output::Status(id) | Output::Finished(id, _) | Output::Seen(id) | Output::Stepped(id, _) => {
                self.check_told(id, output);
            }
            Output::Failed(id, failure) => {
                if failure.code == Code::Timeout && self.is_open(id) {
                    self.time_out(id);
                }
                self.check_told(id, output);
            }
            Output::Happened(key, event) => self.check_event(key, event),
            Output::Replied(id) => panic!("{id:?} is no errand: they are tested apart"),
            Output::NewTurn => {
                self.check_drained();
                assert!(self.is_turn_owed, "a turn for nobody");
                assert!(self.is_slot_free() && self.wants_to_send(), "a turn for nothing");
            }
            Output::WaitUntil(at) => {
                self.check_drained();
                assert!(at > self.now, "waits for the past");
                assert_eq!(self.wake_at(), Some(at), "at {:?}", self.now);
                self.time.expect_ring(Some(at));
            }
            Output::Idle => {
                self.check_drained();
                assert_eq!(self.wake_at(), None, "idle though something is left to do");
                self.time.expect_ring(None);
            }
        }
    }

    fn check_told(&mut self, id: CallId, output: &Output) {
        let call = self.calls.get_mut(&id).expect("a call that is over was told something");
        assert_eq!(call.expected.pop_front().as_ref(), Some(output));
        self.is_turn_owed = true;
    }

    fn check_event(&mut self, key: TaskKey, event: Event) {
        assert!(self.settings.has_observer, "nobody observes");
        if let EventKind::Throttled { reason: ThrottleReason::Budget, delay } = event.kind {
            assert_eq!(event.at, self.now);
            assert!(self.is_slot_free() && delay > Span::ZERO);
            let due = self.tasks[&key].due.expect("it is wanted");
            let since = self.held_since.expect("the budget held something back");
            assert!(self.now.since(due) >= delay, "held back before it was due");
            assert!(self.now.since(since) >= delay, "held back by something else");
            self.replan(key);
            return;
        }
        assert_eq!(self.task_mut(key).events.pop_front(), Some(event));
    }

    fn check_late(&mut self, id: RequestId) {
        let too_late = self.settings.request_timeout;
        let now = self.now;
        let request = self.requests.get_mut(&id).expect("a request");
        assert!(request.stage == Stage::UnderWay && request.sent_at.plus(too_late) <= now, "it is in time");
        request.stage = Stage::Late;
    }

    /// A deadline came, and the last poll cannot be sent.
    fn time_out(&mut self, id: CallId) {
        let deadline = self.deadline_of(id).expect("a deadline");
        assert!(deadline <= self.now, "timed out too soon");
        let key = self.calls[&id].task;
        assert!(self.rests_of(id).is_some_and(|(_, rests)| !*rests), "its time stands still");
        assert!(!self.is_under_way(key), "its last poll is under way");
        let is_held_back = self.tasks[&key].poll.is_held_back(self.now);
        assert!(is_held_back || !self.is_slot_free(), "its last poll could be sent");
        self.end(id, End::TimedOut);
        self.replan(key);
    }

    fn check_send(&mut self, send: Send) {
        let now = self.now;
        assert!(!self.is_turn_owed, "sent before those who were told something could react");
        assert!(self.is_slot_free(), "sent without a slot, or during a pause");
        assert!(!self.tasks[&send.task].is_closed);
        let is_last_poll = send.call.is_none()
            && self
                .attending(send.task)
                .into_iter()
                .any(|id| self.deadline_of(id).is_some_and(|deadline| deadline <= now));
        self.budget.sent();
        if send.is_repeat {
            let repeat = self.requests.get_mut(&send.request).expect("something to repeat");
            assert_eq!((repeat.task, repeat.call), (send.task, send.call));
            (repeat.sent_at, repeat.stage) = (now, Stage::UnderWay);
            let place = self.repeats.iter().position(|(_, repeat)| *repeat == send.request);
            let (answered_at, _) = self.repeats.remove(place.expect("something to repeat"));
            let waits_for_longer = |(at, _): &(Timestamp, RequestId)| *at < answered_at;
            assert!(is_last_poll || !self.repeats.iter().any(waits_for_longer), "another waits for longer");
            return;
        }
        assert!(is_last_poll || self.repeats.is_empty(), "repeats come before all else");
        match send.call {
            Some(id) => {
                assert_eq!(self.unsent.remove(0), id, "another waits for longer");
                assert!(!self.is_polls_turn || !self.is_ready(), "it is the turn of a poll");
                self.is_polls_turn = true;
                let call = self.call_mut(id);
                assert_eq!((call.task, call.state), (send.task, State::Open));
                call.request = Some(send.request);
            }
            None => {
                assert!(self.is_polls_turn || self.unsent.is_empty(), "it is the turn of a call");
                self.is_polls_turn = false;
                let task = self.task_mut(send.task);
                assert_eq!(task.request, None, "two polls of one task");
                let due = task.due.expect("somebody wants it");
                assert!(is_last_poll || due <= now, "polled before it is due");
                (task.request, task.due) = (Some(send.request), None);
            }
        }
        let task = self.task_mut(send.task);
        let number = task.poll.sent(now);
        let poll = task.poll.polls() + 1;
        let is_poll = send.call.is_none_or(|id| matches!(self.calls[&id].kind, Kind::Once { .. }));
        if is_poll {
            self.happen(send.task, EventKind::Asked { poll });
        }
        let is_late = send.call.is_some_and(|id| {
            matches!(self.calls[&id].kind, Kind::Once { deadline } if deadline.is_some_and(|at| at <= now))
        });
        let is_last = is_last_poll || is_late;
        let asks_for_details = is_poll && !is_last && self.tasks[&send.task].poll.asks_for_details();
        assert_eq!(send.asks_for_details, asks_for_details, "poll {poll}");
        let Send { task, call, .. } = send;
        let request = Request { task, call, number, sent_at: now, asks_for_details, stage: Stage::UnderWay };
        let former = self.requests.insert(send.request, request);
        assert!(former.is_none() && !self.given_up.contains(&send.request), "a number that is in use");
    }

    /// All that was decided was said. So the numbers of what is over may be used again.
    fn check_drained(&mut self) {
        for (id, call) in &self.calls {
            assert!(call.expected.is_empty(), "{id:?} was not told: {call:?}");
        }
        self.calls.retain(|_, call| call.state == State::Open);
        assert_eq!(self.given_up, BTreeSet::new(), "not given up");
        for task in self.tasks.values() {
            assert_eq!(task.events, [], "not told to the observer");
        }
        self.tasks.retain(|_, task| !task.is_closed);
        if !self.is_ready() || self.still_paused().is_some() {
            self.held_since = None;
        } else if !self.is_slot_free() {
            self.held_since.get_or_insert(self.now);
        }
    }

    /// The first instant at which something is to be done.
    fn wake_at(&self) -> Option<Timestamp> {
        let is_asked = |request: &&Request| request.stage == Stage::UnderWay;
        let too_late = self.settings.request_timeout;
        let late = self.requests.values().filter(is_asked).map(|request| request.sent_at.plus(too_late));
        let attending = self.tasks.keys().flat_map(|key| self.attending(*key));
        let deadlines = attending.filter_map(|id| {
            let deadline = self.deadline_of(id)?;
            let is_used = deadline <= self.now && self.is_under_way(self.calls[&id].task);
            (!is_used).then_some(deadline)
        });
        let paused_until = self.still_paused().map_or(self.now, |pause| pause.until);
        let dues = self.tasks.values().filter_map(|task| task.due).filter(|due| *due > self.now);
        let dues = dues.map(|due| due.max(paused_until));
        let is_held = self.is_ready() || !self.unsent.is_empty() || !self.repeats.is_empty();
        let slot = match self.still_paused() {
            Some(pause) => Some(pause.until),
            None => self.budget.next_slot(self.now),
        };
        let next = late.chain(deadlines).chain(dues).chain(slot.filter(|_| is_held)).min();
        // A host's timer waits for 24 days at most.
        next.map(|at| at.min(self.now.plus(Span::from_ms(i32::MAX as u64))))
    }

    fn is_ready(&self) -> bool {
        self.tasks.values().any(|task| task.due.is_some_and(|due| due <= self.now))
    }

    /// Whether something would be sent now, if it may.
    fn wants_to_send(&self) -> bool {
        let mut open = self.tasks.keys().filter(|key| !self.is_under_way(**key));
        let is_past = |id: CallId| self.deadline_of(id).is_some_and(|deadline| deadline <= self.now);
        self.is_ready()
            || !self.unsent.is_empty()
            || !self.repeats.is_empty()
            || open.any(|key| self.attending(*key).into_iter().any(is_past))
    }

    fn is_slot_free(&self) -> bool {
        self.still_paused().is_none() && self.budget.next_slot(self.now).is_some_and(|slot| slot <= self.now)
    }
}
