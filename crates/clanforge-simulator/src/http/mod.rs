//! HTTP/1 on a socket: reads requests, and sends responses byte by byte, because faults are what the simulator is for. Knows
//! nothing of scenarios, rollouts and credentials.

mod action;
mod connection;
mod request;
mod response;

pub(crate) use action::Action;
pub(crate) use connection::serve;
pub(crate) use request::Request;
pub(crate) use response::Response;
