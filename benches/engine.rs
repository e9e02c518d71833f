//! What one step costs with 1, 1,000 and 100,000 waiting tasks: it may grow with the logarithm of their number. And what
//! a waiting task weighs: at most 256 bytes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hubspot_async_tasks::client::{Effect, Engine, Host, Payload, Reply, Settings, WaitSettings};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{Answer, Body, Envelope, Span, Standing, Timestamp, Told};

const COUNTS: [usize; 3] = [1, 1000, 100_000];
const MOST_BYTES: usize = 256;

/// Counts what is allocated.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// As in the npm package, what is heard and kept are references.
struct References;

impl Host for References {
    type Body = u32;
    type Detail = u32;
    type Listener = u32;
}

fn running() -> Reply<u32, u32> {
    let envelope = Envelope {
        standing: Standing::Processing,
        has_errors: false,
        has_result: false,
        requested_at: None,
        started_at: None,
        completed_at: None,
    };
    let answer = Answer::Http {
        status: 200,
        retry_after: None,
        server_time: None,
        is_daily_limit: false,
        body: Body::Status(envelope),
    };
    Reply { answer, payload: Payload::Status(1), told: Told::default(), is_repeatable: false }
}

/// An engine in which so many tasks were asked once, and wait for their next poll.
struct World {
    engine: Engine<References>,
    now: Timestamp,
}

impl World {
    /// Without a timeout a bench may go on for as long as it wants.
    fn new(count: usize, timeout: Option<Span>) -> World {
        let wait = WaitSettings { timeout, ..WaitSettings::default() };
        let settings = Settings { rate_limit: None, max_concurrent: usize::MAX, wait, ..Settings::default() };
        let mut world =
            World { engine: Engine::new(settings.clone()), now: Timestamp::from_ms(1_755_770_400_000) };
        world.engine.time(world.now);
        for id in 0..count {
            let id = TaskId::new(Family::Export, &(90_000_000 + id).to_string()).expect("an id");
            let key = world.engine.open(Family::Export, id);
            world.engine.join(key, world.now, settings.wait, 0);
        }
        while world.engine.decide(world.now) {
            world.work();
        }
        world
    }

    /// Answers what is sent.
    fn work(&mut self) {
        while let Some(effect) = self.engine.take_effect() {
            if let Effect::Send(question) = black_box(effect) {
                self.engine.reply(question.number, self.now, running());
            }
        }
    }

    /// The next poll: chosen, sent, answered and planned anew.
    fn step(&mut self) {
        self.now = self.engine.wake_at(self.now).expect("a task waits").max(self.now);
        self.engine.time(self.now);
        self.engine.decide(self.now);
        self.work();
    }
}

fn print_memory() {
    let count = 100_000;
    let before = IN_USE.load(Ordering::Relaxed);
    let world = World::new(count, WaitSettings::default().timeout);
    let bytes = (IN_USE.load(Ordering::Relaxed) - before) / count;
    drop(world);
    println!("a waiting task weighs {bytes} bytes (at most {MOST_BYTES})");
    assert!(bytes <= MOST_BYTES);
}

fn engine(criterion: &mut Criterion) {
    print_memory();
    let mut group = criterion.benchmark_group("engine");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for count in COUNTS {
        let mut world = World::new(count, None);
        group.bench_function(BenchmarkId::new("one poll", count), |bencher| bencher.iter(|| world.step()));
        let mut next = 0;
        group.bench_function(BenchmarkId::new("join and leave", count), |bencher| {
            bencher.iter(|| {
                next += 1;
                let id = TaskId::new(Family::SourceCodeExtract, &next.to_string()).expect("an id");
                let key = world.engine.open(Family::SourceCodeExtract, id);
                let settings = world.engine.settings().wait;
                let waiter = world.engine.join(key, world.now, settings, 0).expect("a task");
                world.engine.leave(key, waiter, world.now);
                world.engine.release(key, world.now);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
