//! Authentication: credentials, signatures, providers, and that no secret leaks.

mod authentication;
mod secrets;
