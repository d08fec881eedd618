//! What happens while migrations run, a line of JSON each.

use driftless_migrations::run::Event;
use driftless_postgres::Holder;
use driftless_report::json::Diagnostic;
use serde_json::{Value, json};

/// `{"event": "statement-started", "tag": "0001_users", ...}`.
pub(super) fn line(event: &Event) -> Value {
    match event {
        Event::Waiting(waiting) => json!({
            "event": "waiting",
            "seconds": waiting.waited.as_secs(),
            "holder": waiting.holder.as_ref().map(holder),
        }),
        Event::Warning(diagnostic) => json!({
            "event": "warning",
            "diagnostic": Diagnostic::from(diagnostic),
        }),
        Event::Verified { applied, pending } => json!({
            "event": "verified",
            "applied": applied,
            "pending": pending,
        }),
        Event::MigrationStarted {
            tag,
            number,
            of,
            statements,
        } => json!({
            "event": "migration-started",
            "tag": tag,
            "number": number,
            "of": of,
            "statements": statements,
        }),
        Event::StatementStarted {
            tag,
            number,
            of,
            line,
            summary,
        } => json!({
            "event": "statement-started",
            "tag": tag,
            "number": number,
            "of": of,
            "line": line,
            "summary": summary,
        }),
        Event::StatementFinished {
            tag,
            number,
            of,
            rows,
            took,
        } => json!({
            "event": "statement-finished",
            "tag": tag,
            "number": number,
            "of": of,
            "rows": rows,
            "milliseconds": milliseconds(*took),
        }),
        Event::Blocked { tag, by, after } => json!({
            "event": "blocked",
            "tag": tag,
            "by": by.iter().map(holder).collect::<Vec<_>>(),
            "seconds": after.as_secs(),
        }),
        Event::Notice { tag, notice } => json!({
            "event": "notice",
            "tag": tag,
            "severity": notice.severity,
            "code": notice.code,
            "message": notice.message,
            "detail": notice.detail,
            "hint": notice.hint,
        }),
        Event::Retrying {
            tag,
            reason,
            attempt,
            pause,
        } => json!({
            "event": "retrying",
            "tag": tag,
            "reason": reason,
            "attempt": attempt,
            "pause_milliseconds": milliseconds(*pause),
        }),
        Event::MigrationFinished { tag, took } => json!({
            "event": "migration-finished",
            "tag": tag,
            "milliseconds": milliseconds(*took),
        }),
    }
}

fn holder(holder: &Holder) -> Value {
    json!({
        "pid": holder.pid,
        "user": holder.user,
        "application": holder.application,
        "address": holder.address,
        "since": holder.since,
        "state": holder.state,
    })
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
