//! Help, versions, wrong command lines, and the reference made from them.

use std::io::Read;
use std::process::Stdio;

use crate::project::TestProject;

const COMMANDS: [&str; 29] = [
    "init",
    "dev",
    "generate",
    "revert",
    "migrate",
    "plan",
    "baseline",
    "status",
    "repair",
    "check",
    "rebase",
    "squash",
    "lint",
    "explain",
    "rls",
    "record",
    "exec",
    "seed",
    "reset",
    "push",
    "diff",
    "pull",
    "snapshot",
    "erd",
    "report",
    "studio",
    "scratch",
    "completions",
    "man",
];

fn help(args: &[&str]) -> String {
    TestProject::empty().succeeds(args)
}

/// Writes `docs/cli.md` and fails when that changed it.
#[test]
fn the_reference_is_up_to_date() {
    let mut text = "# Command line\n\nThis file is written by a test from the help texts.\n\n\
                    ```text\n"
        .to_owned();
    text += help(&["--help"]).trim_end();
    text += "\n```\n";
    for command in COMMANDS {
        let help = help(&[command, "--help"]);
        assert!(help.contains("Examples:"), "{command} has no examples");
        assert!(help.contains("Exit codes:"), "{command} has no exit codes");
        text += &format!(
            "\n## driftless {command}\n\n```text\n{}\n```\n",
            help.trim_end()
        );
    }
    let text: String = text
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md");
    let before = std::fs::read_to_string(file).unwrap_or_default();
    if before != text {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs")).unwrap();
        std::fs::write(file, text).unwrap();
        panic!("docs/cli.md was out of date and has been written again: look at it, commit it");
    }
}

#[test]
fn every_command_is_in_the_reference() {
    let overview = help(&["-h"]);
    let (_, list) = overview.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let listed: Vec<_> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(listed, COMMANDS);
}

#[test]
fn a_wrong_command_line_exits_with_64() {
    for args in [
        &[][..],
        &["frobnicate"],
        &["generate", "--frobnicate"],
        &["generate", "--rename", "a"],
        &["generate", "--allow", "everything"],
        &["generate", "--custom", "--check"],
        &["revert", "--count", "0"],
        &["revert", "--count", "1", "--to", "0000_first"],
        &["migrate", "--lock-timeout", "5"],
        &["migrate", "--embedded", "--database-url", "postgres://x"],
        &["exec"],
        &["check", "--format", "xml"],
    ] {
        let code = TestProject::empty().command(args).status().unwrap().code();
        assert_eq!(code, Some(64), "{args:?}");
    }
}

#[test]
fn a_wrong_flag_value_says_what_is_right() {
    let project = TestProject::empty();
    insta::assert_snapshot!(project.run(&["generate", "--rename", "a"]), @r"
    exit 64
    --- stderr
    error: invalid value 'a' for '--rename <OLD=NEW>': write OLD=NEW, for example users.fullname=users.full_name

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(project.run(&["migrate", "--lock-timeout", "5"]), @r"
    exit 64
    --- stderr
    error: invalid value '5' for '--lock-timeout <TIME>': write 500ms, 5s, 2min or off

    For more information, try '--help'.
    ");
}

#[test]
fn help_and_version_exit_with_0() {
    for args in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["generate", "-h"],
    ] {
        let code = TestProject::empty().command(args).status().unwrap().code();
        assert_eq!(code, Some(0), "{args:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_reason_to_complain() {
    let project = TestProject::new("export const a = pgTable('a', { id: serial() });");
    for args in [
        &["generate", "--dry-run"][..],
        &["--help"],
        &["completions", "bash"],
    ] {
        let mut child = project
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(!said.contains("panic"), "{args:?}: {said}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}: {said}");
    }
}
