//! A limit, a scope or a gate, and the body of a status.

#![no_main]

libfuzzer_sys::fuzz_target!(|expression: &[u8]| {
    clanforge_properties::expression(expression);
});
