//! An exact share: percent with up to four decimals.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A share from 0 % to 100 %, exact to four decimals. As text and as JSON it is a number with a percent sign: `2.5%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percentage {
    /// At most [`WHOLE`].
    millionths: u32,
}

const WHOLE: u32 = 1_000_000;
const PER_PERCENT: u32 = WHOLE / 100;

impl Percentage {
    /// 0 %.
    pub const ZERO: Self = Self { millionths: 0 };

    /// 50 %.
    pub const HALF: Self = Self { millionths: WHOLE / 2 };

    /// 85 %: the default of `Policy::evidence`.
    pub(crate) const DEFAULT_EVIDENCE: Self = Self { millionths: 85 * PER_PERCENT };

    /// Returns a share in whole percent. For fractions of a percent, parse a text such as `2.5%`.
    ///
    /// # Errors
    /// [`InvalidPercentage`] if `percent` exceeds 100.
    pub fn new(percent: u32) -> Result<Self, InvalidPercentage> {
        match percent {
            0..=100 => Ok(Self { millionths: percent * PER_PERCENT }),
            _ => Err(InvalidPercentage { text: format!("{percent}%"), problem: Problem::AboveWhole }),
        }
    }

    /// Returns this share of `total`, rounded down.
    pub fn of(self, total: u64) -> u64 {
        let share = u128::from(total) * u128::from(self.millionths) / u128::from(WHOLE);
        // A share is at most the whole, so it always fits.
        u64::try_from(share).unwrap_or(total)
    }

    /// Returns this share of `total`, rounded up.
    pub fn of_at_least(self, total: u64) -> u64 {
        let share = (u128::from(total) * u128::from(self.millionths)).div_ceil(u128::from(WHOLE));
        u64::try_from(share).unwrap_or(total)
    }
}

impl FromStr for Percentage {
    type Err = InvalidPercentage;

    fn from_str(text: &str) -> Result<Self, InvalidPercentage> {
        let invalid = |problem| InvalidPercentage { text: text.to_owned(), problem };
        let number = text.strip_suffix('%').ok_or_else(|| invalid(Problem::Form))?;
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        if !is_digits(whole) || !is_digits(decimals) {
            return Err(invalid(Problem::Form));
        }
        if decimals.len() > 4 {
            return Err(invalid(Problem::TooFine));
        }
        // A number with too many digits is well above 100.
        let whole = whole.parse().unwrap_or(u32::MAX);
        let fraction = format!("{decimals:0<4}").parse().unwrap_or(0);
        match whole.checked_mul(PER_PERCENT).and_then(|whole| whole.checked_add(fraction)) {
            Some(millionths @ 0..=WHOLE) => Ok(Self { millionths }),
            _ => Err(invalid(Problem::AboveWhole)),
        }
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.millionths / PER_PERCENT, self.millionths % PER_PERCENT);
        match format!("{fraction:04}").trim_end_matches('0') {
            "" => write!(f, "{whole}%"),
            decimals => write!(f, "{whole}.{decimals}%"),
        }
    }
}

impl Serialize for Percentage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Percentage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A text that is not a percentage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid percentage `{text}`: {problem}")]
pub struct InvalidPercentage {
    text: String,
    pub(super) problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("give one such as 5% or 2.5%")]
    Form,
    #[error("a percentage is at most 100%")]
    AboveWhole,
    #[error("a percentage has at most four decimals")]
    TooFine,
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
