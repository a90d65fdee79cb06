//! How fast models are on this machine, alone or in turns with llama.cpp.
//!
//! `--against` is the one thing in this program that starts another: the Python the user names, with a script of ours. Both do
//! the same on the same file with the same number of threads, one after the other, so that whatever else the machine does hits
//! both; of each the best time counts.

#![expect(clippy::cast_precision_loss, reason = "rates and small counts")]

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use caro::Error;
use caro::llm;
use caro::storage::private_folder;
use caro::weights::{self, Speed};
use caro_inference::bench::{Bench, DECODED, JOB, PROMPT, Trial, bench};
use caro_inference::cpu::{LoadOptions, Session, Weights};
use caro_inference::gguf::File;
use serde::Serialize;

use super::Surroundings;
use crate::args::Options;
use crate::render::Console;
use crate::render::text::{amount, printable};
use crate::status::Failure;

const PEER: &str = include_str!("peer.py");

/// What is to be measured.
pub(super) struct Wanted<'a> {
    pub(super) models: &'a [String],
    pub(super) against: Option<&'a OsStr>,
    pub(super) threads: &'a [NonZeroUsize],
    pub(super) rounds: usize,
}

/// One model with one number of threads.
#[derive(Debug, Serialize)]
struct Line {
    model: String,
    quant: String,
    threads: usize,
    prefill_tok_s: f64,
    decode_tok_s: f64,
    /// Of a question of 30 tokens behind a fixed part of 150 that is known, with an answer of 25.
    answer_ms: f64,
    /// The same with nothing known.
    answer_cold_ms: f64,
    first_token_ms: f64,
    load_ms: f64,
    memory_bytes: usize,
    isa: String,
    /// Of the bandwidth that these threads read memory with, what decoding needs.
    bandwidth_share: f64,
    /// Of the products of bytes that they can do, what a prompt needs.
    int8_share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<Figures>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, Serialize)]
struct Figures {
    prefill_tok_s: f64,
    decode_tok_s: f64,
    answer_ms: f64,
}

/// Somebody who reads tokens, and says how many milliseconds that took.
trait Reader {
    fn prefill(&mut self, known: usize, count: usize) -> Result<f64, Failure>;
    fn decode(&mut self, known: usize, count: usize) -> Result<f64, Failure>;
}

pub(super) fn run(
    here: &Surroundings,
    wanted: &Wanted<'_>,
    options: &Options,
    console: &mut Console,
) -> Result<(), Failure> {
    let in_use: Vec<String> = here.settings.settings().model.into_iter().collect();
    let models = if wanted.models.is_empty() { &in_use } else { wanted.models };
    if models.is_empty() {
        writeln!(console.err, "no model is in use: name one, or a GGUF file")?;
    }
    let mut lines = Vec::new();
    for name in models {
        let (id, path) = file(here, name)?;
        let counts: Vec<Option<usize>> = if wanted.threads.is_empty() {
            vec![None]
        } else {
            wanted.threads.iter().map(|threads| Some(threads.get())).collect()
        };
        for threads in counts {
            let line = measure(here, &path, threads, wanted, console)?;
            if let Some(id) = &id {
                let Line { prefill_tok_s, decode_tok_s, .. } = line;
                // A speed that cannot be kept was measured all the same.
                drop(here.store.keep_speed(id, Speed { prefill_tok_s, decode_tok_s }));
            }
            if !options.json {
                say(&line, console)?;
            }
            lines.push(line);
        }
    }
    if options.json {
        console.json(&lines)?;
    }
    Ok(())
}

/// The file of a model by its name, else the file of that path.
fn file(here: &Surroundings, name: &str) -> Result<(Option<String>, PathBuf), Failure> {
    match here.store.find(name) {
        Ok(model) => Ok((Some(model.id), model.path)),
        Err(weights::Error::Unknown { .. }) if Path::new(name).is_file() => Ok((None, PathBuf::from(name))),
        Err(error) => Err(Error::from(error).into()),
    }
}

