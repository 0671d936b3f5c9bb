//! Standard output and standard error: what people see, and the signals that they send.
//!
//! `ci` writes the commands of CI systems. `terminal_kind` knows what the terminal can show, `streams` writes, and
//! `paint`, `text_width` and `table` format. `status_text` and `wait_state` hold what is shown of a status and of a
//! wait. `progress` shows a wait as a `live_view` or as `plain_progress`.

pub(crate) mod ci;
mod live_view;
pub(crate) mod log;
pub(crate) mod paint;
mod plain_progress;
pub(crate) mod progress;
pub(crate) mod signals;
pub(crate) mod status_text;
pub(crate) mod streams;
pub(crate) mod table;
pub(crate) mod terminal_kind;
mod text_width;
pub(crate) mod wait_state;
