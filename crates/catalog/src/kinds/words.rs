//! What kinds and machinery say to each other.

use rustc_hash::FxHashSet;

use crate::catalog::Catalog;
use crate::id::Id;
use crate::step::Step;

/// What happens when one of a kind disappears and another appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renaming {
    /// It holds data or an identity that drop and create would lose: somebody has to say.
    Ask,
    /// Renamed without a question when everything but the name is equal; the outcome is the same.
    WhenEqual,
}

/// How an object is said within its parent's CREATE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// A line of its own.
    Line(String),
    /// Behind the line of a sibling.
    Behind {
        /// The sibling: the column of a single-column primary key.
        sibling: Id,
        /// What to write there.
        text: String,
    },
}

/// What an object is for, where that tells it from all others of its kind: the key of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// What it serves.
    pub of: Id,
    /// Whether it has the name that Postgres chooses, so that nobody need have chosen it.
    pub has_usual_name: bool,
}

/// How an object becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// By statements.
    Alter {
        /// In order.
        steps: Vec<Step>,
        /// Whether what needs it has to give way meanwhile.
        disturbs: bool,
    },
    /// By drop and create.
    Replace,
}

impl Change {
    /// A change that nothing else notices.
    pub(super) fn quiet(steps: Vec<Step>) -> Self {
        Self::Alter {
            steps,
            disturbs: false,
        }
    }
}

/// What an object does while something below it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivesWay {
    /// Postgres takes care of it.
    Stay,
    /// It is dropped before and created after.
    Rebuild,
    /// The same, although a change of its own leaves what is below.
    RebuildAnyhow,
    /// The same as long as a bond holds that goes by this id.
    RebuildUnder(Id),
    /// It keeps its rows and lets go: see [`Kind::detached`].
    Detach,
}

impl GivesWay {
    /// Changes below it are taken care of, but for one that is made anew.
    pub(super) fn where_replaced(replaced: bool) -> Self {
        if replaced { Self::Rebuild } else { Self::Stay }
    }
}

/// A name of another object inside an object.
pub enum Ref<'a> {
    /// A schema.
    Schema(&'a mut String),
    /// A role.
    Role(&'a mut String),
    /// A table, view or sequence.
    Relation {
        /// Its schema.
        schema: &'a mut String,
        /// Its name.
        name: &'a mut String,
    },
    /// A type.
    Type {
        /// Its schema.
        schema: &'a mut String,
        /// Its name.
        name: &'a mut String,
    },
    /// A column of a relation.
    Column {
        /// The relation's schema.
        schema: &'a str,
        /// The relation.
        relation: &'a str,
        /// The column.
        name: &'a mut String,
    },
    /// An expression over the columns of one relation, or of none.
    Expression {
        /// SQL text.
        sql: &'a mut String,
        /// Schema and name of the relation.
        relation: Option<(&'a str, &'a str)>,
    },
    /// A query over any relations.
    Query(&'a mut String),
    /// Its own name, for kinds of [`Space::Leaf`] alone: nothing else mentions it.
    Own(&'a mut String),
    /// The id of another object that it is attached to.
    Object(&'a mut Id),
}

/// What a kind may look at while it writes its statements.
pub struct Cx<'a> {
    /// The schema that the plan starts from, its renames done.
    pub from: &'a Catalog,
    /// The schema that the plan ends with.
    pub to: &'a Catalog,
    /// What the plan creates.
    pub(crate) created: &'a FxHashSet<&'a Id>,
}

impl Cx<'_> {
    /// Whether the plan creates this object: then it has no rows yet and nobody uses it.
    pub fn is_new(&self, id: &Id) -> bool {
        self.created.contains(&id)
    }
}
