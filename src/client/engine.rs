//! Decides for all tasks of a client: who is asked when, and who is told what. Sans-I/O: calls and replies go in with
//! the time, [effects](Effect) come out, and [`Engine::wake_at`] says when to look again.

use std::mem;
use std::num::NonZeroU32;
use std::rc::Rc;

use super::effect::{Brake, Effect, Effects, Ending, PollStep, Polled, What};
use super::news::{Failure, FailureOf, Fault, Finished, News};
use super::tasks::{Entry, Key, Name, Tasks};
use super::transport::{Payload, Question, Reply};
use super::{Host, Settings, WaitSettings};
use crate::family::{Family, TaskId};
use crate::poll::{
    Answer, Answered, Budget, Checkpoint, Code, Conditions, Fits, Learned, Outcome, Pause, Queue, Settled,
    Span, SteadyTime, TaskPoll, Timestamp, Took, Verdict, WaiterId, earlier, verdict,
};

/// One call that waits for a slot, or for its answer.
pub type CallId = u32;

/// Whose request it is.
enum Asker<L> {
    /// The schedule's.
    Poll,
    /// A look outside the schedule.
    Look(CallId, L),
    /// A single poll, for a process that carries a checkpoint on.
    Once(CallId, L, Option<Timestamp>),
}

/// A request that was sent, or is to be sent.
struct Flight<H: Host> {
    /// 0 before it is sent.
    number: u32,
    key: Key,
    /// Its number among the task's requests.
    request: u32,
    asker: Asker<H::Listener>,
    sent_at: Timestamp,
    /// When it takes too long; before it is sent, when a pause takes too long.
    give_up: Timestamp,
    is_late: bool,
}

/// All tasks of a client.
pub struct Engine<H: Host> {
    settings: Settings,
    time: SteadyTime,
    tasks: Tasks<H>,
    queue: Queue,
    budget: Budget,
    /// By family: what finished tasks took tells this.
    fits: [Fits; 4],
    /// The pause that HubSpot demanded last, and the fault that demanded it.
    pause: Option<(Pause, Fault<H::Detail>)>,
    /// Whether there was a valid answer, ever.
    set_up_works: bool,
    next_call: CallId,
    next_number: u32,
    /// What waits for a slot: calls, and requests to be sent once more, with another token.
    waiting: Vec<Flight<H>>,
    /// Sorted by number, and so by when they take too long.
    flights: Vec<Flight<H>>,
    /// Since when the budget holds polls back.
    held_since: Option<Timestamp>,
    /// The task of which the observer heard that, and which is to be sent next.
    told_of_brake: Option<Key>,
    effects: Effects<H>,
}

impl<H: Host> Engine<H> {
    /// An engine without tasks.
    pub fn new(settings: Settings) -> Self {
        Engine {
            budget: Budget::new(settings.rate_limit, settings.max_concurrent),
            fits: std::array::from_fn(|family| settings.learned[family].fits()),
            effects: Effects::new(settings.has_observer),
            settings,
            time: SteadyTime::default(),
            tasks: Tasks::default(),
            queue: Queue::default(),
            pause: None,
            set_up_works: false,
            next_call: 0,
            next_number: 0,
            waiting: Vec::new(),
            flights: Vec::new(),
            held_since: None,
            told_of_brake: None,
        }
    }

    /// What all tasks share.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the client's finished tasks took, by family in the order of [`Family::ALL`].
    pub fn learned(&self) -> &[Learned; 4] {
        &self.settings.learned
    }

    /// The time for what the clock says now: it never goes back.
    pub fn time(&mut self, clock: Timestamp) -> Timestamp {
        self.time.at(clock)
    }

    /// The newest time that was known.
    pub fn last_time(&self) -> Timestamp {
        self.time.last()
    }

    /// A handle of a task. Handles of the same task share its polls.
    pub fn open(&mut self, family: Family, id: TaskId) -> Key {
        let api_version = self.settings.api_version.clone();
        self.tasks.open(Name { family, id, api_version })
    }

    /// A handle of the task that a checkpoint speaks of: it carries on from there, unless the client knows more.
    pub fn resume(&mut self, checkpoint: &Checkpoint) -> Key {
        let key = self.tasks.open(self.name(checkpoint));
        if let Some(entry) = self.tasks.get_mut(key)
            && entry.machine.is_untouched()
        {
            entry.machine = TaskPoll::resumed(checkpoint);
        }
        key
    }

