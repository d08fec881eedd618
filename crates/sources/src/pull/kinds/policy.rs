//! Policies: `pgPolicy('own rows', { for: 'select', to: [app], using: sql`...` })`.

use super::{Cx, Part};
use crate::pull::page::Page;
use crate::pull::text::{call, object, string};
use driftless_catalog::kinds::Policy;
use driftless_catalog::{Id, Object, Tag};

pub(super) fn part(policy: &Policy, cx: &Cx<'_>) -> Part {
    let table = cx
        .live
        .get(&Id::in_schema(Tag::Table, &policy.schema, &policy.table));
    let enabled = matches!(table, Some(Object::Table(table)) if table.row_security);
    Part::unless(&[(
        !enabled,
        "to Drizzle a table with policies has row security, and this one has not",
    )])
}

pub(super) fn extra(policy: &Policy, page: &mut Page<'_>) -> String {
    let function = page.import("pgPolicy");
    let mut members = Vec::new();
    if !policy.permissive {
        members.push(("as", string("restrictive")));
    }
    if policy.command != "ALL" {
        members.push(("for", string(&policy.command.to_lowercase())));
    }
    if policy.roles != ["public"] {
        let roles: Vec<_> = policy
            .roles
            .iter()
            .map(|name| {
                let constant = page.names.get(&Id::global(Tag::Role, name));
                constant.map_or_else(|| string(name), str::to_owned)
            })
            .collect();
        members.push((
            "to",
            match &roles[..] {
                [role] => role.clone(),
                _ => format!("[{}]", roles.join(", ")),
            },
        ));
    }
    for (name, expression) in [("using", &policy.using), ("withCheck", &policy.with_check)] {
        if let Some(expression) = expression {
            members.push((name, page.sql(expression)));
        }
    }
    call(function, &[Some(string(&policy.name)), object(&members)])
}
