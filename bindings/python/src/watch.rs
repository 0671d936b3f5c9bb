//! The updates of a wait.

use std::sync::{Arc, Mutex};

use clanforge_bindings::{BindingError, lock};
use pyo3::prelude::*;

use crate::error::{detached, export};
use crate::monitor::{CombinedOutcome, combined, encoded};
use crate::rollout::Rollout;
use crate::runtime::call::{Call, CallResult};
use crate::runtime::process_state::ProcessState;

/// The updates of a wait, until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Watch(Mutex<Option<(Arc<ProcessState>, clanforge_bindings::Watch)>>);

export!(impl Watch {
    /// Starts the wait of a rollout.
    #[new]
    fn of_rollout(rollout: &Rollout) -> Self =
        Ok(Self::new(Arc::clone(&rollout.state), clanforge_bindings::watch_rollout(&rollout.rollout)));

    /// Returns the call for the next update, which returns `None` after the last.
    fn next(&self) -> Call = match lock(&self.0).clone() {
        Some((state, updates)) if state.is_own() => {
            Ok(Call::new(state, async { Ok(CallResult::Update(updates.next().await?.map(encoded))) }))
        }
        Some(_) => Err(BindingError::configuration(
            "the wait belongs to a parent process, or its file descriptors were closed: start a new wait",
        ))?,
        None => Ok(Call::without_client(async { Ok(CallResult::Update(None)) })),
    };

    /// Returns how a wait for several images ended; `None` before that, or if it was closed or interrupted.
    fn combined_outcome(&self) -> Option<CombinedOutcome> =
        Ok(lock(&self.0).as_ref().and_then(|(_, updates)| updates.combined_outcome()).map(combined));

    /// Ends the wait, and closes its connection.
    fn close(&self) -> () = {
        // Unlocked before the GIL is released: a thread that holds the GIL may wait for the lock.
        let active = lock(&self.0).take();
        match active {
            Some((state, updates)) if state.is_own() => {
                updates.close();
                detached(|| state.runtime.close_unused_connections());
            }
            // The connections belong to the parent process.
            active => std::mem::forget(active),
        }
        Ok(())
    };
});

impl Watch {
    pub(crate) fn new(state: Arc<ProcessState>, updates: clanforge_bindings::Watch) -> Self {
        Self(Mutex::new(Some((state, updates))))
    }
}
