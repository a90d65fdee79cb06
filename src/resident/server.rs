//! The answering side, in the desktop app.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use interprocess::local_socket::traits::{ListenerExt as _, Stream as _};
use interprocess::local_socket::{GenericFilePath, Listener, ListenerOptions, Stream, ToFsName as _};

use super::{Error, Message, Reply, line};
use crate::paths::Paths;
use crate::storage::{make_private, private_file, private_folder};

// A client that connects and says nothing costs a thread for this long, and there can be so many of them.
const PATIENCE: Duration = Duration::from_secs(1);
const AT_ONCE: usize = 16;

/// The one app of this user, listening but not yet answering.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    socket: PathBuf,
    _instance: File,
}

impl Server {
    /// Becomes the one app of this user. A socket left behind by a crash is replaced.
    ///
    /// # Errors
    /// [`Error::AlreadyRunning`] when there is one, [`Error::Socket`] when the runtime folder cannot be used.
    pub fn bind(paths: &Paths) -> Result<Self, crate::Error> {
        let socket = paths.socket();
        let failed = |source| Error::Socket { path: socket.clone(), source };
        private_folder(&paths.runtime).map_err(failed)?;
        let instance = private_file(&paths.instance_lock()).map_err(failed)?;
        match instance.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::AlreadyRunning.into()),
            Err(TryLockError::Error(source)) => return Err(failed(source).into()),
        }
        // With the lock held, a socket that is there has no owner.
        match fs::remove_file(&socket) {
            Err(source) if socket.exists() => return Err(failed(source).into()),
            _ => {}
        }
        let name = socket.as_path().to_fs_name::<GenericFilePath>().map_err(failed)?;
        let listener = ListenerOptions::new().name(name).create_sync().map_err(failed)?;
        if socket.exists() {
            make_private(&socket).map_err(failed)?;
        }
        Ok(Self { listener, socket, _instance: instance })
    }

    /// Answers every message with `handler`, on threads of its own, until the process ends.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn serve(self, handler: impl Fn(Message) -> Reply + Send + Sync + 'static) -> Result<(), crate::Error> {
        let handler = Arc::new(handler);
        let path = self.socket.clone();
        let accept = move || {
            let Self { listener, _instance, .. } = self;
            let busy = Arc::new(AtomicUsize::new(0));
            for stream in listener.incoming() {
                match stream {
                    Ok(stream) => hand_over(stream, &handler, &busy),
                    // Out of file descriptors, most likely: without a pause this loop would eat a core.
                    Err(_) => thread::sleep(Duration::from_millis(50)),
                }
            }
        };
        thread::Builder::new()
            .name("resident-server".to_owned())
            .spawn(accept)
            .map(drop)
            .map_err(|source| Error::Socket { path, source }.into())
    }
}

fn hand_over<H>(stream: Stream, handler: &Arc<H>, busy: &Arc<AtomicUsize>)
where
    H: Fn(Message) -> Reply + Send + Sync + 'static,
{
    // Too many at once: the connection is dropped, and the client reads its end.
    if busy.load(Ordering::Acquire) >= AT_ONCE {
        return;
    }
    busy.fetch_add(1, Ordering::AcqRel);
    let place = Place(Arc::clone(busy));
    let handler = Arc::clone(handler);
    let _ = thread::Builder::new().name("resident-client".to_owned()).spawn(move || {
        let _place = place;
        let _ = converse(&stream, handler.as_ref());
    });
}

/// One of the places at the table, given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn converse(stream: &Stream, handler: &impl Fn(Message) -> Reply) -> io::Result<()> {
    // Named pipes have no time limits and say so; their clients are processes of the same user.
    let _ = stream.set_send_timeout(Some(PATIENCE));
    let reply = match line::read(Impatient { stream, deadline: Instant::now() + PATIENCE }) {
        Ok(message) => handler(message),
        Err(error) => Reply::Failed { message: error.to_string() },
    };
    line::write(stream, &reply)
}

/// Reads until a moment, however the bytes trickle in.
struct Impatient<'a> {
    stream: &'a Stream,
    deadline: Instant,
}

