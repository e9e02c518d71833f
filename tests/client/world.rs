//! A server that answers from a script, a clock that jumps from one event to the next, and what was seen of both.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::executor::{LocalPool, LocalSpawner};
use futures::future::RemoteHandle;
use futures::task::LocalSpawnExt;
use hubspot_async_tasks::client::{
    Client, Clock, Event, Failure, Finished, News, Payload, PollStep, Question, Reply, Settings, Task,
    Transport, Wait, WaitSettings, What,
};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{
    Answer, Body, Checkpoint, Envelope, Learned, Phase, RateLimit, Schedule, Span, Standing, Timestamp, Told,
};

/// When the local clock begins. All other numbers of these tests are milliseconds after it.
pub const START: u64 = 1_755_770_400_000;
/// Its phase is 1.0356246709823609.
pub const ID: &str = "90151673";

/// When nothing happened.
pub const NEVER: [u64; 0] = [];

/// A status body and a fault's detail are their texts here.
pub type Text = &'static str;
pub type TestTask = Task<Server, WallClock>;
pub type TestWait = Wait<Server, WallClock>;
pub type TestNews = News<Text, Text>;
pub type End = Result<Finished<Text>, Box<Failure<Text, Text>>>;

pub fn ms(ms: u64) -> Span {
    Span::from_ms(ms)
}

/// That instant as the client has it.
pub fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(START + ms)
}

/// An instant `wait` after another, as a clock of whole milliseconds has it.
pub fn later(ms: u64, wait: Span) -> u64 {
    at(ms).plus(wait).as_ms() - START
}

/// The poll times of a task by the default schedule, whose answers come at once.
pub fn theory(id: &str, first: u64, last: u64) -> Vec<u64> {
    let wait = |asked: u64| Schedule::default().interval(ms(asked - first), Phase::of(id), None);
    std::iter::successors(Some(first), |asked| Some(later(*asked, wait(*asked))))
        .take_while(|asked| *asked <= last)
        .collect()
}

/// So many requests within so many milliseconds.
pub fn limited(requests: u32, per: u64) -> Settings {
    Settings { rate_limit: Some(RateLimit { requests, per: ms(per) }), ..Settings::default() }
}

/// An answer, and after how long it comes.
#[derive(Clone)]
pub struct Says {
    after: u64,
    reply: Reply<Text, Text>,
    /// Whether a `Date` header tells the server's time, which is the real one.
    has_date: bool,
}

impl Says {
    pub fn after(self, after: u64) -> Says {
        Says { after, ..self }
    }

    /// Another token may be answered better.
    pub fn daily(mut self) -> Says {
        if let Answer::Http { is_daily_limit, .. } = &mut self.reply.answer {
            *is_daily_limit = true;
        }
        self
    }

    pub fn repeatable(mut self) -> Says {
        self.reply.is_repeatable = true;
        self
    }

    /// What the headers say of the rate limit.
    pub fn told(mut self, told: Told) -> Says {
        self.reply.told = told;
        self
    }

    pub fn with_date(self) -> Says {
        Says { has_date: true, ..self }
    }

    /// `requestedAt`, `startedAt` and `completedAt`, in milliseconds from `START`; those before it are negative.
    pub fn dates(mut self, requested: Option<i64>, started: Option<i64>, completed: Option<i64>) -> Says {
        let instant = |ms: i64| Timestamp::from_ms(START.saturating_add_signed(ms));
        if let Answer::Http { body: Body::Status(envelope), .. } = &mut self.reply.answer {
            envelope.requested_at = requested.map(instant);
            envelope.started_at = started.map(instant);
            envelope.completed_at = completed.map(instant);
        }
        self
    }

    /// `Retry-After`, in milliseconds.
    pub fn retry_after(mut self, lasts: u64) -> Says {
        if let Answer::Http { retry_after, .. } = &mut self.reply.answer {
            *retry_after = Some(ms(lasts));
        }
        self
    }
}

