//! The results as a page.

use super::{Good, Verdict};

/// `1,500 of 1,504 databases`.
pub(super) fn summary(verdicts: &[Verdict]) -> String {
    let good: Vec<&Good> = verdicts
        .iter()
        .filter_map(|verdict| verdict.outcome.as_ref().ok())
        .collect();
    let in_sql: usize = good.iter().map(|one| one.in_sql).sum();
    let all: usize = good.iter().map(|one| one.all).sum();
    let without = good.iter().filter(|one| one.in_sql == 0).count();
    format!(
        "{} of {} databases; {without} of them need no SQL file; of the {all} statements that make them \
         {in_sql} are in SQL files",
        good.len(),
        verdicts.len()
    )
}

/// The page.
pub(super) fn text(verdicts: &[Verdict], major: u32) -> String {
    let mut text = format!(
        "# Databases pulled, on Postgres {major}\n\n\
         Written by `cargo xtask pull`: each database is loaded and read, the `schema.ts` and the SQL files\n\
         that `driftless pull` would write are evaluated and loaded into an empty database, and neither the\n\
         catalog nor `pg_dump` (owners, grants and roles included) tells the two apart.\n\n\
         Passed: {}.\n\n| failing database | why |\n|---|---|\n",
        summary(verdicts)
    );
    for verdict in verdicts {
        if let Err(why) = &verdict.outcome {
            text += &format!("| {} | {} |\n", verdict.name, first_words(why));
        }
    }
    text += "\n## Every database\n\n\
             The statements that make it, how many of them are in SQL files, and what went there because\n\
             the first sources did not come to the same.\n\n\
             | database | statements | in SQL | moved |\n|---|---|---|---|\n";
    for verdict in verdicts {
        if let Ok(good) = &verdict.outcome {
            text += &format!(
                "| {} | {} | {} | {} |\n",
                verdict.name,
                good.all,
                good.in_sql,
                good.moved.join(", ")
            );
        }
    }
    text
}

fn first_words(why: &str) -> String {
    let lines: Vec<_> = why
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(3)
        .collect();
    let line = lines.join(" ").replace('|', "\\|");
    line.chars().take(240).collect()
}
