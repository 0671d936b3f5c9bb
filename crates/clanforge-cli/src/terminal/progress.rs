//! The progress of a wait on standard error: a live view, plain lines or nothing.

use std::time::{Duration, Instant};

use clanforge::ImageRef;
use clanforge::monitor::Update;

use crate::terminal::live_view::LiveView;
use crate::terminal::plain_progress::PlainProgress;
use crate::terminal::streams::Streams;
use crate::terminal::wait_state::WaitState;

pub(crate) struct Progress {
    state: WaitState,
    view: View,
}

enum View {
    None,
    Live(LiveView),
    Plain(PlainProgress),
}

impl Progress {
    pub(crate) fn none() -> Self {
        Self::new(View::None)
    }

    /// Returns a view that is redrawn in place.
    pub(crate) fn live(image: ImageRef) -> Self {
        Self::new(View::Live(LiveView::new(image)))
    }

    /// Returns lines, one after a change but no two within `gap`, and one after each `heartbeat` without any.
    pub(crate) fn plain(gap: Duration, heartbeat: Duration) -> Self {
        Self::new(View::Plain(PlainProgress::new(gap, heartbeat)))
    }

    fn new(view: View) -> Self {
        Self { state: WaitState::new(Instant::now()), view }
    }

    /// Returns true if the view shows regions.
    pub(crate) const fn wants_detail(&self) -> bool {
        matches!(self.view, View::Live(_))
    }

    /// Shows an update.
    pub(crate) fn show(&mut self, update: &Update, streams: &mut Streams<'_>) {
        let has_changed = self.state.apply(update, Instant::now());
        if let View::Plain(plain) = &mut self.view {
            plain.note(has_changed, matches!(update, Update::Outcome(_)));
        }
        self.refresh(streams);
    }

    /// Shows what changes with time alone.
    pub(crate) fn refresh(&mut self, streams: &mut Streams<'_>) {
        let now = Instant::now();
        match &mut self.view {
            View::None => {}
            View::Live(view) => view.draw(&self.state, now, streams),
            View::Plain(plain) => {
                if let Some(line) = plain.line(&self.state, now) {
                    streams.write_message(&format!("{line}\n"));
                }
            }
        }
    }
}
