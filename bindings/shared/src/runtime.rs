//! The runtime of asynchronous calls.

use std::pin::Pin;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::BindingError;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Returns the runtime of this process, which runs on a single thread.
///
/// # Errors
/// `local` if the system has no thread or socket left for it.
pub fn runtime() -> Result<&'static Handle, BindingError> {
    Ok(&started()?.0)
}

/// Starts a task on the runtime of this process. Tasks that are started faster than the runtime takes them wake its thread once,
/// whereas `Handle::spawn` makes a system call for each.
///
/// # Errors
/// `local` if the system has no thread or socket left for the runtime.
pub fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Result<(), BindingError> {
    // Fails only if the thread has ended, and the process with it.
    let _ = started()?.1.send(Box::pin(task));
    Ok(())
}

fn started() -> Result<&'static (Handle, UnboundedSender<Task>), BindingError> {
    static RUNTIME: OnceLock<Result<(Handle, UnboundedSender<Task>), String>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|problem| problem.to_string())?;
        let handle = runtime.handle().clone();
        let (sender, tasks) = unbounded_channel();
        std::thread::Builder::new()
            .name("clanforge".to_owned())
            .spawn(move || runtime.block_on(start_all(tasks)))
            .map_err(|problem| problem.to_string())?;
        Ok((handle, sender))
    });
    runtime.as_ref().map_err(BindingError::startup)
}

async fn start_all(mut tasks: UnboundedReceiver<Task>) {
    while let Some(task) = tasks.recv().await {
        tokio::spawn(task);
    }
}
