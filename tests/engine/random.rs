//! Random calls, answers, pauses and times: what holds whatever happens. Each output is compared with the model's by
//! [`Watched`]; here is what happens, and a host that reacts to what it is told in the midst of it.

use hubspot_async_tasks::engine::{CallId, Output, RequestId, Settings, TaskKey, WaitSettings};
use hubspot_async_tasks::poll::{Answer, Learned, Pace, Phase, RateLimit, Schedule, Timestamp};
use proptest::prelude::*;

use crate::dice::{Dice, Do, Event, FAMILIES, refusal};
use crate::model::{Kind, State};
use crate::play::{at, ms};
use crate::say::{Say, say};
use crate::watched::Watched;

/// Longer than any pause below.
const LONG: u64 = 4_000_000_000;

/// A request under way.
#[derive(Clone, Copy)]
struct Flight {
    request: RequestId,
    task: TaskKey,
    is_repeat: bool,
    answered_at: Option<(u64, Say)>,
}

struct World {
    watched: Watched,
    /// What the local clock says.
    clock: u64,
    /// The tasks that are shared, one of each family.
    tasks: [TaskKey; 4],
    /// Those of single polls.
    alone: Vec<TaskKey>,
    flights: Vec<Flight>,
    /// The newest status text of each task.
    texts: Vec<(TaskKey, u32)>,
    served: Option<(u64, Say)>,
    /// What a caller does when it is told something; `None`: nothing.
    reactions: Option<Dice>,
}

impl World {
    fn new(settings: Settings, seed: u64) -> World {
        let mut watched = Watched::new(settings);
        let tasks = FAMILIES.map(|family| watched.open(family, Phase::of("90151673")));
        let reactions = Some(Dice(seed));
        let (alone, flights, texts) = (Vec::new(), Vec::new(), Vec::new());
        World { watched, clock: 0, tasks, alone, flights, texts, served: None, reactions }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Call(what) => self.call(what),
            Event::Answer(which, say) => {
                if !self.flights.is_empty() {
                    let flight = self.flights.remove(which as usize % self.flights.len());
                    self.answer(flight, say);
                }
            }
            Event::Serve(how) => {
                self.served = how;
                for flight in &mut self.flights {
                    flight.answered_at = how.map(|(after, say)| (self.clock + after, say));
                }
            }
            Event::Wake => self.watched.wake(at(self.clock)),
            Event::Turn => self.watched.turn(),
            Event::Pass(span) => self.pass(span),
            Event::Set(by) => {
                self.watched.turn();
                self.clock = self.clock.saturating_add_signed(by);
            }
            Event::Close(task) => {
                let key = self.tasks[task];
                self.watched.close(key, at(self.clock));
                self.tasks[task] = self.watched.open(FAMILIES[task], Phase::of("90151673"));
            }
            Event::Abandon => self.watched.abandon(),
        }
        self.take_turn();
    }

    fn call(&mut self, what: Do) {
        let now = at(self.clock);
        match what {
            Do::Wait { task, pace, timeout } => {
                let settings = WaitSettings { pace, timeout };
                self.watched.wait(self.tasks[task], now, settings);
            }
            Do::Look(task) => {
                self.watched.look(self.tasks[task], now);
            }
            Do::Once { task, alone, deadline } => {
                let mut key = self.tasks[task];
                if alone {
                    let progress = self.watched.progress(key, Pace::INTERACTIVE);
                    key = self.watched.open(FAMILIES[task], Phase::of("90151673"));
                    self.watched.resume(key, &progress);
                    self.alone.push(key);
                }
                self.watched.poll_once(key, now, deadline.map(|deadline| now.plus(ms(deadline))));
            }
            Do::Leave(which) => self.with_call(which, |watched, call| watched.leave(call, now)),
            Do::Rest(which) => self.with_call(which, |watched, call| watched.rest(call, now)),
            Do::Attend(which) => self.with_call(which, |watched, call| watched.attend(call, now)),
        }
    }

    /// A driver knows that a call is over when it took the output that says so.
    fn with_call(&mut self, which: u64, act: impl FnOnce(&mut Watched, CallId)) {
        let known: Vec<CallId> = self.watched.model.calls.keys().copied().collect();
        if !known.is_empty() {
            act(&mut self.watched, known[which as usize % known.len()]);
        }
    }

    fn answer(&mut self, flight: Flight, say: Say) {
        let mut reply = say.reply;
        // A host asks for one repeat only.
        reply.is_repeatable &= !flight.is_repeat;
        let known = self.texts.iter().position(|(task, _)| *task == flight.task);
        reply.is_same_status = known.is_some_and(|place| self.texts[place].1 == say.text);
        let kept = self.watched.reply(flight.request, at(self.clock), &reply);
        if kept.status {
            self.texts.retain(|(task, _)| *task != flight.task);
            self.texts.push((flight.task, say.text));
        }
    }

    /// Takes what there is to do in this turn of the host, and says when to look again.
    fn take_turn(&mut self) -> Option<Timestamp> {
        for _ in 0..100_000 {
            match self.watched.next(at(self.clock)) {
                Output::NewTurn => return Some(self.watched.model.now),
                Output::WaitUntil(at) => return Some(at),
                Output::Idle => return None,
                Output::Send(send) => self.flights.push(Flight {
                    request: send.request,
                    task: send.task,
                    is_repeat: send.is_repeat,
                    answered_at: self.served.map(|(after, say)| (self.clock + after, say)),
                }),
                Output::GiveUp(request) => self.flights.retain(|flight| flight.request != request),
                Output::Late(request) => {
                    let place = self.flights.iter().position(|flight| flight.request == request);
                    let flight = self.flights.remove(place.expect("under way"));
                    self.answer(flight, say(Answer::None));
                }
                Output::Replied(call) => panic!("{call:?} is no errand"),
                Output::Stepped(call, _) | Output::Status(call) | Output::Seen(call) => self.react(call),
                Output::Finished(call, _) | Output::Failed(call, _) => self.react(call),
                Output::Happened(..) => {
                    if let Some(dice) = &mut self.reactions
                        && dice.below(16) == 0
                    {
                        let what = dice.call();
                        self.call(what);
                    }
                }
            }
        }
        panic!("outputs without end");
    }

    /// Whoever is told something may call at once, or leave.
    fn react(&mut self, call: CallId) {
        if let Some(dice) = &mut self.reactions {
            match dice.below(12) {
                0 => self.watched.leave(call, at(self.clock)),
                1 => self.watched.rest(call, at(self.clock)),
                2 | 3 => {
                    let what = dice.call();
                    self.call(what);
                }
                _ => {}
            }
        }
        self.close_alone();
    }

    /// Whoever polled a task alone closes it when it has its answer.
    fn close_alone(&mut self) {
        let calls = &self.watched.model.calls;
        let is_used =
            |key: &TaskKey| calls.values().any(|call| call.task == *key && call.state == State::Open);
        let (used, unused) = self.alone.iter().copied().partition(is_used);
        self.alone = used;
        for key in unused {
            self.watched.close(key, at(self.clock));
            self.texts.retain(|(task, _)| *task != key);
        }
    }

    /// Lets time pass, from one instant at which something happens to the next; each is a new turn.
    fn pass(&mut self, span: u64) {
        let end = self.clock + span;
        for _ in 0..200_000 {
            let wake = self.take_turn();
            // The engine's time may be ahead of the clock: then timers alone say what passes.
            let rings_at = wake;
            let wake = wake.map(|wake| self.clock + wake.since(self.watched.model.now).as_ms());
            let answers = self.flights.iter().filter_map(|flight| flight.answered_at);
            let next = wake.into_iter().chain(answers.map(|(at, _)| at)).min().filter(|next| *next <= end);
            self.clock = next.unwrap_or(end).max(self.clock);
            match rings_at.filter(|_| next.is_some() && next == wake) {
                Some(rings_at) => self.watched.ring(rings_at),
                None => self.watched.turn(),
            }
            if next.is_none() {
                return;
            }
            self.answer_due();
        }
        panic!("events without end");
    }

    fn answer_due(&mut self) {
        // An answer may have ended another request.
        loop {
            self.take_turn();
            let is_due = |flight: &Flight| flight.answered_at.is_some_and(|(at, _)| at <= self.clock);
            let Some(place) = self.flights.iter().position(is_due) else {
                return;
            };
            let flight = self.flights.remove(place);
            if let Some((_, say)) = flight.answered_at {
                self.answer(flight, say);
            }
        }
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    any::<u64>().prop_map(|seed| Dice(seed).event())
}

