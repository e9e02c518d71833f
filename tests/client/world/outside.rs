//! What is outside of the client: a server that answers from a script, and a clock that jumps.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use hubspot_async_tasks::client::{Clock, Question, Reply, Transport};
use hubspot_async_tasks::poll::{Answer, Span, Timestamp};

use super::{START, Says, Text, at, ms};

pub type Script = dyn Fn(&str, usize) -> Says;

pub struct Outside {
    pub script: Box<Script>,
    pub elapsed: Cell<u64>,
    /// By how much the local clock is ahead of the time that has really passed since `START`.
    pub ahead: Cell<i64>,
    pub broken_readings: Cell<u32>,
    pub is_sleep_broken: Cell<bool>,
    pub has_no_turns: Cell<bool>,
    pub timers: RefCell<BTreeMap<u64, (u64, Option<Waker>)>>,
    pub next_timer: Cell<u64>,
    pub asked: RefCell<Vec<(u64, String)>>,
    /// When each of them was answered or broken off.
    pub over: RefCell<Vec<Option<u64>>>,
    pub aborted: RefCell<Vec<u64>>,
    /// How many may be repeated: of each the refused token is kept.
    pub kept: Cell<usize>,
}

impl Outside {
    pub fn advance(&self, to: u64) {
        self.elapsed.set(to);
        let mut fired = Vec::new();
        self.timers.borrow_mut().retain(|_, (due, waker)| {
            let is_due = *due <= to;
            fired.extend(waker.take_if(|_| is_due));
            !is_due
        });
        fired.into_iter().for_each(Waker::wake);
    }

    pub fn timer(self: &Rc<Self>, span: Span) -> Timer {
        let id = self.next_timer.replace(self.next_timer.get() + 1);
        assert!(id < 100_000, "timers without end");
        // A real timer's whole milliseconds: it never fires early.
        let due = self.elapsed.get() + span.as_ms().min(u64::MAX / 2);
        Timer { id, due, is_set: false, outside: self.clone() }
    }
}

/// Ends when its time has come, and after everybody else had a turn; gone when dropped.
pub struct Timer {
    id: u64,
    due: u64,
    is_set: bool,
    outside: Rc<Outside>,
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.is_set && !self.outside.timers.borrow().contains_key(&self.id) {
            return Poll::Ready(());
        }
        self.is_set = true;
        let waker = Some(context.waker().clone());
        self.outside.timers.borrow_mut().insert(self.id, (self.due, waker));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.outside.timers.borrow_mut().remove(&self.id);
    }
}

pub struct Server(pub Rc<Outside>);

/// Notes when a request is over, and whether it was dropped before it was answered.
struct Request {
    outside: Rc<Outside>,
    place: usize,
    is_answered: bool,
}

impl Drop for Request {
    fn drop(&mut self) {
        self.outside.over.borrow_mut()[self.place] = Some(self.outside.elapsed.get());
        if !self.is_answered {
            self.outside.aborted.borrow_mut().push(self.outside.elapsed.get());
        }
    }
}

/// What is kept of a request that may be repeated.
pub struct RefusedToken(Rc<Outside>);

impl RefusedToken {
    fn of(outside: &Rc<Outside>) -> RefusedToken {
        outside.kept.set(outside.kept.get() + 1);
        RefusedToken(outside.clone())
    }
}

impl Drop for RefusedToken {
    fn drop(&mut self) {
        self.0.kept.set(self.0.kept.get() - 1);
    }
}

impl Transport for Server {
    type Body = Text;
    type Detail = Text;
    type Repeat = RefusedToken;

    async fn ask(&self, question: Question, _: Option<RefusedToken>) -> Reply<Text, Text, RefusedToken> {
        let outside = &self.0;
        let place = outside.over.borrow().len();
        outside.over.borrow_mut().push(None);
        let mut request = Request { outside: outside.clone(), place, is_answered: false };
        let id = id_in(&question.path).to_owned();
        let nth = outside.asked.borrow().iter().filter(|(_, path)| id_in(path) == id).count();
        assert!(nth < 1_000, "asks without end");
        outside.asked.borrow_mut().push((outside.elapsed.get(), question.path));
        let Says { after, mut answer, payload, rate_headers, is_repeatable, has_date } =
            (outside.script)(&id, nth);
        if after > 0 {
            outside.timer(ms(after)).await;
        }
        request.is_answered = true;
        if let (true, Answer::Http { server_time, .. }) = (has_date, &mut answer) {
            *server_time = Some(at(outside.elapsed.get()));
        }
        Reply { answer, payload, rate_headers, repeat: is_repeatable.then(|| RefusedToken::of(outside)) }
    }

    fn late(&self, _: &Question) -> Reply<Text, Text, RefusedToken> {
        Reply::nothing("late")
    }
}

/// A clock that can be set back or break; its timers go by the time that really passes, as a host's do.
pub struct WallClock(pub Rc<Outside>);

impl Clock for WallClock {
    type Fault = Text;

    fn now(&self) -> Result<Timestamp, Text> {
        let outside = &self.0;
        if let Some(left) = outside.broken_readings.get().checked_sub(1) {
            outside.broken_readings.set(left);
            return Err("the clock is broken");
        }
        let elapsed = START + outside.elapsed.get();
        Ok(Timestamp::from_ms(elapsed.saturating_add_signed(outside.ahead.get())))
    }

    async fn sleep(&self, span: Span) -> Result<(), Text> {
        if self.0.is_sleep_broken.get() {
            return Err("no timers here");
        }
        if span > Span::ZERO || !self.0.has_no_turns.get() {
            self.0.timer(span).await;
        }
        Ok(())
    }
}

/// Of a status or of details.
pub fn id_in(path: &str) -> &str {
    let task = path.strip_suffix("/status").unwrap_or(path);
    task.rsplit('/').next().expect("an id at the end")
}
