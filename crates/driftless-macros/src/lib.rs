//! The macro of `driftless`, which documents it: `driftless::migrate!`.
//!
//! The folder is read with the code that `driftless migrate` reads it with, so that what is wrong
//! with it is found by the same rules and said in the same words, only earlier.

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::Failure;
use driftless_migrations::folder::Folder;
use driftless_migrations::record;
use driftless_report::Sheet;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr, Result, parse_macro_input};

/// Puts a migrations folder into the program; see `driftless::migrate!`.
#[proc_macro]
pub fn migrate(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let path = parse_macro_input!(input as LitStr);
    expand(&path)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

fn expand(path: &LitStr) -> Result<TokenStream> {
    let shown = path.value();
    let dir = package(path)?.join(&shown);
    let folder = driftless_checks::read_embeddable(&dir, &shown)
        .map_err(|failure| Error::new(path.span(), in_words(&failure)))?;
    Ok(embedded(&folder, &shown))
}

/// Cargo says where the package is that is compiled.
fn package(path: &LitStr) -> Result<Utf8PathBuf> {
    std::env::var("CARGO_MANIFEST_DIR")
        .map(Utf8PathBuf::from)
        .map_err(|error| {
            let message = format!("the package's folder is not known: CARGO_MANIFEST_DIR: {error}");
            Error::new(path.span(), message)
        })
}

/// Texts come in through `include_str!`, so that cargo compiles again when one of them changes.
fn embedded(folder: &Folder, shown: &str) -> TokenStream {
    let text = |inside: &str| {
        let path = folder.dir.join(inside);
        let path = path.as_str();
        quote!(::core::include_str!(#path))
    };
    let journal = text("meta/_journal.json");
    let record_path = Utf8Path::new("meta").join(record::FILE);
    let record = if folder.record.source().text().is_empty() {
        quote!(::core::option::Option::None)
    } else {
        let record = text(record_path.as_str());
        quote!(::core::option::Option::Some(#record))
    };
    let scripts = folder.migrations.iter().map(|migration| {
        let tag = migration.tag();
        let text = text(&format!("{tag}.sql"));
        quote!((#tag, #text))
    });
    quote! {
        ::driftless::Migrator::embedded(&::driftless::Embedded {
            folder: #shown,
            journal: #journal,
            record: #record,
            scripts: &[#(#scripts),*],
        })
    }
}

/// The findings as `driftless check` prints them; the compiler puts its own `error:` in front.
fn in_words(failure: &Failure) -> String {
    let findings = failure
        .diagnostics()
        .iter()
        .map(|found| driftless_report::diagnostic(found, Sheet::PLAIN, 100));
    let text = findings.collect::<Vec<_>>().join("\n\n");
    format!("these migrations cannot be put into a program\n\n{text}")
}
