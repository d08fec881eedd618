use super::*;

fn texts(text: &str) -> Vec<String> {
    let source = SourceFile::new("a.sql", text);
    let split = split(&source);
    assert!(split.refused.is_empty(), "{:?}", split.refused);
    split
        .statements
        .iter()
        .map(|statement| text[statement.range.clone()].to_owned())
        .collect()
}

#[test]
fn statements_end_at_semicolons_and_markers_outside_of_everything_else() {
    let marker = BREAKPOINT;
    for (text, expected) in [
        ("", vec![]),
        ("-- nothing\n/* at all; */ ;;\n", vec![]),
        ("select 1", vec!["select 1"]),
        (
            "\u{feff}select 1;\r\nselect 2;\r\n",
            vec!["select 1", "select 2"],
        ),
        (&format!("a{marker}b"), vec!["a", "b"]),
        (&format!("a\n{marker}\n{marker} b"), vec!["a", "b"]),
        (
            "select ';', \";\", $$;$$, $a$;$$;$a$",
            vec!["select ';', \";\", $$;$$, $a$;$$;$a$"],
        ),
        (
            "select e'\\';', 'a'';'; b",
            vec!["select e'\\';', 'a'';'", "b"],
        ),
        ("/* /* ; */ ; */ a; b", vec!["a", "b"]),
        (
            "create rule r as on insert to t do (a; b); c",
            vec!["create rule r as on insert to t do (a; b)", "c"],
        ),
        (
            "create function f() begin atomic select case when x then 1 end; end; b",
            vec![
                "create function f() begin atomic select case when x then 1 end; end",
                "b",
            ],
        ),
    ] {
        assert_eq!(texts(text), expected, "{text}");
    }
}

#[test]
fn markers_that_drizzle_orm_would_cut_at_by_mistake_are_found() {
    for (text, hidden) in [
        ("a --> statement-breakpoint\nb", 0),
        ("select '--> statement-breakpoint'", 1),
        (
            "select $$ --> statement-breakpoint $$; -- x --> statement-breakpoint",
            2,
        ),
        (
            "create function f() begin atomic select 1;\n--> statement-breakpoint\nend",
            1,
        ),
    ] {
        let split = split(&SourceFile::new("a.sql", text));
        assert_eq!(split.hidden_breakpoints.len(), hidden, "{text}");
    }
}

#[test]
fn what_runs_alone_is_known_by_its_words() {
    for (text, expected) in [
        (
            "create index concurrently i on t (a)",
            Some("CREATE INDEX CONCURRENTLY"),
        ),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY i on t (a)",
            Some("CREATE INDEX CONCURRENTLY"),
        ),
        ("create index \"concurrently\" on t (a)", None),
        ("create index i on t (a)", None),
        ("drop index concurrently i", Some("DROP INDEX CONCURRENTLY")),
        (
            "reindex (verbose) table concurrently t",
            Some("REINDEX CONCURRENTLY"),
        ),
        ("reindex table t", None),
        (
            "alter table t detach partition p concurrently",
            Some("DETACH PARTITION CONCURRENTLY"),
        ),
        ("refresh materialized view concurrently v", None),
        ("vacuum", Some("VACUUM")),
        ("alter type t add value 'x'", None),
        ("create database d", Some("CREATE DATABASE")),
        ("do $$ begin commit; end $$", Some("DO with COMMIT")),
        (
            "DO language plpgsql $a$ begin ROLLBACK; end $a$",
            Some("DO with COMMIT"),
        ),
        ("do $$ begin raise 'commit'; -- commit\nend $$", None),
        ("do $$ begin null; end $$", None),
        ("do $$$$", None),
    ] {
        let split = split(&SourceFile::new("a.sql", text));
        assert_eq!(split.statements[0].alone, expected, "{text}");
    }
}

#[test]
fn the_header_stands_before_the_first_statement() {
    for (text, expected) in [
        ("-- driftless: no-transaction\nvacuum", true),
        (
            "\u{feff}-- a comment\r\n--driftless: no-transaction\r\nvacuum",
            true,
        ),
        ("vacuum; -- driftless: no-transaction", false),
        ("-- driftless: drops a column\nselect 1", false),
    ] {
        let split = split(&SourceFile::new("a.sql", text));
        assert_eq!(split.no_transaction, expected, "{text}");
        assert!(split.refused.is_empty(), "{text}");
    }
}

#[test]
fn statements_that_change_rows_are_told_from_others() {
    for (text, expected) in [
        ("insert into t values (1)", Some("INSERT")),
        ("UPDATE t SET a = 1", Some("UPDATE")),
        ("delete from t", Some("DELETE")),
        (
            "merge into t using u on true when matched then delete",
            Some("MERGE"),
        ),
        ("truncate t", Some("TRUNCATE")),
        ("copy t from '/tmp/t'", Some("COPY")),
        ("copy t to '/tmp/t'", None),
        (
            "with a as (select 1) insert into t select * from a",
            Some("INSERT"),
        ),
        (
            "with a as (delete from t returning *) select * from a",
            Some("DELETE"),
        ),
        (
            "with a as (select 1 from t for update) select * from a",
            None,
        ),
        ("select * from t for update", None),
        (
            "create rule r as on update to t do also insert into u values (1)",
            None,
        ),
        (
            "create function f() returns int language sql begin atomic delete from t; end",
            None,
        ),
        ("alter table t add b int", None),
    ] {
        let split = split(&SourceFile::new("a.sql", text));
        assert_eq!(split.statements[0].rows, expected, "{text}");
    }
}
