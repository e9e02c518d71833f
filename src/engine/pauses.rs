//! The pauses that HubSpot demands: nothing is sent before their end, and who cannot wait so long is told at once.

use super::calls::{Call, End, Kind};
use super::requests::Request;
use super::slots::Chain;
use super::{CallId, Engine, Failure, Fault, FaultOf, Output, RequestId, TaskKey};
use crate::poll::{Code, Pause, Timestamp};

impl Engine {
    pub(super) fn still_paused(&self, now: Timestamp) -> Option<Pause> {
        Pause::still(self.pause, now)
    }

    /// From when on requests are wanted; `now` where no pause lasts.
    pub(super) fn paused_until(&self, now: Timestamp) -> Timestamp {
        self.still_paused(now).map_or(now, |pause| pause.until)
    }

    /// HubSpot wants no request for a while. Says whether that is longer than what it demanded before.
    pub(super) fn demand_pause(&mut self, demanded: Pause, now: Timestamp) -> bool {
        if Pause::longest(self.pause, demanded) != demanded {
            return false;
        }
        self.pause = Some(demanded);
        self.end_for_pause(now);
        true
    }

    /// Whoever cannot wait for the end of the pause is told so.
    pub(super) fn end_for_pause(&mut self, now: Timestamp) {
        if let Some(pause) = self.still_paused(now) {
            self.end_paused_waits(pause, now);
            self.refuse_paused_calls(now);
            self.refuse_paused_repeats(pause, now);
        }
    }

    /// Until when the pause lasts for certain: it may be later than it seems.
    fn surely_until(&self, pause: Pause) -> Timestamp {
        Timestamp::from_ms(pause.until.as_ms().saturating_sub(self.time.may_lag().as_ms()))
    }

    /// Ends all waits whose deadline lies within the pause, but for those whose poll is under way: they hear its answer
    /// first.
    fn end_paused_waits(&mut self, pause: Pause, now: Timestamp) {
        let (mut spared, until) = (Vec::new(), self.surely_until(pause));
        while let Some((deadline, number)) = self.deadlines.first().filter(|(at, _)| *at < until)
            && let Some(id) = CallId::numbered(number)
        {
            if !self.end_if_paused(id, now) {
                self.deadlines.remove(&mut self.deadline_places, number);
                spared.push((deadline, number));
            }
        }
        for (deadline, number) in spared {
            self.deadlines.insert(&mut self.deadline_places, deadline, number);
        }
    }

    /// Ends a wait whose deadline lies within the pause, unless its task's poll is under way.
    pub(super) fn end_if_paused(&mut self, id: CallId, now: Timestamp) -> bool {
        let Some(pause) = self.still_paused(now) else {
            return false;
        };
        let until = self.surely_until(pause);
        let Some(call) = self.calls.get(id).filter(|call| call.is_attended_until_before(until)) else {
            return false;
        };
        let key = call.task;
        if self.is_under_way(key) {
            return false;
        }
        self.end(id, End::Paused(pause), now);
        self.replan(key, now);
        true
    }

    /// The same of all who wait for a task whose poll is not under way.
    pub(super) fn end_paused(&mut self, key: TaskKey, now: Timestamp) {
        if let Some(pause) = self.still_paused(now) {
            let until = self.surely_until(pause);
            self.end_all(key, now, |call| call.is_attended_until_before(until).then_some(End::Paused(pause)));
        }
    }

    /// Whether a pause lasts longer than a call waits for it to end that waits since that instant: as long as for an
    /// answer.
    fn is_too_long(&self, pause: Pause, since: Timestamp) -> bool {
        since.plus(self.settings.request_timeout) < self.surely_until(pause)
    }

    /// The calls for which the pause is too long are over.
    pub(super) fn refuse_paused_calls(&mut self, now: Timestamp) {
        // The one that came first loses its patience first.
        while let Some(pause) = self.still_paused(now)
            && let Some(id) = self.unsent.first()
            && let Some(asking) = self.calls.get(id).and_then(Call::asking)
            && self.is_too_long(pause, asking.since)
        {
            self.unsent.remove(&mut self.calls, id);
            self.refuse(id, pause, now);
        }
    }

    /// The same of those that wait to be sent again. (A poll is repeated for those who wait, who have their deadlines.)
    fn refuse_paused_repeats(&mut self, pause: Pause, now: Timestamp) {
        let mut next = self.repeats.first();
        while let Some(id) = next
            && let Some(Request { call, answered_at: Some(since), .. }) = self.requests.get(id).copied()
            && self.is_too_long(pause, since)
        {
            next = Chain::after(&self.requests, id);
            if let Some(call) = call {
                self.refuse_paused_repeat(id, call, since, now);
            }
        }
    }

    /// The same of one of them, which waits since that instant.
    pub(super) fn refuse_paused_repeat(
        &mut self,
        id: RequestId,
        call: CallId,
        since: Timestamp,
        now: Timestamp,
    ) {
        if let Some(pause) = self.still_paused(now).filter(|pause| self.is_too_long(*pause, since)) {
            self.give_up(Some(id), now);
            self.refuse(call, pause, now);
        }
    }

    /// A call that the pause keeps from being sent is over.
    pub(super) fn refuse(&mut self, id: CallId, pause: Pause, now: Timestamp) {
        let Some(call) = self.remove_asking(id) else {
            return;
        };
        let failure = Failure {
            code: pause.code,
            fault: Some(Fault { of: FaultOf::Pause, code: pause.code }),
            retry_after: Some(pause.until.since(now)),
            polls: self.tasks.get(call.task).map_or(0, |entry| entry.poll.polls()),
        };
        let output = match call.kind {
            Kind::Once(_, deadline) => {
                let Some(entry) = self.tasks.get(call.task) else {
                    return;
                };
                if deadline.is_some_and(|deadline| deadline <= now) {
                    Output::Failed(id, Failure { code: Code::Timeout, ..failure })
                } else {
                    Output::Stepped(
                        id,
                        self.poll_step(entry, now, Some(pause.until), deadline, Some(failure)),
                    )
                }
            }
            _ => Output::Failed(id, failure),
        };
        self.outputs.push(output);
    }
}
