//! Ten thousand waits in one process, against a simulator in another: memory and processor time for each, and whether any
//! reading comes late.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clanforge::monitor::{Policy, Update};
use clanforge::{Client, Credentials, ImageRef, Updates};

const WAITS: u64 = 10_000;
const INTERVAL: Duration = Duration::from_secs(10);
const MEASURED: Duration = Duration::from_secs(45);

/// The most by which jitter lengthens a poll interval.
const JITTER: f64 = 1.1;

/// A rollout that has started and makes no progress.
const SCENARIO: &str = r#"
description = "A rollout that makes no progress"
[[responses]]
kind = "response"
body = '{"pending_machines": 30, "failed_machines": 0, "completed_machines": 10}'
"#;

static READINGS: AtomicU64 = AtomicU64::new(0);
static ERRORS: AtomicU64 = AtomicU64::new(0);
static LATEST_MICROS: AtomicU64 = AtomicU64::new(0);

pub(crate) fn measure(command: &str) -> anyhow::Result<()> {
    let (_simulator, url) = Simulator::start(command)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let credentials = Credentials::bearer("simulator-token");
    let client = Client::builder().base_url(url).credentials(credentials).build()?;
    let mut policy = Policy::default();
    (policy.start_grace, policy.timeout) = (Some(Duration::ZERO), None);
    (policy.min_interval, policy.max_interval) = (INTERVAL, INTERVAL);
    let (memory_before, began) = (resident_bytes()?, Instant::now());
    let processor_before = processor_time()?;
    runtime.block_on(async {
        for image in 1..=WAITS {
            let updates = client.watch(ImageRef::new(1, image)).policy(policy.clone()).stream();
            tokio::spawn(follow(updates));
            // Their starts are spread over an interval, as those of many deployments are.
            if image % 100 == 0 {
                tokio::time::sleep(INTERVAL / 100).await;
            }
        }
        tokio::time::sleep(MEASURED.saturating_sub(began.elapsed())).await;
    });
    let memory = (resident_bytes()? - memory_before) / WAITS;
    let processor = processor_time()?.saturating_sub(processor_before);
    let (readings, errors) = (READINGS.load(Ordering::SeqCst), ERRORS.load(Ordering::SeqCst));
    println!(
        "\n{WAITS} waits in one process, a reading each {} s (goal: none late by more than 1 s)",
        INTERVAL.as_secs()
    );
    println!("  {readings} readings and {errors} errors in {:.0} s", began.elapsed().as_secs_f64());
    println!("  {memory} bytes of memory for each wait");
    let each = processor.as_micros() / u128::from(readings.max(1));
    println!("  {each} µs of processor time for each reading");
    println!("  the latest reading was {:?} late", Duration::from_micros(LATEST_MICROS.load(Ordering::SeqCst)));
    Ok(())
}

/// Follows one wait, and counts its readings and how late they came.
async fn follow(mut updates: Updates) {
    let mut due: Option<Duration> = None;
    while let Some(Ok(update)) = updates.next().await {
        match update {
            Update::Reading(reading) => {
                READINGS.fetch_add(1, Ordering::SeqCst);
                let late = due.map_or(Duration::ZERO, |due| reading.elapsed.saturating_sub(due));
                LATEST_MICROS.fetch_max(u64::try_from(late.as_micros()).unwrap_or(u64::MAX), Ordering::SeqCst);
                due = reading.next.map(|pause| reading.elapsed + pause.mul_f64(JITTER));
            }
            Update::ReadFailed(_) => {
                ERRORS.fetch_add(1, Ordering::SeqCst);
                due = None;
            }
            Update::Outcome(_) => return,
            _ => {}
        }
    }
}

/// A simulator in a process of its own, stopped when it is dropped.
struct Simulator(Child);

impl Simulator {
    fn start(command: &str) -> anyhow::Result<(Self, String)> {
        let scenario = std::env::temp_dir().join(format!("clanforge-waits-{}.toml", std::process::id()));
        fs::write(&scenario, SCENARIO)?;
        let mut child = Command::new(command)
            .arg("simulate")
            .arg("--scenario")
            .arg(&scenario)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().context("the simulator has no standard output")?).read_line(&mut url)?;
        fs::remove_file(&scenario)?;
        ensure!(url.starts_with("http://"), "the simulator did not start");
        Ok((Self(child), url.trim().to_owned()))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // A process that has ended already needs no stopping.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the memory of this process, as Linux counts it.
fn resident_bytes() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("memory is counted on Linux only")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes * 1024)
}

/// Returns the processor time of this process, as Linux counts it: in hundredths of a second.
fn processor_time() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").context("processor time is counted on Linux only")?;
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).context("no such field");
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}
