//! Modules that never come from `node_modules`: Drizzle's own, and what stands in for Node's.

use super::Target;

/// A Drizzle core for a database that is not Postgres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// The database, as its makers write it.
    pub(crate) name: &'static str,
}

/// Drizzle's other cores.
const OTHER_CORES: [(&str, &str); 6] = [
    ("mysql-core", "MySQL"),
    ("sqlite-core", "SQLite"),
    ("singlestore-core", "SingleStore"),
    ("gel-core", "Gel"),
    ("cockroach-core", "CockroachDB"),
    ("mssql-core", "SQL Server"),
];

/// Subpaths of `drizzle-orm` that hold parts of what `drizzle-orm` itself exports.
const PARTS: [&str; 14] = [
    "alias",
    "casing",
    "column",
    "column-builder",
    "entity",
    "errors",
    "expressions",
    "operations",
    "primary-key",
    "relations",
    "sql",
    "subquery",
    "table",
    "utils",
];

/// What we serve for a specifier; `None` when it is not ours to serve.
pub(super) fn serve(specifier: &str) -> Option<Result<Target, Dialect>> {
    if let Some(target) = drizzle(specifier) {
        return Some(target);
    }
    let builtin = specifier.strip_prefix("node:").unwrap_or(specifier);
    Some(Ok(match builtin {
        "path" | "path/posix" => Target::Served("node_path.js"),
        "url" => Target::Served("node_url.js"),
        "process" => Target::Served("node_process.js"),
        // What JSX is turned into; its values never are tables.
        "react/jsx-runtime" | "react/jsx-dev-runtime" => Target::Stub(specifier.to_owned()),
        _ if specifier.starts_with("node:")
            || specifier.starts_with("bun:")
            || is_builtin(builtin) =>
        {
            Target::Stub(specifier.to_owned())
        }
        _ => return None,
    }))
}

fn drizzle(specifier: &str) -> Option<Result<Target, Dialect>> {
    if specifier == "drizzle-kit" {
        return Some(Ok(Target::Served("drizzle_kit.js")));
    }
    let rest = specifier.strip_prefix("drizzle-orm")?;
    if rest.is_empty() {
        return Some(Ok(Target::Served("orm.js")));
    }
    let subpath = rest.strip_prefix('/')?;
    let first = subpath.split('/').next().unwrap_or(subpath);
    if let Some((_, name)) = OTHER_CORES.iter().find(|(core, _)| *core == first) {
        return Some(Err(Dialect { name }));
    }
    Some(Ok(match first {
        "pg-core" => Target::Served("pg_core.js"),
        "supabase" => Target::Served("supabase.js"),
        "neon" => Target::Served("neon.js"),
        part if PARTS.contains(&part) || PARTS.contains(&part.trim_end_matches(".js")) => {
            Target::Served("orm.js")
        }
        _ => Target::Stub(specifier.to_owned()),
    }))
}

fn is_builtin(name: &str) -> bool {
    let first = name.split('/').next().unwrap_or(name);
    matches!(
        first,
        "assert"
            | "async_hooks"
            | "buffer"
            | "child_process"
            | "cluster"
            | "console"
            | "constants"
            | "crypto"
            | "dgram"
            | "diagnostics_channel"
            | "dns"
            | "domain"
            | "events"
            | "fs"
            | "http"
            | "http2"
            | "https"
            | "inspector"
            | "module"
            | "net"
            | "os"
            | "perf_hooks"
            | "punycode"
            | "querystring"
            | "readline"
            | "repl"
            | "stream"
            | "string_decoder"
            | "sys"
            | "timers"
            | "tls"
            | "trace_events"
            | "tty"
            | "util"
            | "v8"
            | "vm"
            | "wasi"
            | "worker_threads"
            | "zlib"
            | "bun"
    )
}
