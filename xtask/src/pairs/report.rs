//! The results as a table.

use super::{Verdict, Way};

/// `412 of 420 forth, 410 of 420 back`.
pub(super) fn summary(verdicts: &[Verdict]) -> String {
    let one = |way: Way, word: &str| {
        let of: Vec<_> = verdicts.iter().filter(|v| v.way == way).collect();
        let passed = of.iter().filter(|v| v.outcome.is_ok()).count();
        let percent = match of.len() {
            0 => 100.0,
            all => {
                f64::from(u32::try_from(passed).unwrap_or(0)) * 100.0
                    / f64::from(u32::try_from(all).unwrap_or(1))
            }
        };
        format!("{passed} of {} {word} ({percent:.1} %)", of.len())
    };
    format!(
        "{}, {}",
        one(Way::Forth, "from a to b"),
        one(Way::Back, "from b to a")
    )
}

/// The page.
pub(super) fn text(verdicts: &[Verdict], major: u32, online: bool) -> String {
    let (title, flag) = if online {
        (
            " with statements that let others read and write",
            " --online",
        )
    } else {
        ("", "")
    };
    let mut text = format!(
        "# Pairs of schemas on Postgres {major}{title}\n\n\
         Written by `cargo xtask pairs{flag}`: the start is loaded and read, the plan to the end is run, and\n\
         `pg_dump` of the result (owners, grants and roles included) equals that of the end; planning\n\
         again gives nothing, rows are kept, what did not change was not built anew, and nothing was\n\
         left unmodelled. Passed: {}.\n\n| failing case | way | why |\n|---|---|---|\n",
        summary(verdicts)
    );
    for verdict in verdicts {
        if let Err(why) = &verdict.outcome {
            let way = match verdict.way {
                Way::Forth => "a to b",
                Way::Back => "b to a",
            };
            text += &format!("| {} | {way} | {} |\n", verdict.case, first_words(why));
        }
    }
    text
}

fn first_words(why: &str) -> String {
    let line: String = why
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    let line = line.replace('|', "\\|");
    line.chars().take(240).collect()
}
