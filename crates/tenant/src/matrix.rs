//! Who sees what: tables by role and command, and the predicate that stands before the rows.

use driftless_catalog::{Object, Tag};
use serde::{Serialize, Serializer};

use crate::facts::{Facts, Side, TenantTable, asks, sides};
use crate::predicate::Predicate;
use crate::rights::May;
use crate::rules::is_invoker;

/// The commands that policies are about, in the order of the matrix.
pub const COMMANDS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// By role, then by relation.
    pub rows: Vec<MatrixRow>,
}

/// One relation for one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// `table`, `view` or `materialized view`.
    pub kind: &'static str,
    /// Its path.
    pub relation: String,
    /// The role.
    pub role: String,
    /// Why it belongs to no tenant, as driftless.toml has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exempt: Option<String>,
    /// Whether its rows belong to tenants.
    pub tenant: bool,
    /// For SELECT, INSERT, UPDATE and DELETE.
    #[serde(rename = "commands", serialize_with = "by_command")]
    pub cells: [Cell; 4],
}

fn by_command<S: Serializer>(cells: &[Cell; 4], serializer: S) -> Result<S::Ok, S::Error> {
    let names = COMMANDS.map(str::to_lowercase);
    serializer.collect_map(names.iter().zip(cells))
}

/// What a command meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "applies")]
pub enum Cell {
    /// The role has no right.
    NoRight,
    /// It has the right, and no policy lets a row through.
    NoRows,
    /// Nothing limits it.
    AllRows {
        /// Why nothing does.
        why: &'static str,
    },
    /// The tenant's rows alone.
    Tenant {
        /// What is asked of rows that are there.
        #[serde(skip_serializing_if = "Option::is_none")]
        using: Option<String>,
        /// What is asked of rows that are written.
        #[serde(skip_serializing_if = "Option::is_none")]
        check: Option<String>,
        /// Whether more is asked than whose row it is.
        more: bool,
    },
    /// Something else.
    Other {
        /// What is asked of rows that are there.
        #[serde(skip_serializing_if = "Option::is_none")]
        using: Option<String>,
        /// What is asked of rows that are written.
        #[serde(skip_serializing_if = "Option::is_none")]
        check: Option<String>,
    },
    /// A view that reads its tables as whoever asks.
    AsInvoker,
    /// A view that reads its tables as its owner.
    AsOwner,
}

/// Works it out for app roles and admin roles: for every table that they have a right on or that
/// belongs to tenants, and for views over those.
pub fn matrix(facts: &Facts<'_>) -> Matrix {
    let admins = facts.tenant.admin_roles.iter().map(String::as_str);
    let admins = admins.filter(|name| facts.roles.get(name).is_some());
    let mut rows = Vec::new();
    for role in facts.app_roles().chain(admins) {
        for (id, object) in facts.catalog.of_kind(Tag::Table) {
            let Object::Table(of) = object else {
                continue;
            };
            let table = facts.table(id);
            let cells = COMMANDS.map(|command| {
                if facts.may(role, id, command) == May::No {
                    return Cell::NoRight;
                }
                match table {
                    Some(table) => of_table(facts, table, role, command),
                    None if of.row_security => of_other(facts, id, role, command),
                    None => Cell::AllRows {
                        why: "no row level security",
                    },
                }
            });
            let nothing = cells.iter().all(|cell| *cell == Cell::NoRight);
            let part = table.is_some_and(|table| facts.is_only_part(table));
            if nothing && (table.is_none() || part) {
                continue;
            }
            let path = id.path();
            rows.push(MatrixRow {
                kind: "table",
                role: role.to_owned(),
                exempt: facts.tenant.exempt.get(&path).cloned(),
                tenant: table.is_some(),
                relation: path,
                cells,
            });
        }
        for kind in [Tag::View, Tag::MaterializedView] {
            for (id, object) in facts.views(kind) {
                let cells = COMMANDS.map(|command| match object {
                    _ if facts.may(role, id, command) == May::No => Cell::NoRight,
                    Object::View(view) if is_invoker(&view.options) => Cell::AsInvoker,
                    Object::View(_) => Cell::AsOwner,
                    _ => Cell::AllRows {
                        why: "a materialized view has no row level security",
                    },
                });
                if cells.iter().any(|cell| *cell != Cell::NoRight) {
                    rows.push(MatrixRow {
                        kind: kind.noun(),
                        relation: id.path(),
                        role: role.to_owned(),
                        exempt: None,
                        tenant: true,
                        cells,
                    });
                }
            }
        }
    }
    Matrix { rows }
}

