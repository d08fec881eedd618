//! Every environment variable that Driftless itself reads. Nothing else looks at the environment.

use std::collections::BTreeMap;

/// The database, unless `--database-url` names one.
pub(crate) const DATABASE_URL: &str = "DATABASE_URL";
/// `production` keeps `migrate` from falling back to a Postgres of its own.
pub(crate) const NODE_ENV: &str = "NODE_ENV";
/// Any text keeps `generate` from proving what it was not asked to prove.
pub(crate) const DRIFTLESS_NO_PROVE: &str = "DRIFTLESS_NO_PROVE";

/// Where programs are looked for: a Postgres server to be used as scratch.
pub(crate) const PATH: &str = "PATH";
/// Holds the cache of whoever has no `XDG_CACHE_HOME`.
pub(crate) const HOME: &str = "HOME";
/// Where the embedded Postgres unpacks itself, and where what was read in scratch is kept.
pub(crate) const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";

/// The variables as the help shows them.
pub(crate) const HELP: &str = "\
Environment variables:
  DATABASE_URL        the database, unless --database-url names one; also read from .env
  PGHOST, PGUSER...   libpq's variables, for what the URL leaves out; so are ~/.pgpass and services
  DRIFTLESS_NO_PROVE  set to anything, it is --no-prove of `generate`
  NODE_ENV            with `production`, a missing database URL is an error
  NO_COLOR            no colours and no bold text";

/// What the process was given. Variables that are no text are left out.
pub(crate) fn process() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
