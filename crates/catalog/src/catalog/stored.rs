//! A catalog as it is kept in files.

use serde::{Deserialize, Serialize};

use super::{Catalog, Spelling};
use crate::kinds::Object;

/// Objects in order, and what each needs as places in that order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    spelling: Spelling,
    objects: Vec<Object>,
    /// Of each object; none where nobody asked `pg_depend`.
    needs: Vec<Option<Vec<usize>>>,
}

impl From<Catalog> for Stored {
    fn from(catalog: Catalog) -> Self {
        let places: std::collections::BTreeMap<_, _> = catalog.objects.keys().zip(0..).collect();
        let needs = catalog
            .objects
            .keys()
            .map(|id| {
                let needs = catalog.needs.get(id)?;
                Some(
                    needs
                        .iter()
                        .filter_map(|id| places.get(id).copied())
                        .collect(),
                )
            })
            .collect();
        Self {
            spelling: catalog.spelling,
            needs,
            objects: catalog.objects.into_values().collect(),
        }
    }
}

impl From<Stored> for Catalog {
    fn from(stored: Stored) -> Self {
        let ids: Vec<_> = stored.objects.iter().map(Object::id).collect();
        let mut catalog = Self::empty(stored.spelling);
        for (id, needs) in ids.iter().zip(stored.needs) {
            if let Some(needs) = needs {
                let needs = needs.into_iter().filter_map(|at| ids.get(at).cloned());
                catalog.set_needs(id.clone(), needs.collect());
            }
        }
        for object in stored.objects {
            catalog.insert(object);
        }
        catalog
    }
}
