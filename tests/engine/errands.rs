//! Errands: starts and other requests that ask for no status; and the tasks that were started.

use hubspot_async_tasks::engine::{CallId, Effect, Engine, Output, RequestId, Settings, TaskKey};
use hubspot_async_tasks::family::{Family, Rules};
use hubspot_async_tasks::poll::{Answer, Body, Code, Limit, Phase, RateLimit, Standing};

use crate::play::{ID, at, ms};
use crate::say::{Say, answer, complete, envelope, pause, retry, running, say, status, stop};

/// An engine with a task.
fn client(settings: Settings) -> (Engine, TaskKey) {
    let mut engine = Engine::new(settings);
    let task = engine.open(Family::Export, Phase::of(ID)).expect("a task");
    (engine, task)
}

/// The request that is sent now.
fn sent(engine: &mut Engine, now: u64) -> RequestId {
    loop {
        match engine.next(at(now)) {
            Output::Send(send) => return send.request,
            Output::NewTurn => engine.turn(None),
            other => panic!("nothing is sent at {now}: {other:?}"),
        }
    }
}

/// What an errand ends with: `None` for its answer.
fn told(engine: &mut Engine, errand: CallId, now: u64) -> Option<Code> {
    match engine.next(at(now)) {
        Output::Replied(call) if call == errand => None,
        Output::Failed(call, failure) if call == errand => Some(failure.code),
        other => panic!("the errand is told nothing: {other:?}"),
    }
}

/// What an errand with that effect ends with that is answered so; nothing is sent after it.
fn outcome(effect: Effect, said: Say) -> Option<Code> {
    let (mut engine, task) = client(Settings::default());
    let errand = engine.errand(task, at(0), effect).expect("a call");
    let request = sent(&mut engine, 0);
    engine.reply(request, at(50), &said.reply);
    let code = told(&mut engine, errand, 50);
    assert!(!matches!(engine.next(at(60_000)), Output::Send(_)), "{said:?}");
    code
}

fn other_limit() -> Say {
    let mut said = answer(429, Body::Unreadable);
    if let Answer::Http { limit, .. } = &mut said.reply.answer {
        *limit = Limit::Other;
    }
    said
}

#[test]
fn a_start_that_may_have_been_carried_out_says_so_and_is_not_sent_again() {
    let unknown = Some(Code::UnknownOutcome);
    let table = [
        (running(), None, None),
        (retry(Code::Network), unknown, Some(Code::Network)),
        (retry(Code::InvalidResponse), unknown, Some(Code::InvalidResponse)),
        (answer(200, Body::Empty), unknown, None),
        (answer(200, Body::Error), unknown, Some(Code::Http)),
        (answer(408, Body::Unreadable), unknown, Some(Code::Http)),
        (answer(500, Body::Unreadable), unknown, Some(Code::Http)),
        (answer(501, Body::Unreadable), unknown, Some(Code::Http)),
        (answer(502, Body::Unreadable), unknown, Some(Code::Http)),
        (answer(599, Body::Unreadable), unknown, Some(Code::Http)),
        (other_limit(), unknown, Some(Code::Http)),
        (stop(Code::Http), Some(Code::Http), Some(Code::Http)),
        (stop(Code::Unauthorized), Some(Code::Unauthorized), Some(Code::Unauthorized)),
        (stop(Code::Forbidden), Some(Code::Forbidden), Some(Code::Forbidden)),
        (stop(Code::NotFound), Some(Code::NotFound), Some(Code::NotFound)),
        (stop(Code::RateLimited), Some(Code::RateLimited), Some(Code::RateLimited)),
        (pause(Code::RateLimited, 5_000), Some(Code::RateLimited), Some(Code::RateLimited)),
        (pause(Code::Migrating, 5_000), Some(Code::Migrating), Some(Code::Migrating)),
        (answer(423, Body::Unreadable), Some(Code::Http), Some(Code::Http)),
        (answer(301, Body::Unreadable), Some(Code::Http), Some(Code::Http)),
        (say(Answer::Unsendable(Code::Unauthorized)), Some(Code::Unauthorized), Some(Code::Unauthorized)),
    ];
    for (said, of_start, of_other) in table {
        assert_eq!(outcome(Effect::Starts, said), of_start, "{said:?}");
        assert_eq!(outcome(Effect::None, said), of_other, "{said:?}");
    }
}

