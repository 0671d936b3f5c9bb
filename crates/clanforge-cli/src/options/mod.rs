//! Groups of options that several commands share. Each parses the options that were given, and applies them to a type of
//! the library.
//!
//! The defaults in the help texts are the values of the library, formatted as they are typed.

pub(crate) mod ci;
pub(crate) mod connection;
pub(crate) mod generated;
pub(crate) mod image;
pub(crate) mod output;
pub(crate) mod values;
pub(crate) mod waiting;

/// Returns the help text of an argument without the default that ends it.
pub(crate) fn help_without_default(argument: &clap::Arg) -> String {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    help.split_once(" [default: ").map_or(help.as_str(), |(help, _)| help).to_owned()
}
