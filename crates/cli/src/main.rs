#![expect(missing_docs, reason = "scaffold")]
fn main() {}
