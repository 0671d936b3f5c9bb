//! Waiting for several images: the waits for each, merged.

use std::fmt;
use std::future::IntoFuture;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use clanforge_core::monitor::{Baseline, CombinedOutcome, ImageOutcome, OutcomeKind, Policy, Update};
use clanforge_core::recording::RecordingHeader;
use clanforge_core::{Gate, ImageRef};
use futures_util::future::try_join_all;
use futures_util::stream::{self, Stream, StreamExt};

use super::one::{State, WaitCall, WaitOptions};
use crate::error::Error;

/// A wait for several images. Await it for its combined outcome, or read its [`stream`](Self::stream) of updates. Dropping
/// either cancels the wait and its requests, and does not affect the rollouts.
///
/// Each image is read as by a separate [`WaitCall`]; all have the same options, start and deadline. The
/// first image that fails, by an outcome `failed` or a permanent error, ends the wait, unless the policy's `fail_fast` is
/// off: the others are then undecided. Any other outcome of an image lets the others go on.
#[derive(Clone, Debug)]
#[must_use = "a wait does nothing until it is awaited or its stream is read"]
pub struct WaitAllCall {
    calls: Vec<WaitCall>,
    fail_fast: bool,
    /// The image of a baseline that no wait is for.
    unexpected: Option<ImageRef>,
}

impl WaitAllCall {
    pub(crate) fn new(calls: Vec<WaitCall>) -> Self {
        Self { calls, fail_fast: Policy::default().fail_fast, unexpected: None }
    }

