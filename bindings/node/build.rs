//! Tells the linker that Node provides the undefined symbols.

fn main() {
    napi_build::setup();
}
