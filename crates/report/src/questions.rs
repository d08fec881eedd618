//! Rename questions, and the flags that answer them.

use driftless_catalog::{Id, Question};

use crate::style::{Label, Sheet};

/// The question with everything that may be the answer, the most alike first; ends with a newline.
pub fn question(question: &Question, sheet: Sheet) -> String {
    let mut text = format!(
        "is {} new, or another under a new name?\n",
        sheet.paint(
            Label::Name,
            format!("{} {}", question.noun, question.created.path())
        )
    );
    let rows: Vec<_> = flags(question);
    let width = rows.iter().map(|(flag, _)| flag.chars().count()).max();
    for (flag, meaning) in rows {
        let pad = " ".repeat(width.unwrap_or(0) - flag.chars().count());
        text += &format!("  {}{pad}   {meaning}\n", sheet.paint(Label::Help, flag));
    }
    text
}

/// Every flag that answers the question, quoted for a shell, and what it means.
pub fn flags(question: &Question) -> Vec<(String, String)> {
    let created = question.created.path();
    let mut flags: Vec<_> = question
        .candidates
        .iter()
        .map(|candidate| {
            let flag = format!("--rename {}", quoted(&rename(&candidate.dropped, &created)));
            let meaning = if candidate.evidence.is_empty() {
                format!("it was {}", candidate.dropped.path())
            } else {
                format!(
                    "it was {}: {}",
                    candidate.dropped.path(),
                    candidate.evidence
                )
            };
            (flag, meaning)
        })
        .collect();
    let dropped: Vec<_> = question
        .candidates
        .iter()
        .map(|candidate| candidate.dropped.path())
        .collect();
    let gone = match dropped.as_slice() {
        [one] => format!("it is new, and {one} is dropped"),
        _ => "it is new".to_owned(),
    };
    flags.push((format!("--create {}", quoted(&created)), gone));
    flags
}

fn rename(old: &Id, new: &str) -> String {
    format!("{}={new}", old.path())
}

/// Safe to paste into a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.=/:,@%+".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