#[test]
fn a_start_that_takes_too_long_may_have_been_carried_out() {
    let (mut engine, task) = client(Settings::default());
    let errand = engine.errand(task, at(0), Effect::Starts).expect("a call");
    let request = sent(&mut engine, 0);
    assert_eq!(engine.next(at(30_000)), Output::Late(request));
    engine.reply(request, at(30_000), &retry(Code::Network).reply);
    assert_eq!(told(&mut engine, errand, 30_000), Some(Code::UnknownOutcome));
}

#[test]
fn an_errand_says_nothing_of_its_task() {
    let (mut engine, task) = client(Settings::default());
    let errand = engine.errand(task, at(0), Effect::None).expect("a call");
    let request = sent(&mut engine, 0);
    let kept = engine.reply(request, at(50), &complete().reply);
    assert_eq!((kept, told(&mut engine, errand, 50)), (Default::default(), None));
    engine.wait(task, at(60), engine.settings().wait()).expect("a call");
    sent(&mut engine, 60);
}

#[test]
fn errands_share_the_budget_with_polls() {
    let rate_limit = Some(RateLimit { requests: 1, per: ms(10_000) });
    let (mut engine, task) = client(Settings { rate_limit, ..Settings::default() });
    let errand = engine.errand(task, at(0), Effect::None).expect("a call");
    let other = engine.errand(task, at(0), Effect::None).expect("a call");
    let request = sent(&mut engine, 0);
    engine.reply(request, at(50), &running().reply);
    assert_eq!(told(&mut engine, errand, 50), None);
    engine.turn(None);
    let Output::WaitUntil(until) = engine.next(at(50)) else { panic!("the budget is used up") };
    assert!(until >= at(10_000), "{until:?}");
    let request = sent(&mut engine, 20_000);
    engine.reply(request, at(20_050), &running().reply);
    assert_eq!(told(&mut engine, other, 20_050), None);
}

#[test]
fn an_errand_waits_for_a_pause_as_long_as_for_an_answer() {
    for (lasts, expected) in [(29_000, None), (31_000, Some(Code::Migrating))] {
        let (mut engine, task) = client(Settings::default());
        let first = engine.errand(task, at(0), Effect::None).expect("a call");
        let request = sent(&mut engine, 0);
        engine.reply(request, at(0), &pause(Code::Migrating, lasts).reply);
        assert_eq!(told(&mut engine, first, 0), Some(Code::Migrating));
        engine.turn(None);
        let errand = engine.errand(task, at(0), Effect::Starts).expect("a call");
        if expected.is_none() {
            let request = sent(&mut engine, lasts);
            engine.reply(request, at(lasts), &running().reply);
        }
        assert_eq!(told(&mut engine, errand, lasts), expected);
    }
}

#[test]
fn nothing_is_sent_for_an_errand_whose_maker_left() {
    let (mut engine, task) = client(Settings::default());
    let errand = engine.errand(task, at(0), Effect::Starts).expect("a call");
    engine.leave(errand, at(0));
    assert_eq!(engine.next(at(0)), Output::Idle);
}

#[test]
fn a_started_task_is_first_asked_after_the_shortest_interval() {
    let (mut engine, task) = client(Settings::default());
    engine.started(task, at(0));
    engine.wait(task, at(10), engine.settings().wait()).expect("a call");
    assert_eq!(engine.next(at(10)), Output::WaitUntil(at(1_000)));
    sent(&mut engine, 1_000);
}

