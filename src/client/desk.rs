//! What the engine's outputs mean for callers, the transport and the observer; and what a reply means for the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::{AbortHandle, AbortRegistration};

use super::calls::{Call, Calls, Command, Wants};
use super::known::{Brought, ByDetails, Known};
use super::news::{Event, Failure, Fault};
use super::transport::{Payload, Question, ReplyOf, Transport};
use crate::engine::{self, CallId, Output, RequestId, TaskKey};
use crate::family::Paths;
use crate::poll::{Answer, Body, Code, Timestamp};
use crate::read::Asked;

/// What is left for the loop to do.
pub(super) enum Todo<T: Transport> {
    /// Send this.
    Send(Attempt<T>),
    /// This took too long: say so as its reply.
    Late(Question),
    /// It was done here: go on.
    Nothing,
    /// Nothing can be done now.
    Rest(Rest),
}

/// A request to be sent, unless it is broken off before.
pub(super) struct Attempt<T: Transport> {
    pub question: Question,
    pub repeat: Option<T::Repeat>,
    pub registration: AbortRegistration,
}

/// Until when nothing is to be done, unless something comes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rest {
    /// For one turn of the executor.
    Turn,
    /// Until this instant.
    Until(Timestamp),
    /// For good.
    Idle,
}

/// A request under way, or to be sent once more.
struct Flight<Repeat> {
    task: TaskKey,
    question: Question,
    abort: AbortHandle,
    repeat: Option<Repeat>,
}

pub(super) struct Desk<T: Transport, Observer> {
    pub known: Arc<Known<T::Body, T::Detail>>,
    pub calls: Calls<T::Body, T::Detail>,
    flights: BTreeMap<RequestId, Flight<T::Repeat>>,
    /// Tasks that nobody holds any more: closed when no output speaks of them.
    closing: Vec<TaskKey>,
    /// What demanded the pause.
    pub pause_fault: Option<Arc<T::Detail>>,
    /// What the last reply brought: outputs speak of it as the call's own until the next one.
    pub call_fault: Option<Arc<T::Detail>>,
    pub observer: Option<Observer>,
    /// Whether somebody was told something, or left.
    pub is_turn_owed: bool,
}

impl<T: Transport, Observer: Fn(&Event<T::Body>)> Desk<T, Observer> {
    pub fn new(known: Arc<Known<T::Body, T::Detail>>, observer: Option<Observer>) -> Self {
        Desk {
            known,
            calls: Calls::new(),
            flights: BTreeMap::new(),
            closing: Vec::new(),
            pause_fault: None,
            call_fault: None,
            observer,
            is_turn_owed: false,
        }
    }

    /// The engine's time for what the clock says.
    pub fn time(&self, clock: Timestamp) -> Timestamp {
        self.known.lock().engine.time(clock)
    }

    /// A new turn of the executor began, maybe since the timer rang that was set for this instant.
    pub fn turn(&self, rang: Option<Timestamp>) {
        self.known.lock().engine.turn(rang);
    }

    /// Whether somebody was told something, or left, since this was asked last.
    pub fn takes_turn(&mut self) -> bool {
        std::mem::take(&mut self.is_turn_owed)
    }

    /// Does what a handle wants.
    pub fn command(&mut self, command: Command<T::Body, T::Detail>, clock: Timestamp) {
        match command {
            Command::Begin(ticket, call) => {
                if let Some(id) = self.begin(&call, clock) {
                    self.calls.begin(id, ticket, call);
                }
            }
            Command::Attend(ticket) => {
                if let Some(id) = self.calls.id(ticket) {
                    self.known.lock().engine.attend(id, clock);
                }
            }
            Command::Leave(ticket) => {
                if let Some(id) = self.calls.id(ticket) {
                    self.calls.remove(id);
                    self.is_turn_owed = true;
                    self.known.lock().engine.leave(id, clock);
                }
            }
            Command::Close(key) => self.closing.push(key),
        }
    }

    fn begin(&self, call: &Call<T::Body, T::Detail>, clock: Timestamp) -> Option<CallId> {
        let engine = &mut self.known.lock().engine;
        match &call.wants {
            Wants::End(settings, _) => {
                let id = engine.wait(call.task, clock, *settings)?;
                // Nothing is sent for it before it is awaited.
                engine.rest(id, clock);
                Some(id)
            }
            Wants::Status(_) => engine.look(call.task, clock),
            Wants::Step(deadline, _) => engine.poll_once(call.task, clock, *deadline),
        }
    }

    /// The clock does not work: all calls are over.
    pub fn fail(&mut self, detail: T::Detail) {
        self.known.lock().engine.abandon();
        for call in self.calls.take_all() {
            self.refuse(call, detail.clone());
        }
    }

    /// The same of one call.
    pub fn refuse(&self, call: Call<T::Body, T::Detail>, detail: T::Detail) {
        let code = Code::InvalidArgument;
        let failure = Failure {
            code,
            fault: Some(Fault { code, detail }),
            retry_after: None,
            last_status: self.latest(call.task),
            polls: self.known.progress(call.task).polls,
        };
        call.fail(Box::new(failure));
    }

