//! The credentials that a simulator accepts, and the images that it serves.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::http::Request;
use crate::signature;

/// The credentials that a simulator accepts, and the images that it serves.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The access key of Basic authentication and of signatures.
    pub access_key: String,
    /// The secret key of Basic authentication and of signatures.
    pub secret_key: String,
    /// The bearer token.
    pub token: String,
    /// The only account service ID that is served; `None` for all of them.
    pub account_service_id: Option<u64>,
    /// The only image ID that is served; `None` for all of them.
    pub image_id: Option<u64>,
}

impl Identity {
    /// Returns true if the request is authenticated with these credentials.
    pub(crate) fn authenticates(&self, request: &Request) -> bool {
        let pair = STANDARD.encode(format!("{}:{}", self.access_key, self.secret_key));
        match request.header("authorization").and_then(|text| text.split_once(' ')) {
            Some((scheme, given)) if scheme.eq_ignore_ascii_case("basic") => given.trim() == pair,
            Some((scheme, given)) if scheme.eq_ignore_ascii_case("bearer") => given.trim() == self.token,
            Some(("AWS4-HMAC-SHA256", given)) => {
                signature::is_valid(given, request, &self.access_key, &self.secret_key)
            }
            _ => false,
        }
    }
}

impl Default for Identity {
    /// Returns public example credentials, and no restriction to one account service or image.
    fn default() -> Self {
        Self {
            access_key: "simulator-access-key".to_owned(),
            secret_key: "simulator-secret-key".to_owned(),
            token: "simulator-token".to_owned(),
            account_service_id: None,
            image_id: None,
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("account_service_id", &self.account_service_id)
            .field("image_id", &self.image_id)
            .finish_non_exhaustive()
    }
}
