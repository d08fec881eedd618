//! What rules and the matrix reason about: the tables of tenants in a catalog, and who is who.

use std::collections::BTreeSet;

use driftless_catalog::kinds::{Column, Function, Policy, Table};
use driftless_catalog::{Catalog, Id, Object, Tag};

use crate::Tenant;
use crate::predicate::{Key, Predicate};
use crate::rights::{May, Roles};

/// A catalog that was read from Postgres, seen as tenants' rows.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// What the project says.
    pub tenant: &'a Tenant,
    pub(crate) roles: Roles<'a>,
    /// Every table with a tenant column, partitions and foreign tables too, in order of name.
    pub tables: Vec<TenantTable<'a>>,
}

/// A table whose rows belong to tenants.
#[derive(Debug)]
pub struct TenantTable<'a> {
    /// Its id.
    pub id: Id,
    /// The table.
    pub table: &'a Table,
    /// Its tenant column.
    pub column: &'a Column,
    /// Its policies, in order of name.
    pub policies: Vec<&'a Policy>,
    /// The partitioned table above it, or the first that it inherits from.
    pub above: Option<Id>,
}

/// The way a policy lets rows through: to be read, or to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Using,
    Check,
}

impl<'a> Facts<'a> {
    /// Looks at a catalog. `owner` is the role whose ownership goes without saying in it, where its
    /// name is known; `[tenant] owner` otherwise.
    pub fn new(catalog: &'a Catalog, tenant: &'a Tenant, owner: Option<&'a str>) -> Self {
        let owner = owner.or(tenant.owner.as_deref());
        let tables = catalog.of_kind(Tag::Table).filter_map(|(id, object)| {
            let Object::Table(table) = object else {
                return None;
            };
            let path = id.path();
            if tenant.exempt.contains_key(&path) {
                return None;
            }
            let name = tenant.column_of(&path);
            let column = Id::in_parent(Tag::Column, &id.schema, &id.name, name);
            let Some(Object::Column(column)) = catalog.get(&column) else {
                return None;
            };
            let policies = catalog.belonging(Tag::Policy, &id.schema, &id.name);
            Some(TenantTable {
                id: id.clone(),
                table,
                column,
                policies: policies
                    .filter_map(|object| match object {
                        Object::Policy(policy) => Some(policy),
                        _ => None,
                    })
                    .collect(),
                above: above(catalog, id),
            })
        });
        Self {
            catalog,
            tenant,
            roles: Roles::new(catalog, owner),
            tables: tables.collect(),
        }
    }

    /// Roles that applications connect as, and that there are.
    pub fn app_roles(&self) -> impl Iterator<Item = &'a str> + '_ {
        let known = |name: &&str| self.roles.get(name).is_some();
        self.tenant
            .app_roles
            .iter()
            .map(String::as_str)
            .filter(known)
    }

    /// What a role may do with an object.
    pub fn may(&self, role: &str, on: &Id, privilege: &str) -> May {
        self.roles.may(role, on, privilege)
    }

