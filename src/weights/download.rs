//! Getting a model file: from the hub's own cache when it is there, else from the hub, going on where an earlier try ended.
//!
//! A download writes to `<id>.<sha256>.part`, unbuffered, so that whatever stops the process leaves what has come; only a file whose
//! SHA-256 is the one the hub named is renamed into its place.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ureq::http::Method;

use super::catalog::Entry;
use super::digest::sha256_of;
use super::error::Error;
use super::header::architecture;
use super::hub::{Hub, sha256_in};
use super::store::{Installed, Origin, Store};
use crate::net::{Call, Client, Fault, Head, Patience, Redirects, pause};
use crate::storage::{private_file, private_folder};

/// What is left free on the disk: a full one hurts more than a missing model.
const SPARE: u64 = 64 << 20;

/// What to get, from where, and how long to wait for it.
#[derive(Debug)]
pub struct Pull<'a> {
    /// The model.
    pub entry: &'a Entry,
    /// Where it is.
    pub hub: &'a Hub,
    /// How long to wait.
    pub patience: Patience,
    /// Set to stop. What has come is kept.
    pub cancel: &'a AtomicBool,
}

/// How far a pull is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is here already.
    Here,
    /// The hub's own tools have downloaded it.
    Cached,
    /// The download begins, or goes on.
    Begun {
        /// What came earlier.
        from: u64,
        /// The whole.
        size: u64,
    },
    /// More has come.
    Came {
        /// What is here.
        done: u64,
        /// The whole.
        size: u64,
    },
    /// It went wrong and is tried again.
    Again {
        /// What went wrong.
        why: String,
        /// How long is waited first.
        wait: Duration,
    },
    /// All is here and is compared with the hub's SHA-256.
    Checking,
}

/// Whoever wants to know how far a pull is.
type Listener<'a> = dyn FnMut(Step) + 'a;

/// What the hub says a file is.
struct Offer {
    size: u64,
    sha256: String,
}

impl Store {
    /// Gets a model and records it. `progress` hears of every step, many times a second.
    ///
    /// # Errors
    /// When it cannot be had, is not what the hub says, or is no model that can be run.
    pub fn pull(&self, pull: &Pull<'_>, progress: &mut Listener<'_>) -> Result<Installed, Error> {
        let Pull { entry, hub, cancel, .. } = *pull;
        private_folder(self.folder()).map_err(Error::file(self.folder()))?;
        let _lock = lock(&self.lock_file(&entry.id), &entry.id)?;
        if let Some(here) = self.find(&entry.id).ok().filter(Installed::is_there) {
            progress(Step::Here);
            return Ok(here);
        }
        if let Some(cached) = hub.cached(entry) {
            match self.take(entry, cached, cancel) {
                Err(Error::Hub(Fault::Cancelled)) => return Err(Fault::Cancelled.into()),
                // A cache that is damaged is no reason to have no model.
                Err(_) => {}
                Ok(taken) => {
                    progress(Step::Cached);
                    return Ok(taken);
                }
            }
        }
        let client = Client::new(pull.patience, hub.proxy.as_ref());
        let offer = retrying(pull, progress, &mut |_| offer(&client, pull))?;
        let file = self.model_file(&entry.id);
        let part = self.part_file(&entry.id, &offer.sha256);
        self.delete_parts(&entry.id, Some(&part))?;
        if file.exists() {
            // Its record is lost. What it is, its hash will say.
            fs::rename(&file, &part).map_err(Error::file(&file))?;
        }
        self.fill(&client, pull, &offer, &part, progress)?;
        progress(Step::Checking);
        let found = sha256_of(&part, cancel, &mut |_| {})?;
        if found != offer.sha256 {
            fs::remove_file(&part).map_err(Error::file(&part))?;
            return Err(Error::Spoiled { id: entry.id.clone(), known: offer.sha256, found });
        }
        let architecture = architecture(&part)?;
        fs::rename(&part, &file).map_err(Error::file(&file))?;
        let Offer { size, sha256 } = offer;
        self.keep(Installed {
            id: entry.id.clone(),
            path: file,
            size,
            sha256,
            origin: Origin::Downloaded,
            architecture,
        })
    }

    /// Downloads what `part` lacks.
    fn fill(
        &self,
        client: &Client,
        pull: &Pull<'_>,
        offer: &Offer,
        part: &Path,
        progress: &mut Listener<'_>,
    ) -> Result<(), Error> {
        let mut target = private_file(part).map_err(Error::file(part))?;
        let mut have = target.metadata().map_err(Error::file(part))?.len();
        if have > offer.size {
            target.set_len(0).map_err(Error::file(part))?;
            have = 0;
        }
        let needed = offer.size - have;
        // Where the system does not tell, the write will.
        if let Some(left) = fs4::available_space(self.folder()).ok().filter(|left| *left < needed.saturating_add(SPARE))
        {
            return Err(Error::DiskFull { folder: self.folder().to_owned(), needed, left: Some(left) });
        }
        progress(Step::Begun { from: have, size: offer.size });
        let filled =
            retrying(pull, progress, &mut |progress| stream(client, pull, offer, (&mut target, part), progress));
        match filled {
            // What such a server sent is not worth going on with; what came earlier may be the most of a good file.
            Err(Error::Hub(Fault::Garbled { .. })) if have == 0 => {
                let _ = fs::remove_file(part);
            }
            Err(Error::File { ref source, .. }) if is_full(source) => {
                return Err(Error::DiskFull { folder: self.folder().to_owned(), needed, left: None });
            }
            _ => {}
        }
        filled?;
        target.sync_all().map_err(Error::file(part))
    }
}

