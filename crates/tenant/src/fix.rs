//! The schema with what can be mended without a decision: ENABLE, FORCE, the policy, the index.

use driftless_catalog::kinds::{Index, IndexColumn, Nulls, Policy};
use driftless_catalog::{Catalog, Id, Tag, stored_name};

use crate::facts::{Facts, TenantTable};
use crate::rules::is_indexed;

/// What becomes of a schema.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The schema to come to.
    pub catalog: Catalog,
    /// What is new in it, in words: `ENABLE on notes`.
    pub done: Vec<String>,
}

/// Mends what is missing on tables of tenants. Policies that are there are left as they are.
pub fn fixed(facts: &Facts<'_>) -> Fixed {
    let mut catalog = facts.catalog.clone();
    let mut done = Vec::new();
    for table in &facts.tables {
        if table.table.foreign.is_some() || facts.is_only_part(table) {
            continue;
        }
        let path = table.path();
        let mut secured = table.table.clone();
        if !secured.row_security {
            secured.row_security = true;
            done.push(format!("row level security on {path}"));
        }
        if !secured.force_row_security {
            secured.force_row_security = true;
            done.push(format!("forced row level security on {path}"));
        }
        catalog.insert(secured);
        if !table.policies.iter().any(|policy| policy.permissive)
            && let Some(policy) = policy(facts, table)
        {
            done.push(format!("policy {} on {path}", policy.name));
            catalog.insert(policy);
        }
        if !is_indexed(facts, table) {
            let index = index(facts, table);
            done.push(format!("index {} on {path}", index.name));
            catalog.insert(index);
        }
    }
    Fixed { catalog, done }
}

/// The policy that most others have, by name; the text is Postgres's own.
fn policy(facts: &Facts<'_>, table: &TenantTable<'_>) -> Option<Policy> {
    let functions = facts.functions();
    let [(_, function)] = functions[..] else {
        return None;
    };
    let call = format!(
        "( SELECT {}.{}() AS {})",
        word(&function.schema),
        word(&function.name),
        word(&function.name)
    );
    let text = format!("({} = {call})", word(&table.column.name));
    Some(Policy {
        schema: table.table.schema.clone(),
        table: table.table.name.clone(),
        name: usual_name(facts),
        permissive: true,
        command: "ALL".to_owned(),
        roles: vec!["public".to_owned()],
        using: Some(text.clone()),
        with_check: Some(text),
    })
}

fn usual_name(facts: &Facts<'_>) -> String {
    let mut names: Vec<(usize, &str)> = Vec::new();
    for policy in facts.tables.iter().flat_map(|table| &table.policies) {
        if policy.permissive && policy.command == "ALL" {
            match names.iter_mut().find(|(_, name)| *name == policy.name) {
                Some((count, _)) => *count += 1,
                None => names.push((1, &policy.name)),
            }
        }
    }
    let most = names.into_iter().max_by_key(|(count, _)| *count);
    most.map_or_else(
        || "tenant_isolation".to_owned(),
        |(_, name)| name.to_owned(),
    )
}

fn index(facts: &Facts<'_>, table: &TenantTable<'_>) -> Index {
    let Id { schema, name, .. } = &table.id;
    let column = &table.column.name;
    let wanted = format!("{name}_{column}_idx");
    let wanted = stored_name(&wanted);
    // A name that is taken is another relation's.
    let taken = |name: &str| {
        let kinds = [Tag::Table, Tag::View, Tag::MaterializedView, Tag::Sequence];
        let mut relations = kinds
            .into_iter()
            .map(|kind| Id::in_schema(kind, schema, name));
        let indexes = [Tag::Index, Tag::PrimaryKey, Tag::Unique, Tag::Exclusion];
        relations.any(|id| facts.catalog.contains(&id))
            || indexes.into_iter().any(|kind| {
                let mut all = facts.catalog.of_kind(kind);
                all.any(|(id, _)| id.schema == *schema && id.name == name)
            })
    };
    let named = (1..=u16::MAX)
        .map(|n| match n {
            1 => wanted.to_owned(),
            n => format!("{}{n}", &wanted[..wanted.floor_char_boundary(58)]),
        })
        .find(|name| !taken(name))
        .unwrap_or_default();
    Index {
        schema: schema.to_string(),
        table: name.to_string(),
        name: named,
        method: "btree".to_owned(),
        columns: vec![IndexColumn {
            expression: column.clone(),
            nulls: Some(Nulls::Last),
            ..IndexColumn::default()
        }],
        partitioned: table.table.partition_by.is_some(),
        ..Index::default()
    }
}

/// A name as Postgres writes it in an expression.
fn word(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain {
        name.to_owned()
    } else {
        driftless_catalog::ident(name)
    }
}

impl Fixed {
    /// Whether nothing had to be mended.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }
}
