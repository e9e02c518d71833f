//! What callers and the observer are told: what the engine said, with the words and bodies that the desk keeps.
//!
//! Whoever is gone hears nothing: that a listener could not be told is no error.

use std::sync::Arc;

use super::calls::{Call, Wants};
use super::desk::Desk;
use super::known::Name;
use super::news::{Event, Failure, Fault, Finished, News, PollStep};
use super::transport::Transport;
use crate::engine::{self, CallId, FaultOf, TaskKey};
use crate::poll::Code;

type FailureOf<T> = Box<Failure<<T as Transport>::Body, <T as Transport>::Detail>>;

impl<T: Transport, Observer: Fn(&Event<T::Body>)> Desk<T, Observer> {
    pub(super) fn observe(&self, task: TaskKey, event: engine::Event) {
        let (Some(observer), Some(name)) = (&self.observer, self.name(task)) else {
            return;
        };
        let is_changed = event.kind == engine::EventKind::Changed;
        let status = if is_changed { self.latest(task) } else { None };
        observer(&Event { task: name, at: event.at, kind: event.kind, status });
    }

    pub(super) fn name(&self, task: TaskKey) -> Option<Arc<Name>> {
        self.known.lock().tasks.get(&task).map(|entry| entry.name.clone())
    }

    pub(super) fn latest(&self, task: TaskKey) -> Option<T::Body> {
        let latest = self.known.latest(task)?;
        Some((*latest).clone())
    }

    pub(super) fn tell_status(&mut self, id: CallId) {
        self.is_turn_owed = true;
        if let Some(Call { task, wants: Wants::End(_, listener) }) = self.calls.get(id)
            && let Some(status) = self.latest(*task)
        {
            _ = listener.unbounded_send(News::Status(status));
        }
    }

    pub(super) fn tell_finished(&mut self, id: CallId, finished: engine::Finished) {
        self.is_turn_owed = true;
        let engine::Finished { outcome, polls, detection_delay } = finished;
        if let Some(Call { task, wants: Wants::End(_, listener) }) = self.calls.remove(id) {
            let end = match self.latest(task) {
                Some(status) => Ok(Finished { outcome, status, polls, detection_delay }),
                // A transport that told of a status, and kept none.
                None => Err(self.failure(task, engine::Failure { polls, ..NOTHING_KEPT })),
            };
            _ = listener.unbounded_send(News::End(end));
        }
    }

    pub(super) fn tell_failed(&mut self, id: CallId, failure: engine::Failure) {
        self.is_turn_owed = true;
        if let Some(call) = self.calls.remove(id) {
            let failure = self.failure(call.task, failure);
            call.fail(failure);
        }
    }

    pub(super) fn tell_seen(&mut self, id: CallId) {
        self.is_turn_owed = true;
        if let Some(Call { task, wants: Wants::Status(listener) }) = self.calls.remove(id) {
            _ = listener.send(Ok(self.latest(task)));
        }
    }

    pub(super) fn tell_step(&mut self, id: CallId, step: engine::PollStep) {
        self.is_turn_owed = true;
        if let Some(Call { task, wants: Wants::Step(deadline, listener) }) = self.calls.remove(id)
            && let Some(name) = self.name(task)
        {
            let engine::PollStep { outcome, fault, progress, delay } = step;
            let fault = fault.map(|failure| self.failure(task, failure));
            let (status, checkpoint) = (self.latest(task), name.checkpoint(progress, deadline));
            _ = listener.send(Ok(PollStep { outcome, status, fault, checkpoint, delay }));
        }
    }

    fn failure(&self, task: TaskKey, failure: engine::Failure) -> FailureOf<T> {
        Box::new(Failure {
            code: failure.code,
            fault: failure.fault.and_then(|fault| self.fault(task, fault)),
            retry_after: failure.retry_after,
            last_status: self.latest(task),
            polls: failure.polls,
        })
    }

    fn fault(&self, task: TaskKey, fault: engine::Fault) -> Option<Fault<T::Detail>> {
        let detail = match fault.of {
            FaultOf::Task => self.known.lock().tasks.get(&task)?.fault.clone(),
            FaultOf::Pause => self.pause_fault.clone(),
            FaultOf::Call => self.call_fault.clone(),
        };
        Some(Fault { code: fault.code, detail: (*detail?).clone() })
    }
}

const NOTHING_KEPT: engine::Failure =
    engine::Failure { code: Code::InvalidResponse, fault: None, retry_after: None, polls: 0 };
