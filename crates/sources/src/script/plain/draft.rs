//! What one file declares, before names of other files are known.

use driftless_migrations::snapshot::Column;
use std::collections::HashMap;

/// A file that only declares.
#[derive(Default)]
pub(super) struct File {
    /// Imports that are used for their values, by local name.
    pub(super) imports: HashMap<String, Import>,
    /// Specifiers of the modules that it loads, in order.
    pub(super) loads: Vec<String>,
    /// Specifiers of `export * from`.
    pub(super) stars: Vec<String>,
    /// Exported and local name.
    pub(super) exports: Vec<(String, String)>,
    pub(super) bindings: HashMap<String, Binding>,
    /// Imported names that are used while the file runs, rather than after all files have.
    pub(super) eager: Vec<String>,
}

/// One name of `import { name as local } from "specifier"`.
pub(super) struct Import {
    pub(super) specifier: String,
    pub(super) name: String,
    pub(super) used: bool,
}

/// What a name of a module stands for.
pub(super) enum Binding {
    Table(Table),
    Enum {
        name: String,
        values: Vec<String>,
    },
    /// Descriptions of columns to be spread into tables.
    Columns(Vec<ColumnDraft>),
    /// Nothing that Postgres would hold.
    Nothing,
}

/// `pgTable(...)`.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Entry>,
    pub(super) extras: Vec<Extra>,
}

/// One entry of the object of columns.
#[expect(clippy::large_enum_variant, reason = "nearly all are columns")]
pub(super) enum Entry {
    Column(ColumnDraft),
    /// `...name`
    Spread(String),
}

#[derive(Clone)]
pub(super) struct ColumnDraft {
    /// Its key in the table.
    pub(super) key: String,
    pub(super) column: Column,
    /// Local name of the enum whose values it has.
    pub(super) of_enum: Option<String>,
    /// Name, if given, and NULLS NOT DISTINCT.
    pub(super) unique: Option<(Option<String>, bool)>,
    pub(super) references: Option<Reference>,
}

/// `.references(() => table.key, actions)`.
#[derive(Clone)]
pub(super) struct Reference {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

/// One entry of a table's extras.
pub(super) enum Extra {
    Index(Index),
    Check {
        name: String,
        condition: Vec<Piece>,
    },
    Unique {
        name: Option<String>,
        keys: Vec<String>,
        nulls_not_distinct: bool,
    },
    PrimaryKey {
        name: Option<String>,
        keys: Vec<String>,
    },
}

pub(super) struct Index {
    pub(super) name: Option<String>,
    pub(super) unique: bool,
    pub(super) method: String,
    pub(super) columns: Vec<Indexed>,
    pub(super) condition: Option<Vec<Piece>>,
}

/// One column or expression of an index.
pub(super) enum Indexed {
    Column {
        key: String,
        descending: bool,
        nulls_first: bool,
        operator_class: Option<String>,
    },
    Expression(Vec<Piece>),
}

/// A piece of an `sql` template.
pub(super) enum Piece {
    Text(String),
    /// A column of the table itself, by key.
    Own(String),
    /// A column of another table, by the table's local name and its key.
    Of(String, String),
}
