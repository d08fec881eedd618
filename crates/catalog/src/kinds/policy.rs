//! Row security policies.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, names};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Schema of its table.
    pub schema: String,
    /// Its table, which need not be in the catalog.
    pub table: String,
    /// Its name.
    pub name: String,
    /// PERMISSIVE rather than RESTRICTIVE.
    pub permissive: bool,
    /// ALL, SELECT, INSERT, UPDATE or DELETE.
    pub command: String,
    /// Roles in order of name; `public`, `current_user` and the like are words.
    pub roles: Vec<String>,
    /// USING expression.
    pub using: Option<String>,
    /// WITH CHECK expression.
    pub with_check: Option<String>,
}

impl Policy {
    fn on(&self) -> String {
        format!(
            "{} ON {}",
            ident(&self.name),
            relation(&self.schema, &self.table)
        )
    }

    fn roles(&self) -> String {
        let roles: Vec<_> = self.roles.iter().map(|role| names::role(role)).collect();
        roles.join(", ")
    }

    fn hazard(&self, what: &str) -> String {
        format!(
            "policy {} of {} {what}: roles see and write other rows than before",
            self.name,
            Id::in_schema(Tag::Table, &self.schema, &self.table).path()
        )
    }
}

impl Kind for Policy {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "policy";
    const QUERY: &'static str = include_str!("policy.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Policy, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Table, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        format!("POLICY {}", self.on())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        for sql in [&mut self.using, &mut self.with_check]
            .into_iter()
            .flatten()
        {
            visit(Ref::Expression {
                sql,
                relation: Some((&self.schema, &self.table)),
            });
        }
        for role in &mut self.roles {
            visit(Ref::Role(role));
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn security(&self) -> Vec<String> {
        let condition = |word: &str, sql: &Option<String>| {
            sql.as_ref()
                .map_or_else(String::new, |sql| format!(" {word} {sql}"))
        };
        vec![format!(
            "policy {} {} {} on table {} for {}{}{}",
            self.name,
            if self.permissive {
                "lets through"
            } else {
                "restricts"
            },
            self.command,
            Id::in_schema(Tag::Table, &self.schema, &self.table).path(),
            self.roles.join(", "),
            condition("where", &self.using),
            condition("with check", &self.with_check),
        )]
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let kind = if self.permissive {
            "PERMISSIVE"
        } else {
            "RESTRICTIVE"
        };
        let mut sql = format!(
            "CREATE POLICY {} AS {kind} FOR {} TO {}",
            self.on(),
            self.command,
            self.roles()
        );
        if let Some(using) = &self.using {
            sql += &format!(" USING ({using})");
        }
        if let Some(check) = &self.with_check {
            sql += &format!(" WITH CHECK ({check})");
        }
        vec![Step::create(self.id(), sql + ";")]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), format!("DROP POLICY {};", self.on()));
        vec![
            step.lock(Lock::AccessExclusive)
                .hazard(HazardKind::RowSecurity, self.hazard("is dropped")),
        ]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        // ALTER POLICY can neither take a clause away nor change the command or the kind.
        let loses = |old: &Option<String>, new: &Option<String>| old.is_some() && new.is_none();
        if self.permissive != new.permissive
            || self.command != new.command
            || loses(&self.using, &new.using)
            || loses(&self.with_check, &new.with_check)
        {
            return Change::Replace;
        }
        let mut sql = format!("ALTER POLICY {}", self.on());
        if self.roles != new.roles {
            sql += &format!(" TO {}", new.roles());
        }
        if let Some(using) = &new.using
            && self.using != new.using
        {
            sql += &format!(" USING ({using})");
        }
        if let Some(check) = &new.with_check
            && self.with_check != new.with_check
        {
            sql += &format!(" WITH CHECK ({check})");
        }
        let step = Step::alter(self.id(), sql + ";")
            .lock(Lock::AccessExclusive)
            .hazard(HazardKind::RowSecurity, self.hazard("changes"));
        Change::quiet(vec![step])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let sql = format!("ALTER POLICY {} RENAME TO {};", self.on(), ident(&new.name));
        vec![Step::rename(new.id(), sql).lock(Lock::AccessExclusive)]
    }

    fn gives_way(&self, below: &Object, _: bool) -> GivesWay {
        // It changes before a role goes.
        if matches!(below, Object::Role(_)) {
            GivesWay::Stay
        } else {
            GivesWay::Rebuild
        }
    }
}
