//! Name resolution.

use std::io;
use std::net::ToSocketAddrs;
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::{Semaphore, oneshot};

/// As many names are resolved at a time: a name server that is down blocks a thread for each.
static PERMITS: Semaphore = Semaphore::const_new(64);

/// The resolver of the system, on a thread for each name: the threads of tokio, which reqwest would use, panic if the system
/// has none left.
pub(crate) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let permit = PERMITS.acquire().await?;
            let (sender, receiver) = oneshot::channel();
            let thread = thread::Builder::new().name("clanforge-resolver".to_owned());
            let started = thread.spawn(move || {
                // The request may have been cancelled.
                let _ = sender.send((name.as_str(), 0).to_socket_addrs().map(Vec::from_iter));
                drop(permit);
            });
            started.map_err(|error| io::Error::other(format!("could not start a thread: {error}")))?;
            let addresses = receiver.await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
