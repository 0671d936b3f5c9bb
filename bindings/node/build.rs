//! Tells the linker that what is missing comes from Node.

fn main() {
    napi_build::setup();
}