fn answered(status: u16, retry_after: Option<u64>, body: Body, payload: Payload<Text, Text>) -> Says {
    let retry_after = retry_after.map(ms);
    let answer = Answer::Http { status, retry_after, server_time: None, is_daily_limit: false, body };
    saying(Reply { answer, payload, told: Told::default(), is_repeatable: false })
}

fn saying(reply: Reply<Text, Text>) -> Says {
    Says { after: 0, reply, has_date: false }
}

fn status(standing: Standing, has_result: bool, text: Text) -> Says {
    let envelope = Envelope {
        standing,
        has_errors: false,
        has_result,
        requested_at: None,
        started_at: None,
        completed_at: None,
    };
    answered(200, None, Body::Status(envelope), Payload::Status(text))
}

pub fn running(text: Text) -> Says {
    status(Standing::Running, false, text)
}

pub fn processing(text: Text) -> Says {
    status(Standing::Processing, false, text)
}

pub fn complete(text: Text) -> Says {
    status(Standing::Complete, true, text)
}

/// COMPLETE without the result that there should be.
pub fn failed(text: Text) -> Says {
    status(Standing::Complete, false, text)
}

pub fn canceled(text: Text) -> Says {
    status(Standing::Canceled, false, text)
}

pub fn empty() -> Says {
    answered(202, None, Body::Empty, Payload::Empty)
}

pub fn refusal(status: u16, retry_after: Option<u64>, detail: Text) -> Says {
    answered(status, retry_after, Body::Unreadable, Payload::Fault(detail))
}

pub fn lost() -> Says {
    saying(nothing("lost"))
}

fn nothing(detail: Text) -> Reply<Text, Text> {
    let payload = Payload::Fault(detail);
    Reply { answer: Answer::None, payload, told: Told::default(), is_repeatable: false }
}

type Script = dyn Fn(&str, usize) -> Says;

/// All that is outside the client.
pub struct World {
    pool: RefCell<LocalPool>,
    spawner: LocalSpawner,
    outside: Rc<Outside>,
    client: Client<Server, WallClock>,
    events: Rc<RefCell<Vec<Event<Text>>>>,
}

struct Outside {
    script: Box<Script>,
    elapsed: Cell<u64>,
    /// By how much the local clock is ahead of the time that has really passed since `START`.
    ahead: Cell<i64>,
    broken_readings: Cell<u32>,
    is_sleep_broken: Cell<bool>,
    timers: RefCell<BTreeMap<u64, (u64, Option<Waker>)>>,
    next_timer: Cell<u64>,
    asked: RefCell<Vec<(u64, String)>>,
    /// When each of them was answered or broken off.
    over: RefCell<Vec<Option<u64>>>,
    aborted: RefCell<Vec<u64>>,
    /// The numbers of those that may be repeated: a transport keeps the refused token of each.
    kept: RefCell<Vec<u32>>,
}

impl World {
    /// The script is given the task's id and how many times it was asked for before.
    pub fn new(script: impl Fn(&str, usize) -> Says + 'static) -> World {
        World::with(Settings::default(), script)
    }

    /// The same with settings of its own; what an observer hears is written down.
    pub fn with(settings: Settings, script: impl Fn(&str, usize) -> Says + 'static) -> World {
        let outside = Rc::new(Outside {
            script: Box::new(script),
            elapsed: Cell::default(),
            ahead: Cell::default(),
            broken_readings: Cell::default(),
            is_sleep_broken: Cell::default(),
            timers: RefCell::default(),
            next_timer: Cell::default(),
            asked: RefCell::default(),
            over: RefCell::default(),
            aborted: RefCell::default(),
            kept: RefCell::default(),
        });
        let client = Client::new(Server(outside.clone()), WallClock(outside.clone()), settings);
        let events = Rc::new(RefCell::new(Vec::new()));
        let log = events.clone();
        client.observe(move |event| log.borrow_mut().push(event.clone()));
        let pool = LocalPool::new();
        World { spawner: pool.spawner(), pool: RefCell::new(pool), outside, client, events }
    }

