//! Trains the model that the tests ask, and writes it: `tiny FILE.gguf [STEPS]`.
//!
//!     RAYON_NUM_THREADS=1 cargo run --release -p caro-inference --example tiny -- inference/tests/data/tiny.gguf
//!
//! On the same kind of processor the same file comes out. It knows a few hundred phrasings, and copies names and numbers out of
//! the question. At the end it is asked everything it was taught, and as much with names it has not seen.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

mod network;
mod pairs;
mod words;

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::{D, Device, Tensor};
use candle_nn::{AdamW, Optimizer, ParamsAdamW};
use caro_inference::candle::{Model, Session};
use caro_inference::template::{Message, Role, Template};
use caro_inference::{Forward, Rows, Tokenizer, gguf};
use network::{EPSILON, HEADS, HIDDEN, INNER, KV_HEADS, LAYERS, Network, ROPE_BASE, VOCABULARY};
use pairs::{Chance, Pair};
use words::{MARKS, Words};

const STEPS: usize = 1500;
const BATCH: usize = 24;
const RATE: f64 = 3e-3;
const CONTEXT: u32 = 1024;
const TEMPLATE: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + \
                        '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().ok_or("where shall it be written?")?;
    let steps = arguments.next().map_or(Ok(STEPS), |steps| steps.parse())?;
    let mut chance = Chance(42);
    let network = Network::new(&mut chance)?;
    let words = Words::of(&texts(), VOCABULARY);
    // Written untrained first: the tokenizer and the template are read from the file, as everybody will read them.
    write(&path, &network, &words)?;
    let reader = Reader::open(Path::new(&path))?;
    train(&network, &reader, &mut chance, steps)?;
    write(&path, &network, &words)?;
    let mut fresh = Chance(4711);
    let unseen: Vec<Pair> = (0..300).map(|_| Pair::by_chance(&mut fresh)).collect();
    for (name, pairs) in [("taught", Pair::all()), ("by chance", unseen)] {
        let right = ask(Path::new(&path), &pairs)?;
        println!("{name}: {right} of {} right", pairs.len());
    }
    Ok(())
}

/// The texts that the vocabulary is made for.
fn texts() -> Vec<String> {
    let mut chance = Chance(7);
    let pairs = Pair::all().into_iter().chain((0..3000).map(|_| Pair::by_chance(&mut chance)));
    pairs
        .flat_map(|pair| [pair.system(), format!("user\n{}", pair.question), format!("assistant\n{}", pair.answer())])
        .collect()
}

/// What turns pairs into tokens.
struct Reader {
    tokenizer: Tokenizer,
    template: Template,
}

impl Reader {
    fn open(path: &Path) -> Result<Self, caro_inference::Error> {
        let file = gguf::File::open(path)?;
        Ok(Self { tokenizer: Tokenizer::from_gguf(&file)?, template: Template::from_gguf(&file)? })
    }

    /// A question behind others that have been answered.
    fn prompt(&self, pair: &Pair, before: &[Pair]) -> Result<Vec<u32>, caro_inference::Error> {
        let (system, answers) = (pair.system(), before.iter().map(Pair::answer).collect::<Vec<_>>());
        let mut messages = vec![Message { role: Role::System, content: &system }];
        for (pair, answer) in before.iter().zip(&answers) {
            messages.push(Message { role: Role::User, content: &pair.question });
            messages.push(Message { role: Role::Assistant, content: answer });
        }
        messages.push(Message { role: Role::User, content: &pair.question });
        Ok(self.tokenizer.prompt(&self.template.prompt(&messages)?))
    }

    /// The tokens of the answer, with the end of the turn.
    fn answer(&self, pair: &Pair) -> Vec<u32> {
        let mut tokens = self.tokenizer.encode(&pair.answer(), caro_inference::tokenizer::Special::Text);
        tokens.extend(self.tokenizer.eos());
        tokens
    }
}

fn train(network: &Network, reader: &Reader, chance: &mut Chance, steps: usize) -> Result<(), Box<dyn Error>> {
    let parameters = ParamsAdamW { lr: 0.0, beta2: 0.98, weight_decay: 0.01, ..ParamsAdamW::default() };
    let mut optimizer = AdamW::new(network.variables(), parameters)?;
    for step in 0..steps {
        #[expect(clippy::cast_precision_loss, reason = "some thousand steps")]
        let (done, warm) = (step as f64 / steps as f64, (step + 1) as f64 / 60.0);
        optimizer.set_learning_rate(RATE * warm.min(1.0) * (0.02 + 0.49 * (1.0 + (std::f64::consts::PI * done).cos())));
        let batch: Vec<Pair> = (0..BATCH).map(|_| Pair::by_chance(chance)).collect();
        // Every fourth time other questions and their answers stand in front.
        let before = if step % 4 == 3 { 1 + chance.below(2) } else { 0 };
        let loss = loss(network, reader, &batch, before, chance)?;
        optimizer.backward_step(&loss)?;
        if step % 50 == 0 || step + 1 == steps {
            println!("step {step}: {:.4}", loss.to_scalar::<f32>()?);
        }
    }
    Ok(())
}

