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