    /// A handle of its own for a task that a checkpoint speaks of.
    pub fn resume_alone(&mut self, checkpoint: &Checkpoint) -> Key {
        self.tasks.open_alone(self.name(checkpoint), TaskPoll::resumed(checkpoint))
    }

    fn name(&self, checkpoint: &Checkpoint) -> Name {
        let known = self.settings.api_version.clone();
        let api_version = match *known == checkpoint.api_version {
            true => known,
            false => Rc::new(checkpoint.api_version.clone()),
        };
        Name { family: checkpoint.family, id: checkpoint.task_id.clone(), api_version }
    }

    /// One more handle of the same task.
    pub fn retain(&mut self, key: Key) {
        self.tasks.retain(key);
    }

    /// A handle is gone.
    pub fn release(&mut self, key: Key, now: Timestamp) {
        if let Some(entry) = self.tasks.release(key) {
            self.queue.remove(key);
            self.abort_flight(entry.flight.map(NonZeroU32::get), now);
        }
    }

    /// What the task is known by.
    pub fn name_of(&self, key: Key) -> Option<&Name> {
        self.tasks.get(key).map(|entry| &entry.name)
    }

    /// The family of the task that the request of that number is about.
    pub fn family_of(&self, number: u32) -> Option<Family> {
        let index = self.flights.binary_search_by_key(&number, |flight| flight.number).ok()?;
        self.name_of(self.flights.get(index)?.key).map(|name| name.family)
    }

    /// The newest status that HubSpot sent.
    pub fn latest(&self, key: Key) -> Option<H::Body> {
        self.tasks.get(key)?.latest.clone()
    }

    /// Where the task's polling stands.
    pub fn checkpoint(&self, key: Key, settings: WaitSettings) -> Option<Checkpoint> {
        self.tasks.get(key).map(|entry| self.checkpoint_of(entry, settings))
    }

    fn checkpoint_of(&self, entry: &Entry<H>, settings: WaitSettings) -> Checkpoint {
        let Name { family, id, api_version } = &entry.name;
        entry.machine.checkpoint(id, api_version, settings.schedule, self.fits_of(*family))
    }

    /// Somebody begins to wait; the listener hears the newest status if there is one.
    pub fn join(
        &mut self,
        key: Key,
        now: Timestamp,
        settings: WaitSettings,
        listener: H::Listener,
    ) -> Option<WaiterId> {
        let entry = self.tasks.get_mut(key)?;
        if let Some(latest) = &entry.latest {
            self.effects.push(Effect::Tell(listener.clone(), News::Status(latest.clone())));
        }
        let id = entry.machine.join(now, settings.schedule, settings.timeout, listener);
        self.replan(key, now);
        Some(id)
    }

    /// Somebody waits no longer.
    pub fn leave(&mut self, key: Key, id: WaiterId, now: Timestamp) {
        let Some(entry) = self.tasks.get_mut(key) else {
            return;
        };
        if !entry.machine.leave(id) {
            return;
        }
        let is_left = entry.machine.is_left() && !entry.machine.is_untouched();
        if is_left && entry.machine.end().is_none() {
            self.effects.ended(entry, now, Ending::Aborted);
        }
        self.replan(key, now);
    }

    /// Somebody who waits wants nothing sent for now.
    pub fn rest(&mut self, key: Key, id: WaiterId, now: Timestamp) {
        if let Some(entry) = self.tasks.get_mut(key) {
            entry.machine.rest(id);
        }
        self.replan(key, now);
    }

    /// Somebody who rested waits again.
    pub fn attend(&mut self, key: Key, id: WaiterId, now: Timestamp) {
        if let Some(entry) = self.tasks.get_mut(key) {
            entry.machine.attend(id, now);
        }
        self.replan(key, now);
    }

    /// Somebody looks at the task outside the schedule.
    pub fn look(&mut self, key: Key, now: Timestamp, listener: H::Listener) -> CallId {
        let id = self.next_call_id();
        self.call(key, now, Asker::Look(id, listener));
        id
    }

    /// Somebody asks once, as the checkpoint of an [alone resumed](Engine::resume_alone) task says.
    pub fn once(
        &mut self,
        key: Key,
        now: Timestamp,
        deadline: Option<Timestamp>,
        listener: H::Listener,
    ) -> CallId {
        let id = self.next_call_id();
        self.call(key, now, Asker::Once(id, listener, deadline));
        id
    }