    /// App roles that may do one of these with an object.
    pub(crate) fn granted(&self, on: &Id, privileges: &[&str]) -> Vec<&'a str> {
        let may = |role: &&str| {
            let mut all = privileges.iter();
            all.any(|privilege| self.may(role, on, privilege).any())
        };
        self.app_roles().filter(may).collect()
    }

    /// App roles that may do anything with the rows of a relation.
    pub(crate) fn reached_by(&self, on: &Id) -> Vec<&'a str> {
        self.granted(on, &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"])
    }

    /// The tenant's table of this id.
    pub fn table(&self, id: &Id) -> Option<&TenantTable<'a>> {
        // They are in the catalog's order.
        let at = self
            .tables
            .binary_search_by(|table| table.id.cmp(id))
            .ok()?;
        self.tables.get(at)
    }

    /// The functions that say whose request it is; more than one where they share a name.
    pub fn functions(&self) -> Vec<(&'a Id, &'a Function)> {
        let (schema, name) = self.tenant.function_name();
        let all = self.catalog.of_kind(Tag::Function);
        all.filter_map(|(id, object)| match object {
            Object::Function(function)
                if function.name == name
                    && function.signature.is_empty()
                    && schema.is_none_or(|schema| schema == function.schema) =>
            {
                Some((id, function))
            }
            _ => None,
        })
        .collect()
    }

    /// What a comparison with the tenant looks like in a table.
    pub(crate) fn key(&self, table: &TenantTable<'a>) -> Key<'a> {
        let functions = self.functions().into_iter();
        Key {
            column: &table.column.name,
            functions: functions
                .map(|(_, function)| (function.schema.as_str(), function.name.as_str()))
                .collect(),
        }
    }

    /// Whether a policy holds for a role.
    pub(crate) fn applies(&self, policy: &Policy, role: &str) -> bool {
        let all = self.roles.inherited(role);
        let mut to = policy.roles.iter();
        to.any(|name| all.contains(self.roles.name(name)))
    }

    /// Whether a policy is there for roles alone that may see all tenants.
    pub(crate) fn is_for_admins(&self, policy: &Policy) -> bool {
        let admin = |name: &String| {
            let name = self.roles.name(name);
            self.tenant.admin_roles.iter().any(|admin| admin == name)
                || self.tenant.owner.as_deref() == Some(name)
        };
        let apps = || self.app_roles().any(|role| self.applies(policy, role));
        policy.roles.iter().all(admin) && !apps()
    }

    /// Every relation that a view reads, through other views too.
    pub(crate) fn reads(&self, view: &Id) -> BTreeSet<Id> {
        let mut read = BTreeSet::new();
        let mut next = vec![view.clone()];
        while let Some(id) = next.pop() {
            let Some(object) = self.catalog.get(&id) else {
                continue;
            };
            for need in self.catalog.needs_of(&id, object) {
                let relation = match need.kind {
                    Tag::Column => Id::in_schema(Tag::Table, &need.schema, &need.parent),
                    Tag::Table | Tag::View | Tag::MaterializedView => need,
                    _ => continue,
                };
                if read.insert(relation.clone()) && relation.kind != Tag::Table {
                    next.push(relation);
                }
            }
        }
        read
    }

    /// Tables of tenants that a view reads.
    pub(crate) fn tenant_tables_of(&self, view: &Id) -> Vec<&TenantTable<'a>> {
        let read = self.reads(view);
        let tables = self.tables.iter();
        tables.filter(|table| read.contains(&table.id)).collect()
    }

    /// Views and materialized views over tables of tenants.
    pub(crate) fn views(&self, kind: Tag) -> impl Iterator<Item = (&'a Id, &'a Object)> + '_ {
        let all = self.catalog.of_kind(kind);
        all.filter(|(id, _)| !self.tenant_tables_of(id).is_empty())
    }

    /// Whether a table is a part of another one of tenants, and nobody but that one leads to it.
    pub(crate) fn is_only_part(&self, table: &TenantTable<'a>) -> bool {
        let part = table
            .above
            .as_ref()
            .is_some_and(|above| self.table(above).is_some());
        part && self.reached_by(&table.id).is_empty()
    }
}

/// The table that a partition or an heir hangs on.
fn above(catalog: &Catalog, id: &Id) -> Option<Id> {
    let bonds = |kind| catalog.belonging(kind, &id.schema, &id.name);
    bonds(Tag::Partition)
        .chain(bonds(Tag::Inheritance))
        .find_map(|object| match object {
            Object::Partition(bond) => {
                Some(Id::in_schema(Tag::Table, &bond.parent_schema, &bond.parent))
            }
            Object::Inheritance(bond) => {
                Some(Id::in_schema(Tag::Table, &bond.parent_schema, &bond.parent))
            }
            _ => None,
        })
}

/// What a policy asks of rows on one side, for one command; nothing where it does not speak of it.
pub(crate) fn asks<'p>(policy: &'p Policy, command: &str, side: Side) -> Option<&'p str> {
    if policy.command != "ALL" && policy.command != command {
        return None;
    }
    match (side, command) {
        (Side::Using, "INSERT") | (Side::Check, "SELECT" | "DELETE") => None,
        (Side::Using, _) => policy.using.as_deref(),
        // USING stands in where nothing else is said.
        (Side::Check, _) => policy.with_check.as_deref().or(policy.using.as_deref()),
    }
}

/// Sides on which a command meets policies.
pub(crate) fn sides(command: &str) -> &'static [Side] {
    match command {
        "INSERT" => &[Side::Check],
        "UPDATE" => &[Side::Using, Side::Check],
        _ => &[Side::Using],
    }
}

impl TenantTable<'_> {
    /// Name for people and flags.
    pub fn path(&self) -> String {
        self.id.path()
    }

    /// Whether a restrictive policy for everybody keeps a command to the tenant on one side.
    pub(crate) fn is_restricted(&self, command: &str, side: Side, key: &Key<'_>) -> bool {
        self.policies.iter().any(|policy| {
            let everybody = policy.roles.iter().any(|role| role == "public");
            !policy.permissive
                && everybody
                && asks(policy, command, side)
                    .is_some_and(|text| Predicate::parse(text).isolates(key))
        })
    }
}
