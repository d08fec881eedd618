//! Everything about each kind of object, one file a kind. This is the only list that names them all.

mod access_method;
mod aggregate;
mod attached;
mod cast;
mod check;
mod collation;
mod column;
mod comment;
mod composite_type;
mod constraint;
mod conversion;
mod data_type;
mod default_privileges;
mod deparsed;
mod domain;
mod domain_check;
mod enum_type;
mod event_trigger;
mod exclusion;
mod extension;
mod foreign_data_wrapper;
mod foreign_key;
mod function;
mod grants;
mod index;
mod index_partition;
mod index_role;
mod index_text;
mod inheritance;
mod kind;
mod language;
mod lineage;
mod materialized_view;
mod materialized_view_column;
mod member_grants;
mod membership;
pub(crate) mod names;
mod operator;
mod operator_class;
mod operator_family;
mod options;
mod owner;
mod partition;
mod policy;
mod primary_key;
mod probe;
mod publication;
mod published_schema;
mod published_table;
mod range_type;
mod rights;
mod role;
mod role_settings;
mod routine;
mod rule;
mod schema;
mod sequence;
mod sequence_owner;
mod server;
mod statistics;
mod subscription;
mod table;
mod table_type;
mod text_search_configuration;
mod text_search_dictionary;
mod text_search_parser;
mod text_search_template;
mod transform;
mod trigger;
mod unique;
mod user_mapping;
mod view;
mod words;

use serde::{Deserialize, Serialize};

pub use access_method::AccessMethod;
pub use aggregate::Aggregate;
pub use attached::Target;
pub use cast::Cast;
pub use check::Check;
pub use collation::Collation;
pub use column::{Column, Identity, NotNull};
pub use comment::Comment;
pub use composite_type::{Attribute, CompositeType};
pub use constraint::{IndexBehind, Timing};
pub use conversion::Conversion;
pub use data_type::DataType;
pub use default_privileges::DefaultPrivileges;
pub use domain::Domain;
pub use domain_check::DomainCheck;
pub use enum_type::EnumType;
pub use event_trigger::EventTrigger;
pub use exclusion::Exclusion;
pub use extension::Extension;
pub use foreign_data_wrapper::ForeignDataWrapper;
pub use foreign_key::ForeignKey;
pub use function::Function;
pub use grants::Grants;
pub use index::{Index, IndexColumn, Nulls};
pub use index_partition::IndexPartition;
pub use index_role::{IndexRole, IndexUse};
pub use inheritance::Inheritance;
pub use kind::Kind;
pub use language::Language;
pub use lineage::Descent;
pub use materialized_view::MaterializedView;
pub use materialized_view_column::MaterializedViewColumn;
pub use member_grants::MemberGrants;
pub use membership::{Membership, MembershipGrant};
pub use operator::Operator;
pub use operator_class::OperatorClass;
pub use operator_family::OperatorFamily;
pub use options::Options;
pub use owner::Owner;
pub(crate) use owner::is_of_another_owner;
pub use partition::Partition;
pub use policy::Policy;
pub use primary_key::PrimaryKey;
pub use probe::{Answer, Probe, probes};
pub use publication::Publication;
pub use published_schema::PublishedSchema;
pub use published_table::PublishedTable;
pub use range_type::RangeType;
pub use rights::{Class, Right, Rights};
pub use role::Role;
pub use role_settings::RoleSettings;
pub use rule::Rule;
pub use schema::Schema;
pub use sequence::{Sequence, SequenceOptions};
pub use sequence_owner::SequenceOwner;
pub use server::Server;
pub use statistics::Statistics;
pub use subscription::Subscription;
pub use table::tables_with_rows;
pub use table::{Above, Foreign, Table};
pub use table_type::TableType;
pub use text_search_configuration::TextSearchConfiguration;
pub use text_search_dictionary::TextSearchDictionary;
pub use text_search_parser::TextSearchParser;
pub use text_search_template::TextSearchTemplate;
pub use transform::Transform;
pub use trigger::{Origin, Trigger};
pub use unique::Unique;
pub use user_mapping::UserMapping;
pub use view::{View, ViewColumn};
pub use words::{Change, Cx, Fragment, GivesWay, Purpose, Ref, Renaming};

