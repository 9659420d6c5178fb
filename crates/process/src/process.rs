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
use crate::descendants::Tag;

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
}

impl Process {
    /// Starts a command in a process group of its own.
    ///
    /// # Errors
    /// The operating system's, where the program cannot be started.
    pub fn start(mut command: Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let tag = Tag::set_on(&mut command);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;

        let (stdin, writes) = mpsc::channel();
        let (lines, stdout) = mpsc::sync_channel(READ_AHEAD);
        let (closing, stderr_closed) = mpsc::channel();
        let stderr = Arc::new(Mutex::new(VecDeque::new()));
        let carriers = Arc::new(Mutex::new(Vec::new()));
        if let Some(pipe) = child.stdin.take() {
            let carriers = Arc::clone(&carriers);
            thread::spawn(move || {
                add_this_thread(&carriers);
                write_all(pipe, &writes);
            });
        }
        if let Some(pipe) = child.stdout.take() {
            let carriers = Arc::clone(&carriers);
            thread::spawn(move || {
                add_this_thread(&carriers);
                read_lines(pipe, &lines);
            });
        }
        if let Some(pipe) = child.stderr.take() {
            let tail = Arc::clone(&stderr);
            thread::spawn(move || {
                keep_tail(pipe, &tail);
                drop(closing);
            });
        }
        let stdin = Some(stdin);
        Ok(Self { child, tag, stdin, stdout, stderr, stderr_closed, carriers, status: None })
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
        thread::spawn(move || {
            for output in lines {
                if let Output::Line(mut line) = output {
                    line.push(b'\n');
                    extend(&tail, &line);
                }
            }
        });
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
            self.status = self.child.try_wait().ok().flatten();
        }
        self.status
    }

    /// Kills the child and its descendants at once.
    pub fn kill(&mut self) {
        self.stdin = None;
        kill_group(&mut self.child);
        self.tag.kill_tagged();
        if self.status.is_none() {
            self.status = self.child.wait().ok();
        }
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
        if self.status.is_none() {
            self.kill();
        }
    }
}

#[cfg(unix)]
fn kill_group(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // An error means that the group is empty already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
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
