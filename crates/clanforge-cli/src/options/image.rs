//! Which image.

use std::env::VarError;

use clanforge::ImageRef;
use clap::Args;

use crate::failure::Failure;
use crate::options::values::single;

const ACCOUNT_SERVICE_ID: &str = "CLANFORGE_ACCOUNT_SERVICE_ID";

#[derive(Args)]
pub(crate) struct ImageOptions {
    #[arg(long, value_name = "N", help = format!("Account service ID [env: {ACCOUNT_SERVICE_ID}]"))]
    asid: Vec<u64>,

    /// Game image ID
    #[arg(long, value_name = "N", required = true)]
    image: Vec<u64>,
}

impl ImageOptions {
    /// Returns the image, in the account service of the option or else of the environment.
    pub(crate) fn image(&self) -> Result<ImageRef, Failure> {
        let account_service_id = match single("--asid", &self.asid)? {
            Some(account_service_id) => *account_service_id,
            None => account_service_id_of_environment()?,
        };
        let image_id = single("--image", &self.image)?.copied().unwrap_or_default();
        Ok(ImageRef::new(account_service_id, image_id))
    }
}

fn account_service_id_of_environment() -> Result<u64, Failure> {
    let value = match std::env::var(ACCOUNT_SERVICE_ID) {
        Err(VarError::NotUnicode(_)) => {
            return Err(Failure::usage(format!("{ACCOUNT_SERVICE_ID} is not valid Unicode")));
        }
        value => value.unwrap_or_default(),
    };
    match value.as_str() {
        "" => Err(Failure::usage(format!("no account service ID: pass --asid, or set {ACCOUNT_SERVICE_ID}"))),
        // The value may be a secret in the wrong variable, so the message does not repeat it.
        number => number.parse().map_err(|_| Failure::usage(format!("{ACCOUNT_SERVICE_ID} is not a number"))),
    }
}
