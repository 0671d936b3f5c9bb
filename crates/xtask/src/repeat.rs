//! `cargo xtask test --repeat N`: the tests of every language again and again on a loaded machine, to find those that fail by
//! chance.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::languages::python::Environment;
use crate::languages::{node, python, uniffi};
use crate::pipelines;
use crate::project::{self, Project, failed, say};
use crate::suite::Suite;

/// How much of a failure's output is shown.
const LAST_LINES: usize = 40;

/// Builds everything once, runs each suite in each round while busy loops load the processors, and prints how often each one
/// passed and failed. An interrupted run continues where it stopped, unless the sources have changed since.
///
/// # Errors
/// Returns an error if a suite failed in a round, or something cannot be built.
pub(crate) fn run(project: &Project, rounds: u32) -> anyhow::Result<()> {
    let (once, mut suites) = suites(project)?;
    let mut record = Record::open(project.target.join("repeat.json"), &sources(&project.shell))?;
    let logs = project.target.join("repeat");
    let load = Load::start();
    run_rounds(&mut [once], 1, &mut record, &logs)?;
    run_rounds(&mut suites, rounds, &mut record, &logs)?;
    drop(load);
    say(&record.summary());
    let failures = record.runs.iter().filter(|run| run.failure.is_some()).count();
    // The run is complete: the next one starts from the beginning.
    fs::remove_file(&record.path)?;
    ensure!(
        failures == 0,
        "{failures} of {} runs failed; their whole output is in {}",
        record.runs.len(),
        logs.display()
    );
    Ok(())
}

/// Builds the tests of every language, and returns the documentation examples of Rust, which are slow to build and run once,
/// and all other suites.
fn suites(project: &Project) -> anyhow::Result<(Suite, Vec<Suite>)> {
    let shell = &project.shell;
    let mut suites = rust(shell)?;
    if let Some(environment) = Environment::for_tests(project)? {
        suites.push(python::suite(project, &environment));
    }
    if let Some(folder) = node::installed(project, "node/test", "dev")? {
        suites.push(node::suite(project, &folder));
    }
    suites.extend(uniffi::suites(project)?);
    suites.extend(pipelines::suite(project)?);
    Ok((Suite::new("documentation examples", cmd!(shell, "cargo test --quiet --locked --doc")), suites))
}

/// Builds the test binaries of the default members, and returns one suite for each.
fn rust(shell: &Shell) -> anyhow::Result<Vec<Suite>> {
    let messages = project::read(cmd!(shell, "cargo test --locked --no-run --message-format=json-render-diagnostics"))?;
    let root = shell.current_dir();
    let mut suites = Vec::new();
    for line in messages.lines() {
        let message: Value = serde_json::from_str(line)?;
        let (Some(program), Some(true)) = (message["executable"].as_str(), message["profile"]["test"].as_bool()) else {
            continue;
        };
        let name = message["target"]["name"].as_str().context("cargo names no target")?;
        let manifest = message["manifest_path"].as_str().context("cargo names no manifest")?;
        let package = Path::new(manifest).parent().context("the path of the manifest has no parent folder")?;
        // The directory in which cargo runs them.
        let _package = shell.push_dir(package);
        let package = package.strip_prefix(&root).unwrap_or(package).display();
        suites.push(Suite::new(format!("{package} {name}"), cmd!(shell, "{program} --quiet")));
    }
    ensure!(!suites.is_empty(), "cargo built no test binaries");
    Ok(suites)
}

fn run_rounds(suites: &mut [Suite], rounds: u32, record: &mut Record, logs: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(logs)?;
    for round in 1..=rounds {
        for suite in suites.iter_mut().filter(|suite| !record.has(&suite.name, round)).collect::<Vec<_>>() {
            let started = Instant::now();
            let log = logs.join(format!("{} {round}.log", suite.name.replace(['/', '\\'], "-")));
            let failure = run_once(suite, &log)?;
            let outcome = if failure.is_some() { "failed" } else { "passed" };
            let seconds = started.elapsed().as_secs_f64();
            say(&format!("round {round} of {rounds}: {}: {outcome} after {seconds:.1} s", suite.name));
            record.add(Run { suite: suite.name.clone(), round, failure })?;
        }
    }
    Ok(())
}

/// Returns the last lines of the output if the suite fails. Only then the log stays.
fn run_once(suite: &mut Suite, log: &Path) -> anyhow::Result<Option<String>> {
    let output = File::create(log)?;
    let line = suite.line();
    let command = suite.command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let status = command.status().with_context(|| format!("cannot run `{line}`"))?;
    if status.success() {
        fs::remove_file(log)?;
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    let lines: Vec<_> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    Ok(Some(format!("{}\n{}", last.join("\n"), failed(&line, status))))
}

/// The runs so far, kept in a file so that an interrupted command can continue.
#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(skip)]
    path: PathBuf,
    sources: String,
    runs: Vec<Run>,
}

#[derive(Serialize, Deserialize)]
struct Run {
    suite: String,
    round: u32,
    /// The last lines of the output.
    failure: Option<String>,
}

