//! The JSON of a status: the service's own shape, read leniently and written in one form.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::counts::MachineCounts;
use crate::decode::{ApiError, ResponseError};
use crate::status::{FleetStatus, ImageStatus, RegionStatus, sort_by_unique_id};

impl Serialize for ImageStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        serialize_counts(&mut object, self.counts())?;
        if let Some(fleets) = self.fleets() {
            object.serialize_entry("fleets", &ById(fleets, FleetStatus::id))?;
        }
        object.end()
    }
}

impl Serialize for FleetStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        serialize_counts(&mut object, self.counts())?;
        object.serialize_entry("regions", &ById(self.regions(), RegionStatus::id))?;
        object.end()
    }
}

impl Serialize for RegionStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("name", self.name())?;
        serialize_counts(&mut object, self.counts())?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for ImageStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Root::deserialize(deserializer)?.into_status().map_err(de::Error::custom)
    }
}

/// Writes parts as one object keyed by their ids, as the service does.
struct ById<'a, T>(&'a [T], fn(&T) -> &str);

impl<T: Serialize> Serialize for ById<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(parts, id) = self;
        serializer.collect_map(parts.iter().map(|part| (id(part), part)))
    }
}

fn serialize_counts<M: SerializeMap>(object: &mut M, counts: MachineCounts) -> Result<(), M::Error> {
    object.serialize_entry("pending_machines", &counts.pending_machines())?;
    object.serialize_entry("failed_machines", &counts.failed_machines())?;
    object.serialize_entry("completed_machines", &counts.completed_machines())
}

/// The top of a body: a status, or the older API's error envelope.
pub(crate) enum Root {
    Status(ImageStatus),
    Refusal(ApiError),
}

impl Root {
    pub(crate) fn into_status(self) -> Result<ImageStatus, ResponseError> {
        match self {
            Self::Status(status) => Ok(status),
            Self::Refusal(error) => Err(error.into()),
        }
    }
}

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object::<RootFields, D>(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[derive(serde::Deserialize)]
struct RootFields {
    #[serde(default, deserialize_with = "some_count")]
    pending_machines: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    failed_machines: u64,
    #[serde(default, deserialize_with = "some_count")]
    completed_machines: Option<u64>,
    #[serde(default, deserialize_with = "some_fleets")]
    fleets: Option<Vec<FleetStatus>>,
    success: Option<Value>,
    error: Option<Value>,
    error_code: Option<Value>,
    error_message: Option<Value>,
}

/// The older API's envelope around errors, which it also sends with HTTP 200.
#[derive(serde::Deserialize)]
pub(crate) struct Envelope {
    success: Option<Value>,
    error: Option<Value>,
    error_code: Option<Value>,
    error_message: Option<Value>,
}

impl Envelope {
    /// Returns the envelope's fields of a body that is one object; `None` where it is anything else.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let envelope = from_object(&mut deserializer).ok()?;
        deserializer.end().ok().map(|()| envelope)
    }

    /// Returns the refusal where the envelope says that something went wrong: by a flag, by a code with a message, or by
    /// a message where there are no counts.
    pub(crate) fn refusal(&self, has_counts: bool) -> Option<ApiError> {
        let nested = |name: &str| self.error.as_ref().and_then(|error| error.get(name));
        let texts = [self.error_message.as_ref(), nested("message"), self.error.as_ref()];
        let message = texts.into_iter().flatten().filter_map(Value::as_str).find(|text| !text.trim().is_empty());
        let code = self.error_code.as_ref().or(nested("code"));
        let is_flagged = self.error.as_ref().is_some_and(is_truthy)
            || self.success.as_ref().is_some_and(|success| !is_success(success));
        let has_message = self.error_message.is_some() && message.is_some();
        let is_refused = is_flagged || (has_message && (!has_counts || code.is_some_and(is_truthy)));
        is_refused.then(|| ApiError::new(code.and_then(scalar_text), message.unwrap_or("no message given")))
    }
}

impl TryFrom<RootFields> for Root {
    type Error = String;

