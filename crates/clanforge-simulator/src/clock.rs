//! The clock of a simulation.
//!
//! It runs in real time until something controls it: a client that waits through a [`Session`], or a call that moves it,
//! starts a rollout or begins an outage. From then on it moves only when a call moves it, or when all clients that wait sleep: then
//! it skips to the moment at which the first of them wakes up. A clock with a set speed always runs at that speed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// How long a client that neither sleeps nor reads holds up the others: it may be a stopped process, or a program that
/// reads no more updates of its wait.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Clock {
    state: Mutex<State>,
    /// The time, whenever it is moved.
    moved: watch::Sender<Duration>,
}

#[derive(Debug)]
struct State {
    /// The time at `since`, or at any time while the clock does not run.
    time: Duration,
    since: Option<Instant>,
    speed: f64,
    /// Whether the clock stops once something controls it; false with a set speed.
    is_controllable: bool,
    sleepers: BTreeMap<u64, Sleeper>,
    sessions: u64,
}

/// A client that sleeps until `until`, or has slept until then.
#[derive(Debug)]
struct Sleeper {
    until: Duration,
    seen: Instant,
}

impl Clock {
    /// Returns a clock that runs at this speed; without a speed, it runs in real time until something controls it.
    pub(crate) fn new(speed: Option<f64>) -> Self {
        let state = State {
            time: Duration::ZERO,
            since: Some(Instant::now()),
            speed: speed.unwrap_or(1.0),
            is_controllable: speed.is_none(),
            sleepers: BTreeMap::new(),
            sessions: 0,
        };
        Self { state: Mutex::new(state), moved: watch::Sender::new(Duration::ZERO) }
    }

    pub(crate) fn now(&self) -> Duration {
        self.lock().now()
    }

    /// Stops the clock, and returns its time. A clock with a set speed runs on.
    pub(crate) fn take_control(&self) -> Duration {
        self.lock().take_control()
    }

    /// Moves the clock on, and returns its time.
    pub(crate) fn advance(&self, by: Duration) -> Duration {
        let mut state = self.lock();
        let time = state.take_control().saturating_add(by);
        self.set(&mut state, time);
        time
    }

    /// Sets the time and wakes the clients whose pause is over.
    fn set(&self, state: &mut State, time: Duration) {
        state.time = time;
        state.since = state.since.map(|_| Instant::now());
        self.moved.send_replace(time);
    }

    /// Moves the clock to the moment at which the first client wakes up, if all of them sleep.
    fn skip(&self, state: &mut State) {
        let first = state.sleepers.values().map(|sleeper| sleeper.until).min();
        // Even if the time stays the same: a pause may be zero.
        self.set(state, state.time.max(first.unwrap_or_default()));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn now(&self) -> Duration {
        let real = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        self.time.saturating_add(Duration::try_from_secs_f64(real.as_secs_f64() * self.speed).unwrap_or(Duration::MAX))
    }

    fn take_control(&mut self) -> Duration {
        if self.is_controllable {
            self.time = self.now();
            self.since = None;
        }
        self.now()
    }
}

/// A client whose pauses move the clock, for as long as its connection is open.
#[derive(Debug)]
pub(crate) struct Session {
    clock: Arc<Clock>,
    id: u64,
}

impl Session {
    pub(crate) fn new(clock: &Arc<Clock>) -> Self {
        let mut state = clock.lock();
        state.sessions += 1;
        Self { clock: Arc::clone(clock), id: state.sessions }
    }

    /// Returns the time after a pause.
    pub(crate) async fn sleep(&self, pause: Duration) -> Duration {
        let mut moved = self.clock.moved.subscribe();
        let (now, until, speed) = {
            let mut state = self.clock.lock();
            let now = state.take_control();
            let until = now.saturating_add(pause);
            if state.is_controllable {
                state.sleepers.insert(self.id, Sleeper { until, seen: Instant::now() });
                self.clock.skip(&mut state);
            }
            (now, until, (!state.is_controllable).then_some(state.speed))
        };
        if let Some(speed) = speed {
            let real = (until.saturating_sub(now)).as_secs_f64() / speed;
            tokio::time::sleep(Duration::try_from_secs_f64(real).unwrap_or(Duration::MAX)).await;
            return self.clock.now().max(until);
        }
        while tokio::time::timeout(PATIENCE, moved.wait_for(|time| *time >= until)).await.is_err() {
            let mut state = self.clock.lock();
            let now = state.time;
            state.sleepers.retain(|_, sleeper| sleeper.until > now || sleeper.seen.elapsed() < PATIENCE);
            self.clock.skip(&mut state);
        }
        let mut state = self.clock.lock();
        if let Some(sleeper) = state.sleepers.get_mut(&self.id) {
            sleeper.seen = Instant::now();
        }
        state.time
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        if state.sleepers.remove(&self.id).is_some() {
            self.clock.skip(&mut state);
        }
    }
}
