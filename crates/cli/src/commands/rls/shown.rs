//! The matrix and the proof as text.

use std::collections::BTreeMap;

use driftless_report::{Label, Sheet, count};
use driftless_tenant::probe::{Attack, Attempt, Outcome, Proof};
use driftless_tenant::{COMMANDS, Cell, Matrix, MatrixRow, Sifted, Tenant};

/// Who sees what, a block a role; predicates that say more than whose row it is stand below.
pub(super) fn matrix(matrix: &Matrix, tenant: &Tenant, sheet: Sheet) -> String {
    let mut roles: Vec<&str> = matrix.rows.iter().map(|row| row.role.as_str()).collect();
    roles.dedup();
    let mut text = String::new();
    let mut notes = Notes::default();
    for role in roles {
        let rows: Vec<&MatrixRow> = matrix.rows.iter().filter(|row| row.role == role).collect();
        if let Some(why) = all_alike(&rows) {
            let name = sheet.paint(Label::Name, role);
            text += &format!("{name}: all rows of what it has rights on, {why}\n");
            continue;
        }
        let mut table = vec![head(role)];
        for row in rows {
            let mut line = vec![(row.relation.clone(), Label::Name)];
            line.extend(row.cells.iter().map(|cell| said(cell, row, &mut notes)));
            line.push((row.exempt.clone().unwrap_or_default(), Label::Faint));
            table.push(line);
        }
        text += &aligned(&table, sheet);
    }
    let name = tenant.function.trim_end_matches("()");
    let legend = format!("tenant: {} = {name}()", tenant.column);
    text += &format!("{}\n", sheet.paint(Label::Faint, legend));
    for (at, predicate) in notes.all.iter().enumerate() {
        text += &format!(
            "{}\n",
            sheet.paint(Label::Faint, format!("[{}] {predicate}", at + 1))
        );
    }
    text + "\n"
}

/// Predicates that are told below.
#[derive(Default)]
struct Notes {
    all: Vec<String>,
}

impl Notes {
    fn number(&mut self, using: Option<&String>, check: Option<&String>) -> usize {
        let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = match (using.map(one_line), check.map(one_line)) {
            (Some(using), Some(check)) if using == check => using,
            (Some(using), Some(check)) => format!("{using}, written {check}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => String::new(),
        };
        if let Some(at) = self.all.iter().position(|known| *known == text) {
            return at + 1;
        }
        self.all.push(text);
        self.all.len()
    }
}

type Text = (String, Label);

fn head(role: &str) -> Vec<Text> {
    let commands = COMMANDS.map(|command| (command.to_lowercase(), Label::Faint));
    let mut head = vec![(role.to_owned(), Label::Faint)];
    head.extend(commands);
    head.push((String::new(), Label::Faint));
    head
}

/// Why nothing limits a role, where nothing does anywhere.
fn all_alike(rows: &[&MatrixRow]) -> Option<&'static str> {
    let mut whys = rows
        .iter()
        .filter(|row| row.tenant && row.kind == "table")
        .flat_map(|row| &row.cells)
        .filter(|cell| **cell != Cell::NoRight)
        .map(|cell| match cell {
            Cell::AllRows { why } => Some(*why),
            _ => None,
        });
    let first = whys.next()??;
    whys.all(|why| why == Some(first)).then_some(first)
}

fn said(cell: &Cell, row: &MatrixRow, notes: &mut Notes) -> Text {
    match cell {
        Cell::NoRight => ("-".to_owned(), Label::Faint),
        Cell::NoRows => ("no rows".to_owned(), Label::Warning),
        Cell::AllRows { .. } if row.exempt.is_some() => ("all rows".to_owned(), Label::Faint),
        Cell::AllRows { .. } => ("all rows".to_owned(), Label::Error),
        Cell::Tenant { more: false, .. } => ("tenant".to_owned(), Label::Good),
        Cell::Tenant { using, check, .. } => {
            let number = notes.number(using.as_ref(), check.as_ref());
            (format!("tenant [{number}]"), Label::Good)
        }
        Cell::Other { using, check } => {
            let number = notes.number(using.as_ref(), check.as_ref());
            (format!("[{number}]"), Label::Warning)
        }
        Cell::AsInvoker => ("invoker's".to_owned(), Label::Good),
        Cell::AsOwner => ("owner's".to_owned(), Label::Error),
    }
}

