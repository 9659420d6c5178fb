//! A machine that is busy with other things, for the length of a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Threads that compute without end, until this is dropped.
#[derive(Debug)]
pub struct BusyLoops {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<u64>>,
}

impl BusyLoops {
    /// So many loops for each processor.
    pub fn per_processor(count: usize) -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let is_over = Arc::new(AtomicBool::new(false));
        let compute = |_| {
            let is_over = Arc::clone(&is_over);
            thread::spawn(move || {
                let mut number = 1_u64;
                while !is_over.load(Ordering::Relaxed) {
                    number = (0..10_000).fold(number, |number, it| number.rotate_left(1) ^ it);
                }
                number
            })
        };
        let threads = (0..count * processors).map(compute).collect();
        Self { is_over, threads }
    }
}

impl Drop for BusyLoops {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A loop cannot panic.
            let _ = thread.join();
        }
    }
}
