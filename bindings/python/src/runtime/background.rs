//! The runtime of asynchronous calls: a thread of this process.
//!
//! The thread holds the GIL only to wake event loops, and never after the interpreter has started to shut down.

use std::mem::ManuallyDrop;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clanforge::ErrorKind;
use clanforge_bindings::{BindingError, lock};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::runtime::descriptors::Descriptors;

/// The number of runtime threads inside the interpreter, with `SHUT_DOWN` set when no more may enter.
static ENTERED: AtomicUsize = AtomicUsize::new(0);
const SHUT_DOWN: usize = 1 << (usize::BITS - 1);

/// The runtime and the descriptors of the process that created it: a forked child has none of its parent's threads, and creates
/// its own.
static RUNTIME: Mutex<Option<(Descriptors, Handle)>> = Mutex::new(None);

pub(crate) fn runtime() -> Result<Handle, BindingError> {
    // Locked with the GIL held, and so never by another thread while the process forks.
    let mut runtime = lock(&RUNTIME);
    match &*runtime {
        Some((descriptors, handle)) if descriptors.are_own() => return Ok(handle.clone()),
        Some((descriptors, _)) if descriptors.are_of_this_process() => {
            // The thread still polls these descriptors. It would mistake new files with the same numbers for its own.
            return Err(BindingError::new(
                ErrorKind::Local,
                "the file descriptors of asynchronous calls were closed, as when a process becomes a daemon: make the \
                 first asynchronous call afterwards, or fork before you close them",
            ));
        }
        _ => {}
    }
    let startup_error = |problem: std::io::Error| BindingError::startup(&problem);
    let descriptors = Descriptors::new().map_err(startup_error)?;
    // Never dropped: the thread runs as long as the process.
    let new = Builder::new_current_thread().enable_io().enable_time().build().map(ManuallyDrop::new);
    let new = new.map_err(startup_error)?;
    let handle = new.handle().clone();
    std::thread::Builder::new().name("clanforge".to_owned()).spawn(move || drive(&new)).map_err(startup_error)?;
    std::mem::forget(runtime.replace((descriptors, handle.clone())));
    Ok(handle)
}

/// Drives the runtime on a thread that stays attached to the interpreter. Attaching for each wake-up would create a thread
/// state each time, under a lock of the interpreter: a child that is forked at that moment would wait for the lock forever.
fn drive(runtime: &Runtime) {
    if !try_enter() {
        return;
    }
    Python::attach(|py| {
        leave();
        py.detach(|| runtime.block_on(std::future::pending::<()>()));
    });
}

/// Returns whether this thread may enter the interpreter; the caller must then call `leave`.
pub(crate) fn try_enter() -> bool {
    let is_running = ENTERED.fetch_add(1, Ordering::AcqRel) & SHUT_DOWN == 0;
    if !is_running {
        leave();
    }
    is_running
}

pub(crate) fn leave() {
    ENTERED.fetch_sub(1, Ordering::AcqRel);
}

pub(crate) fn is_shut_down() -> bool {
    ENTERED.load(Ordering::Acquire) & SHUT_DOWN != 0
}

/// Keeps runtime threads out of the interpreter from now on, and waits until none is inside. Called by `atexit`.
#[pyfunction]
pub(crate) fn shut_down(py: Python<'_>) {
    ENTERED.fetch_or(SHUT_DOWN, Ordering::AcqRel);
    py.detach(|| {
        while ENTERED.load(Ordering::Acquire) != SHUT_DOWN {
            std::thread::sleep(Duration::from_micros(100));
        }
    });
}

/// Lets runtime threads enter again in a forked child, which has none of the threads that were inside.
#[pyfunction]
pub(crate) fn reset_after_fork() {
    ENTERED.store(0, Ordering::Release);
}
