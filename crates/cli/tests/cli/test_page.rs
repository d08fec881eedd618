//! `driftless erd`, `report` and `studio`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use insta::assert_snapshot;

use crate::browser::{Browser, request};
use crate::project::TestProject;
use crate::server::TestDatabase;

const BLOG: &str = r#"export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
  invitedBy: integer('invited by').references(() => users.id),
});
export const app = pgSchema('my-app');
export const odd = app.table('posts "x"', {
  id: integer().primaryKey().references(() => users.id, { onDelete: 'cascade' }),
  title: varchar({ length: 20 }).notNull().default('a & <b>'),
});"#;

#[test]
fn a_diagram_in_every_format() {
    let project = TestProject::new(BLOG);
    for format in ["mermaid", "dot", "dbml"] {
        let said = project.run(&["erd", "--format", format]);
        match format {
            "mermaid" => assert_snapshot!(said, @r#"
            exit 0
            --- stdout
            erDiagram
              t0["my-app.posts 'x'"] {
                integer id PK,FK
                varchar_20_ title
              }
              t1["users"] {
                serial id PK
                text name
                integer invited_by FK "invited by"
              }
              t1 ||--o| t0 : "id"
              t1 |o--o{ t1 : "invited by"
            "#),
            "dot" => assert_snapshot!(said, @r#"
            exit 0
            --- stdout
            digraph schema {
              rankdir=RL;
              node [shape=plain, fontname="Helvetica"];
              edge [arrowhead=none, arrowtail=crow, dir=back];
              t0 [label=<<table border="0" cellborder="1" cellspacing="0"><tr><td colspan="2"><b>my-app.posts &quot;x&quot;</b></td></tr><tr><td align="left" port="c0"><u>id</u></td><td align="left">integer</td></tr><tr><td align="left" port="c1">title</td><td align="left">varchar(20)</td></tr></table>>];
              t1 [label=<<table border="0" cellborder="1" cellspacing="0"><tr><td colspan="2"><b>users</b></td></tr><tr><td align="left" port="c0"><u>id</u></td><td align="left">serial</td></tr><tr><td align="left" port="c1">name</td><td align="left">text</td></tr><tr><td align="left" port="c2">invited by</td><td align="left">integer</td></tr></table>>];
              t1:c0 -> t0:c0;
              t1:c0 -> t1:c2 [style=dashed];
            }
            "#),
            _ => assert_snapshot!(said, @r#"
            exit 0
            --- stdout
            Table "my-app"."posts 'x'" {
              "id" "integer" [pk, not null]
              "title" "varchar(20)" [not null, default: `'a & <b>'`]
            }

            Table "users" {
              "id" "serial" [pk, not null]
              "name" "text" [not null]
              "invited by" "integer"
            }

            Ref: "my-app"."posts 'x'"."id" - "users"."id" [delete: cascade]
            Ref: "users"."invited by" > "users"."id"
            "#),
        }
    }
    assert_snapshot!(project.run(&["erd", "--output", "schema.svg"]), @r"
    exit 0
    --- stdout
    wrote schema.svg: 2 tables
    ");
    let svg = project.read("schema.svg");
    assert!(svg.contains("my-app.posts &quot;x&quot;"), "{svg}");
    assert_snapshot!(project.run(&["erd", "--only", "nowhere"]), @r"
    exit 1
    --- stderr
    error[unknown-table]: there is no table `nowhere` to draw
     |
     = help: write it as in the schema; outside of `public` with its schema: billing.plans
    ");
    assert_snapshot!(project.run(&["check", "--format", "dbml"]), @r"
    exit 64
    --- stderr
    error[format-of-another]: the format `dbml` is one of `driftless erd`
     |
     = help: choose human, concise, json, sarif, github or junit
    ");
}

#[test]
fn a_comment_for_a_pull_request() {
    let project = TestProject::generated(
        "export const users = pgTable('users', { id: serial().primaryKey() });",
    );
    let git = |args: &[&str]| {
        let done = std::process::Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b"])
            .args(args)
            .current_dir(project.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    git(&["checkout", "-q", "-b", "topic"]);
    let report = ["report", "--format", "markdown", "--base", "main"];
    assert_snapshot!(project.run(&report), @r"
    exit 0
    --- stdout
    ### Driftless

    No migration is added, and nothing changes in the database.
    ");
    project.schema(
        "export const users = pgTable('users', { id: serial().primaryKey() });
         export const posts = pgTable('posts', { id: serial().primaryKey(), userId: integer().notNull().references(() => users.id) });",
    );
    project.succeeds(&["generate", "--name", "posts"]);
    assert_snapshot!(project.run(&report), @r#"
    exit 0
    --- stdout
    ### Driftless: 1 new migration

    ```diff
    +  table posts
    +    foreign key posts_userId_users_id_fk
    ```


    The linter has nothing to object to.

    <details><summary><code>0001_posts</code></summary>

    ```sql
    CREATE TABLE "posts" (
    	"id" serial NOT NULL PRIMARY KEY,
    	"userId" integer NOT NULL
    );--> statement-breakpoint
    ALTER TABLE "posts" ADD CONSTRAINT "posts_userId_users_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
    ```

    </details>

    <details><summary>The tables that change, and those beside them</summary>

    ```mermaid
    erDiagram
      t0["posts"] {
        serial id PK
        integer userId FK
      }
      t1["users"] {
        serial id PK
      }
      t1 ||--o{ t0 : "userId"
    ```

    </details>
    "#);
}

/// `driftless studio` at work, and where.
struct Studio {
    process: Child,
    port: u16,
}

impl Studio {
    fn start(project: &TestProject, args: &[&str]) -> Self {
        let all = [&["studio"], args].concat();
        let mut process = project
            .command(&all)
            .env_remove("DRIFTLESS_NO_PROVE")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let Some(Ok(url)) = lines.next() else {
            panic!("{:?}", process.wait_with_output());
        };
        let (_, port) = url.trim_end_matches('/').rsplit_once(':').unwrap();
        Self {
            port: port.parse().unwrap(),
            process,
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> String {
        let text = format!("{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        let answer = request(self.port, &text);
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        let pid = self.process.id().to_string();
        let _ = std::process::Command::new("kill").arg(&pid).status();
        let ended = self.process.wait();
        if !std::thread::panicking() {
            assert!(ended.unwrap().success(), "SIGTERM ends it well");
        }
    }
}

#[test]
fn only_this_machine_and_no_other_site() {
    let project = TestProject::generated(BLOG);
    let studio = Studio::start(&project, &[]);
    let own = format!("Host: 127.0.0.1:{}\r\n", studio.port);
    let origin = "Origin: http://evil.example\r\n";
    for (method, path, headers, status) in [
        ("GET", "/", own.clone(), "200 OK"),
        (
            "GET",
            "/",
            "Host: evil.example\r\n".to_owned(),
            "403 Forbidden",
        ),
        ("GET", "/", format!("{own}{origin}"), "403 Forbidden"),
        ("GET", "/facts", own.clone(), "404 Not Found"),
        (
            "GET",
            "/",
            format!("{own}Sec-Fetch-Site: none\r\n"),
            "200 OK",
        ),
        (
            "GET",
            "/",
            format!("{own}Sec-Fetch-Site: cross-site\r\n"),
            "403 Forbidden",
        ),
        ("DELETE", "/", own.clone(), "404 Not Found"),
    ] {
        let said = studio.ask(method, path, &headers);
        assert_eq!(
            said,
            format!("HTTP/1.1 {status}"),
            "{method} {path} {headers}"
        );
    }
}

#[test]
fn the_page_of_a_project_with_a_difference() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let url = database.url();
    let project = TestProject::generated(BLOG).env("DATABASE_URL", &url);
    project.succeeds(&["migrate"]);
    database.sql("ALTER TABLE users ADD COLUMN planted text");
    project.edit(
        "src/schema.ts",
        "name: text()",
        "age: integer(),\n  name: text()",
    );
    let studio = Studio::start(&project, &["--database-url", &url]);
    browser.open(&studio.url());

    // A planted difference, in the diagram and in words.
    assert_eq!(
        browser.value("document.querySelectorAll('.table.differs').length"),
        1
    );
    browser.click("#tab-state");
    let state = browser.value("document.querySelector('#state').innerText");
    assert!(state.as_str().unwrap().contains("planted"), "{state}");
    browser.click("#tab-plan");
    let plan = browser.value("document.querySelector('#plan').innerText");
    assert!(
        plan.as_str()
            .unwrap()
            .contains(r#"ADD COLUMN "age" integer"#),
        "{plan}"
    );
    // A migration, opened.
    browser.click("#tab-history");
    browser.click("#history summary");
    let history = browser.value("document.querySelector('#history details[open]').innerText");
    assert!(
        history.as_str().unwrap().contains("CREATE TABLE"),
        "{history}"
    );
    // A table, clicked.
    browser.click("#tab-diagram");
    browser.click("[data-table='0'] .name");
    let title = browser.value("document.querySelector('aside h2').textContent");
    assert_eq!(title, "my-app.posts \"x\"");
    browser.keys("\u{E00C}");
    assert_eq!(
        browser.value("document.querySelector('aside').hidden"),
        true
    );
    // A search by keyboard alone.
    browser.keys("/invited");
    browser.wait("document.querySelectorAll('.found li[data-at]').length === 1");
    browser.keys("\u{E007}");
    let title = browser.value("document.querySelector('aside h2').textContent");
    assert_eq!(title, "users");
    // Each visit reads again; what is wrong by then is told in its place.
    project.edit("src/schema.ts", "age: integer()", "years: integer()");
    browser.open(&studio.url());
    browser.wait("document.querySelector('#plan')?.textContent.includes('years')");
    assert_eq!(browser.complaints(&studio.url()), Vec::<String>::new());
    project.edit("src/schema.ts", "years: integer()", "years: integer(");
    browser.visit(&studio.url());
    browser.wait("document.body.textContent.includes('schema.ts:')");
}

#[test]
fn a_hole_in_the_example_is_seen() {
    let Some(browser) = Browser::start() else {
        return;
    };
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = crate::test_example::race();
    project.succeeds(&["-C", "apps/api", "generate", "--custom", "--name", "hole"]);
    project.write(
        "apps/api/src/db/migrations/0002_hole.sql",
        "ALTER TABLE events NO FORCE ROW LEVEL SECURITY;\n",
    );
    let report = project
        .command(&["-C", "apps/api", "report", "--html", "page.html"])
        .env_remove("DRIFTLESS_NO_PROVE")
        .output()
        .unwrap();
    assert!(report.status.success(), "{}", project.told(&report));
    let page = project.path().join("apps/api/page.html");
    browser.open(&format!("file://{}", page.display()));
    browser.click("#tab-rls");
    let said = browser.value("document.querySelector('#rls').innerText");
    assert!(said.as_str().unwrap().contains("rls-not-forced"), "{said}");
    assert_eq!(browser.complaints("file://"), Vec::<String>::new());
}

/// So many tables, each pointing at two before it.
fn many(tables: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for at in 0..tables {
        let refs = match at {
            0 => String::new(),
            _ => format!(
                "a: integer().references(() => t{}.id), b: integer().references(() => t{}.id),",
                at / 3,
                at * 7 % at
            ),
        };
        writeln!(
            text,
            "export const t{at} = pgTable('table_{at}', {{ id: serial().primaryKey(), {refs} name: text() }});"
        )
        .unwrap();
    }
    text
}

#[test]
fn many_tables_are_shown_and_found() {
    let Some(browser) = Browser::start() else {
        return;
    };
    for tables in [300, 1000] {
        let project = TestProject::new(&many(tables));
        project.succeeds(&["report", "--html", "page.html"]);
        let page = project.path().join("page.html");
        browser.open(&format!("file://{}", page.display()));
        let shown = browser.value("document.querySelectorAll('svg .table').length");
        assert_eq!(shown, tables);
        // Far away, names alone are drawn.
        browser.wait("document.querySelector('.canvas').classList.contains('far')");
        browser.keys(&format!("/table_{}\u{E007}", tables - 1));
        let title = browser.value("document.querySelector('aside h2').textContent");
        assert_eq!(title, format!("table_{}", tables - 1));
        assert_eq!(browser.complaints("file://"), Vec::<String>::new());
    }
}
