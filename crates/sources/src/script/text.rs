//! What the engine is given for each module name.

use super::graph::{File, Graph};
use super::resolve::{SERVED, STUB, TYPES};
use super::rewrite::WHOLE;
use super::served::{self, RUNTIME};
use super::strip::Format;
use camino::Utf8Path;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The text of the module with this name, if the graph knows it.
pub(super) fn of(graph: &Graph, id: &str) -> Option<String> {
    if let Some(name) = id.strip_prefix(SERVED) {
        return Some(facade(graph, name));
    }
    if let Some(specifier) = id.strip_prefix(STUB) {
        let none = BTreeSet::new();
        let names = graph.stubs.get(specifier).unwrap_or(&none);
        let mut text = format!(
            "import {{ stub }} from \"{RUNTIME}stub.js\";\nconst whole = stub({});\n",
            quoted(specifier)
        );
        whole(&mut text, names, "whole");
        return Some(text);
    }
    if id == TYPES {
        let mut text = String::new();
        undefined(&mut text, &graph.types);
        return Some(text);
    }
    let file = graph.file(id)?;
    Some(match file.stripped.format {
        Format::Module => module(graph, id, file),
        Format::CommonJs => commonjs(graph, id, file),
        Format::Json => json(file),
    })
}

/// Our modules that are parts of Drizzle.
const DRIZZLE: [&str; 4] = ["orm.js", "pg_core.js", "supabase.js", "neon.js"];

/// How many lines stand before a file's own first line in [`of`] and [`function`].
pub(super) fn lines_before(file: &File) -> usize {
    usize::from(file.stripped.format == Format::CommonJs || !file.stripped.free.is_empty())
}

/// A CommonJS file as the expression of a function.
pub(super) fn function(file: &File) -> String {
    format!(
        "(function (exports, require, module, __filename, __dirname) {{\n{}\n}})",
        file.stripped.code
    )
}

fn module(graph: &Graph, id: &str, file: &File) -> String {
    let mut text = String::with_capacity(file.stripped.code.len() + 64);
    if lines_before(file) > 0 {
        prelude(&mut text, graph, id, file);
    }
    text.push_str(&file.stripped.code);
    undefined(&mut text, &file.missing);
    text
}

/// `require` and its like, for a module that uses them; one line.
fn prelude(text: &mut String, graph: &Graph, id: &str, file: &File) {
    let path = Utf8Path::new(id);
    let dir = path.parent().unwrap_or(path);
    let hoisted = graph.hoisted(path);
    for (at, hoisted) in hoisted.iter().enumerate() {
        let _ = write!(text, "import * as __hoisted{at} from {}; ", quoted(hoisted));
    }
    for name in &file.stripped.free {
        let value = match *name {
            "require" => {
                for (at, hoisted) in hoisted.iter().enumerate() {
                    let _ = write!(
                        text,
                        "__driftless.modules.set({}, __hoisted{at}); ",
                        quoted(hoisted)
                    );
                }
                format!("__driftless.require({})", quoted(id))
            }
            "__filename" => quoted(id),
            "__dirname" => quoted(dir.as_str()),
            "module" => "{ exports: {} }".to_owned(),
            _ => "{}".to_owned(),
        };
        let _ = write!(text, "const {name} = {value}; ");
    }
    text.push('\n');
}

fn commonjs(graph: &Graph, id: &str, file: &File) -> String {
    let mut text = String::new();
    let mut object = String::new();
    for (at, hoisted) in graph.hoisted(Utf8Path::new(id)).iter().enumerate() {
        let hoisted = quoted(hoisted);
        let _ = writeln!(text, "import * as __hoisted{at} from {hoisted};");
        let _ = write!(object, "{hoisted}: __hoisted{at}, ");
    }
    let _ = writeln!(
        text,
        "const whole = __driftless.run({}, {{ {object} }});",
        quoted(id)
    );
    whole(
        &mut text,
        &file.wanted,
        "whole?.__esModule && \"default\" in whole ? whole.default : whole",
    );
    text
}

fn json(file: &File) -> String {
    let mut text = format!(
        "const whole = JSON.parse({});\n",
        quoted(&file.stripped.code)
    );
    whole(&mut text, &file.wanted, "whole");
    text
}

/// One of our own modules as the user's code sees it: with a stand-in for each name that it
/// does not have, so that a newer Drizzle's novelty fails only where it matters.
fn facade(graph: &Graph, name: &str) -> String {
    let inner = quoted(&format!("{RUNTIME}{name}"));
    // Parts of our drizzle-orm import each other in circles: entered here, they run in an order
    // in which each finds what it needs.
    let mut text = format!("import \"{RUNTIME}orm.js\";\nexport * from {inner};\n");
    if !DRIZZLE.contains(&name) {
        text = format!("export * from {inner};\n");
    }
    if served::exports(name).contains("default") {
        let _ = writeln!(text, "export {{ default }} from {inner};");
    }
    let Some(names) = graph.unknown.get(name) else {
        return text;
    };
    let module = module_name(name);
    let _ = writeln!(
        text,
        "import {{ stub }} from \"{RUNTIME}stub.js\";\nimport * as all from {inner};"
    );
    for (at, name) in names.iter().enumerate() {
        let value = if name == "default" {
            "all".to_owned()
        } else {
            format!("stub({})[{}]", quoted(module), quoted(name))
        };
        let _ = writeln!(
            text,
            "const v{at} = {value}; export {{ v{at} as {} }};",
            quoted(name)
        );
    }
    text
}

/// What people import one of our own modules as.
pub(super) fn module_name(served: &str) -> &str {
    match served {
        "orm.js" => "drizzle-orm",
        "pg_core.js" => "drizzle-orm/pg-core",
        "supabase.js" => "drizzle-orm/supabase",
        "neon.js" => "drizzle-orm/neon",
        "drizzle_kit.js" => "drizzle-kit",
        other => other.trim_end_matches(".js"),
    }
}

/// Exports of a module that is one value: itself, its default, and the names taken from it.
fn whole(text: &mut String, names: &BTreeSet<String>, default: &str) {
    let _ = writeln!(
        text,
        "export {{ whole as {WHOLE} }};\nexport default {default};"
    );
    let taken = names.iter().filter(|n| *n != "default" && *n != WHOLE);
    for (at, name) in taken.enumerate() {
        let name = quoted(name);
        let _ = writeln!(
            text,
            "const v{at} = whole?.[{name}]; export {{ v{at} as {name} }};"
        );
    }
}

fn undefined(text: &mut String, names: &BTreeSet<String>) {
    if names.is_empty() {
        return;
    }
    text.push_str("\nconst __driftless_undefined = undefined;\nexport {");
    for name in names {
        let _ = write!(text, " __driftless_undefined as {},", quoted(name));
    }
    text.push_str(" };\n");
}

/// A JavaScript string literal.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text)
        .unwrap_or_default()
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
