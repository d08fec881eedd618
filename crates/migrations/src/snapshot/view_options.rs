//! The options of views that a snapshot may hold, with their types.

use serde::Deserialize;
use serde_json::Value;

use super::Map;

/// The options keep the order in which the schema gave them, so they cannot be a struct.
pub(super) fn read<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Map<Value>>, D::Error> {
    use serde::de::Error;
    let options = Map::<Value>::deserialize(deserializer)?;
    for (name, value) in &options {
        let Some((_, kind)) = VIEW_OPTIONS.iter().find(|(known, _)| known == name) else {
            return Err(D::Error::custom(format!("unknown view option `{name}`")));
        };
        let (fits, expected) = match kind {
            OptionType::Boolean => (value.is_boolean(), "a boolean".to_owned()),
            OptionType::Number => (value.is_number(), "a number".to_owned()),
            OptionType::Word(words) => (
                value.as_str().is_some_and(|word| words.contains(&word)),
                format!("one of {}", words.join(", ")),
            ),
        };
        if !fits {
            return Err(D::Error::custom(format!(
                "view option `{name}` is {value}, expected {expected}"
            )));
        }
    }
    Ok(Some(options))
}

const VIEW_OPTIONS: &[(&str, OptionType)] = &[
    ("checkOption", OptionType::Word(&["local", "cascaded"])),
    ("securityBarrier", OptionType::Boolean),
    ("securityInvoker", OptionType::Boolean),
    ("fillfactor", OptionType::Number),
    ("toastTupleTarget", OptionType::Number),
    ("parallelWorkers", OptionType::Number),
    ("autovacuumEnabled", OptionType::Boolean),
    (
        "vacuumIndexCleanup",
        OptionType::Word(&["auto", "off", "on"]),
    ),
    ("vacuumTruncate", OptionType::Boolean),
    ("autovacuumVacuumThreshold", OptionType::Number),
    ("autovacuumVacuumScaleFactor", OptionType::Number),
    ("autovacuumVacuumCostDelay", OptionType::Number),
    ("autovacuumVacuumCostLimit", OptionType::Number),
    ("autovacuumFreezeMinAge", OptionType::Number),
    ("autovacuumFreezeMaxAge", OptionType::Number),
    ("autovacuumFreezeTableAge", OptionType::Number),
    ("autovacuumMultixactFreezeMinAge", OptionType::Number),
    ("autovacuumMultixactFreezeMaxAge", OptionType::Number),
    ("autovacuumMultixactFreezeTableAge", OptionType::Number),
    ("logAutovacuumMinDuration", OptionType::Number),
    ("userCatalogTable", OptionType::Boolean),
];

#[derive(Clone, Copy)]
enum OptionType {
    Boolean,
    Number,
    Word(&'static [&'static str]),
}
