//! How long to look away: what the installs seen so far let expect of the machines that are left.
//!
//! Two opinions are heard, and count the same. One takes installs to need times that scatter by a log-normal law, as
//! durations of work do, whose median and spread nobody knows beforehand. Every pair out of a grid is held to be as likely
//! as the readings make it: each tells how many of the machines that were pending before completed in the step, and how
//! many did not. Before the first completion speaks what is known of the service: an install takes minutes. A machine that
//! is late makes more such machines likely, so that stragglers are looked at less and less often. The other opinion is the
//! pace of the latest completions, which knows nothing of ages and so is not misled where installs wait for each other.

use std::time::Duration;

use super::estimate::{Pace, float};
use crate::status::MachineCounts;

/// The medians that are looked at, in seconds: from the shortest, each longer than the one before by the same factor.
const SHORTEST_MEDIAN: f64 = 10.0;
const LONGEST_MEDIAN: f64 = 2.0 * 60.0 * 60.0;
const MEDIANS: u16 = 40;

/// The spreads that are looked at: standard deviations of the logarithm of an install's time.
const SPREADS: [f64; 10] = [0.08, 0.103, 0.133, 0.172, 0.223, 0.288, 0.371, 0.479, 0.619, 0.8];

/// The share of installs that take as long as it comes, whatever the others do, and their spread.
const STRAGGLERS: f64 = 0.02;
const STRAGGLERS_SPREAD: f64 = 1.2;

/// The median that is expected before anything is seen: a factor of e more or less is nothing strange.
const USUAL_MEDIAN: f64 = 8.0 * 60.0;

/// How old the installs are when the rollout is first seen, in seconds.
const FIRST_AGE: f64 = 1.0;

/// Pairs less likely than the likeliest by more than this, as a logarithm, are left out of a forecast.
const NEGLIGIBLE: f32 = 7.0;

/// How much later than need be a pause may let the wait end, in seconds and on average: a reading that gains less is not
/// worth it.
const LATENESS: f64 = 0.15;

/// The longest first pause while nothing has completed, in seconds; later ones are as long as the rollout is old at most. What is known
/// of the service beforehand may be wrong of this rollout.
const UNSEEN: f64 = 20.0;

/// As far ahead as a forecast looks, in seconds.
const LONGEST: f64 = 24.0 * 60.0 * 60.0;

#[derive(Clone, Debug, Default)]
pub(crate) struct Forecast {
    /// When the counts were first believed.
    begun: Option<Duration>,
    last: Option<Last>,
    has_completions: bool,
    /// How likely each pair of median and spread is, as a logarithm; the likeliest has 0.
    likelihoods: Vec<f32>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    age: f64,
    counts: MachineCounts,
}

/// A median (as a logarithm) and a spread of install times.
#[derive(Clone, Copy, Debug)]
struct Installs {
    median: f64,
    spread: f64,
}

impl Forecast {
    /// Takes the counts of a reading that are believed.
    pub(crate) fn observe(&mut self, elapsed: Duration, counts: MachineCounts) {
        let age = self.age(elapsed);
        self.begun.get_or_insert(elapsed);
        let Some(Last { age: before, counts: were }) = self.last.replace(Last { age, counts }) else {
            self.likelihoods = Installs::all().map(|installs| rounded(installs.beforehand())).collect();
            return;
        };
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

    /// Returns how long to look away from this moment on, `longest` at most, where `left` more machines must complete.
    pub(crate) fn pause(&self, elapsed: Duration, left: u64, longest: Duration, pace: &Pace) -> Option<Duration> {
        let age = self.age(elapsed);
        let longest = longest.as_secs_f64().min(if self.has_completions { LONGEST } else { age.max(UNSEEN) });
        let pause = self.outlook(left, pace)?.pause(age - self.last?.age, longest);
        // In whole milliseconds: finer would only look exact.
        Duration::try_from_secs_f64((pause * 1000.0).round() / 1000.0).ok()
    }

    /// Returns how old the installs are that began when the rollout was first seen.
    fn age(&self, elapsed: Duration) -> f64 {
        self.begun.map_or(Duration::ZERO, |begun| elapsed.saturating_sub(begun)).as_secs_f64() + FIRST_AGE
    }

    fn outlook(&self, left: u64, pace: &Pace) -> Option<Outlook> {
        let Last { age, counts } = self.last?;
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

/// What is expected from the last reading on.
struct Outlook {
    age: f64,
    left: f64,
    pending: f64,
    weighed: Vec<Weighed>,
    sum: f64,
    /// How many of the machines that are left complete in a second, by the pace.
    chance: Option<f64>,
}

struct Weighed {
    installs: Installs,
    weight: f64,
    /// How likely an install is not over at the last reading, as a logarithm.
    survival: f64,
}

impl Outlook {
    /// Returns how likely it is that enough machines have completed so many seconds after the last reading.
    fn is_over(&self, after: f64) -> f64 {
        let over = self.weighed.iter().map(|Weighed { installs, weight, survival }| {
            let completed = -(installs.survival(self.age + after) - survival).exp_m1();
            weight * at_least(self.left, self.pending, completed.clamp(0.0, 1.0))
        });
        let by_age = over.sum::<f64>() / self.sum;
        let by_pace = self.chance.map(|chance| at_least(self.left, self.pending, -(-chance * after).exp_m1()));
        by_pace.map_or(by_age, |by_pace| f64::midpoint(by_age, by_pace))
    }

    /// Returns the pause, in seconds, that begins `since` the last reading and is late by no more than it may be.
    fn pause(&self, since: f64, longest: f64) -> f64 {
        // Far from the end one look is enough: it is never late by more than this.
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

    /// Returns how likely these are before anything is seen, as a logarithm.
    fn beforehand(self) -> f64 {
        -(self.median - USUAL_MEDIAN.ln()).powi(2) / 2.0
    }

    /// Returns how likely an install takes longer than so many seconds, as a logarithm.
    fn survival(self, seconds: f64) -> f64 {
        let late = seconds.ln() - self.median;
        let straggler = STRAGGLERS.ln() + beyond(late / STRAGGLERS_SPREAD);
        let usual = (1.0 - STRAGGLERS).ln() + beyond(late / self.spread);
        let (more, less) = if usual > straggler { (usual, straggler) } else { (straggler, usual) };
        more + (less - more).exp().ln_1p()
    }
}

/// Returns how likely a normally distributed number lies so many deviations beyond the middle, as a logarithm: by the
/// logistic approximation, which keeps its digits far out in the tail.
fn beyond(deviations: f64) -> f64 {
    let odds = 1.5976 * deviations + 0.070_56 * deviations.powi(3);
    -if odds > 30.0 { odds } else { odds.exp().ln_1p() }
}

/// Returns how likely at least `left` of `pending` machines have completed, where each has with this probability.
fn at_least(left: f64, pending: f64, probability: f64) -> f64 {
    if left >= pending {
        return probability.powf(pending);
    }
    let deviation = (pending * probability * (1.0 - probability)).sqrt().max(1e-9);
    let deviations = ((pending * probability - left + 0.5) / deviation).clamp(-30.0, 30.0);
    1.0 / (1.0 + (-1.5976 * deviations - 0.070_56 * deviations.powi(3)).exp())
}

#[allow(clippy::cast_possible_truncation)] // How likely something is needs no more digits.
const fn rounded(likelihood: f64) -> f32 {
    likelihood as f32
}
