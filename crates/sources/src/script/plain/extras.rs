//! Tables: `pgTable(name, columns, extras)`.

use super::draft::{Entry, Extra, Index, Indexed, Piece, Table};
use super::literal::{arguments, fields, items, key, member, string};
use super::read::{Reader, result};
use oxc::ast::ast::{BindingPattern, CallExpression, Expression, ObjectPropertyKind};

impl Reader<'_> {
    pub(super) fn table(&mut self, args: &[&Expression<'_>]) -> Option<Table> {
        let (name, columns, extras) = match args {
            [name, columns] => (name, columns, None),
            [name, columns, extras] => (name, columns, Some(extras)),
            _ => return None,
        };
        let Expression::ObjectExpression(columns) = columns else {
            return None;
        };
        let mut entries = Vec::with_capacity(columns.properties.len());
        for property in &columns.properties {
            entries.push(match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    Entry::Column(self.column(key(property)?, &property.value)?)
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let Expression::Identifier(shared) = &spread.argument else {
                        return None;
                    };
                    Entry::Spread(self.used_at_once(shared.name.as_str())?)
                }
            });
        }
        Some(Table {
            name: string(name).filter(|name| !name.is_empty())?.to_owned(),
            columns: entries,
            extras: match extras {
                Some(extras) => self.extras(extras)?,
                None => Vec::new(),
            },
        })
    }

    /// `(t) => [...]` or `(t) => ({ ... })`.
    fn extras(&mut self, value: &Expression<'_>) -> Option<Vec<Extra>> {
        let Expression::ArrowFunctionExpression(arrow) = value else {
            return None;
        };
        let own = match &arrow.params.items[..] {
            [] => "",
            [parameter] if parameter.initializer.is_none() => match &parameter.pattern {
                BindingPattern::BindingIdentifier(id) => id.name.as_str(),
                _ => return None,
            },
            _ => return None,
        };
        if arrow.params.rest.is_some() || self.file.imports.contains_key(own) {
            return None;
        }
        let list = match result(arrow)? {
            list @ Expression::ArrayExpression(_) => items(list)?,
            Expression::ObjectExpression(object) => fields(object)?
                .into_iter()
                .map(|(_, value)| value)
                .collect(),
            _ => return None,
        };
        list.into_iter()
            .map(|extra| self.extra(extra, own))
            .collect()
    }

    fn extra(&mut self, value: &Expression<'_>, own: &str) -> Option<Extra> {
        let Expression::CallExpression(call) = value else {
            return None;
        };
        let Some((object, method)) = member(&call.callee) else {
            return self.whole(call, own);
        };
        let Expression::CallExpression(inner) = object else {
            return None;
        };
        if member(&inner.callee).is_some() {
            let mut extra = self.extra(object, own)?;
            self.option(&mut extra, method, call, own)?;
            return Some(extra);
        }
        self.begun(inner, method, call, own)
    }

    /// `check(name, condition)` and `primaryKey({ columns })`.
    fn whole(&mut self, call: &CallExpression<'_>, own: &str) -> Option<Extra> {
        let Expression::Identifier(callee) = &call.callee else {
            return None;
        };
        let args = arguments(call)?;
        match (self.served(callee.name.as_str())?, &args[..]) {
            ("check", [name, condition]) => Some(Extra::Check {
                name: string(name).filter(|name| !name.is_empty())?.to_owned(),
                condition: self.sql(condition, Some(own))?,
            }),
            ("primaryKey", [Expression::ObjectExpression(object)]) => {
                let (mut name, mut keys) = (None, Vec::new());
                for (field, value) in fields(object)? {
                    match field {
                        "name" => name = Some(string(value)?.to_owned()),
                        "columns" => keys = own_columns(&items(value)?, own)?,
                        _ => return None,
                    }
                }
                let empty = keys.is_empty() || name.as_deref() == Some("");
                (!empty).then_some(Extra::PrimaryKey { name, keys })
            }
            _ => None,
        }
    }

    /// `index(name).on(...)` and `unique(name).on(...)`.
    fn begun(
        &mut self,
        start: &CallExpression<'_>,
        method: &str,
        call: &CallExpression<'_>,
        own: &str,
    ) -> Option<Extra> {
        let Expression::Identifier(callee) = &start.callee else {
            return None;
        };
        let name = match arguments(start)?[..] {
            [] => None,
            [name] => Some(string(name).filter(|name| !name.is_empty())?.to_owned()),
            _ => return None,
        };
        let args = arguments(call)?;
        let function = self.served(callee.name.as_str())?.to_owned();
        match (function.as_str(), method) {
            ("unique", "on") => Some(Extra::Unique {
                name,
                keys: own_columns(&args, own).filter(|keys| !keys.is_empty())?,
                nulls_not_distinct: false,
            }),
            ("index" | "uniqueIndex", "on" | "using") => {
                let (method, columns) = match (method, &args[..]) {
                    ("using", [method, columns @ ..]) => (string(method)?, columns),
                    ("on", columns) => ("btree", columns),
                    _ => return None,
                };
                let mut indexed = Vec::with_capacity(columns.len());
                for column in columns {
                    indexed.push(self.indexed(column, own)?);
                }
                let expression = indexed
                    .iter()
                    .any(|column| matches!(column, Indexed::Expression(_)));
                let whole = !indexed.is_empty() && (name.is_some() || !expression);
                whole.then_some(Extra::Index(Index {
                    name,
                    unique: function == "uniqueIndex",
                    method: method.to_owned(),
                    columns: indexed,
                    condition: None,
                }))
            }
            _ => None,
        }
    }

    fn option(
        &mut self,
        extra: &mut Extra,
        method: &str,
        call: &CallExpression<'_>,
        own: &str,
    ) -> Option<()> {
        match (extra, method, &arguments(call)?[..]) {
            (Extra::Index(index), "where", [condition]) if index.condition.is_none() => {
                index.condition = Some(self.sql(condition, Some(own))?);
            }
            (
                Extra::Unique {
                    nulls_not_distinct, ..
                },
                "nullsNotDistinct",
                [],
            ) => *nulls_not_distinct = true,
            _ => return None,
        }
        Some(())
    }

    /// `t.name`, `t.name.desc()` or an expression.
    fn indexed(&mut self, value: &Expression<'_>, own: &str) -> Option<Indexed> {
        if matches!(value, Expression::TaggedTemplateExpression(_)) {
            let pieces = self.sql(value, Some(own))?;
            // Among columns of one table there is no table's name to be written.
            let plain = pieces.iter().all(|piece| !matches!(piece, Piece::Of(..)));
            return plain.then_some(Indexed::Expression(pieces));
        }
        let Expression::CallExpression(call) = value else {
            return Some(Indexed::Column {
                key: own_column(value, own)?,
                descending: false,
                nulls_first: false,
                operator_class: None,
            });
        };
        let (object, method) = member(&call.callee)?;
        let mut column = self.indexed(object, own)?;
        let Indexed::Column {
            descending,
            nulls_first,
            operator_class,
            ..
        } = &mut column
        else {
            return None;
        };
        match (method, &arguments(call)?[..]) {
            ("asc", []) => *descending = false,
            ("desc", []) => *descending = true,
            ("nullsFirst", []) => *nulls_first = true,
            ("nullsLast", []) => *nulls_first = false,
            ("op", [class]) => *operator_class = Some(string(class)?.to_owned()),
            _ => return None,
        }
        Some(column)
    }
}

fn own_columns(values: &[&Expression<'_>], own: &str) -> Option<Vec<String>> {
    values.iter().map(|value| own_column(value, own)).collect()
}

fn own_column(value: &Expression<'_>, own: &str) -> Option<String> {
    match member(value)? {
        (Expression::Identifier(object), key) if object.name.as_str() == own => {
            Some(key.to_owned())
        }
        _ => None,
    }
}