    fn try_from(fields: RootFields) -> Result<Self, String> {
        let RootFields { success, error, error_code, error_message, .. } = fields;
        let has_counts = fields.pending_machines.is_some();
        if let Some(refusal) = (Envelope { success, error, error_code, error_message }).refusal(has_counts) {
            return Ok(Self::Refusal(refusal));
        }
        let absent = |name| format!("missing field `{name}`: the body is not an image status");
        let pending = fields.pending_machines.ok_or_else(|| absent("pending_machines"))?;
        let completed = fields.completed_machines.ok_or_else(|| absent("completed_machines"))?;
        let counts =
            MachineCounts::new(pending, fields.failed_machines, completed).map_err(|error| error.to_string())?;
        match fields.fleets {
            None => Ok(Self::Status(ImageStatus::new(counts))),
            Some(fleets) => {
                ImageStatus::with_fleets(counts, fleets).map(Self::Status).map_err(|error| error.to_string())
            }
        }
    }
}

struct FleetBody {
    counts: MachineCounts,
    regions: Vec<RegionStatus>,
}

impl<'de> Deserialize<'de> for FleetBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object::<FleetFields, D>(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[derive(serde::Deserialize)]
struct FleetFields {
    #[serde(deserialize_with = "count")]
    pending_machines: u64,
    #[serde(default, deserialize_with = "count")]
    failed_machines: u64,
    #[serde(deserialize_with = "count")]
    completed_machines: u64,
    #[serde(deserialize_with = "regions")]
    regions: Vec<RegionStatus>,
}

impl TryFrom<FleetFields> for FleetBody {
    type Error = crate::CountOverflow;

    fn try_from(fields: FleetFields) -> Result<Self, Self::Error> {
        let counts = MachineCounts::new(fields.pending_machines, fields.failed_machines, fields.completed_machines)?;
        Ok(Self { counts, regions: fields.regions })
    }
}

struct RegionBody {
    name: String,
    counts: MachineCounts,
}

impl<'de> Deserialize<'de> for RegionBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object::<RegionFields, D>(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[derive(serde::Deserialize)]
struct RegionFields {
    name: String,
    #[serde(deserialize_with = "count")]
    pending_machines: u64,
    #[serde(default, deserialize_with = "count")]
    failed_machines: u64,
    #[serde(deserialize_with = "count")]
    completed_machines: u64,
}

impl TryFrom<RegionFields> for RegionBody {
    type Error = crate::CountOverflow;

    fn try_from(fields: RegionFields) -> Result<Self, Self::Error> {
        let counts = MachineCounts::new(fields.pending_machines, fields.failed_machines, fields.completed_machines)?;
        Ok(Self { name: fields.name, counts })
    }
}

fn some_fleets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<FleetStatus>>, D::Error> {
    let bodies = deserializer.deserialize_any(Entries::<FleetBody>::of("fleets"))?;
    let fleets = bodies.into_iter().map(|(id, body)| FleetStatus::new(id, body.counts, body.regions));
    let mut fleets: Vec<_> = fleets.collect::<Result<_, _>>().map_err(de::Error::custom)?;
    sort_by_unique_id(&mut fleets, "fleet", FleetStatus::id).map_err(de::Error::custom)?;
    Ok(Some(fleets))
}

fn regions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RegionStatus>, D::Error> {
    let bodies = deserializer.deserialize_any(Entries::<RegionBody>::of("regions"))?;
    let regions = bodies.into_iter().map(|(id, body)| RegionStatus::new(id, body.name, body.counts));
    let mut regions: Vec<_> = regions.collect();
    sort_by_unique_id(&mut regions, "region", RegionStatus::id).map_err(de::Error::custom)?;
    Ok(regions)
}

/// Reads fields from an object and from nothing else: derived code also takes a list of their values.
fn from_object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
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

/// Reads the entries of an object in their order; `null` and `[]` are the service's other ways to write `{}`.
struct Entries<T> {
    parts: &'static str,
    of: PhantomData<T>,
}

impl<T> Entries<T> {
    const fn of(parts: &'static str) -> Self {
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

fn some_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    count(deserializer).map(Some)
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(Count)
}

struct Count;

impl Visitor<'_> for Count {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number of machines: a whole number from 0 to {}, bare or in a string", u64::MAX)
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

/// Takes only what plainly says so for a success: anything else may be a word for its opposite.
fn is_success(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() == Some(1.0),
        Value::String(text) => matches!(text.trim(), "1" | "true"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Takes the loosely typed flags of the older API by their meaning: `"false"`, `"0"`, `""`, `0` and `null` are false.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "false"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) | Value::String(_) => None,
    }
}
