//! Which images.

use std::env::VarError;

use clanforge::ImageRef;
use clap::Args;

use crate::failure::Failure;
use crate::options::values::single;

const ACCOUNT_SERVICE_ID: &str = "CLANFORGE_ACCOUNT_SERVICE_ID";

#[derive(Args)]
pub(crate) struct ImageOptions {
    #[arg(long, value_name = "N", help = format!("Account service ID [env: {ACCOUNT_SERVICE_ID}]"), value_parser = parse_id)]
    asid: Vec<u64>,

    /// Game image ID, or account service ID and game image ID; repeatable
    #[arg(long, value_name = "[ASID/]N", required = true, value_parser = parse_image)]
    image: Vec<(Option<u64>, u64)>,
}

impl ImageOptions {
    /// Returns the images without duplicates. An image without an account service ID gets that of the option, or else
    /// of the environment.
    pub(crate) fn images(&self) -> Result<Vec<ImageRef>, Failure> {
        let option = single("--asid", &self.asid)?;
        let mut images = Vec::new();
        for (account_service_id, image_id) in &self.image {
            let account_service_id = match account_service_id.as_ref().or(option) {
                Some(account_service_id) => *account_service_id,
                None => account_service_id_of_environment()?,
            };
            let image = ImageRef::new(account_service_id, *image_id);
            if !images.contains(&image) {
                images.push(image);
            }
        }
        Ok(images)
    }
}

/// Returns `ASID/ID`: the form in which an image is typed, and in which lines about several images name it.
pub(crate) fn label(image: ImageRef) -> String {
    format!("{}/{}", image.account_service_id, image.image_id)
}

fn parse_image(text: &str) -> Result<(Option<u64>, u64), String> {
    match text.split_once('/') {
        Some((account_service_id, image_id)) => Ok((Some(parse_id(account_service_id)?), parse_id(image_id)?)),
        None => Ok((None, parse_id(text)?)),
    }
}

fn parse_id(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a number, 1 or greater".to_owned())
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
