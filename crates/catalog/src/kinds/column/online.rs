//! A column that is added, filled and made NOT NULL while others read and write.

use super::Column;
use crate::hazard::HazardKind;
use crate::id::{Id, relation};
use crate::kinds::{Cx, Kind, Tag, constraint, lineage, names};
use crate::sql::{ident, literal};
use crate::step::{Action, Lock, Step, Transaction};

impl Column {
    /// See [`Kind::online`].
    pub(super) fn without_waiting(&self, step: &Step, cx: &Cx<'_>) -> Option<Vec<Step>> {
        let has = |kind| step.hazards.iter().any(|hazard| hazard.kind == kind);
        // Its name would be another one.
        if self.not_null_constraint.is_some() {
            return None;
        }
        if step.action == Action::Create {
            return self.added_without_waiting(
                has(HazardKind::TableRewrite),
                has(HazardKind::AddNotNull),
                cx,
            );
        }
        has(HazardKind::SetNotNull).then(|| self.checked_not_null(cx, true))
    }

    fn added_without_waiting(
        &self,
        rewrites: bool,
        lacks_values: bool,
        cx: &Cx<'_>,
    ) -> Option<Vec<Step>> {
        let computed = self.generated.is_some()
            || self.identity.is_some()
            || self.data_type.serial_base().is_some();
        // What is computed is computed at once; and the rows below are those of other tables.
        let below = lineage::has_below(cx, &self.schema, &self.table);
        if (rewrites && (computed || below)) || !(rewrites || lacks_values) {
            return None;
        }
        let empty = Self {
            not_null: false,
            default: self.default.clone().filter(|_| !rewrites),
            ..self.clone()
        };
        let mut first = self.alter_table(&format!("ADD COLUMN {}", empty.definition()));
        first.action = Action::Create;
        let mut steps = vec![first];
        if let Some(default) = self.default.as_ref().filter(|_| rewrites) {
            steps.push(
                self.alter_column(&format!("SET DEFAULT {default}"))
                    .because("for rows that are written from now on"),
            );
            let mut fill = Step::alter(self.id(), self.fill("DEFAULT"));
            fill.transaction = Transaction::Alone;
            steps.push(fill.because("rows that are there, in portions"));
        }
        if self.not_null {
            steps.extend(self.checked_not_null(cx, !rewrites));
        }
        Some(steps)
    }

    /// By way of a constraint that is checked while others read and write. Where rows may hold NULL,
    /// somebody says what they get instead.
    fn checked_not_null(&self, cx: &Cx<'_>, may_be_null: bool) -> Vec<Step> {
        let column = ident(&self.name);
        let (path, owner) = (self.id().path(), self.table_id().path());
        let name = self.free_name(cx);
        let id = Id::in_parent(Tag::Check, &self.schema, &self.table, &name);
        let mut add = constraint::add(
            id.clone(),
            &format!("CHECK ({column} IS NOT NULL) NOT VALID"),
        )
        .lock(Lock::AccessExclusive)
        .because("holds for rows that are written from now on");
        let mut check = constraint::validate(id)
            .hazard(
                HazardKind::ValidateRows,
                format!("every row of {owner} is checked while others read and write; a NULL in {path} stops the migration"),
            )
            .because("the rows that are there");
        check.transaction = Transaction::AfterCommit;
        // Before the constraint, which also holds for updates of rows that are there.
        if may_be_null {
            add.backfill = Some(self.backfill(&path));
        }
        let set = self
            .alter_column("SET NOT NULL")
            .because("takes the constraint's word for it");
        let mut drop = self.alter_table(&format!("DROP CONSTRAINT {}", ident(&name)));
        // All of it is about the column.
        for step in [&mut add, &mut check, &mut drop] {
            step.object = self.id();
            step.action = Action::Alter;
        }
        vec![add, check, set, drop]
    }

    /// A name that no constraint of the table has.
    fn free_name(&self, cx: &Cx<'_>) -> String {
        let taken = |name: &str| {
            let has = |catalog: &crate::catalog::Catalog| {
                let mut objects = catalog.objects().map(|(id, _)| id);
                objects.any(|id| {
                    id.schema == self.schema && id.parent == self.table && id.name == name
                })
            };
            has(cx.from) || has(cx.to)
        };
        let labels = std::iter::once("is_set".to_owned());
        let labels = labels.chain((2..).map(|number| format!("is_set_{number}")));
        labels
            .map(|label| names::object_name(&self.table, &self.name, &label))
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// A block that gives rows that hold NULL a value, so many pages at a time.
    fn fill(&self, value: &str) -> String {
        let (table, column) = (relation(&self.schema, &self.table), ident(&self.name));
        format!(
            "DO $backfill$
DECLARE
  portion CONSTANT bigint := 1000;
  pages CONSTANT bigint := pg_relation_size({}) / current_setting('block_size')::bigint;
BEGIN
  FOR page IN 0..pages BY portion LOOP
    UPDATE {table} SET {column} = {value}
    WHERE {column} IS NULL
      AND ctid >= format('(%s,0)', page)::tid
      AND ctid < format('(%s,0)', page + portion)::tid;
    COMMIT;
  END LOOP;
  -- Rows that moved meanwhile.
  UPDATE {table} SET {column} = {value} WHERE {column} IS NULL;
END $backfill$;",
            literal(&table),
        )
    }

    /// The same for somebody to complete, in comments, and a statement that stops where it was needed
    /// and nobody did.
    fn backfill(&self, path: &str) -> String {
        let (table, column) = (relation(&self.schema, &self.table), ident(&self.name));
        let head = format!(
            "Rows in which {path} is NULL are in the way of the migrations after this one. Where there\n\
             are some, write the value that they get in place of 'VALUE', and take away the comment\n\
             signs in front of the block."
        );
        let text = format!("{head}\n\n{}", self.fill("'VALUE'"));
        let lines = text
            .lines()
            .map(|line| format!("-- {line}").trim_end().to_owned());
        let said = literal(&format!(
            "{path} is NULL in some rows: say in this file what they get"
        ));
        format!(
            "{}
DO $check$
BEGIN
  IF EXISTS (SELECT FROM {table} WHERE {column} IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = {said};
  END IF;
END $check$;",
            lines.collect::<Vec<_>>().join("\n"),
        )
    }
}
