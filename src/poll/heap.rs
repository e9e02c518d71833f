//! A binary heap whose entries can be taken out of its middle: what has the lowest key?
//!
//! The standard one cannot take out, and its code is another's for each type of entry.

use std::marker::PhantomData;

use super::Timestamp;

/// An empty heap may keep room for so many.
const SMALL: usize = 16;

/// A slot that is in no heap.
const ABSENT: u32 = u32::MAX;

/// Where each slot is in the heap that it is in. Several heaps may share one, as long as a slot is in one of them.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<u32>);

impl Places {
    fn get(&self, slot: u32) -> Option<usize> {
        self.0.get(slot as usize).filter(|place| **place != ABSENT).map(|place| *place as usize)
    }

    fn set(&mut self, slot: u32, place: u32) {
        let index = slot as usize;
        extend(&mut self.0, index, || ABSENT);
        self.0[index] = place;
    }

    /// Whether a slot is in one of their heaps.
    pub(crate) fn has(&self, slot: u32) -> bool {
        self.get(slot).is_some()
    }
}

/// Sees to it that there is an element of that index.
pub(crate) fn extend<T>(elements: &mut Vec<T>, index: usize, element: impl Fn() -> T) {
    while index >= elements.len() {
        reserve(elements, 1);
        elements.push(element());
    }
}

/// Room for so many more: an eighth is left over, where a vector would double.
pub(crate) fn reserve<T>(elements: &mut Vec<T>, more: usize) {
    if elements.capacity() - elements.len() < more {
        elements.reserve_exact(more + elements.len() / 8);
    }
}

/// What a heap goes by.
pub(crate) trait Key {
    /// As a number of the same order.
    fn rank(self) -> u64;
    /// The key of that number.
    fn ranked(rank: u64) -> Self;
}

/// Slots by key (an instant, say), the lowest first; of equal ones, the lowest slot first.
#[derive(Debug)]
pub(crate) struct Heap<K = Timestamp> {
    ranks: Ranks,
    key: PhantomData<K>,
}

impl<K> Default for Heap<K> {
    fn default() -> Self {
        Heap { ranks: Ranks::default(), key: PhantomData }
    }
}

impl<K: Key> Heap<K> {
    /// The lowest key, and its slot.
    pub(crate) fn first(&self) -> Option<(K, u32)> {
        self.ranks.0.first().map(|(rank, slot)| (K::ranked(*rank), *slot))
    }

    /// Adds a slot that is in no heap of these places.
    pub(crate) fn insert(&mut self, places: &mut Places, key: K, slot: u32) {
        self.ranks.insert(places, key.rank(), slot);
    }

    /// Takes out a slot, if it is in a heap of these places; that must be this heap.
    pub(crate) fn remove(&mut self, places: &mut Places, slot: u32) {
        self.ranks.remove(places, slot);
    }
}

/// The heap itself, whose code is there once for all keys.
#[derive(Debug, Default)]
struct Ranks(Vec<(u64, u32)>);

impl Ranks {
    fn insert(&mut self, places: &mut Places, rank: u64, slot: u32) {
        reserve(&mut self.0, 1);
        self.0.push((rank, slot));
        self.settle(places, self.0.len() - 1);
    }

    fn remove(&mut self, places: &mut Places, slot: u32) {
        let Some(place) = places.get(slot) else {
            return;
        };
        places.set(slot, ABSENT);
        self.0.swap_remove(place);
        if place < self.0.len() {
            self.settle(places, place);
        }
        // A crowd that was due at once takes no room for ever.
        if self.0.is_empty() && self.0.capacity() > SMALL {
            self.0 = Vec::new();
        }
    }

    /// Moves the entry at `place`, the only one that may be wrong there, up or down to where it belongs.
    fn settle(&mut self, places: &mut Places, mut place: usize) {
        let entry = self.0[place];
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.0[parent] <= entry {
                break;
            }
            self.put(places, place, self.0[parent]);
            place = parent;
        }
        loop {
            let mut below = 2 * place + 1;
            let Some(mut child) = self.0.get(below).copied() else {
                break;
            };
            if let Some(right) = self.0.get(below + 1).copied()
                && right < child
            {
                below += 1;
                child = right;
            }
            if entry <= child {
                break;
            }
            self.put(places, place, child);
            place = below;
        }
        self.put(places, place, entry);
    }

    fn put(&mut self, places: &mut Places, place: usize, entry: (u64, u32)) {
        self.0[place] = entry;
        places.set(entry.1, place as u32);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_in_no_heap_is_not_taken_out() {
        let (mut heap, mut places) = (Heap::default(), Places::default());
        heap.remove(&mut places, 3);
        heap.insert(&mut places, Timestamp::from_ms(5), 7);
        heap.remove(&mut places, 3);
        heap.remove(&mut places, 8);
        assert_eq!(heap.first(), Some((Timestamp::from_ms(5), 7)));
        heap.remove(&mut places, 7);
        heap.remove(&mut places, 7);
        assert_eq!(heap.first(), None);
    }

    proptest! {
        /// Against a list that is sorted anew each time.
        #[test]
        fn the_earliest_is_first_whatever_was_taken_out(
            steps in prop::collection::vec((any::<bool>(), 0_u64..50, 0_u32..40), 0..300),
        ) {
            let (mut heap, mut places) = (Heap::default(), Places::default());
            let mut model: Vec<(Timestamp, u32)> = Vec::new();
            for (inserts, at, slot) in steps {
                heap.remove(&mut places, slot);
                model.retain(|entry| entry.1 != slot);
                if inserts {
                    heap.insert(&mut places, Timestamp::from_ms(at), slot);
                    model.push((Timestamp::from_ms(at), slot));
                }
                prop_assert_eq!(heap.first(), model.iter().min().copied());
                for (place, entry) in heap.ranks.0.iter().enumerate() {
                    prop_assert_eq!(places.get(entry.1), Some(place));
                }
            }
            model.sort_unstable();
            for entry in model {
                prop_assert_eq!(heap.first(), Some(entry));
                heap.remove(&mut places, entry.1);
            }
            prop_assert_eq!(heap.first(), None);
        }
    }
}
