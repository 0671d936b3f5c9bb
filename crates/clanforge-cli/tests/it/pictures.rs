//! The pictures of the pages, as SVG: what the command draws in simulations.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use clanforge_simulator::Simulator;

use crate::generated::writes;
use crate::process::{Finished, command, run, simulator};

const ROW: usize = 21;
const COLUMN: f64 = 8.43;

#[test]
fn the_picture_of_the_live_view_is_what_the_command_draws() {
    let rollout = Recorded::new("stragglers");
    let wait = rollout.run(&["wait", "--since", "before.json", "--max-failed", "5%", "--progress", "tty"]);
    // Each view begins where the cursor has gone up to the first line of the one before.
    let view = wait.stderr.split("\u{1b}[J").find(|view| view.contains("(53.5 %)")).expect("a view of the middle");
    let lines: Vec<_> = view.lines().filter(|line| !line.contains('\u{1b}')).collect();
    let picture = svg("clanforge rollout --image 5678 --max-failed 5% -- ./start-the-rollout 1.2.3", &lines);
    compare("live-view.svg", &picture);
}

#[test]
fn the_picture_of_the_evidence_is_the_report_of_a_wait() {
    let rollout = Recorded::new("stale-start");
    rollout.run(&["wait", "--since", "before.json", "--start-grace", "15m", "--report", "evidence.svg"]);
    compare("evidence.svg", &fs::read_to_string(rollout.folder.path().join("evidence.svg")).unwrap());
}

/// A simulated rollout of which a baseline is taken.
struct Recorded {
    simulator: Simulator,
    folder: tempfile::TempDir,
}

impl Recorded {
    fn new(scenario: &str) -> Self {
        let rollout = Self { simulator: simulator(scenario), folder: tempfile::tempdir().unwrap() };
        rollout.simulator.advance(Duration::ZERO);
        rollout.run(&["baseline", "--output-file", "before.json"]);
        rollout
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        let mut command = command();
        command.envs(self.simulator.environment()).env("LANG", "C.UTF-8").env("TERM", "xterm").env("NO_COLOR", "1");
        command.env_remove("LC_ALL").env_remove("LC_CTYPE").env_remove("CI").current_dir(self.folder.path());
        run(command.args(arguments).args(["--asid", "1234", "--image", "5678"]))
    }
}

/// Compares a picture of the pages, or writes it.
fn compare(name: &str, picture: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/assets").join(name);
    if writes() {
        fs::write(file, picture).unwrap();
    } else {
        assert_eq!(fs::read_to_string(file).unwrap_or_default(), picture, "{name} is stale: run cargo xtask generate");
    }
}

/// Returns a terminal with these lines.
fn svg(typed: &str, lines: &[&str]) -> String {
    let (width, height) = (720, (lines.len() + 2) * ROW + 10);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <title>The live view of a rollout: {}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#1e2130\"/>\n",
        lines[1]
    );
    let typed = format!("$ {typed}");
    for (index, line) in [typed.as_str()].iter().chain(lines).enumerate() {
        // Parts of one kind are placed at their column, whatever the width of the letters of the font.
        let mut column = 0;
        for (text, kind) in runs(line) {
            let (x, y) = (16.0 + COLUMN * f64::from(column), (index + 1) * ROW + 8);
            let fill = match kind {
                '█' => "#7ee787",
                '░' => "#4b5166",
                _ if index == 0 => "#ffffff",
                _ => "#c9d1d9",
            };
            let count = u32::try_from(text.chars().count()).unwrap();
            let length = COLUMN * f64::from(count);
            match kind {
                '█' | '░' => {
                    writeln!(svg, "<rect x=\"{x:.1}\" y=\"{}\" width=\"{length:.1}\" height=\"14\" fill=\"{fill}\"/>", y - 12)
                }
                _ if text.trim().is_empty() => Ok(()),
                _ => writeln!(
                    svg,
                    "<text x=\"{x:.1}\" y=\"{y}\" fill=\"{fill}\" textLength=\"{length:.1}\" xml:space=\"preserve\">{text}</text>"
                ),
            }
            .unwrap();
            column += count;
        }
    }
    svg + "</svg>\n"
}

/// Returns the parts of a line: full parts of bars, empty ones, and text.
fn runs(line: &str) -> Vec<(String, char)> {
    let mut runs: Vec<(String, char)> = Vec::new();
    for letter in line.chars() {
        let kind = if matches!(letter, '█' | '░') { letter } else { ' ' };
        match runs.last_mut() {
            Some((text, last)) if *last == kind => text.push(letter),
            _ => runs.push((letter.to_string(), kind)),
        }
    }
    runs
}