/// Why no policy of a table is asked for a role, where none is.
fn unlimited(facts: &Facts<'_>, table: &TenantTable<'_>, role: &str) -> Option<&'static str> {
    if !table.table.row_security {
        return Some("no row level security");
    }
    let owner = facts.roles.owner_of(&table.id);
    let owns = facts.roles.inherited(role).contains(owner);
    if owns && !table.table.force_row_security {
        return Some("it is the owner, and row level security is not forced");
    }
    facts.roles.passes_by(role)
}

fn of_table(facts: &Facts<'_>, table: &TenantTable<'_>, role: &str, command: &str) -> Cell {
    if let Some(why) = unlimited(facts, table, role) {
        return Cell::AllRows { why };
    }
    let key = facts.key(table);
    let policies: Vec<_> = table
        .policies
        .iter()
        .copied()
        .filter(|policy| facts.applies(policy, role))
        .collect();
    let texts = [Side::Using, Side::Check].map(|side| {
        sides(command)
            .contains(&side)
            .then(|| joined(&policies, command, side))
    });
    if texts
        .iter()
        .flatten()
        .any(|text| text.as_deref() == Some("false") || text.is_none())
    {
        return Cell::NoRows;
    }
    let parsed: Vec<Predicate> = texts
        .iter()
        .flatten()
        .flatten()
        .map(|text| Predicate::parse(text))
        .collect();
    let [using, check] = texts.map(Option::flatten);
    if parsed.iter().all(|predicate| predicate.isolates(&key)) {
        let more = !parsed
            .iter()
            .all(|predicate| predicate.is_only_tenant(&key));
        return Cell::Tenant { using, check, more };
    }
    Cell::Other { using, check }
}

/// For a table that belongs to no tenant and has policies all the same.
fn of_other(facts: &Facts<'_>, id: &driftless_catalog::Id, role: &str, command: &str) -> Cell {
    if let Some(why) = facts.roles.passes_by(role) {
        return Cell::AllRows { why };
    }
    let all = facts.catalog.belonging(Tag::Policy, &id.schema, &id.name);
    let policies: Vec<_> = all
        .filter_map(|object| match object {
            Object::Policy(policy) if facts.applies(policy, role) => Some(policy),
            _ => None,
        })
        .collect();
    let texts = [Side::Using, Side::Check].map(|side| {
        sides(command)
            .contains(&side)
            .then(|| joined(&policies, command, side))
    });
    if texts.iter().flatten().any(Option::is_none) {
        return Cell::NoRows;
    }
    let [using, check] = texts.map(Option::flatten);
    Cell::Other { using, check }
}

/// The policies of one side as one expression: permissive ones are alternatives, restrictive ones
/// hold besides. Nothing where no row passes.
fn joined(
    policies: &[&driftless_catalog::kinds::Policy],
    command: &str,
    side: Side,
) -> Option<String> {
    let of = |permissive| {
        policies
            .iter()
            .filter(move |policy| policy.permissive == permissive)
            .filter_map(move |policy| asks(policy, command, side))
            .collect::<Vec<_>>()
    };
    let permissive = of(true);
    let mut parts = match permissive[..] {
        [] => return None,
        [one] => vec![one.to_owned()],
        _ => vec![format!("({})", permissive.join(" OR "))],
    };
    parts.extend(of(false).into_iter().map(str::to_owned));
    Some(if parts.len() == 1 {
        parts.swap_remove(0)
    } else {
        format!("({})", parts.join(" AND "))
    })
}
