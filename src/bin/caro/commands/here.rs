//! Tells the running app in which folder a shell is. Called by the shell itself, after each change of folder.

use std::env;

use caro::Error;
use caro::paths::Paths;
use caro::resident::{self, Message, Place, client};

use crate::status::{Failure, Status};

pub(crate) fn run(pid: u32, tty: Option<String>) -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(Error::NoHome)?;
    let folder = env::current_dir().map_err(Failure::Input)?;
    match client::send(&paths, Message::Here(Place { pid, tty, folder })) {
        // Nobody to tell is no failure: the app may be started later, and asks the system where it can.
        Ok(_) | Err(Error::Resident(resident::Error::NotRunning)) => Ok(Status::Answer),
        Err(error) => Err(error.into()),
    }
}
