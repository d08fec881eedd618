//! What was decided for migrations, for whoever goes the other way.

use std::collections::BTreeSet;

use driftless_catalog::{Decision, Question};
use driftless_migrations::folder::Migration;
use driftless_migrations::record::Decisions;

/// Decisions of reverted migrations, turned around. All names are full paths.
pub(super) struct Backwards {
    /// From the name after the last of them to the one before the first, with the tag of the
    /// migration that gave the name.
    pub(super) renames: Vec<(String, Decision)>,
    /// What is there after the last, and was said to be nothing old under a new name.
    created: BTreeSet<String>,
}

impl Backwards {
    /// What `meta/_driftless.json` remembers of migrations in journal order.
    pub(super) fn of(migrations: &[Migration]) -> Self {
        let remembered = |one: &Migration| {
            let line = one.record.as_ref()?;
            Some((one.tag().to_owned(), line.facts.decisions.clone()))
        };
        let remembered: Vec<_> = migrations.iter().filter_map(remembered).collect();
        Self {
            renames: renames(&remembered),
            created: created(&remembered),
        }
    }

    /// Whether what appears can be none of what disappears, because all of that was new once.
    pub(super) fn decides(&self, question: &Question) -> bool {
        question
            .candidates
            .iter()
            .all(|candidate| self.created.contains(&candidate.dropped.full_path()))
    }
}

fn renames(migrations: &[(String, Decisions)]) -> Vec<(String, Decision)> {
    let mut back: Vec<(&String, String, String)> = Vec::new();
    for (tag, decisions) in migrations.iter().rev() {
        for (old, new) in pairs(decisions).rev() {
            let mut known = false;
            for (_, _, then) in &mut back {
                known |= then == new;
                *then = moved(then, new, old);
            }
            if !known {
                back.push((tag, new.to_owned(), old.to_owned()));
            }
        }
    }
    back.into_iter()
        .map(|(tag, now, then)| (tag.clone(), Decision::Rename(now, then)))
        .collect()
}

fn created(migrations: &[(String, Decisions)]) -> BTreeSet<String> {
    let mut created: BTreeSet<String> = BTreeSet::new();
    for (_, decisions) in migrations {
        for (old, new) in pairs(decisions) {
            created = created.iter().map(|name| moved(name, old, new)).collect();
        }
        created.extend(decisions.creates.iter().cloned());
    }
    created
}

fn pairs(decisions: &Decisions) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    let renames = decisions.renames.iter();
    renames.filter_map(|rename| rename.split_once('='))
}

/// A name after something was renamed: that itself, or what it holds.
fn moved(name: &str, from: &str, to: &str) -> String {
    match name.strip_prefix(from) {
        Some("") => to.to_owned(),
        Some(rest) if rest.starts_with('.') => format!("{to}{rest}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(renames: &[&str], creates: &[&str]) -> (String, Decisions) {
        let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let decisions = Decisions {
            renames: own(renames),
            creates: own(creates),
        };
        (String::new(), decisions)
    }

    #[test]
    fn renames_lead_from_the_last_name_to_the_first() {
        let cases: [(&[&[&str]], &str); 6] = [
            (&[&["p.t.a=p.t.b"]], "p.t.b=p.t.a"),
            // Twice renamed is renamed once.
            (&[&["p.t.a=p.t.b"], &["p.t.b=p.t.c"]], "p.t.c=p.t.a"),
            // The column's name of the end in the table's name of the beginning.
            (&[&["p.t=p.u"], &["p.u.a=p.u.b"]], "p.u.b=p.t.a p.u=p.t"),
            (&[&["p.t.a=p.t.b"], &["p.t=p.u"]], "p.u=p.t p.t.b=p.t.a"),
            (&[&["p.t=p.u", "p.u.a=p.u.b"]], "p.u.b=p.t.a p.u=p.t"),
            // Not within: another table whose name begins alike.
            (&[&["p.t=p.u"], &["p.uu.a=p.uu.b"]], "p.uu.b=p.uu.a p.u=p.t"),
        ];
        for (migrations, expected) in cases {
            let migrations: Vec<_> = migrations.iter().map(|one| decided(one, &[])).collect();
            let found: Vec<_> = renames(&migrations)
                .into_iter()
                .map(|(_, decision)| match decision {
                    Decision::Rename(now, then) => format!("{now}={then}"),
                    Decision::Create(name) => name,
                })
                .collect();
            assert_eq!(found.join(" "), expected);
        }
    }

    #[test]
    fn what_was_new_is_known_by_its_last_name() {
        let migrations = [decided(&[], &["p.t.a"]), decided(&["p.t=p.u"], &["p.v"])];
        let found: Vec<_> = created(&migrations).into_iter().collect();
        assert_eq!(found, ["p.u.a", "p.v"]);
    }
}
