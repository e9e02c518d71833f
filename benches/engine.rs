//! What one step costs with 1, 1,000 and 100,000 waiting tasks: it may grow with the logarithm of their number. And what
//! a waiting task weighs: at most 256 bytes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hubspot_async_tasks::engine::{Engine, Output, Reply, Settings, Timeout, WaitSettings};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Answer, Body, Envelope, Limit, Phase, Standing, Timestamp};

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

/// The task goes on, and its status is no news.
fn running() -> Reply {
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
        limit: Limit::Rate,
        body: Body::Status(envelope),
    };
    Reply { answer, is_same_status: true, ..Reply::default() }
}

/// An engine in which so many tasks were asked once, and wait for their next poll.
struct World {
    engine: Engine,
    now: Timestamp,
}

impl World {
    /// Without a timeout a bench may go on for as long as it wants.
    fn new(count: usize, timeout: Timeout) -> World {
        let settings =
            Settings { rate_limit: None, max_concurrent: usize::MAX, timeout, ..Settings::default() };
        let mut world = World { engine: Engine::new(settings), now: Timestamp::from_ms(1_755_770_400_000) };
        for id in 0..count {
            let phase = Phase::of(&(90_000_000 + id).to_string());
            let task = world.engine.open(Family::Export, phase).expect("a task");
            world.engine.wait(task, world.now, world.engine.settings().wait()).expect("a call");
        }
        for _ in 0..count {
            world.poll();
        }
        world
    }

    /// The next poll: chosen, sent, answered and planned anew.
    fn poll(&mut self) {
        loop {
            match black_box(self.engine.next(self.now)) {
                Output::Send(send) => {
                    self.engine.reply(send.request, self.now, &running());
                    return;
                }
                Output::NewTurn => self.engine.turn(None),
                Output::WaitUntil(at) => self.now = at,
                output => panic!("{output:?} in a world where all goes on and nobody leaves"),
            }
        }
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
        let mut world = World::new(count, Timeout::Never);
        group.bench_function(BenchmarkId::new("one poll", count), |bencher| bencher.iter(|| world.poll()));
        let mut next = 0;
        group.bench_function(BenchmarkId::new("join and leave", count), |bencher| {
            bencher.iter(|| {
                next += 1;
                let phase = Phase::of(&next.to_string());
                let task = world.engine.open(Family::SourceCodeExtract, phase).expect("a task");
                let settings = world.engine.settings().wait();
                let call = world.engine.wait(task, world.now, settings).expect("a call");
                world.engine.leave(call, world.now);
                world.engine.close(task, world.now);
                black_box(world.engine.next(world.now));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
