//! A file of recorded waits.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    clanforge_properties::recording(file);
});
