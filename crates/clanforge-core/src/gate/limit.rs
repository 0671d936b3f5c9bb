//! How many machines a gate allows: a count, or a share of the scope's machines.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::percentage::{InvalidPercentage, Percentage};

/// The most machines of a state that a gate allows: a count (`3`) or a percentage of the scope's machines (`5%`).
///
/// The number of machines that a percentage allows is rounded down. As JSON it is a number of machines or a string with
/// a percent sign.
///
/// ```
/// use clanforge_core::Limit;
///
/// let limit: Limit = "2.5%".parse()?;
/// assert_eq!(limit.machines(100), 2);
/// assert_eq!(Limit::Count(3).machines(100), 3);
/// # Ok::<(), clanforge_core::InvalidLimit>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// A number of machines.
    Count(u64),
    /// A share of the scope's machines, rounded down.
    Share(Percentage),
}

impl Limit {
    /// Allows no machines.
    pub const NONE: Self = Self::Count(0);

    /// Returns a limit of that share of the scope's machines, in whole percent. For fractions of a percent, parse
    /// a text such as `2.5%`.
    ///
    /// # Errors
    /// [`InvalidPercentage`] if `percent` exceeds 100.
    pub fn percent(percent: u32) -> Result<Self, InvalidPercentage> {
        Percentage::new(percent).map(Self::Share)
    }

    /// Returns the most machines that the limit allows in a scope of `total` machines.
    pub fn machines(self, total: u64) -> u64 {
        match self {
            Self::Count(machines) => machines,
            Self::Share(share) => share.of(total),
        }
    }

    /// Returns the share of the scope's machines; `None` if the limit is a number of machines.
    pub(super) const fn share(self) -> Option<Percentage> {
        match self {
            Self::Count(_) => None,
            Self::Share(share) => Some(share),
        }
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self::NONE
    }
}

impl From<u64> for Limit {
    fn from(machines: u64) -> Self {
        Self::Count(machines)
    }
}

impl From<Percentage> for Limit {
    fn from(share: Percentage) -> Self {
        Self::Share(share)
    }
}

impl FromStr for Limit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        let invalid = |problem: Option<InvalidPercentage>| InvalidLimit { text: text.to_owned(), problem };
        if text.ends_with('%') {
            return text.parse().map(Self::Share).map_err(|error| invalid(Some(error)));
        }
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten().map(Self::Count).ok_or_else(|| invalid(None))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(machines) => machines.fmt(f),
            Self::Share(share) => share.fmt(f),
        }
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(machines) => serializer.serialize_u64(*machines),
            Self::Share(share) => share.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CountOrText;

        impl Visitor<'_> for CountOrText {
            type Value = Limit;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of machines or a percentage such as \"5%\"")
            }

            fn visit_u64<E: de::Error>(self, machines: u64) -> Result<Limit, E> {
                Ok(Limit::Count(machines))
            }

            fn visit_i64<E: de::Error>(self, machines: i64) -> Result<Limit, E> {
                let count = u64::try_from(machines).map(Limit::Count);
                count.map_err(|_| E::invalid_value(de::Unexpected::Signed(machines), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(CountOrText)
    }
}

/// A text that is not a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidLimit {
    text: String,
    problem: Option<InvalidPercentage>,
}

impl fmt::Display for InvalidLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, problem } = self;
        match problem {
            Some(InvalidPercentage { problem, .. }) => write!(f, "invalid limit `{text}`: {problem}"),
            None if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                write!(f, "invalid limit `{text}`: it is at most {}", u64::MAX)
            }
            None => {
                write!(f, "invalid limit `{text}`: give a number of machines such as 3, or a percentage such as 5%")
            }
        }
    }
}

impl std::error::Error for InvalidLimit {}
