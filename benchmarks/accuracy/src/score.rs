//! How often each waiter is right, how late, and at what cost.

use std::collections::BTreeMap;

use clanforge_core::monitor::{Freshness, OutcomeKind};

use crate::family::Family;
use crate::numbers::float;
use crate::waiter::{Ending, Waiter};

/// How one waiter ended in all rollouts of one family.
#[derive(Debug, Default)]
pub(crate) struct Score {
    rollouts: u64,
    ready: u64,
    false_ready: u64,
    false_ready_unannounced: u64,
    false_failed: u64,
    missed: u64,
    not_started: u64,
    lag_seconds: f64,
    readings_until_ready: u64,
}

impl Score {
    pub(crate) const HEADING: &'static str = "family                      waiter                    right  false ready (unannounced)  false failed  missed  not started  lag s  readings  lag × readings";

    pub(crate) fn add(&mut self, ending: &Ending) {
        self.rollouts += 1;
        match ending.kind {
            Some(OutcomeKind::Ready) if !ending.was_ready => {
                self.false_ready += 1;
                self.false_ready_unannounced += u64::from(ending.freshness != Freshness::Assumed);
            }
            Some(OutcomeKind::Ready) => {
                self.ready += 1;
                self.readings_until_ready += ending.readings;
                let since = ending.ready_since.unwrap_or(ending.at);
                self.lag_seconds += ending.at.saturating_sub(since).as_secs_f64();
            }
            Some(OutcomeKind::Failed) if !ending.had_failed => self.false_failed += 1,
            // A rollout that failed by the gate is not missed, even if it recovers later.
            Some(OutcomeKind::Failed) => {}
            kind => {
                self.not_started += u64::from(kind == Some(OutcomeKind::NotStarted));
                self.missed += u64::from(ending.ready_since.is_some());
            }
        }
    }

    pub(crate) fn row(&self, family: &str, waiter: &str) -> String {
        format!(
            "{family:<27} {waiter:<25} {:>5} {:>12} {:>13} {:>13} {:>7} {:>12} {:>6.1} {:>9.1} {:>15.0}",
            self.rollouts - self.false_ready - self.false_failed - self.missed,
            self.false_ready,
            self.false_ready_unannounced,
            self.false_failed,
            self.missed,
            self.not_started,
            self.lag(),
            self.readings(),
            self.lag() * self.readings(),
        )
    }

    /// Returns how many false outcomes there are beyond those that are allowed.
    pub(crate) fn forbidden(&self, family: Family, waiter: Waiter) -> u64 {
        let allowed = if family.is_combination() { self.rollouts / 100 } else { 0 };
        match waiter {
            Waiter::WithBaseline => (self.false_ready + self.false_failed).saturating_sub(allowed),
            Waiter::WithoutBaseline if family.is_combination() => 0,
            Waiter::WithoutBaseline => self.false_ready_unannounced,
            Waiter::PollUntilNonePending | Waiter::Smithy | Waiter::PollUntilKnownNumber => 0,
        }
    }

    /// Returns the mean time from ready to the end of the wait, in seconds.
    fn lag(&self) -> f64 {
        self.lag_seconds / float(self.ready.max(1))
    }

    /// Returns the mean number of readings until the wait ended as ready.
    fn readings(&self) -> f64 {
        float(self.readings_until_ready) / float(self.ready.max(1))
    }
}

/// Lag times readings: the cost of an early outcome, over the families in which a waiter is always right.
#[derive(Debug, Default)]
pub(crate) struct Costs {
    by_waiter: BTreeMap<&'static str, Vec<(Family, f64)>>,
}

impl Costs {
    pub(crate) fn add(&mut self, family: Family, waiter: Waiter, score: &Score) {
        if family.starts_at_once() && score.ready > 0 && score.false_ready == 0 {
            self.by_waiter.entry(waiter.name()).or_default().push((family, score.lag() * score.readings()));
        }
    }

    pub(crate) fn report(&self) -> String {
        let Some(ours) = self.by_waiter.get(Waiter::WithBaseline.name()) else {
            return "nothing to compare".to_owned();
        };
        let mut lines =
            vec!["lag × readings, over the families in which the alternative is always right (goal: 0.33)".to_owned()];
        for (waiter, costs) in &self.by_waiter {
            let both = costs.iter().filter_map(|(family, cost)| {
                let ours = ours.iter().find(|(ours, _)| ours == family)?;
                Some((ours.1, *cost))
            });
            let (ours, theirs, families) = both.fold((0.0, 0.0, 0), |(ours, theirs, families), (our, their)| {
                (ours + our, theirs + their, families + 1)
            });
            lines.push(format!(
                "  {waiter:<25} {families:>2} families   ours / its = {:.2}   (mean {:.0} / {:.0})",
                ours / theirs,
                ours / f64::from(families),
                theirs / f64::from(families)
            ));
        }
        lines.join("\n")
    }
}