    /// Sets the whole policy, its gate and its timeout included.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.fail_fast = policy.fail_fast;
        self.each(WaitCall::policy, policy)
    }

    /// Sets the gate of every image: the definition of ready.
    pub fn gate(self, gate: Gate) -> Self {
        self.each(WaitCall::gate, gate)
    }

    /// Sets the longest that the wait may take. Defaults to 60 min.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.each(WaitCall::timeout, timeout)
    }

    /// Removes the timeout.
    pub fn no_timeout(self) -> Self {
        self.each(|call, ()| call.no_timeout(), ())
    }

    /// Sets the statuses from before the rollouts, one for every image.
    pub fn baselines(mut self, baselines: impl IntoIterator<Item = Baseline>) -> Self {
        for baseline in baselines {
            match self.calls.iter_mut().find(|call| call.image() == baseline.image()) {
                Some(call) => *call = call.clone().baseline(baseline),
                None => self.unexpected = Some(baseline.image()),
            }
        }
        self
    }

    /// Sets all options other than the policy and the baselines.
    pub fn options(self, options: WaitOptions) -> Self {
        self.each(WaitCall::options, options)
    }

    /// Requests the counts of each fleet and region even if the gate does not need them.
    pub fn detail(self, detail: bool) -> Self {
        self.each(WaitCall::detail, detail)
    }

    /// Sets the seed of the jitter, so that poll intervals are reproducible.
    pub fn seed(self, seed: u64) -> Self {
        self.each(WaitCall::seed, seed)
    }

    /// Appends the wait for each image to one file: see [`WaitCall::record`].
    pub fn record(self, file: impl Into<PathBuf>) -> Self {
        self.each(WaitCall::record, file.into())
    }

    /// Writes a report of the wait for each image to one file: see [`WaitCall::report`].
    pub fn report(self, file: impl Into<PathBuf>) -> Self {
        self.each(WaitCall::report, file.into())
    }

    /// Keeps the wait for every image in one file, and continues those that the file has: see [`WaitCall::state`].
    pub fn state(self, file: impl Into<PathBuf>) -> Self {
        self.each(WaitCall::state, file.into())
    }

    /// Ends the stream after one reading of each image whose reading is due next: [`AllUpdates::next_reading`] says when
    /// more are due. See [`WaitCall::once`].
    pub fn once(self, once: bool) -> Self {
        self.each(WaitCall::once, once)
    }

    /// Returns the lines that begin the waits in a recording, one for each image: see [`WaitCall::recording_header`].
    pub fn recording_headers(&self) -> Vec<RecordingHeader> {
        self.calls.iter().map(WaitCall::recording_header).collect()
    }

    /// Returns the events of the wait as they occur, each of which names its image: those of the waits for the images, with
    /// an outcome for each image that has one. After the last, [`AllUpdates::outcome`] has the combined outcome.
    ///
    /// # Errors
    /// The only item is an error of kind `configuration` if there are no images or one is named twice, if a baseline is of
    /// another image, or if the policy or a baseline is invalid. An error that ends the wait for an image is part of the
    /// combined outcome instead.
    pub fn stream(self) -> AllUpdates {
        let outcomes: Vec<_> = self.calls.iter().map(|call| ImageOutcome::undecided(call.image())).collect();
        let pauses = vec![None; outcomes.len()];
        let fail_fast = self.fail_fast;
        let events = stream::once(self.begin()).flat_map(|begun| match begun {
            Ok(events) => events,
            Err(error) => stream::iter([Event::Refused(error)]).boxed(),
        });
        AllUpdates { events: events.boxed(), outcomes, pauses, fail_fast, end: None }
    }

    fn each<T: Clone>(mut self, set: impl Fn(WaitCall, T) -> WaitCall, value: T) -> Self {
        self.calls = self.calls.into_iter().map(|call| set(call, value.clone())).collect();
        self
    }

    /// Checks what would end the wait before its first reading, except for its state.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.images()?;
        self.calls.iter().try_for_each(WaitCall::check)
    }

    /// Returns a sentence about a fleet or region that the gate selects and an image does not have, by these baselines.
    pub(super) fn unknown_name(&self, baselines: &[Baseline]) -> Option<String> {
        self.calls.iter().zip(baselines).find_map(|(call, baseline)| call.unknown_name(baseline))
    }

    /// Returns the images, or an error if there are none or one is named twice.
    fn images(&self) -> Result<Vec<ImageRef>, Error> {
        if self.calls.is_empty() {
            return Err(Error::configuration("there are no images to wait for"));
        }
        let images: Vec<_> = self.calls.iter().map(WaitCall::image).collect();
        if let Some((_, image)) = images.iter().enumerate().find(|(index, image)| images[..*index].contains(image)) {
            return Err(Error::configuration(format!("{image} is named twice")));
        }
        Ok(images)
    }

    /// Begins every wait before the first reading of any.
    async fn begin(self) -> Result<Pin<Box<dyn Stream<Item = Event> + Send>>, Error> {
        let images = self.images()?;
        if let Some(image) = self.unexpected {
            return Err(Error::configuration(format!(
                "a baseline is of {image}, which is not among the images of the wait"
            )));
        }
        // Without its baseline, an image could end as ready by an assumption.
        let missing = self.calls.iter().find(|call| !call.has_baseline()).map(WaitCall::image);
        if let (Some(image), true) = (missing, self.calls.iter().any(WaitCall::has_baseline)) {
            let message = format!("{image} has no baseline, but another image has: pass one for every image, or none");
            return Err(Error::configuration(message));
        }
        let options = self.calls[0].all_options();
        let (once, (file, report)) = (options.once, options.open(&images)?);
        let begun = self.calls.into_iter().map(|call| call.begin(file.clone(), report.clone()));
        let mut states = try_join_all(begun).await?;
        // A simulation skips to the end of the first pause among the waits that it knows.
        try_join_all(states.iter_mut().map(State::hold_time)).await?;
        let pauses = states.iter().filter_map(State::pause);
        let due = pauses.map(|(pause, shortest)| (pause, pause.saturating_add(shortest))).min();
        let events = states.into_iter().enumerate().map(|(index, state)| match (state.pause(), due) {
            (Some((pause, _)), Some((first, last))) if once && pause > last => {
                let event = Event::NotDue(index, pause.saturating_sub(first));
                stream::iter([event]).boxed()
            }
            _ => state.updates().map(move |update| Event::of(index, update)).boxed(),
        });
        Ok(stream::select_all(events).boxed())
    }

    async fn outcome(self) -> Result<CombinedOutcome, Error> {
        let mut updates = self.stream();
        while let Some(update) = updates.next().await {
            update?;
        }
        updates.outcome().cloned().ok_or_else(|| Error::internal("a wait for several images ended without an outcome"))
    }
}

