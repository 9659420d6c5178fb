//! A process that ends the children of this one if this one dies before it has done so: nothing else
//! can do that after a SIGKILL.
//!
//! It reads a pipe that this process keeps open, on which it is told the process groups that there
//! are. The end of the pipe is the end of this process, however that came about.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::descendants::{Tag, kill_group};

/// How long after the first look there is another one, for a child that was about to run its program
/// when its parent died.
const SECOND_LOOK: Duration = Duration::from_millis(50);

/// The running watcher.
#[derive(Debug)]
pub(crate) struct Watcher {
    process: Child,
}

impl Watcher {
    /// Starts it; the command has to call [`watch`] with the tag, which is added as its last argument.
    pub(crate) fn start(mut command: Command, tag: &Tag) -> io::Result<Self> {
        // What ends this process, such as Ctrl-C, is not to end the watcher.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.arg(tag.text()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { process: command.spawn()? })
    }

    /// Tells it of a process group that has to be ended, if it is not ended before.
    pub(crate) fn add(&mut self, group: u32) {
        self.tell(&format!("+{group}\n"));
    }

    /// Tells it that a process group is ended.
    pub(crate) fn remove(&mut self, group: u32) {
        self.tell(&format!("-{group}\n"));
    }

    fn tell(&mut self, line: &str) {
        if let Some(pipe) = &mut self.process.stdin {
            // Without a watcher, everything but SIGKILL ends the children as well.
            let _ = pipe.write_all(line.as_bytes());
        }
    }
}

/// The work of a watcher, in a process of its own: waits until the end of stdin, and kills every process
/// group that it was told of, and every process with this tag.
pub fn watch(tag: &str) {
    let mut groups = BTreeSet::new();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        match line.split_at_checked(1).and_then(|(sign, id)| Some((sign, id.parse().ok()?))) {
            Some(("+", group)) => _ = groups.insert(group),
            Some(("-", group)) => _ = groups.remove(&group),
            _ => {}
        }
    }
    groups.into_iter().for_each(kill_group);
    let tag = Tag::from_text(tag);
    tag.kill_tagged();
    thread::sleep(SECOND_LOOK);
    tag.kill_tagged();
}
