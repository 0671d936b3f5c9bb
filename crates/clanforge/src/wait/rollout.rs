//! A whole rollout: the baselines, the deployment that starts it, and the wait.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clanforge_core::monitor::{Baseline, CombinedOutcome, Policy};
use clanforge_core::{ErrorKind, ExitCode, Gate, ImageRef};

use super::all::WaitAllCall;
use super::one::WaitOptions;
use super::state_file::{Deploy, RolloutState, StateFile};
use crate::client::Client;
use crate::error::Error;

/// A rollout of one or several images: reads their baselines, runs the caller's deployment, which starts the rollout,
/// and waits for it. The options of the wait are those of a [`WaitAllCall`].
#[derive(Clone, Debug)]
#[must_use = "a rollout does nothing until run or begin is called"]
pub struct RolloutCall {
    client: Client,
    images: Vec<ImageRef>,
    wait: WaitAllCall,
    state: Option<PathBuf>,
    allow_busy: bool,
    assume_deployed: bool,
}

impl RolloutCall {
    pub(crate) fn new(client: Client, images: Vec<ImageRef>) -> Self {
        let wait = client.wait_all(images.iter().copied());
        Self { client, images, wait, state: None, allow_busy: false, assume_deployed: false }
    }

    /// Sets the whole policy of the wait: see [`WaitAllCall::policy`].
    pub fn policy(self, policy: Policy) -> Self {
        Self { wait: self.wait.policy(policy), ..self }
    }

    /// Sets the gate of every image: see [`WaitAllCall::gate`].
    pub fn gate(self, gate: Gate) -> Self {
        Self { wait: self.wait.gate(gate), ..self }
    }

    /// Sets the longest that the wait may take, from the end of the deployment on: see [`WaitAllCall::timeout`].
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { wait: self.wait.timeout(timeout), ..self }
    }

    /// Removes the timeout.
    pub fn no_timeout(self) -> Self {
        Self { wait: self.wait.no_timeout(), ..self }
    }

    /// Sets all options of the wait other than the policy.
    pub fn options(self, options: WaitOptions) -> Self {
        let state = options.state.clone();
        Self { wait: self.wait.options(options), state, ..self }
    }

    /// Requests the counts of each fleet and region even if the gate does not need them.
    pub fn detail(self, detail: bool) -> Self {
        Self { wait: self.wait.detail(detail), ..self }
    }

    /// Sets the seed of the jitter: see [`WaitAllCall::seed`].
    pub fn seed(self, seed: u64) -> Self {
        Self { wait: self.wait.seed(seed), ..self }
    }

    /// Appends the wait for each image to one file: see [`WaitAllCall::record`].
    pub fn record(self, file: impl Into<PathBuf>) -> Self {
        Self { wait: self.wait.record(file), ..self }
    }

    /// Writes a report of the wait for each image to one file: see [`WaitAllCall::report`].
    pub fn report(self, file: impl Into<PathBuf>) -> Self {
        Self { wait: self.wait.report(file), ..self }
    }

    /// Saves the rollout to a file: its baselines, that its deployment was started, how the deployment ended, and the
    /// wait. Another process continues it from there, and never starts the deployment again. Use a separate file for
    /// each rollout.
    pub fn state(self, file: impl Into<PathBuf>) -> Self {
        let file = file.into();
        Self { wait: self.wait.state(&file), state: Some(file), ..self }
    }

    /// Begins even if another rollout of an image is running.
    pub fn allow_busy(mut self, allow_busy: bool) -> Self {
        self.allow_busy = allow_busy;
        self
    }

    /// Treats a deployment that was started before, and that failed or whose result is unknown, as one that succeeded.
    pub fn assume_deployed(mut self, assume_deployed: bool) -> Self {
        self.assume_deployed = assume_deployed;
        self
    }

    /// Reads the baselines, or continues the rollout of the state.
    ///
    /// # Errors
    /// As [`Client::baselines`]; `configuration` or `local` if the wait could not begin; `busy` if at least half of the
    /// machines of an image are pending; `deploy` if the state has a deployment that failed, or whose result is
    /// unknown; `configuration` if the state is of another rollout or of a wait, or if the gate selects a fleet or
    /// region that an image does not have.
    pub async fn begin(self) -> Result<Rollout, Error> {
        let Self { client, images, wait, state, allow_busy, assume_deployed } = self;
        let file = state.map(|file| StateFile::open(&file, &images).map(Arc::new)).transpose()?;
        if let Some(file) = &file {
            file.check()?;
        }
        if let Some((file, kept)) = file.as_ref().and_then(|file| Some((file, file.rollout()?))) {
            let name = file.path().display();
            let problem = match &kept.deploy {
                Deploy::Started => format!(
                    "{name}: the deployment was started before, and its result is unknown: it still runs, or was interrupted"
                ),
                Deploy::Failed(reason) => format!("{name}: the deployment failed before: {reason}"),
                Deploy::Succeeded => String::new(),
            };
            if !problem.is_empty() && !assume_deployed {
                let advice = "wait for it as if it had succeeded (assume_deployed), or delete the file to start again";
                return Err(Error::of_kind(ErrorKind::Deploy, format!("{problem}; {advice}")));
            }
            let rollout = Rollout { wait, baselines: kept.baselines, file: Some(Arc::clone(file)), is_deployed: true };
            if kept.deploy != Deploy::Succeeded {
                rollout.keep(Deploy::Succeeded)?;
            }
            return Ok(rollout);
        }
        if file.as_ref().is_some_and(|file| images.iter().any(|image| file.wait(*image).is_some())) {
            let name = file.map(|file| file.path().display().to_string()).unwrap_or_default();
            return Err(Error::configuration(format!(
                "{name} is the state of a wait, not of a rollout: use another file"
            )));
        }
        wait.check()?;
        let baselines = client.baselines(images).await?;
        if let Some(problem) = wait.unknown_name(&baselines) {
            return Err(Error::configuration(problem));
        }
        if let Some(busy) = baselines.iter().find_map(Baseline::busy).filter(|_| !allow_busy) {
            return Err(Error::of_kind(ErrorKind::Busy, format!("{busy}, or start anyway (allow_busy)")));
        }
        Ok(Rollout { wait, baselines, file, is_deployed: false })
    }

    /// Reads the baselines, awaits the deployment unless an earlier process has started it, and waits for the rollout.
    ///
    /// ```no_run
    /// # fn start_the_rollout(version: &str) -> std::io::Result<()> { std::fs::write("version", version) }
    /// # async fn patch(client: clanforge::Client, image: clanforge::ImageRef) -> Result<(), Box<dyn std::error::Error>> {
    /// let start = async { start_the_rollout("1.2.3") };
    /// client.rollout([image]).run(start).await?.into_result()?;
    /// // … send players over …
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`RolloutError::Deploy`] has the error of the deployment; there is no wait then. Other errors are those of
    /// [`begin`](Self::begin) and of [`WaitAllCall::stream`].
    pub async fn run<T, E: Display>(
        self,
        deploy: impl Future<Output = Result<T, E>>,
    ) -> Result<CombinedOutcome, RolloutError<E>> {
        let rollout = self.begin().await?;
        if !rollout.is_deployed() {
            rollout.starting()?;
            rollout.ended(deploy.await).map_err(RolloutError::Deploy)?;
        }
        Ok(rollout.wait().await?)
    }
}

