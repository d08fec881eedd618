//! What a step can do to a live table, in the words of the people who own it.

use serde::{Deserialize, Serialize};

/// One danger of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hazard {
    /// Which danger; its name is what `--allow` takes.
    pub kind: HazardKind,
    /// The consequence in one sentence, with the object's name, without a final period.
    pub message: String,
}

macro_rules! hazards {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $refuses:literal,)+) => {
        /// The dangers that a step can have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum HazardKind { $($(#[doc = $doc])+ $name,)+ }

        impl HazardKind {
            /// Every kind, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name for flags, files and JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Whether the step is refused until somebody allows it by name.
            ///
            /// What loses data, fails on existing rows or locks a table for the time of a rewrite
            /// is refused; what blocks writers while rows are read is only named.
            pub fn refuses(self) -> bool {
                match self { $(Self::$name => $refuses,)+ }
            }

            /// What it does, for help texts.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii_start(),)+ }
            }
        }
    };
}

hazards! {
    /// A table and its rows are dropped.
    DropTable "drop-table" true,
    /// A column and its values are dropped.
    DropColumn "drop-column" true,
    /// A schema is dropped.
    DropSchema "drop-schema" true,
    /// A sequence and its position are dropped.
    DropSequence "drop-sequence" true,
    /// A materialized view and its rows are dropped; they can be computed again.
    DropMaterializedView "drop-materialized-view" false,
    /// An extension is dropped with everything in it, the rows of its tables included.
    DropExtension "drop-extension" true,
    /// A password or the like is not known here: somebody has to write it into the statement.
    Secret "secret" true,
    /// Something at the publisher is left to be done by hand.
    Subscription "subscription" false,
    /// A role is dropped; this fails while it owns anything.
    DropRole "drop-role" true,
    /// An enum loses a value; this fails while a row holds it.
    DropEnumValue "drop-enum-value" true,
    /// Values may not fit the new type: the migration fails on them or they lose precision.
    NarrowingCast "narrowing-cast" true,
    /// Values of a column are computed anew and what was stored is lost.
    RecomputeColumn "recompute-column" true,
    /// Values are listed in an order that the columns of their table will not have: the step fails, or they end in other columns.
    ColumnOrder "column-order" true,
    /// A column becomes NOT NULL: this fails while a row holds NULL, and reads the whole table under an exclusive lock.
    SetNotNull "set-not-null" true,
    /// A NOT NULL column without a default is added: this fails unless the table is empty.
    AddNotNull "add-not-null" true,
    /// Every row is rewritten under an exclusive lock: nobody reads or writes the table meanwhile.
    TableRewrite "table-rewrite" true,
    /// An index is built while writers wait.
    IndexBuild "index-build" false,
    /// Existing rows are checked; one row that fails stops the migration.
    ValidateRows "validate-rows" false,
    /// A unique index is built; existing duplicates stop the migration.
    UniqueBuild "unique-build" false,
    /// Rows become visible or invisible to roles.
    RowSecurity "row-security" false,
    /// Row security ends for a table, or for its owner: rows that policies hid are shown.
    RowSecurityOff "row-security-off" true,
    /// Roles gain or lose rights, or an owner changes.
    RightsChange "rights-change" false,
    /// Everybody gains a right.
    GrantPublic "grant-public" false,
    /// A role becomes a superuser, or no policy applies to it any longer.
    UnboundRole "unbound-role" false,
}

impl Hazard {
    /// A hazard with its consequence for the object at hand.
    pub fn new(kind: HazardKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

impl std::str::FromStr for HazardKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or(())
    }
}
