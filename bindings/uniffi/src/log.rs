//! Warnings, which go to the logger of the language, or to standard error if there is none.

use std::sync::{Arc, Mutex};

use clanforge::ImageRef;
use clanforge_bindings::lock;

/// Receives the warnings of this library.
#[uniffi::export(foreign)]
pub trait Logger: Send + Sync {
    /// Called with each warning.
    fn warn(&self, message: String);
}

static LOGGER: Mutex<Option<Arc<dyn Logger>>> = Mutex::new(None);

/// Sends warnings to a logger instead of standard error.
#[uniffi::export]
pub fn set_logger(logger: Arc<dyn Logger>) {
    *lock(&LOGGER) = Some(logger);
}

/// Logs the warnings of a wait for an image, or of its baseline.
pub(crate) fn warn(image: ImageRef, warnings: &[String]) {
    let logger = lock(&LOGGER).clone();
    for message in warnings.iter().map(|warning| format!("{image}: {warning}")) {
        match &logger {
            Some(logger) => logger.warn(message),
            #[allow(clippy::print_stderr)] // There is no logger.
            None => eprintln!("clanforge: {message}"),
        }
    }
}
