//! The async driver: runs the engine for whoever awaits.
//!
//! Nothing is spawned. Whoever awaits a wait or a look drives all tasks of the client; when that one is done or gone,
//! the next takes over. So it runs on any single-threaded executor. Whatever may run the caller's code (the transport,
//! the clock, dropping either's futures) runs while nothing is borrowed, so that the caller may come back in from there.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::effect::{Effect, Event, Polled, Seen};
use super::engine::Engine;
use super::news::{FailureOf, NewsOf};
use super::task::Task;
use super::transport::ReplyOf;
use super::{Clock, Failure, Fault, Host, Settings, Transport};
use crate::family::{Family, TaskId};
use crate::poll::{Checkpoint, Code, Learned, Timestamp};

type Running<Output> = Pin<Box<dyn Future<Output = Output>>>;
type Timer<T> = (Timestamp, Running<Result<(), <T as Transport>::Detail>>);

/// Asks about tasks, and waits for them: one client for one account.
///
/// All its tasks share one rate limit and a pause that HubSpot demands; two handles of one task share its polls.
pub struct Client<T: Transport, C: Clock<Fault = T::Detail>> {
    pub(super) shared: Rc<Shared<T, C>>,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Clone for Client<T, C> {
    fn clone(&self) -> Self {
        Client { shared: self.shared.clone() }
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Client<T, C> {
    /// A client that sends with `transport` and lives by `clock`. Nothing is sent until a task is asked about.
    pub fn new(transport: T, clock: C, settings: Settings) -> Self {
        let shared = Shared {
            transport,
            clock,
            settings: settings.clone(),
            engine: RefCell::new(Engine::new(settings)),
            requests: RefCell::default(),
            timer: RefCell::new(None),
            driver: Arc::default(),
            seats: RefCell::default(),
            observer: RefCell::new(None),
        };
        Client { shared: Rc::new(shared) }
    }

    /// A handle of one task. Sends nothing.
    pub fn task(&self, family: Family, id: TaskId) -> Task<T, C> {
        let key = self.shared.engine.borrow_mut().open(family, id.clone());
        Task::new(&self.shared, key, family, id)
    }

    /// A handle of the task that a checkpoint speaks of; its polling goes on from there. Sends nothing.
    pub fn resume(&self, checkpoint: &Checkpoint) -> Task<T, C> {
        let key = self.shared.engine.borrow_mut().resume(checkpoint);
        Task::new(&self.shared, key, checkpoint.family, checkpoint.task_id.clone())
    }

    /// Asks once, even when early, and says what the next process carries on with.
    ///
    /// # Errors
    /// On faults that do not pass, and past the checkpoint's deadline.
    pub async fn poll(&self, checkpoint: &Checkpoint) -> Polled<Seats<T>> {
        let key = self.shared.engine.borrow_mut().resume_alone(checkpoint);
        let task = Task::new(&self.shared, key, checkpoint.family, checkpoint.task_id.clone());
        task.once(checkpoint.deadline).await
    }

    /// What all tasks share.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// What the finished tasks took, by family in the order of [`Family::ALL`]: for [`Settings::learned`].
    pub fn learned(&self) -> [Learned; 4] {
        self.shared.engine.borrow().learned().clone()
    }

    /// Calls `observer` for each [`Event`], if [`Settings::has_observer`] asks for them.
    pub fn observe(&self, observer: impl Fn(&Event<T::Body>) + 'static) {
        *self.shared.observer.borrow_mut() = Some(Rc::new(observer));
    }
}

/// The engine's host: news go to seats.
pub struct Seats<T>(std::marker::PhantomData<T>);

impl<T: Transport> Host for Seats<T> {
    type Body = T::Body;
    type Detail = T::Detail;
    type Listener = Rc<Seat<T>>;
}

/// The place of one who waits or looks.
pub struct Seat<T: Transport> {
    waker: RefCell<Option<Waker>>,
    /// Oldest first.
    pub(super) news: RefCell<Vec<NewsOf<Seats<T>>>>,
    pub(super) look: RefCell<Option<Seen<Seats<T>>>>,
    pub(super) polled: RefCell<Option<Polled<Seats<T>>>>,
}

impl<T: Transport> Seat<T> {
    pub(super) fn new() -> Rc<Seat<T>> {
        Rc::new(Seat {
            waker: RefCell::default(),
            news: RefCell::default(),
            look: RefCell::new(None),
            polled: RefCell::new(None),
        })
    }

    fn wake(&self) {
        let waker = self.waker.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Requests and the timer wake this, and it wakes the one who drives.
#[derive(Default)]
struct Driver(Mutex<Option<Waker>>);

impl Driver {
    fn set(&self, waker: Option<Waker>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = waker;
    }
}

impl Wake for Driver {
    fn wake(self: Arc<Self>) {
        let waker = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub(super) struct Shared<T: Transport, C: Clock<Fault = T::Detail>> {
    transport: T,
    clock: C,
    settings: Settings,
    pub(super) engine: RefCell<Engine<Seats<T>>>,
    requests: RefCell<Vec<(u32, Running<ReplyOf<T>>)>>,
    timer: RefCell<Option<Timer<T>>>,
    driver: Arc<Driver>,
    /// Those who may drive.
    seats: RefCell<Vec<Weak<Seat<T>>>>,
    observer: RefCell<Option<Observer<T>>>,
}

type Observer<T> = Rc<dyn Fn(&Event<<T as Transport>::Body>)>;

impl<T: Transport, C: Clock<Fault = T::Detail>> Shared<T, C> {
    pub(super) fn now(&self) -> Result<Timestamp, T::Detail> {
        let clock = self.clock.now()?;
        Ok(self.engine.borrow_mut().time(clock))
    }

    /// The time, or the last one known: an answer must not be lost because the clock failed as it came.
    pub(super) fn now_or_last(&self) -> Timestamp {
        self.now().unwrap_or_else(|_| self.engine.borrow().last_time())
    }

    /// A clock that does not work is a wrong argument: it is the caller who gave it.
    pub(super) fn clock_failure(detail: T::Detail) -> FailureOf<Seats<T>> {
        let code = Code::InvalidArgument;
        let fault = Some(Fault { code, detail });
        Box::new(Failure { code, fault, retry_after: None, last_status: None, polls: 0 })
    }

    /// One more who may drive.
    pub(super) fn seat(&self) -> Rc<Seat<T>> {
        let seat = Seat::new();
        self.seats.borrow_mut().push(Rc::downgrade(&seat));
        seat
    }

    /// Drives in the name of this seat, which hears of whatever comes.
    pub(super) fn drive_for(self: &Rc<Self>, seat: &Rc<Seat<T>>, context: &Context<'_>) {
        *seat.waker.borrow_mut() = Some(context.waker().clone());
        self.driver.set(Some(context.waker().clone()));
        if let Err(detail) = self.drive() {
            self.engine.borrow_mut().stop_all(&detail);
            self.run_effects();
        }
    }

    /// This seat listens no more, for now or for ever: another one drives.
    pub(super) fn hand_over(&self, seat: &Rc<Seat<T>>) {
        *seat.waker.borrow_mut() = None;
        self.driver.set(None);
        let mut seats = self.seats.borrow_mut();
        seats.retain(|seat| seat.strong_count() > 0);
        let next = seats.iter().filter_map(Weak::upgrade).find(|seat| seat.waker.borrow().is_some());
        drop(seats);
        if let Some(next) = next {
            next.wake();
        }
    }

    /// Does whatever can be done now. Fails when the clock does.
    fn drive(self: &Rc<Self>) -> Result<(), T::Detail> {
        let waker = Waker::from(self.driver.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            self.poll_requests(&mut context);
            let now = self.now()?;
            if self.take_effect(now) || self.engine.borrow_mut().decide(now) {
                continue;
            }
            let Some(at) = self.engine.borrow_mut().wake_at(now) else {
                let timer = self.timer.borrow_mut().take();
                drop(timer);
                return Ok(());
            };
            if at > now && self.poll_timer(at, now, &mut context)?.is_pending() {
                return Ok(());
            }
        }
    }

    fn run_effects(self: &Rc<Self>) {
        let now = self.engine.borrow().last_time();
        while self.take_effect(now) {}
    }

    fn take_effect(self: &Rc<Self>, now: Timestamp) -> bool {
        let effect = self.engine.borrow_mut().take_effect();
        let Some(effect) = effect else {
            return false;
        };
        match effect {
            Effect::Send(question) => {
                let (shared, number) = (self.clone(), question.number);
                let running = Box::pin(async move { shared.transport.ask(question).await });
                self.requests.borrow_mut().push((number, running));
            }
            Effect::Abort(number) => match self.take_request(number) {
                Some(request) => drop(request),
                None => self.transport.forget(number),
            },
            Effect::Late(number) => {
                let reply = self.transport.late(number);
                drop(self.take_request(number));
                self.engine.borrow_mut().reply(number, now, reply);
            }
            Effect::Tell(seat, news) => {
                seat.news.borrow_mut().push(news);
                seat.wake();
            }
            Effect::Look(seat, look) => {
                *seat.look.borrow_mut() = Some(look);
                seat.wake();
            }
            Effect::Polled(seat, polled) => {
                *seat.polled.borrow_mut() = Some(polled);
                seat.wake();
            }
            Effect::Happened(event) => {
                let observer = self.observer.borrow().clone();
                if let Some(observer) = observer {
                    observer(&event);
                }
            }
        }
        true
    }

    fn take_request(&self, number: u32) -> Option<Running<ReplyOf<T>>> {
        let mut requests = self.requests.borrow_mut();
        let index = requests.iter().position(|(other, _)| *other == number)?;
        Some(requests.swap_remove(index).1)
    }

    fn poll_requests(self: &Rc<Self>, context: &mut Context<'_>) {
        // Taken out while they run: they may come back in here.
        let running = std::mem::take(&mut *self.requests.borrow_mut());
        for (number, mut request) in running {
            match request.as_mut().poll(context) {
                Poll::Pending => self.requests.borrow_mut().push((number, request)),
                Poll::Ready(reply) => {
                    drop(request);
                    let now = self.now_or_last();
                    self.engine.borrow_mut().reply(number, now, reply);
                }
            }
        }
    }

    fn poll_timer(
        self: &Rc<Self>,
        at: Timestamp,
        now: Timestamp,
        context: &mut Context<'_>,
    ) -> Result<Poll<()>, T::Detail> {
        let taken = self.timer.borrow_mut().take();
        let mut timer = match taken {
            Some((set_for, timer)) if set_for == at => timer,
            other => {
                drop(other);
                let shared = self.clone();
                Box::pin(async move { shared.clock.sleep(at.since(now)).await })
            }
        };
        match timer.as_mut().poll(context) {
            Poll::Ready(result) => result.map(Poll::Ready),
            Poll::Pending => {
                *self.timer.borrow_mut() = Some((at, timer));
                Ok(Poll::Pending)
            }
        }
    }

    /// After somebody left: what nobody wants is broken off, and the timer goes if nothing is left to wait for.
    pub(super) fn tidy(self: &Rc<Self>) {
        self.run_effects();
        let last = self.engine.borrow().last_time();
        if self.engine.borrow_mut().wake_at(last).is_none() {
            let timer = self.timer.borrow_mut().take();
            drop(timer);
        }
    }
}
