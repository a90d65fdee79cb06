//! Shows or hides the popup of the running app.

use caro::paths::Paths;
use caro::resident::{Error, Message, Reply, client};

use crate::status::{Failure, Status};

pub(crate) fn run() -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(caro::Error::NoHome)?;
    match client::send(&paths, Message::Toggle)? {
        Reply::Done => Ok(Status::Answer),
        Reply::Failed { message } => Err(caro::Error::from(Error::Declined { message }).into()),
        Reply::Pong { .. } => {
            let reason = "a pong to a toggle".to_owned();
            Err(caro::Error::from(Error::Garbled { reason }).into())
        }
    }
}
