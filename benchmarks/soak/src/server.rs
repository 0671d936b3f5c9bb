//! The fault server, in a process of its own: responses, faults and rollouts by the image that is asked for.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, ensure};
use clanforge_test_faults::response;
use clanforge_test_faults::server::{Action, start};

use crate::fault::{Fault, machines};
use crate::rollout::Rollout;

/// The account service whose images are read once.
pub(crate) const READINGS: u64 = 1;

/// The account service whose images are waited for.
pub(crate) const WAITS: u64 = 2;

/// A server in a process of its own, stopped when it is dropped.
pub(crate) struct ServerProcess {
    child: Child,
    url: String,
}

impl ServerProcess {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut child = Command::new(program).arg("--serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.as_mut().context("the server has no standard output")?;
        let url = BufReader::new(output).lines().map_while(Result::ok).find(|line| line.starts_with("http://"));
        ensure!(url.is_some(), "the server did not start");
        Ok(Self { child, url: url.unwrap_or_default() })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // A process that has ended already needs no stopping.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until standard input ends, as it does when the process that started this one is gone.
pub(crate) fn run() -> anyhow::Result<()> {
    let memory = Mutex::new(Memory::default());
    let address = start(move |request| {
        let (account_service_id, image_id) = ids(request.head).expect("every request is for a status");
        // A request that panicked has left no half-changed state.
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        match account_service_id {
            WAITS => {
                let (status, machines) = Rollout::of(image_id).response(memory.count(image_id));
                vec![Action::Send(response(status, "", body(machines).as_bytes()))]
            }
            _ => memory.fault(image_id).actions(&body(machines(image_id))),
        }
    })?;
    println!("http://{address}");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// What the server remembers between requests.
#[derive(Default)]
struct Memory {
    /// Images whose first attempt has failed, and whose second is to come.
    failed: HashSet<u64>,
    /// The number of requests for each image that is waited for.
    requests: HashMap<u64, u64>,
}

impl Memory {
    /// Returns how many requests for an image came before this one.
    fn count(&mut self, image_id: u64) -> u64 {
        let requests = self.requests.entry(image_id).or_default();
        std::mem::replace(requests, *requests + 1)
    }

    /// Returns the fault that this request meets: a transient one at every second request.
    fn fault(&mut self, image_id: u64) -> Fault {
        let fault = Fault::of(image_id);
        if !fault.is_transient() || self.failed.insert(image_id) {
            return fault;
        }
        self.failed.remove(&image_id);
        Fault::None
    }
}

/// Returns account service ID and image ID of `GET /cfp/v2/project/1/image/2/status HTTP/1.1`.
fn ids(head: &str) -> Option<(u64, u64)> {
    let mut parts = head.split('/');
    let mut number = |place| parts.nth(place).and_then(|part: &str| part.parse().ok());
    Some((number(4)?, number(1)?))
}

fn body([pending, failed, completed]: [u64; 3]) -> String {
    format!(r#"{{"pending_machines": {pending}, "failed_machines": {failed}, "completed_machines": {completed}}}"#)
}
