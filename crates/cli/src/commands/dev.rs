//! `driftless dev`: a database of one's own, and the plan on each save.

mod keys;
mod server;
mod sources;
#[cfg(feature = "embedded")]
mod through;
mod watch;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use clap::{Args as ClapArgs, Command};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::{ledger, run};
use driftless_postgres::connect;
use driftless_report::count;

use super::{generate, migrate, reset, seed};
use crate::args::{self, Dev, Global};
use crate::database::{block_on, block_on_to_the_end, signal};
use crate::exit::{Exit, Result, Stop};
use crate::project;
use crate::settings::Settings;
use crate::ui::Ui;
use keys::Keys;
use server::Server;
use sources::Sources;
use watch::Watch;

/// What happens while one works.
enum Event {
    /// Something was written in a folder that is watched.
    Changed,
    /// A key was pressed.
    Key(char),
    /// Ctrl-C, or what a supervisor sends.
    End,
}

/// Editors write a file in several steps: this long nothing happens any more.
const QUIET: Duration = Duration::from_millis(15);

pub(crate) fn run(args: &Dev, global: &Global, ui: &mut Ui) -> Result<Exit> {
    if ui.is_document() {
        return Err(Stop::usage(
            Diagnostic::error("format-of-people", "`driftless dev` speaks to people alone")
                .help("for programs there are `driftless generate --dry-run --format json` and `driftless migrate --format json`"),
        ));
    }
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let server = Server::start(args, &settings, ui)?;
    let (tell, told) = channel();
    until_signal(tell.clone());
    let mut dev = Work {
        url: server.url().to_owned(),
        args,
        global,
        sources: Sources::default(),
        watch: Watch::new(tell.clone())?,
        keys: Keys::read(tell, ui),
    };
    dev.begin(&settings, ui);
    dev.until_the_end(&told, ui);
    dev.keys.end();
    server.stop();
    Ok(Exit::Ok)
}

/// A thread of its own waits for signals.
fn until_signal(tell: Sender<Event>) {
    std::thread::spawn(move || {
        let _ = block_on_to_the_end(async {
            signal().await;
            Ok(())
        });
        let _ = tell.send(Event::End);
    });
}

struct Work<'a> {
    url: String,
    args: &'a Dev,
    global: &'a Global,
    sources: Sources,
    watch: Watch,
    keys: Keys,
}

