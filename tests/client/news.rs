//! What a wait is told: the statuses that change, then the end.

use hubspot_async_tasks::client::{Fault, Finished};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Outcome};

use crate::world::{ID, Says, World, canceled, complete, empty, failed, lost, refusal, running};

#[test]
fn statuses_are_told_when_they_change_and_the_last_one_before_the_end() {
    let world = World::saying([running("a"), running("a"), running("b"), empty(), lost(), complete("c")]);
    let waiting = world.wait(ID, 900_000);
    world.until(900_000);
    assert_eq!(world.asked(ID), [0, 1035, 2088, 3584, 5544, 7982]);
    assert_eq!(waiting.statuses(), [(0, "a"), (2088, "b"), (7982, "c")]);
    let finished = Finished { outcome: Outcome::Succeeded, status: "c", polls: 6, detection_delay: None };
    assert_eq!(waiting.success(), (7982, finished));
}

#[test]
fn the_same_status_told_again_after_another_is_a_change() {
    let world = World::saying([running("a"), running("b"), running("a")]);
    let waiting = world.wait(ID, 900_000);
    world.until(10_000);
    assert_eq!(waiting.statuses(), [(0, "a"), (1035, "b"), (2088, "a")]);
}

#[test]
fn who_joins_late_hears_the_newest_status_first() {
    let world = World::saying([running("a"), running("b"), running("b"), complete("c")]);
    let first = world.wait(ID, 900_000);
    let late = world.until(1_500).wait(ID, 900_000);
    world.until(900_000);
    assert_eq!(first.statuses(), [(0, "a"), (1035, "b"), (3584, "c")]);
    assert_eq!(late.statuses(), [(1_500, "b"), (3584, "c")]);
    assert_eq!(late.success(), first.success());
}

#[test]
fn news_that_nobody_fetched_yet_are_kept_in_their_order() {
    let world = World::saying([running("a"), running("b"), complete("c")]);
    let driver = world.wait(ID, 900_000);
    let slow = world.begin(&world.task(ID), 900_000);
    world.until(10_000);
    let slow = world.listen(slow);
    world.until(10_000);
    assert_eq!(slow.statuses(), [(10_000, "a"), (10_000, "b"), (10_000, "c")]);
    assert_eq!(slow.success().1, driver.success().1);
}

#[test]
fn a_task_that_did_not_succeed_says_so_after_its_last_status() {
    for (says, code) in [(failed("over"), Code::Failed), (canceled("over"), Code::Canceled)] {
        let world = World::saying([running("a"), says]);
        let waiting = world.wait(ID, 900_000);
        world.until(900_000);
        assert_eq!(waiting.statuses(), [(0, "a"), (1035, "over")]);
        let (at, failure) = waiting.failure();
        assert_eq!((at, failure.code, failure.last_status, failure.polls), (1035, code, Some("over"), 2));
        assert_eq!((failure.fault, failure.retry_after), (None, None));
    }
}

#[test]
fn a_finished_task_answers_from_its_last_status_without_asking() {
    for says in [complete("c"), failed("c"), canceled("c")] {
        let world = World::saying([says]);
        let task = world.task(ID);
        let first = world.wait(ID, 900_000);
        world.until(5_000);
        let late = world.wait(ID, 900_000);
        world.until(900_000);
        assert_eq!(world.asked(ID), [0]);
        assert_eq!(late.statuses(), [(5_000, "c")]);
        assert_eq!(late.end().map(|(_, end)| end), first.end().map(|(_, end)| end));
        assert_eq!(task.latest(), Some("c"));
    }
}

#[test]
fn a_finished_export_is_asked_once_more_for_a_url_that_lives() {
    let world = World::saying([complete("url 1"), complete("url 2")]);
    let task = world.task_of(Family::Export, ID);
    let first = world.listen(world.begin(&task, 900_000));
    world.until(400_000);
    let late = world.listen(world.begin(&task, 900_000));
    world.until(900_000);
    assert_eq!(world.asked(ID), [0, 400_000]);
    assert_eq!((first.success().1.status, late.success().1.status), ("url 1", "url 2"));
    assert_eq!(late.statuses(), [(400_000, "url 1"), (400_000, "url 2")]);
}

#[test]
fn at_the_deadline_the_failure_holds_all_that_is_known() {
    // What is said last, and the fault that the timeout names.
    let table: [(Says, Option<Code>); 4] = [
        (running("b"), None),
        (empty(), None),
        (lost(), Some(Code::Network)),
        (refusal(503, None, "busy"), Some(Code::Http)),
    ];
    for (last, code) in table {
        let world = World::saying([running("a"), last]);
        let waiting = world.wait(ID, 2_000);
        world.until(900_000);
        assert_eq!(world.asked(ID), [0, 1035, 2_000]);
        let (at, failure) = waiting.failure();
        let latest = waiting.statuses().last().map(|(_, text)| *text);
        assert_eq!((at, failure.code, failure.polls), (2_000, Code::Timeout, 3));
        assert_eq!(failure.last_status, latest);
        assert_eq!(failure.fault.map(|fault| fault.code), code);
    }
}

#[test]
fn a_good_answer_takes_an_earlier_fault_off_the_record() {
    let world = World::saying([lost(), running("a")]);
    let waiting = world.wait(ID, 3_000);
    world.until(900_000);
    assert_eq!(waiting.failure().1.fault, None);
}

#[test]
fn a_stopping_fault_ends_the_wait_with_its_code_and_its_detail() {
    let table = [
        (400, Code::Http),
        (401, Code::Unauthorized),
        (403, Code::Forbidden),
        (404, Code::NotFound),
        (302, Code::Http),
    ];
    for (status, code) in table {
        let world = World::saying([running("a"), refusal(status, None, "because")]);
        let waiting = world.wait(ID, 900_000);
        world.until(900_000);
        assert_eq!(world.asked(ID), [0, 1035]);
        let (at, failure) = waiting.failure();
        assert_eq!((at, failure.code, failure.last_status), (1035, code, Some("a")));
        assert_eq!(failure.fault, Some(Fault { code, detail: "because" }));
    }
}

#[test]
fn a_set_up_that_never_worked_is_given_up_after_three_faults() {
    let world = World::saying([lost()]);
    let waiting = world.wait(ID, 900_000);
    world.until(900_000);
    assert_eq!(world.asked(ID), [0, 1_000, 3_000]);
    assert_eq!((waiting.failure().0, waiting.failure().1.code), (3_000, Code::Network));
}

#[test]
fn one_valid_answer_to_any_task_shows_that_the_set_up_works() {
    for valid in [running("a"), empty()] {
        let world = World::new(move |id, _| if id == "good" { valid.clone() } else { lost() });
        let good = world.wait("good", 0);
        let waiting = world.until(1).wait(ID, 300_000);
        world.until(900_000);
        assert_eq!(good.failure().1.code, Code::Timeout);
        assert_eq!((waiting.failure().0, waiting.failure().1.code), (300_001, Code::Timeout));
    }
}