fn measure(
    here: &Surroundings,
    path: &Path,
    threads: Option<usize>,
    wanted: &Wanted<'_>,
    console: &mut Console,
) -> Result<Line, Failure> {
    let model = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    writeln!(console.err, "measuring {} …", printable(&model))?;
    // Without a folder the model is packed anew: slower to load, as fast to run.
    let cache = private_folder(&here.packed).ok().map(|()| {
        let size = path.metadata().map_or(0, |file| file.len());
        here.packed.join(format!("{model}-{size}.packed"))
    });
    let alone = bench(path, threads, None, cache.as_deref(), wanted.rounds).map_err(failed)?;
    let quant = quantization(&File::open(path).map_err(failed)?);
    let ours = Figures {
        prefill_tok_s: alone.prefill_tok_s,
        decode_tok_s: alone.decode_tok_s,
        answer_ms: alone.answer_warm_ms,
    };
    let (ours, peer) = match wanted.against {
        None => (ours, None),
        Some(python) => {
            let (ours, peer) = in_turns(path, &alone, cache.as_deref(), python, wanted.rounds)?;
            (ours, Some(peer))
        }
    };
    let Bench {
        threads, isa, load_ms, memory, first_token_ms, answer_cold_ms, bandwidth_share, products_share, ..
    } = alone;
    Ok(Line {
        model,
        quant,
        threads,
        prefill_tok_s: ours.prefill_tok_s,
        decode_tok_s: ours.decode_tok_s,
        answer_ms: ours.answer_ms,
        answer_cold_ms,
        first_token_ms,
        load_ms,
        memory_bytes: memory.weights + memory.cache_full + memory.scratch,
        isa: isa.to_string(),
        bandwidth_share,
        int8_share: products_share,
        peer,
    })
}

fn in_turns(
    path: &Path,
    alone: &Bench,
    cache: Option<&Path>,
    python: &OsStr,
    rounds: usize,
) -> Result<(Figures, Figures), Failure> {
    let weights = {
        let file = File::open(path).map_err(failed)?;
        let options = LoadOptions { threads: Some(alone.threads), cache, ..LoadOptions::default() };
        Weights::load(&file, &options).map_err(failed)?
    };
    let mut ours = Trial::new(Session::new(weights, 512));
    let mut theirs = LlamaCpp::start(python, path, alone.threads)?;
    let mut best = [[f64::MAX; 3]; 2];
    for _ in 0..rounds {
        for (reader, best) in [&mut ours as &mut dyn Reader, &mut theirs].into_iter().zip(&mut best) {
            best[0] = best[0].min(reader.prefill(0, PROMPT)?);
        }
        for (reader, best) in [&mut ours as &mut dyn Reader, &mut theirs].into_iter().zip(&mut best) {
            best[1] = best[1].min(reader.decode(PROMPT, DECODED)?);
        }
        let [fixed, question, answer] = JOB;
        for (reader, best) in [&mut ours as &mut dyn Reader, &mut theirs].into_iter().zip(&mut best) {
            let job = reader.prefill(fixed, question)? + reader.decode(fixed + question, answer - 1)?;
            best[2] = best[2].min(job);
        }
    }
    let figures = |[prefill, decode, answer_ms]: [f64; 3]| Figures {
        prefill_tok_s: PROMPT as f64 * 1e3 / prefill,
        decode_tok_s: DECODED as f64 * 1e3 / decode,
        answer_ms,
    };
    Ok((figures(best[0]), figures(best[1])))
}

impl Reader for Trial {
    fn prefill(&mut self, known: usize, count: usize) -> Result<f64, Failure> {
        Self::prefill(self, known, count).map(|time| time.as_secs_f64() * 1e3).map_err(failed)
    }

    fn decode(&mut self, known: usize, count: usize) -> Result<f64, Failure> {
        Self::decode(self, known, count).map(|time| time.as_secs_f64() * 1e3).map_err(failed)
    }
}

