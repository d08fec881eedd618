//! What the helper tells its parent, one line each on its standard output.

/// A line of the helper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// Connections are accepted.
    Ready,
    /// Another process has the data; words about it.
    Waiting(String),
    /// It will not work: code, message, help.
    Failed(String, String, String),
}

/// Begins every line, for anything else may write to standard output as well.
const PREFIX: &str = "driftless-embedded\t";

impl Line {
    pub(crate) fn write(&self) -> String {
        let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        match self {
            Self::Ready => format!("{PREFIX}ready\n"),
            Self::Waiting(holder) => format!("{PREFIX}waiting\t{}\n", clean(holder)),
            Self::Failed(code, message, help) => format!(
                "{PREFIX}failed\t{}\t{}\t{}\n",
                clean(code),
                clean(message),
                clean(help)
            ),
        }
    }

    pub(crate) fn read(line: &str) -> Option<Self> {
        let at = line.find(PREFIX)?;
        let mut fields = line[at + PREFIX.len()..].trim_end().split('\t');
        let mut next = || fields.next().unwrap_or_default().to_owned();
        match next().as_str() {
            "ready" => Some(Self::Ready),
            "waiting" => Some(Self::Waiting(next())),
            "failed" => Some(Self::Failed(next(), next(), next())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were_sent() {
        for line in [
            Line::Ready,
            Line::Waiting("process 7".into()),
            Line::Failed("a-code".into(), "what happened".into(), "do this".into()),
        ] {
            assert_eq!(Line::read(&line.write()), Some(line));
        }
        assert_eq!(Line::read("something else\n"), None);
    }
}
