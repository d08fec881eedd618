//! One file of TypeScript as the JavaScript that runs, with every import resolved.

use super::resolve::{Resolver, Target};
use super::rewrite;
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, SourceFile};
use oxc::allocator::Allocator;
use oxc::ast::ast::Program;
use oxc::codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc::diagnostics::{OxcDiagnostic, Severity};
use oxc::parser::{ParseOptions, Parser};
use oxc::semantic::{Scoping, SemanticBuilder};
use oxc::span::SourceType;
use oxc::transformer::{HelperLoaderMode, TransformOptions, Transformer};
use std::collections::BTreeSet;
use std::ops::Range;

/// Generated position to original position; both lines and columns from 0, columns in UTF-16.
pub(super) type Map = oxc_sourcemap::SourceMap<'static>;

/// How a file is written, and so how it has to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `import` and `export`.
    Module,
    /// `require` and `module.exports`.
    CommonJs,
    /// Data.
    Json,
}

/// A file, ready to run.
#[derive(Debug)]
pub(super) struct Stripped {
    pub(super) format: Format,
    /// JavaScript (for JSON: the text itself).
    pub(super) code: String,
    pub(super) imports: Vec<Import>,
    /// Names of exported values.
    pub(super) exports: BTreeSet<String>,
    /// Those of them that are declared in this very file.
    pub(super) declared: BTreeSet<String>,
    /// Names that were exported before types were taken away.
    pub(super) types: BTreeSet<String>,
    /// Names of CommonJS that the file uses without declaring them.
    pub(super) free: Vec<&'static str>,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) map: Option<Map>,
}

/// One `import`, `export ... from`, `import()` or `require()`.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) kind: ImportKind,
    pub(super) specifier: String,
    pub(super) target: Option<Target>,
    /// Where the specifier stands in the original.
    pub(super) span: Range<usize>,
    /// Names taken from it, and where each stands.
    pub(super) names: Vec<(String, Range<usize>)>,
    /// `export * from`.
    pub(super) star: bool,
    /// Whether what is taken is exported again.
    pub(super) again: bool,
}

/// When an import is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImportKind {
    /// Before the file runs; it cannot run without.
    Static,
    /// By `require()`, when the file asks for it, if it does.
    Required,
    /// By `import()`, when the file asks for it, if it does.
    Lazy,
}

/// The free names that a CommonJS file may use.
const COMMONJS: [&str; 5] = ["require", "module", "exports", "__dirname", "__filename"];

/// Strips one file. `mapped` asks for the source map, which costs time and is needed only when
/// a place in the file has to be shown.
pub(super) fn strip(
    source: &SourceFile,
    path: &Utf8Path,
    resolver: &Resolver,
    mapped: bool,
) -> Stripped {
    let mut out = Stripped {
        format: Format::Module,
        code: String::new(),
        imports: Vec::new(),
        exports: BTreeSet::new(),
        declared: BTreeSet::new(),
        types: BTreeSet::new(),
        free: Vec::new(),
        problems: Vec::new(),
        map: None,
    };
    if path.extension() == Some("json") {
        json(source, &mut out);
        return out;
    }
    let allocator = Allocator::default();
    let mut program = match parse(&allocator, source.text(), path) {
        Ok(program) => program,
        Err(errors) => {
            out.problems = errors.iter().map(|e| syntax_error(source, e)).collect();
            return out;
        }
    };
    out.types = rewrite::exported(&program);
    let semantic = SemanticBuilder::new_compiler()
        .with_enum_eval(true)
        .with_excess_capacity(2.0)
        .build(&program);
    let errors: Vec<_> = semantic.diagnostics.errors().cloned().collect();
    if !errors.is_empty() {
        out.problems = errors.iter().map(|e| syntax_error(source, e)).collect();
        return out;
    }
    let scoping = semantic.semantic.into_scoping();
    let transformed = Transformer::new(&allocator, path.as_std_path(), &options())
        .build_with_scoping(scoping, &mut program);
    out.problems.extend(
        transformed
            .diagnostics
            .iter()
            .filter(|e| e.severity == Severity::Error)
            .map(|e| syntax_error(source, e)),
    );
    out.free = free_names(&transformed.scoping);
    rewrite::program(&allocator, &mut program, path, resolver, source, &mut out);
    out.exports = rewrite::exported(&program);
    out.declared = rewrite::declared(&program);
    for name in &out.exports {
        out.types.remove(name);
    }
    let is_module = program
        .body
        .iter()
        .any(oxc::ast::ast::Statement::is_module_declaration);
    if !is_module
        && out
            .free
            .iter()
            .any(|name| matches!(*name, "module" | "exports" | "require"))
    {
        out.format = Format::CommonJs;
    }
    let generated = Codegen::new()
        .with_options(CodegenOptions {
            comments: CommentOptions::disabled(),
            source_map_path: mapped.then(|| path.as_std_path().to_owned()),
            ..CodegenOptions::default()
        })
        .build(&program);
    out.code = generated.code;
    out.map = generated.map.map(oxc_sourcemap::SourceMap::into_owned);
    out
}