impl Work<'_> {
    /// Brings the database up, then shows the first plan.
    fn begin(&mut self, settings: &Settings, ui: &mut Ui) {
        self.migrate(ui);
        if !self.args.no_seed && seed::Seeds::if_any(settings).is_ok_and(|seeds| seeds.is_some()) {
            self.seed(ui);
        }
        self.watch(settings, ui);
        self.changed(ui);
    }

    fn until_the_end(&mut self, told: &Receiver<Event>, ui: &mut Ui) {
        while let Ok(event) = told.recv() {
            match event {
                Event::Changed => {
                    let rest = std::iter::from_fn(|| told.recv_timeout(QUIET).ok());
                    let other = rest
                        .into_iter()
                        .find(|event| !matches!(event, Event::Changed));
                    self.changed(ui);
                    if other.is_some_and(|other| self.is_last(&other, ui)) {
                        return;
                    }
                }
                event => {
                    if self.is_last(&event, ui) {
                        return;
                    }
                }
            }
        }
    }

    /// Does what a key says; true for what ends it.
    fn is_last(&mut self, event: &Event, ui: &mut Ui) -> bool {
        match event {
            Event::Changed => false,
            Event::Key(key) => self.key(*key, ui).is_break(),
            Event::End => true,
        }
    }

    fn key(&mut self, key: char, ui: &mut Ui) -> std::ops::ControlFlow<()> {
        match key.to_ascii_lowercase() {
            'a' => self.apply(ui),
            's' => self.seed(ui),
            'r' => self.reset(ui),
            'q' => return std::ops::ControlFlow::Break(()),
            _ => {}
        }
        self.keys.show(ui);
        self.keys.go_on();
        std::ops::ControlFlow::Continue(())
    }

    /// Shows the plan, unless nothing of what makes it is another now.
    fn changed(&mut self, ui: &mut Ui) {
        let started = Instant::now();
        let settings = match Settings::load(self.global) {
            Ok(settings) => settings,
            Err(stop) => {
                if self.sources.is_news(self.sources.prints(None)) {
                    ui.tell_stop(&stop);
                }
                return;
            }
        };
        let prints = self.sources.prints(Some(&settings));
        if !self.sources.is_news(prints) {
            return;
        }
        ui.status("");
        let planned = ui.unasked(|ui| {
            let preview: &[&str] = &["--dry-run", "--no-prove"];
            let args: args::Generate = given(if self.args.apply { &[] } else { preview });
            generate::run(&args, self.global, ui)
        });
        let took = started.elapsed();
        let is_planned = planned.is_ok();
        tell(planned, ui);
        let pending = self.pending(&settings, ui);
        if self.args.apply && is_planned && pending > 0 {
            self.migrate(ui);
        } else if pending > 0 {
            ui.out(&format!("{} to apply", count(pending, "migration")));
        }
        if self.args.apply {
            self.settled();
        }
        ui.status(&format!("looked in {} ms", took.as_millis()));
        self.keys.show(ui);
        // The files that are read may be others now; whoever waits has the plan already.
        self.watch(&settings, ui);
    }

    fn watch(&mut self, settings: &Settings, ui: &mut Ui) {
        ui.tell_all(&self.watch.only(self.sources.places(settings)));
        // What was written before it was watched.
        if self.sources.is_behind(settings) {
            self.watch.again();
        }
    }

    /// How many migrations the database lacks: written by hand, by somebody else, or just now.
    fn pending(&self, settings: &Settings, ui: &mut Ui) -> usize {
        let Ok(folder) = project::folder(settings) else {
            return 0;
        };
        let files = ledger::files(&folder);
        let status = block_on(async {
            let session = connect(&settings.connection(&self.url)?).await?;
            let status = run::status(&session, &files, &settings.ledger()).await;
            session.close().await;
            Ok(status?)
        });
        match status {
            Ok(status) => {
                let open = |one: &&run::MigrationStatus| !one.state.is_applied();
                status.migrations.iter().filter(open).count()
            }
            Err(stop) => {
                ui.tell_stop(&stop);
                0
            }
        }
    }

    fn apply(&mut self, ui: &mut Ui) {
        let write: args::Generate = given(&[]);
        match generate::run(&write, self.global, ui) {
            Ok(_) => self.migrate(ui),
            Err(stop) => ui.tell_stop(&stop),
        }
        self.settled();
    }

    fn migrate(&self, ui: &mut Ui) {
        let args: args::Migrate = given(&["--database-url", &self.url]);
        tell(migrate::run(&args, self.global, ui), ui);
    }

    fn seed(&self, ui: &mut Ui) {
        let args: args::Seed = given(&["--database-url", &self.url]);
        tell(seed::run(&args, self.global, ui), ui);
    }

    fn reset(&mut self, ui: &mut Ui) {
        let args: args::Reset = given(&["--database-url", &self.url]);
        tell(reset::run(&args, self.global, ui), ui);
        self.settled();
    }

    /// What was written into the folder just now is no news.
    fn settled(&mut self) {
        if let Ok(settings) = Settings::load(self.global) {
            self.sources.settle(&settings);
        }
    }
}

fn tell(outcome: Result<Exit>, ui: &mut Ui) {
    if let Err(stop) = outcome {
        ui.tell_stop(&stop);
    }
}

/// The arguments of another command.
fn given<A: ClapArgs>(words: &[&str]) -> A {
    let command = A::augment_args(Command::new("driftless").no_binary_name(true));
    let matches = command.try_get_matches_from(words);
    let args = matches.and_then(|matches| A::from_arg_matches(&matches));
    args.unwrap_or_else(|error| unreachable!("{error}"))
}
