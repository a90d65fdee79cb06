//! Whole models: right against plain arithmetic, and the same bits whatever computes them.

#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a test")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;

use super::reference::{self, Model};
use super::{Isa, LoadOptions, Session, Weights};
use crate::error::Error;
use crate::forward::{Forward, Rows};
use crate::gguf::File;

struct Case {
    folder: tempfile::TempDir,
    path: PathBuf,
}

fn case(model: Model) -> Case {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    model.write(&path, |_, _| {});
    Case { folder, path }
}

impl Case {
    fn session(&self, isa: Option<Isa>, threads: usize) -> Session {
        let file = File::open(&self.path).unwrap();
        let options = LoadOptions { isa, threads: Some(threads), ..LoadOptions::default() };
        Session::new(Weights::load(&file, &options).unwrap(), 512)
    }
}

fn prompt(length: usize) -> Vec<u32> {
    (0..length as u32).map(|at| at * 7919 % 250).collect()
}

fn bits(logits: &[f32]) -> Vec<u32> {
    logits.iter().map(|logit| logit.to_bits()).collect()
}

fn models() -> Vec<Model> {
    let llama = Model::llama(GgmlDType::Q8_0);
    vec![
        llama,
        Model { hidden: 64, heads: 4, shared: 4, head: 16, inner: 96, ..llama },
        Model { dtype: GgmlDType::Q4_0, embedding: GgmlDType::Q8_0, ..llama },
        Model { dtype: GgmlDType::Q4K, embedding: GgmlDType::Q6K, ..llama },
        Model { dtype: GgmlDType::Q6K, embedding: GgmlDType::Q6K, tied: false, ..llama },
        Model { architecture: "qwen2", dtype: GgmlDType::F16, embedding: GgmlDType::F32, heads: 6, shared: 2, ..llama },
        Model {
            architecture: "qwen3",
            dtype: GgmlDType::Q5_0,
            embedding: GgmlDType::Q4_0,
            head: 64,
            tied: false,
            ..llama
        },
        Model { architecture: "qwen2", dtype: GgmlDType::Q5K, embedding: GgmlDType::Q4_1, shared: 1, ..llama },
    ]
}

#[test]
fn logits_are_those_of_plain_arithmetic() {
    for model in models() {
        let case = case(model);
        let file = File::open(&case.path).unwrap();
        for length in [1, 5, 40] {
            let tokens = prompt(length);
            let expected = reference::logits(&file, &tokens);
            let mut session = case.session(None, 2);
            let got = session.read(&tokens, Rows::Last).unwrap();
            let size = (expected.iter().map(|x| x * x).sum::<f32>() / expected.len() as f32).sqrt();
            let error = (expected.iter().zip(got).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / got.len() as f32).sqrt();
            // What eight bits for activations cost; anything done wrongly costs more than a tenth.
            assert!(
                got.len() == expected.len() && error < 0.025 * size,
                "{model:?}, {length} tokens: {error} of {size}"
            );
        }
    }
}

#[test]
fn every_processor_gives_the_same_bits() {
    for model in models() {
        let case = case(model);
        let tokens = prompt(23);
        let expected = bits(case.session(Some(Isa::Portable), 1).read(&tokens, Rows::All).unwrap());
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
            let mut session = case.session(Some(isa), 1);
            assert!(bits(session.read(&tokens, Rows::All).unwrap()) == expected, "{isa}, {model:?}");
        }
    }
}

#[test]
fn the_same_tokens_give_the_same_bits_however_they_are_read() {
    for model in models() {
        let case = case(model);
        let tokens = prompt(300);
        let mut whole = case.session(None, 1);
        let expected = bits(whole.read(&tokens, Rows::All).unwrap());
        let last = &expected[299 * model.vocabulary..];
        for threads in [1, 3] {
            let mut session = case.session(None, threads);
            for part in tokens.chunks(37) {
                assert!(session.read(&part[..part.len() - 1], Rows::None).unwrap().is_empty());
                let position = session.position() + 1;
                let got = bits(session.read(&part[part.len() - 1..], Rows::Last).unwrap());
                let wanted = &expected[(position - 1) * model.vocabulary..][..model.vocabulary];
                assert!(got == wanted, "{model:?}, {threads} threads, token {position}");
            }
            session.rewind(100);
            session.read(&prompt(50), Rows::None).unwrap();
            session.rewind(100);
            let mut fork = session.fork();
            session.read(&prompt(30), Rows::None).unwrap();
            assert!(bits(fork.read(&tokens[100..], Rows::Last).unwrap()) == last, "{model:?}, rewound and forked");
        }
    }
}

#[test]
fn a_prefix_is_known_again_by_the_same_model_and_tokens_only() {
    let model = Model::llama(GgmlDType::Q4_0);
    let case = case(model);
    let tokens = prompt(60);
    let mut session = case.session(None, 2);
    let expected = bits(session.read(&tokens, Rows::Last).unwrap());
    let mut saved = Vec::new();
    session.save_prefix(45, &mut saved).unwrap();
    let mut other = case.session(None, 1);
    other.read(&prompt(10), Rows::None).unwrap();
    assert!(other.load_prefix(&tokens[..45], &mut saved.as_slice()).unwrap());
    assert_eq!(other.tokens(), &tokens[..45]);
    assert!(bits(other.read(&tokens[45..], Rows::Last).unwrap()) == expected);

    assert!(!other.load_prefix(&tokens[..44], &mut saved.as_slice()).unwrap(), "other tokens");
    assert_eq!(other.position(), 0);
    assert!(other.load_prefix(&tokens[..45], &mut &saved[..saved.len() - 1]).is_err(), "cut");
    for at in [0, 8, 20, 56, saved.len() - 1] {
        let mut damaged = saved.clone();
        damaged[at] ^= 1;
        assert!(!other.load_prefix(&tokens[..45], &mut damaged.as_slice()).unwrap(), "byte {at}");
    }
    let another = self::case(Model { embedding: GgmlDType::Q4_1, ..model });
    assert!(!another.session(None, 1).load_prefix(&tokens[..45], &mut saved.as_slice()).unwrap(), "another model");
}

