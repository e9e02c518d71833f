//! What is known by a number: tasks, calls, requests; and chains of those, in the order in which they came.

use std::marker::PhantomData;
use std::mem;
use std::num::NonZeroU32;

use crate::poll::reserve;

/// A number that stands for something in [`Slots`].
pub(super) trait Id: Copy + Eq {
    fn number(self) -> u32;
    fn numbered(number: u32) -> Option<Self>;
}

/// Declares the type of such a number.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The number, for hosts that hold it as such.
            pub fn number(self) -> u32 {
                self.0.get()
            }

            /// What a host that holds numbers means by this one; `None` for 0.
            pub fn numbered(number: u32) -> Option<Self> {
                NonZeroU32::new(number).map($name)
            }
        }

        impl Id for $name {
            fn number(self) -> u32 {
                $name::number(self)
            }

            fn numbered(number: u32) -> Option<Self> {
                $name::numbered(number)
            }
        }
    };
}

id! {
    /// A task that the engine knows.
    TaskKey
}
id! {
    /// A call that waits for something: `wait`, `look`, `poll_once` or `errand`. It is over with the output that ends it, or when
    /// it leaves.
    CallId
}
id! {
    /// A request: the same for the second try with another token. It is over with its last reply, or when it is given up.
    RequestId
}

/// Things by number. A number is not used again before [`Slots::recycle`], since outputs may still speak of it.
#[derive(Debug)]
pub(super) struct Slots<I, T> {
    entries: Vec<Option<T>>,
    /// The numbers of what was removed.
    free: Vec<u32>,
    /// So many of them, from the first on, may be used again.
    usable: usize,
    id: PhantomData<I>,
}

impl<I, T> Default for Slots<I, T> {
    fn default() -> Self {
        Slots { entries: Vec::new(), free: Vec::new(), usable: 0, id: PhantomData }
    }
}

impl<I: Id, T> Slots<I, T> {
    pub fn insert(&mut self, value: T) -> Option<I> {
        let number = if self.usable > 0 {
            self.usable -= 1;
            self.free.swap_remove(self.usable)
        } else {
            reserve(&mut self.entries, 1);
            self.entries.push(None);
            self.entries.len() as u32
        };
        *self.entries.get_mut(number as usize - 1)? = Some(value);
        I::numbered(number)
    }

    #[inline(never)]
    pub fn get(&self, id: I) -> Option<&T> {
        self.entries.get(id.number() as usize - 1)?.as_ref()
    }

    #[inline(never)]
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.entries.get_mut(id.number() as usize - 1)?.as_mut()
    }

    pub fn remove(&mut self, id: I) -> Option<T> {
        let removed = self.entries.get_mut(id.number() as usize - 1)?.take()?;
        self.free.push(id.number());
        Some(removed)
    }

    /// The numbers of what was removed may be used again.
    pub fn recycle(&mut self) {
        self.usable = self.free.len();
    }

    pub fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.entries.len() as u32).filter_map(|place| I::numbered(place + 1))
    }
}

/// The neighbours of a link in its chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<I> {
    before: Option<I>,
    after: Option<I>,
}

impl<I> Default for Links<I> {
    fn default() -> Self {
        Links { before: None, after: None }
    }
}

/// Something that may be in one chain at a time.
pub(super) trait Linked<I> {
    fn links(&self) -> &Links<I>;
    fn links_mut(&mut self) -> &mut Links<I>;
}

/// The oldest first. A link can be taken out of its middle; that costs the same, however long the chain is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain<I> {
    first: Option<I>,
    last: Option<I>,
}

impl<I> Default for Chain<I> {
    fn default() -> Self {
        Chain { first: None, last: None }
    }
}

impl<I: Id> Chain<I> {
    pub fn first(&self) -> Option<I> {
        self.first
    }

    /// The one after a link.
    pub fn after<T: Linked<I>>(slots: &Slots<I, T>, id: I) -> Option<I> {
        slots.get(id)?.links().after
    }

    /// All of them, the oldest first.
    pub fn iter<T: Linked<I>>(self, slots: &Slots<I, T>) -> impl Iterator<Item = I> {
        std::iter::successors(self.first, |id| Chain::after(slots, *id))
    }

    /// Adds one that is in no chain.
    pub fn push<T: Linked<I>>(&mut self, slots: &mut Slots<I, T>, id: I) {
        if let Some(new) = slots.get_mut(id) {
            *new.links_mut() = Links { before: self.last, after: None };
        }
        self.set_after(slots, self.last, Some(id));
        self.last = Some(id);
    }

    /// Takes out one that is in this chain.
    pub fn remove<T: Linked<I>>(&mut self, slots: &mut Slots<I, T>, id: I) {
        let Some(link) = slots.get_mut(id) else {
            return;
        };
        let Links { before, after } = mem::take(link.links_mut());
        self.set_after(slots, before, after);
        match after.and_then(|after| slots.get_mut(after)) {
            Some(next) => next.links_mut().before = before,
            None => self.last = before,
        }
    }

    fn set_after<T: Linked<I>>(&mut self, slots: &mut Slots<I, T>, id: Option<I>, after: Option<I>) {
        match id.and_then(|id| slots.get_mut(id)) {
            Some(link) => link.links_mut().after = after,
            None => self.first = after,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Link(Links<CallId>);

    impl Linked<CallId> for Link {
        fn links(&self) -> &Links<CallId> {
            &self.0
        }

        fn links_mut(&mut self) -> &mut Links<CallId> {
            &mut self.0
        }
    }

    #[test]
    fn a_number_is_not_used_again_before_it_is_recycled() {
        let mut slots: Slots<CallId, &str> = Slots::default();
        let first = slots.insert("a").expect("a number");
        assert_eq!(slots.remove(first), Some("a"));
        assert_eq!(slots.remove(first), None);
        let second = slots.insert("b").expect("a number");
        assert_ne!(first, second);
        slots.recycle();
        assert_eq!(slots.insert("c"), Some(first));
        assert_eq!((slots.get(first), slots.get(second)), (Some(&"c"), Some(&"b")));
    }

    proptest! {
        #[test]
        fn a_chain_keeps_the_order_in_which_its_links_came(steps in prop::collection::vec(0_usize..12, 0..200)) {
            let mut slots = Slots::default();
            let ids: Vec<CallId> = (0..12).filter_map(|_| slots.insert(Link(Links::default()))).collect();
            let (mut chain, mut model) = (Chain::default(), Vec::new());
            for step in steps {
                let id = ids[step];
                match model.iter().position(|known| *known == id) {
                    Some(place) => {
                        model.remove(place);
                        chain.remove(&mut slots, id);
                    }
                    None => {
                        model.push(id);
                        chain.push(&mut slots, id);
                    }
                }
                prop_assert_eq!(&chain.iter(&slots).collect::<Vec<_>>(), &model);
            }
        }
    }
}
