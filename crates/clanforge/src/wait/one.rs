//! Waiting: reads statuses and sleeps in between. `core::monitor` decides when to read and when to end.

use std::fmt;
use std::future::IntoFuture;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use clanforge_core::monitor::{Baseline, Monitor, Next, Outcome, Policy, ReadFailure, Reading, Step, Update};
use clanforge_core::recording::RecordingHeader;
use clanforge_core::{ErrorKind, Gate, ImageRef};
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;

use crate::error::Error;
use crate::image_status::{ImageStatusCall, Received};
use crate::wait::clock::Clock;
use crate::wait::log::WaitLog;
use crate::wait::recorder::Recorder;
use crate::wait::report_file::ReportFile;
use crate::wait::state_file::{self, Progress, StateFile, WaitState};

/// The longest poll interval, whatever Retry-After the service sends.
const LONGEST_INTERVAL: Duration = Duration::from_secs(366 * 24 * 3600);

/// A wait for one image. Await it for its outcome, or read its [`stream`](Self::stream) of updates. Dropping either cancels the
/// wait and its request, and does not affect the rollout.
///
/// A wait makes one attempt for each reading; the [`Policy`] decides when to read again after an error, and respects
/// Retry-After. One reading is in progress at a time. Readings request detail if the gate needs it, and until every region has
/// started. The last reading, at the end of the timeout, may take as long as one attempt.
#[derive(Clone, Debug)]
#[must_use = "a wait does nothing until it is awaited or its stream is read"]
pub struct WaitCall {
    read: ImageStatusCall,
    policy: Policy,
    baseline: Option<Baseline>,
    options: WaitOptions,
    /// The name of the wait in recordings.
    id: String,
    made: SystemTime,
}

/// The options of a wait other than its policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaitOptions {
    /// See [`WaitCall::detail`].
    pub detail: bool,
    /// See [`WaitCall::seed`].
    pub seed: Option<u64>,
    /// See [`WaitCall::record`].
    pub record: Option<PathBuf>,
    /// See [`WaitCall::report`].
    pub report: Option<PathBuf>,
    /// See [`WaitCall::state`].
    pub state: Option<PathBuf>,
    /// See [`WaitCall::once`].
    #[serde(skip)]
    pub once: bool,
}

impl WaitOptions {
    /// Opens the files that the waits for these images share.
    pub(super) fn open(&self, images: &[ImageRef]) -> Result<(Option<Arc<StateFile>>, Option<ReportFile>), Error> {
        let state = self.state.as_ref().map(|file| StateFile::open(file, images).map(Arc::new)).transpose()?;
        Ok((state, self.report.clone().map(ReportFile::new)))
    }
}

impl WaitCall {
    /// Returns a wait that sends this call for each reading.
    pub(crate) fn new(read: ImageStatusCall) -> Self {
        let read = read.without_retries();
        let id = format!("{:016x}", fastrand::u64(..));
        let (policy, options, made) = (Policy::default(), WaitOptions::default(), SystemTime::now());
        Self { read, policy, baseline: None, options, id, made }
    }

    /// Sets the whole policy, its gate and its timeout included.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the gate: the definition of ready.
    pub fn gate(mut self, gate: Gate) -> Self {
        self.policy.gate = gate;
        self
    }

