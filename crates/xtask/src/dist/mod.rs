//! `cargo xtask dist`

#[cfg(test)]
mod metadata;
pub(crate) mod targets;
