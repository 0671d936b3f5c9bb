//! Whether the wait ends after a status, and the sentence that says why.

use std::time::Duration;

use super::machine::{Monitor, Seen};
use super::outcome::{Freshness, OutcomeKind};
use crate::gate::{CountName, Verdict};
use crate::seconds;
use crate::status::MachineCounts;

/// What the sentence of an outcome adds if nothing proved that the counts are the new version's.
const ASSUMED: &str = "assumed to be the new version: the start of the rollout was not observed";

/// The most parts that a sentence names.
const MOST_PARTS: usize = 12;

impl Monitor {
    /// Returns the outcome that a reading suggests, which further readings have to confirm.
    pub(super) fn suggested_outcome(&self, verdict: &Verdict, judged: Option<MachineCounts>) -> Option<OutcomeKind> {
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
    pub(super) fn conclude(&self, elapsed: Duration, now: Duration) -> Option<(OutcomeKind, String)> {
        let Seen { verdict, .. } = self.last.as_ref()?;
        let freshness = self.freshness();
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
        if freshness == Freshness::Unknown && self.grace_left(now).is_zero() && !self.evidence.is_near() {
            return Some((OutcomeKind::NotStarted, self.not_started_reason()));
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

    fn not_started_reason(&self) -> String {
        let grace = self.policy.start_grace(self.has_baseline);
        let is_shortened = self.policy.has_short_grace(self.has_baseline);
        let (seen, needed) = self.evidence.machines_seen();
        let facts = [
            self.empty_image().map(|image| format!("{image}: ")),
            Some("no evidence of the new version".to_owned()),
            parts(&self.evidence.laggards()),
            Some(format!(" within {}", seconds::text(grace))),
            is_shortened.then(|| " (half of the timeout)".to_owned()),
            (!self.evidence.last_activity().is_zero()).then(|| " of the last activity".to_owned()),
            (seen > 0).then(|| format!("; {seen} of {needed} machines were seen to start")),
        ];
        format!("not started: {}", facts.into_iter().flatten().collect::<String>())
    }

    pub(super) fn timed_out_reason(&self) -> String {
        let timeout = seconds::text(self.policy.timeout.unwrap_or_default());
        let why = match &self.last {
            Some(Seen { verdict, .. }) if !verdict.is_ready() => verdict.reason().trim_start_matches("not ready: "),
            Some(_) if self.freshness() == Freshness::Unknown => "the rollout was not seen to start",
            Some(_) => "the last reading passed the gate but was not confirmed",
            None => "no status was read",
        };
        format!("timed out after {timeout}: {why}")
    }

    /// Returns a sentence about where the wait stands after a reading.
    pub(super) fn message(&self, now: Duration, inconsistent: bool) -> String {
        let Some(Seen { verdict, .. }) = &self.last else { return String::new() };
        let verdict = verdict.reason();
        let unsettled = self.evidence.unsettled_for(now).filter(|_| self.has_suggested_outcome);
        let message = match (self.freshness(), unsettled) {
            (Freshness::Unknown, _) => {
                let parts = parts(&self.evidence.laggards()).unwrap_or_default();
                let image = self.empty_image().map_or_else(String::new, |image| format!("; {image}"));
                format!("waiting for the rollout to start{parts}{image}")
            }
            (_, Some(left)) => {
                let left = seconds::text(Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0)));
                format!("{verdict}; final in {left} at the earliest, since machines have just begun to install")
            }
            (Freshness::Assumed, None) => format!("{verdict}; {ASSUMED}"),
            (Freshness::Observed, None) => verdict.to_owned(),
        };
        if inconsistent { format!("{message}; the service's responses are inconsistent") } else { message }
    }

    /// Returns a sentence about the last status, if it has no machines.
    pub(super) fn empty_image(&self) -> Option<&'static str> {
        let is_empty = self.last.as_ref()?.verdict.is_empty();
        is_empty.then_some("the image has no machines")
    }
}

/// Returns the names of the parts that were not seen to start, after ` in `.
fn parts(names: &[&str]) -> Option<String> {
    let first = &names[..names.len().min(MOST_PARTS)];
    let others = match names.len() - first.len() {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    (!names.is_empty()).then(|| format!(" in {}{others}", first.join(", ")))
}
