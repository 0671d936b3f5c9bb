//! Reports of waits: what they show, and that untrusted text is shown as text.

use std::time::{Duration, SystemTime};

use clanforge_core::monitor::{Baseline, Monitor, Next, Policy, ReadFailure, Reading, Update};
use clanforge_core::recording::RecordingHeader;
use clanforge_core::report::{Report, ReportFormat, outcome_html, render};
use clanforge_core::{ErrorKind, FleetStatus, ImageRef, ImageStatus, MachineCounts, RegionStatus};

const IMAGE: ImageRef = ImageRef::new(1234, 5678);
const HOSTILE: &str = "</td><script>alert(1)</script>|`::error::x`\n::error::@all";

fn counts(pending: u64, failed: u64, completed: u64) -> MachineCounts {
    MachineCounts::new(pending, failed, completed).expect("small counts fit")
}

fn status(regions: impl IntoIterator<Item = (String, MachineCounts)>) -> ImageStatus {
    let regions: Vec<_> = regions
        .into_iter()
        .enumerate()
        .map(|(id, (name, counts))| RegionStatus::new(id.to_string(), name, counts))
        .collect();
    let whole = MachineCounts::sum(regions.iter().map(RegionStatus::counts)).expect("small counts fit");
    let fleet = FleetStatus::new("fleet", whole, regions).expect("the regions differ");
    ImageStatus::with_fleets(whole, vec![fleet]).expect("there is one fleet")
}

fn region(name: &str, counts: MachineCounts) -> ImageStatus {
    status([(name.to_owned(), counts)])
}

/// Returns the report of a wait with these readings, 30 seconds apart, and its updates.
fn report(readings: Vec<Reading>) -> (Report, Vec<Update>) {
    let baseline = Baseline::new(IMAGE, region("Europe", counts(0, 0, 40)));
    let mut policy = Policy::default();
    policy.settle = Duration::ZERO;
    let mut monitor = Monitor::new(IMAGE, policy.clone(), Some(&baseline)).expect("the policy is valid");
    let header = RecordingHeader::new("wait".to_owned(), SystemTime::UNIX_EPOCH, IMAGE, policy, Some(baseline));
    let mut updates = Vec::new();
    for (number, reading) in (0..).zip(readings) {
        let step = monitor.observe(Duration::from_secs(number * 30), reading);
        updates.push(step.update);
        if let Next::Finished(outcome) = step.next {
            updates.push(Update::Outcome(*outcome));
        }
    }
    let mut report = Report::new(header);
    for update in &updates {
        report.add(update);
    }
    (report, updates)
}

fn read(pending: u64, failed: u64, completed: u64) -> Reading {
    Reading::Status(region("Europe", counts(pending, failed, completed)))
}

fn failed() -> Reading {
    let message = "could not connect".to_owned();
    let kind = ErrorKind::Connection;
    Reading::Failed(ReadFailure { kind, message, status: None, retry_after: None, service_message: None })
}

fn pages(report: &Report) -> [String; 3] {
    ReportFormat::ALL.map(|format| render(std::slice::from_ref(report), format))
}

#[test]
fn a_report_shows_the_start_the_outage_and_the_end_of_a_rollout() {
    let readings = vec![
        read(0, 0, 40),
        read(40, 0, 0),
        read(40, 0, 0),
        failed(),
        failed(),
        read(20, 0, 20),
        read(0, 0, 40),
        read(0, 0, 40),
    ];
    let (report, _) = report(readings);
    for page in pages(&report) {
        for text in [
            "Ready after 3 min 30 s",
            "start: machines left the completed state",
            "evidence: the counts are those of the new version",
            "outage: the service could not be read until 2 min 30 s",
            "outcome: ready",
            "image 5678 of account service 1234",
        ] {
            assert!(page.contains(text), "{text:?} is missing in:\n{page}");
        }
    }
}

#[test]
fn a_report_of_a_failed_wait_says_why_it_is_not_ready() {
    let (report, updates) = report(vec![read(40, 0, 0), read(40, 0, 0), read(8, 2, 30), read(8, 2, 30)]);
    let [html, _, markdown] = pages(&report);
    let not_ready = "the image has 8 pending machines, at most 0 allowed, and 2 failed machines, at most 0 allowed";
    assert!(html.contains(&format!("<li>{not_ready}</li>")), "{html}");
    assert!(markdown.contains(&format!("Not ready:\n\n- {not_ready}\n")), "{markdown}");
    let Some(Update::Outcome(outcome)) = updates.last() else { panic!("the wait has no outcome") };
    assert!(outcome_html(outcome).contains("<strong>failed</strong>"));
    assert!(outcome_html(outcome).contains("<td>Europe</td>"));
}

#[test]
fn a_report_of_an_interrupted_wait_says_so() {
    for page in pages(&report(vec![read(40, 0, 0), failed()]).0) {
        assert!(page.contains("Undecided after 30 s"), "{page}");
        assert!(page.contains("The recording ends before the wait does"), "{page}");
        assert!(page.contains("could not be read to the end"), "{page}");
    }
    for page in pages(&report(vec![]).0) {
        assert!(page.contains("Undecided after 0 s"), "{page}");
    }
}

#[test]
fn untrusted_text_is_neither_markup_nor_a_command() {
    let hostile = |failed| Reading::Status(region(HOSTILE, counts(38, failed, 0)));
    let (report, updates) = report(vec![hostile(0), hostile(0), hostile(2), hostile(2)]);
    let [html, svg, markdown] = pages(&report);
    let Some(Update::Outcome(outcome)) = updates.last() else { panic!("the wait has no outcome") };
    for page in [&html, &svg, &markdown, &outcome_html(outcome)] {
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.lines().any(|line| line.trim_start().starts_with("::")), "{page}");
    }
    assert!(html.contains("&#60;script&#62;alert(1)"), "{html}");
    let row = markdown.lines().find(|line| line.contains("alert")).expect("the region is listed");
    assert_eq!(row.matches('|').count(), 6, "{row}");
    assert!(!row.contains('`') && !row.contains('@'), "{row}");
}

#[test]
fn a_report_of_20_000_regions_shows_the_worst_and_stays_small() {
    let large = |failed: u64| {
        let regions =
            (0..20_000).map(|number| (format!("Region {number}"), counts(1, failed * u64::from(number == 19_999), 2)));
        Reading::Status(status(regions))
    };
    let (report, _) = report(vec![large(0), large(0), large(1), large(1)]);
    for page in pages(&report) {
        assert!(page.len() < 300_000, "{} bytes", page.len());
    }
    let [html, _, markdown] = pages(&report);
    assert!(html.contains("<th scope=\"row\">Region 19999</th>"));
    for page in [html, markdown] {
        assert!(page.contains("19800 more regions are not listed."), "{page}");
    }
}

#[test]
fn a_page_has_no_scripts_and_loads_no_resources() {
    let [html, svg, _] = pages(&report(vec![read(40, 0, 0)]).0);
    assert!(html.contains("default-src 'none'"));
    for page in [html, svg] {
        for forbidden in ["<script", "src=", "href=", "url(", "@import", "<iframe"] {
            assert!(!page.contains(forbidden), "{forbidden:?} in {page}");
        }
    }
}
