//! Calls that run while JavaScript goes on.
//!
//! A call runs on a thread of this library. Its end is put into the mailbox of the JavaScript thread that asked, which is
//! woken once for all ends that have come until it looks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clanforge::Error;
use clanforge_bindings::{Ask, Fault, Found, Guarded, Request, Told, asking, json};
use napi::bindgen_prelude::{Float64Array, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use tokio::task::AbortHandle;

use crate::error::{Thrown, guarded};
use crate::number;
use crate::status::Status;

/// What came of a call. One of the fields is there, or none where there was nothing more to tell.
#[napi(object, object_from_js = false)]
pub struct Letter {
    /// The number of the call.
    pub call: u32,
    /// What went wrong, as JSON.
    pub error: Option<String>,
    /// Pending, failed and completed machines.
    pub counts: Option<Vec<f64>>,
    /// A status with detail, or that of an update.
    pub status: Option<Status>,
    /// An update, as JSON without its status.
    pub update: Option<String>,
    /// The call needs credentials, and goes on once it is given them.
    pub asked: Option<bool>,
}

/// The ends that have come. Most are statuses without detail, and cross the border at once: an object for each would cost
/// more than all the rest that is done for it there.
#[napi(object, object_from_js = false)]
pub struct Batch {
    /// For each status without detail the number of the call, pending, failed and completed machines.
    pub counts: Float64Array,
    /// All others.
    pub letters: Vec<Letter>,
}

/// What a call found.
pub(crate) enum Reply {
    Status(clanforge::ImageStatus),
    Found(Found),
    Asked,
    Nothing,
}

impl Letter {
    pub(crate) fn new(call: u32, ended: Result<Reply, Fault>) -> Self {
        let mut letter = Self { call, error: None, counts: None, status: None, update: None, asked: None };
        if let Err(fault) = ended.and_then(|reply| letter.fill(reply)) {
            letter.error = Some(json(&fault));
        }
        letter
    }

    fn fill(&mut self, reply: Reply) -> Result<(), Fault> {
        match reply {
            Reply::Status(status) => {
                number::check(&status)?;
                self.counts = Some(number::counts(status.counts()));
                self.status = status.fleets().is_some().then(|| Status(Arc::new(status)));
            }
            Reply::Found(found) => {
                let Some(Told { text, status }) = found.told()? else { return Ok(()) };
                status.iter().try_for_each(|status| number::check(status))?;
                self.status = status.map(Status);
                self.update = Some(text);
            }
            Reply::Asked => self.asked = Some(true),
            Reply::Nothing => {}
        }
        Ok(())
    }
}

type Wake = ThreadsafeFunction<(), (), (), napi::Status, false, true>;

struct Letters {
    waiting: Mutex<Vec<(u32, Result<Reply, Fault>)>>,
    running: Mutex<HashMap<u32, AbortHandle>>,
    /// The calls that wait for credentials.
    asking: Mutex<HashMap<u32, Request>>,
    /// The thread has been told, and has not looked yet.
    is_told: AtomicBool,
    wake: Wake,
}

/// The ends of the calls of one JavaScript thread.
#[napi]
pub struct Mailbox(Arc<Letters>);

#[napi]
impl Mailbox {
    /// `drain` is called when ends have come; it keeps no process alive.
    #[napi(constructor)]
    pub fn new(drain: Function<'_, (), ()>) -> napi::Result<Self> {
        let wake = drain.build_threadsafe_function().weak::<true>().build()?;
        Ok(Self(Arc::new(Letters {
            waiting: Mutex::default(),
            running: Mutex::default(),
            asking: Mutex::default(),
            is_told: AtomicBool::new(false),
            wake,
        })))
    }

    /// Takes every end that has come.
    #[napi]
    pub fn take(&self) -> Batch {
        self.0.is_told.store(false, Ordering::Release);
        let waiting = std::mem::take(&mut *lock(&self.0.waiting));
        let (mut counts, mut letters) = (Vec::new(), Vec::new());
        for (call, ended) in waiting {
            match Letter::new(call, ended) {
                Letter { error: None, counts: Some(found), status: None, update: None, asked: None, .. } => {
                    counts.push(f64::from(call));
                    counts.extend(found);
                }
                letter => letters.push(letter),
            }
        }
        Batch { counts: counts.into(), letters }
    }

    /// Gives a call the credentials that it asked for, as JSON.
    #[napi]
    pub fn give(&self, call: u32, keys: String) -> napi::Result<()> {
        guarded(|| {
            let request = lock(&self.0.asking).remove(&call);
            Ok(request.map_or(Ok(()), |request| request.give(&keys))?)
        })
    }

    /// Ends a call, and closes its connection.
    #[napi]
    pub fn cancel(&self, call: u32) {
        if let Some(running) = lock(&self.0.running).remove(&call) {
            running.abort();
        }
        // Only now: a call that is not aborted would take the end of its request for an answer.
        lock(&self.0.asking).remove(&call);
    }

    /// Starts a call that panics: see `error::defect`.
    #[napi]
    pub fn start_defect(&self, call: u32, text: String) -> napi::Result<()> {
        guarded(|| self.start(call, async move { if text.is_empty() { Ok(Reply::Nothing) } else { panic!("{text}") } }))
    }
}

impl Mailbox {
    /// Starts a call, by a number that no other running one has.
    pub(crate) fn start(
        &self,
        call: u32,
        run: impl Future<Output = Result<Reply, Error>> + Send + 'static,
    ) -> Result<(), Thrown> {
        let letters = Arc::clone(&self.0);
        // Held until it is entered, so that its end, which takes it out again, comes after.
        let mut running = lock(&self.0.running);
        let task = clanforge_bindings::runtime()?.spawn(async move {
            let ended = Guarded::new(asking(Some(letters.ask(call)), run)).await;
            lock(&letters.running).remove(&call);
            lock(&letters.asking).remove(&call);
            letters.put(call, ended);
        });
        running.insert(call, task.abort_handle());
        Ok(())
    }
}

impl Letters {
    /// Returns what tells the thread that a call needs credentials.
    fn ask(self: &Arc<Self>, call: u32) -> Ask {
        let letters = Arc::clone(self);
        Arc::new(move |request| {
            lock(&letters.asking).insert(call, request);
            letters.put(call, Ok(Reply::Asked));
        })
    }

    fn put(&self, call: u32, ended: Result<Reply, Fault>) {
        lock(&self.waiting).push((call, ended));
        if !self.is_told.swap(true, Ordering::AcqRel) {
            // A thread that is ending has nobody left who waits.
            self.wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // The thread has ended: so do the calls that it waited for.
        for (_, running) in lock(&self.0.running).drain() {
            running.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