impl Read for Impatient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let _ = self.stream.set_recv_timeout(Some(left));
        let mut stream = self.stream;
        stream.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::error::ErrorCode;
    use crate::resident::client::send;

    fn paths(folder: &tempfile::TempDir) -> Paths {
        let inside = |name| folder.path().join(name);
        Paths { config: inside("config"), data: inside("data"), cache: inside("cache"), runtime: inside("run") }
    }

    fn served() -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let paths = paths(&folder);
        let shown = AtomicBool::new(false);
        let handler = move |message| match message {
            Message::Ping => Reply::pong(),
            Message::Settings { .. } | Message::Here(_) => Reply::Done,
            Message::Show => {
                shown.store(true, Ordering::Relaxed);
                Reply::Done
            }
            Message::Toggle if shown.load(Ordering::Relaxed) => Reply::Done,
            Message::Toggle => Reply::Failed { message: "not shown yet".to_owned() },
        };
        Server::bind(&paths).unwrap().serve(handler).unwrap();
        (folder, paths)
    }

    /// The client's limit is a person's patience, not a busy test machine's.
    fn ask(paths: &Paths, message: &Message) -> Result<Reply, ErrorCode> {
        let deadline = Instant::now() + 10 * PATIENCE;
        loop {
            match send(paths, message.clone()).map_err(|error| error.code()) {
                Err(ErrorCode::AppUnresponsive) if Instant::now() < deadline => {}
                outcome => return outcome,
            }
        }
    }

    fn connect(paths: &Paths) -> Stream {
        Stream::connect(paths.socket().to_fs_name::<GenericFilePath>().unwrap()).unwrap()
    }

    fn say(paths: &Paths, bytes: &[u8]) -> String {
        let stream = connect(paths);
        let _ = (&stream).write_all(bytes);
        let mut answer = String::new();
        let mut reader = BufReader::new(&stream);
        reader.read_line(&mut answer).unwrap();
        let mut rest = String::new();
        assert_eq!(reader.read_line(&mut rest).unwrap_or(0), 0, "the connection is closed after an answer");
        answer
    }

    #[test]
    fn messages_reach_the_handler_and_its_replies_come_back() {
        let (_folder, paths) = served();
        assert_eq!(ask(&paths, &Message::Ping), Ok(Reply::pong()));
        assert_eq!(ask(&paths, &Message::Toggle), Ok(Reply::Failed { message: "not shown yet".to_owned() }));
        assert_eq!(ask(&paths, &Message::Show), Ok(Reply::Done));
        assert_eq!(ask(&paths, &Message::Toggle), Ok(Reply::Done));
    }

    #[test]
    fn there_is_one_app_and_a_socket_without_one_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let paths = paths(&folder);
        assert_eq!(ask(&paths, &Message::Ping), Err(ErrorCode::AppNotRunning));
        let first = Server::bind(&paths).unwrap();
        assert_eq!(Server::bind(&paths).unwrap_err().code(), ErrorCode::AppAlreadyRunning);
        drop(first);
        // What a crash leaves behind.
        fs::write(paths.socket(), "").unwrap();
        assert_eq!(ask(&paths, &Message::Ping), Err(ErrorCode::AppNotRunning));
        Server::bind(&paths).unwrap().serve(|_| Reply::pong()).unwrap();
        assert_eq!(ask(&paths, &Message::Ping), Ok(Reply::pong()));
    }

    #[test]
    fn garbage_is_answered_and_the_connection_closed() {
        let (_folder, paths) = served();
        let long = [b"{\"message\":\"".as_slice(), &vec![b'x'; 20_000]].concat();
        for bytes in [b"garbage\n".as_slice(), b"\xff\0\n", b"{\"message\":\"shutdown\"}\n", b"[]\n", &long] {
            let answer = say(&paths, bytes);
            assert!(answer.contains("\"failed\""), "{:?}: {answer}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(ask(&paths, &Message::Ping), Ok(Reply::pong()));
    }

    #[test]
    fn a_client_that_says_nothing_blocks_nobody() {
        let (_folder, paths) = served();
        let silent: Vec<_> = (0..AT_ONCE - 1).map(|_| connect(&paths)).collect();
        assert_eq!(ask(&paths, &Message::Ping), Ok(Reply::pong()));
        let crowd: Vec<_> = (0..2 * AT_ONCE).map(|_| connect(&paths)).collect();
        // The silent are shown the door after a second, and there is room again.
        let deadline = Instant::now() + 10 * PATIENCE;
        while send(&paths, Message::Ping).is_err() {
            assert!(Instant::now() < deadline, "still crowded out");
        }
        drop((silent, crowd));
    }
}
