//! Whether the wait ends after a status, and the sentence that says why.

use std::time::Duration;

use super::machine::{Monitor, Seen};
use super::outcome::{Freshness, OutcomeKind};
use crate::gate::{CountName, Verdict};
use crate::seconds;
use crate::status::MachineCounts;

/// What the sentence of an outcome adds if nothing proved that the counts are the new version's.
const ASSUMED: &str = "assumed to be the new version: the start of the rollout was not observed";

impl Monitor {
    /// Returns the outcome that a reading stands for, if another reading confirms it.
    pub(super) fn final_word(&self, verdict: &Verdict, judged: Option<MachineCounts>) -> Option<OutcomeKind> {
        if verdict.is_ready() {
            return Some(OutcomeKind::Ready);
        }
        let has_settled = !verdict.is_short_of(CountName::Pending);
        // Machines that had failed before stay disabled for hours, and say nothing about the new version.
        let has_failed_anew = judged.is_none_or(|judged| judged.failed_machines() > self.failed_before);
        let is_clear = has_settled || (self.policy.fail_fast && has_failed_anew);
        let has_failed = verdict.is_short_of(CountName::Failed) && is_clear;
        has_failed.then_some(OutcomeKind::Failed)
    }

    /// Returns how the wait ends after the last status, if it does.
    pub(super) fn conclude(&self, elapsed: Duration) -> Option<(OutcomeKind, String)> {
        let Seen { verdict, .. } = self.last.as_ref()?;
        let freshness = self.freshness(elapsed);
        let reason = verdict.reason().trim_start_matches("not ready: ");
        if let Some(kind) = self.streak.kind
            && self.streak.readings >= self.policy.confirmations
        {
            return Some(match kind {
                OutcomeKind::Ready if freshness == Freshness::Assumed => (kind, format!("{reason}; {ASSUMED}")),
                OutcomeKind::Ready => (kind, reason.to_owned()),
                _ => {
                    let failed = verdict.shortfall_reason(CountName::Failed);
                    (kind, format!("failed: {}", failed.as_deref().unwrap_or(reason)))
                }
            });
        }
        let grace = self.policy.start_grace(self.has_baseline);
        if freshness == Freshness::Unknown && elapsed >= grace && !self.evidence.is_near() {
            let grace = seconds::text(grace);
            let place = self.evidence.laggard(verdict).map_or_else(String::new, |scope| format!(" in {scope}"));
            let reason = format!("not started: no evidence of the new version{place} within {grace}");
            return Some((OutcomeKind::NotStarted, reason));
        }
        if self.is_over(elapsed) {
            return Some((OutcomeKind::TimedOut, self.timed_out_reason()));
        }
        if self.streak.kind.is_none() && self.progress.idle() >= self.policy.stall_timeout {
            let idle = seconds::text(self.progress.idle());
            return Some((OutcomeKind::Stalled, format!("stalled: no progress for {idle}: {reason}")));
        }
        None
    }

    pub(super) fn timed_out_reason(&self) -> String {
        let timeout = seconds::text(self.policy.timeout.unwrap_or_default());
        match &self.last {
            Some(Seen { verdict, .. }) if verdict.is_ready() => {
                format!("timed out after {timeout}: the last reading passed the gate but was not confirmed")
            }
            Some(Seen { verdict, .. }) => {
                format!("timed out after {timeout}: {}", verdict.reason().trim_start_matches("not ready: "))
            }
            None => format!("timed out after {timeout}: no status was read"),
        }
    }
}
