//! How single values are read: objects, maps keyed by ID, and counts. Lenient where the service is.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::status::InvalidStatus;

/// Reads fields from an object only: derived code also accepts a list of their values.
pub(super) fn from_object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with machine counts")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_any(Object(PhantomData))
}

/// Reads the entries of an object in their order, and makes a part of a status of each; the service also writes `{}` as
/// `null` or `[]`.
pub(super) struct Entries<T, F> {
    parts: &'static str,
    part: F,
    of: PhantomData<T>,
}

impl<T, F> Entries<T, F> {
    /// Returns a reader of `parts`; `part` makes one of its ID and its fields.
    pub(super) const fn of(parts: &'static str, part: F) -> Self {
        Self { parts, part, of: PhantomData }
    }
}

impl<'de, T, P, F> Visitor<'de> for Entries<T, F>
where
    T: Deserialize<'de>,
    F: Fn(Text<'de>, T) -> Result<P, InvalidStatus>,
{
    type Value = Vec<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {} by id", self.parts)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<P>, A::Error> {
        let mut parts = Vec::new();
        while let Some((id, fields)) = map.next_entry()? {
            parts.push((self.part)(id, fields).map_err(de::Error::custom)?);
        }
        Ok(parts)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<P>, A::Error> {
        match list.next_element::<IgnoredAny>()? {
            None => Ok(Vec::new()),
            Some(_) => {
                Err(de::Error::custom(format!("a list of {0} has no ids: expected an object of {0} by id", self.parts)))
            }
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<Vec<P>, E> {
        Ok(Vec::new())
    }
}

/// An ID or a name. It is copied only where the body has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

pub(super) fn some_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    count(deserializer).map(Some)
}

pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(Count)
}

struct Count;

impl Visitor<'_> for Count {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number of machines from 0 to {}, as a number or a string", u64::MAX)
    }

    fn visit_u64<E: de::Error>(self, machines: u64) -> Result<u64, E> {
        Ok(machines)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        let is_json_integer = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
        let machines = is_json_integer.then(|| text.parse().ok()).flatten();
        machines.ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
