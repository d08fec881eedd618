//! Random schemas that Postgres accepts, from small pools of names so that two of them collide.

use driftless_catalog::kinds::{
    Check, Column, DataType, EnumType, ForeignKey, Identity, Index, IndexColumn, MaterializedView,
    Nulls, Object, Policy, PrimaryKey, Schema, Sequence, SequenceOptions, Table, Unique, View,
};
use driftless_catalog::{Catalog, Spelling};

/// A small generator: the same seed gives the same schema on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len() as u64);
        &from[usize::try_from(at).expect("pools are small")]
    }
}

const TABLES: [&str; 4] = ["a", "b", "Order", "d d"];
const COLUMNS: [&str; 6] = ["x", "y", "z", "user", "Mixed", "it's"];
const TYPES: [(&str, &str); 8] = [
    ("integer", "1"),
    ("bigint", "2"),
    ("text", "'t''x'"),
    ("varchar(10)", "'v'"),
    ("boolean", "true"),
    ("numeric(10, 2)", "1.5"),
    ("timestamp with time zone", "now()"),
    ("jsonb", "'{}'::jsonb"),
];

/// A schema of tables, keys, enums, sequences, views and policies.
pub(crate) fn catalog(seed: u64) -> Catalog {
    let mut random = Random::new(seed);
    let mut catalog = Catalog::empty(Spelling::Declared);
    let schemas: &[&str] = if random.chance(40) {
        &["public", "app"]
    } else {
        &["public"]
    };
    if schemas.len() > 1 {
        catalog.insert(Schema {
            name: "app".to_owned(),
        });
    }
    let enums = enums(&mut random, &mut catalog, schemas);
    if random.chance(40) {
        catalog.insert(Sequence {
            schema: (*random.pick(schemas)).to_owned(),
            name: "counter".to_owned(),
            options: SequenceOptions {
                start: random.chance(50).then(|| "7".to_owned()),
                cycle: random.chance(50),
                ..SequenceOptions::default()
            },
            ..Sequence::default()
        });
    }
    let mut keyed: Vec<(String, String)> = Vec::new();
    for name in TABLES {
        if random.chance(70) {
            let schema = (*random.pick(schemas)).to_owned();
            table(&mut random, &mut catalog, &schema, name, &enums);
            keyed.push((schema, name.to_owned()));
        }
    }
    references(&mut random, &mut catalog, &keyed);
    views(&mut random, &mut catalog, &keyed);
    catalog
}

fn enums(random: &mut Random, catalog: &mut Catalog, schemas: &[&str]) -> Vec<EnumType> {
    let mut all = Vec::new();
    for name in ["mood", "Kind"] {
        if random.chance(70) {
            let mut labels = vec!["ok".to_owned()];
            for label in ["a", "it's", "z"] {
                if random.chance(50) {
                    let at =
                        usize::try_from(random.below(labels.len() as u64 + 1)).expect("few labels");
                    labels.insert(at, label.to_owned());
                }
            }
            let enum_type = EnumType {
                schema: (*random.pick(schemas)).to_owned(),
                name: name.to_owned(),
                labels,
            };
            catalog.insert(enum_type.clone());
            all.push(enum_type);
        }
    }
    all
}

fn table(random: &mut Random, catalog: &mut Catalog, schema: &str, name: &str, enums: &[EnumType]) {
    catalog.insert(Table {
        schema: schema.to_owned(),
        name: name.to_owned(),
        row_security: random.chance(30),
        ..Table::default()
    });
    let id_type = *random.pick(&["integer", "serial", "bigserial"]);
    let identity = (id_type == "integer" && random.chance(50)).then(|| Identity {
        always: random.chance(50),
        sequence: format!("{name}_id_seq"),
        options: SequenceOptions {
            start: random.chance(50).then(|| "5".to_owned()),
            ..SequenceOptions::default()
        },
    });
    let mut column = Column {
        schema: schema.to_owned(),
        table: name.to_owned(),
        name: "id".to_owned(),
        position: 0,
        data_type: DataType::verbatim(id_type),
        not_null: true,
        default: None,
        generated: None,
        identity,
        ..Column::default()
    };
    catalog.insert(column.clone());
    catalog.insert(PrimaryKey {
        schema: schema.to_owned(),
        table: name.to_owned(),
        name: if random.chance(70) {
            PrimaryKey::default_name(name)
        } else {
            format!("{name}_id_pk")
        },
        columns: vec!["id".to_owned()],
        ..PrimaryKey::default()
    });
    column.identity = None;
    for (position, column_name) in (1..).zip(COLUMNS) {
        if !random.chance(60) {
            continue;
        }
        let (data_type, default) = match enums.first() {
            Some(enum_type) if random.chance(25) => (
                DataType::named(&enum_type.schema, &enum_type.name),
                "'ok'".to_owned(),
            ),
            _ => {
                let (name, default) = *random.pick(&TYPES);
                (DataType::verbatim(name), default.to_owned())
            }
        };
        let generated = (position > 2 && random.chance(10)).then(|| "\"id\" + 1".to_owned());
        column = Column {
            name: column_name.to_owned(),
            position,
            not_null: random.chance(30),
            default: (generated.is_none() && random.chance(40)).then_some(default),
            data_type: if generated.is_some() {
                DataType::verbatim("bigint")
            } else {
                data_type
            },
            generated,
            ..column
        };
        catalog.insert(column.clone());
        belongings(random, catalog, &column);
    }
}

