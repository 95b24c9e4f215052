//! What a long run is doing: on standard error, only where that is a terminal, and only after a second.

use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

/// A line that says what is going on; it vanishes when this is dropped.
pub struct Progress {
    bar: ProgressBar,
    done: Option<Sender<()>>,
}

impl Progress {
    /// Starts to wait for the time when something is to be shown; `quiet` shows nothing ever.
    pub fn start(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar, done: None };
        }
        bar.set_style(ProgressStyle::default_spinner());
        let (done, finished) = mpsc::channel();
        let shown = bar.clone();
        std::thread::spawn(move || {
            if finished.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
                let _ = finished.recv();
                shown.finish_and_clear();
            }
        });
        Self { bar, done: Some(done) }
    }

    /// Says what is going on.
    pub fn stage(&self, what: impl Into<std::borrow::Cow<'static, str>>) {
        self.bar.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.take();
        self.bar.finish_and_clear();
    }
}
