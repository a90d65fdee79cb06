//! Model files: a download from a hub on this machine that stalls, cuts, lies and redirects, and the store it ends up in.
//!
//! Nothing leaves this machine and nothing waits for a fixed time: how long a silence is endured is a parameter.

#[path = "server/hub.rs"]
mod hub;
#[path = "server/mod.rs"]
mod server;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use caro::ErrorCode;
use caro::net::{Patience, Secret};
use caro::weights::{Catalog, Entry, Error, Hub, Installed, Origin, Pull, Removed, Speed, Step, Store};

use hub::{Act, Shelf, gguf, give, hub, sha256};
use server::{Asked, Server, head};

const LENGTH: usize = 300_000;
const ID: &str = "smollm-135m";

/// A user's folder, and a hub to pull from.
struct Bench {
    folder: tempfile::TempDir,
    hub: Hub,
    entry: Entry,
    patience: Patience,
    cancel: AtomicBool,
}

impl Bench {
    fn at(server: &Server) -> Self {
        let hub = Hub { endpoint: server.address(), token: Secret::new("hf_word"), cache: None, proxy: None };
        // Far more than any answer takes, on the slowest machine that runs this.
        let patience = Patience {
            connect: Duration::from_secs(20),
            silence: Duration::from_secs(20),
            attempts: 3,
            back_off: Duration::from_millis(1),
            longest: Duration::from_secs(5),
        };
        let entry = Catalog::embedded().entry(ID).expect("the catalog has it").clone();
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder, hub, entry, patience, cancel: AtomicBool::new(false) }
    }

    /// The same with little patience, for servers that stall: every stall costs this much.
    fn impatient(mut self) -> Self {
        self.patience.silence = Duration::from_secs(1);
        self
    }

    fn store(&self) -> Store {
        Store::new(self.folder.path().join("models"))
    }

    fn pull(&self) -> Result<Installed, Error> {
        self.pull_with(&mut |_| {})
    }

    fn pull_with(&self, progress: &mut dyn FnMut(Step)) -> Result<Installed, Error> {
        let Self { hub, entry, patience, cancel, .. } = self;
        self.store().pull(&Pull { entry, hub, patience: *patience, cancel }, progress)
    }

    /// The files of the store, without the locks.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.store().folder()).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().expect("our names are text"));
        let mut names: Vec<_> = names.filter(|name| *name != format!("{ID}.lock")).collect();
        names.sort();
        names
    }
}

fn shelf() -> Shelf {
    Shelf::of(gguf("llama", LENGTH))
}

fn code(error: Error) -> ErrorCode {
    caro::Error::from(error).code()
}

#[test]
fn a_pulled_model_is_the_hubs_byte_for_byte() {
    let server = hub(shelf(), []);
    let bench = Bench::at(&server);
    let mut steps = Vec::new();
    let installed = bench.pull_with(&mut |step| steps.push(step)).unwrap();
    assert_eq!(fs::read(&installed.path).unwrap(), shelf().content);
    assert_eq!((installed.sha256.as_str(), installed.size), (shelf().sha256.as_str(), LENGTH as u64));
    assert_eq!((installed.architecture.as_str(), installed.origin), ("llama", Origin::Downloaded));
    assert_eq!(bench.files(), [format!("{ID}.gguf"), format!("{ID}.json")]);
    assert_eq!(steps.first(), Some(&Step::Begun { from: 0, size: LENGTH as u64 }));
    assert_eq!(steps.last(), Some(&Step::Checking));
    assert_eq!(bench.store().installed(), std::slice::from_ref(&installed));
    assert_eq!(bench.store().find(ID).unwrap(), installed);
    let asked = server.asked();
    assert!(asked[0].path.ends_with(&format!("/resolve/main/{}", bench.entry.file)), "{asked:?}");
    assert!(asked.iter().all(|asked| asked.header("authorization") == Some("Bearer hf_word")));
    // A second pull asks nobody.
    bench.pull_with(&mut |step| assert_eq!(step, Step::Here)).unwrap();
    assert_eq!(server.asked().len(), asked.len());
}

#[test]
fn what_was_cut_goes_on_where_it_ended() {
    for stop in [Act::Cut(100_000), Act::Stall(100_000)] {
        let server = hub(shelf(), [stop.clone(), Act::Cut(50_000)]);
        let bench = Bench::at(&server).impatient();
        let installed = bench.pull().unwrap_or_else(|error| panic!("{stop:?}: {error}"));
        assert_eq!(fs::read(&installed.path).unwrap(), shelf().content, "{stop:?}");
        let ranges: Vec<_> = server.asked().iter().map(|asked| asked.header("range").map(str::to_owned)).collect();
        let from = |byte: &str| Some(format!("bytes={byte}-"));
        assert_eq!(ranges, [None, None, from("100000"), from("150000")], "{stop:?}");
    }
}

