//! The npm package's allocator: blocks of powers of two, and for each size a list of those that are free.
//!
//! Everything is given and taken back in a few steps. Blocks are not split or joined: a client needs many of few sizes,
//! over and over. It weighs a fifth of the smallest of the crates for it.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr;

#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
compile_error!("this allocator is for one thread: build without the target feature `atomics`");

/// What the host gives memory in.
const PAGE: usize = 65536;

/// No type here needs more.
const ALIGNMENT: usize = 16;

/// An allocator for one thread.
pub struct Blocks {
    /// Gives so many new pages, which begin where the last ones ended unless somebody else took some; null where there
    /// are no more.
    grow: fn(pages: usize) -> *mut u8,
    /// The first free block of each size, by its power of two. In each free block stands the next one.
    free: [Cell<*mut u8>; usize::BITS as usize],
    /// What is left of the newest pages.
    rest: Cell<*mut u8>,
    length: Cell<usize>,
}

// SAFETY: WebAssembly without shared memory has one thread.
unsafe impl Sync for Blocks {}

impl Blocks {
    /// An allocator without memory.
    pub const fn new(grow: fn(pages: usize) -> *mut u8) -> Blocks {
        let free = [const { Cell::new(ptr::null_mut()) }; usize::BITS as usize];
        Blocks { grow, free, rest: Cell::new(ptr::null_mut()), length: Cell::new(0) }
    }

    /// The power of two of the block for that layout; the smallest one has room for a pointer.
    fn power(layout: Layout) -> usize {
        let size = layout.size().max(ALIGNMENT);
        (usize::BITS - (size - 1).leading_zeros()) as usize
    }

    /// A block that was never used; null where there is no more memory.
    fn fresh(&self, size: usize) -> *mut u8 {
        if self.length.get() < size {
            let pages = size.div_ceil(PAGE);
            let start = (self.grow)(pages);
            if start.is_null() {
                return start;
            }
            self.rest.set(start);
            self.length.set(pages * PAGE);
        }
        let block = self.rest.get();
        self.rest.set(block.wrapping_add(size));
        self.length.set(self.length.get() - size);
        block
    }
}

// SAFETY: a block is given once until it is taken back, has room for its layout, and begins at a multiple of ALIGNMENT.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let power = Blocks::power(layout);
        let Some(free) = self.free.get(power).filter(|_| layout.align() <= ALIGNMENT) else {
            return ptr::null_mut();
        };
        let block = free.get();
        if block.is_null() {
            return self.fresh(1 << power);
        }
        // SAFETY: `dealloc` wrote it there.
        free.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(free) = self.free.get(Blocks::power(layout)) {
            // SAFETY: nobody uses the block any more, and it has room for a pointer.
            unsafe { block.cast::<*mut u8>().write(free.get()) };
            free.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size is above 0 and does not overflow when it is rounded up.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if Blocks::power(layout) == Blocks::power(wanted) {
            return block;
        }
        // SAFETY: as above; what is copied lies in both blocks, which do not overlap.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::alloc::System;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    thread_local! {
        static PAGES: Cell<usize> = const { Cell::new(0) };
    }

    /// Memory that is never given back, as that of WebAssembly.
    fn grow(pages: usize) -> *mut u8 {
        PAGES.set(PAGES.get() + pages);
        let layout = Layout::from_size_align(pages * PAGE, PAGE).expect("a layout");
        // SAFETY: the size is above 0.
        unsafe { System.alloc(layout) }
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).expect("a layout")
    }

    fn pages_for(work: impl Fn(&Blocks)) -> usize {
        PAGES.set(0);
        work(&Blocks::new(grow));
        PAGES.get()
    }

    proptest! {
        /// Each block is aligned, and holds what was written to it until it is given back, whatever else happens.
        #[test]
        fn blocks_do_not_overlap(steps in vec((1_usize..3_000, any::<prop::sample::Index>(), any::<bool>()), 1..100)) {
            let blocks = Blocks::new(grow);
            let mut held: Vec<(*mut u8, usize, u8)> = Vec::new();
            for (number, (size, which, frees)) in steps.into_iter().enumerate() {
                if frees && !held.is_empty() {
                    let (block, size, mark) = held.swap_remove(which.index(held.len()));
                    // SAFETY: the block is held, and of that size.
                    unsafe {
                        prop_assert!((0..size).all(|at| block.add(at).read() == mark));
                        blocks.dealloc(block, layout(size));
                    }
                } else {
                    let mark = number as u8;
                    // SAFETY: the size is above 0, and the block has room for it.
                    let block = unsafe {
                        let block = blocks.alloc(layout(size));
                        prop_assert!(!block.is_null() && (block as usize).is_multiple_of(ALIGNMENT));
                        block.write_bytes(mark, size);
                        block
                    };
                    held.push((block, size, mark));
                }
            }
            for (block, size, mark) in held {
                // SAFETY: the block is held, and of that size.
                let is_whole = unsafe { (0..size).all(|at| block.add(at).read() == mark) };
                prop_assert!(is_whole);
            }
        }
    }

    #[test]
    fn what_was_given_back_is_given_again() {
        let once = pages_for(|blocks| unsafe {
            let all: Vec<_> = (1..3000).map(|size| (blocks.alloc(layout(size)), layout(size))).collect();
            all.into_iter().for_each(|(block, layout)| blocks.dealloc(block, layout));
        });
        let often = pages_for(|blocks| unsafe {
            for _ in 0..20 {
                let all: Vec<_> = (1..3000).map(|size| (blocks.alloc(layout(size)), layout(size))).collect();
                all.into_iter().for_each(|(block, layout)| blocks.dealloc(block, layout));
            }
        });
        assert!(once > 0);
        assert_eq!(often, once);
    }

    #[test]
    fn what_grows_stays_where_it_is_until_its_block_is_full() {
        let blocks = Blocks::new(grow);
        // SAFETY: sizes are above 0, and each block is of the layout that is named with it.
        unsafe {
            let small = blocks.alloc(layout(20));
            small.write_bytes(7, 20);
            assert_eq!(blocks.realloc(small, layout(20), 32), small);
            let large = blocks.realloc(small, layout(32), 33);
            assert_ne!(large, small);
            assert!((0..20).all(|at| large.add(at).read() == 7));
            assert_eq!(blocks.alloc(layout(32)), small, "the old block is free again");
        }
    }

    #[test]
    fn small_blocks_share_a_page() {
        // SAFETY: the size is above 0.
        assert_eq!(
            pages_for(
                |blocks| (0..PAGE / 32).for_each(|_| unsafe { assert!(!blocks.alloc(layout(32)).is_null()) })
            ),
            1
        );
    }

    #[test]
    fn what_cannot_be_given_is_null() {
        let without = Blocks::new(|_| ptr::null_mut());
        let wide = Layout::from_size_align(64, 64).expect("a layout");
        // SAFETY: the sizes are above 0.
        unsafe {
            assert!(without.alloc(layout(1)).is_null());
            assert!(Blocks::new(grow).alloc(wide).is_null());
        }
    }
}
