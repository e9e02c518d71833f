//! A task's polling that goes from one process to the next: `checkpoint()`, `resume()` and `poll()`.

use hubspot_async_tasks::engine::Settings;
use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
use hubspot_async_tasks::poll::{Checkpoint, Code, Outcome, Progress};

use crate::world::{
    ID, NEVER, Says, World, at, canceled, complete, empty, failed, lost, ms, processing, refusal, running,
};

/// Of a task that was never asked for.
fn checkpoint() -> Checkpoint {
    carried(Progress::default())
}

fn carried(progress: Progress) -> Checkpoint {
    let id = TaskId::new(Family::FileImport, ID).expect(ID);
    Checkpoint { progress, ..Checkpoint::of_started(Family::FileImport, id, ApiVersion::default(), at(0)) }
}

/// When one process that waits asks for the task, and how often.
fn one_process(script: &[Says], timeout: u64) -> (Vec<u64>, Option<Code>) {
    let script = script.to_vec();
    let world = World::new(move |_, nth| script[nth.min(script.len() - 1)].clone());
    let waiting = world.wait(ID, timeout);
    world.until(2_000_000);
    (world.asked(ID), waiting.end().expect("an end").1.err().map(|failure| failure.code))
}

/// When processes ask for it that live for one poll each, the next one when the former said so.
fn many_processes(script: &[Says], mut checkpoint: Checkpoint) -> (Vec<u64>, Option<Code>) {
    let mut now = 0;
    let mut asked = Vec::new();
    for nth in 0.. {
        let says = script[nth.min(script.len() - 1)].clone();
        let world = World::new(move |_, _| says.clone());
        let polling = world.until(now).poll(&checkpoint);
        world.until(now + 60_000);
        asked.extend(world.asked(ID));
        let (at, step) = polling.seen().expect("an answer");
        let step = match step {
            Ok(step) => step,
            Err(failure) => return (asked, Some(failure.code)),
        };
        assert_eq!(step.checkpoint.progress.polls as usize, asked.len());
        let Some(delay) = step.delay else {
            return (asked, None);
        };
        now = at + delay.as_ms();
        checkpoint = step.checkpoint;
        assert_eq!(checkpoint.progress.due, Some(crate::world::at(now)), "the next poll is due when it says");
    }
    unreachable!()
}

#[test]
fn ten_processes_poll_as_one_does() {
    let tenth = |mut script: Vec<Says>| {
        script.push(complete("c"));
        assert_eq!(script.len(), 10);
        script
    };
    let dated = |says: Says| says.with_date().dates(Some(-100_000), Some(-40_000), None);
    let table = [
        tenth(vec![running("a"); 9]),
        tenth(vec![running("a").after(150); 9]),
        // A passing fault, faults in a row, an empty answer.
        tenth([vec![running("a"); 3], vec![lost(); 3], vec![empty()], vec![running("b"); 2]].concat()),
        // Pauses, and a good answer with `Retry-After`.
        tenth(
            [
                vec![running("a"); 3],
                vec![refusal(429, Some(7_000), "slow down"), running("a"), refusal(477, None, "moving")],
                vec![running("a").retry_after(9_000), running("b"), refusal(503, Some(2_500), "busy")],
            ]
            .concat(),
        ),
        // With the server's dates.
        tenth([vec![dated(running("a")); 4], vec![dated(processing("p")); 5]].concat()),
    ];
    for (number, script) in table.iter().enumerate() {
        let one = one_process(script, 900_000);
        assert_eq!((one.0.len(), one.1), (10, None), "row {number}");
        assert_eq!(many_processes(script, checkpoint()), one, "row {number}");
    }
}

/// The age counts anew when a task that was queued is worked on, even if another process saw it queued.
#[test]
fn that_a_task_was_queued_is_carried_on() {
    let script = [vec![running("a"); 8], vec![processing("p"); 8], vec![complete("c")]].concat();
    assert_eq!(many_processes(&script, checkpoint()), one_process(&script, 900_000));
}

#[test]
fn the_deadline_of_a_checkpoint_is_that_of_its_polls() {
    for timeout in [0, 500, 10_000] {
        let script = [running("a")];
        let limited = Checkpoint { deadline: Some(at(timeout)), ..checkpoint() };
        let one = one_process(&script, timeout);
        assert_eq!((one.0.last(), one.1), (Some(&timeout), Some(Code::Timeout)));
        assert_eq!(many_processes(&script, limited), one, "timeout {timeout}");
    }
}

#[test]
fn at_the_deadline_a_poll_tells_what_it_knows() {
    let world = World::saying([lost()]);
    let polling = world
        .poll(&Checkpoint { deadline: Some(at(0)), ..carried(Progress { polls: 4, ..Progress::default() }) });
    world.until(0);
    let (_, failure) = polling.failure();
    assert_eq!((failure.code, failure.polls), (Code::Timeout, 5));
    assert_eq!(failure.fault.map(|fault| fault.code), Some(Code::Network));
}

