//! A project in a folder of its own, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Files, and `driftless` run among them with a fixed environment.
pub(crate) struct TestProject {
    root: TempDir,
    env: Vec<(String, String)>,
}

/// What a schema file begins with in most tests.
const IMPORTS: &str = "import { pgTable, pgEnum, pgSchema, serial, integer, text, varchar, \
                       timestamp, index } from 'drizzle-orm/pg-core';\n";

const CONFIG: &str = "export default {
  dialect: 'postgresql',
  schema: './src/schema.ts',
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL! },
};
";

impl TestProject {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        Self {
            root: tempfile::Builder::new()
                .prefix("driftless-test-")
                .tempdir()
                .unwrap(),
            env: Vec::new(),
        }
    }

    /// A config, and a schema file that holds these declarations.
    pub(crate) fn new(schema: &str) -> Self {
        let project = Self::empty();
        project.write("drizzle.config.ts", CONFIG);
        project.schema(schema);
        project
    }

    /// The same with a first migration for it.
    pub(crate) fn generated(schema: &str) -> Self {
        let project = Self::new(schema);
        project.succeeds(&["generate", "--name", "first"]);
        project
    }

    /// Replaces the declarations of the schema file.
    pub(crate) fn schema(&self, declarations: &str) {
        self.write("src/schema.ts", &format!("{IMPORTS}{declarations}\n"));
    }

    /// Sets a variable for every later run.
    #[must_use]
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.root.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.path().join(path)).unwrap()
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.root.path().join(path)).unwrap();
    }

    /// Replaces text that has to be there.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} does not hold {old}");
        self.write(path, &text.replacen(old, new, 1));
    }

    /// Every file below a folder with its text, in order.
    pub(crate) fn files(&self, below: &str) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        let mut folders = vec![self.root.path().join(below)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    files.push((path, text));
                }
            }
        }
        files.sort();
        files
    }

    /// The binary, about to run here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftless"));
        command
            .args(args)
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", std::env::var_os("HOME").unwrap_or_default())
            .env("NO_COLOR", "1")
            // Starting a Postgres in each of hundreds of tests is another matter.
            .env("DRIFTLESS_NO_PROVE", "1")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs it: exit code, stdout and stderr as one text, without what differs from run to run.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        self.told(&self.command(args).output().unwrap())
    }

    /// Runs it with a text on stdin.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> String {
        use std::io::Write;
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        self.told(&child.wait_with_output().unwrap())
    }

    /// Runs what has to work, and gives its stdout.
    pub(crate) fn succeeds(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{}", self.told(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs with `--format json`, and gives the exit code and the object.
    pub(crate) fn json(&self, args: &[&str]) -> (i32, serde_json::Value) {
        let mut args = args.to_vec();
        args.extend(["--format", "json"]);
        let output = self.command(&args).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        let value = serde_json::from_str(&text).expect("one JSON object on stdout");
        (output.status.code().unwrap(), value)
    }

    /// Runs with `--format json` what tells its events: exit code, a line of JSON each.
    pub(crate) fn json_lines(&self, args: &[&str]) -> (i32, Vec<serde_json::Value>) {
        let mut args = args.to_vec();
        args.extend(["--format", "json"]);
        let output = self.command(&args).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        let lines = text.lines();
        let values = lines.map(|line| serde_json::from_str(line).expect("JSON on each line"));
        (output.status.code().unwrap(), values.collect())
    }

    pub(crate) fn told(&self, output: &Output) -> String {
        let code = output
            .status
            .code()
            .map_or("killed".to_owned(), |code| code.to_string());
        let mut text = format!("exit {code}\n");
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                let said = std::str::from_utf8(bytes).expect("output is UTF-8");
                text += &format!("--- {name}\n{}", self.filtered(said));
            }
        }
        text.trim_end().to_owned()
    }

    fn filtered(&self, text: &str) -> String {
        let root = self.root.path().to_str().unwrap();
        let real = std::fs::canonicalize(root).unwrap();
        let text = text.replace(real.to_str().unwrap(), "[DIR]");
        let mut text = text.replace(root, "[DIR]");
        for (pattern, replacement) in [
            (r"\b[0-9a-f]{64}\b", "[SHA256]"),
            (r"\b[0-9a-f]{9,}\.\.\.", "[SHA256]..."),
            (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[UUID]"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "[WHEN]"),
            (r"\d+\.\d\d s\b", "[TIME]"),
            (r"(/dev/shm|/tmp)/(dl|driftless-)[A-Za-z0-9_-]+", "[SOCKET]"),
            (r"/test_\d+", "/[DATABASE]"),
            (r"process \d+", "process [PID]"),
            (r"pid \d+", "pid [PID]"),
            (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
            (r"1[78]\d{11}", "[MILLISECONDS]"),
        ] {
            text = regex::Regex::new(pattern)
                .unwrap()
                .replace_all(&text, replacement)
                .into_owned();
        }
        text
    }
}
