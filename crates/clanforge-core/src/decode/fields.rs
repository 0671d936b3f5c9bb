//! How single values are read: objects, maps keyed by ID, and counts. Lenient where the service is.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

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

/// Reads the entries of an object in their order; the service also writes `{}` as `null` or `[]`.
pub(super) struct Entries<T> {
    parts: &'static str,
    of: PhantomData<T>,
}

impl<T> Entries<T> {
    pub(super) const fn of(parts: &'static str) -> Self {
        Self { parts, of: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Vec<(String, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {} by id", self.parts)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        match list.next_element::<IgnoredAny>()? {
            None => Ok(Vec::new()),
            Some(_) => {
                Err(de::Error::custom(format!("a list of {0} has no ids: expected an object of {0} by id", self.parts)))
            }
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}

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
