//! The targets of `cargo fuzz` in a plain loop: short in a test run, `CARO_FUZZ_SECONDS` long when asked to.
//!
//! What it finds becomes a row under `tests/data`, not a file of seeds.

use std::time::{Duration, Instant};

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "the targets of libFuzzer are in another package")]
mod targets;

/// xorshift64*: the same bytes in every run of the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.next() % 40;
        (0..length).map(|_| u8::try_from(self.next() >> 56).unwrap_or_default()).collect()
    }
}

#[test]
fn what_holds_for_any_bytes() {
    let seconds = std::env::var("CARO_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let seed = std::env::var("CARO_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x00ca_7ca7);
    let started = Instant::now();
    let mut random = Random(seed);
    let mut cases = 0_u64;
    loop {
        let bytes = random.bytes();
        targets::analyze(targets::line(&bytes).as_bytes());
        targets::analyze(&bytes);
        let printable: Vec<u8> = bytes.iter().map(|byte| b' ' + byte % 95).collect();
        targets::analyze(&printable);
        targets::quote(&printable);
        targets::monotone(&bytes);
        targets::answer(&bytes);
        targets::order(&bytes);
        cases += 1;
        let enough = match seconds {
            Some(seconds) => started.elapsed() >= Duration::from_secs(seconds),
            None => cases >= 200,
        };
        if enough {
            break;
        }
    }
    assert!(cases > 0);
}
