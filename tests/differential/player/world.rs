//! Virtual time: it stands still until nobody can do anything, then one timer rings.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// When all scenarios begin: 2026-08-21T10:00:00Z.
pub const START_MS: u64 = 1_787_306_400_000;

/// Whose timer it is. Of several that are due at one instant they ring in this order, in both players.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Who made a call, by its number.
    Caller(usize),
    /// A token function, by its client and the number of its call.
    Token(usize, usize),
    /// The server, by the client, the path and the number of the request.
    Server(usize, String, usize),
    /// A client.
    Client(usize),
}

#[derive(Default)]
pub struct World {
    now_ms: Cell<u64>,
    /// Those that wait for some time, by when they ring.
    timers: RefCell<BTreeMap<(u64, Whose, u64), Rc<Bell>>>,
    /// Those that wait for a turn alone.
    turns: RefCell<BTreeMap<(Whose, u64), Rc<Bell>>>,
    last_timer: Cell<u64>,
}

/// Whether a timer rang, and who is to hear that.
#[derive(Default)]
struct Bell {
    has_rung: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl World {
    pub fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// What clocks say.
    pub fn clock_ms(&self) -> u64 {
        START_MS + self.now_ms()
    }

    pub fn advance_to(&self, ms: u64) {
        self.now_ms.set(ms);
    }

    /// Rings after so long; after nothing, when nobody can do anything any more.
    pub fn timer(self: &Rc<Self>, after_ms: u64, whose: Whose) -> Timer {
        self.last_timer.set(self.last_timer.get() + 1);
        let key = (self.now_ms() + after_ms, whose, self.last_timer.get());
        let bell = Rc::new(Bell::default());
        if after_ms == 0 {
            self.turns.borrow_mut().insert((key.1.clone(), key.2), bell.clone());
        } else {
            self.timers.borrow_mut().insert(key.clone(), bell.clone());
        }
        Timer { world: self.clone(), key, bell }
    }

    /// Rings the first one that waits for a turn; says whether there was one.
    pub fn ring_turn(&self) -> bool {
        let first = self.turns.borrow_mut().pop_first();
        first.inspect(|(_, bell)| bell.ring()).is_some()
    }

    /// When the next timer rings.
    pub fn next_ms(&self) -> Option<u64> {
        self.timers.borrow().first_key_value().map(|((due_ms, ..), _)| *due_ms)
    }

    /// Time passes until the next timer rings.
    pub fn ring_next(&self) {
        let first = self.timers.borrow_mut().pop_first();
        if let Some(((due_ms, ..), bell)) = first {
            self.advance_to(due_ms);
            bell.ring();
        }
    }

    /// Whether that client has a timer.
    pub fn has_timer(&self, client: usize) -> bool {
        self.timers.borrow().keys().any(|(_, whose, _)| *whose == Whose::Client(client))
    }
}

impl Bell {
    fn ring(&self) {
        self.has_rung.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// Ends when everybody else had a turn.
pub async fn others_first() {
    let mut had_turn = false;
    poll_fn(|context| {
        if mem::replace(&mut had_turn, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Gone when it is dropped.
pub struct Timer {
    world: Rc<World>,
    key: (u64, Whose, u64),
    bell: Rc<Bell>,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.bell.has_rung.get() {
            return Poll::Ready(());
        }
        *self.bell.waker.borrow_mut() = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.world.timers.borrow_mut().remove(&self.key);
        self.world.turns.borrow_mut().remove(&(self.key.1.clone(), self.key.2));
    }
}
