//! `driftless completions`.

use crate::project::TestProject;

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = TestProject::empty().succeeds(&["completions", shell]);
        assert!(script.contains("generate"), "{shell}");
        assert!(!script.contains("__embedded"), "{shell}");
    }
}

#[test]
fn an_unknown_shell_is_a_usage_error() {
    insta::assert_snapshot!(TestProject::empty().run(&["completions", "cmd"]), @r"
    exit 64
    --- stderr
    error: invalid value 'cmd' for '<SHELL>'
      [possible values: bash, elvish, fish, powershell, zsh]

    For more information, try '--help'.
    ");
}