    fn next_call_id(&mut self) -> CallId {
        self.next_call = self.next_call.wrapping_add(1);
        self.next_call
    }

    fn call(&mut self, key: Key, now: Timestamp, asker: Asker<H::Listener>) {
        let flight = self.flight(key, now, asker);
        self.waiting.push(flight);
        self.refuse_paused_calls(now);
    }

    /// One that was not sent yet.
    fn flight(&self, key: Key, now: Timestamp, asker: Asker<H::Listener>) -> Flight<H> {
        let give_up = now.plus(self.settings.request_timeout);
        Flight { number: 0, key, request: 0, asker, sent_at: now, give_up, is_late: false }
    }

    /// Somebody who looked, or asked once, no longer wants the answer.
    pub fn hang_up(&mut self, id: CallId, now: Timestamp) {
        let is_meant = |flight: &Flight<H>| match &flight.asker {
            Asker::Look(call, _) | Asker::Once(call, ..) => *call == id,
            Asker::Poll => false,
        };
        if let Some(index) = self.waiting.iter().position(is_meant) {
            self.take_waiting(index);
            return;
        }
        let number = self.flights.iter().find(|flight| is_meant(flight)).map(|flight| flight.number);
        self.abort_flight(number, now);
    }

    /// The host says that it was away, or that the network is back: what is overdue is asked at once.
    pub fn wake(&mut self, now: Timestamp) {
        for key in self.tasks.keys() {
            if let Some(entry) = self.tasks.get_mut(key) {
                entry.machine.retry_now(now);
                self.replan(key, now);
            }
        }
    }

    /// The clock does not work: everybody who waits is told so.
    pub fn stop_all(&mut self, detail: &H::Detail) {
        let (now, code) = (self.time.last(), Code::InvalidArgument);
        for key in self.tasks.keys() {
            let Some(entry) = self.tasks.get_mut(key) else {
                continue;
            };
            for listener in entry.machine.leave_all() {
                let fault = Some(Fault { code, detail: detail.clone() });
                let failure = failure(entry, code, fault);
                self.effects.push(Effect::Tell(listener, News::End(Err(failure))));
            }
            self.queue.remove(key);
            let flight = entry.flight.take().map(NonZeroU32::get);
            self.abort_flight(flight, now);
        }
        for flight in &self.flights {
            self.budget.answered(now, flight.sent_at, Default::default(), false);
        }
        let mut waiting = mem::take(&mut self.waiting);
        waiting.append(&mut self.flights);
        for flight in waiting {
            self.forget(&flight);
            self.call_failed(flight, now, Fault { code, detail: detail.clone() }, None);
        }
    }

    /// The reply to the request of that number.
    pub fn reply(&mut self, number: u32, now: Timestamp, reply: Reply<H::Body, H::Detail>) {
        let Some(mut flight) = self.take_flight(number) else {
            return;
        };
        let verdict = verdict(&reply.answer);
        // To send more slowly helps against a rolling limit alone.
        let is_daily = matches!(reply.answer, Answer::Http { is_daily_limit: true, .. });
        let is_limit = matches!(verdict, Verdict::Pause { code: Code::RateLimited, .. }) && !is_daily;
        self.budget.answered(now, flight.sent_at, reply.told, is_limit);
        if reply.is_repeatable {
            let key = flight.key;
            flight.give_up = now.plus(self.settings.request_timeout);
            self.waiting.push(flight);
            if let Some(entry) = self.tasks.get_mut(key) {
                entry.machine.repeats(true);
            }
            self.replan(key, now);
            self.refuse_paused_calls(now);
            return;
        }
        if matches!(verdict, Verdict::Status(_) | Verdict::Empty) {
            self.set_up_works = true;
        }
        let fault = fault(&verdict, &reply.payload);
        if let (Verdict::Pause { code, lasts }, Some(fault)) = (verdict, &fault) {
            self.demand_pause(Pause { until: now.plus(lasts), code }, fault.clone(), now);
        }
        self.take_in(flight, now, reply, &verdict, fault);
    }