/// A rollout whose baselines are read, for callers that drive the deployment and the wait: [`starting`](Self::starting), the
/// deployment, [`ended`](Self::ended), and [`wait`](Self::wait).
#[derive(Clone, Debug)]
pub struct Rollout {
    wait: WaitAllCall,
    baselines: Vec<Baseline>,
    file: Option<Arc<StateFile>>,
    is_deployed: bool,
}

impl Rollout {
    /// Returns the baselines of the images.
    pub fn baselines(&self) -> &[Baseline] {
        &self.baselines
    }

    /// Returns true if an earlier process has started the deployment, so that only the wait is left.
    pub const fn is_deployed(&self) -> bool {
        self.is_deployed
    }

    /// Records in the state that the deployment starts.
    ///
    /// # Errors
    /// `local` if it cannot be recorded, and `busy` if another process has recorded it since this rollout began: do not start
    /// it then.
    pub fn starting(&self) -> Result<(), Error> {
        let Some(file) = &self.file else { return Ok(()) };
        file.start_rollout(self.state(Deploy::Started))
    }

    /// Records in the state how the deployment ended, and returns `result`. If it cannot be recorded, a warning is
    /// logged.
    ///
    /// # Errors
    /// The error of the deployment.
    pub fn ended<T, E: Display>(&self, result: Result<T, E>) -> Result<T, E> {
        let deploy = match &result {
            Ok(_) => Deploy::Succeeded,
            Err(error) => Deploy::Failed(error.to_string()),
        };
        if let Err(error) = self.keep(deploy) {
            tracing::warn!("{error}");
        }
        result
    }

    /// Returns the wait for the rollout.
    pub fn wait(self) -> WaitAllCall {
        self.wait.baselines(self.baselines)
    }

    fn keep(&self, deploy: Deploy) -> Result<(), Error> {
        let Some(file) = &self.file else { return Ok(()) };
        let kept = file.keep_rollout(self.state(deploy));
        kept.map_err(|problem| Error::local(format!("the state of the rollout was not saved: {problem}")))
    }

    fn state(&self, deploy: Deploy) -> RolloutState {
        RolloutState { baselines: self.baselines.clone(), deploy }
    }
}

/// Why a rollout has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError<E> {
    /// The client could not begin the rollout, or could not wait for it.
    #[error(transparent)]
    Client(#[from] Error),
    /// The deployment failed.
    #[error("the deployment failed: {0}")]
    Deploy(E),
}

impl<E> RolloutError<E> {
    /// Returns the exit code of the command for this error.
    pub const fn exit_code(&self) -> ExitCode {
        match self {
            Self::Client(error) => error.kind().exit_code(),
            Self::Deploy(_) => ExitCode::DeployFailed,
        }
    }
}
