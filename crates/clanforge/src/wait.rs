//! Waiting: readings, pauses and nothing else. What to make of them is decided by `core::monitor`.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use clanforge_core::monitor::{
    Baseline, Freshness, Monitor, Next, Outcome, Policy, ReadFailure, Reading, Step, Update,
};
use clanforge_core::{Gate, ImageRef};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::time::{Instant, sleep};

use crate::attempt::Received;
use crate::client::Client;
use crate::error::Error;

/// The longest pause that a service can ask for: a year is as good as for ever.
const LONGEST_PAUSE: Duration = Duration::from_secs(366 * 24 * 3600);

/// A wait for one image. Await it for its outcome, or take its [`stream`](Self::stream) of updates; drop either to end
/// the waiting, which never ends the rollout, and to close its connection.
///
/// The wait owns its repetition: a reading is one attempt, and what fails is read again by the [`Policy`], no sooner than
/// the service's Retry-After allows. At most one reading is under way at a time. Detail is asked for where the gate needs
/// it. The last reading, at the end of the timeout, may take one attempt more.
#[derive(Clone, Debug)]
#[must_use = "a wait begins when it is awaited or its stream is"]
pub struct WaitCall {
    client: Client,
    image: ImageRef,
    policy: Policy,
    baseline: Option<Baseline>,
    detail: bool,
    seed: Option<u64>,
}

impl WaitCall {
    pub(crate) fn new(client: Client, image: ImageRef) -> Self {
        Self { client, image, policy: Policy::default(), baseline: None, detail: false, seed: None }
    }

    /// Sets the whole policy, its gate and its timeout included.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the definition of ready.
    pub fn gate(mut self, gate: Gate) -> Self {
        self.policy.gate = gate;
        self
    }

    /// Sets how long to wait, all in all. Default: 60 min.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.policy.timeout = Some(timeout);
        self
    }

    /// Waits for as long as it takes.
    pub const fn no_timeout(mut self) -> Self {
        self.policy.timeout = None;
        self
    }

    /// Tells the new version's counts from the old one's by a status from before the rollout was started.
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = Some(baseline);
        self
    }

    /// Asks for the counts of each fleet and region also where the gate does not need them.
    pub const fn detail(mut self, detail: bool) -> Self {
        self.detail = detail;
        self
    }

    /// Draws the pauses by this seed, so that they are the same each time.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Returns the updates of the wait as they come: readings and failed readings, and last the outcome. A wait that ends
    /// with an error has no outcome: the error is its last item.
    ///
    /// # Errors
    /// An item is an error of kind `configuration` where the policy or the baseline cannot be used, and an error of any
    /// other kind where no repetition mends it: credentials that are refused, or an image that is still unknown when the
    /// start grace is over.
    pub fn stream(self) -> Updates {
        let waiting = stream::unfold(State::New(Box::new(self)), |state| async move {
            match state {
                State::New(call) => match Waiting::new(*call) {
                    Ok(waiting) => waiting.next().await,
                    Err(error) => Some((Err(error), State::Over)),
                },
                State::Waiting(waiting) => waiting.next().await,
                State::Ending(last) => Some((last.map(|outcome| Update::Outcome(*outcome)), State::Over)),
                State::Over => None,
            }
        });
        Updates(waiting.fuse().boxed())
    }

    async fn outcome(self) -> Result<Outcome, Error> {
        let mut updates = self.stream();
        while let Some(update) = updates.next().await {
            if let Update::Outcome(outcome) = update? {
                return Ok(outcome);
            }
        }
        Err(Error::internal("the wait ended without an outcome"))
    }
}

impl IntoFuture for WaitCall {
    type Output = Result<Outcome, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.outcome())
    }
}

/// The updates of a wait: a stream of [`Update`]s, of which the last is the outcome, or of an error that ends it.
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

enum State {
    New(Box<WaitCall>),
    Waiting(Box<Waiting>),
    Ending(Result<Box<Outcome>, Error>),
    Over,
}

/// A wait under way.
struct Waiting {
    client: Client,
    image: ImageRef,
    monitor: Monitor,
    /// The caller wants the counts of each fleet and region, whether the gate needs them or not.
    asks_for_detail: bool,
    detail: bool,
    began: Instant,
    pause: Duration,
    chance: fastrand::Rng,
}

impl Waiting {
    fn new(call: WaitCall) -> Result<Box<Self>, Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::outside_a_runtime());
        }
        let monitor = Monitor::new(call.image, call.policy, call.baseline.as_ref())
            .map_err(|error| Error::configuration(error.to_string()))?;
        Ok(Box::new(Self {
            asks_for_detail: call.detail,
            detail: call.detail || monitor.needs_detail(),
            client: call.client,
            image: call.image,
            monitor,
            began: Instant::now(),
            pause: Duration::ZERO,
            chance: call.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
        }))
    }

    /// Pauses, reads, and returns the update with what comes after it.
    async fn next(mut self: Box<Self>) -> Option<(Result<Update, Error>, State)> {
        sleep(self.pause).await;
        let call = self.client.image_status(self.image).retries(0);
        let read = if self.detail { call.detail(true).receive().await } else { call.receive().await };
        let elapsed = self.began.elapsed();
        let (reading, error) = match read {
            Ok(Received { status, age }) => (Reading::Cached { status, age }, None),
            Err(error) => (Reading::Failed(failure(&error)), Some(error)),
        };
        let Step { update, next } = self.monitor.observe(elapsed, reading);
        let state = match (next, error) {
            (Next::Finished(outcome), _) => {
                if outcome.is_ready() && outcome.freshness == Freshness::Assumed {
                    tracing::warn!(
                        account_service_id = self.image.account_service_id,
                        image_id = self.image.image_id,
                        "ready is only assumed: the start of the rollout was not observed",
                    );
                }
                State::Ending(Ok(outcome))
            }
            (Next::GiveUp, Some(error)) => State::Ending(Err(error)),
            (Next::GiveUp, None) => State::Ending(Err(Error::internal("a status ended the wait as an error"))),
            (Next::Read { earliest, latest, detail, .. }, _) => {
                self.detail = self.asks_for_detail || detail;
                self.pause = self.draw(earliest, latest);
                State::Waiting(self)
            }
        };
        Some((Ok(update), state))
    }

    /// Returns a pause between two, so that many waits do not keep step.
    fn draw(&mut self, earliest: Duration, latest: Duration) -> Duration {
        let (earliest, latest) = (earliest.min(LONGEST_PAUSE), latest.min(LONGEST_PAUSE));
        earliest + latest.saturating_sub(earliest).mul_f64(self.chance.f64())
    }
}

fn failure(error: &Error) -> ReadFailure {
    ReadFailure {
        kind: error.kind(),
        message: error.to_string(),
        status: error.status(),
        retry_after: error.retry_after(),
    }
}
