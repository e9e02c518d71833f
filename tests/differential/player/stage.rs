//! Plays one scenario: clients on a virtual clock, those who call them, and what was seen of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::FutureExt;
use futures::executor::{LocalPool, LocalSpawner};
use futures::future::{LocalBoxFuture, RemoteHandle};
use futures::task::LocalSpawnExt;
use hubspot_async_tasks::client::{Client, News, Task, Timeout, Wait, WaitSettings};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Checkpoint, LearnedPhase, Span, Timestamp};
use hubspot_async_tasks::read::{Detail, StatusBody};
use serde_json::{Value, json};

use super::scenario::{Act, Scenario, Source, Waiting, pace};
use super::server::{Log, Server, WorldClock};
use super::tokens::Tokens;
use super::told;
use super::world::{Whose, World, others_first};

type TestClient = Client<StatusBody, Detail>;
type TestTask = Task<StatusBody, Detail>;
type TestWait = Wait<StatusBody, Detail>;

/// What somebody who called was told, and when.
type Told = Rc<RefCell<Vec<Value>>>;

/// Who made a call.
struct Caller {
    told: Told,
    calling: Rc<Calling>,
}

/// What somebody who called does; `None` when that is over.
#[derive(Default)]
struct Calling(RefCell<Option<LocalBoxFuture<'static, ()>>>);

impl Calling {
    /// Goes on.
    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut calling = self.0.borrow_mut();
        let is_over = calling.as_mut().is_none_or(|calling| calling.as_mut().poll(context).is_ready());
        if is_over {
            *calling = None;
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

/// One client, and what was seen of it.
struct Seat {
    client: TestClient,
    log: Rc<Log>,
    events: Rc<RefCell<Vec<Value>>>,
    /// Its handles of the scenario's tasks, by their number.
    tasks: Vec<TestTask>,
    /// Handles of the same tasks in all API versions. Held from the beginning to the end: of several polls that are equally
    /// urgent the one goes first whose task was opened first.
    _all: Vec<TestTask>,
    _driver: RemoteHandle<()>,
}

struct Stage {
    scenario: Rc<Scenario>,
    world: Rc<World>,
    spawner: LocalSpawner,
    seats: Vec<Seat>,
    callers: BTreeMap<usize, Caller>,
}

/// More than any scenario has timers.
const MOST_ROUNDS: u32 = 100_000;

/// What there was to see.
pub fn play(scenario: Scenario) -> Value {
    let scenario = Rc::new(scenario);
    let mut pool = LocalPool::new();
    let mut stage = Stage::new(scenario.clone(), pool.spawner());
    let mut turns = scenario.turns.iter().peekable();
    for rounds in 0.. {
        assert!(rounds < MOST_ROUNDS, "seed {}: timers without end", scenario.seed);
        pool.run_until_stalled();
        if stage.world.ring_turn() {
            continue;
        }
        let timer_ms = stage.world.next_ms().unwrap_or(u64::MAX);
        match turns.next_if(|turn| turn.at_ms <= timer_ms.min(scenario.horizon_ms)) {
            Some(turn) => {
                stage.world.advance_to(turn.at_ms);
                turn.acts.iter().for_each(|act| stage.act(act));
            }
            None if timer_ms <= scenario.horizon_ms => stage.world.ring_next(),
            None => break,
        }
    }
    stage.seen()
}

impl Stage {
    fn new(scenario: Rc<Scenario>, spawner: LocalSpawner) -> Stage {
        let world = Rc::new(World::default());
        let places = 0..scenario.clients.len();
        let seats = places
            .map(|place| {
                let log = Rc::new(Log::default());
                let tokens =
                    Tokens::new(world.clone(), spawner.clone(), scenario.clone(), log.clone(), place);
                let server = Server {
                    world: world.clone(),
                    scenario: scenario.clone(),
                    log: log.clone(),
                    tokens,
                    client: place,
                    counts: RefCell::default(),
                    tokenless: RefCell::default(),
                };
                Seat::new(
                    &scenario,
                    place,
                    server,
                    WorldClock { world: world.clone(), client: place },
                    &spawner,
                )
            })
            .collect();
        Stage { scenario, world, spawner, seats, callers: BTreeMap::new() }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Wait { call, client, of, how } => {
                let (task, settings) = self.waiting(*client, of, how);
                let leaves_after = how.leaves_after;
                self.call(*call, move |told, world| async move {
                    listen(told, world, task.wait(settings), leaves_after).await;
                });
            }
            Act::Watch { call, client, of, how } => {
                let (task, settings) = self.waiting(*client, of, how);
                let (wait, leaves_after) = (task.wait(settings), how.leaves_after);
                self.call(*call, move |told, world| async move {
                    // An iterator begins at once, and is asked for its first status some microtasks later.
                    others_first().await;
                    listen(told, world, wait, leaves_after).await;
                });
            }
            Act::Status { call, client, of } => {
                let (task, _) = self.handle(*client, of);
                self.call(*call, |told, world| look(told, world, task));
            }
            Act::Poll { call, client, of, rounds } => {
                let checkpoint = self.checkpoint(*client, of);
                let client = self.seats[*client].client.clone();
                let (call, rounds) = (*call, *rounds);
                self.call(call, |told, world| work(told, world, client, checkpoint, call, rounds));
            }
            Act::Leave { call } => {
                if let Some(caller) = self.callers.get_mut(call) {
                    drop(caller.calling.0.take());
                    let is_over = caller.told.borrow().last().is_some_and(|told| told.get("end").is_some());
                    if !is_over {
                        end(&caller.told, &self.world, json!({ "is": "left" }));
                    }
                }
            }
        }
    }

    /// Somebody calls: at once, as others do in the same turn.
    fn call<Begun: Future<Output = ()> + 'static>(
        &mut self,
        call: usize,
        begin: impl FnOnce(Told, Rc<World>) -> Begun,
    ) {
        let told = Told::default();
        let begun = begin(told.clone(), self.world.clone()).boxed_local();
        let calling = Rc::new(Calling(RefCell::new(Some(begun))));
        _ = calling.poll(&mut Context::from_waker(Waker::noop()));
        let goes_on = calling.clone();
        let running = self.spawner.spawn_local(poll_fn(move |context| goes_on.poll(context)));
        running.expect("a pool that takes futures");
        self.callers.insert(call, Caller { told, calling });
    }

    fn waiting(&mut self, client: usize, of: &Source, how: &Waiting) -> (TestTask, WaitSettings) {
        let (task, left) = self.handle(client, of);
        let defaults = self.seats[client].client.settings().engine.wait();
        let own = how.timeout_ms.map(Span::from_ms);
        let timeout = own.or(left).map_or(defaults.timeout, Timeout::After);
        (task, WaitSettings { pace: how.pace.map_or(defaults.pace, pace), timeout })
    }

    /// A handle, and how long the checkpoint that it comes from leaves.
    fn handle(&mut self, client: usize, of: &Source) -> (TestTask, Option<Span>) {
        if let Source::Task { task } = of {
            return (self.seats[client].tasks[*task].clone(), None);
        }
        let checkpoint = self.checkpoint(client, of);
        let task = self.seats[client].client.resume(&checkpoint);
        let now = Timestamp::from_ms(self.world.clock_ms());
        (task, checkpoint.deadline.map(|deadline| deadline.since(now)))
    }

    fn checkpoint(&self, client: usize, of: &Source) -> Checkpoint {
        let (from, task, timeout_ms) = match of {
            Source::Checkpoint { checkpoint } => return checkpoint.clone(),
            Source::Task { task } => (client, task, &None),
            Source::Taken { from, task, timeout_ms } => (*from, task, timeout_ms),
        };
        let now = Timestamp::from_ms(self.world.clock_ms());
        let deadline = timeout_ms.map(|timeout_ms| now.plus(Span::from_ms(timeout_ms)));
        Checkpoint { deadline, ..self.seats[from].tasks[*task].checkpoint() }
    }

    fn seen(&self) -> Value {
        let clients = self.seats.iter().enumerate().map(|(place, seat)| {
            let mut seen = seat.seen();
            seen["hasTimer"] = json!(self.world.has_timer(place));
            seen
        });
        let calls =
            self.callers.iter().map(|(call, caller)| json!({ "call": call, "told": *caller.told.borrow() }));
        json!({
            "seed": self.scenario.seed,
            "clients": clients.collect::<Vec<_>>(),
            "calls": calls.collect::<Vec<_>>(),
        })
    }
}

impl Seat {
    fn new(
        scenario: &Scenario,
        place: usize,
        server: Server,
        clock: WorldClock,
        spawner: &LocalSpawner,
    ) -> Seat {
        let given = &scenario.clients[place];
        let (log, settings) = (server.log.clone(), given.settings());
        let events = Rc::new(RefCell::new(Vec::new()));
        let heard = events.clone();
        let observer = move |event: &_| heard.borrow_mut().push(told::event(event));
        let (client, driver) = if given.observes {
            let (client, driver) = Client::observed(server, clock, settings, observer);
            (client, spawner.spawn_local_with_handle(driver))
        } else {
            let (client, driver) = Client::new(server, clock, settings);
            (client, spawner.spawn_local_with_handle(driver))
        };
        let tasks = scenario.tasks.iter().map(|task| client.task(task.family(), task.id())).collect();
        let all = scenario.tasks.iter().flat_map(|task| {
            scenario.api_versions.iter().map(|version| client.resume(&task.unknown(version)))
        });
        let all = all.collect();
        Seat { client, log, events, tasks, _all: all, _driver: driver.expect("a pool that takes futures") }
    }

    fn seen(&self) -> Value {
        let tasks = self.tasks.iter().map(|task| {
            let latest = told::status(task.latest().as_ref());
            json!({ "checkpoint": told::checkpoint(&task.checkpoint()), "latest": latest })
        });
        let learned = self.client.learned();
        let learned = Family::ALL.into_iter().zip(&learned).map(|(family, learned)| {
            let seconds =
                LearnedPhase::ALL.map(|phase| learned.durations(phase).seconds().collect::<Vec<_>>());
            json!({ "family": family.name(), "whole": seconds[0], "processing": seconds[1] })
        });
        json!({
            "requests": *self.log.requests.borrow(),
            "tokenCalls": *self.log.token_calls.borrow(),
            "events": *self.events.borrow(),
            "tasks": tasks.collect::<Vec<_>>(),
            "learned": learned.collect::<Vec<_>>(),
        })
    }
}

fn note(told: &Told, world: &World, mut what: Value) {
    what["at"] = json!(world.now_ms());
    told.borrow_mut().push(what);
}

/// The last that a call is told.
fn end(told: &Told, world: &World, how: Value) {
    note(told, world, json!({ "end": how }));
}

async fn listen(told: Told, world: Rc<World>, mut wait: TestWait, leaves_after: Option<usize>) {
    let mut heard = 0;
    loop {
        match wait.next().await {
            News::Status(status) => {
                note(&told, &world, json!({ "status": told::status(Some(&status)) }));
                heard += 1;
                if leaves_after == Some(heard) {
                    return end(&told, &world, json!({ "is": "left" }));
                }
            }
            News::End(Ok(finished)) => return end(&told, &world, told::finished(&finished)),
            News::End(Err(failure)) => return end(&told, &world, told::failure(&failure)),
        }
    }
}

async fn look(told: Told, world: Rc<World>, task: TestTask) {
    let how = match task.status().await {
        Ok(seen) => told::seen(seen.as_ref()),
        Err(failure) => told::failure(&failure),
    };
    end(&told, &world, how);
}

/// A worker: it polls, and again when that is due.
async fn work(
    told: Told,
    world: Rc<World>,
    client: TestClient,
    mut checkpoint: Checkpoint,
    call: usize,
    rounds: usize,
) {
    for round in 1.. {
        match client.poll(&checkpoint).await {
            Err(failure) => return end(&told, &world, told::failure(&failure)),
            Ok(step) => {
                let how = told::step(&step);
                let Some(delay) = step.delay.filter(|_| round < rounds) else {
                    return end(&told, &world, how);
                };
                note(&told, &world, json!({ "step": how }));
                checkpoint = step.checkpoint;
                world.timer(delay.as_ms(), Whose::Caller(call)).await;
            }
        }
    }
}
