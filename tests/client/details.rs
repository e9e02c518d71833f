//! An export whose status tells nothing for long: its details are asked, and what they say stands for the status.

use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
use hubspot_async_tasks::poll::{Checkpoint, Code, Progress};

use crate::world::{ID, Says, TestTask, Waiting, World, at, failed_by_details, running};

/// The 24th and the 48th poll ask for the details: the first polls are another process's.
const POLLS_BEFORE: usize = 22;

/// What its status says, and its details, by the number of the poll.
fn world(says: impl Fn(usize) -> Says + 'static) -> World {
    World::new(move |_, nth| says(POLLS_BEFORE + 1 + nth))
}

fn export(world: &World) -> TestTask {
    let id = TaskId::new(Family::Export, ID).expect(ID);
    let progress = Progress { polls: POLLS_BEFORE as u32, ..Progress::default() };
    let started = Checkpoint::of_started(Family::Export, id, ApiVersion::default(), at(0));
    world.resume(&Checkpoint { progress, ..started })
}

fn words(waiting: &Waiting) -> Vec<&'static str> {
    waiting.statuses().into_iter().map(|(_, word)| word).collect()
}

#[test]
fn their_word_is_told_once_until_the_status_says_more() {
    let world = world(|poll| match poll {
        24 | 48 => running("PENDING_APPROVAL"),
        1..=60 => running("PENDING"),
        _ => running("PENDING, and more"),
    });
    let task = export(&world);
    let waiting = world.listen(world.begin(&task, 3_600_000));
    world.until(1_000_000);
    let details: Vec<usize> =
        (0..).zip(world.paths()).filter(|(_, path)| !path.ends_with("/status")).map(|(nth, _)| nth).collect();
    assert_eq!(details, [24 - POLLS_BEFORE - 1, 48 - POLLS_BEFORE - 1]);
    assert_eq!(words(&waiting), ["PENDING", "PENDING_APPROVAL", "PENDING, and more"]);
    assert_eq!(task.latest(), Some("PENDING, and more"));
}

#[test]
fn the_status_from_before_does_not_take_an_end_back() {
    let world = world(|poll| if poll == 24 { failed_by_details("CONFLICT") } else { running("PENDING") });
    let task = export(&world);
    let waiting = world.listen(world.begin(&task, 3_600_000));
    world.until(100_000);
    assert_eq!(waiting.failure().1.code, Code::Failed);
    let look = world.look(&task);
    world.until(100_000);
    assert_eq!(look.seen(), Some((100_000, Ok(Some("CONFLICT")))));
    let again = world.listen(world.begin(&task, 3_600_000));
    world.until(100_000);
    assert_eq!((again.failure().1.code, again.failure().1.last_status), (Code::Failed, Some("CONFLICT")));
}
