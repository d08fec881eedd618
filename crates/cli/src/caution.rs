//! Databases that nobody should empty or fill in by mistake.

use driftless_diagnostic::Diagnostic;
use driftless_postgres::{ConnectOptions, Endpoint};

use crate::args::Database;
use crate::exit::{Result, Stop};
use crate::settings::Settings;
use crate::ui::Ui;

/// Why a database looks like one in production; nothing where it does not.
pub(crate) fn reasons(
    settings: &Settings,
    args: &Database,
    options: Option<&ConnectOptions>,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for endpoint in options.iter().flat_map(|options| &options.endpoints) {
        if let Endpoint::Tcp { host, .. } = endpoint
            && !is_here(host)
        {
            reasons.push(format!("{host} is another machine"));
        }
    }
    if let Some(name) = &args.env {
        let toml = settings.toml.as_ref();
        let environment = toml.and_then(|toml| toml.environments.get(name));
        match environment.and_then(|one| one.protected.as_ref()) {
            Some(protected) if protected.value => {
                reasons.push(format!("the environment `{name}` is protected"));
            }
            None if is_called_so(name) => reasons.push(format!("the environment is `{name}`")),
            _ => {}
        }
    }
    if settings.is_production() {
        reasons.push("NODE_ENV is `production`".to_owned());
    }
    reasons
}

/// Lets pass what has its name given or typed; `what` completes "nothing was ...".
pub(crate) fn name_given(
    reasons: &[String],
    database: &str,
    confirm: Option<&str>,
    what: &str,
    ui: &mut Ui,
) -> Result<()> {
    match confirm {
        Some(name) if name == database => return Ok(()),
        Some(name) => {
            return Err(Stop::usage(
                Diagnostic::error(
                    "confirmed-another",
                    format!(
                        "nothing was {what}: --confirm says `{name}`, the database is `{database}`"
                    ),
                )
                .help("look again which database is meant"),
            ));
        }
        None if reasons.is_empty() => return Ok(()),
        None => {}
    }
    let mut found = Diagnostic::error(
        "looks-like-production",
        format!("nothing was {what}: the database `{database}` looks like one in production"),
    );
    for reason in reasons {
        found = found.note(reason.clone());
    }
    let found = found.help(format!(
        "if it is the one you mean, pass --confirm {database}"
    ));
    if !ui.can_ask() {
        return Err(Stop::needs_answer(found));
    }
    for reason in reasons {
        ui.status(reason);
    }
    let typed = ui.typed(&format!("Type the database's name ({database}) to go on"))?;
    if typed.as_deref() == Some(database) {
        Ok(())
    } else {
        Err(Stop::needs_answer(found))
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_called_so(name: &str) -> bool {
    let name = name.to_lowercase();
    name == "live" || name.starts_with("prod")
}
