//! The text of `schema.ts`: imports, then each object after what it needs.

use super::kinds;
use super::names::Names;
use super::order::order;
use super::said::Said;
use super::text::{self, string};
use super::{Request, root};
use driftless_catalog::kinds::ViewColumn;
use driftless_catalog::{Catalog, Id};
use std::collections::{BTreeMap, BTreeSet};

/// The page while it is written.
pub(super) struct Page<'a> {
    pub(super) live: &'a Catalog,
    pub(super) said: &'a Said,
    pub(super) names: Names,
    pub(super) every_name: bool,
    pub(super) materialized: &'a BTreeMap<(String, String), Vec<ViewColumn>>,
    /// What is on the page already.
    pub(super) written: BTreeSet<Id>,
    imports: BTreeSet<&'static str>,
    uses_sql: bool,
    /// Types that Drizzle has no builder for, by SQL: constant and definition.
    custom: BTreeMap<String, (String, String)>,
}

/// The text, or nothing where TypeScript says nothing.
pub(super) fn text(request: &Request<'_>, said: &Said) -> Option<String> {
    let mut page = Page {
        live: request.live,
        said,
        names: Names::new(request.casing, kinds::IMPORTS),
        every_name: request.every_name,
        materialized: request.materialized,
        written: BTreeSet::new(),
        imports: BTreeSet::new(),
        uses_sql: false,
        custom: BTreeMap::new(),
    };
    // Who is named first gets the plain name.
    for (kind, word) in kinds::NAMED {
        for (id, _) in said.of_kind(kind) {
            if kinds::has_statement(said, id) {
                page.names.give(id, word);
            }
        }
    }
    let mut statements = Vec::new();
    for together in kinds::WRITTEN {
        let mut needs = BTreeMap::new();
        for (id, object) in together.iter().flat_map(|kind| said.of_kind(*kind)) {
            let roots = kinds::needs(said, id, object, request.live);
            needs.insert(id.clone(), roots.iter().map(root).collect());
        }
        for id in order(&needs) {
            let Some(object) = said.catalog.get(&id) else {
                continue;
            };
            if kinds::has_statement(said, &id) {
                statements.push(kinds::statement(object, &mut page));
            }
            page.written.insert(id);
        }
    }
    if statements.is_empty() {
        return None;
    }
    Some(page.finish(&statements))
}

impl Page<'_> {
    /// A function of pg-core, imported.
    pub(super) fn import(&mut self, name: &'static str) -> &'static str {
        self.imports.insert(name);
        name
    }

    /// SQL text in the page.
    pub(super) fn sql(&mut self, sql: &str) -> String {
        self.uses_sql = true;
        text::template(sql)
    }

    /// The builder for a type that Drizzle has none for.
    pub(super) fn custom_type(&mut self, sql: &str, name: &str, data: &str) -> String {
        if let Some((constant, _)) = self.custom.get(sql) {
            return constant.clone();
        }
        self.import("customType");
        let constant = self.names.make(name);
        let definition = format!(
            "const {constant} = customType<{{ data: {data} }}>({{ dataType: () => {} }});",
            string(sql)
        );
        let known = (constant.clone(), definition);
        self.custom.insert(sql.to_owned(), known);
        constant
    }

    /// `export const name = function('name', ...)`, by way of a schema other than `public`.
    pub(super) fn builder(
        &mut self,
        schema: &str,
        of_schema: &str,
        function: &'static str,
    ) -> String {
        match self.names.get(&kinds::schema_id(schema)) {
            Some(constant) if schema != "public" => format!("{constant}.{of_schema}"),
            _ => self.import(function).to_owned(),
        }
    }

    /// The constant of an object on the page.
    pub(super) fn constant(&self, id: &Id) -> String {
        self.names.get(id).unwrap_or_default().to_owned()
    }

    fn finish(self, statements: &[String]) -> String {
        let mut out = String::new();
        if self.uses_sql {
            out += "import { sql } from 'drizzle-orm';\n";
        }
        let imports: Vec<_> = self.imports.iter().copied().collect();
        let line = format!(
            "import {{ {} }} from 'drizzle-orm/pg-core';\n",
            imports.join(", ")
        );
        out += &if line.len() <= 100 {
            line
        } else {
            let lines: Vec<_> = imports.iter().map(|name| format!("  {name},\n")).collect();
            let lines = lines.concat();
            format!("import {{\n{lines}}} from 'drizzle-orm/pg-core';\n")
        };
        let mut custom: Vec<_> = self.custom.into_values().collect();
        custom.sort();
        if !custom.is_empty() {
            out.push('\n');
        }
        for (_, definition) in custom {
            out += &definition;
            out.push('\n');
        }
        for statement in statements {
            out.push('\n');
            out += statement;
            out.push('\n');
        }
        out
    }
}
