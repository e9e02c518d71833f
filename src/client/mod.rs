//! Drives [`poll`](crate::poll) with a transport and a clock that you give: async, with no runtime and no JavaScript.
//!
//! Nothing is spawned. Whoever awaits a [`Wait`] drives its task; when several wait for one task, any of them does,
//! and when that one leaves, the next takes over. So it runs on any single-threaded executor.
//!
//! | file | what it holds |
//! |---|---|
//! | `transport` | what a host must be able to do: send a request, tell the time, sleep |
//! | `poller` | one task: its state machine, its request in flight, its timer, those who wait |
//! | `registry` | which task has a poller already |
//! | `news` | what a wait tells, and how it ends |
//! | `task` | what a caller holds: [`Task`] and [`Wait`] |

mod news;
mod poller;
mod registry;
mod task;
mod transport;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

pub use news::{Failure, Fault, Finished, News};
pub use task::{Task, Wait};
pub use transport::{Clock, Payload, Question, Reply, Transport};

use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::{Pause, Schedule, SteadyTime, Timestamp};
use news::FaultOf;
use poller::Poller;
use registry::Registry;

/// What all tasks of a client share, unless a task or a wait says otherwise.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which version of HubSpot's API to ask.
    pub api_version: ApiVersion,
    /// How a wait goes, where it does not say otherwise.
    pub wait: WaitSettings,
    /// How long `status` waits for a pause to end. The transport keeps its attempts within it, too.
    pub request_timeout: Duration,
}

/// Asks about tasks, and waits for them: one client for one account.
///
/// All its tasks share a pause that HubSpot demands, and two handles of one task share its polls.
pub struct Client<T: Transport, C: Clock<Fault = T::Detail>> {
    shared: Rc<Shared<T, C>>,
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
            settings,
            time: RefCell::default(),
            pause: RefCell::new(None),
            set_up_works: Cell::new(false),
            pollers: RefCell::default(),
        };
        Client { shared: Rc::new(shared) }
    }

    /// A handle of one task. Sends nothing.
    pub fn task(&self, family: Family, id: TaskId) -> Task<T, C> {
        Task::new(Poller::of(&self.shared, family, id))
    }

    /// What all tasks share.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }
}

struct Shared<T: Transport, C: Clock<Fault = T::Detail>> {
    transport: T,
    clock: C,
    settings: Settings,
    time: RefCell<SteadyTime>,
    /// The pause that HubSpot demanded last, and the fault that demanded it.
    pause: RefCell<Option<(Pause, FaultOf<T>)>>,
    set_up_works: Cell<bool>,
    pollers: RefCell<Registry<Poller<T, C>>>,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Shared<T, C> {
    fn now(&self) -> Result<Timestamp, T::Detail> {
        let clock = self.clock.now()?;
        Ok(self.time.borrow_mut().at(clock))
    }

    /// The time, or the last one known: an answer must not be lost because the clock failed as it came.
    fn now_or_last(&self) -> Timestamp {
        self.now().unwrap_or_else(|_| self.time.borrow().last())
    }

    fn pause(&self) -> Option<Pause> {
        self.pause.borrow().as_ref().map(|(pause, _)| *pause)
    }

    fn pause_fault(&self) -> Option<FaultOf<T>> {
        self.pause.borrow().as_ref().map(|(_, fault)| fault.clone())
    }

    /// HubSpot wants no request for a while: every task hears of it.
    fn demand_pause(&self, demanded: Pause, fault: FaultOf<T>) {
        if Pause::longest(self.pause(), demanded) != demanded {
            return;
        }
        *self.pause.borrow_mut() = Some((demanded, fault));
        let pollers = self.pollers.borrow().all();
        for poller in pollers {
            poller.wake_all();
        }
    }
}

/// How eagerly to wait, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitSettings {
    /// How often to ask.
    pub schedule: Schedule,
    /// For how long at most; `None`: without end.
    pub timeout: Option<Duration>,
}

/// The default schedule for 15 minutes at most.
impl Default for WaitSettings {
    fn default() -> Self {
        WaitSettings { schedule: Schedule::default(), timeout: Some(Duration::from_secs(900)) }
    }
}
