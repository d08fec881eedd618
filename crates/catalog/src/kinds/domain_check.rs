//! Check constraints of domains.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Fragment, GivesWay, Kind, Object, Ref, Renaming, Tag, constraint, domain};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// A check constraint of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainCheck {
    /// Schema of its domain.
    pub schema: String,
    /// Its domain.
    pub domain: String,
    /// Its name.
    pub name: String,
    /// `CHECK (…)`.
    pub definition: String,
    /// Whether every value was checked: not NOT VALID.
    pub validated: bool,
}

impl DomainCheck {
    fn domain_id(&self) -> Id {
        Id::in_schema(Tag::Domain, &self.schema, &self.domain)
    }

    fn alter_domain(&self, action: &str) -> String {
        let domain = qualified(&self.schema, &self.domain);
        format!("ALTER DOMAIN {domain} {action};")
    }

    fn checks_values(&self, step: Step) -> Step {
        step.hazard(
            HazardKind::ValidateRows,
            format!(
                "every value of domain {} is checked while writers wait; one that fails stops the migration",
                self.domain_id().path()
            ),
        )
    }
}

impl Kind for DomainCheck {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "domain constraint";
    const QUERY: &'static str = include_str!("domain_check.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(Tag::DomainCheck, &self.schema, &self.domain, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.domain_id())
    }

    fn reference(&self) -> String {
        let domain = qualified(&self.schema, &self.domain);
        format!("CONSTRAINT {} ON DOMAIN {domain}", ident(&self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        visit(Ref::Expression {
            sql: &mut self.definition,
            relation: None,
        });
        visit(Ref::Type {
            schema: &mut self.schema,
            name: &mut self.domain,
        });
    }

    fn comes_only_with(&self, _: Option<&Self>, from: &Catalog, to: &Catalog) -> Option<Id> {
        let held = domain::is_held_within((&self.schema, &self.domain), from, to);
        (self.validated && held).then(|| self.domain_id())
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let not_valid = if self.validated { "" } else { " NOT VALID" };
        let action = format!(
            "ADD {}{not_valid}",
            constraint::named(&self.name, &self.definition)
        );
        let step = Step::create(self.id(), self.alter_domain(&action));
        if !self.validated || cx.is_new(&self.domain_id()) {
            return vec![step];
        }
        vec![self.checks_values(step)]
    }

    fn inline(&self) -> Option<Fragment> {
        // CREATE DOMAIN knows no NOT VALID.
        let line = || constraint::named(&self.name, &self.definition);
        self.validated.then(|| Fragment::Line(line()))
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = self.alter_domain(&format!("DROP CONSTRAINT {}", ident(&self.name)));
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.definition != new.definition || self.validated {
            return Change::Replace;
        }
        let sql = self.alter_domain(&format!("VALIDATE CONSTRAINT {}", ident(&self.name)));
        Change::quiet(vec![self.checks_values(Step::alter(self.id(), sql))])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let sql = self.alter_domain(&format!(
            "RENAME CONSTRAINT {} TO {}",
            ident(&self.name),
            ident(&new.name)
        ));
        vec![Step::rename(new.id(), sql)]
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
