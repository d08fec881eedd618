//! The one stylesheet: text says what it is, this file says how that looks.

use anstyle::{AnsiColor, Style};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A finding that makes the command fail.
    Error,
    /// A finding that does not.
    Warning,
    /// An explanation.
    Note,
    /// What to do next.
    Help,
    /// Something that is fine.
    Good,
    /// Something that will be created.
    Create,
    /// Something that will change in place.
    Alter,
    /// Something that will get another name.
    Rename,
    /// Something that will be gone.
    Drop,
    /// A tag, an object, a flag.
    Name,
    /// A file.
    Path,
    /// Less important than what is around it.
    Faint,
}

/// How labels look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    styled: bool,
}

impl Sheet {
    /// Colours and weights as ANSI escape codes.
    pub const STYLED: Self = Self { styled: true };
    /// Text alone.
    pub const PLAIN: Self = Self { styled: false };

    /// The style of a label.
    pub fn style(self, label: Label) -> Style {
        if !self.styled {
            return Style::new();
        }
        match label {
            Label::Error => AnsiColor::Red.on_default().bold(),
            Label::Warning => AnsiColor::Yellow.on_default().bold(),
            Label::Note => AnsiColor::Blue.on_default().bold(),
            Label::Help => AnsiColor::Cyan.on_default().bold(),
            Label::Good | Label::Create => AnsiColor::Green.on_default(),
            Label::Alter => AnsiColor::Yellow.on_default(),
            Label::Rename => AnsiColor::Blue.on_default(),
            Label::Drop => AnsiColor::Red.on_default(),
            Label::Name => Style::new().bold(),
            Label::Path => AnsiColor::Cyan.on_default(),
            Label::Faint => Style::new().dimmed(),
        }
    }

    /// The text in the style of its label.
    pub fn paint(self, label: Label, text: impl std::fmt::Display) -> String {
        let style = self.style(label);
        format!("{style}{text}{style:#}")
    }

    /// Whether anything looks like more than text.
    pub fn is_styled(self) -> bool {
        self.styled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        assert_eq!(Sheet::PLAIN.paint(Label::Error, "x"), "x");
        assert_eq!(
            Sheet::STYLED.paint(Label::Create, "x"),
            "\u{1b}[32mx\u{1b}[0m"
        );
    }
}
