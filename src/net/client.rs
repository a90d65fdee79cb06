//! One request on a thread of its own, so that whoever waits for it can stop waiting.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Method, Request, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::{Fault, GLANCE, Patience, Proxy, Secret};

const MOST_HOPS: usize = 10;
const PIECE: usize = 128 * 1024;

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// For the server of `url` alone.
    pub(crate) secret: Option<Secret>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) redirects: Redirects,
}

/// Where a call may be sent on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirects {
    /// Anywhere; the secret stays behind.
    Anywhere,
    /// Where a path of the same server is given, as for what was renamed. A whole address is the answer.
    Relative,
    /// Nowhere.
    Nowhere,
}

/// The beginning of an answer.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) host: String,
    path: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
}

impl Head {
    /// A header that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    /// A header that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// The status when it is a failure. A redirect that was not followed is none.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let host = self.host.clone();
        match self.status {
            200..=399 => None,
            status @ (401 | 403) => Some(Fault::Denied { host, status }),
            404 | 410 => Some(Fault::Absent { host, path: self.path.clone() }),
            // A date instead of seconds is allowed and not sent by anybody we talk to.
            429 => Some(Fault::Busy { host, wait: self.number("retry-after").map(Duration::from_secs) }),
            status => Some(Fault::Failed { host, status }),
        }
    }
}

/// Sends calls.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
    patience: Patience,
}

impl Client {
    pub(crate) fn new(patience: Patience, proxy: Option<&Proxy>) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here, where it is known whom the secret is for.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.map(|proxy| proxy.0.clone()))
            .tls_config(tls)
            .user_agent(concat!("caro/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(patience.connect))
            .timeout_connect(Some(patience.connect))
            .timeout_recv_response(Some(patience.silence))
            .timeout_per_read(Some(patience.silence))
            .timeout_per_write(Some(patience.silence))
            .build();
        Self { agent: config.new_agent(), patience }
    }

    /// Sends the call and waits for the beginning of the answer.
    pub(crate) fn send(&self, call: Call, cancel: &AtomicBool) -> Result<(Head, Rest), Fault> {
        let (tell, pieces) = sync_channel(4);
        let agent = self.agent.clone();
        let patience = self.patience;
        let host = call.url.parse().map(|uri| host(&uri)).unwrap_or_default();
        let worker = thread::Builder::new().name("caro-net".to_owned()).spawn(move || {
            if let Err(fault) = talk(&agent, &call, patience.silence, &tell) {
                // Nobody listens any more when they cancelled.
                let _ = tell.send(Err(fault));
            }
        });
        if let Err(error) = worker {
            return Err(Fault::Offline { host, reason: error.to_string() });
        }
        // The worker keeps to its own limits; this one is for what they do not cover, such as a resolver that hangs.
        let rest = Rest { pieces, host, longest: (patience.connect + patience.silence) * 2, after: patience.silence };
        match rest.wait(cancel)? {
            Some(Piece::Head(head)) => Ok((*head, rest)),
            Some(Piece::Bytes(_)) | None => unreachable!("the worker begins with the head"),
        }
    }
}

/// The rest of an answer. Dropping it ends the connection.
#[derive(Debug)]
pub(crate) struct Rest {
    pieces: Receiver<Result<Piece, Fault>>,
    host: String,
    longest: Duration,
    after: Duration,
}

#[derive(Debug)]
enum Piece {
    Head(Box<Head>),
    Bytes(Vec<u8>),
}