/// Whether a file is CommonJS: what imports it whole has to know before it is stripped.
pub(super) fn is_commonjs(path: &Utf8Path) -> bool {
    let Ok(text) = fs_err::read_to_string(path) else {
        return false;
    };
    if !text.contains("exports") && !text.contains("require") && !text.contains("export =") {
        return false;
    }
    let allocator = Allocator::default();
    let Ok(program) = parse(&allocator, &text, path) else {
        return false;
    };
    !program
        .body
        .iter()
        .any(|s| s.is_module_declaration() && !s.is_typescript_syntax())
}

/// Parses as what the file's ending says; plain `.js` may be either kind of module.
pub(super) fn parse<'a>(
    allocator: &'a Allocator,
    text: &'a str,
    path: &Utf8Path,
) -> Result<Program<'a>, Vec<OxcDiagnostic>> {
    let kind = SourceType::from_path(path.as_std_path()).unwrap_or_default();
    let kind = if kind.is_typescript() {
        kind.with_module(true)
    } else {
        // Many a `.js` holds JSX.
        kind.with_unambiguous(true).with_jsx(true)
    };
    let parsed = Parser::new(allocator, text, kind)
        .with_options(ParseOptions {
            allow_return_outside_function: kind.is_javascript(),
            preserve_parens: false,
            ..ParseOptions::default()
        })
        .parse();
    let errors: Vec<_> = parsed.diagnostics.errors().cloned().collect();
    if errors.is_empty() && !parsed.panicked {
        Ok(parsed.program)
    } else {
        Err(errors)
    }
}

fn options() -> TransformOptions {
    let mut options = TransformOptions::default();
    // Decorators of entity classes that share a file with tables; see host/globals.js.
    options.decorator.legacy = true;
    options.helper_loader.mode = HelperLoaderMode::External;
    options
}

fn free_names(scoping: &Scoping) -> Vec<&'static str> {
    let unresolved = scoping.root_unresolved_references();
    COMMONJS
        .into_iter()
        .filter(|name| unresolved.keys().any(|key| key.as_str() == *name))
        .collect()
}

fn syntax_error(source: &SourceFile, error: &OxcDiagnostic) -> Diagnostic {
    let message = error.message.trim_end_matches('.');
    let mut diagnostic = Diagnostic::error(
        "syntax-error",
        format!("{} cannot be parsed: {message}", source.path()),
    );
    for label in &error.labels {
        let start = label.offset() as usize;
        let words = label.label().unwrap_or_default();
        diagnostic = diagnostic.at(source, start..start + label.len() as usize, words);
    }
    if let Some(help) = &error.help {
        diagnostic = diagnostic.help(help.to_string());
    }
    diagnostic
}

fn json(source: &SourceFile, out: &mut Stripped) {
    out.format = Format::Json;
    source
        .text()
        .trim_start_matches('\u{feff}')
        .clone_into(&mut out.code);
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&out.code) {
        let offset = source.offset(driftless_diagnostic::Position {
            line: error.line(),
            column: error.column(),
        });
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or(&words);
        out.problems.push(
            Diagnostic::error(
                "syntax-error",
                format!("{} is not valid JSON: {words}", source.path()),
            )
            .at(source, offset..offset, ""),
        );
    }
}
