//! The client.

use std::sync::{Mutex, PoisonError};

use clanforge::{ErrorKind, ImageRef, blocking};
use clanforge_bindings::{Fault, Settings};
use napi_derive::napi;

use crate::error::{Thrown, guarded};
use crate::mailbox::{Letter, Mailbox, Reply};
use crate::number::whole;
use crate::status::Status;

/// The client, of both kinds.
#[napi]
pub struct Client {
    settings: Settings,
    clients: Mutex<Clients>,
}

/// What calls are made with, each made when it is first needed: connections belong to the thread that drives them.
enum Clients {
    Open { asynchronous: clanforge::Client, blocking: Option<blocking::Client> },
    Closed,
}

#[napi]
impl Client {
    /// `settings` are JSON.
    #[napi(constructor)]
    pub fn new(settings: String) -> napi::Result<Self> {
        guarded(|| {
            let settings = Settings::from_json(&settings)?;
            let asynchronous = settings.builder()?.build()?;
            Ok(Self { settings, clients: Mutex::new(Clients::Open { asynchronous, blocking: None }) })
        })
    }

    /// Returns the status, and blocks until it is there.
    #[napi]
    pub fn image_status(
        &self,
        account_service_id: f64,
        image_id: f64,
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> napi::Result<Letter> {
        guarded(|| {
            let mut call = self.blocking()?.image_status(image(account_service_id, image_id)).detail(detail);
            if let Some(timeout) = timeout {
                call = call.timeout(clanforge_bindings::duration("timeout", timeout)?);
            }
            if let Some(retries) = retries {
                call = call.retries(retries);
            }
            let status = call.send()?;
            Ok(Letter::new(0, Ok(Reply::Status(status))))
        })
    }

    /// Starts a call for the status.
    #[napi]
    #[allow(clippy::too_many_arguments)] // The other half is the only caller.
    pub fn start_image_status(
        &self,
        mailbox: &Mailbox,
        call: u32,
        account_service_id: f64,
        image_id: f64,
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> napi::Result<()> {
        guarded(|| {
            let image = image(account_service_id, image_id);
            let request = clanforge_bindings::image_status(&self.asynchronous()?, image, detail, timeout, retries)?;
            mailbox.start(call, async move { request.await.map(Reply::Status) })
        })
    }

    /// Begins a wait; `policy` is JSON, the baseline an image and its status.
    #[napi]
    #[allow(clippy::too_many_arguments)] // The other half is the only caller.
    pub fn watch(
        &self,
        account_service_id: f64,
        image_id: f64,
        policy: String,
        before: Option<Vec<f64>>,
        status: Option<&Status>,
        detail: bool,
        seed: Option<f64>,
    ) -> napi::Result<Watch> {
        guarded(|| {
            let image = image(account_service_id, image_id);
            let before = before_of(before, status)?;
            let client = self.asynchronous()?;
            let watch = clanforge_bindings::watch(&client, image, &policy, before, detail, seed.map(whole))?;
            Ok(Watch(Mutex::new(Some(watch))))
        })
    }

    /// Gives the connections up; a call after that is refused.
    #[napi]
    pub fn close(&self) {
        *self.lock() = Clients::Closed;
    }
}

impl Client {
    fn lock(&self) -> std::sync::MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asynchronous(&self) -> Result<clanforge::Client, Thrown> {
        match &*self.lock() {
            Clients::Open { asynchronous, .. } => Ok(asynchronous.clone()),
            Clients::Closed => Err(closed()),
        }
    }

    fn blocking(&self) -> Result<blocking::Client, Thrown> {
        match &mut *self.lock() {
            Clients::Open { blocking: Some(client), .. } => Ok(client.clone()),
            Clients::Open { blocking, .. } => {
                Ok(blocking.insert(blocking::Client::new(self.settings.builder()?)?).clone())
            }
            Clients::Closed => Err(closed()),
        }
    }
}

/// The updates of a wait, until it is closed.
#[napi]
pub struct Watch(Mutex<Option<clanforge_bindings::Watch>>);

#[napi]
impl Watch {
    /// Starts a call for the next update.
    #[napi]
    pub fn start_next(&self, mailbox: &Mailbox, call: u32) -> napi::Result<()> {
        guarded(|| {
            let watch = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default();
            mailbox.start(call, async move {
                let found = watch.next().await?;
                Ok(Reply::Found(found))
            })
        })
    }

    /// Ends the waiting, and closes its connection.
    #[napi]
    pub fn close(&self) -> napi::Result<()> {
        guarded(|| {
            if let Some(watch) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
                watch.close();
                let _within = clanforge_bindings::runtime()?.enter();
                drop(watch);
            }
            Ok(())
        })
    }
}

pub(crate) fn image(account_service_id: f64, image_id: f64) -> ImageRef {
    ImageRef::new(whole(account_service_id), whole(image_id))
}

pub(crate) fn before_of(
    ids: Option<Vec<f64>>,
    status: Option<&Status>,
) -> Result<Option<clanforge_bindings::Before>, Fault> {
    match (ids.as_deref(), status) {
        (None, None) => Ok(None),
        (Some([account_service_id, image_id]), Some(status)) => {
            Ok(Some((image(*account_service_id, *image_id), status.0.clone())))
        }
        // Half a baseline must not pass for none.
        _ => Err(Fault::configuration("a baseline needs an image and a status")),
    }
}

fn closed() -> Thrown {
    Thrown(Fault::new(ErrorKind::Configuration, "the client is closed"))
}