#[test]
fn a_bad_line_that_brings_something_each_time_gets_there() {
    let cuts = std::iter::repeat_n(Act::Cut(10_000), 20);
    let bench = Bench::at(&hub(shelf(), cuts));
    assert_eq!(bench.pull().unwrap().sha256, shelf().sha256);
}

#[test]
fn a_server_that_always_begins_again_and_never_ends_is_given_up() {
    // It knows no ranges, so every try is one from the start.
    let content = shelf().content;
    let server = Server::start(move |asked, stream| {
        if asked.method == "HEAD" {
            let headers = [("x-linked-etag", shelf().sha256), ("x-linked-size", LENGTH.to_string())];
            return head(stream, 200, &headers);
        }
        let from_the_start = Asked { headers: Vec::new(), ..asked.clone() };
        give(&content, &Act::Cut(100_000), &from_the_start, stream);
    });
    assert_eq!(code(Bench::at(&server).pull().unwrap_err()), ErrorCode::ServerCut);
}

#[test]
fn a_page_in_the_way_costs_nothing_of_what_came() {
    let cut = [Act::Cut(120_000), Act::Cut(0), Act::Cut(0), Act::Announce(17), Act::Give];
    let bench = Bench::at(&hub(shelf(), cut));
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ServerCut);
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ServerGarbled);
    let mut begun = Vec::new();
    let installed = bench.pull_with(&mut |step| begun.push(step)).unwrap();
    assert_eq!(begun[0], Step::Begun { from: 120_000, size: LENGTH as u64 });
    assert_eq!(installed.sha256, shelf().sha256);
}

#[test]
fn a_part_is_kept_for_the_next_pull() {
    for (stop, wanted) in [(Act::Cut(0), ErrorCode::ServerCut), (Act::Stall(0), ErrorCode::ServerSilent)] {
        let script = [Act::Cut(120_000), stop.clone(), stop.clone(), stop];
        let server = hub(shelf(), script);
        let bench = Bench::at(&server).impatient();
        assert_eq!(code(bench.pull().unwrap_err()), wanted);
        assert_eq!(bench.files(), [format!("{ID}.{}.part", shelf().sha256)]);
        let mut begun = None;
        bench
            .pull_with(&mut |step| {
                if let Step::Begun { from, .. } = step {
                    begun = Some(from);
                }
            })
            .unwrap();
        assert_eq!(begun, Some(120_000));
    }
}

#[test]
fn a_part_of_another_file_is_not_gone_on_with() {
    let bench = Bench::at(&hub(shelf(), [Act::Cut(120_000), Act::Cut(0), Act::Cut(0), Act::Cut(0)]));
    bench.pull().unwrap_err();
    let other = Shelf::of(gguf("qwen2", LENGTH));
    let server = hub(other.clone(), []);
    let bench = Bench { hub: Hub { endpoint: server.address(), ..bench.hub.clone() }, ..bench };
    let installed = bench.pull().unwrap();
    assert_eq!((installed.sha256, installed.architecture.as_str()), (other.sha256, "qwen2"));
    assert_eq!(bench.files(), [format!("{ID}.gguf"), format!("{ID}.json")]);
    assert!(server.asked().iter().all(|asked| asked.header("range").is_none()));
}

#[test]
fn a_server_without_ranges_starts_again() {
    let bench = Bench::at(&hub(shelf(), [Act::Cut(120_000), Act::Whole]));
    assert_eq!(fs::read(bench.pull().unwrap().path).unwrap(), shelf().content);
}

#[test]
fn a_wrong_hash_leaves_nothing() {
    let bench = Bench::at(&hub(shelf(), [Act::Swap]));
    let error = bench.pull().unwrap_err();
    assert!(matches!(&error, Error::Spoiled { known, .. } if *known == shelf().sha256), "{error:?}");
    assert_eq!(bench.files(), [] as [&str; 0]);
    // Also when the damage is in what came first.
    let bench = Bench::at(&hub(shelf(), [Act::Swap, Act::Give]));
    let part = bench.store().folder().join(format!("{ID}.{}.part", shelf().sha256));
    fs::create_dir_all(bench.store().folder()).unwrap();
    fs::write(part, vec![7; 1000]).unwrap();
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ModelSpoiled);
    assert_eq!(bench.files(), [] as [&str; 0]);
}

