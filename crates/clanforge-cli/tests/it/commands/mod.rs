//! One file for each command.

mod check;
mod demo;
mod help;
mod simulate;
mod status;
mod wait;
