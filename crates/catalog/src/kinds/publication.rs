//! Publications. What they publish is a kind of its own.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::catalog::Spelling;
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Its name.
    pub name: String,
    /// FOR ALL TABLES.
    pub all_tables: bool,
    /// The operations it publishes, in Postgres's order.
    pub publish: Vec<String>,
    /// Whether changes of partitions are those of their root.
    pub via_root: bool,
    /// Whether stored generated columns are published; since Postgres 18.
    pub generated: bool,
}

const OPERATIONS: [&str; 4] = ["insert", "update", "delete", "truncate"];

impl Publication {
    /// Options that differ from another publication's.
    fn options(&self, from: &Self) -> String {
        let mut options = Vec::new();
        if self.publish != from.publish {
            options.push(format!("publish = '{}'", self.publish.join(", ")));
        }
        if self.via_root != from.via_root {
            options.push(format!("publish_via_partition_root = {}", self.via_root));
        }
        if self.generated != from.generated {
            let which = if self.generated { "stored" } else { "none" };
            options.push(format!("publish_generated_columns = {which}"));
        }
        options.join(", ")
    }
}

impl Kind for Publication {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "publication";
    const QUERY: &'static str = include_str!("publication.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::Publication, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("PUBLICATION {}", ident(&self.name))
    }

    fn refs(&mut self, _: &mut dyn FnMut(Ref<'_>)) {}

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.create_with(&[], cx)
    }

    fn create_with(&self, fragments: &[String], cx: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE {}", self.reference());
        if self.all_tables {
            sql += " FOR ALL TABLES";
        } else if !fragments.is_empty() {
            sql += " FOR ";
            sql += &fragments.join(", ");
        }
        // Postgres 14 wants TABLE once.
        if matches!(cx.to.spelling(), Spelling::Postgres { major: ..=14 }) {
            sql = sql.replace(", TABLE ", ", ");
        }
        let plain = Self {
            publish: OPERATIONS.map(str::to_owned).to_vec(),
            via_root: false,
            generated: false,
            ..self.clone()
        };
        let options = self.options(&plain);
        if !options.is_empty() {
            sql += &format!(" WITH ({options})");
        }
        vec![Step::create(self.id(), sql + ";")]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP {};", self.reference());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.all_tables != new.all_tables {
            return Change::Replace;
        }
        let sql = format!("ALTER {} SET ({});", self.reference(), new.options(self));
        Change::quiet(vec![Step::alter(self.id(), sql)])
    }
}
