//! The poll interval: a forecast of the remaining installs from those seen so far.
//!
//! It averages two models with equal weight. The first assumes log-normal install times, as durations of work usually
//! are, with unknown median and spread. It keeps a likelihood for every pair of a grid (Bayesian updating): each
//! reading says how many of the pending machines completed since the one before, and how many did not. The prior is
//! what is known about the service: an install takes minutes. A late machine makes other late machines likely, so
//! stragglers are polled less and less often. The second model is the pace of the latest completions, which ignores how
//! long installs have run and so stays right if installs wait for each other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::estimate::{Pace, float};
use crate::status::MachineCounts;

/// The medians of the grid, in seconds: from the shortest, each longer than the one before by the same factor.
const SHORTEST_MEDIAN: f64 = 10.0;
const LONGEST_MEDIAN: f64 = 2.0 * 60.0 * 60.0;
const MEDIANS: u16 = 40;

/// The spreads of the grid: standard deviations of the logarithm of an install's time.
const SPREADS: [f64; 10] = [0.08, 0.103, 0.133, 0.172, 0.223, 0.288, 0.371, 0.479, 0.619, 0.8];

/// The share of installs that may take any time, independently of the others, and their spread.
const STRAGGLERS: f64 = 0.02;
const STRAGGLERS_SPREAD: f64 = 1.2;

/// The median of the prior, with a standard deviation of a factor of e.
const USUAL_MEDIAN: f64 = 8.0 * 60.0;

/// How long the installs have run at the first reading, in seconds.
const FIRST_AGE: f64 = 1.0;

/// A forecast ignores pairs whose log-likelihood is below the maximum by more than this.
const NEGLIGIBLE: f32 = 7.0;

/// The average delay that a poll interval may add to the end of the wait, in seconds: a reading that gains less is not worth
/// it.
const LATENESS: f64 = 0.15;

/// The longest first poll interval before anything has completed, in seconds; later ones last at most as long as the rollout so
/// far. The prior may be wrong for this rollout.
const UNSEEN: f64 = 20.0;

