//! Two texts as sets of statements.

/// What stands in one dump alone, as lines marked `-` (first) and `+` (second); nothing when equal.
pub fn difference(first: &[String], second: &[String]) -> Option<String> {
    let only = |a: &[String], b: &[String], mark: &str| {
        a.iter()
            .filter(|statement| !b.contains(statement))
            .fold(String::new(), |text, statement| {
                text + mark + " " + statement + "\n"
            })
    };
    let text = only(first, second, "-") + &only(second, first, "+");
    (!text.is_empty()).then_some(text)
}

/// A `pg_dump` as sorted statements without comments. Lines inside a CREATE TABLE are sorted, as
/// an added column stands last in one database and in its place in the other, and those of a type
/// that a table is of; so are storage parameters, which Postgres keeps in the order in which they were set.
pub(super) fn statements(dump: &str) -> Vec<String> {
    let text: String = dump
        .lines()
        .filter(|line| {
            !line.starts_with("--") && !line.starts_with('\\') && !line.trim().is_empty()
        })
        .fold(String::new(), |text, line| text + line + "\n");
    let mut statements: Vec<String> = text
        .split(";\n")
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .map(in_any_order)
        .collect();
    in_the_order_of_their_tables(&mut statements);
    statements.sort();
    statements
}

/// Sorts the attributes of types that tables are of: they are columns.
fn in_the_order_of_their_tables(statements: &mut [String]) {
    let of = |statement: &String| {
        let first = statement.lines().next()?.trim_end_matches(" (");
        let (table, of) = first.split_once(" OF ")?;
        table.starts_with("CREATE TABLE ").then(|| of.to_owned())
    };
    let types: Vec<String> = statements.iter().filter_map(of).collect();
    for one in statements {
        let head = one.split_once(" AS (").map(|(head, _)| head.to_owned());
        let name = head
            .as_deref()
            .and_then(|head| head.strip_prefix("CREATE TYPE "));
        if name.is_some_and(|name| types.iter().any(|of| of == name)) {
            *one = lines_in_any_order(one);
        }
    }
}

fn in_any_order(statement: &str) -> String {
    let statement = &roles_in_any_order(&with_in_any_order(statement));
    let statement = &published_in_any_order(statement);
    if !["CREATE TABLE", "CREATE UNLOGGED TABLE"]
        .iter()
        .any(|words| statement.starts_with(words))
    {
        return statement.to_owned();
    }
    lines_in_any_order(statement)
}

/// Lines but the first and the last, sorted.
fn lines_in_any_order(statement: &str) -> String {
    let lines: Vec<&str> = statement.lines().collect();
    let [head, body @ .., tail] = &lines[..] else {
        return statement.to_owned();
    };
    let mut body: Vec<&str> = body.iter().map(|line| line.trim_end_matches(',')).collect();
    body.sort_unstable();
    format!("{head}\n{}\n{tail}", body.join("\n"))
}

/// The columns of a published table sorted: they come in the order of the table.
fn published_in_any_order(statement: &str) -> String {
    let published = statement.starts_with("ALTER PUBLICATION ");
    let list = published.then(|| statement.split_once(" ADD TABLE ONLY "));
    let Some((name, list)) = list.flatten() else {
        return statement.to_owned();
    };
    let Some((table, rest)) = list.split_once(" (") else {
        return statement.to_owned();
    };
    let Some((columns, rest)) = rest.split_once(')') else {
        return statement.to_owned();
    };
    let before = format!("{name} ADD TABLE ONLY {table}");
    let mut columns: Vec<&str> = columns.split(", ").collect();
    columns.sort_unstable();
    format!("{before} ({}){rest}", columns.join(", "))
}

/// The roles of a policy sorted: they come in the order of the rows of `pg_authid`.
fn roles_in_any_order(statement: &str) -> String {
    let Some((before, rest)) = statement
        .starts_with("CREATE POLICY")
        .then(|| statement.split_once(" TO "))
        .flatten()
    else {
        return statement.to_owned();
    };
    let end = [" USING (", " WITH CHECK ("]
        .iter()
        .filter_map(|word| rest.find(word))
        .min()
        .unwrap_or(rest.len());
    let mut roles: Vec<&str> = rest[..end].split(", ").collect();
    roles.sort_unstable();
    format!("{before} TO {}{}", roles.join(", "), &rest[end..])
}

/// `WITH (b='2', a='1')` with its parameters sorted.
fn with_in_any_order(statement: &str) -> String {
    let Some((before, rest)) = statement.rsplit_once("WITH (") else {
        return statement.to_owned();
    };
    let Some((parameters, after)) = rest.split_once(')') else {
        return statement.to_owned();
    };
    let mut parameters: Vec<&str> = parameters.split(", ").collect();
    parameters.sort_unstable();
    format!("{before}WITH ({}){after}", parameters.join(", "))
}
