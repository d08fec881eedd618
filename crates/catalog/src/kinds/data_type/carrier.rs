//! What values of composite types are while their type is made anew.

use super::DataType;
use crate::sql::ident;

/// `jsonb`, spelled as Postgres never does.
pub(super) const CARRIER: &str = "pg_catalog.jsonb";

impl DataType {
    /// What values of a composite type, alone or in arrays and domains, are while it is made anew:
    /// attributes keep their names.
    pub(in crate::kinds) fn carrier() -> Self {
        Self::verbatim(CARRIER)
    }

    pub(in crate::kinds) fn is_carrier(&self) -> bool {
        self.name == CARRIER
    }

    /// `USING` for a column that was carried, with the help of a type that has one attribute, `value`.
    pub(in crate::kinds) fn unwrapping(wrapper: &str, column: &str) -> String {
        let value = format!("jsonb_build_object('value', {})", ident(column));
        format!(" USING (jsonb_populate_record(NULL::{wrapper}, {value})).value")
    }
}
