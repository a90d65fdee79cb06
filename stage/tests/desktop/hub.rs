//! A hub on this machine with one small model file, which it gives in two halves: the second one when the test says so.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use caro_stage::app::root;

/// Says when the rest of the file may go out.
type Gate = Arc<(Mutex<bool>, Condvar)>;

pub(crate) struct Hub {
    address: String,
    gate: Gate,
}

impl Hub {
    pub(crate) fn open() -> Self {
        let file = root().join("inference/tests/data/tiny.gguf");
        let content = std::fs::read(&file).unwrap();
        let sum = Command::new("sha256sum").arg(&file).output().unwrap().stdout;
        let sha256 = String::from_utf8(sum).unwrap().split_whitespace().next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let gate = Gate::default();
        let opened = Arc::clone(&gate);
        // It ends with the test's process: nothing waits for it.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (content, sha256, gate) = (content.clone(), sha256.clone(), Arc::clone(&opened));
                thread::spawn(move || drop(serve(stream, &content, &sha256, &gate)));
            }
        });
        Self { address, gate }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// From now on every request gets all it asks for.
    pub(crate) fn let_go(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }
}

fn serve(mut stream: TcpStream, content: &[u8], sha256: &str, gate: &Gate) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut from = 0;
    for header in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        let header = header.to_ascii_lowercase();
        if let Some(start) = header.strip_prefix("range: bytes=").and_then(|range| range.trim().strip_suffix('-')) {
            from = start.parse().unwrap_or(0);
        }
    }
    let (size, rest) = (content.len(), &content[from..]);
    let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nconnection: close\r\netag: \"{sha256}\"\r\ncontent-length: {}\r\n\
         content-range: bytes {from}-{}/{size}\r\n\r\n",
        rest.len(),
        size - 1,
    )?;
    if request.starts_with("HEAD") {
        return Ok(());
    }
    let half = rest.len() / 2;
    stream.write_all(&rest[..half])?;
    let opened = gate.1.wait_while(gate.0.lock().unwrap(), |open| !*open).unwrap();
    drop(opened);
    stream.write_all(&rest[half..])
}
