//! Calls: an endpoint's request, the attempts to send it, what each response means, and the retries between them.
//!
//! Everything here is generic over the [`Endpoint`]. The rest of the crate describes an endpoint and passes it to
//! [`Service::call`] with [`CallLimits`].

mod attempt;
mod body;
mod content_coding;
mod endpoint;
mod retry_loop;
mod retry_policy;
mod service;
#[cfg(test)]
mod tests;

pub(crate) use endpoint::Endpoint;
pub(crate) use retry_loop::CallLimits;
pub(crate) use service::Service;