#[test]
fn a_404_is_believed_of_a_started_task_once_it_is_ten_seconds_old() {
    let (mut engine, task) = client(Settings::default());
    engine.started(task, at(0));
    let wait = engine.wait(task, at(0), engine.settings().wait()).expect("a call");
    let mut now = 0;
    loop {
        match engine.next(at(now)) {
            Output::Send(send) => {
                engine.reply(send.request, at(now), &stop(Code::NotFound).reply);
            }
            Output::WaitUntil(until) => now = until.as_ms() - at(0).as_ms(),
            Output::NewTurn => engine.turn(None),
            Output::Failed(call, failure) => {
                assert_eq!((call, failure.code), (wait, Code::NotFound));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((10_000..30_000).contains(&now), "{now}");
}

#[test]
fn a_404_is_believed_at_once_of_a_task_that_somebody_else_started() {
    let (mut engine, task) = client(Settings::default());
    let wait = engine.wait(task, at(0), engine.settings().wait()).expect("a call");
    let request = sent(&mut engine, 0);
    engine.reply(request, at(50), &stop(Code::NotFound).reply);
    let Output::Failed(call, failure) = engine.next(at(50)) else { panic!("it goes on") };
    assert_eq!((call, failure.code), (wait, Code::NotFound));
}

#[test]
fn a_defined_family_goes_by_its_own_rules() {
    let mut engine = Engine::new(Settings::default());
    for (has_result, code) in [(true, Some(Code::Failed)), (false, None)] {
        let family = engine.define(Rules { has_result, ..Rules::default() });
        let task = engine.open(family, Phase::of(ID)).expect("a task");
        let wait = engine.wait(task, at(0), engine.settings().wait()).expect("a call");
        let request = sent(&mut engine, 0);
        let mut said = complete();
        if let Answer::Http { body: Body::Status(envelope), .. } = &mut said.reply.answer {
            envelope.has_result = false;
        }
        engine.reply(request, at(0), &said.reply);
        assert_eq!(engine.next(at(0)), Output::Status(wait));
        let ended = match engine.next(at(0)) {
            Output::Finished(..) => None,
            Output::Failed(_, failure) => Some(failure.code),
            other => panic!("{other:?}"),
        };
        assert_eq!(ended, code);
        assert!(engine.learned(family).is_some());
    }
}

/// Plays a wait for an export that its status says nothing of; `details` answers for them. Gives when they were asked, and
/// how the wait ended.
fn silent(details: Say) -> (Vec<u64>, Code) {
    let (mut engine, task) = client(Settings::default());
    engine.wait(task, at(0), engine.settings().wait()).expect("a call");
    let (mut now, mut asked) = (0, Vec::new());
    loop {
        match engine.next(at(now)) {
            Output::Send(send) => {
                let said = if send.asks_for_details { details } else { running() };
                asked.extend(Some(now).filter(|_| send.asks_for_details));
                engine.reply(send.request, at(now), &said.reply);
            }
            Output::WaitUntil(until) => now = until.as_ms() - at(0).as_ms(),
            Output::NewTurn => engine.turn(None),
            Output::Status(_) => {}
            Output::Failed(_, failure) => return (asked, failure.code),
            other => panic!("{other:?}"),
        }
        assert!(now < 90_000_000, "it never ends");
    }
}

#[test]
fn an_export_that_is_silent_for_long_is_asked_for_its_details_seldom() {
    let nothing =
        [answer(200, Body::Empty), stop(Code::Forbidden), stop(Code::NotFound), retry(Code::Network)];
    for said in nothing {
        let (asked, code) = silent(said);
        assert_eq!(code, Code::Timeout, "{said:?}");
        assert!((3..=9).contains(&asked.len()), "{asked:?}");
        assert!((100_000..200_000).contains(&asked[0]), "{asked:?}");
        assert!(asked.windows(2).all(|pair| pair[1] > 2 * pair[0]), "{asked:?}");
    }
}

#[test]
fn details_that_tell_of_an_end_end_the_wait() {
    for (standing, code) in [(Standing::Failed, Code::Failed), (Standing::Canceled, Code::Canceled)] {
        let (asked, ended) = silent(status(envelope(standing)));
        assert_eq!((asked.len(), ended), (1, code));
    }
}

#[test]
fn a_file_import_has_no_details_to_be_asked_for() {
    let mut engine = Engine::new(Settings::default());
    let task = engine.open(Family::FileImport, Phase::of(ID)).expect("a task");
    engine.wait(task, at(0), engine.settings().wait()).expect("a call");
    let mut now = 0;
    while now < 800_000 {
        match engine.next(at(now)) {
            Output::Send(send) => {
                assert!(!send.asks_for_details);
                engine.reply(send.request, at(now), &running().reply);
            }
            Output::WaitUntil(until) => now = until.as_ms() - at(0).as_ms(),
            Output::NewTurn => engine.turn(None),
            Output::Status(_) => {}
            other => panic!("{other:?}"),
        }
    }
}
