//! Groups of options that several commands share. Each parses what was typed and applies it to a type of the library.
//!
//! The defaults in the help texts are the values of the library, formatted as they are typed.

pub(crate) mod ci;
pub(crate) mod connection;
pub(crate) mod generated;
pub(crate) mod image;
pub(crate) mod output;
pub(crate) mod values;
pub(crate) mod waiting;