    /// Sets the longest that the wait may take. Defaults to 60 min.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.policy.timeout = Some(timeout);
        self
    }

    /// Removes the timeout.
    pub const fn no_timeout(mut self) -> Self {
        self.policy.timeout = None;
        self
    }

    /// Sets the status from before the rollout, by which the wait tells the new version's counts from the old one's.
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = Some(baseline);
        self
    }

    /// Sets all options other than the policy and the baseline.
    pub fn options(mut self, options: WaitOptions) -> Self {
        self.options = options;
        self
    }

    /// Requests the counts of each fleet and region even if the gate does not need them.
    pub const fn detail(mut self, detail: bool) -> Self {
        self.options.detail = detail;
        self
    }

    /// Sets the seed of the jitter, so that poll intervals are reproducible.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.options.seed = Some(seed);
        self
    }

    /// Appends the wait to a file, as [`recording`](crate::core::recording) describes it, with the counts of each fleet and
    /// region. If the file cannot be written later on, the wait goes on with a warning.
    pub fn record(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.record = Some(file.into());
        self
    }

    /// Writes a report of the wait to a file, however the wait ends: see [`report`](crate::core::report). The extension
    /// of the file determines the format: `.html`, `.svg` or `.md`. The report has only the readings of this process.
    /// They request the counts of each fleet and region. If the file cannot be written later on, the outcome has a
    /// warning.
    pub fn report(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.report = Some(file.into());
        self
    }

    /// Saves the wait to a file, which is replaced after every reading, and continues the wait that the file holds: its
    /// evidence, its progress, the time of its next reading, and its timeout, which keeps running while no process
    /// waits. If the wait has ended, its outcome is returned at once; but a wait that ended as anything other than
    /// `ready` or `failed` goes on if a deadline of the policy differs. Use a separate file for each rollout. If the
    /// file cannot be written later on, the wait goes on with a warning.
    pub fn state(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.state = Some(file.into());
        self
    }

    /// Ends the stream after one reading, which is taken as soon as it is due; if the reading ends the wait, the outcome follows.
    /// A later wait with the same [state](Self::state) continues this one; a state that cannot be written is then an error.
    pub const fn once(mut self, once: bool) -> Self {
        self.options.once = once;
        self
    }

    /// Returns the line that begins this wait in a recording. The times of a recording count from when this call was made, or
    /// from the beginning of the wait that it continues from a state.
    pub fn recording_header(&self) -> RecordingHeader {
        let kept = self.options.state.as_ref().and_then(|file| state_file::recorded(file, self.image()));
        let (id, began) = kept.unwrap_or_else(|| (self.id.clone(), self.made));
        RecordingHeader::new(id, began, self.read.image(), self.policy.clone(), self.baseline.clone())
    }

    /// Returns the events of the wait as they occur: readings and failed readings, and last the outcome. A wait that ends with
    /// an error has no outcome: the error is its last item.
    ///
    /// # Errors
    /// An item is an error of kind `configuration` if the policy or the baseline is invalid, if the state is of another wait, or
    /// if the gate selects a fleet or region that the image does not have; and of another kind if the service rejects the
    /// credentials, or still returns HTTP 404 at the end of the start grace, or after a local error: [`Policy::max_unreachable`]
    /// says when each of them ends the wait.
    pub fn stream(self) -> Updates {
        State::New(Box::new(self)).updates()
    }

    /// Checks what would end the wait before its first reading, except for its state.
    pub(super) fn check(&self) -> Result<(), Error> {
        Recorder::check(self.options.record.as_deref(), self.options.report.as_deref())?;
        self.monitor().map(drop)
    }

    pub(super) const fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// Returns a sentence about a fleet or region that the gate selects and the image of a baseline does not have.
    pub(super) fn unknown_name(&self, baseline: &Baseline) -> Option<String> {
        let status = baseline.status();
        let problem = self.policy.gate.evaluate(status).unknown_name(status, None)?;
        Some(format!("{}: {problem}", baseline.image()))
    }

    /// Begins the wait without a reading, and keeps it and its report in these files.
    pub(super) async fn begin(self, file: Option<Arc<StateFile>>, report: Option<ReportFile>) -> Result<State, Error> {
        Waiting::begin(self, file, report).await
    }

    pub(super) const fn all_options(&self) -> &WaitOptions {
        &self.options
    }

    pub(super) const fn image(&self) -> ImageRef {
        self.read.image()
    }

    fn monitor(&self) -> Result<Monitor, Error> {
        let monitor = Monitor::new(self.image(), self.policy.clone(), self.baseline.as_ref());
        monitor.map_err(|error| Error::configuration(error.to_string()))
    }

    async fn outcome(self) -> Result<Outcome, Error> {
        let mut updates = self.stream();
        while let Some(update) = updates.next().await {
            if let Update::Outcome(outcome) = update? {
                return Ok(outcome);
            }
        }
        Err(Error::configuration("a wait that reads once has no outcome yet: read its stream"))
    }
}

impl IntoFuture for WaitCall {
    type Output = Result<Outcome, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.outcome())
    }
}

/// The updates of a wait: a stream of [`Update`]s that ends with the outcome or with an error.
pub struct Updates(Pin<Box<dyn Stream<Item = Result<Update, Error>> + Send>>);

impl Updates {
    /// Returns the next update; `None` after the last.
    ///
    /// # Errors
    /// As [`WaitCall::stream`].
    pub async fn next(&mut self) -> Option<Result<Update, Error>> {
        self.0.next().await
    }
}

impl Stream for Updates {
    type Item = Result<Update, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for Updates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}

