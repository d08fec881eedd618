//! JUnit XML, as GitLab, Jenkins and others read it: one test case a finding.

use driftless_diagnostic::{Diagnostic, Severity};

use crate::place::in_repository;

/// What a command found; whatever is at least as bad as `fail_on` is a failed test. Nothing found is
/// one test that passes: a report without tests is taken for a broken one.
pub fn junit(command: &str, found: &[Diagnostic], fail_on: Severity, prefix: &str) -> String {
    let failures = found.iter().filter(|one| one.severity >= fail_on).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"",
        found.len().max(1)
    );
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"driftless\" {counts}>\n  \
         <testsuite name=\"driftless {}\" {counts}>\n",
        escaped(command)
    );
    if found.is_empty() {
        xml += &format!(
            "    <testcase classname=\"driftless\" name=\"{}\"/>\n",
            escaped(command)
        );
    }
    for one in found {
        xml += &case(one, one.severity >= fail_on, prefix);
    }
    xml + "  </testsuite>\n</testsuites>"
}

fn case(found: &Diagnostic, failed: bool, prefix: &str) -> String {
    let place = found.labels.first().map_or_else(String::new, |label| {
        let path = in_repository(prefix, label.source.path());
        let line = label.source.position(label.start).line;
        format!(" file=\"{}\" line=\"{line}\"", escaped(&path))
    });
    let message = escaped(&found.message);
    let text = escaped(&crate::concise(found)) + &escaped(&rest(found));
    let inside = if failed {
        let code = escaped(found.code);
        format!("<failure type=\"{code}\" message=\"{message}\">{text}</failure>")
    } else {
        format!("<system-out>{text}</system-out>")
    };
    format!(
        "    <testcase classname=\"driftless.{}\" name=\"{message}\"{place}>\n      {inside}\n    \
         </testcase>\n",
        escaped(found.code)
    )
}

fn rest(found: &Diagnostic) -> String {
    let notes = found.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = found.help.iter().map(|help| format!("\nhelp: {help}"));
    notes.chain(help).collect()
}

/// Text that XML 1.0 can hold, in an element or an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\r' | '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_diagnostic::SourceFile;

    #[test]
    fn each_finding_is_a_test_and_fails_by_its_severity() {
        let file = SourceFile::new("a.sql", "one\ntwo");
        let found = [
            Diagnostic::error("edited", "\"a\" < b & c")
                .at(&file, 4..7, "")
                .help("mend\u{1b} it"),
            Diagnostic::warning("gap", "an index is missing"),
        ];
        insta::assert_snapshot!(junit("check", &found, Severity::Error, "apps/api/"), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="driftless" tests="2" failures="1" errors="0" skipped="0">
          <testsuite name="driftless check" tests="2" failures="1" errors="0" skipped="0">
            <testcase classname="driftless.edited" name="&quot;a&quot; &lt; b &amp; c" file="apps/api/a.sql" line="2">
              <failure type="edited" message="&quot;a&quot; &lt; b &amp; c">a.sql:2:1: error[edited]: &quot;a&quot; &lt; b &amp; c&#10;help: mend� it</failure>
            </testcase>
            <testcase classname="driftless.gap" name="an index is missing">
              <system-out>warning[gap]: an index is missing</system-out>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
        assert!(junit("check", &found, Severity::Warning, "").contains("failures=\"2\""));
    }

    #[test]
    fn nothing_found_is_a_test_that_passes() {
        insta::assert_snapshot!(junit("check", &[], Severity::Error, ""), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="driftless" tests="1" failures="0" errors="0" skipped="0">
          <testsuite name="driftless check" tests="1" failures="0" errors="0" skipped="0">
            <testcase classname="driftless" name="check"/>
          </testsuite>
        </testsuites>
        "#);
    }
}
