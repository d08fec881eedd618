//! What machinery may ask of a kind.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Change, Cx, Fragment, GivesWay, Object, Probe, Purpose, Ref, Renaming};
use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::step::Step;

/// What one kind of object knows about itself. Machinery calls it; no kind calls another.
pub trait Kind: Clone + PartialEq + Serialize + DeserializeOwned {
    /// The namespace of its names.
    const SPACE: Space;
    /// What people call it: `foreign key`.
    const NOUN: &'static str;
    /// Whether it disappears with its parent, without a DROP of its own.
    const FALLS_WITH_PARENT: bool = false;
    /// What to do when one disappears and another appears.
    const RENAME: Renaming;
    /// Whether a source that declares tables in a schema speaks for all of the kind there.
    const ALWAYS_DECLARED: bool = false;
    /// Whether [`Kind::inline`] may say something.
    const INLINES: bool = false;
    /// Whether [`Kind::leads`] may say something.
    const LEADS: bool = false;
    /// Whether its name is that of an index: no other relation of the schema has it.
    const NAMES_INDEX: bool = false;
    /// Whether tables below have it too, so that it changes only before or after a bond to one: see
    /// [`Kind::binds`].
    const COMES_DOWN: bool = false;
    /// Reads all of them from `pg_catalog`: rows of `(classid, objid, objsubid, object)`, the
    /// address as in `pg_depend` and the fields of the struct as `jsonb`. The relations that it
    /// may use besides are in `prelude.sql`.
    const QUERY: &'static str;
    /// SQL condition that holds wherever there is one of it: where it does not, the query is not
    /// asked. It looks at what is there after `initdb` made its own, so it costs next to nothing.
    const PRESENT: &'static str = "true";

