//! How many machines a gate lets pass: a count, or a share of the machines that it judges.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The most machines of a kind that a gate allows: a count (`3`) or a percentage of the scope's machines (`5%`).
///
/// A percentage has at most four decimals and is exact; the number of machines that it allows is rounded down.
/// As JSON it is a number of machines or a string with a percent sign.
///
/// ```
/// use clanforge_core::Limit;
///
/// let limit: Limit = "2.5%".parse()?;
/// assert_eq!(limit.machines(100), 2);
/// assert_eq!(Limit::count(3).machines(100), 3);
/// # Ok::<(), clanforge_core::InvalidLimit>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit(Kind);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Count(u64),
    /// Millionths, at most [`WHOLE`].
    Share(u32),
}

const WHOLE: u32 = 1_000_000;
const PER_PERCENT: u32 = WHOLE / 100;

impl Limit {
    /// Allows none.
    pub const NONE: Self = Self::count(0);

    /// Returns a limit of that many machines.
    pub const fn count(machines: u64) -> Self {
        Self(Kind::Count(machines))
    }

    /// Returns a limit of that share of the scope's machines, in whole percent. Parse a text such as `2.5%` for less.
    ///
    /// # Errors
    /// [`InvalidLimit`] where `percent` exceeds 100.
    pub fn percent(percent: u32) -> Result<Self, InvalidLimit> {
        match percent {
            0..=100 => Ok(Self(Kind::Share(percent * PER_PERCENT))),
            _ => Err(InvalidLimit::new(&format!("{percent}%"), Problem::AboveWhole)),
        }
    }

    /// Returns the most machines that the limit allows in a scope of `total` machines.
    pub fn machines(self, total: u64) -> u64 {
        match self.0 {
            Kind::Count(machines) => machines,
            Kind::Share(millionths) => {
                let allowed = u128::from(total) * u128::from(millionths) / u128::from(WHOLE);
                // A share of the machines is no more than the machines, so it always fits.
                u64::try_from(allowed).unwrap_or(total)
            }
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
        Self::count(machines)
    }
}

impl FromStr for Limit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        let invalid = |problem| InvalidLimit::new(text, problem);
        let Some(percent) = text.strip_suffix('%') else {
            return digits(text).map(Self::count).ok_or_else(|| invalid(Problem::Form));
        };
        let (whole, decimals) = percent.split_once('.').unwrap_or((percent, "0"));
        if decimals.len() > 4 {
            return Err(invalid(Problem::TooFine));
        }
        // What has too many digits for a number is well above a hundred.
        let whole =
            digits(whole).or_else(|| is_digits(whole).then_some(u64::MAX)).ok_or_else(|| invalid(Problem::Form))?;
        let fraction = is_digits(decimals).then(|| digits(&format!("{decimals:0<4}"))).flatten();
        let fraction = fraction.ok_or_else(|| invalid(Problem::Form))?;
        let millionths = whole.checked_mul(PER_PERCENT.into()).and_then(|whole| whole.checked_add(fraction));
        match millionths.and_then(|millionths| u32::try_from(millionths).ok()) {
            Some(millionths @ 0..=WHOLE) => Ok(Self(Kind::Share(millionths))),
            _ => Err(invalid(Problem::AboveWhole)),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Count(machines) => write!(f, "{machines}"),
            Kind::Share(millionths) => {
                let (whole, fraction) = (millionths / PER_PERCENT, millionths % PER_PERCENT);
                let decimals = format!("{fraction:04}");
                match decimals.trim_end_matches('0') {
                    "" => write!(f, "{whole}%"),
                    decimals => write!(f, "{whole}.{decimals}%"),
                }
            }
        }
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Limit({self})")
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Kind::Count(machines) => serializer.serialize_u64(machines),
            Kind::Share(_) => serializer.collect_str(self),
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
                Ok(Limit::count(machines))
            }

            fn visit_i64<E: de::Error>(self, machines: i64) -> Result<Limit, E> {
                let count = u64::try_from(machines).map(Limit::count);
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid limit `{text}`: {problem}")]
pub struct InvalidLimit {
    text: String,
    problem: Problem,
}

impl InvalidLimit {
    fn new(text: &str, problem: Problem) -> Self {
        Self { text: text.to_owned(), problem }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("give a number of machines such as 3, or a percentage such as 5%")]
    Form,
    #[error("a percentage is at most 100%")]
    AboveWhole,
    #[error("a percentage has at most four decimals")]
    TooFine,
}

fn digits(text: &str) -> Option<u64> {
    is_digits(text).then(|| text.parse().ok()).flatten()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
