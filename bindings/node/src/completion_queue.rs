//! Asynchronous calls.
//!
//! A call runs on the runtime thread of this library. When it completes, its result is put into the completion queue of the
//! JavaScript thread that started it. The queue wakes that thread once for all completions that arrive before it takes them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use clanforge_bindings::{
    BindingError, CredentialsCallback, CredentialsRequest, catch_panic_of, json, lock, with_credentials_callback,
};
use futures_util::future::{AbortHandle, Abortable, FutureExt};
use napi::bindgen_prelude::{Either4, Float64Array, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;

use crate::error::export;
use crate::status::Value;

/// The result of a call, or its request for credentials. A call for the next update of a finished wait has no value.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct Completion {
    /// The ID of the call.
    pub call: u32,
    /// The error, in JSON.
    pub error: Option<String>,
    pub value: Option<Value>,
    /// The call needs credentials, and continues when it gets them.
    pub needs_credentials: bool,
}

/// The completions since the last batch. Most are statuses without detail: they cross the FFI boundary in one array, because
/// one object for each would cost more than the rest of the call in JavaScript. It has four numbers for each of them: the ID of the
/// call, pending, failed and completed machines. All other completions follow.
type Batch = (Float64Array, Vec<Completion>);

type WakeCallback = ThreadsafeFunction<(), (), (), napi::Status, false, true>;

struct QueueState {
    running: Mutex<HashMap<u32, RunningCall>>,
    /// The thread is woken for the first, and takes all.
    completed: Mutex<Vec<Completion>>,
    wake: WakeCallback,
}

struct RunningCall {
    task: AbortHandle,
    credentials_request: Option<CredentialsRequest>,
}

/// The completion queue of one JavaScript thread.
#[napi]
pub struct CompletionQueue(Arc<QueueState>);

export!(impl CompletionQueue {
    /// `on_completions` is called when there are completions to take; it does not keep the process alive.
    [constructor] fn new(on_completions: Function<'_, (), ()>) -> Self = {
        let wake = on_completions.build_threadsafe_function().weak::<true>().build().map_err(BindingError::bug)?;
        Ok(Self(Arc::new(QueueState { running: Mutex::default(), completed: Mutex::default(), wake })))
    };

    /// Takes all completions.
    fn take(&self) -> Batch = {
        let completed = std::mem::take(&mut *lock(&self.0.completed));
        let (mut counts, mut completions) = (Vec::new(), Vec::new());
        for completion in completed {
            match completion.value {
                Some(Either4::A((pending, failed, completed))) => {
                    counts.extend([f64::from(completion.call), pending, failed, completed]);
                }
                _ => completions.push(completion),
            }
        }
        Ok((counts.into(), completions))
    };

    /// Passes the credentials that a call requested to it, in JSON.
    fn provide_credentials(&self, call: u32, credentials: String) -> () = {
        let request = lock(&self.0.running).get_mut(&call).and_then(|call| call.credentials_request.take());
        request.map_or(Ok(()), |request| request.respond(&credentials))
    };

    /// Cancels a call, and closes its connection.
    fn cancel(&self, call: u32) -> () = {
        // Its request is dropped after the abort: a call that still runs would take that for an error of its provider.
        if let Some(running) = lock(&self.0.running).remove(&call) {
            running.task.abort();
        }
        Ok(())
    };

    /// Starts a call that panics: see `error::panic_for_tests`.
    fn start_panic_for_tests(&self, call: u32, text: String) -> () =
        self.start(call, async move { if text.is_empty() { Ok(None) } else { panic!("{text}") } });
});

impl CompletionQueue {
    /// Starts a call with an ID that no running call has.
    pub(crate) fn start(
        &self,
        call: u32,
        run: impl Future<Output = Result<Option<Value>, BindingError>> + Send + 'static,
    ) -> Result<(), BindingError> {
        let (task, registration) = AbortHandle::new_pair();
        // Before it starts, because a call that completes removes itself.
        lock(&self.0.running).insert(call, RunningCall { task, credentials_request: None });
        let state = Arc::clone(&self.0);
        let run = async move {
            let callback = state.credentials_callback(call);
            let result = catch_panic_of(with_credentials_callback(Some(callback), run)).await;
            lock(&state.running).remove(&call);
            let completion = match result {
                Ok(value) => Completion { call, value, ..Completion::default() },
                Err(error) => Completion { call, error: Some(json(&error)), ..Completion::default() },
            };
            if state.put(completion) {
                // After the tasks that are ready to run: many of them complete a call.
                tokio::spawn(async move { state.wake() });
            }
        };
        clanforge_bindings::spawn(Abortable::new(run, registration).map(drop))
            .inspect_err(|_| drop(lock(&self.0.running).remove(&call)))
    }
}

impl QueueState {
    /// Returns the callback that tells the JavaScript thread that a call needs credentials.
    fn credentials_callback(self: &Arc<Self>, call: u32) -> CredentialsCallback {
        let state = Arc::clone(self);
        Arc::new(move |request| {
            if let Some(running) = lock(&state.running).get_mut(&call) {
                running.credentials_request = Some(request);
            }
            if state.put(Completion { call, needs_credentials: true, ..Completion::default() }) {
                state.wake();
            }
        })
    }

    /// Returns whether the JavaScript thread has to be woken.
    fn put(&self, completion: Completion) -> bool {
        let mut completed = lock(&self.completed);
        completed.push(completion);
        completed.len() == 1
    }

    fn wake(&self) {
        // Fails if the thread is ending: nothing waits for the call then.
        self.wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }
}

impl Drop for CompletionQueue {
    fn drop(&mut self) {
        // The JavaScript thread has ended: cancel its calls.
        for (_, running) in lock(&self.0.running).drain() {
            running.task.abort();
        }
    }
}
