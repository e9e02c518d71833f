//! A client: what callers hold of it tells the driver what they want, and does nothing else.

use std::future::Future;
use std::sync::{Arc, Weak};

use futures_channel::mpsc;

use super::calls::{Command, Wants};
use super::driver::drive;
use super::known::{Known, Name};
use super::news::{Event, Polled};
use super::task::{Opened, Task};
use super::{Clock, Settings, Transport};
use crate::engine::Engine;
use crate::family::{Family, TaskId};
use crate::poll::{Checkpoint, Learned};

/// Asks about tasks, and waits for them: one client for one account. Clones are the same client.
///
/// All its tasks share one rate limit and a pause that HubSpot demands; two handles of one task share its polls.
pub struct Client<Body, Detail>(Arc<Shared<Body, Detail>>);

/// What all handles of a client share. When the last one is gone the driver hears that nobody commands it any more.
pub(super) struct Shared<Body, Detail> {
    settings: Settings,
    pub known: Arc<Known<Body, Detail>>,
    commands: mpsc::UnboundedSender<Command<Body, Detail>>,
}

impl<Body, Detail> Clone for Client<Body, Detail> {
    fn clone(&self) -> Self {
        Client(self.0.clone())
    }
}

impl<Body: Clone + PartialEq, Detail: Clone> Client<Body, Detail> {
    /// A client that sends with `transport` and lives by `clock`, and its driver, which is to be spawned. Nothing is sent
    /// until a task is asked about.
    pub fn new<T, C>(transport: T, clock: C, settings: Settings) -> (Self, impl Future<Output = ()>)
    where
        T: Transport<Body = Body, Detail = Detail>,
        C: Clock<Fault = Detail>,
    {
        Client::with(transport, clock, settings, None::<fn(&Event<Body>)>)
    }

    /// The same with an observer, which the driver calls for each [`Event`].
    pub fn observed<T, C>(
        transport: T,
        clock: C,
        settings: Settings,
        observer: impl Fn(&Event<Body>),
    ) -> (Self, impl Future<Output = ()>)
    where
        T: Transport<Body = Body, Detail = Detail>,
        C: Clock<Fault = Detail>,
    {
        Client::with(transport, clock, settings, Some(observer))
    }

    fn with<T, C>(
        transport: T,
        clock: C,
        mut settings: Settings,
        observer: Option<impl Fn(&Event<Body>)>,
    ) -> (Self, impl Future<Output = ()>)
    where
        T: Transport<Body = Body, Detail = Detail>,
        C: Clock<Fault = Detail>,
    {
        settings.engine.has_observer = observer.is_some();
        let (commands, told) = mpsc::unbounded();
        let known = Arc::new(Known::new(Engine::new(settings.engine.clone())));
        let driver = drive(transport, clock, observer, known.clone(), told);
        (Client(Arc::new(Shared { settings, known, commands })), driver)
    }
}

impl<Body, Detail> Client<Body, Detail> {
    /// A handle of one task. Sends nothing.
    pub fn task(&self, family: Family, id: TaskId) -> Task<Body, Detail> {
        self.open(Name { family, id, api_version: self.0.settings.api_version.clone() })
    }

    /// A handle of the task that a checkpoint speaks of; its polling goes on from there, unless the client knows more.
    /// Sends nothing.
    pub fn resume(&self, checkpoint: &Checkpoint) -> Task<Body, Detail> {
        let task = self.open(Name::of(checkpoint));
        task.0.resume(&checkpoint.progress);
        task
    }

    fn open(&self, name: Name) -> Task<Body, Detail> {
        let mut known = self.0.known.lock();
        if let Some(opened) = known.shared.get(&name).and_then(Weak::upgrade) {
            return Task(opened);
        }
        let name = Arc::new(name);
        let key = known.open(&name);
        let opened = Opened::new(key, name.clone(), self.0.clone());
        known.shared.insert(name, Arc::downgrade(&opened));
        Task(opened)
    }

    /// What all tasks share, as it was given.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What the finished tasks took, by family in the order of [`Family::ALL`]: for
    /// [`learned`](crate::engine::Settings::learned).
    pub fn learned(&self) -> [Learned; Family::COUNT] {
        let known = self.0.known.lock();
        Family::ALL.map(|family| known.engine.learned(family).cloned().unwrap_or_default())
    }
}

impl<Body: Clone, Detail> Client<Body, Detail> {
    /// Asks once, even when early, and says what the next process carries on with. Shares nothing with other handles of
    /// the task.
    ///
    /// # Errors
    /// On faults that do not pass, and past the checkpoint's deadline.
    pub async fn poll(&self, checkpoint: &Checkpoint) -> Polled<Body, Detail> {
        let name = Arc::new(Name::of(checkpoint));
        let key = self.0.known.lock().open(&name);
        let opened = Opened::new(key, name, self.0.clone());
        opened.resume(&checkpoint.progress);
        opened.ask(|listener| Wants::Step(checkpoint.deadline, listener)).await
    }
}

impl<Body, Detail> Shared<Body, Detail> {
    /// Where the driver is gone, nobody hears it.
    pub fn tell(&self, command: Command<Body, Detail>) {
        _ = self.commands.unbounded_send(command);
    }
}
