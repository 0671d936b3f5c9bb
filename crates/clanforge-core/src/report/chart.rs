//! Machines over time as a stacked chart: where each area, line and label is.

#![allow(clippy::cast_precision_loss)] // A picture needs no more than the precision of a pixel.

use std::fmt::Write as _;
use std::time::Duration;

use crate::status::MachineCounts;

/// The most points of an area.
const MOST_POINTS: usize = 240;

/// The counts of a reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) at: Duration,
    pub(super) counts: MachineCounts,
}

/// When something happened that the chart marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) at: Duration,
    pub(super) name: &'static str,
}

impl Moment {
    pub(super) const START: &'static str = "start";
    pub(super) const EVIDENCE: &'static str = "evidence";

    pub(super) const fn new(at: Duration, name: &'static str) -> Self {
        Self { at, name }
    }

    /// Returns what happened.
    pub(super) fn text(&self) -> String {
        match self.name {
            Self::START => "start: machines left the completed state".to_owned(),
            Self::EVIDENCE => "evidence: the counts are those of the new version".to_owned(),
            outcome => format!("outcome: {}", outcome.replace('_', " ")),
        }
    }
}

/// A time without readings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: Duration,
    pub(super) until: Duration,
    /// Whether the wait ended in it.
    pub(super) is_open: bool,
}

/// How high an area is, in machines.
type Height = fn(MachineCounts) -> u64;

/// A chart in user units of SVG.
#[derive(Debug, Default)]
pub(super) struct Chart {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// The class of each area, the highest first, and its path.
    pub(super) areas: Vec<(&'static str, String)>,
    /// The position and label of each line of the grid.
    pub(super) rows: Vec<(f64, String)>,
    pub(super) columns: Vec<(f64, String)>,
    /// The position, width and height of the label, and the name of each moment.
    pub(super) moments: Vec<(f64, f64, String)>,
    /// The position and width of each outage.
    pub(super) outages: Vec<(f64, f64)>,
}

impl Chart {
    pub(super) const WIDTH: usize = 800;
    pub(super) const HEIGHT: usize = 336;
    pub(super) const SMALL_WIDTH: usize = 160;
    pub(super) const SMALL_HEIGHT: usize = 28;

    /// Returns the chart of a whole wait, with its axes.
    pub(super) fn large(points: &[Point], end: Duration, moments: &[Moment], outages: &[Span]) -> Self {
        let mut chart = Self { left: 56.0, right: 772.0, top: 48.0, bottom: 284.0, ..Self::default() };
        let most = most(points);
        let x = |at: Duration| chart.x(at, end);
        let columns = steps(end.as_secs_f64(), &TIME_STEPS);
        let columns = columns.map(|seconds| (x(Duration::from_secs_f64(seconds)), time_label(seconds, end))).collect();
        let rows = steps(most as f64, &[]).map(|machines| (chart.y(machines, most), machines.to_string())).collect();
        // Labels are in three rows, so that those of moments shortly after one another do not overlap.
        let moments = moments.iter().zip([14.0, 27.0, 40.0].into_iter().cycle());
        let moments = moments.map(|(moment, y)| (x(moment.at), y, moment.name.replace('_', " "))).collect();
        let outages =
            outages.iter().map(|outage| (x(outage.from), (x(outage.until) - x(outage.from)).max(2.0))).collect();
        chart.areas = chart.stack(points, end, MOST_POINTS);
        (chart.columns, chart.rows, chart.moments, chart.outages) = (columns, rows, moments, outages);
        chart
    }

    /// Returns the chart of a region, without axes.
    pub(super) fn small(points: &[Point], end: Duration) -> Self {
        let (right, bottom) = (Self::SMALL_WIDTH as f64, Self::SMALL_HEIGHT as f64);
        let mut chart = Self { right, bottom, ..Self::default() };
        chart.areas = chart.stack(points, end, MOST_POINTS / 4);
        chart
    }

    fn x(&self, at: Duration, end: Duration) -> f64 {
        let share = at.as_secs_f64() / end.as_secs_f64().max(1.0);
        self.left + (self.right - self.left) * share
    }

    fn y(&self, machines: f64, most: u64) -> f64 {
        self.bottom - (self.bottom - self.top) * machines / (most.max(1) as f64)
    }

    /// Returns the areas of pending, failed and completed machines on top of each other, each drawn down to the bottom.
    fn stack(&self, points: &[Point], end: Duration, most_points: usize) -> Vec<(&'static str, String)> {
        let thinned: Vec<&Point> =
            points.iter().step_by(points.len().div_ceil(most_points).max(1)).chain(points.last()).collect();
        let most = most(points);
        let heights: [(&'static str, Height); 3] = [
            ("pending", MachineCounts::total_machines),
            ("failed", |counts| counts.completed_machines() + counts.failed_machines()),
            ("completed", MachineCounts::completed_machines),
        ];
        let area = |height: Height| {
            let mut path = String::new();
            for (index, point) in thinned.iter().enumerate() {
                let (x, y) = (self.x(point.at, end), self.y(height(point.counts) as f64, most));
                if index == 0 {
                    let _ = write!(path, "M{x:.1} {:.1}", self.bottom);
                }
                let _ = write!(path, "L{x:.1} {y:.1}");
            }
            if let Some(last) = thinned.last() {
                let _ = write!(path, "L{:.1} {:.1}Z", self.x(last.at, end), self.bottom);
            }
            path
        };
        heights.into_iter().map(|(class, height)| (class, area(height))).collect()
    }
}

/// The steps of a time axis in seconds.
const TIME_STEPS: [f64; 12] = [1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 21600.0];

/// Returns at most eight round values from zero to `end`: multiples of one of these steps, or of a power of ten, its double
/// or its fivefold.
fn steps(end: f64, preferred: &[f64]) -> impl Iterator<Item = f64> {
    let decimal = (0..20).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    let step = preferred.iter().copied().chain(decimal).find(|step| end / step <= 7.0).unwrap_or(f64::MAX);
    (0..).map(move |index| f64::from(index) * step).take_while(move |value| *value <= end)
}

fn time_label(seconds: f64, end: Duration) -> String {
    match end.as_secs() {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

/// Returns the most machines at any time.
pub(super) fn most(points: &[Point]) -> u64 {
    points.iter().map(|point| point.counts.total_machines()).max().unwrap_or(0)
}
