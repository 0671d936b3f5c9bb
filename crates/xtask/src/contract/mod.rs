//! The contract of all languages: the models and options that the JSON Schemas of the Rust crates define, and those in
//! `crates/xtask/contract`, beside the methods that several languages share.
//!
//! The schemas are read into one neutral form, from which a template for each language writes its file. Nothing here names
//! a model: what a language needs to know of one is in the schema. The templates fail if they use a name that is not there.
//!
//! A type has a `name`, a `description` and a `form`:
//!
//! | `form` | What it is | What else it has |
//! | --- | --- | --- |
//! | `enum` | one of several words | `words`, each with its `value`, `description` and, if there is one, the `exit_code` of the command |
//! | `record` | an object | `fields`; `is_options` if all of them have defaults, and the core checks it |
//! | `union` | one of several records | `tag`, the property that tells them apart, and `members`, each with its `name` and the `value` of that property |
//! | `scalar` | a string that the core parses | `with_numbers` if it may also be a number |
//! | `handle` | a value that each language writes by hand, over a handle | |
//!
//! A field has its name in JSON (`json`), a `name` without its unit (or the one that languages use in its place), a `description`, a
//! `default` (null if there is none) and a `kind`:
//!
//! | `kind` | What else it has |
//! | --- | --- |
//! | `text`, `path`, `number`, `boolean`, `seconds`, `set` (unique texts) | |
//! | `integer` | `minimum`, `maximum` |
//! | `constant` | its `value` |
//! | `named`, a type of the contract | `of`, the name of the type, and `is`, its form |
//! | `list`, `map` | `item`, an object with a `kind` of its own |
//!
//! It may be null (`nullable`), left out (`optional`), follow from other fields and be only written (`derived`), be a `secret` that is
//! never shown, or have `no_flag` in the command.

mod names;
mod schema;
mod templates;

pub(crate) use templates::{check, write};