/// The horizon of a forecast, in seconds.
const LONGEST: f64 = 24.0 * 60.0 * 60.0;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Forecast {
    /// When the counts first belonged to the new version.
    begun: Option<Duration>,
    last: Option<Last>,
    has_completions: bool,
    /// The log-likelihood of each pair of median and spread, relative to the maximum.
    likelihoods: Vec<f32>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Last {
    at: Duration,
    counts: MachineCounts,
}

/// A median (as a logarithm) and a spread of install times.
#[derive(Clone, Copy, Debug)]
struct Installs {
    median: f64,
    spread: f64,
}

impl Forecast {
    /// Takes the counts of a reading that belong to the new version.
    pub(crate) fn observe(&mut self, elapsed: Duration, counts: MachineCounts) {
        let age = self.age(elapsed);
        self.begun.get_or_insert(elapsed);
        let Some(Last { at: before, counts: were }) = self.last.replace(Last { at: elapsed, counts }) else {
            self.likelihoods = Installs::all().map(|installs| rounded(installs.prior())).collect();
            return;
        };
        let before = self.age(before);
        let at_risk = were.pending_machines();
        let completed = counts.completed_machines().saturating_sub(were.completed_machines()).min(at_risk);
        self.has_completions |= completed > 0;
        let (completed, others) = (float(completed), float(at_risk - completed));
        for (likelihood, installs) in self.likelihoods.iter_mut().zip(Installs::all()) {
            let stays = (installs.survival(age) - installs.survival(before)).min(-1e-12);
            *likelihood += rounded(others * stays.max(-1e3) + completed * (-stays.exp_m1()).ln());
        }
        let most = self.likelihoods.iter().copied().fold(f32::MIN, f32::max);
        self.likelihoods.iter_mut().for_each(|likelihood| *likelihood -= most);
    }

    /// Returns the poll interval from this moment on, at most `longest`, if `left` more machines must complete.
    pub(crate) fn pause(&self, elapsed: Duration, left: u64, longest: Duration, pace: &Pace) -> Option<Duration> {
        let age = self.age(elapsed);
        let longest = longest.as_secs_f64().min(if self.has_completions { LONGEST } else { age.max(UNSEEN) });
        let pause = self.outlook(left, pace)?.pause(age - self.age(self.last?.at), longest);
        // In whole milliseconds: more digits would suggest a precision that it lacks.
        Duration::try_from_secs_f64((pause * 1000.0).round() / 1000.0).ok()
    }

    /// Returns how long installs have run that started at the first reading.
    fn age(&self, elapsed: Duration) -> f64 {
        self.begun.map_or(Duration::ZERO, |begun| elapsed.saturating_sub(begun)).as_secs_f64() + FIRST_AGE
    }

    fn outlook(&self, left: u64, pace: &Pace) -> Option<Outlook> {
        let Last { at, counts } = self.last?;
        let age = self.age(at);
        let likely = Installs::all().zip(&self.likelihoods).filter(|(_, likelihood)| **likelihood > -NEGLIGIBLE);
        let weighed = likely.map(|(installs, likelihood)| Weighed {
            installs,
            weight: f64::from(likelihood.exp()),
            survival: installs.survival(age),
        });
        let weighed: Vec<_> = weighed.collect();
        let sum = weighed.iter().map(|weighed| weighed.weight).sum();
        let pending = float(counts.pending_machines().max(left));
        Some(Outlook { age, left: float(left), pending, weighed, sum, chance: pace.chance(left) })
    }
}

/// What to expect from the last reading on.
struct Outlook {
    age: f64,
    left: f64,
    pending: f64,
    weighed: Vec<Weighed>,
    sum: f64,
    /// The probability that a machine that is left completes within a second, by the pace.
    chance: Option<f64>,
}

struct Weighed {
    installs: Installs,
    weight: f64,
    /// The log-probability that an install still runs at the last reading.
    survival: f64,
}

impl Outlook {
    /// Returns the probability that enough machines have completed `after` seconds from the last reading.
    fn is_over(&self, after: f64) -> f64 {
        let over = self.weighed.iter().map(|Weighed { installs, weight, survival }| {
            let completed = -(installs.survival(self.age + after) - survival).exp_m1();
            weight * at_least(self.left, self.pending, completed.clamp(0.0, 1.0))
        });
        let by_age = over.sum::<f64>() / self.sum;
        let by_pace = self.chance.map(|chance| at_least(self.left, self.pending, -(-chance * after).exp_m1()));
        by_pace.map_or(by_age, |by_pace| f64::midpoint(by_age, by_pace))
    }

    /// Returns the poll interval, in seconds, that begins `since` seconds after the last reading and adds no more delay than
    /// allowed.
    fn pause(&self, since: f64, longest: f64) -> f64 {
        // Far from the end one evaluation is enough: the delay is at most this product.
        if self.is_over(since + longest) * longest <= LATENESS {
            return longest;
        }
        let (mut pause, mut late) = (0.0, 0.0);
        let mut over = self.is_over(since);
        while pause < longest {
            let step = f64::max(0.25 * pause, 0.5);
            let then = self.is_over(since + pause + step);
            late += f64::midpoint(over, then) * step;
            if late > LATENESS {
                return pause;
            }
            pause += step;
            over = then;
        }
        longest
    }
}

impl Installs {
    fn all() -> impl Iterator<Item = Self> {
        let factor = (LONGEST_MEDIAN / SHORTEST_MEDIAN).ln() / f64::from(MEDIANS - 1);
        let medians = move || (0..MEDIANS).map(move |index| SHORTEST_MEDIAN.ln() + factor * f64::from(index));
        SPREADS.into_iter().flat_map(move |spread| medians().map(move |median| Self { median, spread }))
    }

    /// Returns the log-probability of this pair by the prior.
    fn prior(self) -> f64 {
        -(self.median - USUAL_MEDIAN.ln()).powi(2) / 2.0
    }

    /// Returns the log-probability that an install takes longer than this.
    fn survival(self, seconds: f64) -> f64 {
        let late = seconds.ln() - self.median;
        let straggler = STRAGGLERS.ln() + beyond(late / STRAGGLERS_SPREAD);
        let usual = (1.0 - STRAGGLERS).ln() + beyond(late / self.spread);
        let (more, less) = if usual > straggler { (usual, straggler) } else { (straggler, usual) };
        more + (less - more).exp().ln_1p()
    }
}

/// Returns the log-probability that a normally distributed number exceeds the mean by this many standard deviations:
/// the logistic approximation, which stays precise far out in the tail.
fn beyond(deviations: f64) -> f64 {
    let odds = 1.5976 * deviations + 0.070_56 * deviations.powi(3);
    -if odds > 30.0 { odds } else { odds.exp().ln_1p() }
}

/// Returns the probability that at least `left` of `pending` machines have completed, if each has with this
/// probability.
fn at_least(left: f64, pending: f64, probability: f64) -> f64 {
    if left >= pending {
        return probability.powf(pending);
    }
    let deviation = (pending * probability * (1.0 - probability)).sqrt().max(1e-9);
    let deviations = ((pending * probability - left + 0.5) / deviation).clamp(-30.0, 30.0);
    1.0 / (1.0 + (-1.5976 * deviations - 0.070_56 * deviations.powi(3)).exp())
}

#[allow(clippy::cast_possible_truncation)] // A likelihood needs no more digits.
const fn rounded(likelihood: f64) -> f32 {
    likelihood as f32
}
