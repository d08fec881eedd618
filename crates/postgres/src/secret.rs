//! A password that cannot be printed by accident.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;

/// A password; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a password.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The password itself, for the server alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Takes the password out of a text that will be shown, in both spellings it may have in a URL.
    ///
    /// Passwords of one or two characters would tear holes in ordinary words; they stay.
    pub(crate) fn scrub(&self, text: &str) -> String {
        if self.0.chars().count() < 3 {
            return text.to_owned();
        }
        let encoded = utf8_percent_encode(&self.0, NON_ALPHANUMERIC).to_string();
        text.replace(&self.0, "***").replace(&encoded, "***")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_disappears_in_both_spellings() {
        let secret = Secret::new("p@ss/word");
        assert_eq!(secret.scrub("p@ss/word and p%40ss%2Fword"), "*** and ***");
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(Secret::new("a").scrub("a table"), "a table");
    }
}
