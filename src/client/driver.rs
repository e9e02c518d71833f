//! The loop: what comes in and what goes out. The one task that asks the engine what to do.

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Abortable, Aborted, Fuse, FusedFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::alarms::Alarms;
use super::calls::Command;
use super::desk::{Attempt, Desk, Rest, Todo};
use super::known::Known;
use super::transport::ReplyOf;
use super::{Clock, Event, Transport};
use crate::engine::RequestId;
use crate::poll::{Span, Timestamp};

/// What comes in.
enum Input<T: Transport> {
    Command(Command<T::Body, T::Detail>),
    /// A request was answered, or broken off.
    Reply(RequestId, Result<ReplyOf<T>, Aborted>),
    /// A turn passed, or the timer rang that was set for that instant; or it could not.
    Rang(Option<Timestamp>, Result<(), T::Detail>),
}

/// Runs until the last handle is gone.
pub(super) async fn drive<T, C, Observer>(
    transport: T,
    clock: C,
    observer: Option<Observer>,
    known: Arc<Known<T::Body, T::Detail>>,
    mut commands: UnboundedReceiver<Command<T::Body, T::Detail>>,
) where
    T: Transport,
    C: Clock<Fault = T::Detail>,
    Observer: Fn(&Event<T::Body>),
{
    let mut desk = Desk::<T, Observer>::new(known, observer);
    let mut requests = FuturesUnordered::new();
    let mut turn = pin!(Fuse::terminated());
    let mut alarms = Alarms::new(|span| ring(&clock, span));
    let mut now = Timestamp::default();
    loop {
        let input = poll_fn(|context| {
            if let Poll::Ready(command) = commands.poll_next_unpin(context) {
                return Poll::Ready(command.map(Input::<T>::Command));
            }
            if let Poll::Ready(Some((request, reply))) = requests.poll_next_unpin(context) {
                return Poll::Ready(Some(Input::Reply(request, reply)));
            }
            if let Poll::Ready(rang) = turn.as_mut().poll(context) {
                return Poll::Ready(Some(Input::Rang(None, rang)));
            }
            alarms.poll(context).map(|(until, rang)| Some(Input::Rang(Some(until), rang)))
        });
        let Some(input) = input.await else {
            return;
        };
        let is_time_known = match clock.now() {
            Ok(time) => {
                now = time;
                match input {
                    Input::Command(command) => desk.command(command, now),
                    Input::Reply(request, Ok(reply)) => desk.reply(request, now, reply),
                    Input::Reply(_, Err(Aborted)) => {}
                    Input::Rang(rang, Ok(())) => desk.turn(rang),
                    Input::Rang(_, Err(detail)) => desk.fail(detail),
                }
                true
            }
            Err(detail) => {
                match input {
                    Input::Command(Command::Begin(_, call)) => desk.refuse(call, detail.clone()),
                    Input::Command(command) => desk.command(command, now),
                    Input::Reply(..) | Input::Rang(..) => {}
                }
                desk.fail(detail);
                false
            }
        };
        let next = loop {
            // Whoever leaves while others are told has left before the next request is sent.
            while is_time_known && let Ok(command) = commands.try_recv() {
                desk.command(command, now);
            }
            match desk.next(now) {
                Todo::Send(request) => requests.push(attempt(&transport, request)),
                Todo::Late(question) => desk.reply(question.request, now, transport.late(&question)),
                Todo::Nothing => {}
                Todo::Rest(rest) => break rest,
            }
        };
        // A timer from before somebody was told could ring at once: it is set anew, so that a turn passes in any case.
        let is_stale = desk.takes_turn();
        if next != Rest::Turn {
            turn.set(Fuse::terminated());
        } else if is_stale || turn.is_terminated() {
            turn.set(ring(&clock, Span::ZERO).fuse());
        }
        match next {
            Rest::Until(until) => alarms.ring_at(until, desk.time(now), now, is_stale),
            Rest::Idle => alarms.clear(),
            Rest::Turn => {}
        }
    }
}

/// Sends a request, unless it is broken off before.
async fn attempt<T: Transport>(
    transport: &T,
    attempt: Attempt<T>,
) -> (RequestId, Result<ReplyOf<T>, Aborted>) {
    let Attempt { question, repeat, registration } = attempt;
    let request = question.request;
    let asks = async { transport.ask(question, repeat).await };
    (request, Abortable::new(asks, registration).await)
}

/// Ends after that span, and never before everybody else had a turn.
async fn ring<C: Clock>(clock: &C, span: Span) -> Result<(), C::Fault> {
    let slept = clock.sleep(span).await;
    let mut had_turn = false;
    poll_fn(|context| others_first(&mut had_turn, context)).await;
    slept
}

fn others_first(had_turn: &mut bool, context: &Context<'_>) -> Poll<()> {
    if mem::replace(had_turn, true) {
        return Poll::Ready(());
    }
    context.waker().wake_by_ref();
    Poll::Pending
}
