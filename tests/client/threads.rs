//! Where what is under it is `Send`, a client is used from several threads; and nobody's code runs while it is locked.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Mutex;
use std::thread;

use futures::executor::{LocalPool, block_on};
use futures::future::join_all;
use futures::task::LocalSpawnExt;
use hubspot_async_tasks::client::{
    Client, Clock, Event, Failure, Fault, Finished, Name, News, Payload, PollStep, Question, Reply, Settings,
    Task, Timeout, Transport, Wait, WaitSettings,
};
use hubspot_async_tasks::engine;
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{
    Answer, Body, Checkpoint, Envelope, Limit, RateHeaders, RateLimit, Span, Standing, Timestamp,
};

use crate::world::{ID, Text, ms};

fn is_send<T: Send>() {}
fn is_send_and_sync<T: Send + Sync>() {}

#[test]
fn what_callers_hold_is_send() {
    is_send_and_sync::<Client<String, String>>();
    is_send_and_sync::<Task<String, String>>();
    is_send::<Wait<String, String>>();
    is_send_and_sync::<(Settings, engine::Settings, WaitSettings, Name, Checkpoint)>();
    is_send_and_sync::<(Event<String>, News<String, String>, Finished<String>, Failure<String, String>)>();
    is_send_and_sync::<(Fault<String>, PollStep<String, String>, engine::Engine)>();
}

/// Says that every task is over, with a body of this type.
struct Over<Make>(Make);

impl<Status: Clone + PartialEq, Make: Fn(usize) -> Status> Transport for Over<Make> {
    type Body = Status;
    type Detail = Text;
    type Repeat = ();

    async fn ask(&self, question: Question, _: Option<()>) -> Reply<Status, Text, ()> {
        let (standing, has_result, has_errors) = (Standing::Complete, true, false);
        let (requested_at, started_at, completed_at) = (None, None, None);
        let envelope = Envelope { standing, has_errors, has_result, requested_at, started_at, completed_at };
        let (status, retry_after, server_time, limit) = (200, None, None, Limit::Rate);
        let body = Body::Status(envelope);
        Reply {
            answer: Answer::Http { status, retry_after, server_time, limit, body },
            payload: Payload::Status((self.0)(question.path.len())),
            rate_headers: RateHeaders::default(),
            repeat: None,
        }
    }

    fn late(&self, _: &Question) -> Reply<Status, Text, ()> {
        Reply::nothing("late")
    }
}

/// Time stands still: nobody waits for it here.
struct NoTime;

impl Clock for NoTime {
    type Fault = Text;

    fn now(&self) -> Result<Timestamp, Text> {
        Ok(Timestamp::from_ms(1_755_770_400_000))
    }

    async fn sleep(&self, span: Span) -> Result<(), Text> {
        if span > Span::ZERO { std::future::pending().await } else { Ok(()) }
    }
}

#[test]
fn a_client_is_used_from_several_threads() {
    let rate_limit: Option<RateLimit> = None;
    let settings =
        Settings { engine: engine::Settings { rate_limit, ..Default::default() }, ..Settings::default() };
    let heard = Mutex::new(0);
    let observer = |_: &Event<usize>| *heard.lock().expect("a count") += 1;
    let (client, driver) = Client::observed(Over(|length| length), NoTime, settings, observer);
    thread::scope(|scope| {
        scope.spawn(move || block_on(driver));
        for thread in 0..4 {
            let client = client.clone();
            scope.spawn(move || {
                let ids = (0..50).map(|number| (thread * 50 + number).to_string());
                let waits = ids.map(|id| {
                    let id = TaskId::new(Family::Export, &id).expect("an id");
                    client.task(Family::Export, id).wait(WaitSettings::default()).finished()
                });
                let ends = block_on(join_all(waits));
                assert!(ends.iter().all(|end| end.as_ref().is_ok_and(|finished| finished.polls == 1)));
            });
        }
        drop(client);
    });
    // Asked, answered, changed, finished.
    assert_eq!(heard.into_inner().expect("a count"), 4 * 200);
}

thread_local! {
    /// What a body does when it is cloned, compared or dropped; and how often it did.
    static NOSY: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
    static LOOKED: Cell<u32> = const { Cell::new(0) };
}

/// A body whose every move looks at its task.
#[derive(Debug)]
struct Nosy(usize);

impl Nosy {
    fn look() {
        // Taken out meanwhile: what it looks at is of its kind.
        if let Some(look) = NOSY.take() {
            look();
            LOOKED.set(LOOKED.get() + 1);
            NOSY.set(Some(look));
        }
    }
}

impl Clone for Nosy {
    fn clone(&self) -> Self {
        Nosy::look();
        Nosy(self.0)
    }
}

impl PartialEq for Nosy {
    fn eq(&self, other: &Self) -> bool {
        Nosy::look();
        self.0 == other.0
    }
}

impl Drop for Nosy {
    fn drop(&mut self) {
        Nosy::look();
    }
}

#[test]
fn nobodys_code_runs_while_the_client_is_locked() {
    let count = Cell::new(0);
    let changing = move |_| Nosy(count.replace(count.get() + 1) / 2);
    let (client, driver) = Client::new(Over(changing), NoTime, Settings::default());
    let mut pool = LocalPool::new();
    pool.spawner().spawn_local(driver).expect("a pool that takes futures");
    let task = client.task(Family::Export, TaskId::new(Family::Export, ID).expect(ID));
    NOSY.set(Some(Rc::new({
        let (client, task) = (client.clone(), task.clone());
        move || {
            let another = client.task(Family::FileImport, TaskId::new(Family::FileImport, ID).expect(ID));
            drop((task.latest(), task.checkpoint(), client.learned(), another));
        }
    })));
    for polls in 1..=4 {
        let settings = WaitSettings { timeout: Timeout::After(ms(1_000)), ..WaitSettings::default() };
        let finished = pool.run_until(task.wait(settings).finished()).expect("an end");
        assert_eq!(finished.polls, polls);
        pool.run_until(task.status()).expect("a status").expect("one that was sent");
    }
    drop((task, client));
    NOSY.set(None);
    pool.run();
    assert!(LOOKED.get() > 20, "{}", LOOKED.get());
}
