//! The clients that api.js holds, by number. wasm-bindgen's own classes would weigh 100 bytes for each method.

use std::cell::RefCell;
use std::rc::Rc;

use super::driver::Driver;

struct Clients {
    /// No number is used again: an answer may come for a client that is gone.
    last: u32,
    /// Sorted by number.
    open: Vec<(u32, Rc<Driver>)>,
}

thread_local! {
    static CLIENTS: RefCell<Clients> = const { RefCell::new(Clients { last: 0, open: Vec::new() }) };
}

/// Keeps a client; gives its number.
pub fn add(driver: Driver) -> u32 {
    CLIENTS.with_borrow_mut(|clients| {
        clients.last = clients.last.wrapping_add(1);
        clients.open.push((clients.last, Rc::new(driver)));
        clients.last
    })
}

/// The client of that number, unless it is gone.
#[inline(never)]
pub fn find(number: u32) -> Option<Rc<Driver>> {
    CLIENTS.with_borrow(|clients| {
        let open = clients.open.iter().find(|(open, _)| *open == number);
        open.map(|(_, driver)| driver.clone())
    })
}

/// Gives up the client of that number.
pub fn remove(number: u32) {
    let closed = CLIENTS.with_borrow_mut(|clients| {
        let place = clients.open.iter().position(|(open, _)| *open == number);
        place.map(|place| clients.open.remove(place))
    });
    // Not before the list is free again.
    drop(closed);
}
