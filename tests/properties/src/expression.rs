//! Properties of gates: their limits as text, their JSON, and their verdicts.

use clanforge_core::{
    FleetStatus, Gate, ImageStatus, Limit, MachineCounts, Missing, Per, Percentage, RegionStatus, Scope, ScopeVerdict,
    Verdict, decode_image_status,
};

/// Checks the first line as a limit, a scope and a gate, and evaluates the gate on the status in the rest, or else on a
/// few fixed ones.
pub fn expression(input: &[u8]) -> &'static str {
    let Ok(text) = str::from_utf8(input) else { return "not text" };
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let limit = limit(line);
    let per = line.parse::<Per>();
    match &per {
        Ok(per) => assert_eq!(per.as_str(), line),
        Err(error) => assert!(error.to_string().contains(line)),
    }
    if let Ok(percentage) = line.parse::<Percentage>() {
        assert_eq!(limit.as_ref(), Ok(&Limit::Share(percentage)));
        assert!(percentage.of(u64::MAX) <= percentage.of_at_least(u64::MAX));
    }
    let Ok(gate) = serde_json::from_str::<Gate>(line) else {
        return match (limit, per) {
            (Ok(_), _) => "limit",
            (Err(()), Ok(_)) => "scope",
            (Err(()), Err(_)) => "error",
        };
    };
    let written = serde_json::to_string(&gate).expect("a gate is JSON");
    assert_eq!(serde_json::from_str::<Gate>(&written).expect("it is a gate"), gate);
    let statuses = decode_image_status(rest.as_bytes()).map_or_else(|_| statuses(), |status| vec![status]);
    let verdicts: Vec<_> = statuses.iter().map(|status| verdict(&gate, status)).collect();
    match verdicts.iter().any(Verdict::is_ready) {
        true => "ready",
        false => "not ready",
    }
}

/// Checks a gate on a status, and returns the verdict.
pub fn verdict(gate: &Gate, status: &ImageStatus) -> Verdict {
    let verdict = gate.evaluate(status);
    assert!(!verdict.scopes().is_empty(), "a verdict has a scope");
    assert_eq!(verdict.is_ready(), verdict.reason().starts_with("ready: "));
    assert_eq!(!verdict.is_ready(), verdict.reason().starts_with("not ready: "));
    assert_eq!(verdict.is_ready(), verdict.scopes().iter().all(|scope| is_within(gate, scope)), "{gate:?}: {verdict}");
    if verdict.is_ready() {
        assert!(!gate.needs_detail() || status.fleets().is_some(), "ready without the detail that is judged");
        assert!(gate.fleets.iter().all(|id| status.fleet(id).is_some()), "ready without a fleet that is named");
        let rows: Vec<_> = status.regions().into_iter().flatten().collect();
        let has = |text: &String| rows.iter().any(|row| row.region_id == text || row.name == text);
        assert!(gate.regions.iter().all(has), "ready without a region that is named");
    }
    if !gate.needs_detail() {
        assert_eq!(verdict.scopes().iter().map(ScopeVerdict::counts).collect::<Vec<_>>(), [Some(status.counts())]);
    }
    let written = serde_json::to_string(&verdict).expect("a verdict is JSON");
    assert_eq!(serde_json::from_str::<Verdict>(&written).expect("it is a verdict"), verdict);
    verdict
}

/// Evaluates a scope by the gate's definition, without the core.
fn is_within(gate: &Gate, scope: &ScopeVerdict) -> bool {
    let most = |limit: Limit, total: u64| match limit {
        Limit::Count(machines) => machines,
        Limit::Share(share) => share.of(total),
    };
    scope.counts().is_some_and(|counts| {
        let least = if *scope.scope() == Scope::Unaccounted { 0 } else { gate.min_completed };
        counts.pending_machines() <= most(gate.max_pending, counts.total_machines())
            && counts.failed_machines() <= most(gate.max_failed, counts.total_machines())
            && counts.completed_machines() >= least
            && !matches!(scope.scope(), Scope::Missing(Missing::Detail))
    })
}

/// A limit survives a round trip, and a share allows no more machines than there are.
fn limit(text: &str) -> Result<Limit, ()> {
    let limit = text.parse::<Limit>().map_err(|error| {
        assert!(error.to_string().contains(&format!("invalid limit `{text}`")), "{error}");
    })?;
    assert_eq!(limit.to_string().parse(), Ok(limit));
    let written = serde_json::to_string(&limit).expect("a limit is JSON");
    assert_eq!(serde_json::from_str::<Limit>(&written).expect("it is a limit"), limit);
    match limit {
        Limit::Count(machines) => assert!(limit.machines(0) == machines && limit.machines(u64::MAX) == machines),
        Limit::Share(_) => {
            let totals = [0, 1, 40, 1_000_000, u64::MAX];
            assert!(totals.is_sorted_by_key(|total| limit.machines(*total)));
            assert!(totals.into_iter().all(|total| limit.machines(total) <= total));
        }
    }
    Ok(limit)
}

/// An empty image, a completed rollout, one with failed machines and one with detail.
fn statuses() -> Vec<ImageStatus> {
    let counts = |pending, failed, completed| MachineCounts::new(pending, failed, completed).expect("small counts fit");
    let regions = vec![
        RegionStatus::new("region-1", "Europe", counts(0, 0, 20)),
        RegionStatus::new("region-2", "Asia", counts(2, 1, 17)),
    ];
    let fleet = FleetStatus::new("fleet-1", counts(2, 1, 37), regions).expect("its ids differ");
    vec![
        ImageStatus::new(counts(0, 0, 0)),
        ImageStatus::new(counts(0, 0, 40)),
        ImageStatus::new(counts(0, 3, 37)),
        ImageStatus::with_fleets(counts(2, 1, 37), vec![fleet]).expect("its ids differ"),
    ]
}