/// What was tried, a line a table; what else was tried below.
pub(super) fn proof(proof: &Proof, sheet: Sheet) -> String {
    const COLUMNS: [(Attack, &str); 8] = [
        (Attack::Select, "read"),
        (Attack::Unset, "unset"),
        (Attack::Insert, "insert"),
        (Attack::Update, "update"),
        (Attack::Delete, "delete"),
        (Attack::Move, "move"),
        (Attack::Truncate, "truncate"),
        (Attack::Plan, "plan"),
    ];
    let mut text = String::new();
    if let Some(set) = &proof.set {
        text += &format!("tried with {set}\n");
    }
    let mut roles: Vec<&str> = proof.attempts.iter().map(|one| one.role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    for role in roles {
        let of_role: Vec<&Attempt> = proof
            .attempts
            .iter()
            .filter(|one| one.role == role)
            .collect();
        let mut tables: BTreeMap<&str, BTreeMap<Attack, Outcome>> = BTreeMap::new();
        let mut others: Vec<&Attempt> = Vec::new();
        for one in &of_role {
            if COLUMNS.iter().any(|(attack, _)| *attack == one.attack) {
                let known = tables.entry(&one.object).or_default();
                let worst = known.entry(one.attack).or_insert(one.outcome);
                if rank(one.outcome) > rank(*worst) {
                    *worst = one.outcome;
                }
            } else {
                others.push(one);
            }
        }
        // The function stands alone, and is asked before there is a table.
        tables.retain(|_, tried| tried.contains_key(&Attack::Select));
        let mut head = vec![(role.to_owned(), Label::Faint)];
        head.extend(COLUMNS.map(|(_, word)| (word.to_owned(), Label::Faint)));
        let mut lines = vec![head];
        for (table, tried) in &tables {
            let mut line = vec![((*table).to_owned(), Label::Name)];
            line.extend(COLUMNS.map(|(attack, _)| mark(tried.get(&attack).copied())));
            lines.push(line);
        }
        text += &aligned(&lines, sheet);
        text += &tally(&others, sheet);
    }
    text
}

/// `keys: 31 ok`, and by name what is not.
fn tally(others: &[&Attempt], sheet: Sheet) -> String {
    const GROUPS: [(&str, &[Attack]); 5] = [
        ("foreign key", &[Attack::ForeignKey]),
        ("unique key", &[Attack::Unique]),
        ("view", &[Attack::View, Attack::MaterializedView]),
        ("function", &[Attack::Function]),
        ("other role", &[Attack::Become]),
    ];
    let mut text = String::new();
    for (noun, attacks) in GROUPS {
        let of = others.iter().filter(|one| attacks.contains(&one.attack));
        let of: Vec<_> = of.collect();
        if of.is_empty() {
            continue;
        }
        let held = of
            .iter()
            .filter(|one| one.outcome == Outcome::Holds)
            .count();
        let mut parts = Vec::new();
        if held > 0 {
            let said = if noun == "other role" {
                "no other role to become".to_owned()
            } else {
                format!("{} ok", count(held, noun))
            };
            parts.push(sheet.paint(Label::Good, said));
        }
        for one in of.iter().filter(|one| one.outcome != Outcome::Holds) {
            let (word, label) = mark(Some(one.outcome));
            parts.push(format!("{} {}", one.object, sheet.paint(label, word)));
        }
        text += &format!("{}\n", parts.join(", "));
    }
    text
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NoRight => 0,
        Outcome::Holds => 1,
        Outcome::Slow => 2,
        Outcome::NotProven => 3,
        Outcome::Leaks => 4,
    }
}

fn mark(outcome: Option<Outcome>) -> Text {
    let (word, label) = match outcome {
        Some(Outcome::Holds) => ("ok", Label::Good),
        Some(Outcome::Leaks) => ("leaks", Label::Error),
        Some(Outcome::NotProven) => ("not proven", Label::Error),
        Some(Outcome::Slow) => ("ok, scans", Label::Warning),
        Some(Outcome::NoRight) | None => ("-", Label::Faint),
    };
    (word.to_owned(), label)
}

/// What driftless.toml accepts, with its reason.
pub(super) fn accepted(sifted: &Sifted, tenant: &Tenant, sheet: Sheet) -> String {
    let mut text = String::new();
    for (finding, at) in &sifted.accepted {
        let reason = &tenant.accepted[*at].reason;
        let line = format!(
            "accepted: {} {}, {reason}",
            finding.diagnostic.code, finding.object
        );
        text += &format!("{}\n", sheet.paint(Label::Faint, line));
    }
    text
}

/// Cells in columns as wide as what is in them; nothing hangs over at the end of a line.
fn aligned(lines: &[Vec<Text>], sheet: Sheet) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.get(at));
        cells
            .map(|(text, _)| text.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        // The first line is the head; what belongs to it stands further in.
        let indent = if number == 0 { "" } else { "  " };
        let mut text = indent.to_owned();
        let last = line
            .iter()
            .rposition(|(text, _)| !text.is_empty())
            .unwrap_or_default();
        for (at, (cell, label)) in line.iter().enumerate().take(last + 1) {
            text += &sheet.paint(*label, cell);
            if at < last {
                let more = if at == 0 && number == 0 { 2 } else { 0 };
                text += &" ".repeat(widths[at] - cell.chars().count() + 2 + more);
            }
        }
        out += &format!("{text}\n");
    }
    out
}
