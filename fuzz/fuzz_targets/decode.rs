//! The body of a response.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    clanforge_properties::body(body);
});
