//! What comes from the network: downloads that are run later, installers from addresses.

use super::delete::shown;
use super::{Invocation, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::{Feed, Scope};

pub(super) const RULES: &[Rule] = &[
    rule("download.file", "a file fetched from the network"),
    rule("download.post", "a request that changes something at the other end"),
    rule("download.insecure", "a connection nobody checks"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "curl" => {
            let options = invocation.options(
                "oXdFHuTAebcKmrwxyYzEhD",
                &["--output", "--request", "--data", "--form", "--header", "--user", "--upload-file"],
            );
            let method = options.value('X', "request").unwrap_or_default();
            let bulk = invocation
                .args
                .iter()
                .any(|arg| arg.text.contains("_delete_by_query") || arg.text.contains("/_shutdown"));
            let posts = options.any("dFT", "data")
                || options.long("data-binary")
                || options.long("data-raw")
                || options.long("upload-file")
                || options.long("form")
                || options.long("json");
            if method.eq_ignore_ascii_case("delete") || method.eq_ignore_ascii_case("purge") || bulk {
                verdict.report(
                    "download.post",
                    Risk::Dangerous,
                    invocation.whole(),
                    "asks a server to delete something",
                );
            } else if posts || !matches!(method, "" | "GET" | "HEAD" | "OPTIONS") {
                verdict.report("download.post", Risk::Caution, invocation.whole(), "sends something to a server");
            }
            if options.any("k", "insecure") {
                verdict.report("download.insecure", Risk::Caution, invocation.whole(), "does not check who answers");
            }
            let saves = options.any("oOJ", "output") || options.long("remote-name");
            saved(saves, invocation, verdict);
        }
        "wget" | "aria2c" | "axel" | "wget2" => {
            let options = invocation.options("OPoaieUQtT", &["--output-document", "--directory-prefix"]);
            let saves = !options.long("spider")
                && options.value('O', "output-document") != Some("-")
                && !options.asks_for_help()
                && !invocation.args.iter().any(|arg| arg.text.ends_with("O-"));
            let deletes = |arg: &super::Arg| arg.text.eq_ignore_ascii_case("--method=delete");
            if invocation.args.iter().any(deletes) {
                let message = "asks a server to delete something";
                verdict.report("download.post", Risk::Dangerous, invocation.whole(), message);
            } else if invocation.args.iter().any(|arg| arg.text.starts_with("--post") || arg.text.starts_with("--body"))
            {
                verdict.report("download.post", Risk::Caution, invocation.whole(), "sends something to a server");
            }
            saved(saves, invocation, verdict);
        }
        "http" | "https" | "xh" | "httpie" | "curlie" => {
            let method = invocation.word(0).to_ascii_uppercase();
            let risk = match method.as_str() {
                "DELETE" => Risk::Dangerous,
                "POST" | "PUT" | "PATCH" => Risk::Caution,
                _ => return verdict.harmless(),
            };
            verdict.report("download.post", risk, invocation.whole(), "changes or deletes something at the other end");
        }
        "yt-dlp" | "youtube-dl" => {
            saved(!invocation.has(&["-F", "-j", "-s", "--list-formats", "--simulate"]), invocation, verdict);
        }
        _ => {}
    }
}

fn saved(saves: bool, invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if saves {
        verdict.report("download.file", Risk::Caution, invocation.whole(), "saves a file from the network");
    } else {
        verdict.harmless();
    }
}

/// Notes the names of files a download leaves behind, so that running one of them is recognized.
pub(crate) fn remember(invocation: &Invocation<'_>, scope: &mut Scope) {
    let name = invocation.name;
    let target = match name {
        "curl" | "wget" | "aria2c" | "axel" | "wget2" | "curlie" => {
            let short = if name == "wget" { 'O' } else { 'o' };
            let valued = if name == "wget" { "OPoaieUQtT" } else { "oXdFHuTAebcKmrwxyYzEhD" };
            let options = invocation.options(valued, &["--output", "--output-document"]);
            let named = options.value(short, "output").or_else(|| options.value(short, "output-document"));
            // Without a name the file is called like the end of the address.
            let last = options
                .operands
                .iter()
                .map(|arg| arg.text.as_str())
                .next_back()
                .and_then(|url| url.trim_end_matches('/').rsplit('/').next());
            let folder =
                options.value('P', "directory-prefix").or_else(|| options.value('d', "dir")).filter(|_| name != "curl");
            let named = named.or(last).filter(|file| !file.is_empty());
            match (folder, named) {
                (Some(folder), Some(file)) => Some(format!("{}/{file}", folder.trim_end_matches('/'))),
                (_, named) => named.map(str::to_owned),
            }
        }
        "iwr" | "irm" | "invoke-webrequest" | "invoke-restmethod" | "start-bitstransfer" => invocation
            .args
            .windows(2)
            .find(|pair| {
                pair[0].text.to_ascii_lowercase().starts_with("-o")
                    || pair[0].text.to_ascii_lowercase().starts_with("-dest")
            })
            .map(|pair| pair[1].text.clone())
            .or_else(|| invocation.operand(1).filter(|_| name == "start-bitstransfer").map(|arg| arg.text.clone())),
        "certutil" | "bitsadmin" => invocation.args.last().map(|arg| arg.text.clone()),
        "tftp" => invocation.args.iter().skip_while(|arg| arg.text != "-r").nth(1).map(|arg| arg.text.clone()),
        "scp" | "rsync" | "sftp" => {
            let operands: Vec<&str> =
                invocation.args.iter().filter(|arg| !arg.is_option()).map(|arg| arg.text.as_str()).collect();
            let Some(([from, ..], to)) = operands.split_last().map(|(to, from)| (from, to)) else { return };
            let name = from.rsplit(['/', ':']).next().unwrap_or_default();
            match (from.contains(':'), *to) {
                (false, _) => None,
                (true, "." | "./") => Some(name.to_owned()),
                (true, folder) if folder.ends_with('/') => Some(format!("{folder}{name}")),
                (true, file) => Some(file.to_owned()),
            }
        }
        "tar" | "gtar" | "bsdtar" | "unzip" | "7z" | "cpio" | "unar"
            if *invocation.feed == Feed::Network || invocation.args.iter().any(|arg| arg.feed == Feed::Network) =>
        {
            scope.unpack();
            None
        }
        "tar" | "zip" | "7z" | "gzip" | "gpg" => {
            archived(invocation, scope);
            None
        }
        "cp" | "mv" => {
            let (from, to) = (invocation.word(0), invocation.word(1));
            let known = match invocation.operand(0).map(|arg| arg.feed.clone()) {
                Some(Feed::Secret) => Feed::Secret,
                _ => scope.file(from),
            };
            if known != Feed::File {
                let name = from.rsplit('/').next().unwrap_or_default();
                scope.write_file(&format!("{}/{name}", to.trim_end_matches('/')), known.clone());
                scope.write_file(to, known);
            }
            None
        }
        "tee" => {
            let text = invocation.feed.clone();
            if let Some(file) = invocation.operand(0) {
                scope.write_file(&file.text, text);
            }
            None
        }
        _ => None,
    };
    if let Some(file) = target.filter(|file| file != "-") {
        scope.write_file(&shown(&file), Feed::Network);
    }
}

/// An archive of private files is as private as they are.
fn archived(invocation: &Invocation<'_>, scope: &mut Scope) {
    if !invocation.args.iter().any(|arg| arg.feed == Feed::Secret) {
        return;
    }
    for arg in invocation.args {
        let name = arg.text.as_str();
        if [".tar", ".tgz", ".gz", ".zip", ".7z", ".bz2", ".xz", ".zst", ".gpg"].iter().any(|end| name.ends_with(end)) {
            scope.write_file(name, Feed::Secret);
        }
    }
}
