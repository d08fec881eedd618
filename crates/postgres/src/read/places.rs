//! Which catalog row is which object, and what needs what.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::Id;
use driftless_catalog::kinds::{STAND_INS, Target};
use driftless_diagnostic::Result;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{Address, Reader, address};

/// Dependencies that tell an order: normal, and what goes with something. Members of extensions
/// are not looked at; `i` ties a part to its whole, which is one object here.
const DEPENDS: &str = "\
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
FROM pg_depend d
WHERE d.objid >= 16384 AND d.deptype IN ('n', 'a', 'i', 'P', 'S')
  -- What a partition's copy of a trigger needs is no need of the trigger.
  AND NOT (d.classid = 'pg_trigger'::regclass
      AND EXISTS (SELECT FROM pg_trigger t WHERE t.oid = d.objid AND t.tgparentid <> 0))
  -- Who owns a sequence is an object of its own: the owner may need the sequence.
  AND NOT (d.deptype = 'a' AND d.refobjsubid > 0 AND d.refclassid = 'pg_class'::regclass
    AND d.classid = 'pg_class'::regclass AND d.objid IN (SELECT seqrelid FROM pg_sequence))
UNION ALL
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, 0
FROM pg_shdepend d
WHERE d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND d.refclassid = 'pg_authid'::regclass AND d.deptype = 'r'";

/// Members of extensions, which need nothing and are needed through their extension.
const MEMBERS: &str = "\
SELECT d.classid, d.objid, 0, d.refclassid, d.refobjid, 0
FROM pg_depend d
WHERE d.deptype = 'e'";

/// Objects by the addresses of their rows.
pub(super) struct Places {
    pub(super) ids: BTreeMap<Address, Id>,
    /// Rows that stand for an object, such as the index behind a constraint.
    stand_ins: FxHashMap<Address, Address>,
    /// The extensions of their members.
    members: FxHashMap<Address, Address>,
}

impl Places {
    pub(super) async fn read(reader: &Reader<'_>) -> Result<Self> {
        let pairs = async |sql| -> Result<FxHashMap<Address, Address>> {
            let rows = reader.plain_rows(sql).await?;
            let pair = |row| (address(row, 0), address(row, 3));
            Ok(rows.iter().map(pair).collect())
        };
        Ok(Self {
            ids: BTreeMap::new(),
            stand_ins: pairs(STAND_INS).await?,
            members: pairs(MEMBERS).await?,
        })
    }

    /// Says within the JSON of something attached what it is attached to: the object at its
    /// address, or a part of it that is no object of its own, which the field `part` tells by
    /// kind, name and (where it is not the object) parent.
    pub(super) fn attach(&self, at: Address, json: &str) -> Option<String> {
        let mut value: Value = serde_json::from_str(json).ok()?;
        let part = value.as_object_mut()?.remove("part");
        let target = match (self.ids.get(&at), part) {
            (None, Some(Value::Object(part))) => {
                let whole = self.object(at)?;
                let text = |key: &str| part.get(key).and_then(Value::as_str);
                let kind = serde_json::from_value(part.get("kind")?.clone()).ok()?;
                let parent = text("parent").unwrap_or(&whole.name);
                Target {
                    id: Id::in_parent(kind, &whole.schema, parent, text("name")?),
                    part_of: Some(whole.clone()),
                }
            }
            (Some(id), _) => Target {
                id: id.clone(),
                part_of: None,
            },
            (None, _) => Target {
                id: self.object(at)?.clone(),
                part_of: None,
            },
        };
        value["on"] = serde_json::to_value(target).ok()?;
        Some(value.to_string())
    }

    /// Every object with what it needs, itself aside, in order.
    pub(super) async fn needs(&self, reader: &Reader<'_>) -> Result<Vec<(Id, Vec<Id>)>> {
        let mut needs: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
        for id in self.ids.values() {
            needs.entry(id).or_default();
        }
        for row in reader.plain_rows(DEPENDS).await? {
            let from = self.object(address(&row, 0));
            let to = self.find(address(&row, 3), Some(&self.members));
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if from != to
                && let Some(needs) = needs.get_mut(from)
            {
                needs.insert(to);
            }
        }
        let owned = |needs: BTreeSet<&Id>| needs.into_iter().cloned().collect();
        Ok(needs
            .into_iter()
            .map(|(id, needs)| (id.clone(), owned(needs)))
            .collect())
    }

    /// Addresses of rows that some object answers for.
    pub(super) fn accounted(&self) -> impl Iterator<Item = Address> + '_ {
        let own = self.ids.keys().copied();
        let through = self.stand_ins.keys().copied();
        own.chain(through.filter(|at| self.object(*at).is_some()))
    }

    /// Whether a row is a member of an extension, or stands for one.
    pub(super) fn is_of_extension(&self, at: Address) -> bool {
        std::iter::successors(Some(at), |at| self.stand_ins.get(at).copied())
            .take(8)
            .any(|at| self.members.contains_key(&at))
    }

    /// The object at an address: itself, what the row stands for, or the whole that a column
    /// which is no object of its own belongs to.
    fn object(&self, at: Address) -> Option<&Id> {
        self.find(at, None)
    }

    /// The same, with an extension for its members where they are given.
    fn find(&self, at: Address, members: Option<&FxHashMap<Address, Address>>) -> Option<&Id> {
        let mut at = at;
        // A few steps at most: the array type of the row type of a table.
        for _ in 0..8 {
            if let Some(id) = self.ids.get(&at) {
                return Some(id);
            }
            let next = members.and_then(|members| members.get(&at));
            at = match next.or_else(|| self.stand_ins.get(&at)) {
                Some(next) => *next,
                None if at.2 != 0 => (at.0, at.1, 0),
                None => return None,
            };
        }
        None
    }
}
