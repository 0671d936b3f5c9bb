//! A policy and readings.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clanforge_properties::script(bytes);
});
