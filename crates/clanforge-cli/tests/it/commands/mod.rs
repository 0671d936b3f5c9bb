//! One file for each command.

mod baseline;
mod check;
mod ci;
mod demo;
mod failures;
mod help;
mod replay;
mod report;
mod rollout;
mod several_images;
mod simulate;
mod status;
mod wait;
mod wait_state;