pub(super) enum State {
    New(Box<WaitCall>),
    Waiting(Box<Waiting>),
    Ending(Result<Box<Outcome>, Error>, Option<Box<Recorder>>),
    Over,
}

impl State {
    /// Returns the updates from here on.
    pub(super) fn updates(self) -> Updates {
        Updates(stream::unfold(self, Self::next).fuse().boxed())
    }

    /// Registers the wait with a simulation, so that the simulation does not skip time before this wait pauses too.
    pub(super) async fn hold_time(&mut self) -> Result<(), Error> {
        match self {
            Self::Waiting(waiting) => waiting.clock.pause(Duration::ZERO).await,
            Self::New(_) | Self::Ending(..) | Self::Over => Ok(()),
        }
    }

    /// Returns the time until the next reading, and the shortest poll interval; `None` if no reading follows.
    pub(super) fn pause(&self) -> Option<(Duration, Duration)> {
        match self {
            Self::Waiting(waiting) => Some((waiting.interval, waiting.monitor.policy().min_interval)),
            Self::New(_) | Self::Ending(..) | Self::Over => None,
        }
    }

    async fn next(self) -> Option<(Result<Update, Error>, Self)> {
        match self {
            Self::New(call) => match begin_alone(*call).await {
                Ok(state) => Box::pin(state.next()).await,
                Err(error) => Some((Err(error), Self::Over)),
            },
            Self::Waiting(waiting) => waiting.next().await,
            Self::Ending(last, recorder) => Some((last.map(|outcome| ended(*outcome, recorder)), Self::Over)),
            Self::Over => None,
        }
    }
}

/// Begins a wait that shares its files with no other.
async fn begin_alone(call: WaitCall) -> Result<State, Error> {
    let (file, report) = call.options.open(&[call.image()])?;
    call.begin(file, report).await
}

/// A wait in progress.
pub(super) struct Waiting {
    read: ImageStatusCall,
    monitor: Monitor,
    /// The caller requests the counts of each fleet and region, whether the gate needs them or not.
    always_detail: bool,
    detail: bool,
    clock: Clock,
    interval: Duration,
    jitter: fastrand::Rng,
    log: WaitLog,
    recorder: Option<Box<Recorder>>,
    state: Option<Box<StateKeeper>>,
    once: bool,
}

/// Where the state of a wait is saved, and the parts of it that do not change.
struct StateKeeper {
    file: Arc<StateFile>,
    id: String,
    began: SystemTime,
    baseline: Option<Baseline>,
}