/// Of so many tasks; from 20 on they count.
fn learned_of(count: u32) -> Learned {
    let mut learned = Learned::default();
    for seconds in (1..=count).map(|number| 5.0 * f64::from(number)) {
        learned.whole.record_seconds(seconds);
        learned.processing.record_seconds(seconds / 2.0);
    }
    learned
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let rate_limit = prop_oneof![
        6 => (1..7_u32, 0..10_000_u64).prop_map(|(requests, per)| Some(RateLimit { requests, per: ms(per) })),
        1 => Just(Some(RateLimit::default())),
        1 => Just(None),
    ];
    let max_concurrent = prop_oneof![4 => 1..5_usize, 1 => Just(1_000)];
    let schedule = (0..1_500_u64, 0..20_000_u64);
    let learned = (any::<bool>(), 0..40_u32);
    (rate_limit, max_concurrent, 1_000..8_000_u64, schedule, learned, any::<bool>()).prop_map(
        |(rate_limit, max_concurrent, request_timeout, (min, more), (learns, known), has_observer)| {
            Settings {
                rate_limit,
                max_concurrent,
                schedule: Schedule { min: ms(min), max: ms(min + more), ..Schedule::default() },
                request_timeout: ms(request_timeout),
                learns,
                learned: std::array::from_fn(|_| learned_of(known)),
                has_observer,
                ..Settings::default()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_engine_does_what_the_model_expects(
        settings in any_settings(),
        events in prop::collection::vec(any_event(), 1..150),
        seed in any::<u64>(),
        leave_first in any::<bool>(),
    ) {
        let mut world = World::new(settings, seed);
        for event in events {
            world.happen(event);
        }
        world.reactions = None;
        if leave_first {
            // Nothing is left behind.
            for call in world.watched.model.calls.keys().copied().collect::<Vec<_>>() {
                world.watched.leave(call, at(world.clock));
            }
            let output = world.take_turn();
            prop_assert_eq!((output, world.flights.len()), (None, 0));
        }
        // Whoever stays hears an end once the server says one that lasts.
        world.happen(Event::Serve(Some((10, refusal(403)))));
        let waits = world.watched.model.calls.iter().filter(|(_, call)| matches!(call.kind, Kind::Wait { .. }));
        for call in waits.map(|(id, _)| *id).collect::<Vec<_>>() {
            world.watched.attend(call, at(world.clock));
        }
        world.happen(Event::Pass(LONG));
        prop_assert_eq!(world.watched.model.calls.len(), 0, "never told its end");
        let output = world.take_turn();
        prop_assert_eq!((output, world.flights.len()), (None, 0));
    }
}
