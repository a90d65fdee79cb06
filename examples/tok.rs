//! tokens
#![allow(clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let u = caro::normalize::normalize(&line);
        println!("{line}");
        for t in &u.tokens {
            print!("  {}[{:?} {:?} {:?}]", t.text, t.shape, t.class, t.concept.map(|c| c.0));
        }
        println!();
    }
}
