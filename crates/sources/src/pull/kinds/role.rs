//! Roles: `pgRole('app', { createDb: true })`.

use super::Part;
use crate::pull::page::Page;
use crate::pull::text::{call, object, string};
use driftless_catalog::kinds::Role;
use driftless_catalog::{Id, Tag};

pub(super) fn part(role: &Role) -> Part {
    let sayable = Role {
        name: role.name.clone(),
        create_db: role.create_db,
        create_role: role.create_role,
        inherit: role.inherit,
        ..Role::default()
    };
    Part::unless(&[(
        *role != sayable,
        "Drizzle has no words for LOGIN, SUPERUSER, REPLICATION, BYPASSRLS and limits of a role",
    )])
}

pub(super) fn statement(role: &Role, page: &mut Page<'_>) -> String {
    let function = page.import("pgRole");
    let constant = page.constant(&Id::global(Tag::Role, &role.name));
    let mut options = Vec::new();
    for (given, name, value) in [
        (role.create_db, "createDb", "true"),
        (role.create_role, "createRole", "true"),
        (!role.inherit, "inherit", "false"),
    ] {
        if given {
            options.push((name, value.to_owned()));
        }
    }
    let call = call(function, &[Some(string(&role.name)), object(&options)]);
    format!("export const {constant} = {call};")
}
