//! The client that the options describe, and one call of it.

use clanforge::{Client, ClientOptions, ImageRef, ImageStatus};

use crate::failure::Failure;
use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::runtime::block_on;

const USER_AGENT: &str = concat!("clanforge-cli/", env!("CARGO_PKG_VERSION"));

impl ConnectionOptions {
    /// Returns a client with these options and the credentials of the environment.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        build(self.options())
    }

    /// Reads the status of an image once.
    pub(crate) fn read(&self, call: &CallOptions, image: ImageRef, detail: bool) -> Result<ImageStatus, Failure> {
        let mut options = self.options();
        call.apply_to(&mut options);
        let call = build(options)?.image_status(image);
        let call = if detail { call.detail(true) } else { call };
        block_on(async { Ok(call.await?) })
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
