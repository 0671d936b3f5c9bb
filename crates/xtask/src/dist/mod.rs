//! `cargo xtask dist`

#[cfg(test)]
mod metadata;