impl IntoFuture for WaitAllCall {
    type Output = Result<CombinedOutcome, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.outcome())
    }
}

/// What happens to one of several waits, by its index.
enum Event {
    /// The waits cannot begin.
    Refused(Error),
    Updated(usize, Box<Update>),
    Failed(usize, Error),
    /// Its next reading is due this long after those that are due first.
    NotDue(usize, Duration),
}

impl Event {
    fn of(index: usize, update: Result<Update, Error>) -> Self {
        match update {
            Ok(update) => Self::Updated(index, Box::new(update)),
            Err(error) => Self::Failed(index, error),
        }
    }
}

/// The updates of a wait for several images: a stream of [`Update`]s, each of which names its image.
pub struct AllUpdates {
    events: Pin<Box<dyn Stream<Item = Event> + Send>>,
    outcomes: Vec<ImageOutcome>,
    /// The time until the next reading of each image.
    pauses: Vec<Option<Duration>>,
    fail_fast: bool,
    end: Option<CombinedOutcome>,
}

impl AllUpdates {
    /// Returns the next update; `None` after the last.
    ///
    /// # Errors
    /// As [`WaitAllCall::stream`].
    pub async fn next(&mut self) -> Option<Result<Update, Error>> {
        StreamExt::next(self).await
    }

    /// Returns the combined outcome; `None` before the wait has ended, or if it could not begin.
    pub const fn outcome(&self) -> Option<&CombinedOutcome> {
        self.end.as_ref()
    }

    /// Returns the time until the first of the next readings; `None` if the wait has ended for every image. Only a wait that
    /// reads [once](WaitAllCall::once) goes on after its stream.
    pub fn next_reading(&self) -> Option<Duration> {
        self.pauses.iter().flatten().min().copied()
    }

    /// Cancels the waits that are undecided.
    fn end(&mut self) {
        self.events = stream::empty().boxed();
        self.pauses.clear();
    }
}

impl Stream for AllUpdates {
    type Item = Result<Update, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match ready!(this.events.as_mut().poll_next(context)) {
                Some(Event::Refused(error)) => {
                    this.end();
                    this.outcomes.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Event::Updated(index, update)) => {
                    match &*update {
                        Update::Reading(reading) => this.pauses[index] = reading.next,
                        Update::ReadFailed(failed) => this.pauses[index] = failed.next,
                        Update::Outcome(outcome) => {
                            this.outcomes[index].outcome = Some(outcome.clone());
                            if this.fail_fast && outcome.kind == OutcomeKind::Failed {
                                this.end();
                            }
                        }
                        _ => {}
                    }
                    return Poll::Ready(Some(Ok(*update)));
                }
                Some(Event::Failed(index, error)) => {
                    this.outcomes[index].error = Some(error.into_report());
                    this.pauses[index] = None;
                    if this.fail_fast {
                        this.end();
                    }
                }
                Some(Event::NotDue(index, pause)) => this.pauses[index] = Some(pause),
                None => {
                    if !this.outcomes.is_empty() {
                        this.end = Some(CombinedOutcome::new(std::mem::take(&mut this.outcomes)));
                    }
                    return Poll::Ready(None);
                }
            }
        }
    }
}

impl fmt::Debug for AllUpdates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AllUpdates")
    }
}
