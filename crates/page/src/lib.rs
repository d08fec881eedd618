//! A schema and its history to look at: diagrams in four formats, and a page of one file.
//!
//! [`Diagram`] is what of a catalog is drawn; [`Layout`] says where. [`html`] puts [`Facts`] and the
//! picture into one document, which asks nothing of any network. Nothing here reads or prints.

mod dbml;
mod diagram;
mod dot;
mod facts;
mod html;
mod layout;
mod mermaid;
mod svg;

pub use dbml::dbml;
pub use diagram::{Column, Diagram, Edge, Key, Table};
pub use dot::dot;
pub use facts::{Change, Difference, Facts, Finding, Migration, Pending, Rls, Side, Statement};
pub use html::html;
pub use layout::{Layout, Place};
pub use mermaid::mermaid;
pub use svg::svg;
