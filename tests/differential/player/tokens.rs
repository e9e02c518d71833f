//! A token function, and who asks it: as `pkg-template/token.ts` and `src/web/tokens.rs` do, which need JavaScript.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures::executor::LocalSpawner;
use futures::task::LocalSpawnExt;
use hubspot_async_tasks::read::Detail;
use serde_json::json;

use super::scenario::Scenario;
use super::server::Log;
use super::world::{Whose, World, others_first};

pub struct Tokens {
    world: Rc<World>,
    spawner: LocalSpawner,
    scenario: Rc<Scenario>,
    log: Rc<Log>,
    client: usize,
    calls: Cell<usize>,
    /// The calls under way: the usual one, and the one for a refresh.
    open: RefCell<[Option<Rc<Promised>>; 2]>,
    /// The token that was refused last, and the one that took its place.
    replaced: RefCell<Option<(String, String)>>,
}

/// What the function will have given, `None` where it throws.
#[derive(Default)]
struct Promised {
    given: RefCell<Option<Option<String>>>,
    /// Who awaits it, in the order of their coming.
    wakers: RefCell<Vec<Waker>>,
}

pub struct Given {
    pub token: String,
    /// Whether there is no newer one.
    pub is_fresh: bool,
}

impl Tokens {
    /// `None` where that client has no token function.
    pub fn new(
        world: Rc<World>,
        spawner: LocalSpawner,
        scenario: Rc<Scenario>,
        log: Rc<Log>,
        client: usize,
    ) -> Option<Tokens> {
        scenario.clients[client].token.as_ref()?;
        let (calls, open, replaced) = (Cell::default(), RefCell::default(), RefCell::default());
        Some(Tokens { world, spawner, scenario, log, client, calls, open, replaced })
    }

    /// A token; after a refused one its successor, which the function is asked for once.
    pub async fn next(&self, refused: Option<&str>) -> Result<Given, Detail> {
        let Some(refused) = refused else {
            return Ok(Given { token: self.call(false).await?, is_fresh: false });
        };
        let known = self.replaced.borrow().clone();
        if let Some((_, successor)) = known.filter(|(known, _)| known == refused) {
            return Ok(Given { token: successor, is_fresh: false });
        }
        let token = self.call(true).await?;
        // Some microtasks after those who asked for no refresh, as there.
        others_first().await;
        if token != refused {
            *self.replaced.borrow_mut() = Some((refused.to_owned(), token.clone()));
        }
        Ok(Given { token, is_fresh: true })
    }

    async fn call(&self, refresh: bool) -> Result<String, Detail> {
        let open = self.open.borrow()[usize::from(refresh)].clone();
        let promised = open.unwrap_or_else(|| self.ask(refresh));
        self.open.borrow_mut()[usize::from(refresh)] = Some(promised.clone());
        let joined = Joined { tokens: self, refresh, promised };
        let token = joined.promised.given().await;
        drop(joined);
        token.ok_or_else(|| Detail::new("the token function threw (Error: no token)"))
    }

    fn ask(&self, refresh: bool) -> Rc<Promised> {
        let nth = self.calls.replace(self.calls.get() + 1);
        let at = self.world.now_ms();
        self.log.token_calls.borrow_mut().push(json!({ "at": at, "refresh": refresh }));
        let given = self.scenario.clients[self.client].token.as_ref().expect("a token function");
        let token = given.gives[nth.min(given.gives.len() - 1)].clone();
        let promised = Rc::new(Promised::default());
        let (kept, after_ms) = (promised.clone(), given.after_ms);
        let (world, whose) = (self.world.clone(), Whose::Token(self.client, nth));
        let keeping = async move {
            world.timer(after_ms, whose).await;
            kept.keep(token);
        };
        self.spawner.spawn_local(keeping).expect("a pool that takes futures");
        promised
    }
}

impl Promised {
    fn keep(&self, given: Option<String>) {
        *self.given.borrow_mut() = Some(given);
        self.wakers.take().into_iter().for_each(Waker::wake);
    }

    async fn given(&self) -> Option<String> {
        poll_fn(|context| match &*self.given.borrow() {
            Some(given) => Poll::Ready(given.clone()),
            None => {
                self.wakers.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

/// One who awaits a call. When it is answered, or somebody gives it up, nobody joins it any more.
struct Joined<'tokens> {
    tokens: &'tokens Tokens,
    refresh: bool,
    promised: Rc<Promised>,
}

impl Drop for Joined<'_> {
    fn drop(&mut self) {
        let open = &mut self.tokens.open.borrow_mut()[usize::from(self.refresh)];
        if open.as_ref().is_some_and(|open| Rc::ptr_eq(open, &self.promised)) {
            *open = None;
        }
    }
}
