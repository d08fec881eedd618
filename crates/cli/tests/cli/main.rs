//! The command line as people meet it: the real binary, whole outputs.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: what is not as expected ends the test, what is skipped is said"
)]

mod browser;
mod git;
mod json_schema;
mod project;
mod server;
mod test_baseline;
mod test_book;
mod test_check;
mod test_completions;
mod test_dev;
mod test_diff;
mod test_drift;
mod test_example;
mod test_exec;
mod test_formats;
mod test_generate;
mod test_granted_roles;
mod test_hazards;
mod test_help;
mod test_init;
mod test_kill;
mod test_lint;
mod test_migrate;
mod test_migrate_refused;
mod test_online;
mod test_ownership;
mod test_page;
mod test_plan;
mod test_pooler;
mod test_prompts;
mod test_pull;
mod test_pull_files;
mod test_push;
mod test_record;
mod test_repair;
mod test_replay;
mod test_reset;
mod test_revert;
mod test_rls;
mod test_rls_database;
mod test_schema_errors;
mod test_session;
mod test_settings;
mod test_sql_files;
mod test_squash;
mod test_status;
mod test_taken_over;

/// A file of tests that nobody lists above would never run.
#[test]
fn every_file_is_a_module() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli");
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap_or(&name);
        assert!(
            module == "main" || main.contains(&format!("mod {module};")),
            "{name} is not listed in main.rs"
        );
    }
}
