//! Memory and open descriptors of this process, as Linux counts them.

use std::fs;
use std::time::Instant;

use anyhow::Context;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Memory and open descriptors at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resources {
    pub(crate) resident_bytes: u64,
    pub(crate) descriptors: usize,
}

impl Resources {
    pub(crate) fn now() -> anyhow::Result<Self> {
        let status = fs::read_to_string("/proc/self/status").context("memory is counted on Linux only")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        // Reading the folder opens one itself.
        let descriptors = fs::read_dir("/proc/self/fd")?.count() - 1;
        Ok(Self { resident_bytes: kilobytes * 1024, descriptors })
    }
}

/// Raises the limit of descriptors as far as the system allows, and returns a sentence about it.
pub(crate) fn raise_descriptor_limit() -> anyhow::Result<String> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?;
    let text = |limit: Option<u64>| limit.map_or_else(|| "no limit".to_owned(), |limit| limit.to_string());
    Ok(format!("limit of descriptors: {}, raised to {}", text(current), text(maximum)))
}

/// Returns how many descriptors may be open.
pub(crate) fn descriptor_limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Prints memory and descriptors at each tenth of the work.
pub(crate) struct Tenths {
    total: u64,
    printed: u64,
    started: Instant,
    rows: Vec<Resources>,
    most_descriptors: usize,
}

impl Tenths {
    pub(crate) fn new(total: u64) -> Self {
        println!("{:>10}  {:>8}  {:>12}  {:>11}", "done", "seconds", "memory (KiB)", "descriptors");
        Self { total, printed: 0, started: Instant::now(), rows: Vec::new(), most_descriptors: 0 }
    }

    /// Records memory and descriptors at this point of the work, and prints them at each tenth.
    pub(crate) fn note(&mut self, done: u64) -> anyhow::Result<()> {
        let now = Resources::now()?;
        self.most_descriptors = self.most_descriptors.max(now.descriptors);
        let tenths = (done * 10).checked_div(self.total).unwrap_or(10);
        if tenths > self.printed || (done == 0 && self.rows.is_empty()) {
            self.printed = tenths;
            self.rows.push(now);
            let seconds = self.started.elapsed().as_secs();
            println!("{done:>10}  {seconds:>8}  {:>12}  {:>11}", now.resident_bytes / 1024, now.descriptors);
        }
        Ok(())
    }

    /// Prints the highest number of descriptors, and whether memory grew from the third row on: by then everything that is
    /// allocated once is there.
    pub(crate) fn conclude(&self) {
        println!("most descriptors at once: {}", self.most_descriptors);
        let (Some(settled), Some(last)) = (self.rows.get(2), self.rows.last()) else { return };
        let allowance = settled.resident_bytes / 10;
        let is_stable = last.resident_bytes <= settled.resident_bytes + allowance;
        let word = if is_stable { "stable" } else { "growing" };
        println!(
            "memory is {word}: {} KiB at the third row, {} KiB at the last",
            settled.resident_bytes / 1024,
            last.resident_bytes / 1024
        );
    }
}
