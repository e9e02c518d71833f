//! One task: its state machine, its request in flight, its timer, and those who wait for it.
//!
//! Whatever may run the caller's code (the transport, the clock, dropping either's futures) runs while the state is
//! not borrowed, so that the caller may come back in from there.

use std::cell::{RefCell, RefMut};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::news::{FailureOf, FaultOf, NewsOf};
use super::transport::ReplyOf;
use super::{Clock, Failure, Fault, Finished, News, Payload, Question, Shared, Transport, WaitSettings};
use crate::family::{Family, TaskId};
use crate::poll::{
    Answer, Answered, Code, Outcome, Pause, Settled, Step, TaskPoll, Timestamp, Verdict, WaiterId, verdict,
};

type Running<Output> = Pin<Box<dyn Future<Output = Output>>>;
type Request<T> = (u32, Running<ReplyOf<T>>);
type Timer<T> = (Timestamp, Running<Result<(), <T as Transport>::Detail>>);

pub(super) struct Poller<T: Transport, C: Clock<Fault = T::Detail>> {
    pub(super) family: Family,
    pub(super) id: TaskId,
    shared: Rc<Shared<T, C>>,
    state: RefCell<State<T>>,
}

struct State<T: Transport> {
    machine: TaskPoll,
    latest: Option<T::Body>,
    /// The last poll's fault, if it had one.
    fault: Option<FaultOf<T>>,
    request: Option<Request<T>>,
    timer: Option<Timer<T>>,
    seats: Vec<Seat<T>>,
}

/// The place of one who waits.
struct Seat<T: Transport> {
    id: WaiterId,
    waker: Option<Waker>,
    /// Oldest first.
    news: Vec<NewsOf<T>>,
}

