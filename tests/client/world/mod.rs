//! A server that answers from a script, a clock that jumps from one event to the next, and what was seen of both.

mod outside;
mod people;
mod says;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use futures::executor::{LocalPool, LocalSpawner};
use futures::future::{FutureExt, RemoteHandle};
use futures::task::LocalSpawnExt;
use hubspot_async_tasks::client::{self, Client, Event, EventKind, News, Task, Wait, WaitSettings};
use hubspot_async_tasks::engine::{Settings, Timeout};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{Checkpoint, Learned, Pace, Phase, RateLimit, Schedule, Span, Timestamp};

use outside::{Outside, Server, WallClock, id_in};
pub use people::{Looking, Polling, Waiting};
pub use says::{
    Says, canceled, complete, empty, failed, failed_by_details, lost, processing, refusal, running, tokenless,
};

/// When the local clock begins. All other numbers of these tests are milliseconds after it.
pub const START: u64 = 1_755_770_400_000;
/// Its phase is 1.0356246709823609.
pub const ID: &str = "90151673";

/// When nothing happened.
pub const NEVER: [u64; 0] = [];

/// A status body and a fault's detail are their texts here.
pub type Text = &'static str;
pub type TestTask = Task<Text, Text>;
pub type TestWait = Wait<Text, Text>;
pub type TestNews = News<Text, Text>;
/// What an observer hears, and the new status where that changed.
pub type Heard = (EventKind, Option<Text>);

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

/// What the observer does with an event.
type Reaction = Rc<RefCell<Option<Box<dyn Fn(&Event<Text>)>>>>;

/// All that is outside the client.
pub struct World {
    pool: RefCell<LocalPool>,
    spawner: LocalSpawner,
    outside: Rc<Outside>,
    client: RefCell<Option<Client<Text, Text>>>,
    driver: Cell<Option<RemoteHandle<()>>>,
    events: Rc<RefCell<Vec<Event<Text>>>>,
    reaction: Reaction,
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
            has_no_turns: Cell::default(),
            timers: RefCell::default(),
            next_timer: Cell::default(),
            asked: RefCell::default(),
            over: RefCell::default(),
            aborted: RefCell::default(),
            kept: Cell::default(),
        });
        let events = Rc::new(RefCell::new(Vec::new()));
        let reaction = Reaction::default();
        let (log, react) = (events.clone(), reaction.clone());
        let settings = client::Settings { engine: settings, ..client::Settings::default() };
        let (server, clock) = (Server(outside.clone()), WallClock(outside.clone()));
        let pool = LocalPool::new();
        let spawner = pool.spawner();
        let (client, driver) = if settings.engine.has_observer {
            let observer = move |event: &Event<Text>| {
                log.borrow_mut().push(event.clone());
                if let Some(react) = &*react.borrow() {
                    react(event);
                }
            };
            let (client, driver) = Client::observed(server, clock, settings, observer);
            (client, spawner.spawn_local_with_handle(driver))
        } else {
            let (client, driver) = Client::new(server, clock, settings);
            (client, spawner.spawn_local_with_handle(driver))
        };
        let driver = Cell::new(Some(driver.expect("a pool that takes futures")));
        let client = RefCell::new(Some(client));
        World { spawner, pool: RefCell::new(pool), outside, client, driver, events, reaction }
    }

    /// A world in which each task is told these in turn, and the last for ever.
    pub fn saying<const N: usize>(script: [Says; N]) -> World {
        World::new(move |_, nth| script[nth.min(N - 1)].clone())
    }

    pub fn task(&self, id: &str) -> TestTask {
        self.task_of(Family::FileImport, id)
    }

    pub fn client(&self) -> Client<Text, Text> {
        self.client.borrow().clone().expect("a client that was not dropped")
    }

    /// What the observer does with each event, beside writing it down.
    pub fn react(&self, reaction: impl Fn(&Event<Text>) + 'static) {
        *self.reaction.borrow_mut() = Some(Box::new(reaction));
    }

    /// Ends the driver, though there are handles.
    pub fn drop_driver(&self) {
        drop(self.driver.take());
    }

    /// The world's own handle goes.
    pub fn drop_client(&self) {
        drop(self.client.take());
    }

    /// Whether the driver has ended by itself.
    pub fn is_driver_over(&self) -> bool {
        self.driver.take().and_then(FutureExt::now_or_never).is_some()
    }

    pub fn task_of(&self, family: Family, id: &str) -> TestTask {
        self.client().task(family, TaskId::new(family, id).expect(id))
    }

    pub fn resume(&self, checkpoint: &Checkpoint) -> TestTask {
        self.client().resume(checkpoint)
    }

    pub fn learned(&self) -> [Learned; Family::COUNT] {
        self.client().learned()
    }

    /// What the observer heard, and when.
    pub fn events(&self) -> Vec<(u64, Heard)> {
        self.events.borrow().iter().map(heard).collect()
    }

    /// What the observer heard of the task of that id.
    pub fn events_of(&self, id: &str) -> Vec<(u64, Heard)> {
        self.events.borrow().iter().filter(|event| event.task.id.as_str() == id).map(heard).collect()
    }

    /// Begins to wait for the task at the default pace, and awaits it.
    pub fn wait(&self, id: &str, timeout: u64) -> Waiting {
        self.listen(self.begin(&self.task(id), timeout))
    }

    /// Begins to wait at the default pace.
    pub fn begin(&self, task: &TestTask, timeout: u64) -> TestWait {
        self.begin_at(task, Pace::INTERACTIVE, timeout)
    }

    pub fn begin_at(&self, task: &TestTask, pace: Pace, timeout: u64) -> TestWait {
        task.wait(WaitSettings { pace, timeout: Timeout::After(ms(timeout)) })
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
        let (client, outside) = (self.client(), self.outside.clone());
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

    /// Who sleeps for no time goes on at once.
    pub fn hurry(&self) {
        self.outside.has_no_turns.set(true);
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

    /// Of how many requests the refused token is kept.
    pub fn kept(&self) -> usize {
        self.outside.kept.get()
    }

    /// When requests were broken off.
    pub fn aborted(&self) -> Vec<u64> {
        self.outside.aborted.borrow().clone()
    }

    /// How many timers are set, those of answers under way included.
    pub fn timers(&self) -> usize {
        self.outside.timers.borrow().len()
    }
}

fn heard(event: &Event<Text>) -> (u64, Heard) {
    (event.at.as_ms() - START, (event.kind, event.status))
}
