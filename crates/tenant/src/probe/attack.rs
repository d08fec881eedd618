//! What the probe tries, and what came of it.

use serde::{Serialize, Serializer};

/// A way to another tenant's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attack {
    /// Read them.
    Select,
    /// Read with no tenant set.
    Unset,
    /// Write a row in the other's name.
    Insert,
    /// Change them.
    Update,
    /// Delete them.
    Delete,
    /// Give a row of its own to the other.
    Move,
    /// Empty the table.
    Truncate,
    /// Look at the plan: no scan without the tenant.
    Plan,
    /// Through a view.
    View,
    /// Through a materialized view.
    MaterializedView,
    /// Through a function that runs as its owner.
    Function,
    /// Point at them with a foreign key.
    ForeignKey,
    /// Learn from a unique key that they are there.
    Unique,
    /// Become a role that may do more.
    Become,
    /// Set the tenant at all.
    Setting,
}

macro_rules! attacks {
    ($($name:ident $number:literal $code:literal $rule:expr, $docs:literal;)+) => {
        /// Every attack.
        pub const ATTACKS: &[Attack] = &[$(Attack::$name),+];

        impl Attack {
            /// `P01`.
            pub fn number(self) -> &'static str { match self { $(Self::$name => $number),+ } }
            /// The code of its findings.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }
            /// What it does, in one paragraph.
            pub fn docs(self) -> &'static str { match self { $(Self::$name => $docs),+ } }
            /// Number and code of the rule that looks at the same: to accept that accepts this.
            pub fn rule(self) -> Option<(&'static str, &'static str)> {
                match self { $(Self::$name => $rule),+ }
            }
        }
    };
}

attacks! {
    Select "P01" "leak-select" None,
        "Reads the table as the app role with tenant A set. Only A's rows may come back, and A's rows have to.";
    Unset "P02" "leak-unset" None,
        "Reads the table with no tenant set, and with an empty one, as a connection from a pool has it. No row may come back; an error is fine.";
    Insert "P03" "leak-insert" None,
        "Inserts a row of tenant B with tenant A set. A policy has to refuse it. The same row for A has to be taken, or nothing was proven.";
    Update "P04" "leak-update" None,
        "Updates all rows with tenant A set and A's own rows out of the way, without reading a column, so that policies for reading are not asked. None may be found: an error from a constraint or a check means that one was. With B's rows out of the way A's have to be found.";
    Delete "P05" "leak-delete" None,
        "Deletes all rows with tenant A set, in the same way as P04 updates them.";
    Move "P06" "leak-move" None,
        "Sets the tenant column of A's rows to B. A policy has to refuse it.";
    Truncate "P07" "leak-truncate" Some(("R14", "table-rights-beyond-rows")),
        "Empties the table. The right has to be missing.";
    Plan "P08" "leak-plan" None,
        "Lets Postgres explain the query as the app role. Every scan of a table of tenants has to compare the tenant column. Where no index can be used for that, it is told as information.";
    View "P09" "leak-view" Some(("R15", "view-as-owner")),
        "Reads a view with tenant A set, takes B's rows away, and reads again: both have to be the same. The plan is looked at as for a table. Then it is written through: no row of B may be found or made.";
    MaterializedView "P10" "leak-materialized-view" Some(("R16", "materialized-view-readable")),
        "The same for a materialized view, refreshed before each reading.";
    Function "P11" "leak-function" Some(("R20", "definer-function-callable")),
        "Calls a SECURITY DEFINER function with tenant A set, with guesses for its arguments, takes B's rows away, and calls again: both have to be the same.";
    ForeignKey "P12" "leak-foreign-key" Some(("R12", "foreign-key-across-tenants")),
        "Inserts a row of A that points at a row of B. The foreign key has to refuse it, as it refuses one that points nowhere.";
    Unique "P13" "leak-unique" Some(("R11", "unique-across-tenants")),
        "Inserts a row of A with the key of a row of B. It has to be taken.";
    Become "P14" "leak-become" Some(("R18", "app-role-can-become-more")),
        "Asks Postgres whether the app role is a member of a role that owns tables of tenants, that no policy holds for, or that may see all tenants: a member can SET ROLE.";
    Setting "P15" "tenant-not-set" None,
        "Sets tenant A as the app role and asks the tenant function, which has to answer A. Nothing is proven where it does not.";
}

impl Serialize for Attack {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code().trim_start_matches("leak-"))
    }
}

/// What came of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was held back, and what has to work works.
    Holds,
    /// It got through.
    Leaks,
    /// Neither is certain.
    NotProven,
    /// The role has no right to try it.
    NoRight,
    /// Worth knowing, and no leak.
    Slow,
}

/// One attempt on one object by one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// What was tried.
    pub attack: Attack,
    /// The object, as `[[tenant.accept]]` has it.
    pub object: String,
    /// By whom.
    pub role: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in a few words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
}
