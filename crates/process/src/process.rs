//! A child process that reads and writes lines, or a service that answers over a network; neither
//! can block or outlive its caller.
//!
//! Three threads stand between the caller and the pipes, so a child that stops reading, floods a
//! pipe or never ends a line costs no more than the deadline. They are never joined: each ends when
//! its pipe closes, and the pipes close when the process group is killed.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::activity::Activity;
use crate::children;
use crate::descendants::{Tag, kill_group};

/// The longest line that is read, in octets: the bound of the shim protocol.
pub const MAX_LINE: usize = 1 << 20;
/// How much of the end of stderr is kept, in octets.
const STDERR_TAIL: usize = 8 << 10;
/// Lines read ahead of the caller. It bounds the memory a flood can take to 64 MiB.
const READ_AHEAD: usize = 64;
/// How long a pipe may stay open after the death of the process.
const DRAIN_GRACE: Duration = Duration::from_millis(200);

/// What came from the child's stdout.
#[derive(Debug)]
pub enum Output {
    /// A line, without its line feed.
    Line(Vec<u8>),
    /// More than [`MAX_LINE`] octets without a line feed.
    TooLong,
    /// stdout is closed.
    Closed,
    /// Nothing came until the deadline.
    TimedOut,
}

/// A running child.
#[derive(Debug)]
pub struct Process {
    child: Child,
    tag: Tag,
    /// `None` once stdin is closed.
    stdin: Option<Sender<Vec<u8>>>,
    stdout: Receiver<Output>,
    stderr: Arc<Mutex<VecDeque<u8>>>,
    /// Disconnects when stderr is closed.
    stderr_closed: Receiver<()>,
    /// The ids of the threads that write its stdin and read its stdout, where they have any.
    carriers: Arc<Mutex<Vec<u32>>>,
    status: Option<ExitStatus>,
    /// Whether it and its descendants were killed.
    is_ended: bool,
}

impl Process {
    /// Starts a command in a process group of its own.
    ///
    /// # Errors
    /// The operating system's, where the program or the threads that carry its lines cannot be started;
    /// there is no process then. None is started after [`interrupt`](crate::interrupt).
    pub fn start(mut command: Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let tag = Tag::set_on(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = children::spawn(&mut command)?;

        let (stdin, writes) = mpsc::channel();
        let (lines, stdout) = mpsc::sync_channel(READ_AHEAD);
        let (closing, stderr_closed) = mpsc::channel();
        let mut process = Self {
            child,
            tag,
            stdin: Some(stdin),
            stdout,
            stderr: Arc::default(),
            stderr_closed,
            carriers: Arc::default(),
            status: None,
            is_ended: false,
        };
        // If one of them cannot be started, what was started ends with `process`.
        process.carry(writes, lines, closing)?;
        Ok(process)
    }

    /// Starts the threads between the caller and the pipes.
    fn carry(
        &mut self,
        writes: Receiver<Vec<u8>>,
        lines: SyncSender<Output>,
        closing: Sender<()>,
    ) -> io::Result<()> {
        if let Some(pipe) = self.child.stdin.take() {
            let carriers = Arc::clone(&self.carriers);
            start_thread(move || {
                add_this_thread(&carriers);
                write_all(pipe, &writes);
            })?;
        }
        if let Some(pipe) = self.child.stdout.take() {
            let carriers = Arc::clone(&self.carriers);
            start_thread(move || {
                add_this_thread(&carriers);
                read_lines(pipe, &lines);
            })?;
        }
        if let Some(pipe) = self.child.stderr.take() {
            let tail = Arc::clone(&self.stderr);
            start_thread(move || {
                keep_tail(pipe, &tail);
                drop(closing);
            })?;
        }
        Ok(())
    }

    /// Starts a service in a process group of its own: it reads nothing, and whatever it writes to
    /// stdout or stderr ends in [`Process::stderr_tail`].
    ///
    /// # Errors
    /// The operating system's, where the program cannot be started.
    pub fn start_service(command: Command) -> io::Result<Self> {
        let mut service = Self::start(command)?;
        service.stdin = None;
        let (_, unread) = mpsc::channel();
        let lines = std::mem::replace(&mut service.stdout, unread);
        let tail = Arc::clone(&service.stderr);
        start_thread(move || {
            for output in lines {
                if let Output::Line(mut line) = output {
                    line.push(b'\n');
                    extend(&tail, &line);
                }
            }
        })?;
        Ok(service)
    }

    /// The id of the child.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What the child and the rest of its process group did with their time so far, together with
    /// the threads that carry its lines; `None` where the system does not show it, and once the
    /// group is empty.
    pub fn activity(&self) -> Option<Activity> {
        let carriers = self.carriers.lock().unwrap_or_else(PoisonError::into_inner);
        Activity::of(self.child.id(), &carriers)
    }

    /// Queues octets for the child's stdin. Whether the child still reads them shows in its answers.
    pub fn write(&self, octets: Vec<u8>) {
        if let Some(stdin) = &self.stdin {
            // The writer is gone when the child has closed its stdin; the next read shows that.
            let _ = stdin.send(octets);
        }
    }

    /// The next thing from stdout, waiting for it until `deadline`.
    pub fn read(&self, deadline: Instant) -> Output {
        match self.stdout.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(output) => output,
            Err(RecvTimeoutError::Timeout) => Output::TimedOut,
            Err(RecvTimeoutError::Disconnected) => Output::Closed,
        }
    }

