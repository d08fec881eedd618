//! What files are called: drizzle-kit's prefixes, a clean slug, no name twice.

use super::words;
use driftless_diagnostic::{Diagnostic, Result};

/// `migrations.prefix` of the config.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Prefix {
    /// `0004`
    #[default]
    Index,
    /// `20261123080500`, UTC
    Timestamp,
    /// The same as `timestamp`.
    Supabase,
    /// Seconds since 1970.
    Unix,
    /// Nothing: `_name.sql`.
    None,
}

/// The names of one migration's files.
pub(super) struct Name {
    pub(super) tag: String,
    pub(super) prefix: String,
    /// File name of the snapshot.
    pub(super) snapshot: String,
}

impl Prefix {
    /// From the config's word; `None` for a word that drizzle-kit does not know.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "index" => Self::Index,
            "timestamp" => Self::Timestamp,
            "supabase" => Self::Supabase,
            "unix" => Self::Unix,
            "none" => Self::None,
            _ => return None,
        })
    }
}

/// The name as it can stand in a file name; two random words when none was given.
///
/// ASCII letters, digits, `-` and `_` only: file systems disagree about the rest, and a tag must
/// find its file on all of them.
pub(super) fn slug(name: Option<&str>) -> Result<String> {
    let Some(name) = name else {
        return Ok(words::pair());
    };
    let mut slug = String::new();
    for c in name.trim().chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            slug.push(c);
        } else if !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(100);
    let slug = slug.trim_matches(['_', '-']);
    if slug.is_empty() {
        return Err(Diagnostic::error(
            "migration-name-empty",
            format!("{name:?} leaves nothing that can stand in a file name"),
        )
        .help("give a name with letters or digits: driftless generate --name add_invoices")
        .into());
    }
    Ok(slug.to_owned())
}

/// The next free name. Snapshots are found by prefix, so no prefix is used twice.
pub(super) fn choose(
    prefix: Prefix,
    slug: &str,
    idx: u64,
    when: i64,
    taken: &[String],
) -> Result<Name> {
    let seconds = when.div_euclid(1000);
    for step in 0.. {
        let number = idx + step;
        let later = seconds.saturating_add_unsigned(step);
        let candidate = match prefix {
            Prefix::Index | Prefix::None => format!("{number:04}"),
            Prefix::Timestamp | Prefix::Supabase => timestamp(later)?,
            Prefix::Unix => later.to_string(),
        };
        if taken.contains(&candidate) {
            continue;
        }
        let tag = match prefix {
            Prefix::None => format!("_{slug}"),
            _ => format!("{candidate}_{slug}"),
        };
        return Ok(Name {
            tag,
            // drizzle-kit passes over snapshots whose name starts with `_`, so that without a
            // prefix it never sees a state; the index keeps the file in sight and in order.
            snapshot: format!("{candidate}_snapshot.json"),
            prefix: candidate,
        });
    }
    unreachable!("some number is free")
}

fn timestamp(seconds: i64) -> Result<String> {
    let time = jiff::Timestamp::from_second(seconds).map_err(|error| {
        Diagnostic::error("clock-unusable", "the time of the migration is not a date")
            .note(error.to_string())
            .help("set the machine's clock, or correct `when` in meta/_journal.json")
    })?;
    Ok(time.strftime("%Y%m%d%H%M%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names() {
        for (name, expected) in [
            ("add_users", "add_users"),
            ("  Add users! ", "Add_users"),
            ("a/../b\\c", "a_b_c"),
            ("v1.2 – größe", "v1_2_gr_e"),
            ("__x--", "x"),
            ("it's; drop", "it_s_drop"),
        ] {
            assert_eq!(slug(Some(name)).unwrap(), expected);
        }
        assert_eq!(slug(Some(&"x".repeat(300))).unwrap().len(), 100);
    }

    #[test]
    fn a_name_without_letters_is_refused() {
        let failure = slug(Some("日本 !")).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "\"日本 !\" leaves nothing that can stand in a file name"
        );
    }

    #[test]
    fn prefixes_follow_drizzle_kit_and_step_over_what_is_taken() {
        let when = 1_700_000_000_999;
        for (prefix, taken, tag, snapshot) in [
            (Prefix::Index, "", "0003_x", "0003_snapshot.json"),
            (Prefix::Index, "0003", "0004_x", "0004_snapshot.json"),
            (
                Prefix::Timestamp,
                "",
                "20231114221320_x",
                "20231114221320_snapshot.json",
            ),
            (
                Prefix::Supabase,
                "20231114221320",
                "20231114221321_x",
                "20231114221321_snapshot.json",
            ),
            (Prefix::Unix, "", "1700000000_x", "1700000000_snapshot.json"),
            (
                Prefix::Unix,
                "1700000000",
                "1700000001_x",
                "1700000001_snapshot.json",
            ),
            (Prefix::None, "", "_x", "0003_snapshot.json"),
        ] {
            let name = choose(prefix, "x", 3, when, &[taken.to_owned()]).unwrap();
            assert_eq!((name.tag.as_str(), name.snapshot.as_str()), (tag, snapshot));
        }
    }
}
