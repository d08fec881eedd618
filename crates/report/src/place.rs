//! Paths as the repository has them.

/// A path of the project from the top of its repository; `..` steps are taken.
pub(crate) fn in_repository(prefix: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in prefix.split('/').chain(path.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_begin_at_the_top() {
        for (prefix, path, expected) in [
            ("", "drizzle/a.sql", "drizzle/a.sql"),
            ("apps/api/", "drizzle/a.sql", "apps/api/drizzle/a.sql"),
            ("apps/api/", "../../db/./a.sql", "db/a.sql"),
            ("", "../a.sql", "../a.sql"),
            ("apps/api/", "/tmp/a.sql", "/tmp/a.sql"),
        ] {
            assert_eq!(super::in_repository(prefix, path), expected);
        }
    }
}
