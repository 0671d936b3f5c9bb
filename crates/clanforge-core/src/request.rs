//! The request, as data: nothing here sends it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Identifies one game image of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageRef {
    /// The account service ID (ASID): `<accountserviceid>` in the path of the request.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub account_service_id: u64,
    /// The game image's ID: `<imageid>` in the path of the request.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub image_id: u64,
}

impl ImageRef {
    /// Returns a reference to the image `image_id` of the account service `account_service_id`.
    pub const fn new(account_service_id: u64, image_id: u64) -> Self {
        Self { account_service_id, image_id }
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "image {} of account service {}", self.image_id, self.account_service_id)
    }
}

/// A `GET` for the status of one image.
///
/// ```
/// use clanforge_core::{ImageRef, ImageStatusRequest};
///
/// let request = ImageStatusRequest::new(ImageRef::new(1234, 5678)).detail(true);
/// assert_eq!(request.path(), "/cfp/v2/project/1234/image/5678/status");
/// assert_eq!(request.query(), Some("detail=true"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImageStatusRequest {
    image: ImageRef,
    detail: Option<bool>,
}

impl ImageStatusRequest {
    /// Returns a request without `detail`, which the service treats as false.
    pub const fn new(image: ImageRef) -> Self {
        Self { image, detail: None }
    }

    /// Requests the counts of each fleet and region as well (`true`), or explicitly not (`false`).
    #[must_use]
    pub const fn detail(mut self, detail: bool) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Returns the image that the request is for.
    pub const fn image(&self) -> ImageRef {
        self.image
    }

    /// Returns true if the response will have fleets and regions.
    pub fn wants_detail(&self) -> bool {
        self.detail == Some(true)
    }

    /// Returns the path below the service's base URL, with the leading slash.
    pub fn path(&self) -> String {
        let ImageRef { account_service_id, image_id } = self.image;
        format!("/cfp/v2/project/{account_service_id}/image/{image_id}/status")
    }

    /// Returns the query without the question mark; `None` if `detail` is not set.
    pub const fn query(&self) -> Option<&'static str> {
        match self.detail {
            None => None,
            Some(false) => Some("detail=false"),
            Some(true) => Some("detail=true"),
        }
    }
}