    fn take_in(
        &mut self,
        flight: Flight<H>,
        now: Timestamp,
        reply: Reply<H::Body, H::Detail>,
        verdict: &Verdict,
        fault: Option<Fault<H::Detail>>,
    ) {
        let key = flight.key;
        let about = self.about(&reply.answer, now.since(flight.sent_at));
        let Some(entry) = self.tasks.get_mut(key) else {
            return;
        };
        let is_poll = !matches!(flight.asker, Asker::Look(..));
        let was_over = entry.machine.detection_delay().is_some();
        let is_news = if is_poll {
            entry.flight = None;
            entry.fault = fault.clone();
            entry.machine.answered(flight.request, now, verdict, about)
        } else {
            entry.machine.observed(flight.request, now, verdict, about)
        };
        if is_poll && let Answer::Http { status: http_status, .. } = reply.answer {
            let poll = entry.machine.polls();
            self.effects.happened(entry, now, What::Answered { poll, http_status, took: about.took });
        }
        if let (true, Payload::Status(body)) = (is_news, reply.payload) {
            publish(&mut self.effects, entry, now, body);
        }
        if !was_over {
            self.learn(key, verdict);
        }
        if is_poll {
            self.tell_of_fault(key, now, verdict);
        }
        let Some(entry) = self.tasks.get(key) else {
            return;
        };
        match flight.asker {
            Asker::Poll => {}
            Asker::Look(_, listener) => {
                let seen = match fault {
                    None => Ok(entry.latest.clone()),
                    Some(fault) => Err(failure(entry, fault.code, Some(fault))),
                };
                self.effects.push(Effect::Look(listener, seen));
            }
            Asker::Once(_, listener, deadline) => {
                let step = self.poll_step(entry, now, verdict, fault, deadline);
                self.effects.push(Effect::Polled(listener, step));
            }
        }
        self.replan(key, now);
    }

    /// What a single poll brought, or why going on would not help.
    fn poll_step(
        &self,
        entry: &Entry<H>,
        now: Timestamp,
        verdict: &Verdict,
        fault: Option<Fault<H::Detail>>,
        deadline: Option<Timestamp>,
    ) -> Polled<H> {
        let failed = match verdict {
            Verdict::Stop(code) => Some(*code),
            _ if entry.machine.end().is_none() && deadline.is_some_and(|deadline| deadline <= now) => {
                Some(Code::Timeout)
            }
            _ => None,
        };
        if let Some(code) = failed {
            return Err(failure(entry, code, fault));
        }
        let fault = fault.map(|fault| failure(entry, fault.code, Some(fault)));
        Ok(self.carry_on(entry, now, None, deadline, fault))
    }

    /// What a single poll leaves to be carried on, not before an instant.
    fn carry_on(
        &self,
        entry: &Entry<H>,
        now: Timestamp,
        not_before: Option<Timestamp>,
        deadline: Option<Timestamp>,
        fault: Option<FailureOf<H>>,
    ) -> PollStep<H::Body, H::Detail> {
        let mut checkpoint = self.checkpoint_of(entry, self.settings.wait);
        let outcome = entry.machine.end().unwrap_or(Outcome::Running);
        let due = checkpoint.due.max(not_before);
        checkpoint.due = due.and(earlier(due, deadline));
        checkpoint.deadline = deadline;
        let delay = checkpoint.due.map_or(Span::ZERO, |due| due.since(now));
        PollStep {
            outcome,
            status: entry.latest.clone(),
            fault,
            checkpoint,
            delay: Some(delay).filter(|_| outcome == Outcome::Running),
        }
    }

    /// The next thing to do, of what was decided already.
    pub fn take_effect(&mut self) -> Option<Effect<H>> {
        self.effects.take()
    }

    /// Decides what to do at this time; says whether there was anything. If not, look again at [`Engine::wake_at`].
    pub fn decide(&mut self, now: Timestamp) -> bool {
        self.give_up_late(now) || self.expire(now) || self.send_next(now)
    }

    /// When something is to be done next, if nothing happens before. Never earlier than `now`.
    pub fn wake_at(&mut self, now: Timestamp) -> Option<Timestamp> {
        let late = self.flights.iter().find(|flight| !flight.is_late).map(|flight| flight.give_up);
        let is_held = self.queue.has_ready(now) || !self.waiting.is_empty();
        let pause = self.still_paused(now).map_or(now, |pause| pause.until);
        let slot = self.budget.next_slot(now).filter(|_| is_held).map(|slot| slot.max(pause));
        let repeat =
            self.waiting.iter().fold(None, |first, flight| earlier(first, self.repeat_deadline(flight)));
        let next = [late, slot, repeat, self.queue.next_wake()].into_iter().fold(None, earlier);
        next.map(|at| at.max(now))
    }

