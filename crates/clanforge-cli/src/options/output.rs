//! What a command writes to standard output and standard error.

use clap::{Args, ValueEnum};

#[derive(Args)]
pub(crate) struct OutputOptions {
    /// Output format
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Text,
    /// One JSON document
    Json,
}

#[derive(Args)]
pub(crate) struct StatusOutputOptions {
    /// Output format
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) format: StatusFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// Text for people
    Text,
    /// One JSON document
    Json,
    /// Metrics for Prometheus, with those of each fleet and region
    Openmetrics,
}

#[derive(Args)]
pub(crate) struct WaitOutputOptions {
    /// Output format
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t = WaitFormat::Text)]
    pub(crate) format: WaitFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WaitFormat {
    /// The outcome as a sentence
    Text,
    /// The outcome as one JSON document
    Json,
    /// Every update as a line of JSON, the outcome last
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A live view on a terminal, plain lines elsewhere and in CI
    Auto,
    /// A live view, redrawn in place
    Tty,
    /// A line after a change, and a heartbeat every minute
    Plain,
    /// No progress
    None,
}
