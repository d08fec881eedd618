//! Functions and procedures.

use serde::{Deserialize, Serialize};

use super::routine::{self, setting};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::{ident, identifiers, literal};
use crate::step::Step;

/// A function or a procedure.
#[expect(clippy::struct_excessive_bools, reason = "pg_proc has as many")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its schema.
    pub schema: String,
    /// Its name, without argument types.
    pub name: String,
    /// A procedure rather than a function.
    pub procedure: bool,
    /// A window function.
    pub window: bool,
    /// Types of its input arguments, which tell it from others of its name.
    pub signature: String,
    /// Arguments as statements about it have them: without defaults.
    pub identity: String,
    /// Arguments as its CREATE has them.
    pub arguments: String,
    /// Names of its input arguments, empty where they have none.
    pub input_names: Vec<String>,
    /// How many arguments have a default.
    pub defaults: u32,
    /// Whether the last input argument is VARIADIC.
    pub variadic: bool,
    /// Names and types of its output arguments where they make a row.
    pub outputs: Vec<String>,
    /// What it returns; `None` for a procedure.
    pub result: Option<String>,
    /// Its language.
    pub language: String,
    /// The body as it was written; for one that Postgres parsed, as Postgres says it; for a
    /// function in a library, its symbol there.
    pub body: String,
    /// Whether the body is SQL that Postgres parsed: `BEGIN ATOMIC`, or `RETURN`.
    pub atomic: bool,
    /// The library of a function in C.
    pub library: Option<String>,
    /// IMMUTABLE, STABLE or VOLATILE.
    pub volatility: String,
    /// SAFE, RESTRICTED or UNSAFE.
    pub parallel: String,
    /// RETURNS NULL ON NULL INPUT.
    pub strict: bool,
    /// SECURITY DEFINER.
    pub security_definer: bool,
    /// LEAKPROOF.
    pub leakproof: bool,
    /// Cost of a call, where it is not the default.
    pub cost: Option<String>,
    /// Rows of a result, where it is not the default.
    pub rows: Option<String>,
    /// Name of its planner support function, in SQL.
    pub support: Option<String>,
    /// SET clauses as `name=value`, in order.
    pub settings: Vec<String>,
    /// Types whose transforms it uses.
    pub transforms: Vec<String>,
}

