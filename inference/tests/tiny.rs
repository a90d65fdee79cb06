//! The small trained model in `tests/data`, computed by candle: its answers, and that what was read can be taken back.

use std::path::PathBuf;
use std::sync::Arc;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device as Candle, Tensor};
use caro_inference::candle::{Model, Session};
use caro_inference::gguf::File;
use caro_inference::template::{Message, Role, Template};
use caro_inference::tokenizer::Special;
use caro_inference::{Device, Error, Forward, Rows, Tokenizer};

fn file() -> File {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny.gguf");
    File::open(&path).expect("the model is in the repository")
}

fn session(file: &File, context: usize) -> Session {
    let model = Model::load(file, Device::Cpu).expect("the model can be used");
    Session::new(Arc::new(model), context).expect("the processor is always there")
}

/// What the model writes after a question, the likeliest token each time.
fn answer(file: &File, shell: &str, question: &str) -> String {
    let tokenizer = Tokenizer::from_gguf(file).expect("it has a tokenizer");
    let system = format!("Answer with one {shell} command as JSON.");
    let messages = [Message { role: Role::System, content: &system }, Message { role: Role::User, content: question }];
    let template = Template::from_gguf(file).expect("it has a template");
    let mut read = tokenizer.prompt(&template.prompt(&messages).expect("a usual conversation"));
    let mut session = session(file, 256);
    let mut written = Vec::new();
    while written.len() < 64 {
        let logits = session.read(&read, Rows::Last).expect("there is room");
        let best = (0..).zip(logits).max_by(|a: &(u32, _), b| a.1.total_cmp(b.1)).map_or(0, |(token, _)| token);
        if tokenizer.stops().contains(&best) {
            break;
        }
        written.push(best);
        read = vec![best];
    }
    tokenizer.decode(&written)
}

#[test]
fn the_answers_are_what_they_were() {
    let file = file();
    for (shell, question, command) in [
        ("bash", "list files", "ls"),
        ("bash", "show disk usage", "df -h"),
        ("bash", "show the last 20 lines of server.log", "tail -n 20 server.log"),
        ("zsh", "how many lines has notes.txt", "wc -l notes.txt"),
        ("fish", "find pdf files", "find . -name '*.pdf'"),
        ("bash", "create folder photos", "mkdir photos"),
        ("PowerShell", "list files", "Get-ChildItem"),
        ("cmd", "show notes.txt", "type notes.txt"),
    ] {
        assert_eq!(answer(&file, shell, question), format!("{{\"command\": \"{command}\"}}"), "{shell}: {question}");
    }
}

#[test]
fn the_file_says_what_it_is() {
    let file = file();
    assert!(file.size() <= 400_000, "{}", file.size());
    assert_eq!(file.architecture().unwrap(), "llama");
    assert_eq!(file.text("general.license").unwrap(), Some("MIT OR Apache-2.0"));
    assert!(file.text("general.description").unwrap().unwrap().contains("examples/tiny"));
    assert_eq!(file.number("llama.context_length").unwrap(), Some(1024));
    assert_eq!(file.number("caro.shots").unwrap(), Some(0));
    assert_eq!(file.tensor("blk.0.attn_q.weight").unwrap().dtype, GgmlDType::Q8_0);
    let tokenizer = Tokenizer::from_gguf(&file).unwrap();
    assert_eq!((tokenizer.len(), tokenizer.eos()), (512, tokenizer.find("<|im_end|>")));
    assert_eq!(tokenizer.decode(&tokenizer.encode("größe 👍\u{0}", Special::Text)), "größe 👍\u{0}");
}