    /// Closes the child's stdin, once what is queued for it is written.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Closes stdin, gives the child until `deadline` to exit, and kills whatever is left of it and
    /// its descendants. Returns how the child exited; `None` where it did not by itself.
    pub fn end(&mut self, deadline: Instant) -> Option<ExitStatus> {
        self.close_stdin();
        // stdout is read on, so that the child cannot hang on a full pipe.
        while Instant::now() < deadline && matches!(self.read(deadline), Output::Line(_)) {}
        while self.exited().is_none() && Instant::now() < deadline {
            thread::park_timeout(Duration::from_millis(1));
        }
        let by_itself = self.status;
        self.kill();
        by_itself
    }

    /// How the child exited, if it has: its stdout may be held open by children of its own.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = exited(&mut self.child);
        }
        self.status
    }

    /// Kills the child and its descendants at once.
    pub fn kill(&mut self) {
        self.stdin = None;
        if self.is_ended {
            return;
        }
        self.is_ended = true;
        // Until it is waited for, no other process group can have its id.
        kill_group(self.child.id());
        let _ = self.child.kill();
        self.tag.kill_tagged();
        children::forget(self.child.id());
        let status = self.child.wait().ok();
        self.status = self.status.or(status);
    }

    /// The end of what the child wrote to stderr; complete once the child is dead.
    pub fn stderr_tail(&self) -> Vec<u8> {
        if self.status.is_some() {
            let _ = self.stderr_closed.recv_timeout(DRAIN_GRACE);
        }
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Also where the child has exited by itself: it may have left something behind.
        self.kill();
    }
}

/// How a child exited, if it has. It is not waited for, so that its id stays taken.
#[cfg(unix)]
fn exited(child: &mut Child) -> Option<ExitStatus> {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let id = WaitId::Pid(Pid::from_raw(i32::try_from(child.id()).ok()?)?);
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let status = waitid(id, options).ok()??;
    let dumped = if status.dumped() { CORE_DUMPED } else { 0 };
    let signal = || status.terminating_signal().map(|signal| signal | dumped);
    status.exit_status().map(|code| (code & 0xff) << 8).or_else(signal).map(ExitStatus::from_raw)
}

#[cfg(not(unix))]
fn exited(child: &mut Child) -> Option<ExitStatus> {
    child.try_wait().ok().flatten()
}

/// The bit of a wait status that says that there is a core dump.
#[cfg(unix)]
const CORE_DUMPED: i32 = 0x80;

/// Starts a thread that ends with a pipe.
fn start_thread(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().spawn(work).map(drop)
}

/// Adds the id of the calling thread, where the system shows it.
fn add_this_thread(threads: &Mutex<Vec<u32>>) {
    let this = fs::read_link("/proc/thread-self").ok();
    let id: Option<u32> = this.and_then(|this| this.file_name()?.to_str()?.parse().ok());
    threads.lock().unwrap_or_else(PoisonError::into_inner).extend(id);
}

fn write_all(mut pipe: impl Write, writes: &Receiver<Vec<u8>>) {
    for octets in writes {
        if pipe.write_all(&octets).and_then(|()| pipe.flush()).is_err() {
            return;
        }
    }
}

fn read_lines(pipe: impl Read, lines: &SyncSender<Output>) {
    let mut pipe = BufReader::with_capacity(64 << 10, pipe);
    loop {
        let mut line = Vec::new();
        let read = pipe.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line);
        let ended = line.pop_if(|&mut last| last == b'\n').is_some();
        let output = match read {
            Ok(_) if ended => Output::Line(line),
            Ok(_) if line.len() > MAX_LINE => Output::TooLong,
            // The end of the stream; what was written of an unfinished line is no answer.
            Ok(_) | Err(_) => return,
        };
        let last = matches!(output, Output::TooLong);
        if lines.send(output).is_err() || last {
            return;
        }
    }
}

fn keep_tail(mut pipe: impl Read, tail: &Mutex<VecDeque<u8>>) {
    let mut block = [0; 4096];
    while let Ok(read @ 1..) = pipe.read(&mut block) {
        extend(tail, &block[..read]);
    }
}

