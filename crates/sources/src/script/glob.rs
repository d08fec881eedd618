//! File patterns: `schema` globs as drizzle-kit expands them, and the `workspaces` of a monorepo.

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobMatcher};
use std::cmp::Ordering;

/// How far `**` goes down; a schema lies nearer than this, a cycle of links does not end.
const DEPTH: usize = 24;

/// Files and folders that a pattern matches, in the order in which drizzle-kit sees them.
///
/// `base` is where a relative pattern starts. A pattern without wildcards matches itself if it
/// exists. Wildcards never match names that start with a dot, nor anything in `node_modules`.
pub(crate) fn expand(base: &Utf8Path, pattern: &str) -> Vec<Utf8PathBuf> {
    let itself = base.join(pattern);
    if itself.exists() {
        // Also where its name looks like a pattern, as in `app/[locale]/schema.ts`.
        return vec![itself];
    }
    let mut found = Vec::new();
    for pattern in braces(&pattern.replace('\\', "/")) {
        let (start, rest) = match pattern.strip_prefix('/') {
            Some(rest) => (Utf8PathBuf::from("/"), rest.to_owned()),
            None => (base.to_owned(), pattern),
        };
        let segments: Vec<&str> = rest
            .split('/')
            .filter(|s| !s.is_empty() && *s != ".")
            .collect();
        walk(&start, &segments, 0, &mut found);
    }
    found.sort_by(|a, b| locale_order(a.as_str(), b.as_str()));
    found.dedup();
    found
}

/// Whether a pattern can match anything but itself.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
}

fn walk(dir: &Utf8Path, segments: &[&str], depth: usize, found: &mut Vec<Utf8PathBuf>) {
    let Some((first, rest)) = segments.split_first() else {
        if dir.exists() {
            found.push(dir.to_owned());
        }
        return;
    };
    if depth > DEPTH {
        return;
    }
    if *first == "**" {
        walk(dir, rest, depth, found);
        for (name, is_dir) in entries(dir) {
            if is_dir && !name.starts_with('.') && name != "node_modules" {
                walk(&dir.join(name), segments, depth + 1, found);
            }
        }
        return;
    }
    if !is_pattern(first) {
        let next = if *first == ".." {
            dir.parent()
                .map_or_else(|| dir.join(".."), Utf8Path::to_owned)
        } else {
            dir.join(first)
        };
        walk(&next, rest, depth, found);
        return;
    }
    let Some(matcher) = segment(first) else {
        return;
    };
    for (name, is_dir) in entries(dir) {
        let hidden = name.starts_with('.') && !first.starts_with('.');
        if hidden || name == "node_modules" || !matcher.is_match(&name) {
            continue;
        }
        if rest.is_empty() {
            found.push(dir.join(name));
        } else if is_dir {
            walk(&dir.join(name), rest, depth + 1, found);
        }
    }
}

fn segment(pattern: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .ok()
        .map(|glob| glob.compile_matcher())
}

fn entries(dir: &Utf8Path) -> Vec<(String, bool)> {
    let Ok(entries) = dir.read_dir_utf8() else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_owned(), entry.path().is_dir()))
        .collect()
}

/// `a/{b,c/d}.ts` as `a/b.ts` and `a/c/d.ts`: alternatives may hold slashes.
fn braces(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else {
        return vec![pattern.to_owned()];
    };
    let mut depth = 0;
    let mut cuts = vec![open];
    let mut close = None;
    for (at, c) in pattern[open..].char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 1 => cuts.push(open + at),
            '}' => {
                depth -= 1;
                if depth == 0 {
                    close = Some(open + at);
                    break;
                }
            }
            _ => {}
        }
    }
    let Some(close) = close else {
        return vec![pattern.to_owned()];
    };
    cuts.push(close);
    cuts.windows(2)
        .flat_map(|cut| {
            let alternative = &pattern[cut[0] + 1..cut[1]];
            braces(&format!(
                "{}{alternative}{}",
                &pattern[..open],
                &pattern[close + 1..]
            ))
        })
        .collect()
}

/// The order of `a.localeCompare(b, "en")`, by which drizzle-kit sorts: it decides which of two
/// files comes first, and so the order of tables in a snapshot.
pub(crate) fn locale_order(a: &str, b: &str) -> Ordering {
    const PUNCTUATION: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    let rank = |c: char| -> (usize, char) {
        if let Some(at) = PUNCTUATION.find(c) {
            (at, '\0')
        } else if c.is_ascii_digit() {
            (100, c)
        } else {
            (101, c.to_lowercase().next().unwrap_or(c))
        }
    };
    a.chars()
        .map(rank)
        .cmp(b.chars().map(rank))
        .then_with(|| b.cmp(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_become_patterns() {
        for (pattern, expected) in [
            ("a.ts", vec!["a.ts"]),
            ("{a,b/c}.ts", vec!["a.ts", "b/c.ts"]),
            ("x/{a,{b,c}}/*.ts", vec!["x/a/*.ts", "x/b/*.ts", "x/c/*.ts"]),
            ("open{a,b", vec!["open{a,b"]),
        ] {
            assert_eq!(braces(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn files_sort_as_javascript_sorts_them() {
        let mut names = vec![
            "b.ts", "B.ts", "a1.ts", "a_b.ts", "a-b.ts", "a.ts", "aa.ts", "A.ts",
        ];
        names.sort_by(|a, b| locale_order(a, b));
        assert_eq!(
            names,
            [
                "a_b.ts", "a-b.ts", "a.ts", "A.ts", "a1.ts", "aa.ts", "b.ts", "B.ts"
            ]
        );
    }
}
