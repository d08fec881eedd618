//! Keys, one at a time: none is read while a question is open.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, Sender, channel};

use dialoguer::console::{Key, Term};
use driftless_report::Label;

use super::Event;
use crate::ui::Ui;

/// The thread that reads them, where somebody is there to press any.
pub(super) struct Keys(Option<Sender<()>>);

impl Keys {
    pub(super) fn read(tell: Sender<Event>, ui: &Ui) -> Self {
        if !ui.can_ask() {
            return Self(None);
        }
        let (go, went) = channel();
        std::thread::spawn(move || wait(&tell, &went));
        Self(Some(go))
    }

    /// The last one was seen to.
    pub(super) fn go_on(&self) {
        if let Some(go) = &self.0 {
            let _ = go.send(());
        }
    }

    /// What they do.
    pub(super) fn show(&self, ui: &mut Ui) {
        if self.0.is_none() {
            return;
        }
        let key = |key: &str, what: &str| format!("{} {what}", ui.sheet().paint(Label::Name, key));
        let keys = [
            key("a", "write it and apply"),
            key("s", "seed"),
            key("r", "reset"),
            key("q", "quit"),
        ];
        ui.status(&keys.join("   "));
    }

    /// A key is still waited for: what that did to the terminal is undone.
    pub(super) fn end(self) {
        if self.0.is_some() && std::io::stdin().is_terminal() {
            let _ = std::process::Command::new("stty").arg("sane").status();
        }
    }
}

fn wait(tell: &Sender<Event>, went: &Receiver<()>) {
    let term = Term::stderr();
    loop {
        let event = match term.read_key() {
            Ok(Key::Char(key)) => Event::Key(key),
            Ok(Key::Enter) => Event::Key('\n'),
            Ok(_) => continue,
            Err(_) => Event::End,
        };
        let is_last = matches!(event, Event::End);
        if tell.send(event).is_err() || is_last || went.recv().is_err() {
            return;
        }
    }
}