impl Waiting {
    async fn begin(call: WaitCall, file: Option<Arc<StateFile>>, report: Option<ReportFile>) -> Result<State, Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::outside_a_runtime());
        }
        let mut monitor = call.monitor()?;
        // In a simulation the same wait is the same each time.
        let seed = call.options.seed.or_else(|| call.read.simulation().map(|_| call.read.image().image_id));
        let mut jitter = seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let mut clock = Clock::start(call.read.simulation());
        let mut interval = Duration::ZERO;
        let header = call.recording_header();
        let kept = file.as_ref().and_then(|file| Some((file, file.wait(call.image())?)));
        if let Some((file, WaitState { snapshot, wait })) = kept {
            monitor = Monitor::restore(snapshot).map_err(|error| file.damaged(&error))?;
            if wait.baseline != call.baseline {
                return Err(file.refuse("it has another baseline"));
            }
            if !clock.compares_with(wait.written) {
                return Err(file.refuse("one of the two waits is in a simulation, the other is not"));
            }
            monitor.change_policy(call.policy).map_err(|error| file.refuse(&error.to_string()))?;
            if let Some(Next::Finished(outcome)) = monitor.end() {
                let mut outcome = outcome.clone();
                let warning = file.ended(wait.written);
                tracing::warn!("{warning}");
                outcome.warnings.push(warning);
                return Ok(State::Ending(Ok(outcome), None));
            }
            interval = wait.pause.saturating_sub(clock.resume(wait.written, wait.elapsed).await?);
            jitter = fastrand::Rng::with_seed(wait.jitter);
        } else if let Some(warning) =
            call.baseline.as_ref().and_then(|baseline| baseline.age_warning(SystemTime::now()))
        {
            monitor.warn(warning);
        }
        let log = WaitLog::new(call.read.image());
        if let Some(file) = &file {
            file.check()?;
        }
        let keep = |file| {
            let (id, began) = (header.wait.clone(), header.time);
            Box::new(StateKeeper { file, id, began, baseline: call.baseline })
        };
        let state = file.map(keep);
        let recorder = Recorder::begin(call.options.record.as_deref(), report, header)?;
        Ok(State::Waiting(Box::new(Self {
            always_detail: call.options.detail || recorder.is_some(),
            detail: call.options.detail || recorder.is_some() || monitor.needs_detail(),
            read: call.read,
            monitor,
            clock,
            interval,
            jitter,
            log,
            recorder,
            state,
            once: call.options.once,
        })))
    }

    /// Sleeps, reads, and returns the update with the state that follows.
    async fn next(mut self: Box<Self>) -> Option<(Result<Update, Error>, State)> {
        if let Err(error) = self.clock.pause(self.interval).await {
            return Some((Err(error), State::Over));
        }
        let call = self.read.clone();
        let read = if self.detail { call.detail(true).receive().await } else { call.receive().await };
        let elapsed = self.clock.elapsed();
        let (reading, error) = match read {
            Ok(Received { status, age }) => (Reading::Cached { status, age }, None),
            Err(error) => (Reading::Failed(failure(&error)), Some(error)),
        };
        let Step { update, mut next } = self.monitor.observe(elapsed, reading);
        self.log.observe(&update, &next);
        for warning in self.recorder.as_mut().map_or_else(Vec::new, |recorder| recorder.write(&update)) {
            self.monitor.warn(warning);
        }
        if let Next::Read { earliest, latest, detail, .. } = next {
            self.detail = self.always_detail || detail;
            self.interval = self.with_jitter(earliest, latest);
        }
        // Not saved after an error that ends the wait: once its cause is removed, the same state continues the wait.
        if next != Next::GiveUp
            && let Err(problem) = self.save()
        {
            let warning = format!("the state of the wait was not saved: {problem}");
            match &mut next {
                Next::Finished(outcome) => {
                    tracing::warn!("{warning}");
                    outcome.warnings.push(warning);
                }
                _ if self.once => return Some((Err(Error::of_kind(ErrorKind::Local, warning)), State::Over)),
                _ => self.monitor.warn(warning),
            }
            self.state = None;
        }
        let state = match (next, error) {
            (Next::Finished(outcome), _) => State::Ending(Ok(outcome), self.recorder),
            (Next::GiveUp, Some(error)) => State::Ending(Err(error), None),
            (Next::GiveUp, None) => {
                let Update::ReadFailed(failed) = update else {
                    return Some((Err(Error::internal("a status ended the wait without a reason")), State::Over));
                };
                return Some((Err(Error::configuration(failed.error.message)), State::Over));
            }
            (Next::Read { .. }, _) if self.once => State::Over,
            (Next::Read { .. }, _) => State::Waiting(self),
        };
        Some((Ok(update), state))
    }

    /// Replaces the file of the state, if there is one.
    fn save(&self) -> Result<(), String> {
        let Some(StateKeeper { file, id, began, baseline }) = self.state.as_deref() else { return Ok(()) };
        let wait = Progress {
            id: id.clone(),
            began: *began,
            baseline: baseline.clone(),
            written: self.clock.moment(),
            elapsed: self.clock.elapsed(),
            pause: self.interval,
            jitter: self.jitter.get_seed(),
        };
        file.keep(WaitState { snapshot: self.monitor.snapshot(), wait })
    }

    /// Returns a poll interval between two, so that many waits do not poll in step.
    fn with_jitter(&mut self, earliest: Duration, latest: Duration) -> Duration {
        let (earliest, latest) = (earliest.min(LONGEST_INTERVAL), latest.min(LONGEST_INTERVAL));
        earliest + latest.saturating_sub(earliest).mul_f64(self.jitter.f64())
    }
}

/// Returns the last update of a wait, recorded.
fn ended(outcome: Outcome, recorder: Option<Box<Recorder>>) -> Update {
    let mut update = Update::Outcome(outcome);
    let warnings = recorder.map_or_else(Vec::new, |mut recorder| recorder.write(&update));
    if let Update::Outcome(outcome) = &mut update {
        for warning in warnings {
            tracing::warn!("{warning}");
            outcome.warnings.push(warning);
        }
    }
    update
}

fn failure(error: &Error) -> ReadFailure {
    ReadFailure {
        kind: error.kind(),
        message: error.to_string(),
        status: error.status(),
        retry_after: error.retry_after(),
        service_message: error.service_message().map(str::to_owned),
    }
}
