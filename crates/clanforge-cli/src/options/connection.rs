//! The client that the options describe, and one call of it.

use clanforge::{Client, ClientOptions, Error, ImageRef, ImageStatus};
use futures_util::future::join_all;

use crate::failure::Failure;
use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::runtime::block_on;

const USER_AGENT: &str = concat!("clanforge-cli/", env!("CARGO_PKG_VERSION"));

/// Images with their statuses, or why they could not be read.
pub(crate) type Readings = Vec<(ImageRef, Result<ImageStatus, Error>)>;

impl ConnectionOptions {
    /// Returns a client with these options and the credentials of the environment.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        build(self.options())
    }

    /// Reads the statuses of images once, at the same time.
    pub(crate) fn read(&self, call: &CallOptions, images: &[ImageRef], detail: bool) -> Result<Readings, Failure> {
        let mut options = self.options();
        call.apply_to(&mut options);
        let client = build(options)?;
        let read = async |image| {
            let call = client.image_status(image);
            let call = if detail { call.detail(true) } else { call };
            (image, call.await)
        };
        block_on(async { Ok(join_all(images.iter().copied().map(read)).await) })
    }

    fn options(&self) -> ClientOptions {
        let mut options = ClientOptions::default();
        options.user_agent = Some(USER_AGENT.to_owned());
        self.apply_to(&mut options);
        options
    }
}

fn build(options: ClientOptions) -> Result<Client, Failure> {
    Ok(Client::builder().from_env().options(options).build()?)
}