/// How unlikely the model takes the answers to be, per token. The questions do not count.
fn loss(
    network: &Network,
    reader: &Reader,
    batch: &[Pair],
    before: usize,
    chance: &mut Chance,
) -> Result<Tensor, Box<dyn Error>> {
    let mut texts = Vec::new();
    for pair in batch {
        let before: Vec<Pair> = (0..before).map(|_| pair.neighbor(chance)).collect();
        let (prompt, answer) = (reader.prompt(pair, &before)?, reader.answer(pair));
        texts.push((prompt.len(), [prompt, answer].concat()));
    }
    let longest = texts.iter().map(|(_, tokens)| tokens.len() - 1).max().unwrap_or(0);
    let (mut ids, mut next, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (prompt, tokens) in &texts {
        let start = u32::try_from(ids.len())?;
        rows.extend((*prompt - 1..tokens.len() - 1).map(|at| start + u32::try_from(at).unwrap_or(0)));
        next.extend_from_slice(&tokens[*prompt..]);
        ids.extend_from_slice(&tokens[..tokens.len() - 1]);
        ids.resize(ids.len().next_multiple_of(longest), 0);
    }
    let count = next.len();
    let logits = network.forward(&Tensor::from_vec(ids, (batch.len(), longest), &Device::Cpu)?)?;
    let logits = logits.reshape(((), VOCABULARY))?.index_select(&Tensor::from_vec(rows, count, &Device::Cpu)?, 0)?;
    let likely = candle_nn::ops::log_softmax(&logits, D::Minus1)?;
    let next = Tensor::from_vec(next, (count, 1), &Device::Cpu)?;
    Ok(likely.gather(&next, 1)?.mean_all()?.neg()?)
}

/// How many answers are right, decoded greedily from the file.
fn ask(path: &Path, pairs: &[Pair]) -> Result<usize, Box<dyn Error>> {
    let reader = Reader::open(path)?;
    let model = Model::load(&gguf::File::open(path)?, caro_inference::Device::Cpu)?;
    let mut session = Session::new(Arc::new(model), 256)?;
    let mut right = 0;
    for pair in pairs {
        session.rewind(0);
        let mut read = reader.prompt(pair, &[])?;
        let mut written = Vec::new();
        while written.len() < 64 {
            let logits = session.read(&read, Rows::Last)?;
            let best = (0..).zip(logits).max_by(|a: &(u32, _), b| a.1.total_cmp(b.1)).map_or(0, |(token, _)| token);
            if reader.tokenizer.stops().contains(&best) {
                break;
            }
            written.push(best);
            read = vec![best];
        }
        let written = reader.tokenizer.decode(&written);
        if written == pair.answer() {
            right += 1;
        } else {
            println!("{}: {}\n    {written}\n    {}", pair.shell, pair.question, pair.answer());
        }
    }
    Ok(right)
}

fn write(path: &str, network: &Network, words: &Words) -> Result<(), Box<dyn Error>> {
    let text = |text: &str| Value::String(text.to_owned());
    let number = |number: usize| u32::try_from(number).map(Value::U32);
    let list = |texts: &[String]| Value::Array(texts.iter().map(|name| text(name)).collect());
    let kinds = (0..words.tokens.len()).map(|token| Value::I32(if token < MARKS.len() { 3 } else { 1 })).collect();
    #[expect(clippy::cast_possible_truncation, reason = "a small number")]
    let epsilon = EPSILON as f32;
    let metadata = [
        ("general.architecture", text("llama")),
        ("general.name", text("Caro tiny")),
        (
            "general.description",
            text("A fixture for tests, trained by inference/examples/tiny on sentences of its own."),
        ),
        ("general.license", text("MIT OR Apache-2.0")),
        ("general.file_type", Value::U32(7)),
        ("general.quantization_version", Value::U32(2)),
        // It was taught the form of an answer, and needs no examples of it.
        ("caro.shots", Value::U32(0)),
        ("llama.context_length", Value::U32(CONTEXT)),
        ("llama.embedding_length", number(HIDDEN)?),
        ("llama.block_count", number(LAYERS)?),
        ("llama.feed_forward_length", number(INNER)?),
        ("llama.attention.head_count", number(HEADS)?),
        ("llama.attention.head_count_kv", number(KV_HEADS)?),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(epsilon)),
        ("llama.rope.dimension_count", number(HIDDEN / HEADS)?),
        ("llama.rope.freq_base", Value::F32(ROPE_BASE)),
        ("llama.vocab_size", number(words.tokens.len())?),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", list(&words.tokens)),
        ("tokenizer.ggml.token_type", Value::Array(kinds)),
        ("tokenizer.ggml.merges", list(&words.merges)),
        ("tokenizer.ggml.bos_token_id", Value::U32(1)),
        ("tokenizer.ggml.eos_token_id", Value::U32(2)),
        ("tokenizer.ggml.unknown_token_id", Value::U32(0)),
        ("tokenizer.ggml.padding_token_id", Value::U32(2)),
        ("tokenizer.ggml.add_bos_token", Value::Bool(false)),
        ("tokenizer.chat_template", text(TEMPLATE)),
    ];
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(name, value)| (*name, value)).collect();
    let tensors = network.quantized()?;
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    gguf_file::write(&mut BufWriter::new(File::create(path)?), &metadata, &tensors)?;
    Ok(())
}