impl Record {
    /// Reads the record of an interrupted run of the same sources, or starts a new one.
    fn open(path: PathBuf, sources: &str) -> anyhow::Result<Self> {
        let new = Self { path: path.clone(), sources: sources.to_owned(), runs: Vec::new() };
        if !path.exists() {
            return Ok(new);
        }
        let Ok(old) = serde_json::from_slice::<Self>(&fs::read(&path)?) else {
            bail!("{} is not a record of repeated tests: remove it", path.display());
        };
        if old.sources != sources {
            say("the sources have changed since the interrupted run: starting from the beginning");
            return Ok(new);
        }
        say(&format!("continuing after {} runs", old.runs.len()));
        Ok(Self { path, ..old })
    }

    fn has(&self, suite: &str, round: u32) -> bool {
        self.runs.iter().any(|run| run.suite == suite && run.round == round)
    }

    fn add(&mut self, run: Run) -> anyhow::Result<()> {
        self.runs.push(run);
        // Whole or not at all, whenever it is interrupted.
        let file = self.path.with_extension("new");
        fs::write(&file, serde_json::to_vec(self)?)?;
        Ok(fs::rename(file, &self.path)?)
    }

    /// Returns the failures, and how often each suite passed and failed.
    fn summary(&self) -> String {
        let mut text = String::new();
        let mut counts = BTreeMap::<&str, [u32; 2]>::new();
        for Run { suite, round, failure } in &self.runs {
            let [passed, failed] = counts.entry(suite).or_default();
            match failure {
                None => *passed += 1,
                Some(lines) => {
                    *failed += 1;
                    let _ = writeln!(text, "\n{suite}, round {round}:\n{lines}");
                }
            }
        }
        let heading = "suite";
        let width = counts.keys().map(|suite| suite.len()).max().unwrap_or_default().max(heading.len());
        let _ = write!(text, "\n{heading:width$}  passed  failed");
        for (suite, [passed, failed]) in counts {
            let _ = write!(text, "\n{suite:width$}  {passed:6}  {failed:6}");
        }
        text
    }
}

/// Describes the state of the sources: the commit, and what differs from it.
fn sources(shell: &Shell) -> String {
    let read = |command: xshell::Cmd<'_>| command.quiet().ignore_stderr().read().unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    read(cmd!(shell, "git diff HEAD")).hash(&mut hasher);
    format!("{} {:x}", read(cmd!(shell, "git rev-parse HEAD")), hasher.finish())
}

/// Busy loops, one for each processor.
struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let processors = thread::available_parallelism().map_or(2, usize::from);
        let spawn = |_| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        };
        Self { threads: (0..processors).map(spawn).collect(), stop }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A suite that passes, and one that fails.
    fn suites(shell: &Shell) -> [Suite; 2] {
        [Suite::new("good", cmd!(shell, "cargo --version")), Suite::new("bad", cmd!(shell, "cargo no-such-command"))]
    }

    #[test]
    fn a_failure_is_recorded_with_its_last_lines_and_the_other_suites_run_on() {
        let shell = Shell::new().unwrap();
        let folder = shell.create_temp_dir().unwrap();
        let mut record = Record::open(folder.path().join("repeat.json"), "sources").unwrap();
        run_rounds(&mut suites(&shell), 2, &mut record, folder.path()).unwrap();
        let outcomes: Vec<_> = record.runs.iter().map(|run| (&*run.suite, run.round, run.failure.is_some())).collect();
        assert_eq!(outcomes, [("good", 1, false), ("bad", 1, true), ("good", 2, false), ("bad", 2, true)]);
        let summary = record.summary();
        assert!(summary.contains("bad, round 2:\n"), "{summary}");
        assert!(summary.contains("no-such-command"), "{summary}");
        assert!(summary.ends_with("suite  passed  failed\nbad         0       2\ngood        2       0"), "{summary}");
    }

    #[test]
    fn an_interrupted_run_continues_where_it_stopped() {
        let shell = Shell::new().unwrap();
        let folder = shell.create_temp_dir().unwrap();
        let path = folder.path().join("repeat.json");
        let mut record = Record::open(path.clone(), "sources").unwrap();
        run_rounds(&mut suites(&shell)[..1], 1, &mut record, folder.path()).unwrap();
        let mut record = Record::open(path, "sources").unwrap();
        run_rounds(&mut suites(&shell), 1, &mut record, folder.path()).unwrap();
        let names: Vec<_> = record.runs.iter().map(|run| &*run.suite).collect();
        assert_eq!(names, ["good", "bad"]);
    }

    #[test]
    fn a_run_of_other_sources_starts_from_the_beginning() {
        let shell = Shell::new().unwrap();
        let folder = shell.create_temp_dir().unwrap();
        let path = folder.path().join("repeat.json");
        let mut record = Record::open(path.clone(), "sources").unwrap();
        record.add(Run { suite: "good".to_owned(), round: 1, failure: None }).unwrap();
        assert!(Record::open(path.clone(), "sources").unwrap().has("good", 1));
        assert!(!Record::open(path, "other sources").unwrap().has("good", 1));
    }
}
