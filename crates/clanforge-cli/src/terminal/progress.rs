//! The progress of a wait on standard error: a live view, plain lines or nothing.

use std::time::{Duration, Instant};

use clanforge::ImageRef;
use clanforge::monitor::Update;

use crate::terminal::live_view::LiveView;
use crate::terminal::plain_progress::PlainProgress;
use crate::terminal::streams::Streams;
use crate::terminal::wait_state::WaitState;

pub(crate) struct Progress {
    /// The wait for each image.
    waits: Vec<(ImageRef, WaitState)>,
    view: View,
}

enum View {
    None,
    Live(LiveView),
    /// The lines of each image.
    Plain(Vec<PlainProgress>),
}

impl Progress {
    pub(crate) fn none() -> Self {
        Self::new(&[], View::None)
    }

    /// Returns a view that is redrawn in place: of the regions of an image, or of several images.
    pub(crate) fn live(images: &[ImageRef]) -> Self {
        Self::new(images, View::Live(LiveView::default()))
    }

    /// Returns lines for each image, one after a change but no two within `gap`, and one after each `heartbeat` without any.
    pub(crate) fn plain(images: &[ImageRef], gap: Duration, heartbeat: Duration) -> Self {
        let plain = |image: &ImageRef| PlainProgress::new((images.len() > 1).then_some(*image), gap, heartbeat);
        Self::new(images, View::Plain(images.iter().map(plain).collect()))
    }

    fn new(images: &[ImageRef], view: View) -> Self {
        let now = Instant::now();
        Self { waits: images.iter().map(|image| (*image, WaitState::new(now))).collect(), view }
    }

    /// Returns true if the view shows regions.
    pub(crate) const fn wants_detail(&self) -> bool {
        matches!(self.view, View::Live(_)) && self.waits.len() == 1
    }

    /// Shows an update.
    pub(crate) fn show(&mut self, update: &Update, streams: &mut Streams<'_>) {
        let Some(index) = self.waits.iter().position(|(image, _)| *image == update.image()) else { return };
        let now = Instant::now();
        let state = &mut self.waits[index].1;
        let has_changed = state.apply(update, now);
        match &mut self.view {
            View::None => {}
            View::Live(view) => view.draw(&self.waits, now, streams),
            View::Plain(plain) => {
                plain[index].note(has_changed, matches!(update, Update::Outcome(_)));
                plain[index].write(state, now, streams);
            }
        }
    }

    /// Shows what changes with time alone.
    pub(crate) fn refresh(&mut self, streams: &mut Streams<'_>) {
        let now = Instant::now();
        match &mut self.view {
            View::None => {}
            View::Live(view) => view.draw(&self.waits, now, streams),
            View::Plain(plain) => {
                for (plain, (_, state)) in plain.iter_mut().zip(&self.waits) {
                    plain.write(state, now, streams);
                }
            }
        }
    }
}
