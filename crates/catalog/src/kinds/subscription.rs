//! Subscriptions. Nothing here connects to a publisher: slots are somebody's own work.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, options};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::sql::{ident, literal};
use crate::step::{Step, Transaction};

/// A subscription. Whether it is enabled is a state that people switch, as a sequence's position is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Its name.
    pub name: String,
    /// The connection string, without what is secret in it.
    pub connection: String,
    /// Publications in order.
    pub publications: Vec<String>,
    /// The slot at the publisher.
    pub slot: Option<String>,
    /// `synchronous_commit`.
    pub synchronous_commit: String,
    /// `two_phase`; since Postgres 15.
    pub two_phase: Option<bool>,
    /// `failover`; since Postgres 17.
    pub failover: Option<bool>,
    /// Options that can be set at any time, those the server knows.
    pub options: BTreeMap<String, String>,
}

impl Subscription {
    fn publications(&self) -> String {
        let names: Vec<_> = self.publications.iter().map(|name| ident(name)).collect();
        names.join(", ")
    }

    fn slot(&self) -> String {
        let slot = self.slot.as_deref();
        slot.map_or("NONE".to_owned(), literal)
    }

    fn alter_self(&self, action: &str) -> Step {
        let sql = format!("ALTER {} {action};", self.reference());
        options::mark_secrets(Step::alter(self.id(), sql), &self.id().to_string())
    }
}

impl Kind for Subscription {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "subscription";
    const QUERY: &'static str = include_str!("subscription.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::Subscription, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("SUBSCRIPTION {}", ident(&self.name))
    }

    fn refs(&mut self, _: &mut dyn FnMut(Ref<'_>)) {}

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut with = vec![
            "connect = false".to_owned(),
            format!("slot_name = {}", self.slot()),
            format!("synchronous_commit = {}", literal(&self.synchronous_commit)),
        ];
        let states = [("two_phase", self.two_phase), ("failover", self.failover)];
        for (name, on) in states {
            if on == Some(true) {
                with.push(format!("{name} = true"));
            }
        }
        for (name, value) in &self.options {
            with.push(format!("{name} = {value}"));
        }
        let sql = format!(
            "CREATE {} CONNECTION {} PUBLICATION {} WITH ({});",
            self.reference(),
            literal(&self.connection),
            self.publications(),
            with.join(", ")
        );
        let step = options::mark_secrets(Step::create(self.id(), sql), &self.id().to_string());
        vec![step.hazard(
            HazardKind::Subscription,
            format!(
                "subscription {} is made without connecting: make its slot, enable and refresh it by hand",
                self.name
            ),
        )]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.slot.is_some() {
            steps.push(self.alter_self("DISABLE"));
            steps.push(
                self.alter_self("SET (slot_name = NONE)")
                    .because("dropping it would drop the slot at the publisher too"),
            );
        }
        let sql = format!("DROP {};", self.reference());
        let mut step = Step::drop(self.id(), sql);
        if let Some(slot) = &self.slot {
            step = step.hazard(
                HazardKind::Subscription,
                format!("replication slot {slot} stays at the publisher and keeps its WAL: drop it there"),
            );
        }
        steps.push(step);
        steps
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.two_phase != new.two_phase {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        if self.connection != new.connection {
            let action = format!("CONNECTION {}", literal(&new.connection));
            steps.push(self.alter_self(&action));
        }
        if self.publications != new.publications {
            let action = format!(
                "SET PUBLICATION {} WITH (refresh = false)",
                new.publications()
            );
            steps.push(self.alter_self(&action).hazard(
                HazardKind::Subscription,
                format!(
                    "tables that subscription {} gains are not copied before it is refreshed by hand",
                    self.name
                ),
            ));
        }
        let mut set = Vec::new();
        if self.slot != new.slot {
            if new.slot.is_none() {
                steps.push(self.alter_self("DISABLE"));
            }
            set.push(format!("slot_name = {}", new.slot()));
        }
        if self.synchronous_commit != new.synchronous_commit {
            set.push(format!(
                "synchronous_commit = {}",
                literal(&new.synchronous_commit)
            ));
        }
        for (name, value) in &new.options {
            if self.options.get(name) != Some(value) {
                set.push(format!("{name} = {value}"));
            }
        }
        if !set.is_empty() {
            steps.push(self.alter_self(&format!("SET ({})", set.join(", "))));
        }
        if let Some(failover) = new.failover
            && self.failover != new.failover
        {
            // It tells the publisher where there is a slot, which no transaction can take back.
            let mut step = self.alter_self(&format!("SET (failover = {failover})"));
            step.transaction = Transaction::Alone;
            steps.push(step);
        }
        Change::quiet(steps)
    }
}