impl Function {
    fn noun(&self) -> &'static str {
        if self.procedure {
            "PROCEDURE"
        } else {
            "FUNCTION"
        }
    }

    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Whether CREATE OR REPLACE leads from one to the other: callers go on as they were parsed.
    fn replaceable(&self, new: &Self) -> bool {
        let named = self
            .input_names
            .iter()
            .zip(&new.input_names)
            .all(|(old, new)| old.is_empty() || old == new);
        // The type of a default is fixed, and the argument's may leave it open.
        let open =
            self.defaults > 0 && self.arguments != new.arguments && self.signature.contains("any");
        named
            && !open
            && self.procedure == new.procedure
            && self.window == new.window
            && self.variadic == new.variadic
            && self.result == new.result
            && self.outputs == new.outputs
            && self.defaults <= new.defaults
    }

    fn definition(&self, create: &str) -> String {
        let mut sql = format!(
            "{create} {} {}({})",
            self.noun(),
            self.sql_name(),
            self.arguments
        );
        if let Some(result) = &self.result {
            sql += &format!("\nRETURNS {result}");
        }
        sql += &format!("\nLANGUAGE {}", ident(&self.language));
        for words in self.attributes() {
            sql += &format!("\n{words}");
        }
        sql += "\n";
        sql += &match &self.library {
            _ if self.atomic => self.body.clone(),
            Some(library) => format!("AS {}, {}", literal(library), literal(&self.body)),
            None => format!("AS {}", routine::quoted(&self.body)),
        };
        sql + ";"
    }

    /// What is not the default.
    fn attributes(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.transforms.is_empty() {
            let types: Vec<_> = self
                .transforms
                .iter()
                .map(|of| format!("FOR TYPE {of}"))
                .collect();
            words.push(format!("TRANSFORM {}", types.join(", ")));
        }
        let mut says = |yes: bool, word: &str| {
            if yes {
                words.push(word.to_owned());
            }
        };
        says(self.window, "WINDOW");
        says(self.volatility == "IMMUTABLE", "IMMUTABLE");
        says(self.volatility == "STABLE", "STABLE");
        says(self.strict, "STRICT");
        says(self.security_definer, "SECURITY DEFINER");
        says(self.leakproof, "LEAKPROOF");
        says(self.parallel == "SAFE", "PARALLEL SAFE");
        says(self.parallel == "RESTRICTED", "PARALLEL RESTRICTED");
        for (word, value) in [
            ("COST", &self.cost),
            ("ROWS", &self.rows),
            ("SUPPORT", &self.support),
        ] {
            if let Some(value) = value {
                words.push(format!("{word} {value}"));
            }
        }
        words.extend(self.settings.iter().map(|text| setting(text)));
        words
    }

    /// Whether it returns rows of a relation.
    fn returns(&self, schema: &str, name: &str) -> bool {
        let result = self.result.as_deref().unwrap_or_default();
        let (mentions, _) = identifiers(result);
        mentions.last().is_some_and(|mention| {
            mention.name == name && mention.qualifier.as_deref() == Some(schema)
        })
    }

    /// A step that makes it, told where the columns of what it returns come in another order.
    fn in_order(&self, step: Step, cx: &Cx<'_>) -> Step {
        let lists = self.atomic || self.language == "sql" && !identifiers(&self.body).1;
        let mut tables = cx.to.of_kind(Tag::Table).map(|(id, _)| id);
        let Some(table) = tables.find(|id| lists && self.returns(&id.schema, &id.name)) else {
            return step;
        };
        let columns = |catalog: &Catalog| {
            let mut columns: Vec<(u32, String)> = catalog
                .belonging(Tag::Column, &table.schema, &table.name)
                .filter_map(|object| match object {
                    Object::Column(column) => Some((column.position, column.name.clone())),
                    _ => None,
                })
                .collect();
            columns.sort();
            columns
                .into_iter()
                .map(|(_, name)| name)
                .collect::<Vec<_>>()
        };
        let (before, wanted) = (columns(cx.from), columns(cx.to));
        // Postgres adds columns at the end.
        let mut there: Vec<&String> = before.iter().filter(|c| wanted.contains(c)).collect();
        there.extend(wanted.iter().filter(|c| !before.contains(c)));
        if cx.is_new(table) || there.into_iter().eq(&wanted) {
            return step;
        }
        step.hazard(
            HazardKind::ColumnOrder,
            format!(
                "{} lists the columns of {} as they are declared; new ones come last in the table, so the list fits it no more",
                self.id(),
                table.path()
            ),
        )
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let Self {
            signature,
            identity,
            arguments,
            outputs,
            result,
            transforms,
            ..
        } = self;
        [signature, identity, arguments]
            .into_iter()
            .chain(outputs)
            .chain(result)
            .chain(transforms)
    }
}

impl Kind for Function {
    const SPACE: Space = Space::Routine;
    const NOUN: &'static str = "function";
    const QUERY: &'static str = include_str!("function.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        routine::id(Tag::Function, &self.schema, &self.name, &self.signature)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("{} {}({})", self.noun(), self.sql_name(), self.identity)
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
        for sql in self.texts() {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
        // Postgres carries renames into what it parsed, and leaves a text as it is.
        if self.atomic {
            visit(Ref::Query(&mut self.body));
        }
    }

    fn opaque(&self) -> Option<&str> {
        (!self.atomic && self.library.is_none()).then_some(&self.body)
    }

    fn unchecked(&self, itself: bool) -> Option<Step> {
        // Others look for what their text mentions when they run.
        (self.language == "sql" || !itself).then(|| {
            Step::alter(self.id(), "SET LOCAL check_function_bodies = off;")
                .because("its body mentions what comes later")
        })
    }

    fn security(&self) -> Vec<String> {
        let definer = format!("{} runs with the rights of its owner", self.id());
        self.security_definer
            .then_some(definer)
            .into_iter()
            .collect()
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::create(self.id(), self.definition("CREATE"));
        vec![self.in_order(step, cx)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP {};", self.reference());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        if !self.replaceable(new) {
            return Change::Replace;
        }
        let mut step = Step::alter(self.id(), new.definition("CREATE OR REPLACE"));
        if self.security_definer != new.security_definer {
            let whose = if new.security_definer {
                "its owner"
            } else {
                "its caller"
            };
            step = step.hazard(
                HazardKind::RowSecurity,
                format!("{} runs with the rights of {whose}", self.id()),
            );
        }
        Change::quiet(vec![new.in_order(step, cx)])
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match below {
            // Its rows are as wide as the table: Postgres takes the new body neither before nor after.
            Object::Column(column)
                if replaced && self.atomic && self.returns(&column.schema, &column.table) =>
            {
                GivesWay::RebuildAnyhow
            }
            _ if replaced || self.atomic => GivesWay::Rebuild,
            _ => GivesWay::Stay,
        }
    }
}
