//! A scenario file.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    clanforge_properties::scenario(file);
});
