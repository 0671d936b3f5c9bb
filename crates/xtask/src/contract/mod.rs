//! The contract of all languages: the models and options that the JSON Schemas of the Rust crates define.
//!
//! The schemas are read into one neutral form, from which a template for each language writes its file. Nothing here names
//! a model: what a language needs to know of one is in the schema.

mod names;
mod schema;
mod templates;

use serde::Serialize;
use serde_json::Value;

pub(crate) use templates::{check, write};

/// One type.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Type {
    name: String,
    description: String,
    #[serde(flatten)]
    form: Form,
}

impl Type {
    /// Returns the names of the types of its fields and members. Each language computes derived fields by itself.
    fn used(&self) -> impl Iterator<Item = &str> {
        let (fields, members) = match &self.form {
            Form::Record { fields, .. } => (&fields[..], &[][..]),
            Form::Union { members, .. } => (&[][..], &members[..]),
            Form::Enum { .. } | Form::Scalar { .. } | Form::Handle => Default::default(),
        };
        let of_fields = fields.iter().filter(|field| !field.derived).filter_map(|field| field.kind.named());
        of_fields.chain(members.iter().map(|member| member.name.as_str()))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "form", rename_all = "snake_case")]
enum Form {
    /// One of several words.
    Enum { words: Vec<Word> },
    /// An object. Where `is_options`, all of its properties have defaults, and the core checks it.
    Record { fields: Vec<Field>, is_options: bool },
    /// One of several records, which the value of the property `tag` distinguishes.
    Union { tag: String, members: Vec<Member> },
    /// A string, or a number or a string, that the core parses.
    Scalar { with_numbers: bool },
    /// A value that each language writes by hand, over a handle.
    Handle,
}

/// A word of an enumeration.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Word {
    value: String,
    description: String,
    /// The exit code of the command for this word, if there is one.
    exit_code: Option<u64>,
}

/// A member of a union.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Member {
    value: String,
    name: String,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(clippy::struct_excessive_bools)] // They are independent facts.
struct Field {
    /// The name in JSON.
    json: String,
    /// The name without its unit, or the one that languages use in its place.
    name: String,
    description: String,
    #[serde(flatten)]
    kind: Kind,
    /// It may be null.
    nullable: bool,
    /// It may be left out.
    optional: bool,
    default: Option<Value>,
    /// It follows from other properties, and is not read.
    derived: bool,
    /// It is never shown.
    secret: bool,
    /// The command has no flag for it.
    no_flag: bool,
}

/// What a property holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kind {
    Text,
    Path,
    Integer {
        minimum: i64,
        maximum: u64,
    },
    Number,
    Boolean,
    /// A duration, in seconds.
    Seconds,
    /// A value that is always the same.
    Constant {
        value: Value,
    },
    /// A type of the contract; `is` is its form.
    Named {
        of: String,
        is: &'static str,
    },
    List {
        item: Box<Kind>,
    },
    /// Unique texts.
    Set,
    Map {
        item: Box<Kind>,
    },
}

impl Kind {
    /// Returns the name of the type of the contract in it.
    fn named(&self) -> Option<&str> {
        match self {
            Kind::Named { of, .. } => Some(of),
            Kind::List { item } | Kind::Map { item } => item.named(),
            _ => None,
        }
    }
}
