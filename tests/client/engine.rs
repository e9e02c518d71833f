//! `client::Engine` driven by hand, in orders that the async driver does not take.

use hubspot_async_tasks::client::{Effect, Engine, Host, Payload, Reply, Settings, WaitSettings};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{Answer, Body, Told};

use crate::world::{ID, at};

struct Fake;

impl Host for Fake {
    type Body = ();
    type Detail = ();
    type Listener = ();
}

/// What it wants sent, and what it gives up.
fn numbers(engine: &mut Engine<Fake>) -> (Vec<u32>, Vec<u32>) {
    let (mut sent, mut late) = (Vec::new(), Vec::new());
    while let Some(effect) = engine.take_effect() {
        match effect {
            Effect::Send(question) => sent.push(question.number),
            Effect::Late(number) => late.push(number),
            _ => {}
        }
    }
    (sent, late)
}

/// A 401 that comes just when its request was to be given up: the one that repeats it has its own time.
#[test]
fn a_request_that_repeats_a_late_one_is_given_up_in_its_turn() {
    let mut engine = Engine::<Fake>::new(Settings::default());
    let key = engine.open(Family::FileImport, TaskId::new(Family::FileImport, ID).expect(ID));
    engine.join(key, engine.last_time(), WaitSettings { timeout: None, ..WaitSettings::default() }, ());
    let now = engine.time(at(0));
    while engine.decide(now) {}
    assert_eq!(numbers(&mut engine), (vec![1], vec![]));

    let now = engine.time(at(30_000));
    assert!(engine.decide(now), "it is given up");
    let (status, body) = (401, Body::Unreadable);
    let answer = Answer::Http { status, retry_after: None, server_time: None, is_daily_limit: false, body };
    let payload = Payload::Fault(());
    engine.reply(1, now, Reply { answer, payload, told: Told::default(), is_repeatable: true });
    while engine.decide(now) {}
    assert_eq!(numbers(&mut engine), (vec![2], vec![1]));

    assert_eq!(engine.wake_at(now), Some(at(60_000)));
    let now = engine.time(at(60_000));
    while engine.decide(now) {}
    assert_eq!(numbers(&mut engine), (vec![], vec![2]));
}
