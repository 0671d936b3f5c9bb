//! The simulator, within the process.

use clanforge_bindings::Simulation;
use napi_derive::napi;

use crate::error::guarded;
use crate::number::whole;

/// A simulator that plays until it is closed.
#[napi]
pub struct Simulator(Simulation);

#[napi]
impl Simulator {
    #[napi(constructor)]
    pub fn new(
        scenario: String,
        speed: f64,
        port: u16,
        account_service_id: Option<f64>,
        image_id: Option<f64>,
    ) -> napi::Result<Self> {
        guarded(|| {
            Ok(Self(Simulation::start(scenario, speed, port, account_service_id.map(whole), image_id.map(whole))?))
        })
    }

    /// Returns the address, the access key, the secret key and the token.
    #[napi]
    pub fn access(&self) -> napi::Result<Vec<String>> {
        guarded(|| {
            let (url, access_key, secret_key, token) = self.0.access()?;
            Ok(vec![url, access_key, secret_key, token])
        })
    }

    #[napi]
    #[allow(clippy::cast_precision_loss)] // Nobody sends so many requests.
    pub fn requests(&self) -> napi::Result<f64> {
        guarded(|| Ok(self.0.requests()? as f64))
    }

    #[napi]
    #[allow(clippy::cast_precision_loss)] // Nor opens so many connections.
    pub fn open_connections(&self) -> napi::Result<f64> {
        guarded(|| Ok(self.0.open_connections()? as f64))
    }

    #[napi]
    pub fn rollout_seconds(&self) -> napi::Result<f64> {
        guarded(|| Ok(self.0.rollout_seconds()?))
    }

    #[napi]
    pub fn close(&self) -> napi::Result<()> {
        guarded(|| {
            self.0.close();
            Ok(())
        })
    }
}

/// Returns the scenarios that ship: name and description.
#[napi]
pub fn scenarios() -> Vec<Vec<String>> {
    clanforge_bindings::scenarios().into_iter().map(|(name, description)| vec![name.to_owned(), description]).collect()
}
