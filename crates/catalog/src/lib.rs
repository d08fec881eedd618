//! The model and the thinking: a Postgres schema as data, the difference between two of them,
//! and the ordered steps that close it. No IO, no async, no client.
//!
//! Two ways in: [`Catalog`] holds objects by [`Id`]; [`plan()`] turns two catalogs and the
//! [`Decisions`] about renames into an [`Outcome`]. Everything about one kind of object is in one
//! file in [`kinds`]; every other file is machinery that names no kind.

mod batch;
mod catalog;
mod compact;
mod diff;
mod hazard;
mod id;
pub mod kinds;
mod needs;
mod online;
mod order;
mod ownership;
mod plan;
mod planner;
mod rename;
mod security;
mod similar;
mod sql;
mod step;
mod wipe;

pub use batch::Batch;
pub use catalog::{Catalog, Spelling};
pub use hazard::{Hazard, HazardKind};
pub use id::{Id, Space};
pub use kinds::{Answer, Object, Probe, Tag, probes, tables_with_rows};
pub use ownership::{Before, Words, completed, scopes};
pub use plan::{IN_PUBLIC, Outcome, Plan, plan, plan_as_decided, plan_online};
pub use rename::{Candidate, Decision, Decisions, Question};
pub use security::{SecurityChange, security_changes};
pub use sql::{ident, identifiers, literal, stored_name};
pub use step::{Action, Lock, Step, Transaction};
pub use wipe::{Wiped, without_own};