    /// A world in which each task is told these in turn, and the last for ever.
    pub fn saying<const N: usize>(script: [Says; N]) -> World {
        World::new(move |_, nth| script[nth.min(N - 1)].clone())
    }

    pub fn task(&self, id: &str) -> TestTask {
        self.task_of(Family::FileImport, id)
    }

    pub fn task_of(&self, family: Family, id: &str) -> TestTask {
        self.client.task(family, TaskId::new(family, id).expect(id))
    }

    pub fn resume(&self, checkpoint: &Checkpoint) -> TestTask {
        self.client.resume(checkpoint)
    }

    pub fn learned(&self) -> [Learned; 4] {
        self.client.learned()
    }

    /// What the observer heard, and when.
    pub fn events(&self) -> Vec<(u64, What<Text>)> {
        self.events.borrow().iter().map(|event| (event.at.as_ms() - START, event.what.clone())).collect()
    }

    /// What the observer heard of the task of that id.
    pub fn events_of(&self, id: &str) -> Vec<(u64, What<Text>)> {
        let events = self.events.borrow();
        let of_task = events.iter().filter(|event| event.task.id.as_str() == id);
        of_task.map(|event| (event.at.as_ms() - START, event.what.clone())).collect()
    }

    /// Begins to wait for the task with the default schedule.
    pub fn wait(&self, id: &str, timeout: u64) -> Waiting {
        self.listen(self.begin(&self.task(id), Schedule::default(), timeout))
    }

    pub fn begin(&self, task: &TestTask, schedule: Schedule, timeout: u64) -> TestWait {
        task.wait(WaitSettings { schedule, timeout: Some(ms(timeout)) }).expect("a clock that works")
    }

    /// Writes down what a wait is told, and when, up to its end.
    pub fn listen(&self, mut wait: TestWait) -> Waiting {
        let told = Rc::new(RefCell::new(Vec::new()));
        let (outside, log) = (self.outside.clone(), told.clone());
        let running = self.spawn(async move {
            loop {
                let news = wait.next().await;
                let is_end = matches!(news, News::End(_));
                log.borrow_mut().push((outside.elapsed.get(), news));
                if is_end {
                    return;
                }
            }
        });
        Waiting { _running: running, told }
    }

    /// Runs until the handle is dropped.
    pub fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> RemoteHandle<T> {
        self.spawner.spawn_local_with_handle(future).expect("a pool that takes futures")
    }

    /// Writes down what `status()` gives, and when.
    pub fn look(&self, task: &TestTask) -> Looking {
        let (task, outside) = (task.clone(), self.outside.clone());
        let seen = Rc::new(RefCell::new(None));
        let log = seen.clone();
        let running = self.spawn(async move {
            let status = task.status().await;
            *log.borrow_mut() = Some((outside.elapsed.get(), status));
        });
        Looking { _running: running, seen }
    }

    /// Writes down what a single poll gives, and when.
    pub fn poll(&self, checkpoint: &Checkpoint) -> Polling {
        let (client, outside) = (self.client.clone(), self.outside.clone());
        let checkpoint = checkpoint.clone();
        let seen = Rc::new(RefCell::new(None));
        let log = seen.clone();
        let running = self.spawn(async move {
            let step = client.poll(&checkpoint).await;
            *log.borrow_mut() = Some((outside.elapsed.get(), step));
        });
        Polling { _running: running, seen }
    }

    /// Lets everything happen that happens up to that instant.
    pub fn until(&self, end: u64) -> &World {
        loop {
            self.pool.borrow_mut().run_until_stalled();
            let due = self.outside.timers.borrow().values().map(|(due, _)| *due).min();
            match due {
                Some(due) if due <= end => self.outside.advance(due),
                _ => break,
            }
        }
        self.outside.elapsed.set(end);
        self
    }

