//! A database as the sources that declare it: `schema.ts` for what Drizzle has words for, SQL files
//! for the rest.
//!
//! Each kind says in its file of [`kinds`] which part of an object TypeScript can say exactly. What
//! is said that way is a catalog of its own, and the SQL files hold the plan from it to the whole:
//! so there is nothing between the two sources, and nothing twice. Whoever writes the result loads
//! it first and compares.

mod columns;
mod kinds;
mod names;
mod order;
mod page;
mod rest;
mod said;
mod text;

pub use columns::materialized;

use driftless_catalog::kinds::ViewColumn;
use driftless_catalog::{Catalog, Id};
use driftless_diagnostic::Result;
use said::Said;
use std::collections::{BTreeMap, BTreeSet};

/// What is to become sources.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The database as it was read.
    pub live: &'a Catalog,
    /// What an empty database of the same server has by itself: nobody declares that.
    pub bare: &'a Catalog,
    /// Columns of materialized views, by schema and name: types for TypeScript alone.
    pub materialized: &'a BTreeMap<(String, String), Vec<ViewColumn>>,
    /// How keys are made from names.
    pub casing: Casing,
    /// Whether a column's name is written even where it is its key: the project makes names of keys.
    pub every_name: bool,
    /// What goes to SQL as a whole although TypeScript has words for it.
    pub in_sql: &'a BTreeSet<Id>,
    /// Whether all SQL goes to one file, in an order that certainly works.
    pub one_file: bool,
}

/// Keys and constants of TypeScript.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Casing {
    /// `created_at` becomes `createdAt`.
    #[default]
    Camel,
    /// Names stay as they are.
    Preserve,
}

/// The sources of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// The text of `schema.ts`; nothing where SQL says everything.
    pub typescript: Option<String>,
    /// SQL files, by name and text, in order of name.
    pub sql: Vec<SqlText>,
    /// What TypeScript has words for in general, but not for this one, and why.
    pub told: Vec<Told>,
    /// What lacks a secret, which is never read: a sentence each.
    pub secrets: Vec<String>,
    /// What TypeScript says that needs something only SQL says: tables of a type, views of a function.
    pub leaning: BTreeSet<Id>,
}

/// An SQL file to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlText {
    /// `functions.sql`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// How many statements it has.
    pub statements: usize,
}

/// An object that is in SQL, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The object.
    pub id: Id,
    /// What TypeScript cannot say of it.
    pub why: String,
    /// Whether TypeScript says the rest of it.
    pub partly: bool,
}

/// Writes the sources of a database.
///
/// # Errors
/// What [`driftless_catalog::plan()`] says to the difference between what TypeScript says and the
/// whole; `pull-not-declarable` where that difference takes something away that every database has.
pub fn pull(request: &Request<'_>) -> Result<Pulled> {
    let mut in_sql = request.in_sql.clone();
    loop {
        let said = Said::of(request, &in_sql);
        // What would have to be dropped again was said too much of.
        match rest::files(&said, request.live, request.one_file)? {
            rest::Rest::Files(sql, secrets) => {
                return Ok(Pulled {
                    typescript: page::text(request, &said),
                    sql,
                    secrets,
                    leaning: said.leaning(request.live),
                    told: said.told,
                });
            }
            rest::Rest::TooMuch(ids) => {
                let before = in_sql.len();
                in_sql.extend(ids.iter().map(root));
                if in_sql.len() == before {
                    return Err(rest::not_declarable(&ids));
                }
            }
        }
    }
}

/// What goes to SQL as one: an object with everything that belongs to it.
pub fn root(id: &Id) -> Id {
    if !id.parent.is_empty() {
        return kinds::owner(id);
    }
    // A comment goes with what it is about.
    let kind = id.on.unwrap_or(id.kind);
    Id {
        kind,
        on: None,
        ..id.clone()
    }
}
