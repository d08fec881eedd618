//! Texts grown from rules with alternatives, as `schema.grammar` explains them.

use std::collections::BTreeMap;

use fastrand::Rng;

/// The rules by name; an alternative that counts several times stands there as often.
pub(super) struct Grammar {
    rules: BTreeMap<String, Vec<Vec<Piece>>>,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Rule(String),
}

/// What grew: text, or a rule with what became of it.
pub(super) enum Node {
    Text(String),
    Rule(String, Vec<Node>),
}

impl Grammar {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut rules: BTreeMap<String, Vec<Vec<Piece>>> = BTreeMap::new();
        let mut name = "";
        for line in text.lines() {
            if let Some(alternative) = line.strip_prefix("  ") {
                let (times, alternative) = weighted(alternative);
                let alternatives = rules.entry(name.to_owned()).or_default();
                alternatives.extend(std::iter::repeat_n(pieces(alternative), times));
            } else if !line.is_empty() && !line.starts_with('#') {
                name = line
                    .strip_suffix(':')
                    .ok_or_else(|| format!("no rule: {line}"))?;
                if rules.contains_key(name) {
                    return Err(format!("the rule {name} is there twice"));
                }
            }
        }
        let named = rules.values().flatten().flatten();
        let unknown = named.filter_map(|piece| match piece {
            Piece::Rule(rule) if !rules.contains_key(rule) => Some(rule.clone()),
            _ => None,
        });
        match unknown.collect::<Vec<_>>() {
            unknown if unknown.is_empty() => Ok(Self { rules }),
            unknown => Err(format!("rules that are not there: {}", unknown.join(", "))),
        }
    }

    /// A tree that the rule allows.
    pub(super) fn grow(&self, rule: &str, rng: &mut Rng) -> Node {
        let alternatives = &self.rules[rule];
        let pieces = &alternatives[rng.usize(..alternatives.len())];
        let nodes = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Node::Text(text.clone()),
            Piece::Rule(rule) => self.grow(rule, rng),
        });
        Node::Rule(rule.to_owned(), nodes.collect())
    }

    /// Grows one place of a tree anew, a leaf as likely as a branch.
    pub(super) fn regrow(&self, tree: &mut Node, rng: &mut Rng) {
        let mut at = rng.usize(..tree.rules());
        self.regrow_at(tree, &mut at, rng);
    }

    fn regrow_at(&self, tree: &mut Node, at: &mut usize, rng: &mut Rng) -> bool {
        let Node::Rule(rule, nodes) = tree else {
            return false;
        };
        if *at == 0 {
            *tree = self.grow(rule, rng);
            return true;
        }
        *at -= 1;
        nodes.iter_mut().any(|node| self.regrow_at(node, at, rng))
    }
}

impl Node {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Rule(_, nodes) => nodes.iter().map(Self::text).collect(),
        }
    }

    fn rules(&self) -> usize {
        match self {
            Self::Text(_) => 0,
            Self::Rule(_, nodes) => 1 + nodes.iter().map(Self::rules).sum::<usize>(),
        }
    }
}

/// `3 * text` and `text`.
fn weighted(alternative: &str) -> (usize, &str) {
    let weighted = || {
        let (times, rest) = alternative.split_once(" *")?;
        Some((times.parse().ok()?, rest.strip_prefix(' ').unwrap_or(rest)))
    };
    weighted().unwrap_or((1, alternative))
}

fn pieces(mut text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    while let Some((before, rest)) = text.split_once('<') {
        plain += before;
        let name = rest.split_once('>').filter(|(name, _)| {
            let is_name = |c: char| c.is_ascii_lowercase() || c == ' ';
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_name)
        });
        if let Some((name, after)) = name {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Rule(name.to_owned()));
            text = after;
        } else {
            plain.push('<');
            text = rest;
        }
    }
    plain += text;
    pieces.push(Piece::Text(plain));
    pieces
}