impl<T: Transport> Seat<T> {
    fn tell(&mut self, news: NewsOf<T>) {
        self.news.push(news);
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Poller<T, C> {
    /// The one poller of this task; made where nobody holds one.
    pub(super) fn of(shared: &Rc<Shared<T, C>>, family: Family, id: TaskId) -> Rc<Self> {
        shared.pollers.borrow_mut().get_or_insert(family, id, |id| {
            Rc::new(Poller {
                family,
                id: id.clone(),
                shared: shared.clone(),
                state: RefCell::new(State {
                    machine: TaskPoll::new(family, id),
                    latest: None,
                    fault: None,
                    request: None,
                    timer: None,
                    seats: Vec::new(),
                }),
            })
        })
    }

    fn state(&self) -> RefMut<'_, State<T>> {
        self.state.borrow_mut()
    }

    pub(super) fn latest(&self) -> Option<T::Body> {
        self.state.borrow().latest.clone()
    }

    pub(super) fn join(&self, settings: WaitSettings) -> Result<WaiterId, FailureOf<T>> {
        let now = self.shared.now().map_err(|detail| self.clock_failure(detail))?;
        let mut state = self.state();
        let id = state.machine.join(now, settings.schedule, settings.timeout);
        let news = state.latest.clone().map(News::Status).into_iter().collect();
        state.seats.push(Seat { id, waker: None, news });
        Ok(id)
    }

    pub(super) fn leave(&self, id: WaiterId) {
        let mut state = self.state();
        state.machine.leave(id);
        state.seats.retain(|seat| seat.id != id);
        drop(state);
        self.drop_what_nobody_waits_for();
        // The one who left may have been driving.
        self.wake_all();
    }

    /// One who waits listens no more, for now: the others drive.
    pub(super) fn hand_over(&self, id: WaiterId) {
        if let Some(seat) = self.state().seats.iter_mut().find(|seat| seat.id == id) {
            seat.waker = None;
        }
        self.wake_all();
    }

    pub(super) fn wake_all(&self) {
        self.state().seats.iter_mut().for_each(Seat::wake);
    }

    fn drop_what_nobody_waits_for(&self) {
        let mut state = self.state();
        if state.machine.has_waiters() {
            return;
        }
        let dropped = (state.request.take(), state.timer.take());
        drop(state);
        drop(dropped);
    }

    /// The next news of one who waits; drives the task meanwhile.
    pub(super) fn poll_news(&self, id: WaiterId, context: &mut Context<'_>) -> Poll<NewsOf<T>> {
        if let Some(news) = self.news_of(id) {
            return Poll::Ready(news);
        }
        if let Some(seat) = self.state().seats.iter_mut().find(|seat| seat.id == id) {
            seat.waker = Some(context.waker().clone());
        }
        if let Err(detail) = self.drive(context) {
            return Poll::Ready(News::End(Err(self.clock_failure(detail))));
        }
        self.news_of(id).map_or(Poll::Pending, Poll::Ready)
    }

    fn news_of(&self, id: WaiterId) -> Option<NewsOf<T>> {
        let mut state = self.state();
        let seat = state.seats.iter_mut().find(|seat| seat.id == id)?;
        (!seat.news.is_empty()).then(|| seat.news.remove(0))
    }

    /// Takes every step that can be taken now. Fails when the clock does.
    fn drive(&self, context: &mut Context<'_>) -> Result<(), T::Detail> {
        loop {
            self.poll_request(context);
            let now = self.shared.now()?;
            let pause = self.shared.pause();
            let step = self.state().machine.step(now, pause);
            match step {
                Step::Settle(waiter, settled) => self.settle(waiter, settled, now),
                Step::Ask(request) => self.begin(request),
                Step::WaitUntil(instant) => {
                    if self.poll_timer(instant, now, context)?.is_pending() {
                        return Ok(());
                    }
                }
                Step::Idle => return Ok(()),
            }
        }
    }

    fn begin(&self, number: u32) {
        let running = self.ask();
        let replaced = self.state().request.replace((number, running));
        drop(replaced);
    }

    fn ask(&self) -> Running<ReplyOf<T>> {
        let shared = self.shared.clone();
        let question = Question {
            family: self.family,
            path: self.family.status_path(&shared.settings.api_version, &self.id),
        };
        Box::pin(async move { shared.transport.ask(question).await })
    }

    fn poll_request(&self, context: &mut Context<'_>) {
        let taken = self.state().request.take();
        let Some((number, mut running)) = taken else {
            return;
        };
        match running.as_mut().poll(context) {
            Poll::Ready(reply) => {
                drop(running);
                self.receive(number, reply, How::Poll);
            }
            Poll::Pending => {
                self.state().request = Some((number, running));
                // The caller's code may have ended the last wait from inside the transport.
                self.drop_what_nobody_waits_for();
            }
        }
    }

    fn poll_timer(
        &self,
        instant: Timestamp,
        now: Timestamp,
        context: &mut Context<'_>,
    ) -> Result<Poll<()>, T::Detail> {
        let taken = self.state().timer.take();
        let mut timer = match taken {
            Some((set_for, timer)) if set_for == instant => timer,
            other => {
                drop(other);
                let shared = self.shared.clone();
                Box::pin(async move { shared.clock.sleep(instant.since(now)).await })
            }
        };
        match timer.as_mut().poll(context) {
            Poll::Ready(result) => result.map(Poll::Ready),
            Poll::Pending => {
                self.state().timer = Some((instant, timer));
                self.drop_what_nobody_waits_for();
                Ok(Poll::Pending)
            }
        }
    }

    /// Takes in an answer, and gives its fault where it is one.
    fn receive(&self, number: u32, reply: ReplyOf<T>, how: How) -> Option<FaultOf<T>> {
        let now = self.shared.now_or_last();
        let verdict = verdict(&reply.answer);
        let about = self.about(&reply.answer, &verdict);
        let fault = fault(&verdict, &reply.payload);
        if let (Verdict::Pause { code, lasts }, Some(fault)) = (&verdict, &fault) {
            let pause = Pause { until: now.plus(*lasts), code: *code };
            self.shared.demand_pause(pause, fault.clone());
        }
        let mut state = self.state();
        let is_news = match how {
            How::Poll => state.machine.answered(number, now, &verdict, about),
            How::Status => state.machine.observed(number, now, &verdict, about),
        };
        if matches!(how, How::Poll) {
            state.fault = fault.clone();
        }
        if let (true, Payload::Status(body)) = (is_news, reply.payload) {
            state.publish(body);
        }
        drop(state);
        fault
    }

    fn about(&self, answer: &Answer, verdict: &Verdict) -> Answered {
        if matches!(verdict, Verdict::Status(_) | Verdict::Empty) {
            self.shared.set_up_works.set(true);
        }
        let (server_time, retry_after) = match answer {
            Answer::Http { server_time, retry_after, .. } => (*server_time, *retry_after),
            Answer::None | Answer::Unsendable(_) => (None, None),
        };
        Answered { server_time, retry_after, set_up_works: self.shared.set_up_works.get() }
    }

    fn settle(&self, waiter: WaiterId, settled: Settled, now: Timestamp) {
        let mut state = self.state();
        let polls = state.machine.polls();
        let last_status = state.latest.clone();
        let failure =
            |code, fault, retry_after| Box::new(Failure { code, fault, retry_after, last_status, polls });
        let end = match settled {
            Settled::Ended { outcome, detection_delay } => match (outcome, state.latest.clone()) {
                (Outcome::Succeeded | Outcome::SucceededWithErrors, Some(status)) => {
                    Ok(Finished { outcome, status, polls, detection_delay })
                }
                (Outcome::Canceled, _) => Err(failure(Code::Canceled, None, None)),
                _ => Err(failure(Code::Failed, None, None)),
            },
            Settled::Stopped(code) => Err(failure(code, state.fault.clone(), None)),
            Settled::Paused(pause) => {
                let left = pause.until.since(now);
                Err(failure(pause.code, self.shared.pause_fault(), Some(left)))
            }
            Settled::TimedOut => Err(failure(Code::Timeout, state.fault.clone(), None)),
        };
        if let Some(seat) = state.seats.iter_mut().find(|seat| seat.id == waiter) {
            seat.tell(News::End(end));
        }
        drop(state);
        self.drop_what_nobody_waits_for();
    }

    pub(super) async fn status(self: Rc<Self>) -> Result<Option<T::Body>, FailureOf<T>> {
        let now = self.sit_out_pause().await?;
        let number = self.state().machine.send(now);
        let reply = self.ask().await;
        let received = self.receive(number, reply, How::Status);
        // It may have ended the task for those who wait.
        self.wake_all();
        match received {
            None => Ok(self.latest()),
            Some(fault) => Err(self.failure(fault.code, Some(fault))),
        }
    }

    /// Waits for the pause to end, unless it outlasts the request timeout; gives the time then.
    async fn sit_out_pause(&self) -> Result<Timestamp, FailureOf<T>> {
        let mut give_up = None;
        loop {
            let now = self.shared.now().map_err(|detail| self.clock_failure(detail))?;
            let give_up = *give_up.get_or_insert(now.plus(self.shared.settings.request_timeout));
            let Some(pause) = Pause::still(self.shared.pause(), now) else {
                return Ok(now);
            };
            let left = pause.until.since(now);
            if pause.until > give_up {
                let mut failure = self.failure(pause.code, self.shared.pause_fault());
                failure.retry_after = Some(left);
                return Err(failure);
            }
            let slept = self.shared.clock.sleep(left).await;
            slept.map_err(|detail| self.clock_failure(detail))?;
        }
    }

    /// A clock that does not work is a wrong argument: it is the caller who gave it.
    fn clock_failure(&self, detail: T::Detail) -> FailureOf<T> {
        let code = Code::InvalidArgument;
        self.failure(code, Some(Fault { code, detail }))
    }

    fn failure(&self, code: Code, fault: Option<FaultOf<T>>) -> FailureOf<T> {
        let state = self.state.borrow();
        Box::new(Failure {
            code,
            fault,
            retry_after: None,
            last_status: state.latest.clone(),
            polls: state.machine.polls(),
        })
    }
}

impl<T: Transport> State<T> {
    /// Tells everybody, where the status is another than before.
    fn publish(&mut self, body: T::Body) {
        if self.latest.as_ref() == Some(&body) {
            return;
        }
        for seat in &mut self.seats {
            seat.tell(News::Status(body.clone()));
        }
        self.latest = Some(body);
    }
}

/// Whether an answer counts as a poll of the schedule, or as a caller's own look.
enum How {
    Poll,
    Status,
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

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Poller<T, C> {
    fn drop(&mut self) {
        self.shared.pollers.borrow_mut().forget(self.family, &self.id);
    }
}
