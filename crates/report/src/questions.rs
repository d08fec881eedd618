//! Rename questions, and the flags that answer them.

use driftless_catalog::{Id, Question};

/// The flags that answer the question with what they mean, one a line, the most alike first.
pub fn choices(question: &Question) -> String {
    let rows = flags(question);
    let width = rows.iter().map(|(flag, _)| flag.chars().count()).max();
    let lines: Vec<_> = rows
        .iter()
        .map(|(flag, meaning)| {
            let pad = " ".repeat(width.unwrap_or(0) - flag.chars().count());
            format!("  {flag}{pad}   {meaning}")
        })
        .collect();
    lines.join("\n")
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

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::{Candidate, Tag};

    fn column(name: &str) -> Id {
        Id::in_parent(Tag::Column, "public", "users", name)
    }

    fn question(dropped: &[&str]) -> Question {
        Question {
            noun: "column",
            created: column("full name"),
            candidates: dropped
                .iter()
                .map(|name| Candidate {
                    dropped: column(name),
                    likeness: 0.5,
                    evidence: "same definition".to_owned(),
                })
                .collect(),
        }
    }

    #[test]
    fn every_answer_can_be_pasted_into_a_shell() {
        insta::assert_snapshot!(choices(&question(&["name", "it's"])), @r"
        --rename 'users.name=users.full name'      it was users.name: same definition
        --rename 'users.it'\''s=users.full name'   it was users.it's: same definition
        --create 'users.full name'                 it is new
        ");
    }

    #[test]
    fn a_new_object_says_what_is_dropped_for_it() {
        assert!(choices(&question(&["name"])).ends_with("it is new, and users.name is dropped"));
    }
}