    /// Sets the local clock forward, or back.
    pub fn set_clock(&self, by: i64) {
        self.outside.ahead.set(self.outside.ahead.get() + by);
    }

    /// The clock fails the next so many times that it is read.
    pub fn break_clock(&self, readings: u32) {
        self.outside.broken_readings.set(readings);
    }

    pub fn break_sleep(&self) {
        self.outside.is_sleep_broken.set(true);
    }

    /// When the task of that id was asked for.
    pub fn asked(&self, id: &str) -> Vec<u64> {
        let asked = self.outside.asked.borrow();
        asked.iter().filter(|(_, path)| id_in(path) == id).map(|(at, _)| *at).collect()
    }

    /// When anything was asked for.
    pub fn sent(&self) -> Vec<u64> {
        self.outside.asked.borrow().iter().map(|(at, _)| *at).collect()
    }

    /// The ids that were asked for, in turn.
    pub fn ids(&self) -> Vec<String> {
        self.outside.asked.borrow().iter().map(|(_, path)| id_in(path).to_owned()).collect()
    }

    /// From when to when each request was under way, in the order of their sending; to the end of time if it still is.
    pub fn flights(&self) -> Vec<(u64, u64)> {
        let over = self.outside.over.borrow();
        self.sent().into_iter().zip(over.iter().map(|over| over.unwrap_or(u64::MAX))).collect()
    }

    /// The most requests that were counted at a time, each from its sending until `per` after its end.
    pub fn most_within(&self, per: u64) -> usize {
        let flights = self.flights();
        let at = |sent: u64| {
            let counts = |(begun, over): &&(u64, u64)| *begun <= sent && over.saturating_add(per) > sent;
            flights.iter().filter(counts).count()
        };
        flights.iter().map(|(sent, _)| at(*sent)).max().unwrap_or_default()
    }

    /// The paths that were asked for, in turn.
    pub fn paths(&self) -> Vec<String> {
        self.outside.asked.borrow().iter().map(|(_, path)| path.clone()).collect()
    }

    /// When requests were broken off.
    pub fn kept(&self) -> Vec<u32> {
        self.outside.kept.borrow().clone()
    }

    pub fn aborted(&self) -> Vec<u64> {
        self.outside.aborted.borrow().clone()
    }

    /// How many timers are set, those of answers under way included.
    pub fn timers(&self) -> usize {
        self.outside.timers.borrow().len()
    }
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').nth(1).expect("an id before /status")
}

/// One who waits; leaves when dropped.
pub struct Waiting {
    _running: RemoteHandle<()>,
    told: Rc<RefCell<Vec<(u64, TestNews)>>>,
}

impl Waiting {
    /// The statuses it was told, and when.
    pub fn statuses(&self) -> Vec<(u64, Text)> {
        let told = self.told.borrow();
        let status = |(at, news): &(u64, TestNews)| match news {
            News::Status(text) => Some((*at, *text)),
            News::End(_) => None,
        };
        told.iter().filter_map(status).collect()
    }

    /// How it ended, and when; `None` while it goes on.
    pub fn end(&self) -> Option<(u64, End)> {
        match self.told.borrow().last() {
            Some((at, News::End(end))) => Some((*at, end.clone())),
            _ => None,
        }
    }

    /// When it failed, and how.
    pub fn failure(&self) -> (u64, Failure<Text, Text>) {
        match self.end() {
            Some((at, Err(failure))) => (at, *failure),
            other => panic!("no failure: {other:?}"),
        }
    }

    /// When it succeeded, and with what.
    pub fn success(&self) -> (u64, Finished<Text>) {
        match self.end() {
            Some((at, Ok(finished))) => (at, finished),
            other => panic!("no success: {other:?}"),
        }
    }
}

type Seen = Result<Option<Text>, Box<Failure<Text, Text>>>;

/// One who asks for the status; gives up when dropped.
pub struct Looking {
    _running: RemoteHandle<()>,
    seen: Rc<RefCell<Option<(u64, Seen)>>>,
}