/// What a column may carry: an index, a unique constraint, a check, a policy.
fn belongings(random: &mut Random, catalog: &mut Catalog, column: &Column) {
    let Column {
        schema,
        table,
        name,
        ..
    } = column;
    let (schema, table, name) = (schema.clone(), table.clone(), name.clone());
    let json = column.data_type.name == "jsonb";
    let quoted = driftless_catalog::ident(&name);
    if random.chance(25) {
        let expression = random.chance(40);
        catalog.insert(Index {
            name: format!("{table}_{name}_index"),
            method: "btree".to_owned(),
            columns: vec![IndexColumn {
                expression: if expression {
                    format!("({quoted} IS NULL)")
                } else {
                    name.clone()
                },
                is_expression: expression,
                operator_class: None,
                descending: random.chance(50),
                nulls: Some(*random.pick(&[Nulls::First, Nulls::Last])),
                ..IndexColumn::default()
            }],
            unique: !expression && random.chance(30),
            predicate: random.chance(30).then(|| format!("{quoted} IS NOT NULL")),
            with: std::collections::BTreeMap::new(),
            concurrently: false,
            schema: schema.clone(),
            table: table.clone(),
            ..Index::default()
        });
    }
    if !json && random.chance(20) {
        catalog.insert(Unique {
            name: format!("{table}_{name}_unique"),
            columns: vec![name.clone()],
            nulls_not_distinct: random.chance(20),
            schema: schema.clone(),
            table: table.clone(),
            ..Unique::default()
        });
    }
    if random.chance(20) {
        catalog.insert(Check {
            name: format!("{name}_check"),
            expression: format!("{quoted} IS NOT NULL OR {}", random.below(3)) + " = 1",
            schema: schema.clone(),
            table: table.clone(),
            ..Check::default()
        });
    }
    if random.chance(15) {
        catalog.insert(Policy {
            name: format!("{name} rows"),
            permissive: random.chance(80),
            command: (*random.pick(&["ALL", "SELECT", "UPDATE"])).to_owned(),
            roles: vec!["public".to_owned()],
            using: random.chance(70).then(|| format!("{quoted} IS NOT NULL")),
            with_check: None,
            schema,
            table,
        });
    }
}

fn references(random: &mut Random, catalog: &mut Catalog, tables: &[(String, String)]) {
    for (schema, table) in tables {
        for (to_schema, to_table) in tables {
            if !random.chance(30) {
                continue;
            }
            let column = format!("{to_table}_id");
            catalog.insert(Column {
                schema: schema.clone(),
                table: table.clone(),
                name: column.clone(),
                position: 20,
                data_type: DataType::verbatim("bigint"),
                not_null: false,
                default: None,
                generated: None,
                identity: None,
                ..Column::default()
            });
            catalog.insert(ForeignKey {
                schema: schema.clone(),
                table: table.clone(),
                name: format!("{table}_{column}_fk"),
                columns: vec![column],
                to_schema: to_schema.clone(),
                to_table: to_table.clone(),
                to_columns: vec!["id".to_owned()],
                on_delete: (*random.pick(&["cascade", "no action", "set null"])).to_owned(),
                on_update: "no action".to_owned(),
                ..ForeignKey::default()
            });
        }
    }
}

/// Views over tables and over each other, named so that the alphabet is the wrong order.
fn views(random: &mut Random, catalog: &mut Catalog, tables: &[(String, String)]) {
    let mut below: Option<String> = None;
    for name in ["v3", "v2", "v1"] {
        if tables.is_empty() || !random.chance(50) {
            continue;
        }
        let query = match &below {
            Some(view) if random.chance(60) => format!("SELECT * FROM public.{view}"),
            _ => {
                let (schema, table) = random.pick(tables);
                // Not `*`: an added column stands last in one database and elsewhere in another.
                let columns: Vec<_> = catalog
                    .belonging(driftless_catalog::Tag::Column, schema, table)
                    .map(|column| driftless_catalog::ident(&column.id().name))
                    .collect();
                format!(
                    "SELECT {} FROM {}.{}",
                    columns.join(", "),
                    driftless_catalog::ident(schema),
                    driftless_catalog::ident(table)
                )
            }
        };
        let options = std::collections::BTreeMap::new();
        let object: Object = if random.chance(70) {
            View {
                schema: "public".to_owned(),
                name: name.to_owned(),
                query,
                options,
                ..View::default()
            }
            .into()
        } else {
            MaterializedView {
                schema: "public".to_owned(),
                name: name.to_owned(),
                query,
                options,
                access_method: None,
                tablespace: None,
                no_data: false,
            }
            .into()
        };
        catalog.insert(object);
        below = Some(name.to_owned());
    }
}
