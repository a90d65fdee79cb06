//! The asking side.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use interprocess::local_socket::traits::Stream as _;
use interprocess::local_socket::{GenericFilePath, Stream, ToFsName as _};

use super::{Error, Message, Reply, line};
use crate::paths::Paths;

// A person who pressed a key waits for this; the app answers in about a millisecond.
const LIMIT: Duration = Duration::from_millis(300);

/// Says one thing to the running app and returns its answer, in 300 ms or never.
///
/// # Errors
/// When the app is not running, does not answer in time, or answers in no known form.
pub fn send(paths: &Paths, message: Message) -> Result<Reply, crate::Error> {
    let socket = paths.socket();
    let (answered, answer) = sync_channel(1);
    // Named pipes know no time limit, so the talk has a thread of its own, which ends with the process at the latest.
    let place = socket.clone();
    let talk = move || {
        let _ = answered.send(talk(&place, &message));
    };
    let failed = |source| Error::Socket { path: socket.clone(), source };
    thread::Builder::new().name("resident-client".to_owned()).spawn(talk).map_err(failed)?;
    let reply = answer.recv_timeout(LIMIT).map_err(|_| Error::Unresponsive)?;
    Ok(reply.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotADirectory => Error::NotRunning,
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Error::Garbled { reason: error.to_string() },
        _ => failed(error),
    })?)
}

fn talk(socket: &std::path::Path, message: &Message) -> io::Result<Reply> {
    let stream = Stream::connect(socket.to_fs_name::<GenericFilePath>()?)?;
    line::write(&stream, message)?;
    line::read(&stream)
}