    fn give_up_late(&mut self, now: Timestamp) -> bool {
        let late = self.flights.iter_mut().find(|flight| !flight.is_late);
        let Some(flight) = late.filter(|flight| flight.give_up <= now) else {
            return false;
        };
        flight.is_late = true;
        self.effects.push(Effect::Late(flight.number));
        true
    }

    /// One whose deadline came while the budget held its last poll back.
    fn expire(&mut self, now: Timestamp) -> bool {
        if self.slot_is_free(now) {
            return false;
        }
        let Some(key) = self.queue.expired(now).or_else(|| self.expired_repeat(now)) else {
            return false;
        };
        if let Some(entry) = self.tasks.get_mut(key) {
            entry.machine.expire(now);
        }
        self.replan(key, now);
        true
    }

    /// The deadline before which a poll must be sent again.
    fn repeat_deadline(&self, flight: &Flight<H>) -> Option<Timestamp> {
        if !matches!(flight.asker, Asker::Poll) {
            return None;
        }
        self.tasks.get(flight.key)?.machine.first_deadline()
    }

    fn expired_repeat(&mut self, now: Timestamp) -> Option<Key> {
        let is_past = |flight| self.repeat_deadline(flight).is_some_and(|deadline| deadline <= now);
        let index = self.waiting.iter().position(is_past)?;
        Some(self.take_waiting(index).key)
    }

    fn take_waiting(&mut self, index: usize) -> Flight<H> {
        let flight = self.waiting.remove(index);
        self.forget(&flight);
        flight
    }

    /// One that will not be sent: what is kept of it for another try may go.
    fn forget(&mut self, flight: &Flight<H>) {
        if flight.number > 0 {
            self.effects.push(Effect::Abort(flight.number));
        }
    }

    fn slot_is_free(&self, now: Timestamp) -> bool {
        self.budget.next_slot(now).is_some_and(|slot| slot <= now)
    }

    fn send_next(&mut self, now: Timestamp) -> bool {
        let is_ready = self.queue.has_ready(now);
        if !is_ready {
            self.held_since = None;
        }
        if !self.slot_is_free(now) {
            if is_ready {
                self.held_since.get_or_insert(now);
            }
            return false;
        }
        if let Some(flight) = self.next_waiting(now) {
            self.send(flight, now);
        } else if let Some(key) = self.queue.next(now) {
            let due = self.due(key, now).unwrap_or(now);
            let held_for = self.held_since.map_or(Span::ZERO, |since| now.since(since.max(due)));
            if held_for > Span::ZERO && self.settings.has_observer && self.told_of_brake != Some(key) {
                // An observer may abort the wait: it hears before the poll is sent.
                self.told_of_brake = Some(key);
                self.happened(key, now, What::Throttled { reason: Brake::Budget, delay: held_for });
                self.replan(key, now);
                return true;
            }
            self.told_of_brake = None;
            self.send(self.flight(key, now, Asker::Poll), now);
        } else {
            return false;
        }
        true
    }

    /// What is to be sent before any poll; those to be sent once more come first.
    fn next_waiting(&mut self, now: Timestamp) -> Option<Flight<H>> {
        if self.waiting.is_empty() || self.still_paused(now).is_some() {
            return None;
        }
        let repeat = self.waiting.iter().position(|flight| flight.number > 0);
        Some(self.waiting.remove(repeat.unwrap_or(0)))
    }

    fn send(&mut self, mut flight: Flight<H>, now: Timestamp) {
        let repeats = Some(flight.number).filter(|number| *number > 0);
        self.next_number = self.next_number.wrapping_add(1);
        flight.number = self.next_number;
        flight.sent_at = now;
        flight.is_late = false;
        flight.give_up = now.plus(self.settings.request_timeout);
        let Some(entry) = self.tasks.get_mut(flight.key) else {
            return;
        };
        if matches!(flight.asker, Asker::Poll) {
            entry.flight = NonZeroU32::new(flight.number);
        }
        let is_look = matches!(flight.asker, Asker::Look(..));
        match repeats {
            Some(_) => entry.machine.repeats(false),
            None if is_look => flight.request = entry.machine.send(now),
            None => flight.request = entry.machine.ask(now),
        }
        let is_first = repeats.is_none() && !is_look;
        let poll = entry.machine.polls().saturating_add(1);
        let Name { family, id, api_version } = &entry.name;
        let path = family.status_path(api_version, id);
        let question = Question { number: flight.number, repeats, family: *family, path };
        self.budget.sent();
        self.flights.push(flight);
        // First, or an observer that aborts the wait would come before what it aborts.
        self.effects.push(Effect::Send(question));
        if is_first {
            self.effects.happened(entry, now, What::Asked { poll });
        }
    }

