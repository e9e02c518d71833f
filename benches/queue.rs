//! What it costs to choose who is asked next: none of it may grow with the number of tasks by more than its logarithm.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hubspot_async_tasks::poll::{Plan, Queue, Span, Timestamp};

/// Intervals from 1 s to 60 s, and all of them due.
fn plan(key: u32, asked: u64) -> Plan {
    let interval = Span::from_ms(1000 + u64::from(key.wrapping_mul(2_654_435_761) % 59_000));
    Plan { asked: Timestamp::from_ms(asked), interval, due: Timestamp::from_ms(asked) }
}

fn queue(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("queue");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for count in [1_u32, 1000, 100_000] {
        let mut queue = Queue::new();
        for key in 0..count {
            queue.schedule(key, plan(key, u64::from(key % 60_000)));
        }
        let mut now = 60_000;
        // As for each request: choose the next task, plan its next poll.
        group.bench_function(BenchmarkId::new("next and schedule", count), |bencher| {
            bencher.iter(|| {
                now += 1;
                let key = queue.next(Timestamp::from_ms(now)).expect("a task that is due");
                queue.schedule(black_box(key), plan(key, now));
            });
        });
        // As for each task: it joins and leaves.
        let mut key = 0;
        group.bench_function(BenchmarkId::new("remove and schedule", count), |bencher| {
            bencher.iter(|| {
                now += 1;
                key = (key + 7919) % count;
                queue.remove(black_box(key));
                queue.schedule(key, plan(key, now));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, queue);
criterion_main!(benches);