#[test]
fn a_lie_about_the_length_is_believed_by_nobody() {
    for lie in [Act::Announce(LENGTH - 1), Act::Announce(LENGTH * 1000), Act::More] {
        let bench = Bench::at(&hub(shelf(), [lie.clone()]));
        let error = bench.pull().expect_err(&format!("{lie:?}"));
        assert_eq!(code(error), ErrorCode::ServerGarbled, "{lie:?}");
        assert_eq!(bench.files(), [] as [&str; 0], "{lie:?}");
    }
}

#[test]
fn a_file_larger_than_the_disk_is_not_begun() {
    let bench = Bench::at(&hub(Shelf { size: 1 << 60, ..shelf() }, []));
    let error = bench.pull().unwrap_err();
    assert!(matches!(error, Error::DiskFull { needed, left: Some(left), .. } if left < needed), "{error:?}");
}

#[test]
fn a_refusal_has_a_name_and_a_hint() {
    let none = || ("x-nothing", String::new());
    for (status, (name, value), wanted, tries) in [
        (401, none(), ErrorCode::HubDenied, 1),
        (403, none(), ErrorCode::HubDenied, 1),
        (404, none(), ErrorCode::ServerLacks, 1),
        (418, none(), ErrorCode::ServerFailed, 1),
        (429, ("retry-after", "3600".to_owned()), ErrorCode::ServerBusy, 1),
        (429, ("retry-after", "0".to_owned()), ErrorCode::ServerBusy, 3),
        (500, none(), ErrorCode::ServerFailed, 3),
        (503, none(), ErrorCode::ServerFailed, 3),
    ] {
        let (header, text) = (name, value.clone());
        let server = Server::start(move |_, stream| head(stream, status, &[(header, text.clone())]));
        let error = caro::Error::from(Bench::at(&server).pull().unwrap_err());
        assert_eq!(error.code(), wanted, "{status}");
        assert!(error.hint().is_some(), "{status}");
        assert_eq!(server.asked().len(), tries, "{status}");
        assert!(!format!("{error} {error:?}").contains("hf_word"), "{error:?}");
    }
    let busy = |seconds: &str| Act::Say(429, "retry-after", seconds.to_owned());
    let failing = [busy("0"), Act::Say(500, "x-nothing", String::new()), Act::Give];
    assert_eq!(Bench::at(&hub(shelf(), failing)).pull().unwrap().sha256, shelf().sha256, "it passes");
}

#[test]
fn nobody_there_is_said_at_once() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut bench = Bench::at(&hub(shelf(), []));
    bench.hub.endpoint = format!("http://127.0.0.1:{port}");
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ServerUnreachable);
    bench.hub.endpoint = "http://name.invalid".to_owned();
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ServerUnreachable);
    bench.hub.endpoint = "no address at all".to_owned();
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ServerGarbled);
}

#[test]
fn a_server_nobody_vouches_for_is_told_nothing() {
    use std::io::Read as _;
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use rustls::crypto::ring::default_provider;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection, Stream};

    // For `localhost`, until 2126, by an authority that signed nothing else and whose key is gone.
    let certificate = CertificateDer::from(&include_bytes!("data/net/localhost.der")[..]);
    let key = PrivateKeyDer::try_from(&include_bytes!("data/net/localhost.key.der")[..]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut request = Vec::new();
        let read = Stream::new(&mut connection, &mut socket).read_to_end(&mut request);
        tell.send((read.is_err(), request)).unwrap();
    });
    let mut bench = Bench::at(&hub(shelf(), []));
    bench.hub.endpoint = format!("https://localhost:{port}");
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ServerUntrusted);
    assert_eq!(told.recv().unwrap(), (true, Vec::new()));
}

#[test]
fn a_redirect_takes_no_token_along() {
    let content = shelf().content;
    let store = Server::start(move |asked, stream| give(&content, &Act::Give, asked, stream));
    let blob = format!("{}/blob?signed=yes", store.address());
    let server = hub(shelf(), [Act::Say(302, "location", blob)]);
    assert_eq!(Bench::at(&server).pull().unwrap().sha256, shelf().sha256);
    let there = store.asked();
    assert_eq!((there.len(), there[0].path.as_str()), (1, "/blob?signed=yes"));
    assert_eq!(there[0].header("authorization"), None, "{there:?}");
    assert!(server.asked().iter().all(|asked| asked.header("authorization").is_some()));
}

