//! One line on the terminal that says what is being done; elsewhere nothing.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that changes. Gone when dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(hidden: bool) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_draw_target(if hidden {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        });
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// What is being done now.
    pub(crate) fn set(&self, message: impl Into<String>) {
        self.0.set_message(message.into());
        self.0.reset_elapsed();
        if !self.0.is_hidden() {
            self.0.enable_steady_tick(Duration::from_millis(100));
        }
    }

    /// Whether there is a terminal to show it on.
    pub(crate) fn is_shown(&self) -> bool {
        !self.0.is_hidden()
    }

    /// Takes the line away while something else is printed.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Takes the line away for good.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