impl Looking {
    pub fn seen(&self) -> Option<(u64, Seen)> {
        self.seen.borrow().clone()
    }

    /// When it failed, and how.
    pub fn failure(&self) -> (u64, Failure<Text, Text>) {
        match self.seen() {
            Some((at, Err(failure))) => (at, *failure),
            other => panic!("no failure: {other:?}"),
        }
    }
}

type Step = Result<PollStep<Text, Text>, Box<Failure<Text, Text>>>;

/// One who polls once; gives up when dropped.
pub struct Polling {
    _running: RemoteHandle<()>,
    seen: Rc<RefCell<Option<(u64, Step)>>>,
}

impl Polling {
    pub fn seen(&self) -> Option<(u64, Step)> {
        self.seen.borrow().clone()
    }

    /// What it brought.
    pub fn step(&self) -> PollStep<Text, Text> {
        match self.seen() {
            Some((_, Ok(step))) => step,
            other => panic!("no step: {other:?}"),
        }
    }

    /// When it failed, and how.
    pub fn failure(&self) -> (u64, Failure<Text, Text>) {
        match self.seen() {
            Some((at, Err(failure))) => (at, *failure),
            other => panic!("no failure: {other:?}"),
        }
    }
}

impl Outside {
    fn advance(&self, to: u64) {
        self.elapsed.set(to);
        let mut fired = Vec::new();
        self.timers.borrow_mut().retain(|_, (due, waker)| {
            let is_due = *due <= to;
            fired.extend(waker.take_if(|_| is_due));
            !is_due
        });
        fired.into_iter().for_each(Waker::wake);
    }

    fn timer(self: &Rc<Self>, span: Span) -> Timer {
        let id = self.next_timer.replace(self.next_timer.get() + 1);
        assert!(id < 100_000, "timers without end");
        // A real timer's whole milliseconds: it never fires early.
        let due = self.elapsed.get() + span.as_ms().min(u64::MAX / 2);
        Timer { id, due, outside: self.clone() }
    }
}

/// Ends when its time has come; gone when dropped.
struct Timer {
    id: u64,
    due: u64,
    outside: Rc<Outside>,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.due <= self.outside.elapsed.get() {
            return Poll::Ready(());
        }
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

pub struct Server(Rc<Outside>);

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

impl Transport for Server {
    type Body = Text;
    type Detail = Text;

    async fn ask(&self, question: Question) -> Reply<Text, Text> {
        let outside = &self.0;
        let (number, place) = (question.number, outside.over.borrow().len());
        outside.kept.borrow_mut().retain(|kept| Some(*kept) != question.repeats);
        outside.over.borrow_mut().push(None);
        let mut request = Request { outside: outside.clone(), place, is_answered: false };
        let id = id_in(&question.path).to_owned();
        let nth = outside.asked.borrow().iter().filter(|(_, path)| id_in(path) == id).count();
        assert!(nth < 1_000, "asks without end");
        outside.asked.borrow_mut().push((outside.elapsed.get(), question.path));
        let Says { after, mut reply, has_date } = (outside.script)(&id, nth);
        outside.timer(ms(after)).await;
        request.is_answered = true;
        if reply.is_repeatable {
            outside.kept.borrow_mut().push(number);
        }
        if let (true, Answer::Http { server_time, .. }) = (has_date, &mut reply.answer) {
            *server_time = Some(at(outside.elapsed.get()));
        }
        reply
    }

    fn forget(&self, number: u32) {
        self.0.kept.borrow_mut().retain(|kept| *kept != number);
    }

    fn late(&self, _number: u32) -> Reply<Text, Text> {
        nothing("late")
    }
}

/// A clock that can be set back or break; its timers go by the time that really passes, as a host's do.
pub struct WallClock(Rc<Outside>);

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
        self.0.timer(span).await;
        Ok(())
    }
}
