//! Questions on a terminal, answered by keys; `script` from util-linux makes the terminal.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::project::TestProject;

const DOWN: &str = "\u{1b}[B";
const ENTER: &str = "\r";

const USERS: &str = "export const users = pgTable('users', { id: serial(), name: text() });";

/// Runs `driftless` on a terminal, and gives exit code and screen; nothing without `script`. Each
/// key is pressed once the screen shows the text before it.
fn on_a_terminal(
    project: &TestProject,
    args: &str,
    keys: &[(&str, &str)],
) -> Option<(i32, String)> {
    let binary = env!("CARGO_BIN_EXE_driftless");
    let child = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("'{binary}' {args}"))
        .arg("/dev/null")
        .current_dir(project.path())
        .env("NO_COLOR", "1")
        .env("DRIFTLESS_NO_PROVE", "1")
        .env("TERM", "xterm")
        .env_remove("DATABASE_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: `script` is not on this machine");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (mut screen, mut chunk) = (String::new(), [0; 4096]);
    let mut keys = keys.iter().peekable();
    let mut seen = 0;
    // The end of what it writes is the end of the program.
    while let Ok(length @ 1..) = stdout.read(&mut chunk) {
        screen += &String::from_utf8_lossy(&chunk[..length]);
        while let Some((_, key)) = keys.next_if(|(text, _)| screen[seen..].contains(text)) {
            seen = screen.len();
            stdin.write_all(key.as_bytes()).unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(
        keys.peek().is_none(),
        "not every key was asked for: {screen}"
    );
    Some((status.code().unwrap(), screen))
}

#[test]
fn a_rename_is_chosen_from_a_list() {
    let project = TestProject::generated(USERS);
    project.schema(&USERS.replace("name:", "title:"));
    let keys = [("it is new", DOWN), ("> it was users.name", ENTER)];
    let Some((code, screen)) = on_a_terminal(&project, "generate --name r", &keys) else {
        return;
    };
    assert!(screen.contains("The new column users.title:"), "{screen}");
    assert!(
        screen.contains("it was users.name: same definition"),
        "{screen}"
    );
    assert!(
        screen.contains("it is new, and users.name is dropped"),
        "{screen}"
    );
    assert_eq!(code, 0, "{screen}");
    let sql = project.read("drizzle/0001_r.sql");
    assert_eq!(
        sql,
        r#"ALTER TABLE "users" RENAME COLUMN "name" TO "title";"#
    );
}

#[test]
fn enter_alone_chooses_nothing() {
    let project = TestProject::generated(USERS);
    project.schema(&USERS.replace("name:", "title:"));
    let before = project.files("drizzle");
    // Each key draws the list again.
    let keys = [("it is new", ENTER), ("it is new", "\u{3}")];
    let Some((code, screen)) = on_a_terminal(&project, "generate", &keys) else {
        return;
    };
    assert_eq!(code, 130, "{screen}");
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn a_hazard_is_allowed_with_yes() {
    let project = TestProject::generated(USERS);
    project.schema("export const users = pgTable('users', { id: serial() });");
    let before = project.files("drizzle");
    let Some((code, screen)) = on_a_terminal(&project, "generate --name d", &[("[y/n]", "n")])
    else {
        return;
    };
    assert!(
        screen.contains("column users.name and its values are dropped"),
        "{screen}"
    );
    assert!(
        screen.contains("Write it all the same (drop-column)?"),
        "{screen}"
    );
    assert_eq!(code, 2, "{screen}");
    assert_eq!(project.files("drizzle"), before);
    let (code, screen) = on_a_terminal(&project, "generate --name d", &[("[y/n]", "y")]).unwrap();
    assert_eq!(code, 0, "{screen}");
    assert!(project.read("drizzle/0001_d.sql").contains("DROP COLUMN"));
}
