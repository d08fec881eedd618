use super::*;
use proptest::prelude::*;

const SQL: &str = "CREATE TABLE \"a b\" (id int DEFAULT 1, t text DEFAULT 'x--y');\n\
                   --> statement-breakpoint\n\
                   CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ select 1 -- in\n$$;";

fn edit(old: &str, new: &str) -> Edit {
    Edit::since(&hash::sha256(old.as_bytes()), Some(&token_hash(old)), new)
}

#[test]
fn an_edit_is_named_by_what_it_touches() {
    for (old, new, expected) in [
        ("a;\nb;", "a;\r\nb;", Edit::LineEndings),
        ("a;\r\nb;", "a;\nb;", Edit::LineEndings),
        ("a;\nb;", "\u{feff}a;\nb;", Edit::LineEndings),
        ("a;\nb;", "a;\nb;\n", Edit::LineEndings),
        ("a; b;", "a;  -- why\nb;", Edit::Comments),
        ("a; b;", "a; /* why /* nested */ */ b;", Edit::Comments),
        ("a;\nb;", "a;\r\n\r\nb;\r\n", Edit::Comments),
        ("select 'a\nb';", "select 'a\r\nb'; ", Edit::Comments),
        ("select 'a';", "select 'A';", Edit::Statements),
        ("select 'a b';", "select 'a  b';", Edit::Statements),
        ("select a <> b;", "select a < > b;", Edit::Statements),
        ("select a.b;", "select ab;", Edit::Statements),
        ("select ab;", "select a b;", Edit::Statements),
        ("$$ a $$", "$$ a  $$", Edit::Statements),
        ("a;b;", "a;--> statement-breakpoint\nb;", Edit::Statements),
        ("a;b;", "a;/* b;", Edit::Statements),
        (
            "--> statement-breakpoint a;",
            "--> statement-breakpoint b;",
            Edit::Statements,
        ),
    ] {
        assert_eq!(edit(old, new), expected, "{old:?} -> {new:?}");
    }
}

#[test]
fn without_a_token_hash_only_line_endings_can_be_told() {
    let hash = hash::sha256(b"a;");
    assert_eq!(Edit::since(&hash, None, "a;\r\n"), Edit::LineEndings);
    assert_eq!(Edit::since(&hash, None, "a; "), Edit::Unknown);
}

/// Byte offsets between two tokens where whitespace may be put without changing a statement.
fn gaps(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut gaps = vec![0];
    for token in tokenize(text).filter(|token| token.kind != TokenKind::Eof) {
        at += token.len as usize;
        gaps.push(at);
    }
    gaps
}

proptest! {
    #[test]
    fn comments_and_whitespace_between_tokens_never_change_it(
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(vec![
                " ", "\t", "\n", "\r\n", " -- it's \"odd\" $$\n", "/* ; ' /* $$ */ */", "\n--\n",
            ])),
            0..12,
        )
    ) {
        let mut text = SQL.to_owned();
        for (at, insert) in edits {
            let gaps = gaps(&text);
            text.insert_str(gaps[at.index(gaps.len())], insert);
        }
        prop_assert_eq!(token_hash(&text), token_hash(SQL), "{}", text);
    }

    #[test]
    fn another_word_always_changes_it(word in "[a-z]{1,6}", at in any::<prop::sample::Index>()) {
        let gaps = gaps(SQL);
        let mut text = SQL.to_owned();
        text.insert_str(gaps[at.index(gaps.len())], &format!("\n{word} "));
        prop_assert_ne!(token_hash(&text), token_hash(SQL), "{}", text);
    }
}
