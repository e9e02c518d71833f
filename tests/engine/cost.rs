//! What a call costs, however many wait: about the same. Measured against itself, in turns, since a time by itself says
//! nothing; the quickest of many rounds counts, which others on the machine disturb least.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hubspot_async_tasks::engine::{
    CallId, Engine, Output, Reply, RequestId, Settings, TaskKey, WaitSettings,
};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Pace, Phase};

use crate::play::at;
use crate::say::running;

const FEW: usize = 1_000;
const MANY: usize = 100_000;
/// For a hundred times as many: trees are deeper, and less of them is in the processor's cache.
const MOST: f64 = 4.0;

/// An engine whose clock stands still, and of whose requests polls are answered only while no call has one.
struct World {
    engine: Engine,
    tasks: Vec<TaskKey>,
    /// The requests of looks and single polls that are under way.
    asked: Vec<RequestId>,
    /// Those of polls.
    polled: Vec<RequestId>,
}

impl World {
    fn new(tasks: usize) -> World {
        let settings = Settings { rate_limit: None, ..Settings::default() };
        let mut engine = Engine::new(settings);
        let open = |id: usize| engine.open(Family::Export, Phase::of(&id.to_string())).expect("a task");
        let tasks = (0..tasks).map(open).collect();
        World { engine, tasks, asked: Vec::new(), polled: Vec::new() }
    }

    /// So many tasks, each waited for; one slot is a look's.
    fn of_tasks(count: usize) -> World {
        let mut world = World::new(count);
        world.look(0);
        for number in 0..count {
            world.wait(number, Pace::INTERACTIVE);
        }
        world.work();
        world
    }

    /// One task for which so many wait, each less eager than the one before.
    fn of_waits(count: usize) -> World {
        let mut world = World::new(1);
        for number in 0..count {
            world.wait(0, pace(number));
        }
        world.work();
        world
    }

    /// So many calls that wait for a slot, on as many tasks.
    fn of_calls(count: usize) -> World {
        let mut world = World::new(count);
        for number in 0..count {
            world.look(number);
        }
        world.work();
        world
    }

    fn wait(&mut self, task: usize, pace: Pace) -> CallId {
        let timeout = Settings::default().timeout;
        self.engine.wait(self.tasks[task], at(0), WaitSettings { pace, timeout }).expect("a task")
    }

    fn look(&mut self, task: usize) -> CallId {
        self.engine.look(self.tasks[task], at(0)).expect("a task")
    }

    fn leave(&mut self, call: CallId) {
        self.engine.leave(call, at(0));
        self.work();
    }

    /// Does all that there is to do.
    fn work(&mut self) {
        loop {
            match self.engine.next(at(0)) {
                Output::NewTurn => self.engine.turn(None),
                Output::WaitUntil(_) | Output::Idle => return,
                Output::Send(send) if send.call.is_some() => self.asked.push(send.request),
                Output::Send(send) => self.polled.push(send.request),
                _ => {}
            }
        }
    }

    /// The oldest request of a call is answered, else of a poll, so that another is sent.
    fn answer(&mut self) {
        let asked = if self.asked.is_empty() { &mut self.polled } else { &mut self.asked };
        let request = asked.remove(0);
        let (answer, is_same_status) = (running().answer(), true);
        self.engine.reply(request, at(0), &Reply { answer, is_same_status, ..Reply::default() });
        self.work();
    }
}

fn pace(number: usize) -> Pace {
    Pace::new(1.0 + number as f64 / 1e5).expect("a pace")
}

/// The quickest of some rounds of each, in turns: of as many as it takes to see that they cost about the same, if they do.
fn quickest(mut some: impl FnMut() -> Duration, mut more: impl FnMut() -> Duration) -> f64 {
    let mut times = [Duration::MAX; 2];
    let mut ratio = f64::MAX;
    for round in 0..60 {
        times = [times[0].min(some()), times[1].min(more())];
        ratio = times[1].as_secs_f64() / times[0].as_secs_f64();
        if round >= 2 && ratio < MOST {
            break;
        }
    }
    ratio
}

/// What a hundred of these cost where many wait, by what they cost where few do.
fn ratio(world: fn(usize) -> World, act: fn(&mut World)) -> f64 {
    let (mut few, mut many) = (world(FEW), world(MANY));
    let hundred = |world: &mut World| {
        let start = Instant::now();
        (0..100).for_each(|_| act(world));
        start.elapsed()
    };
    quickest(|| hundred(&mut few), || hundred(&mut many))
}

