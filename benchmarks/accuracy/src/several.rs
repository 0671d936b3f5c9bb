//! Waits for several images at once: each image is read by a wait of its own, and all have one outcome.

use std::time::Duration;

use clanforge_core::monitor::OutcomeKind;

use crate::waiter::Ending;

/// How waits for two to five images ended. Each image takes the next of the simulated rollouts.
#[derive(Debug, Default)]
pub(crate) struct Several {
    images: Vec<Image>,
    waits: u64,
    ready: u64,
    false_ready: u64,
}

#[derive(Debug)]
struct Image {
    is_ready: bool,
    was_ready: bool,
    at: Duration,
    ready_since: Option<Duration>,
}

impl Several {
    /// Adds the next image, and ends the wait if it is the last.
    pub(crate) fn add(&mut self, ending: &Ending) {
        let Ending { kind, was_ready, at, ready_since, .. } = *ending;
        self.images.push(Image { is_ready: kind == Some(OutcomeKind::Ready), was_ready, at, ready_since });
        let size = 2 + self.waits % 4;
        if self.images.len() as u64 == size {
            self.end();
        }
    }

    fn end(&mut self) {
        let images = std::mem::take(&mut self.images);
        let end = images.iter().map(|image| image.at).max().unwrap_or_default();
        self.waits += 1;
        if images.iter().all(|image| image.is_ready) {
            self.ready += 1;
            // Each image was ready when its own wait ended, or became ready before the last of the waits ended.
            let is_right = |image: &Image| image.was_ready || image.ready_since.is_some_and(|since| since <= end);
            self.false_ready += u64::from(!images.iter().all(is_right));
        }
    }

    /// Returns how many waits said that all images are ready, and some were not.
    pub(crate) const fn false_ready(&self) -> u64 {
        self.false_ready
    }

    pub(crate) fn report(&self) -> String {
        let Self { waits, ready, false_ready, .. } = self;
        format!("2 to 5 images at once, with baselines: {waits} waits, {ready} ready, {false_ready} of them false")
    }
}
