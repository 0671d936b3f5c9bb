//! Name resolution, before a connection is opened: its time counts toward the attempt timeout, not toward the connect
//! timeout.

use std::cell::RefCell;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::thread;
use std::{fmt, io};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::{Semaphore, oneshot};

/// How many names are resolved at the same time: a name server that is down blocks a thread for each.
static PERMITS: Semaphore = Semaphore::const_new(64);

tokio::task_local! {
    static LOOKUP: RefCell<Lookup>;
}

/// What a request knows of the addresses of its host name.
enum Lookup {
    Unneeded,
    Needed(Name),
    Done(Vec<SocketAddr>),
}

/// Runs a request that knows these addresses of its host name. Returns the name as well if the request has failed
/// because it needs a connection and knows no addresses.
pub(crate) async fn with_addresses<F: Future>(
    addresses: Option<Vec<SocketAddr>>,
    request: F,
) -> (F::Output, Option<Name>) {
    let lookup = addresses.map_or(Lookup::Unneeded, Lookup::Done);
    LOOKUP
        .scope(RefCell::new(lookup), async {
            let output = request.await;
            match LOOKUP.with(|lookup| lookup.replace(Lookup::Unneeded)) {
                Lookup::Needed(name) => (output, Some(name)),
                Lookup::Unneeded | Lookup::Done(_) => (output, None),
            }
        })
        .await
}

/// The resolver of reqwest, whose connect timeout includes it: it returns the addresses that the request knows.
pub(crate) struct KnownAddresses(pub(crate) Arc<dyn Resolve>);

impl Resolve for KnownAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        if LOOKUP.try_with(|_| ()).is_err() {
            // The request has taken another connection.
            return self.0.resolve(name);
        }
        let known = LOOKUP.with(|lookup| match &mut *lookup.borrow_mut() {
            Lookup::Done(addresses) => Ok(Box::new(addresses.clone().into_iter()) as Addrs),
            lookup => {
                *lookup = Lookup::Needed(name);
                Err(io::Error::other("the host name is not resolved yet").into())
            }
        });
        Box::pin(std::future::ready(known))
    }
}

/// The operating system could not start a thread.
#[derive(Debug)]
pub(crate) struct NoThread(io::Error);

impl fmt::Display for NoThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NoThread {}

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
            started.map_err(NoThread)?;
            let addresses = receiver.await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