    /// The reply to a request that was neither given up nor replied to.
    pub fn reply(&mut self, request: RequestId, clock: Timestamp, reply: ReplyOf<T>) {
        let Some(flight) = self.flights.get_mut(&request) else {
            return;
        };
        let is_repeatable = reply.repeat.is_some();
        flight.repeat = reply.repeat;
        let (task, asked) = (flight.task, flight.question.asked);
        if !is_repeatable {
            self.flights.remove(&request);
        }
        let (mut answer, rate_headers) = (reply.answer, reply.rate_headers);
        let (status, fault) = match reply.payload {
            Payload::Status(body) => (Some(Arc::new(body)), None),
            Payload::Empty => (None, None),
            Payload::Fault(detail) => (None, Some(Arc::new(detail))),
        };
        let is_same_status = status.as_ref().is_some_and(|body| self.is_same(task, asked, body, &mut answer));
        let by_details = match answer {
            Answer::Http { body: Body::Status(envelope), .. } if asked == Asked::Details => Some(envelope),
            _ => None,
        };
        let brought = Brought { status, by_details, fault };
        let reply = engine::Reply { answer, rate_headers, is_repeatable, is_same_status };
        let mut known = self.known.lock();
        let kept = known.engine.reply(request, clock, &reply);
        let former = known.keep(task, kept, &brought);
        drop(known);
        drop(former);
        if kept.pause {
            self.pause_fault = brought.fault.clone();
        }
        self.call_fault = brought.fault;
    }

    /// Whether a status is the one that is known. Where the task's details stand for it and it says no more than before
    /// them, what they say goes on to hold.
    fn is_same(&self, task: TaskKey, asked: Asked, body: &T::Body, answer: &mut Answer) -> bool {
        let (latest, by_details) = self.known.latest_and_before(task);
        let Some(ByDetails { status, envelope }) = by_details.filter(|_| asked == Asked::Status) else {
            return latest.is_some_and(|latest| *latest == *body);
        };
        let is_same = status.is_some_and(|status| *status == *body);
        if let Answer::Http { body: Body::Status(said), .. } = answer
            && is_same
        {
            *said = envelope;
        }
        is_same
    }

    /// Does one thing, or says what the loop is to do.
    pub fn next(&mut self, clock: Timestamp) -> Todo<T> {
        let output = self.known.lock().engine.next(clock);
        match output {
            Output::Send(send) => return self.send(send).map_or(Todo::Nothing, Todo::Send),
            Output::Late(request) => return self.late(request).map_or(Todo::Nothing, Todo::Late),
            Output::NewTurn => return self.rest(Rest::Turn, clock),
            Output::WaitUntil(at) => return self.rest(Rest::Until(at), clock),
            Output::Idle => return self.rest(Rest::Idle, clock),
            Output::GiveUp(request) => self.give_up(request),
            Output::Happened(task, event) => self.observe(task, event),
            Output::Status(id) => self.tell_status(id),
            Output::Finished(id, finished) => self.tell_finished(id, finished),
            Output::Failed(id, failure) => self.tell_failed(id, failure),
            Output::Seen(id) => self.tell_seen(id),
            // This client runs no errands.
            Output::Replied(_) => {}
            Output::Stepped(id, step) => self.tell_step(id, step),
        }
        Todo::Nothing
    }

    fn send(&mut self, send: engine::Send) -> Option<Attempt<T>> {
        let (abort, registration) = AbortHandle::new_pair();
        if let Some(flight) = self.flights.get_mut(&send.request).filter(|_| send.is_repeat) {
            flight.abort = abort;
            let (question, repeat) = (flight.question.clone(), flight.repeat.take());
            return Some(Attempt { question, repeat, registration });
        }
        let name = self.name(send.task)?;
        let Paths { status, details, .. } = name.family.definition().paths;
        let (asked, path) = match details.filter(|_| send.asks_for_details) {
            Some(details) => (Asked::Details, details),
            None => (Asked::Status, status),
        };
        let path = path.filled(&name.api_version, &name.id);
        let question = Question { request: send.request, family: name.family, asked, path };
        let flight = Flight { task: send.task, question: question.clone(), abort, repeat: None };
        self.flights.insert(send.request, flight);
        Some(Attempt { question, repeat: None, registration })
    }

    fn give_up(&mut self, request: RequestId) {
        if let Some(flight) = self.flights.remove(&request) {
            flight.abort.abort();
        }
    }

    fn late(&mut self, request: RequestId) -> Option<Question> {
        let flight = self.flights.get(&request)?;
        flight.abort.abort();
        Some(flight.question.clone())
    }

    /// No output speaks any more of tasks that nobody holds: they are closed first, which may give more to do.
    fn rest(&mut self, rest: Rest, clock: Timestamp) -> Todo<T> {
        if self.closing.is_empty() {
            return Todo::Rest(rest);
        }
        let mut closed = Vec::with_capacity(self.closing.len());
        let mut known = self.known.lock();
        for key in self.closing.drain(..) {
            known.engine.close(key, clock);
            closed.extend(known.tasks.remove(&key));
        }
        // Unlocked before the bodies are dropped.
        drop(known);
        Todo::Nothing
    }
}