/// llama.cpp in a Python of the user's.
struct LlamaCpp {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl LlamaCpp {
    fn start(python: &OsStr, model: &Path, threads: usize) -> Result<Self, Failure> {
        let mut command = Command::new(python);
        command.args(["-c", PEER]).arg(model).arg(threads.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(Failure::Peer)?;
        let (to, from) = process.stdin.take().zip(process.stdout.take()).expect("both are piped");
        let mut peer = Self { process, to, from: BufReader::new(from) };
        peer.line()?;
        Ok(peer)
    }

    fn ask(&mut self, task: &str, known: usize, count: usize) -> Result<f64, Failure> {
        writeln!(self.to, "{task} {known} {count}").map_err(Failure::Peer)?;
        let line = self.line()?;
        line.trim().parse().map_err(|_| gone())
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        match self.from.read_line(&mut line) {
            Ok(0) => Err(gone()),
            Ok(_) => Ok(line),
            Err(error) => Err(Failure::Peer(error)),
        }
    }
}

/// Python said on stderr what was wrong.
fn gone() -> Failure {
    Failure::Peer(io::Error::other("it did not answer; is llama-cpp-python installed in that Python (--python)?"))
}

impl Reader for LlamaCpp {
    fn prefill(&mut self, known: usize, count: usize) -> Result<f64, Failure> {
        self.ask("prefill", known, count)
    }

    fn decode(&mut self, known: usize, count: usize) -> Result<f64, Failure> {
        self.ask("decode", known, count)
    }
}

impl Drop for LlamaCpp {
    fn drop(&mut self) {
        // Gone already, or going.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How most of the numbers are written: `Q8_0`, `Q4_K`.
fn quantization(file: &File) -> String {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for (name, tensor) in &file.content().tensor_infos {
        let kind = format!("{:?}", tensor.ggml_dtype).to_uppercase();
        let kind = if kind.ends_with('K') { kind.replace('K', "_K") } else { kind };
        // The embedding of a small model with a large vocabulary would outvote its layers.
        let count = if name.starts_with("blk.") { tensor.shape.elem_count() } else { 0 };
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += count,
            None => kinds.push((kind, count)),
        }
    }
    kinds.into_iter().max_by_key(|(_, count)| *count).map(|(kind, _)| kind).unwrap_or_default()
}

fn say(line: &Line, console: &mut Console) -> io::Result<()> {
    let Line { model, quant, threads, isa, .. } = line;
    let out = &mut console.out;
    writeln!(out, "{}  {quant}, {threads} threads, {isa}", printable(model))?;
    let than = |ours: f64, peer: Option<f64>| {
        peer.map_or_else(String::new, |peer| format!("  ({ours:.2} x llama.cpp)", ours = ours / peer))
    };
    let peer = line.peer;
    let prefill = than(line.prefill_tok_s, peer.map(|peer| peer.prefill_tok_s));
    let decode = than(line.decode_tok_s, peer.map(|peer| peer.decode_tok_s));
    writeln!(
        out,
        "  reads        {:>8.0} tokens/s{prefill}, {:.0} % of the int8 peak",
        line.prefill_tok_s,
        100.0 * line.int8_share
    )?;
    writeln!(
        out,
        "  writes       {:>8.0} tokens/s{decode}, {:.0} % of the bandwidth",
        line.decode_tok_s,
        100.0 * line.bandwidth_share
    )?;
    let answer = peer.map_or_else(String::new, |peer| format!("  (llama.cpp {:.0} ms)", peer.answer_ms));
    writeln!(
        out,
        "  answers in   {:>8.0} ms{answer}, {:.0} ms with nothing read yet",
        line.answer_ms, line.answer_cold_ms
    )?;
    writeln!(out, "  first token  {:>8.0} ms", line.first_token_ms)?;
    writeln!(out, "  loads in     {:>8.0} ms, memory {}", line.load_ms, amount(line.memory_bytes as u64))
}

fn failed(error: caro_inference::Error) -> Failure {
    Failure::Caro(Error::Model(llm::Error::from(error)))
}