#[test]
fn a_task_that_ends_at_its_deadline_has_ended() {
    let world = World::saying([complete("c").after(30)]);
    let polling = world.poll(&Checkpoint { deadline: Some(at(0)), ..checkpoint() });
    world.until(100);
    assert_eq!((polling.step().outcome, polling.step().delay), (Outcome::Succeeded, None));
}

#[test]
fn a_poll_says_how_the_task_stands() {
    let table = [
        (running("a"), Outcome::Running, Some("a"), None),
        (empty(), Outcome::Running, None, None),
        (lost(), Outcome::Running, None, Some(Code::Network)),
        (refusal(503, None, "busy"), Outcome::Running, None, Some(Code::Http)),
        (refusal(429, None, "slow down"), Outcome::Running, None, Some(Code::RateLimited)),
        (complete("c"), Outcome::Succeeded, Some("c"), None),
        (failed("f"), Outcome::Failed, Some("f"), None),
        (canceled("x"), Outcome::Canceled, Some("x"), None),
    ];
    for (says, outcome, status, code) in table {
        let world = World::saying([says]);
        let polling = world.poll(&checkpoint());
        world.until(0);
        let step = polling.step();
        assert_eq!((step.outcome, step.status), (outcome, status));
        assert_eq!(step.fault.map(|failure| failure.code), code, "{outcome:?}");
        assert_eq!(step.delay.is_none(), outcome != Outcome::Running);
        assert_eq!((step.checkpoint.progress.polls, world.timers()), (1, 0));
    }
}

#[test]
fn a_poll_that_cannot_succeed_fails() {
    for (status, code) in [(401, Code::Unauthorized), (403, Code::Forbidden), (404, Code::NotFound)] {
        let world = World::saying([refusal(status, None, "because")]);
        let polling = world.poll(&checkpoint());
        world.until(0);
        assert_eq!((polling.failure().1.code, polling.failure().1.polls), (code, 1));
    }
}

#[test]
fn a_poll_asks_once_even_when_early() {
    let world = World::saying([running("a")]);
    let early = carried(Progress { due: Some(at(500_000)), started: Some(at(0)), ..Progress::default() });
    let polling = world.until(100).poll(&early);
    world.until(900_000);
    assert_eq!(world.asked(ID), [100]);
    assert_eq!(polling.step().delay, Some(ms(1_035)), "it goes on from there");
}

#[test]
fn polls_share_nothing_with_the_waits_of_their_task() {
    let world = World::new(|_, nth| if nth == 0 { running("a") } else { complete("c") });
    let waiting = world.wait(ID, 900_000);
    world.until(500);
    let polling = world.poll(&checkpoint());
    world.until(500);
    assert_eq!(polling.step().outcome, Outcome::Succeeded);
    assert_eq!((world.asked(ID), waiting.end()), (vec![0, 500], None));
}

#[test]
fn dropping_a_poll_aborts_its_request() {
    let world = World::saying([complete("c").after(5_000)]);
    let polling = world.poll(&checkpoint());
    world.until(200);
    drop(polling);
    world.until(900_000);
    assert_eq!((world.aborted(), world.asked(ID), world.timers()), (vec![200], vec![0], 0));
}

#[test]
fn the_version_of_the_checkpoint_wins() {
    let version = ApiVersion::new("v3").expect("a version");
    let old = Checkpoint { api_version: version.clone(), ..checkpoint() };
    let path = "/files/v3/files/import-from-url/async/tasks/90151673/status";

    let world = World::saying([running("a")]);
    let polling = world.poll(&old);
    world.until(0);
    assert_eq!((world.paths(), polling.step().checkpoint.api_version), (vec![path.into()], version.clone()));

    let world = World::saying([running("a"), complete("c")]);
    let task = world.resume(&old);
    let waiting = world.listen(world.begin(&task, 900_000));
    world.until(900_000);
    assert_eq!((world.paths(), waiting.success().1.polls), (vec![path.into(); 2], 2));
    assert_eq!(task.checkpoint().api_version, version);
}

#[test]
fn a_task_of_another_version_is_another_task() {
    let world = World::saying([running("a")]);
    let old = Checkpoint { api_version: ApiVersion::new("v3").expect("a version"), ..checkpoint() };
    let (_ours, _theirs) = (world.wait(ID, 900_000), world.resume(&old));
    world.until(0);
    assert_eq!((world.task(ID).latest(), world.resume(&old).latest()), (Some("a"), None));
}

#[test]
fn a_resumed_wait_goes_on_where_the_former_process_was() {
    let world = World::saying([running("a")]);
    let _waiting = world.wait(ID, 900_000);
    world.until(4_000);
    let carried = world.task(ID).checkpoint();
    let Progress { started, due, polls, .. } = carried.progress;
    assert_eq!((started, due, polls), (Some(at(0)), Some(at(5_544)), 4));
    world.until(60_000);

    // Resumed in time, and overdue.
    for (resumed, first) in [(4_500, 5_544), (9_000, 9_000)] {
        let next = World::saying([running("b")]);
        next.until(resumed);
        let waiting = next.listen(next.begin(&next.resume(&carried), 3_000));
        next.until(60_000);
        assert_eq!(next.asked(ID)[0], first);
        if first == 5_544 {
            assert_eq!(next.asked(ID)[..1], world.asked(ID)[4..5]);
        }
        assert_eq!(waiting.failure().1.polls as usize, 4 + next.asked(ID).len());
    }
}