/// How far two rows of logits are apart.
fn distance(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

#[test]
fn it_does_not_matter_how_tokens_are_read() {
    let file = file();
    let tokens: Vec<u32> = (0..40).map(|token| token * 11 % 512).collect();
    let mut session = session(&file, 64);
    let all = session.read(&tokens, Rows::All).unwrap().to_vec();
    let row = |index: usize| &all[index * 512..(index + 1) * 512];
    assert_eq!((all.len(), session.position(), session.context(), session.vocabulary()), (40 * 512, 40, 64, 512));
    // Taken back to the middle, other tokens read, taken back again: as if they had never been.
    session.rewind(17);
    session.read(&[3, 5, 7, 9], Rows::Last).unwrap();
    session.rewind(17);
    session.rewind(30);
    assert_eq!(session.position(), 17);
    assert!(session.read(&tokens[17..25], Rows::None).unwrap().is_empty());
    for (index, &token) in tokens.iter().enumerate().skip(25) {
        let logits = session.read(&[token], Rows::Last).unwrap();
        assert!(distance(logits, row(index)) < 1e-3, "token {index}");
    }
    assert!(session.read(&[], Rows::Last).unwrap().is_empty());
    // It does see what came before.
    session.rewind(1);
    let logits = session.read(&tokens[39..], Rows::Last).unwrap();
    assert!(distance(logits, row(39)) > 1e-2);
}

#[test]
fn what_does_not_fit_is_not_read() {
    let file = file();
    let mut session = session(&file, 8);
    session.read(&[1, 2, 3], Rows::None).unwrap();
    let error = session.read(&[4; 6], Rows::Last).unwrap_err();
    assert!(matches!(error, Error::ContextFull { tokens: 9, context: 8 }), "{error}");
    assert!(session.read(&[1, 512], Rows::Last).is_err());
    assert_eq!(session.position(), 3);
    assert_eq!(session.read(&[4; 5], Rows::Last).unwrap().len(), 512);
}

/// A file of an architecture with one layer of zeros, of which `spoil` changes something.
fn zeros(architecture: &str, spoil: impl Fn(&mut Vec<(String, Value)>, &mut Vec<(String, Vec<usize>)>)) -> File {
    let mut metadata: Vec<(String, Value)> =
        vec![("general.architecture".to_owned(), Value::String(architecture.to_owned()))];
    for (key, number) in [
        ("context_length", 16),
        ("embedding_length", 32),
        ("block_count", 1),
        ("feed_forward_length", 64),
        ("attention.head_count", 4),
        ("attention.head_count_kv", 2),
    ] {
        metadata.push((format!("{architecture}.{key}"), Value::U32(number)));
    }
    let mut tensors: Vec<(String, Vec<usize>)> = [
        ("token_embd", vec![8, 32]),
        ("output_norm", vec![32]),
        ("blk.0.attn_norm", vec![32]),
        ("blk.0.attn_q", vec![32, 32]),
        ("blk.0.attn_k", vec![16, 32]),
        ("blk.0.attn_v", vec![16, 32]),
        ("blk.0.attn_output", vec![32, 32]),
        ("blk.0.ffn_norm", vec![32]),
        ("blk.0.ffn_gate", vec![64, 32]),
        ("blk.0.ffn_up", vec![64, 32]),
        ("blk.0.ffn_down", vec![32, 64]),
    ]
    .map(|(name, shape)| (format!("{name}.weight"), shape))
    .to_vec();
    spoil(&mut metadata, &mut tensors);
    let zero = |shape: &Vec<usize>| {
        let zeros = Tensor::zeros(shape.as_slice(), candle_core::DType::F32, &Candle::Cpu);
        QTensor::quantize(&zeros.expect("a small tensor"), GgmlDType::F32).expect("no change")
    };
    let tensors: Vec<(&str, QTensor)> = tensors.iter().map(|(name, shape)| (name.as_str(), zero(shape))).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.keep().join("zeros.gguf");
    let mut out = std::fs::File::create(&path).expect("a new file");
    gguf_file::write(&mut out, &metadata, &tensors).expect("a file can be written");
    let opened = File::open(&path).expect("what was just written");
    // On Windows what is mapped cannot be removed; it is left to the system there.
    let _ = path.parent().map(std::fs::remove_dir_all);
    opened
}

#[test]
fn a_model_that_does_not_fit_itself_is_refused() {
    type Spoil = fn(&mut Vec<(String, Value)>, &mut Vec<(String, Vec<usize>)>);
    for architecture in ["llama", "qwen2", "qwen3"] {
        let sound = zeros(architecture, |_, _| ());
        assert_eq!(session(&sound, 9).read(&[1, 7, 1], Rows::Last).unwrap(), [0.0; 8]);
        let rows: [(Spoil, &str); 7] = [
            (|metadata, _| metadata.truncate(5), "head_count"),
            (|metadata, _| metadata[5].1 = Value::U32(0), "head_count"),
            (|metadata, _| metadata[6].1 = Value::U32(3), "heads do not fit"),
            (|metadata, _| metadata[3].1 = Value::U32(u32::MAX), "blk.1.attn_norm"),
            (|metadata, _| metadata[2].1 = Value::U32(1 << 31), "do not fit"),
            (|_, tensors| tensors[4].1 = vec![32, 16], "attn_k"),
            (|_, tensors| drop(tensors.pop()), "ffn_down.weight is missing"),
        ];
        for (spoil, said) in rows {
            let error = Model::load(&zeros(architecture, spoil), Device::Cpu).unwrap_err();
            assert!(matches!(error, Error::Malformed { .. }), "{said}: {error}");
            assert!(error.to_string().contains(said), "{said}: {error}");
        }
    }
    for (architecture, said) in [("gpt2", "gpt2"), ("mamba", "mamba")] {
        let error = Model::load(&zeros(architecture, |_, _| ()), Device::Cpu).unwrap_err();
        assert!(matches!(&error, Error::Unsupported { what, .. } if what.contains(said)), "{error}");
    }
    let scaled = zeros("llama", |metadata, _| {
        metadata.push(("llama.rope.scaling.type".to_owned(), Value::String("yarn".to_owned())));
    });
    assert!(matches!(Model::load(&scaled, Device::Cpu), Err(Error::Unsupported { .. })));
}
