//! Work on several threads: on as many as there are to be had, and on the calling one if there are
//! none.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Builder};

/// Applies a function to each item, so many at once at most. The results come in the order of the
/// items.
///
/// # Panics
/// As the function does.
pub fn map<I: Send, T: Send>(
    items: impl IntoIterator<Item = I>,
    at_once: NonZeroUsize,
    function: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let items: Vec<_> = items.into_iter().enumerate().collect();
    let helpers = at_once.get().min(items.len()).saturating_sub(1);
    let queue = Mutex::new(items.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut done = Vec::new();
        while let Some((index, item)) = next() {
            done.push((index, function(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        // What has no thread of its own is done by the others.
        let start = |_| Builder::new().spawn_scoped(scope, work).ok();
        let helpers: Vec<_> = (0..helpers).map_while(start).collect();
        let mut done = work();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does both at once, or one after the other.
///
/// # Panics
/// As they do.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    // A thread that cannot be started drops what it was to do, so it only gets a place to take it from.
    let one = Mutex::new(Some(one));
    let take = || one.lock().unwrap_or_else(PoisonError::into_inner).take();
    thread::scope(|scope| {
        let helper = Builder::new().spawn_scoped(scope, || take().map(|one| one())).ok();
        let other = other();
        let done = helper.and_then(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic)));
        match done.or_else(|| take().map(|one| one())) {
            Some(one) => (one, other),
            None => unreachable!("it is taken by whoever does it"),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn results_are_in_order_and_no_more_run_at_once_than_allowed() {
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        for at_once in [1, 3, 100] {
            let results = map(0..50, NonZeroUsize::new(at_once).unwrap(), |item| {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
                item * 2
            });
            assert!(results.into_iter().eq((0..50).map(|item| item * 2)));
            assert!(most.swap(0, Ordering::SeqCst) <= at_once);
        }
        assert_eq!(map([0; 0], NonZeroUsize::MIN, |item| item), [0; 0]);
    }

    #[test]
    fn both_are_done() {
        let mut there = 0;
        let (one, other) = both(
            || {
                there += 1;
                there
            },
            || "here",
        );
        assert_eq!((one, other), (1, "here"));
    }
}