#[test]
fn a_token_that_left_does_not_come_back() {
    // The second server sends back to the first, to a place of its own choice.
    let home = Server::start(|asked, stream| {
        let there = asked.header("x-there").unwrap_or_default();
        head(stream, 404, &[("x-there", there.to_owned())]);
    });
    let back = format!("{}/elsewhere", home.address());
    let other = Server::start(move |_, stream| head(stream, 302, &[("location", back.clone())]));
    let away = other.address();
    let first = Server::start(move |asked, stream| {
        if asked.method == "HEAD" {
            let headers = [("x-linked-etag", shelf().sha256), ("x-linked-size", LENGTH.to_string())];
            head(stream, 200, &headers);
        } else {
            head(stream, 302, &[("location", away.clone())]);
        }
    });
    assert_eq!(code(Bench::at(&first).pull().unwrap_err()), ErrorCode::ServerLacks);
    assert_eq!(home.asked()[0].header("authorization"), None);
    assert_eq!(other.asked()[0].header("authorization"), None);
}

#[test]
fn redirects_end() {
    let server = Server::start(|_, stream| head(stream, 302, &[("location", "/round".to_owned())]));
    assert_eq!(code(Bench::at(&server).pull().unwrap_err()), ErrorCode::ServerGarbled);
    assert!(server.asked().len() < 20);
    let nowhere = Server::start(|_, stream| head(stream, 302, &[]));
    assert_eq!(code(Bench::at(&nowhere).pull().unwrap_err()), ErrorCode::ServerGarbled);
}

#[test]
fn a_hub_that_names_no_hash_or_another_one_is_refused() {
    let server = Server::start(|_, stream| head(stream, 200, &[("etag", "\"abc\"".to_owned())]));
    assert_eq!(code(Bench::at(&server).pull().unwrap_err()), ErrorCode::ServerGarbled);
    let server = hub(shelf(), []);
    let mut bench = Bench::at(&server);
    bench.entry.sha256 = Some(sha256(b"another"));
    assert_eq!(code(bench.pull().unwrap_err()), ErrorCode::ModelSubstituted);
    assert_eq!(server.asked().len(), 1, "nothing was downloaded");
}

#[test]
fn what_is_no_model_is_not_installed() {
    for (content, wanted) in [
        (gguf("mamba", LENGTH), ErrorCode::ModelUnsupported),
        (b"<html>please log in</html>".to_vec(), ErrorCode::ModelUnusable),
        (b"GGUF".to_vec(), ErrorCode::ModelUnusable),
    ] {
        let bench = Bench::at(&hub(Shelf::of(content), []));
        assert_eq!(code(bench.pull().unwrap_err()), wanted);
        assert_eq!(bench.store().installed(), []);
    }
}

#[test]
fn a_cancel_is_felt_at_once_and_keeps_what_came() {
    let bench = Bench::at(&hub(shelf(), [Act::Stall(150_000)]));
    let patience = Patience { silence: Duration::from_hours(1), ..bench.patience };
    let bench = Bench { patience, ..bench };
    let stop = |step| {
        if matches!(step, Step::Came { done: 150_000, .. }) {
            bench.cancel.store(true, Ordering::Relaxed);
        }
    };
    assert_eq!(code(bench.pull_with(&mut { stop }).unwrap_err()), ErrorCode::Cancelled);
    let part = bench.store().folder().join(format!("{ID}.{}.part", shelf().sha256));
    assert_eq!(fs::metadata(part).unwrap().len(), 150_000);
}