#[test]
fn a_started_task_is_first_asked_after_an_interval() {
    let id = TaskId::new(Family::FileImport, ID).expect(ID);
    let started = Checkpoint::of_started(Family::FileImport, id, ApiVersion::default(), at(0));
    let world = World::saying([running("a")]);
    let _waiting = world.listen(world.begin(&world.resume(&started), 900_000));
    world.until(3_000);
    assert_eq!(world.asked(ID), [1_035, 2_088]);
}

#[test]
fn what_the_client_knows_itself_counts_more_than_a_checkpoint() {
    let world = World::saying([running("a")]);
    let _waiting = world.wait(ID, 900_000);
    world.until(1_500);
    let stale = carried(Progress { due: Some(at(800_000)), polls: 77, ..Progress::default() });
    let resumed = world.resume(&stale);
    let _resumed = world.listen(world.begin(&resumed, 900_000));
    world.until(3_000);
    assert_eq!(world.asked(ID), [0, 1035, 2088]);
    assert_eq!(resumed.checkpoint().progress.polls, 3);
}

/// A handle alone is no knowledge: for example one that was made to look at its `latest`.
#[test]
fn a_checkpoint_counts_more_than_a_handle_that_knows_nothing() {
    let world = World::saying([running("a")]);
    let _handle = world.task(ID);
    let (started, due) = (Some(at(0)), Some(at(7_000)));
    let resumed = world.resume(&carried(Progress { started, due, polls: 5, ..Progress::default() }));
    let _waiting = world.listen(world.begin(&resumed, 900_000));
    world.until(7_000);
    assert_eq!(world.asked(ID), [7_000]);
    assert_eq!(resumed.checkpoint().progress.polls, 6);
}

#[test]
fn a_checkpoint_of_an_untouched_task_asks_at_once() {
    let world = World::saying([complete("c")]);
    let untouched = world.task(ID).checkpoint();
    assert_eq!(untouched, checkpoint());
    world.until(5_000);
    let waiting = world.listen(world.begin(&world.resume(&untouched), 900_000));
    world.until(6_000);
    assert_eq!((world.asked(ID), waiting.success().0), (vec![5_000], 5_000));
}

#[test]
fn a_poll_counts_in_the_budget_and_waits_for_its_slot() {
    let world = World::with(crate::world::limited(1, 1_000), |_, _| running("a"));
    let polls = [world.poll(&checkpoint()), world.poll(&checkpoint())];
    world.until(999);
    assert_eq!((world.asked(ID), polls[1].seen()), (vec![0], None));
    world.until(1_000);
    assert_eq!((world.asked(ID), polls[1].step().checkpoint.progress.polls), (vec![0, 1_000], 1));
}

#[test]
fn a_poll_that_takes_too_long_is_a_passing_fault() {
    let settings = Settings { request_timeout: ms(4_000), ..Settings::default() };
    let world = World::with(settings, |_, _| complete("c").after(60_000));
    let polling = world.poll(&checkpoint());
    world.until(3_999);
    assert_eq!(polling.seen(), None);
    world.until(4_000);
    let step = polling.step();
    let fault = step.fault.map(|failure| failure.code);
    assert_eq!(
        (step.outcome, fault, step.checkpoint.progress.faults),
        (Outcome::Running, Some(Code::Network), 1)
    );
    assert_eq!(world.aborted(), [4_000]);
}

#[test]
fn resume_sends_nothing() {
    let world = World::saying([running("a")]);
    let _task = world.resume(&carried(Progress { due: Some(at(0)), ..Progress::default() }));
    world.until(900_000);
    assert_eq!(world.asked(ID), NEVER);
}

#[test]
fn a_resumed_export_that_a_look_found_over_is_asked_once_more_at_once() {
    let id = TaskId::new(Family::Export, ID).expect(ID);
    let progress = Progress { started: Some(at(0)), due: Some(at(50_000)), polls: 9, ..Progress::default() };
    let started = Checkpoint::of_started(Family::Export, id, ApiVersion::default(), at(0));
    let carried = Checkpoint { progress, ..started };
    let world = World::saying([complete("url 1"), complete("url 2")]);
    let task = world.resume(&carried);
    let look = world.look(&task);
    world.until(1_000);
    assert_eq!(look.seen(), Some((0, Ok(Some("url 1")))));
    let waiting = world.listen(world.begin(&task, 900_000));
    world.until(900_000);
    assert_eq!((world.asked(ID), waiting.success().1.status), (vec![0, 1_000], "url 2"));
}