    /// Its id in a catalog.
    fn id(&self) -> Id;
    /// The object that holds it.
    fn parent(&self) -> Option<Id>;
    /// How statements about it call it: `TABLE "users"`, `POLICY "p" ON "users"`.
    fn reference(&self) -> String;
    /// How GRANT calls it, where it has a word of its own.
    fn granted(&self) -> String {
        self.reference()
    }
    /// Shows every name of other objects (and its own) that it holds. Needs and renames follow.
    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>));
    /// Needs that its names do not tell: a foreign key needs the key it points at.
    fn needs(&self, _catalog: &Catalog) -> Vec<Id> {
        Vec::new()
    }
    /// SQL text whose mentions `pg_depend` does not know: a function body. They only order steps.
    fn opaque(&self) -> Option<&str> {
        None
    }
    /// What makes Postgres take such text although what it mentions, perhaps just itself, is not
    /// there yet.
    fn unchecked(&self, _itself: bool) -> Option<Step> {
        None
    }
    /// Whether a change of it, its end too, comes before what is done with the other, although
    /// neither needs the other: default privileges come before what is made under them.
    fn leads(&self, _other: &Id, _created: bool) -> bool {
        false
    }
    /// The object whose change makes it, so that a CREATE of its own has nothing to do: a column makes
    /// the sequence that its identity leaves behind. Whatever needs it comes after that change.
    fn maker(&self, _from: &Catalog, _to: &Catalog) -> Option<Id> {
        None
    }
    /// What no two objects may hold at once, where their ids do not tell: the rows of a partition,
    /// the name of a sequence or an identity. Whoever gives it up goes before whoever takes it.
    fn contends(&self) -> Option<String> {
        None
    }
    /// What takes it along when it goes, without being its parent: a sequence goes with the column that
    /// owns it.
    fn goes_with(&self, _from: &Catalog) -> Option<Id> {
        None
    }
    /// What has to go so that this can: Postgres lets no partition of an index go without the whole.
    fn ends_only_with(&self, _from: &Catalog, _goes: &dyn Fn(&Id) -> bool) -> Option<Id> {
        None
    }
    /// What has to be made anew so that this can be made, or become this: Postgres adds no check to a
    /// domain of which arrays are stored.
    fn comes_only_with(&self, _old: Option<&Self>, _from: &Catalog, _to: &Catalog) -> Option<Id> {
        None
    }
    /// Whether it can stay where it is while what it is on becomes another, where Postgres would take
    /// care of that.
    fn stays_on(&self, _old: &Object, _new: &Object) -> bool {
        true
    }
    /// Questions to the rows that are there: what would keep it from being made, or from becoming
    /// this.
    fn probes(&self, _old: Option<&Self>, _from: &Catalog) -> Vec<Probe> {
        Vec::new()
    }
    /// Who may do what through it, each as a sentence: what a plan changes of these is told.
    fn security(&self) -> Vec<String> {
        Vec::new()
    }
    /// Tables that it ties to each other or to a type: columns and what else comes down from table
    /// to table may not change under it, only before it is made and after its end.
    fn binds(&self) -> Vec<Id> {
        Vec::new()
    }
    /// The table whose rows it looks at, those of its partitions too: these are attached before it is
    /// made, and detached after its end.
    fn looks_at(&self) -> Option<Id> {
        None
    }
    /// Whether nothing has to be done to turn one into the other.
    fn same(&self, new: &Self) -> bool {
        self == new
    }
    /// Takes over from history what schema.ts has no words for; `before` is what it said last time.
    fn take_unsaid(&mut self, _history: &Self, _declared: &Catalog, _before: Option<&Self>) {}
    /// Its place among its siblings, where Postgres remembers one.
    fn rank(&self) -> u32 {
        0
    }
    /// Statements that create it.
    fn create(&self, cx: &Cx<'_>) -> Vec<Step>;
    /// The fragment that says it within its parent's CREATE.
    fn inline(&self) -> Option<Fragment> {
        None
    }
    /// What two agree in that Postgres takes for one where the same CREATE says both.
    fn merges(&self) -> Option<String> {
        None
    }
    /// Statements that are left to do where its parent's CREATE says it.
    fn rest(&self, _cx: &Cx<'_>) -> Vec<Step> {
        Vec::new()
    }
    /// Statements that create it together with its children's fragments.
    fn create_with(&self, _fragments: &[String], cx: &Cx<'_>) -> Vec<Step> {
        self.create(cx)
    }
    /// Statements that drop it.
    fn drop(&self, cx: &Cx<'_>) -> Vec<Step>;
    /// How one becomes the other, names aside.
    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change;
    /// Statements that give it the other's name; everything above it has its new name already. None
    /// where it has no name of its own, or Postgres gives it no other.
    fn rename(&self, _new: &Self) -> Vec<Step> {
        Vec::new()
    }
    /// Whether Postgres gives it no other name where it is: constraints of a typed table keep theirs.
    fn keeps_name(&self, _from: &Catalog) -> bool {
        false
    }
    /// Statements that come to the same as one of its own, for which people who use the table would
    /// wait, and let them go on: they follow one another, with a commit where one asks for it.
    fn online(&self, _step: &Step, _cx: &Cx<'_>) -> Option<Vec<Step>> {
        None
    }
    /// Statements for objects it made implicitly, whose names follow a rename of it or above it.
    fn follow(&self, _renamed: &Self) -> Vec<Step> {
        Vec::new()
    }
    /// Whether it has to be out of the way while something it needs changes.
    fn gives_way(&self, _below: &Object, _replaced: bool) -> GivesWay {
        GivesWay::Rebuild
    }
    /// What it is for, where there is one of its kind for that.
    fn purpose(&self, _catalog: &Catalog) -> Option<Purpose> {
        None
    }
    /// What it is while it gives way with its rows kept.
    fn detached(&self, _below: &Object) -> Option<Self> {
        None
    }
    /// What of it can be created before something it needs: a column without its default.
    fn early(&self, _below: &Object) -> Option<Self> {
        None
    }
    /// Named parts that can be renamed in place: the labels of an enum.
    fn parts(&self) -> Vec<String> {
        Vec::new()
    }
    /// Statements that rename a part, and the object afterwards.
    fn rename_part(&self, _old: &str, _new: &str) -> Option<(Self, Vec<Step>)> {
        None
    }
}