#[test]
fn one_process_pulls_a_model_at_a_time() {
    let bench = Bench::at(&hub(shelf(), []));
    let mut second = None;
    bench
        .pull_with(&mut |step| {
            if matches!(step, Step::Begun { .. }) {
                second = Some(bench.pull());
            }
        })
        .unwrap();
    match second {
        Some(Err(Error::Taken { id, pid })) => {
            assert_eq!(id, ID);
            // Where locks are mandatory the holder's number cannot be read.
            assert!(pid.is_none_or(|pid| pid == std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.pull().unwrap().sha256, shelf().sha256, "the lock is gone with the first");
}

#[test]
fn what_the_hubs_own_tools_have_is_used_where_it_lies() {
    let server = hub(shelf(), []);
    let mut bench = Bench::at(&server);
    let cache = bench.folder.path().join("hf");
    let repository = cache.join("models--HuggingFaceTB--smollm-135M-instruct-v0.2-Q8_0-GGUF/snapshots/abc");
    fs::create_dir_all(&repository).unwrap();
    let file = repository.join(&bench.entry.file);
    fs::write(&file, shelf().content).unwrap();
    let folder = OsString::from(&cache);
    bench.hub.cache = Hub::of(&|name| (name == "HF_HUB_CACHE").then(|| folder.clone())).cache;
    let taken = bench.store().find_or_take(ID, &bench.hub, &bench.cancel).unwrap();
    assert_eq!((taken.origin, &taken.path, taken.sha256.as_str()), (Origin::Cached, &file, shelf().sha256.as_str()));
    bench.store().remove(ID).unwrap();
    let pulled = bench.pull().unwrap();
    assert_eq!((pulled.origin, &pulled.path), (Origin::Cached, &file));
    assert_eq!(server.asked().len(), 0);
    assert_eq!(bench.store().remove(ID).unwrap(), Removed::Forgotten(file.clone()));
    assert!(file.exists(), "what Caro did not download it does not delete");
    // A cache that is damaged is no reason to have no model.
    fs::write(&file, "half a").unwrap();
    assert_eq!(bench.pull().unwrap().origin, Origin::Downloaded);
}

#[test]
fn a_file_of_the_users_is_used_where_it_lies() {
    let bench = Bench::at(&hub(shelf(), []));
    let store = bench.store();
    let own = |name: &str, content: &[u8]| {
        let path = bench.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let add = |path: &PathBuf| store.add(path, &bench.cancel, &mut |_| {});
    let first = own("My Model (v2).GGUF", &gguf("qwen3", 5000));
    let added = add(&first).unwrap();
    assert_eq!((added.id.as_str(), added.origin, &added.path), ("my-model--v2", Origin::Added, &first));
    assert_eq!(add(&first).unwrap().id, added.id, "adding it again is no second model");
    let named_alike = own(&format!("{ID}.gguf"), &gguf("llama", 6000));
    assert_eq!(add(&named_alike).unwrap().id, format!("{ID}-2"), "a name of the catalog stays the catalog's");
    assert_eq!(code(add(&own("no.gguf", b"no")).unwrap_err()), ErrorCode::ModelUnusable);
    assert_eq!(code(add(&own("other.gguf", &gguf("bert", 99))).unwrap_err()), ErrorCode::ModelUnsupported);
    assert_eq!(code(add(&bench.folder.path().join("nowhere.gguf")).unwrap_err()), ErrorCode::ModelFiles);
    assert_eq!(store.installed().len(), 2);
    // Its content is what it was when it was added.
    store.verify("my-model--v2", &bench.cancel, &mut |_| {}).unwrap();
    fs::write(&first, gguf("qwen3", 5001)).unwrap();
    assert!(!store.find("my-model--v2").unwrap().is_there());
    let error = store.verify("my-model--v2", &bench.cancel, &mut |_| {}).unwrap_err();
    assert_eq!(code(error), ErrorCode::ModelDamaged);
    assert_eq!(store.remove("my-model--v2").unwrap(), Removed::Forgotten(first.clone()));
    assert!(first.exists());
}

#[test]
fn removing_a_pulled_model_leaves_nothing_of_it() {
    let bench = Bench::at(&hub(shelf(), []));
    let store = bench.store();
    let path = bench.pull().unwrap().path;
    store.keep_speed(ID, Speed { prefill_tok_s: 1650.0, decode_tok_s: 155.0 }).unwrap();
    assert_eq!(store.speed(ID).map(|speed| speed.decode_tok_s), Some(155.0));
    assert_eq!(store.remove(ID).unwrap(), Removed::Deleted(path));
    assert_eq!(bench.files(), [] as [&str; 0]);
    assert_eq!(code(store.remove(ID).unwrap_err()), ErrorCode::ModelMissing);
    assert_eq!(code(store.remove("../../etc/passwd").unwrap_err()), ErrorCode::ModelUnknown);
}

#[test]
fn a_lost_record_is_found_again_without_a_download() {
    let server = hub(shelf(), []);
    let bench = Bench::at(&server);
    bench.pull().unwrap();
    fs::remove_file(bench.store().folder().join(format!("{ID}.json"))).unwrap();
    assert_eq!(bench.pull().unwrap().sha256, shelf().sha256);
    assert_eq!(server.asked().iter().filter(|asked| asked.method == "GET").count(), 1);
}