fn check(what: &str, ratio: f64) {
    println!("{what}: {ratio:.2} times as much for a hundred times as many");
    assert!(ratio < MOST, "{what}: {ratio:.2}");
}

#[test]
fn to_wait_and_to_leave_cost_the_same_however_many_tasks_are_waited_for() {
    let ratio = ratio(World::of_tasks, |world| {
        let call = world.wait(7, Pace::INTERACTIVE);
        world.work();
        world.leave(call);
    });
    check("wait and leave", ratio);
}

#[test]
fn to_wait_and_to_leave_cost_the_same_however_many_wait_for_the_task() {
    // More eager than all others, so that at its leave the next of them counts.
    let ratio = ratio(World::of_waits, |world| {
        let call = world.wait(0, Pace::new(0.5).expect("a pace"));
        world.work();
        world.leave(call);
    });
    check("wait and leave", ratio);
}

#[test]
fn to_rest_and_to_attend_cost_the_same_however_many_wait_for_the_task() {
    let ratio = ratio(World::of_waits, |world| {
        // The first, which is the most eager one.
        let call = CallId::numbered(1).expect("a number");
        world.engine.rest(call, at(0));
        world.work();
        world.engine.attend(call, at(0));
        world.work();
    });
    check("rest and attend", ratio);
}

#[test]
fn a_look_costs_the_same_however_many_wait_for_a_slot() {
    let ratio = ratio(World::of_calls, |world| {
        world.look(7);
        world.answer();
    });
    check("look", ratio);
}

#[test]
fn a_look_costs_the_same_however_many_tasks_are_waited_for() {
    let ratio = ratio(World::of_tasks, |world| {
        world.look(0);
        world.answer();
    });
    check("look", ratio);
}

/// Whose status is no news.
#[test]
fn a_look_costs_the_same_however_many_wait_for_the_task() {
    let ratio = ratio(World::of_waits, |world| {
        world.look(0);
        world.work();
        world.answer();
    });
    check("look", ratio);
}

#[test]
fn a_single_poll_costs_the_same_however_many_wait_for_a_slot() {
    let ratio = ratio(World::of_calls, |world| {
        world.engine.poll_once(world.tasks[7], at(0), None).expect("a task");
        world.answer();
    });
    check("single poll", ratio);
}

#[test]
fn a_look_leaves_at_the_same_cost_however_many_wait_for_a_slot() {
    let ratio = ratio(World::of_calls, |world| {
        let calls = [7, 8, 9].map(|task| world.look(task));
        // Out of the middle.
        for call in [calls[1], calls[0], calls[2]] {
            world.leave(call);
        }
    });
    check("look and leave", ratio);
}

/// Of those who wait for one task one leaves, and another comes: the oldest of them, the newest, or one in the middle; the
/// most eager one, the least eager one, or one like all others.
#[test]
fn whoever_leaves_a_task_that_many_wait_for_does_so_at_the_same_cost() {
    type Which = fn(&mut VecDeque<CallId>) -> Option<CallId>;
    type Paces = fn(usize) -> Pace;
    let leavers: [(&str, Which); 3] = [
        ("the oldest", VecDeque::pop_front),
        ("the newest", VecDeque::pop_back),
        ("one in the middle", |calls| calls.swap_remove_back(calls.len() / 2)),
    ];
    let paces: [(&str, Paces); 3] = [
        ("all of one pace", |_| Pace::BATCH),
        ("each less eager than the one before", pace),
        ("each more eager than the one before", |number| pace(10 * MANY - number)),
    ];
    for (leaver, leaves) in leavers {
        for (of, pace) in paces {
            let world = |count: usize| {
                let mut world = World::new(1);
                let calls: VecDeque<CallId> = (0..count).map(|number| world.wait(0, pace(number))).collect();
                world.work();
                (world, calls, count)
            };
            let (mut few, mut many) = (world(FEW), world(MANY));
            let hundred = |(world, calls, came): &mut (World, VecDeque<CallId>, usize)| {
                let start = Instant::now();
                for _ in 0..100 {
                    world.leave(leaves(calls).expect("a wait"));
                    calls.push_back(world.wait(0, pace(*came)));
                    world.work();
                    *came += 1;
                }
                start.elapsed()
            };
            let ratio = quickest(|| hundred(&mut few), || hundred(&mut many));
            check(&format!("{leaver} leaves, {of}"), ratio);
        }
    }
}
