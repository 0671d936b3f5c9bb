//! The simulator inside the process.

use clanforge_bindings::Simulation;
use napi_derive::napi;

use crate::error::catch;
use crate::number::to_u64;

/// A simulator that runs until it is closed.
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
        let [account_service_id, image_id] = [account_service_id, image_id].map(|id| id.map(to_u64));
        catch(|| Ok(Self(Simulation::start(scenario, speed, port, account_service_id, image_id)?)))
    }

    /// Returns the address, access key, secret key and token.
    #[napi]
    pub fn access(&self) -> napi::Result<(String, String, String, String)> {
        catch(|| self.0.access())
    }

    /// Returns the number of requests and of open connections, and the elapsed seconds of the rollout.
    #[napi]
    #[allow(clippy::cast_precision_loss)] // Less than 2^53.
    pub fn observe(&self) -> napi::Result<(f64, f64, f64)> {
        catch(|| {
            let (requests, open_connections, rollout_seconds) = self.0.observe()?;
            Ok((requests as f64, open_connections as f64, rollout_seconds))
        })
    }

    #[napi]
    pub fn close(&self) {
        self.0.close();
    }
}

/// Returns the name and description of each built-in scenario.
#[napi]
pub fn scenarios() -> Vec<(&'static str, String)> {
    clanforge_bindings::scenarios()
}