    fn take_flight(&mut self, number: u32) -> Option<Flight<H>> {
        let index = self.flights.binary_search_by_key(&number, |flight| flight.number).ok()?;
        Some(self.flights.remove(index))
    }

    fn abort_flight(&mut self, number: Option<u32>, now: Timestamp) {
        let Some(number) = number else {
            return;
        };
        if let Some(flight) = self.take_flight(number) {
            self.budget.answered(now, flight.sent_at, Default::default(), false);
            self.effects.push(Effect::Abort(number));
        } else if let Some(index) = self.waiting.iter().position(|flight| flight.number == number) {
            self.take_waiting(index);
        }
    }

    /// Settles whose wait is over, and puts the task where the queue should have it.
    fn replan(&mut self, key: Key, now: Timestamp) {
        let conditions = self.conditions(key);
        let pause_fault = self.pause.as_ref().map(|(_, fault)| fault);
        let Some(entry) = self.tasks.get_mut(key) else {
            return;
        };
        while let Some((_, settled, listener)) = entry.machine.next_settled(now, &conditions) {
            let end = end(entry, settled, pause_fault, now);
            self.effects.push(Effect::Tell(listener, News::End(end)));
            if !matches!(settled, Settled::Ended { .. }) {
                self.effects.ended(entry, now, Ending::Error);
            }
        }
        match entry.machine.plan(now, &conditions) {
            Some(plan) => self.queue.schedule(key, plan),
            None => self.queue.remove(key),
        }
        if !entry.machine.has_waiters() {
            let flight = entry.flight.take().map(NonZeroU32::get);
            self.abort_flight(flight, now);
        }
    }

    fn conditions(&self, key: Key) -> Conditions {
        let entry = self.tasks.get(key);
        Conditions {
            pause: self.pause.as_ref().map(|(pause, _)| *pause),
            learned: entry.map(|entry| self.fits_of(entry.name.family)).unwrap_or_default(),
        }
    }

    /// What finished tasks of that family tell, if it counts.
    fn fits_of(&self, family: Family) -> Fits {
        if self.settings.learns { self.fits[family as usize] } else { Fits::default() }
    }

    fn still_paused(&self, now: Timestamp) -> Option<Pause> {
        Pause::still(self.pause.as_ref().map(|(pause, _)| *pause), now)
    }

    /// HubSpot wants no request for a while: every task hears of it.
    fn demand_pause(&mut self, demanded: Pause, fault: Fault<H::Detail>, now: Timestamp) {
        let current = self.pause.as_ref().map(|(pause, _)| *pause);
        if Pause::longest(current, demanded) != demanded {
            return;
        }
        self.pause = Some((demanded, fault));
        for key in self.tasks.keys() {
            self.replan(key, now);
        }
        self.refuse_paused_calls(now);
    }

    /// A call waits for a pause to end, but no longer than for an answer.
    fn refuse_paused_calls(&mut self, now: Timestamp) {
        let Some((pause, fault)) = self.pause.clone().filter(|(pause, _)| pause.until > now) else {
            return;
        };
        let is_refused =
            |flight: &Flight<H>| !matches!(flight.asker, Asker::Poll) && flight.give_up < pause.until;
        while let Some(index) = self.waiting.iter().position(is_refused) {
            let flight = self.take_waiting(index);
            self.call_failed(flight, now, fault.clone(), Some(pause.until));
        }
    }

    fn call_failed(
        &mut self,
        flight: Flight<H>,
        now: Timestamp,
        fault: Fault<H::Detail>,
        paused_until: Option<Timestamp>,
    ) {
        let Some(entry) = self.tasks.get(flight.key) else {
            return;
        };
        let mut failure = failure(entry, fault.code, Some(fault));
        failure.retry_after = paused_until.map(|until| until.since(now));
        match flight.asker {
            Asker::Look(_, listener) => self.effects.push(Effect::Look(listener, Err(failure))),
            Asker::Once(_, listener, deadline) => {
                let step = match paused_until {
                    Some(_) => Ok(self.carry_on(entry, now, paused_until, deadline, Some(failure))),
                    None => Err(failure),
                };
                self.effects.push(Effect::Polled(listener, step));
            }
            Asker::Poll => {}
        }
    }