#[test]
fn packed_weights_are_kept_and_a_damaged_file_is_replaced() {
    let case = case(Model::llama(GgmlDType::Q4K));
    let cache = case.folder.path().join("packed");
    let file = File::open(&case.path).unwrap();
    let load = || {
        let weights = Weights::load(&file, &LoadOptions { cache: Some(&cache), ..LoadOptions::default() }).unwrap();
        let logits = bits(Session::new(Arc::clone(&weights), 64).read(&prompt(9), Rows::Last).unwrap());
        (weights.from_cache(), logits)
    };
    let (kept, expected) = load();
    assert!(!kept);
    assert_eq!(load(), (true, expected.clone()));
    let mut damaged = std::fs::read(&cache).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x40;
    std::fs::write(&cache, damaged).unwrap();
    assert_eq!(load(), (false, expected.clone()));
    assert_eq!(load(), (true, expected));
}

#[test]
fn loading_says_how_far_it_is_and_can_be_cancelled() {
    let case = case(Model::llama(GgmlDType::Q8_0));
    let file = File::open(&case.path).unwrap();
    let steps = std::sync::Mutex::new(Vec::new());
    let progress = |share: f32| steps.lock().unwrap().push(share);
    Weights::load(&file, &LoadOptions { progress: Some(&progress), ..LoadOptions::default() }).unwrap();
    let steps = steps.into_inner().unwrap();
    assert!(steps.len() > 5 && steps.contains(&1.0), "{steps:?}");
    let stop = AtomicBool::new(true);
    let error = Weights::load(&file, &LoadOptions { cancel: Some(&stop), ..LoadOptions::default() }).unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error}");
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_read() {
    let case = case(Model::llama(GgmlDType::Q8_0));
    let file = File::open(&case.path).unwrap();
    let weights = Weights::load(&file, &LoadOptions::default()).unwrap();
    let mut session = Session::new(weights, 20);
    session.read(&prompt(15), Rows::None).unwrap();
    let error = session.read(&prompt(6), Rows::Last).unwrap_err();
    assert!(matches!(error, Error::ContextFull { tokens: 21, context: 20 }), "{error}");
    assert!(session.read(&[250], Rows::Last).is_err());
    assert_eq!(session.position(), 15);
    assert_eq!(session.read(&prompt(5), Rows::Last).unwrap().len(), 250);
    assert!(session.read(&[], Rows::Last).unwrap().is_empty());
}

/// Each way to spoil a file, and a word that the refusal says.
#[test]
fn a_file_that_contradicts_itself_is_refused() {
    type Spoil = fn(&mut Vec<(String, Value)>);
    fn set(metadata: &mut [(String, Value)], key: &str, to: Value) {
        metadata.iter_mut().find(|(name, _)| name == key).unwrap().1 = to;
    }
    let cases: &[(&str, Spoil)] = &[
        ("embedding_length", |m| set(m, "llama.embedding_length", Value::U32(0))),
        ("embedding_length", |m| set(m, "llama.embedding_length", Value::U32(u32::MAX))),
        ("multiple of", |m| set(m, "llama.embedding_length", Value::U32(250))),
        ("token_embd", |m| set(m, "llama.embedding_length", Value::U32(512))),
        ("do not divide", |m| set(m, "llama.attention.head_count_kv", Value::U32(3))),
        ("attn_q", |m| set(m, "llama.attention.head_count", Value::U32(16))),
        ("ffn_gate", |m| set(m, "llama.feed_forward_length", Value::U32(544))),
        ("missing", |m| set(m, "llama.block_count", Value::U32(3))),
        ("missing", |m| m.retain(|(name, _)| name != "llama.block_count")),
        ("out of range", |m| set(m, "llama.attention.layer_norm_rms_epsilon", Value::F32(f32::NAN))),
        ("rotation", |m| set(m, "llama.rope.freq_base", Value::F32(-1.0))),
        ("yarn", |m| m.push(("llama.rope.scaling.type".into(), Value::String("yarn".into())))),
        ("part is rotated", |m| m.push(("llama.rope.dimension_count".into(), Value::U32(16)))),
        ("experts", |m| m.push(("llama.expert_count".into(), Value::U32(8)))),
        ("mamba", |m| set(m, "general.architecture", Value::String("mamba".into()))),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    for (word, spoil) in cases {
        Model::llama(GgmlDType::Q8_0).write(&path, |metadata, _| spoil(metadata));
        let file = File::open(&path).unwrap();
        let error = Weights::load(&file, &LoadOptions::default()).unwrap_err();
        assert!(matches!(error, Error::Malformed { .. } | Error::Unsupported { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error} does not say {word}");
    }
    for name in ["output_norm.weight", "blk.1.ffn_down.weight", "blk.0.attn_norm.weight", "token_embd.weight"] {
        Model::llama(GgmlDType::Q8_0).write(&path, |_, tensors| tensors.retain(|(tensor, _)| tensor != name));
        let error = Weights::load(&File::open(&path).unwrap(), &LoadOptions::default()).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}
