#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caro_fuzz::order(data));
