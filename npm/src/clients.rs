//! The clients' engines, by number.

use std::cell::RefCell;

use hubspot_async_tasks::engine::Engine;

thread_local! {
    static ENGINES: RefCell<Vec<Option<Box<Engine>>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps an engine; gives its number.
pub fn add(engine: Engine) -> u32 {
    ENGINES.with_borrow_mut(|engines| {
        let engine = Some(Box::new(engine));
        let free = engines.iter().position(Option::is_none);
        match free.and_then(|place| engines.get_mut(place)) {
            Some(place) => *place = engine,
            None => engines.push(engine),
        }
        free.unwrap_or(engines.len() - 1) as u32
    })
}

/// Nobody means the engine of that number any more.
pub fn remove(client: u32) {
    drop(take(client));
}

/// What `act` does with the engine of that number; the default where there is none.
pub fn with<T: Default>(client: u32, act: impl FnOnce(&mut Engine) -> T) -> T {
    // Taken out meanwhile, so that little is compiled anew for each `act`.
    let Some(mut engine) = take(client) else {
        return T::default();
    };
    let result = act(&mut engine);
    put(client, engine);
    result
}

#[inline(never)]
fn take(client: u32) -> Option<Box<Engine>> {
    ENGINES.with_borrow_mut(|engines| engines.get_mut(client as usize)?.take())
}

#[inline(never)]
fn put(client: u32, engine: Box<Engine>) {
    ENGINES.with_borrow_mut(|engines| {
        if let Some(place) = engines.get_mut(client as usize) {
            *place = Some(engine);
        }
    });
}