fn extend(tail: &Mutex<VecDeque<u8>>, octets: &[u8]) {
    let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
    tail.extend(octets);
    let surplus = tail.len().saturating_sub(STDERR_TAIL);
    tail.drain(..surplus);
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn start(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(command).unwrap()
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(300)
    }

    #[test]
    fn a_child_that_ends_says_how() {
        let mut child = start("echo one; echo two >&2; read line; echo $line; exit 7");
        let deadline = Instant::now() + Duration::from_secs(10);
        assert!(matches!(child.read(deadline), Output::Line(line) if line == b"one"));
        child.write(b"three\n".to_vec());
        assert!(matches!(child.read(deadline), Output::Line(line) if line == b"three"));
        assert_eq!(child.end(deadline).and_then(|status| status.code()), Some(7));
        assert_eq!(child.stderr_tail(), b"two\n");
    }

    #[test]
    fn a_child_that_floods_ends_at_the_deadline() {
        let mut child = start("while :; do echo flood; echo flood >&2; done");
        assert_eq!(child.end(soon()), None);
        let tail = child.stderr_tail();
        assert_eq!(tail.len(), STDERR_TAIL);
        assert!(tail.ends_with(b"flood\n"));
    }

    #[test]
    fn what_is_written_to_a_child_that_does_not_read_blocks_nobody() {
        let mut child = start("while :; do :; done");
        child.write(vec![b'x'; 8 << 20]);
        assert!(matches!(child.read(soon()), Output::TimedOut));
        child.kill();
    }

    #[test]
    fn a_grandchild_that_keeps_stdout_open_dies_too() {
        let mut child = start("(while :; do :; done) & exit 0");
        assert_eq!(child.end(soon()).and_then(|status| status.code()), Some(0));
        let deadline = Instant::now() + Duration::from_secs(10);
        assert!(matches!(child.read(deadline), Output::Closed));
    }

    #[test]
    fn the_status_of_a_child_is_known_before_it_is_waited_for() {
        let deadline = Instant::now() + Duration::from_secs(10);
        for (script, shown) in [("exit 3", "exit status: 3"), ("kill -9 $$", "signal: 9 (SIGKILL)")]
        {
            let mut child = start(script);
            while child.exited().is_none() && Instant::now() < deadline {
                assert!(matches!(child.read(soon()), Output::Closed));
            }
            assert_eq!(child.exited().unwrap().to_string(), shown);
            assert_eq!(child.end(deadline).unwrap().to_string(), shown);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_child_that_has_exited_left_behind_dies_with_it() {
        let mut child = start("setsid sh -c 'echo $$; while :; do sleep 1; done' & wait; exit 0");
        let deadline = Instant::now() + Duration::from_secs(10);
        let Output::Line(id) = child.read(deadline) else { panic!("there is no id") };
        let daemon = format!("/proc/{}", String::from_utf8(id).unwrap());
        // The child itself ends, and somebody asks for its status.
        kill_group(child.id());
        while child.exited().is_none() && Instant::now() < deadline {
            assert!(matches!(child.read(soon()), Output::TimedOut));
        }
        assert!(fs::exists(&daemon).unwrap());
        drop(child);
        let is_alive = || fs::read(format!("{daemon}/cmdline")).is_ok_and(|it| !it.is_empty());
        while is_alive() && Instant::now() < deadline {
            thread::park_timeout(Duration::from_millis(1));
        }
        assert!(!is_alive());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_busy_child_and_one_that_sleeps_differ() {
        let busy = start("(while :; do :; done)");
        let idle = start("read line");
        let begin = [busy.activity().unwrap(), idle.activity().unwrap()];
        // The child of the child counts, too, however small the share of the processor it gets.
        let used = |child: &Process, begin: &Activity| {
            let now = child.activity().unwrap();
            now.busiest_since(begin) + now.waiting_since(begin)
        };
        let deadline = Instant::now() + Duration::from_secs(60);
        while used(&busy, &begin[0]) < Duration::from_millis(300) && Instant::now() < deadline {
            assert!(matches!(busy.read(soon()), Output::TimedOut));
        }
        assert!(used(&busy, &begin[0]) >= Duration::from_millis(300));
        // It runs no longer than it takes to start and to open a pipe.
        let now = idle.activity().unwrap();
        assert!(now.busiest_since(&begin[1]) < Duration::from_millis(250), "{now:?}");
    }

    #[test]
    fn a_line_cut_short_by_death_is_no_line() {
        let child = start("printf '{\"id\":1,'");
        let deadline = Instant::now() + Duration::from_secs(10);
        assert!(matches!(child.read(deadline), Output::Closed));
    }
}
