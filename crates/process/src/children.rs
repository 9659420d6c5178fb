//! The children of this process that are alive. All of them can be ended at once.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::descendants::{Tag, kill_group};
use crate::watcher::Watcher;

/// Whether [`interrupt`] was called.
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

static CHILDREN: Mutex<Children> =
    Mutex::new(Children { groups: BTreeSet::new(), watcher: None, watcher_command: None });

#[derive(Debug)]
struct Children {
    /// The ids of children that are not ended: each is that of its process group, too.
    groups: BTreeSet<u32>,
    watcher: Option<Watcher>,
    watcher_command: Option<fn() -> io::Result<Command>>,
}

/// Ends every child of this process, with its descendants, and lets none be started any more. Whoever
/// waits for a child finds that it is dead; [`is_interrupted`] says why.
pub fn interrupt() {
    // Before the first child dies, so that nobody takes its death for something else.
    IS_INTERRUPTED.store(true, Ordering::SeqCst);
    lock().groups.iter().copied().for_each(kill_group);
    Tag::of_this_process().kill_tagged();
}

/// Whether all children were ended by [`interrupt`]: that a child is dead then says nothing about it.
pub fn is_interrupted() -> bool {
    IS_INTERRUPTED.load(Ordering::SeqCst)
}

/// Has a process of its own end all children if this one dies without having done so, such as by
/// SIGKILL. The command has to call [`watch`](crate::watch) with its last argument, which is added; it is
/// started before the first child.
pub fn watch_by(command: fn() -> io::Result<Command>) {
    lock().watcher_command = Some(command);
}

/// Starts a child.
///
/// # Errors
/// The operating system's; or the children were ended for good.
pub(crate) fn spawn(command: &mut Command) -> io::Result<Child> {
    let mut children = lock();
    if is_interrupted() {
        return Err(io::Error::new(io::ErrorKind::Interrupted, "the run was interrupted"));
    }
    if let (None, Some(watcher)) = (&children.watcher, children.watcher_command) {
        children.watcher = Some(Watcher::start(watcher()?, Tag::of_this_process())?);
    }
    let child = command.spawn()?;
    children.groups.insert(child.id());
    if let Some(watcher) = &mut children.watcher {
        watcher.add(child.id());
    }
    Ok(child)
}

/// Takes note that a child is dead. Its id may be used again once it is waited for, so this comes
/// before.
pub(crate) fn forget(id: u32) {
    let mut children = lock();
    children.groups.remove(&id);
    if let Some(watcher) = &mut children.watcher {
        watcher.remove(id);
    }
}

fn lock() -> MutexGuard<'static, Children> {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}
