//! Names: those that Postgres gives to what nobody named, and changing them.

use crate::id::Id;
use crate::sql::ident;
use crate::step::Step;

/// Longest name that Postgres keeps, in bytes (`NAMEDATALEN` - 1).
const MAX: usize = 63;

/// `makeObjectName` of Postgres: `table_column_label`, the longer part cut until it fits.
pub(super) fn object_name(first: &str, second: &str, label: &str) -> String {
    let (mut a, mut b) = (first.len(), second.len());
    let overhead = label.len() + 1 + usize::from(!second.is_empty());
    while a + b + overhead > MAX {
        if a > b {
            a -= 1;
        } else {
            b -= 1;
        }
    }
    let mut name = first[..first.floor_char_boundary(a)].to_owned();
    if !second.is_empty() {
        name.push('_');
        name.push_str(&second[..second.floor_char_boundary(b)]);
    }
    format!("{name}_{label}")
}

/// `ALTER <what> … SET SCHEMA` and `RENAME TO` for what lives directly in a schema.
pub(super) fn rename(what: &str, name: fn(&str, &str) -> String, old: &Id, new: &Id) -> Vec<Step> {
    let mut steps = Vec::new();
    if old.schema != new.schema {
        let moved = name(&old.schema, &old.name);
        let sql = format!("ALTER {what} {moved} SET SCHEMA {};", ident(&new.schema));
        steps.push(Step::rename(new.clone(), sql));
    }
    if old.name != new.name {
        let named = name(&new.schema, &old.name);
        let sql = format!("ALTER {what} {named} RENAME TO {};", ident(&new.name));
        steps.push(Step::rename(new.clone(), sql));
    }
    steps
}

/// `RoleSpec` of Postgres's grammar: some names are words there, and must not be quoted.
pub(super) fn role(name: &str) -> String {
    match name.to_lowercase().as_str() {
        word @ ("public" | "current_user" | "current_role" | "session_user") => word.to_owned(),
        _ => ident(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_as_postgres_cuts_them() {
        assert_eq!(object_name("users", "id", "seq"), "users_id_seq");
        assert_eq!(object_name("users", "", "pkey"), "users_pkey");
        let long = "a".repeat(60);
        assert_eq!(object_name(&long, "", "pkey").len(), 63);
        assert_eq!(
            object_name(&long, &long, "seq"),
            format!("{0}_{1}_seq", "a".repeat(29), "a".repeat(29))
        );
    }
}