impl Rest {
    /// The next bytes, as they come; `None` at the end.
    pub(crate) fn next(&self, cancel: &AtomicBool) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.wait(cancel)?.map(|piece| match piece {
            Piece::Bytes(bytes) => bytes,
            Piece::Head(_) => unreachable!("there is one head"),
        }))
    }

    fn wait(&self, cancel: &AtomicBool) -> Result<Option<Piece>, Fault> {
        let start = Instant::now();
        loop {
            if cancel.load(Ordering::Relaxed) {
                return Err(Fault::Cancelled);
            }
            match self.pieces.recv_timeout(GLANCE) {
                Ok(piece) => return piece.map(Some),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if start.elapsed() > self.longest => {
                    return Err(Fault::Silent { host: self.host.clone(), after: self.after });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// Everything the worker does. Ends early when nobody listens any more.
fn talk(agent: &Agent, call: &Call, silence: Duration, tell: &SyncSender<Result<Piece, Fault>>) -> Result<(), Fault> {
    let (uri, response) = follow(agent, call, silence)?;
    let host = host(&uri);
    let (parts, body) = response.into_parts();
    let head =
        Head { host: host.clone(), path: uri.path().to_owned(), status: parts.status.as_u16(), headers: parts.headers };
    if tell.send(Ok(Piece::Head(Box::new(head)))).is_err() {
        return Ok(());
    }
    let mut body = body.into_with_config().limit(u64::MAX).reader();
    loop {
        let mut bytes = vec![0; PIECE];
        let read = body.read(&mut bytes).map_err(|error| match ureq::Error::from(error) {
            ureq::Error::Timeout(_) => Fault::Silent { host: host.clone(), after: silence },
            error => Fault::Cut { host: host.clone(), reason: words(&error) },
        })?;
        bytes.truncate(read);
        if read == 0 || tell.send(Ok(Piece::Bytes(bytes))).is_err() {
            return Ok(());
        }
    }
}

fn follow(agent: &Agent, call: &Call, silence: Duration) -> Result<(Uri, Response<Body>), Fault> {
    let odd = |uri: &Uri, what: &str| Fault::Garbled { host: host(uri), what: what.to_owned() };
    let mut uri: Uri =
        call.url.parse().map_err(|_| Fault::Garbled { host: call.url.clone(), what: "it is no address".to_owned() })?;
    let server = server(&uri).ok_or_else(|| odd(&uri, "its address is none of HTTP"))?;
    let mut at_home = true;
    for _ in 0..MOST_HOPS {
        let response = hop(agent, call, &uri, at_home).map_err(|error| explain(&uri, silence, &error))?;
        if !response.status().is_redirection() || call.redirects == Redirects::Nowhere {
            return Ok((uri, response));
        }
        let location = response.headers().get("location").and_then(|value| value.to_str().ok());
        if location.is_some_and(is_whole) && call.redirects == Redirects::Relative {
            return Ok((uri, response));
        }
        let next = location
            .and_then(|location| resolve(&uri, location))
            .ok_or_else(|| odd(&uri, "it sends elsewhere without saying where"))?;
        let next_server = self::server(&next).ok_or_else(|| odd(&uri, "it sends to what is no web server"))?;
        if uri.scheme_str() == Some("https") && next.scheme_str() != Some("https") {
            return Err(odd(&uri, "it sends from a private connection to an open one"));
        }
        // Once gone, a secret does not come back: whoever sent us here may have made up the rest of the address.
        at_home &= next_server == server;
        uri = next;
    }
    Err(odd(&uri, "it sends from one place to the next without end"))
}

fn hop(agent: &Agent, call: &Call, uri: &Uri, at_home: bool) -> Result<Response<Body>, ureq::Error> {
    let mut request = Request::builder().method(call.method.clone()).uri(uri.clone());
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    if let Some(secret) = call.secret.as_ref().filter(|_| at_home && is_private(uri)) {
        request = request.header("authorization", format!("Bearer {}", secret.reveal()));
    }
    match &call.body {
        Some(body) => agent.run(request.body(&body[..])?),
        None => agent.run(request.body(())?),
    }
}

fn explain(uri: &Uri, silence: Duration, error: &ureq::Error) -> Fault {
    use std::io::ErrorKind;
    let host = host(uri);
    let reason = words(error);
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
            Fault::Offline { host, reason: "it does not answer".to_owned() }
        }
        ureq::Error::Timeout(_) => Fault::Silent { host, after: silence },
        ureq::Error::Rustls(_) | ureq::Error::Pem(_) | ureq::Error::Tls(_) => Fault::Untrusted { host, reason },
        ureq::Error::Io(io) if is_about_trust(io) => Fault::Untrusted { host, reason },
        ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::BadUri(_) => {
            Fault::Garbled { host, what: reason }
        }
        ureq::Error::Io(io)
            if matches!(io.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) =>
        {
            Fault::Cut { host, reason }
        }
        _ => Fault::Offline { host, reason },
    }
}

/// TLS has its own failures, and they come as ones of reading.
fn is_about_trust(error: &std::io::Error) -> bool {
    match error.get_ref() {
        Some(inner) => inner.is::<rustls::Error>(),
        None => false,
    }
}

/// The system's words without the library's before them.
fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::HostNotFound => "there is no host of that name".to_owned(),
        error => error.to_string(),
    }
}

/// Scheme, host and port: who it is that is talked to.
fn server(uri: &Uri) -> Option<(String, String, u16)> {
    let usual = match uri.scheme_str()? {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    Some((uri.scheme_str()?.to_owned(), uri.host()?.to_lowercase(), uri.port_u16().unwrap_or(usual)))
}

fn host(uri: &Uri) -> String {
    uri.host().unwrap_or_default().to_owned()
}

/// Whether a secret may travel there: encrypted, or without leaving this machine.
fn is_private(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https") || matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn is_whole(location: &str) -> bool {
    location.contains("://") || location.starts_with("//")
}

/// Where a `Location` leads from here.
fn resolve(from: &Uri, location: &str) -> Option<Uri> {
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    if location.contains("://") {
        location.parse().ok()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}").parse().ok()
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}").parse().ok()
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_read_as_a_browser_reads_it() {
        let from: Uri = "https://hub.example:8443/a/b?c=d".parse().unwrap();
        for (location, wanted) in [
            ("/x/y?z", "https://hub.example:8443/x/y?z"),
            ("x", "https://hub.example:8443/a/x"),
            ("//other.example/x", "https://other.example/x"),
            ("http://plain.example/", "http://plain.example/"),
        ] {
            assert_eq!(resolve(&from, location).unwrap().to_string(), wanted, "{location}");
        }
    }

    #[test]
    fn a_server_is_a_scheme_a_host_and_a_port() {
        let of = |text: &str| server(&text.parse().unwrap());
        assert_eq!(of("https://Hub.example/a"), of("https://hub.example:443/b"));
        assert_ne!(of("https://hub.example"), of("http://hub.example"));
        assert_ne!(of("http://127.0.0.1:1"), of("http://127.0.0.1:2"));
        assert_eq!(of("ftp://hub.example"), None);
    }

    #[test]
    fn a_secret_leaves_this_machine_encrypted_only() {
        let private = |text: &str| is_private(&text.parse().unwrap());
        assert!(private("https://hub.example/") && private("http://127.0.0.1:9/") && private("http://[::1]:9/"));
        assert!(!private("http://hub.example/") && !private("http://127.0.0.1.example/"));
    }
}