    fn about(&self, answer: &Answer, took: Span) -> Answered {
        let (server_time, retry_after) = match answer {
            Answer::Http { server_time, retry_after, .. } => (*server_time, *retry_after),
            Answer::None | Answer::Unsendable(_) => (None, None),
        };
        Answered { server_time, retry_after, took, set_up_works: self.set_up_works }
    }

    fn learn(&mut self, key: Key, verdict: &Verdict) {
        let Some(entry) = self.tasks.get(key) else {
            return;
        };
        if let Verdict::Status(envelope) = verdict
            && let Some(took) = Took::of(envelope)
            && entry.machine.end().is_some_and(Outcome::is_success)
        {
            let family = entry.name.family as usize;
            self.settings.learned[family].record(took);
            self.fits[family] = self.settings.learned[family].fits();
        }
    }

    fn tell_of_fault(&mut self, key: Key, now: Timestamp, verdict: &Verdict) {
        let what = match *verdict {
            Verdict::Retry { code, .. } => {
                let Some(due) = self.due(key, now) else {
                    return;
                };
                What::Retrying { code, delay: due.since(now) }
            }
            Verdict::Pause { code, lasts } => {
                let reason = if code == Code::RateLimited { Brake::RateLimit } else { Brake::RetryAfter };
                What::Throttled { reason, delay: lasts }
            }
            _ => return,
        };
        self.happened(key, now, what);
    }

    fn due(&self, key: Key, now: Timestamp) -> Option<Timestamp> {
        let plan = self.tasks.get(key)?.machine.plan(now, &self.conditions(key));
        plan.map(|plan| plan.due)
    }

    fn happened(&mut self, key: Key, at: Timestamp, what: What<H::Body>) {
        if let Some(entry) = self.tasks.get(key) {
            self.effects.happened(entry, at, what);
        }
    }
}

/// Tells everybody, where the status is another than before.
fn publish<H: Host>(effects: &mut Effects<H>, entry: &mut Entry<H>, now: Timestamp, body: H::Body) {
    if entry.latest.as_ref() == Some(&body) {
        return;
    }
    for listener in entry.machine.listeners() {
        effects.push(Effect::Tell(listener.clone(), News::Status(body.clone())));
    }
    entry.latest = Some(body.clone());
    effects.happened(entry, now, What::Changed(body));
    if let Some(outcome) = entry.machine.end() {
        effects.ended(entry, now, Ending::Task(outcome));
    }
}

fn end<H: Host>(
    entry: &Entry<H>,
    settled: Settled,
    pause_fault: Option<&Fault<H::Detail>>,
    now: Timestamp,
) -> Result<Finished<H::Body>, FailureOf<H>> {
    let (code, fault, retry_after) = match settled {
        Settled::Ended { outcome, detection_delay } => {
            if outcome.is_success()
                && let Some(status) = entry.latest.clone()
            {
                return Ok(Finished { outcome, status, polls: entry.machine.polls(), detection_delay });
            }
            (if outcome == Outcome::Canceled { Code::Canceled } else { Code::Failed }, None, None)
        }
        Settled::Stopped(code) => (code, entry.fault.as_ref(), None),
        Settled::Paused(pause) => (pause.code, pause_fault, Some(pause.until.since(now))),
        Settled::TimedOut => (Code::Timeout, entry.fault.as_ref(), None),
    };
    let mut failure = failure(entry, code, fault.cloned());
    failure.retry_after = retry_after;
    Err(failure)
}

fn failure<H: Host>(entry: &Entry<H>, code: Code, fault: Option<Fault<H::Detail>>) -> FailureOf<H> {
    Box::new(Failure {
        code,
        fault,
        retry_after: None,
        last_status: entry.latest.clone(),
        polls: entry.machine.polls(),
    })
}

fn fault<Body, Detail: Clone>(verdict: &Verdict, payload: &Payload<Body, Detail>) -> Option<Fault<Detail>> {
    let code = match verdict {
        Verdict::Status(_) | Verdict::Empty => return None,
        Verdict::Retry { code, .. } | Verdict::Pause { code, .. } | Verdict::Stop(code) => *code,
    };
    match payload {
        Payload::Fault(detail) => Some(Fault { code, detail: detail.clone() }),
        Payload::Status(_) | Payload::Empty => None,
    }
}