/// Tries as often as patience has it. A try that got further than all before it is no failure to count: a long download over a bad
/// line gets there, and one from a server that always begins again and never ends does not go on for ever.
fn retrying<T>(
    pull: &Pull<'_>,
    progress: &mut Listener<'_>,
    attempt: &mut dyn FnMut(&mut Listener<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut failed = 0;
    let mut furthest = 0;
    loop {
        let mut further = false;
        let result = attempt(&mut |step| {
            if let Step::Came { done, .. } = step
                && done > furthest
            {
                furthest = done;
                further = true;
            }
            progress(step);
        });
        let fault = match result {
            Err(Error::Hub(fault)) => fault,
            other => return other,
        };
        failed = if further { 1 } else { failed + 1 };
        let Some(wait) = pull.patience.wait_after(failed, &fault) else { return Err(fault.into()) };
        progress(Step::Again { why: fault.to_string(), wait });
        pause(wait, pull.cancel)?;
    }
}

fn call(pull: &Pull<'_>, method: Method, redirects: Redirects) -> Call {
    Call {
        method,
        url: pull.hub.address(pull.entry),
        headers: vec![("accept-encoding", "identity".to_owned())],
        secret: pull.hub.token.clone(),
        body: None,
        redirects,
    }
}

/// Asks the hub what the file is. The hub sends on to where the bytes are, and only its own answer names the SHA-256.
fn offer(client: &Client, pull: &Pull<'_>) -> Result<Offer, Error> {
    let (head, _) = client.send(call(pull, Method::HEAD, Redirects::Relative), pull.cancel)?;
    if let Some(fault) = head.fault() {
        return Err(fault.into());
    }
    let odd = |what: &str| Fault::Garbled { host: head.host.clone(), what: what.to_owned() };
    let sha256 = head
        .text("x-linked-etag")
        .or_else(|| head.text("etag"))
        .and_then(sha256_in)
        .ok_or_else(|| odd("it names no SHA-256 for the file"))?;
    let size = head
        .number("x-linked-size")
        .or_else(|| (head.status == 200).then(|| head.number("content-length")).flatten())
        .filter(|size| *size > 0)
        .ok_or_else(|| odd("it names no size for the file"))?;
    match &pull.entry.sha256 {
        Some(known) if *known != sha256 => Err(Error::Substituted {
            host: head.host.clone(),
            file: pull.entry.file.clone(),
            known: known.clone(),
            found: sha256,
        }),
        _ => Ok(Offer { size, sha256 }),
    }
}

/// One request, as far as it gets.
fn stream(
    client: &Client,
    pull: &Pull<'_>,
    offer: &Offer,
    (target, part): (&mut File, &Path),
    progress: &mut Listener<'_>,
) -> Result<(), Error> {
    let size = offer.size;
    let mut have = target.metadata().map_err(Error::file(part))?.len();
    if have == size {
        return Ok(());
    }
    let mut call = call(pull, Method::GET, Redirects::Anywhere);
    if have > 0 {
        call.headers.push(("range", format!("bytes={have}-")));
    }
    let (head, rest) = client.send(call, pull.cancel)?;
    if let Some(fault) = head.fault() {
        return Err(fault.into());
    }
    have = begin(&head, have, size)?;
    target.set_len(have).map_err(Error::file(part))?;
    target.seek(SeekFrom::Start(have)).map_err(Error::file(part))?;
    while let Some(bytes) = rest.next(pull.cancel)? {
        let after = have + bytes.len() as u64;
        if after > size {
            let what = format!("it sends more than the {size} bytes it announced");
            return Err(Fault::Garbled { host: head.host, what }.into());
        }
        target.write_all(&bytes).map_err(Error::file(part))?;
        have = after;
        progress(Step::Came { done: have, size });
    }
    if have < size {
        return Err(Fault::Cut { host: head.host, reason: format!("{have} of {size} bytes have come") }.into());
    }
    Ok(())
}

/// Where in the file the answer begins: where it was asked for, or at the start when the server knows no ranges.
fn begin(head: &Head, have: u64, size: u64) -> Result<u64, Fault> {
    let odd = |what: String| Fault::Garbled { host: head.host.clone(), what };
    let from = if head.status == 206 {
        let range = head.text("content-range").unwrap_or_default();
        if !range.starts_with(&format!("bytes {have}-")) || !range.ends_with(&format!("/{size}")) {
            return Err(odd(format!("it was asked for what follows byte {have} of {size} and sends {range:?}")));
        }
        have
    } else {
        0
    };
    match head.number("content-length") {
        Some(length) if length != size - from => {
            Err(odd(format!("it announced {size} bytes and now says {}", from.saturating_add(length))))
        }
        _ => Ok(from),
    }
}

fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Takes the lock of a model, which says who holds it. The file stays: deleting it would let two hold it.
fn lock(path: &Path, id: &str) -> Result<File, Error> {
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(Error::file(path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Not readable where locks are mandatory; the number is a courtesy.
            let _ = file.read_to_string(&mut holder);
            return Err(Error::Taken { id: id.to_owned(), pid: holder.trim().parse().ok() });
        }
        Err(TryLockError::Error(error)) => return Err(Error::file(path)(error)),
    }
    let written = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
    written.map_err(Error::file(path))?;
    Ok(file)
}