use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::step::Step;

/// Relations that every kind's query may use, as the beginning of a statement.
pub const PRELUDE: &str = include_str!("prelude.sql");

/// Catalog rows that stand for an object, such as the index behind a constraint: rows of
/// `(classid, objid, objsubid)` and the address of the object, likewise three columns.
pub const STAND_INS: &str = include_str!("stand_ins.sql");

/// Every row of every catalog that belongs to the user: rows of `(classid, objid, objsubid)`, with
/// what comes before Postgres's description of it.
pub const ROWS: &str = include_str!("rows.sql");

macro_rules! kinds {
    ($($name:ident,)+) => {
        /// The kinds, in the order in which ties are broken: what others need comes first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Tag { $(#[doc = concat!("[`", stringify!($name), "`].")] $name,)+ }

        /// An object of any kind.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Object { $(#[doc = concat!("A [`", stringify!($name), "`].")] $name($name),)+ }

        $(impl From<$name> for Object {
            fn from(object: $name) -> Self { Self::$name(object) }
        })+

        impl Tag {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
            /// What people call it.
            pub fn noun(self) -> &'static str { match self { $(Self::$name => $name::NOUN,)+ } }
            /// The namespace of its names.
            pub fn space(self) -> Space { match self { $(Self::$name => $name::SPACE,)+ } }
            pub(crate) fn renaming(self) -> Renaming { match self { $(Self::$name => $name::RENAME,)+ } }
            pub(crate) fn falls_with_parent(self) -> bool {
                match self { $(Self::$name => $name::FALLS_WITH_PARENT,)+ }
            }
            pub(crate) fn leads(self) -> bool { match self { $(Self::$name => $name::LEADS,)+ } }
            pub(crate) fn names_index(self) -> bool { match self { $(Self::$name => $name::NAMES_INDEX,)+ } }
            pub(crate) fn comes_down(self) -> bool { match self { $(Self::$name => $name::COMES_DOWN,)+ } }
            pub(crate) fn inlines(self) -> bool { match self { $(Self::$name => $name::INLINES,)+ } }
            pub(crate) fn is_always_declared(self) -> bool {
                match self { $(Self::$name => $name::ALWAYS_DECLARED,)+ }
            }
            /// Whether it belongs to the cluster rather than to one database.
            pub fn is_shared(self) -> bool { self.space() == Space::Role }
            /// Whether it is attached to an object of any kind: the rows of its query are at that
            /// object's address, and lack the field `on`, which follows from it.
            pub fn is_attached(self) -> bool { self.space() == Space::Attached }
            /// See [`Kind::QUERY`]; to be put behind [`PRELUDE`].
            pub fn query(self) -> &'static str { match self { $(Self::$name => $name::QUERY,)+ } }
            /// See [`Kind::PRESENT`].
            pub fn present(self) -> &'static str { match self { $(Self::$name => $name::PRESENT,)+ } }
            /// An object of this kind from the JSON that its query yields.
            ///
            /// # Errors
            /// A field that the kind does not know, or lacks.
            pub fn parse(self, json: &str) -> serde_json::Result<Object> {
                let mut object = match self {
                    $(Self::$name => serde_json::from_str::<$name>(json).map(Object::from),)+
                }?;
                if deparsed::may_change(json) {
                    object.refs(&mut deparsed::settle);
                }
                Ok(object)
            }
        }

        impl Eq for Object {}

        impl Object {
            /// Its id in a catalog.
            pub fn id(&self) -> Id { match self { $(Self::$name(x) => x.id(),)+ } }
            /// The object that holds it.
            pub fn parent(&self) -> Option<Id> { match self { $(Self::$name(x) => x.parent(),)+ } }
            pub(crate) fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
                match self { $(Self::$name(x) => x.refs(visit),)+ }
            }
            /// Names of the roles that it mentions.
            pub fn roles(&self) -> std::collections::BTreeSet<String> {
                let mut roles = std::collections::BTreeSet::new();
                self.clone().refs(&mut |shown| {
                    if let Ref::Role(name) = shown {
                        roles.insert(name.clone());
                    }
                });
                roles
            }
            pub(crate) fn take_unsaid(&mut self, history: &Self, declared: &Catalog, before: Option<&Self>) {
                match (self, history, before) {
                    $((Self::$name(a), Self::$name(b), Some(Self::$name(c))) => a.take_unsaid(b, declared, Some(c)),)+
                    $((Self::$name(a), Self::$name(b), _) => a.take_unsaid(b, declared, None),)+
                    _ => {}
                }
            }
            pub(crate) fn rank(&self) -> u32 { match self { $(Self::$name(x) => x.rank(),)+ } }
            pub(crate) fn needs(&self, catalog: &Catalog) -> Vec<Id> {
                match self { $(Self::$name(x) => x.needs(catalog),)+ }
            }
            pub(crate) fn reference(&self) -> String {
                match self { $(Self::$name(x) => x.reference(),)+ }
            }
            pub(crate) fn granted(&self) -> String {
                match self { $(Self::$name(x) => x.granted(),)+ }
            }
            pub(crate) fn leads(&self, other: &Id, created: bool) -> bool {
                match self { $(Self::$name(x) => x.leads(other, created),)+ }
            }
            pub(crate) fn probes(&self, old: Option<&Self>, from: &Catalog) -> Vec<Probe> {
                match (self, old) {
                    $((Self::$name(x), Some(Self::$name(old))) => x.probes(Some(old), from),)+
                    $((Self::$name(x), _) => x.probes(None, from),)+
                }
            }
            pub(crate) fn security(&self) -> Vec<String> {
                match self { $(Self::$name(x) => x.security(),)+ }
            }
            pub(crate) fn maker(&self, from: &Catalog, to: &Catalog) -> Option<Id> {
                match self { $(Self::$name(x) => x.maker(from, to),)+ }
            }
            pub(crate) fn ends_only_with(&self, from: &Catalog, goes: &dyn Fn(&Id) -> bool) -> Option<Id> {
                match self { $(Self::$name(x) => x.ends_only_with(from, goes),)+ }
            }
            pub(crate) fn comes_only_with(&self, old: Option<&Self>, from: &Catalog, to: &Catalog) -> Option<Id> {
                match (self, old) {
                    $((Self::$name(x), Some(Self::$name(old))) => x.comes_only_with(Some(old), from, to),)+
                    $((Self::$name(x), _) => x.comes_only_with(None, from, to),)+
                }
            }
            pub(crate) fn stays_on(&self, old: &Self, new: &Self) -> bool {
                match self { $(Self::$name(x) => x.stays_on(old, new),)+ }
            }
            pub(crate) fn contends(&self) -> Option<String> {
                match self { $(Self::$name(x) => x.contends(),)+ }
            }
            pub(crate) fn binds(&self) -> Vec<Id> {
                match self { $(Self::$name(x) => x.binds(),)+ }
            }
            pub(crate) fn goes_with(&self, from: &Catalog) -> Option<Id> {
                match self { $(Self::$name(x) => x.goes_with(from),)+ }
            }
            pub(crate) fn looks_at(&self) -> Option<Id> {
                match self { $(Self::$name(x) => x.looks_at(),)+ }
            }
            pub(crate) fn opaque(&self) -> Option<&str> {
                match self { $(Self::$name(x) => x.opaque(),)+ }
            }
            pub(crate) fn unchecked(&self, itself: bool) -> Option<Step> {
                match self { $(Self::$name(x) => x.unchecked(itself),)+ }
            }
            pub(crate) fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$name(x) => x.create(cx),)+ }
            }
            pub(crate) fn inline(&self) -> Option<Fragment> {
                match self { $(Self::$name(x) => x.inline(),)+ }
            }
            pub(crate) fn merges(&self) -> Option<String> {
                match self { $(Self::$name(x) => x.merges(),)+ }
            }
            pub(crate) fn rest(&self, cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$name(x) => x.rest(cx),)+ }
            }
            pub(crate) fn create_with(&self, fragments: &[String], cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$name(x) => x.create_with(fragments, cx),)+ }
            }
            pub(crate) fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$name(x) => x.drop(cx),)+ }
            }
            /// `None` where the two are equal.
            pub(crate) fn alter(&self, new: &Self, cx: &Cx<'_>) -> Option<Change> {
                match (self, new) {
                    $((Self::$name(a), Self::$name(b)) => (!a.same(b)).then(|| a.alter(b, cx)),)+
                    _ => Some(Change::Replace),
                }
            }
            pub(crate) fn same(&self, new: &Self) -> bool {
                match (self, new) { $((Self::$name(a), Self::$name(b)) => a.same(b),)+ _ => false }
            }
            pub(crate) fn rename(&self, new: &Self) -> Vec<Step> {
                match (self, new) { $((Self::$name(a), Self::$name(b)) => a.rename(b),)+ _ => Vec::new() }
            }
            pub(crate) fn purpose(&self, catalog: &Catalog) -> Option<Purpose> {
                match self { $(Self::$name(x) => x.purpose(catalog),)+ }
            }
            pub(crate) fn keeps_name(&self, from: &Catalog) -> bool {
                match self { $(Self::$name(x) => x.keeps_name(from),)+ }
            }
            pub(crate) fn online(&self, step: &Step, cx: &Cx<'_>) -> Option<Vec<Step>> {
                match self { $(Self::$name(x) => x.online(step, cx),)+ }
            }
            pub(crate) fn follow(&self, renamed: &Self) -> Vec<Step> {
                match (self, renamed) { $((Self::$name(a), Self::$name(b)) => a.follow(b),)+ _ => Vec::new() }
            }
            pub(crate) fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
                match self { $(Self::$name(x) => x.gives_way(below, replaced),)+ }
            }
            pub(crate) fn detached(&self, below: &Object) -> Option<Self> {
                match self { $(Self::$name(x) => x.detached(below).map(Self::$name),)+ }
            }
            pub(crate) fn early(&self, below: &Object) -> Option<Self> {
                match self { $(Self::$name(x) => x.early(below).map(Self::$name),)+ }
            }
            pub(crate) fn parts(&self) -> Vec<String> {
                match self { $(Self::$name(x) => x.parts(),)+ }
            }
            pub(crate) fn rename_part(&self, old: &str, new: &str) -> Option<(Self, Vec<Step>)> {
                match self {
                    $(Self::$name(x) => x.rename_part(old, new).map(|(x, steps)| (Self::$name(x), steps)),)+
                }
            }
        }
    };
}

kinds! {
    Role,
    Membership,
    RoleSettings,
    Schema,
    DefaultPrivileges,
    Extension,
    Language,
    AccessMethod,
    Collation,
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    EnumType,
    CompositeType,
    RangeType,
    Domain,
    DomainCheck,
    Function,
    Aggregate,
    Conversion,
    Cast,
    Operator,
    OperatorFamily,
    OperatorClass,
    Transform,
    ForeignDataWrapper,
    Server,
    UserMapping,
    Sequence,
    Table,
    Column,
    PrimaryKey,
    Unique,
    Check,
    Exclusion,
    ForeignKey,
    Index,
    View,
    MaterializedView,
    MaterializedViewColumn,
    Statistics,
    Policy,
    Rule,
    Trigger,
    EventTrigger,
    Publication,
    PublishedSchema,
    PublishedTable,
    Subscription,
    MemberGrants,
    Owner,
    Grants,
    SequenceOwner,
    TableType,
    Partition,
    Inheritance,
    IndexPartition,
    IndexRole,
    Comment,
}
