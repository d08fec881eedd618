//! `driftless scratch`: which throwaway Postgres is used, and why.

use std::time::Instant;

use crate::args::{Global, ScratchCommand};
use crate::database::block_on;
use crate::exit::{Exit, Result};
use crate::scratch::{Choice, Engine};
use crate::settings::Settings;
use crate::ui::Ui;

pub(crate) fn run(args: &ScratchCommand, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let settings = Settings::load_or_begin(global)?;
    let choice = Choice::new(&settings, &args.scratch, None)?;
    let (word, engine) = match &choice.engine {
        Engine::Server(options) => ("server", options.to_string()),
        Engine::Native(binaries) => (
            "native",
            format!("a private cluster of {}", binaries.folder.display()),
        ),
        Engine::Embedded => ("embedded", "the Postgres inside driftless".to_owned()),
    };
    let started = Instant::now();
    let version = block_on(async {
        let progress = ui.progress();
        progress.set("starting scratch Postgres");
        let mut scratch = choice.open(&settings, &[]).await?;
        let session = scratch.database(None).await?;
        let version = session.server().version_text.clone();
        session.close().await;
        scratch.end().await?;
        Ok(version)
    })?;
    let took = started.elapsed();
    ui.field("engine", word);
    ui.field("server_version", &version);
    ui.field("why", &choice.why);
    ui.field("milliseconds", took.as_millis());
    ui.out(&format!(
        "scratch: {engine}, Postgres {version}, because {}\nready, used once and cleared away in {}",
        choice.why,
        super::time(took)
    ));
    Ok(Exit::Ok)
}
