//! Compresses the JSON Schemas: uncompressed they would be a twentieth of the size of every binary and package.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

#[allow(clippy::print_stdout)]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=schemas");
    let files = fs::read_dir("schemas")?.map(|file| Ok(file?.path()));
    let mut files = files.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut encoder = GzEncoder::new(File::create(out.join("schemas.gz"))?, Compression::best());
    for file in files {
        encoder.write_all(&fs::read(file)?)?;
        encoder.write_all(b"\0")?;
    }
    encoder.finish()?;
    Ok(())
}
