//! Tables: the bare table and its row security. Columns and constraints are kinds of their own.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, names};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, relation};
use crate::step::{Lock, Step};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// ENABLE ROW LEVEL SECURITY.
    pub row_security: bool,
}

impl Table {
    fn sql_name(&self) -> String {
        relation(&self.schema, &self.name)
    }

    fn row_security(&self) -> Step {
        let verb = if self.row_security {
            "ENABLE"
        } else {
            "DISABLE"
        };
        Step::alter(
            self.id(),
            format!("ALTER TABLE {} {verb} ROW LEVEL SECURITY;", self.sql_name()),
        )
    }
}

impl Kind for Table {
    const SPACE: Space = Space::Relation;
    const NOUN: &'static str = "table";
    const QUERY: &'static str = include_str!("table.sql");
    const ALWAYS_DECLARED: bool = true;
    const RENAME: Renaming = Renaming::Ask;

    fn id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("TABLE {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.create_with(&[], cx)
    }

    fn create_with(&self, fragments: &[String], _: &Cx<'_>) -> Vec<Step> {
        let body = fragments
            .iter()
            .map(|fragment| format!("\n\t{fragment}"))
            .collect::<Vec<_>>()
            .join(",");
        let mut steps = vec![Step::create(
            self.id(),
            format!("CREATE TABLE {} ({body}\n);", self.sql_name()),
        )];
        if self.row_security {
            steps.push(self.row_security());
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), format!("DROP TABLE {};", self.sql_name()));
        vec![step.lock(Lock::AccessExclusive).hazard(
            HazardKind::DropTable,
            format!("table {} and its rows are dropped", self.id().path()),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let says = if new.row_security {
            "rows are hidden from roles that no policy lets see them"
        } else {
            "policies no longer apply: every role with a grant sees every row"
        };
        let step = new.row_security().lock(Lock::AccessExclusive).hazard(
            HazardKind::RowSecurity,
            format!("row security of {} changes: {says}", self.id().path()),
        );
        Change::quiet(vec![step])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("TABLE", relation, &self.id(), &new.id())
            .into_iter()
            .map(|step| step.lock(Lock::AccessExclusive))
            .collect()
    }
}
