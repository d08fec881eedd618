//! QuickJS with our loader, our limits and nothing else: no files, no network, no process.

use super::Limits;
use super::graph::Graph;
use super::loader::{self, Host, Modules};
use super::resolve::Resolver;
use super::rewrite::WHOLE;
use super::served::RUNTIME;
use camino::{Utf8Path, Utf8PathBuf};
use rquickjs::{Array, Coerced, Context, Ctx, Error, Function, Module, Object, Runtime, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

/// Garbage is left lying until there is this much: a schema makes little of it.
const GARBAGE: usize = 64 << 20;

/// One evaluation of files that have been scanned and linked.
pub(super) struct Engine<'a> {
    pub(super) resolver: &'a Rc<Resolver>,
    pub(super) root: &'a Utf8Path,
    pub(super) env: &'a BTreeMap<String, String>,
    pub(super) limits: &'a Limits,
    pub(super) deadline: Instant,
    /// Whether objects should remember where they were made.
    pub(super) positions: bool,
}

/// An engine that has done its work.
pub(super) struct Spent(
    #[expect(dead_code, reason = "kept to be dropped")] Context,
    #[expect(dead_code, reason = "kept to be dropped")] Runtime,
);

/// What is done with the files once they have run.
pub(super) enum Then<'a> {
    /// Extract the schema; the files' names for people, and `options` as JSON.
    Extract(&'a [String], &'a str),
    /// Describe the one file's default export.
    Describe,
}

/// Why a file did not run to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thrown {
    pub(super) reason: Reason,
    /// `TypeError: not a function`.
    pub(super) message: String,
    pub(super) stack: String,
    /// The file of the schema that was being run.
    pub(super) entry: Option<Utf8PathBuf>,
}

/// The kinds of ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The code threw.
    Exception,
    /// The deadline passed.
    Time,
    /// The memory limit was reached.
    Memory,
    /// Calls were nested too deeply.
    Recursion,
    /// A top-level `await` of something that never comes.
    Await,
}

impl Engine<'_> {
    /// Runs the files in order and hands their exports to `then`; gives the graph back, since
    /// running may have added files to it, and the engine, which is not quick to take apart.
    pub(super) fn run(
        &self,
        graph: Graph,
        entries: &[Utf8PathBuf],
        then: &Then<'_>,
    ) -> (Graph, Result<String, Vec<Thrown>>, Option<Spent>) {
        let host = Rc::new(Host {
            graph: RefCell::new(graph),
            resolver: self.resolver.clone(),
        });
        let late = Rc::new(Cell::new(false));
        let (runtime, context) = match self.start(&host, &late) {
            Ok(started) => started,
            Err(error) => {
                let thrown = vec![Thrown::internal(&error.to_string())];
                return (host.graph.take(), Err(thrown), None);
            }
        };
        let result = context.with(|ctx| self.inside(&ctx, &host, &late, entries, then));
        let result = result.map_err(|thrown| self.judged(thrown, late.get(), &runtime));
        (host.graph.take(), result, Some(Spent(context, runtime)))
    }

    fn start(
        &self,
        host: &Rc<Host>,
        late: &Rc<Cell<bool>>,
    ) -> rquickjs::Result<(Runtime, Context)> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(self.limits.memory);
        runtime.set_max_stack_size(super::STACK / 2);
        runtime.set_gc_threshold(GARBAGE.min(self.limits.memory / 2));
        let deadline = self.deadline;
        let late = late.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || {
            let over = Instant::now() >= deadline;
            late.set(late.get() || over);
            over
        })));
        runtime.set_loader(Modules(host.clone()), Modules(host.clone()));
        let context = Context::full(&runtime)?;
        Ok((runtime, context))
    }

    fn inside(
        &self,
        ctx: &Ctx<'_>,
        host: &Rc<Host>,
        late: &Cell<bool>,
        entries: &[Utf8PathBuf],
        then: &Then<'_>,
    ) -> Result<String, Vec<Thrown>> {
        let one = |error| vec![Thrown::from(ctx, &error)];
        let import = |id: &str| self.import(ctx, id, late);
        self.globals(ctx, host).map_err(one)?;
        import(&format!("{RUNTIME}globals.js")).map_err(one)?;
        let mut thrown: Vec<Thrown> = Vec::new();
        let mut exports = Vec::new();
        for entry in entries {
            match import(entry.as_str()) {
                Ok(namespace) => exports.push(namespace),
                Err(error) => {
                    let mut found = Thrown::from(ctx, &error);
                    found.entry = Some(entry.clone());
                    // Files that import the one that failed fail in the same way.
                    if !thrown
                        .iter()
                        .any(|t| t.message == found.message && t.stack == found.stack)
                    {
                        thrown.push(found);
                    }
                    if thrown.last().is_some_and(|t| t.reason != Reason::Exception) {
                        break;
                    }
                }
            }
        }
        if !thrown.is_empty() {
            return Err(thrown);
        }
        match then {
            Then::Extract(names, options) => import(&format!("{RUNTIME}extract.js"))
                .and_then(|module| extract(ctx, &module, &exports, names, options)),
            Then::Describe => import(&format!("{RUNTIME}config.js"))
                .and_then(|module| describe(ctx, &module, &exports)),
        }
        .map_err(one)
    }

    fn globals(&self, ctx: &Ctx<'_>, host: &Rc<Host>) -> rquickjs::Result<()> {
        let object = Object::new(ctx.clone())?;
        let env = Object::new(ctx.clone())?;
        for (name, value) in self.env {
            env.set(name.as_str(), value.as_str())?;
        }
        object.set("env", env)?;
        object.set("root", self.root.as_str())?;
        object.set("positions", self.positions)?;
        let with = host.clone();
        let resolve = move |ctx: Ctx<'_>, from: String, specifier: String| {
            with.resolve(&ctx, &from, &specifier)
        };
        object.set("resolve", Function::new(ctx.clone(), resolve)?)?;
        let with = host.clone();
        let read = move |ctx: Ctx<'_>, id: String| with.json(&ctx, &id);
        object.set("read", Function::new(ctx.clone(), read)?)?;
        object.set("compile", loader::compiler(ctx, host.clone())?)?;
        ctx.globals().set("__driftless", object)
    }

    /// Imports a module and lets pending jobs run until it is done.
    fn import<'js>(
        &self,
        ctx: &Ctx<'js>,
        id: &str,
        late: &Cell<bool>,
    ) -> rquickjs::Result<Object<'js>> {
        let promise = Module::import(ctx, id)?;
        let mut grace = 100;
        loop {
            if let Some(result) = promise.result() {
                return result;
            }
            // Each of endlessly many jobs may be too short to be interrupted.
            late.set(late.get() || Instant::now() >= self.deadline);
            if late.get() {
                // A few more carry the news of an interruption to whom it concerns.
                grace -= 1;
            }
            if grace == 0 || !ctx.execute_pending_job() {
                return Err(Error::WouldBlock);
            }
        }
    }

    /// Tells limits from what code and engine made of reaching them.
    fn judged(&self, mut thrown: Vec<Thrown>, late: bool, runtime: &Runtime) -> Vec<Thrown> {
        if late {
            thrown.truncate(1);
        }
        for thrown in &mut thrown {
            // Without memory for an exception, nothing at all is thrown, or `null`.
            let silent = thrown.reason == Reason::Await || thrown.message == "null";
            if late {
                thrown.reason = Reason::Time;
            } else if silent && self.is_full(runtime) {
                thrown.reason = Reason::Memory;
            }
        }
        thrown
    }

    fn is_full(&self, runtime: &Runtime) -> bool {
        let used = usize::try_from(runtime.memory_usage().malloc_size).unwrap_or(usize::MAX);
        used > self.limits.memory / 2
    }
}

/// A file's exports: the namespace, or for CommonJS and data the value itself.
fn whole<'js>(namespace: &Object<'js>) -> rquickjs::Result<Value<'js>> {
    if namespace.contains_key(WHOLE)? {
        namespace.get(WHOLE)
    } else {
        Ok(namespace.clone().into_value())
    }
}

fn extract<'js>(
    ctx: &Ctx<'js>,
    module: &Object<'js>,
    exports: &[Object<'js>],
    names: &[String],
    options: &str,
) -> rquickjs::Result<String> {
    let extract: Function<'js> = module.get("extract")?;
    let files = Array::new(ctx.clone())?;
    for (at, (namespace, name)) in exports.iter().zip(names).enumerate() {
        let file = Object::new(ctx.clone())?;
        file.set("path", name.as_str())?;
        file.set("exports", whole(namespace)?)?;
        files.set(at, file)?;
    }
    let options = ctx.json_parse(options)?;
    extract.call((files, options))
}

fn describe<'js>(
    ctx: &Ctx<'js>,
    module: &Object<'js>,
    exports: &[Object<'js>],
) -> rquickjs::Result<String> {
    let describe: Function<'js> = module.get("describe")?;
    let value = match exports.first() {
        Some(namespace) if namespace.contains_key("default")? => namespace.get("default")?,
        Some(namespace) => namespace.clone().into_value(),
        None => Value::new_undefined(ctx.clone()),
    };
    describe.call((value,))
}

impl Thrown {
    fn internal(message: &str) -> Self {
        Self {
            reason: Reason::Exception,
            message: message.to_owned(),
            stack: String::new(),
            entry: None,
        }
    }

    fn from(ctx: &Ctx<'_>, error: &Error) -> Self {
        match error {
            Error::Exception => Self::caught(&ctx.catch()),
            Error::WouldBlock => Self {
                reason: Reason::Await,
                ..Self::internal("a top-level await waits for what never comes")
            },
            other => Self::internal(&other.to_string()),
        }
    }

    fn caught(value: &Value<'_>) -> Self {
        let thrown = Self::told(value);
        // What looking at the value threw in turn is of no interest, and must not stay pending.
        let _ = value.ctx().catch();
        thrown
    }

    fn told(value: &Value<'_>) -> Self {
        let Some(object) = value.as_object() else {
            let text = value.get::<Coerced<String>>();
            return Self::internal(&text.map_or_else(|_| "a symbol".to_owned(), |text| text.0));
        };
        let field = |name: &str| object.get::<_, String>(name).unwrap_or_default();
        let (name, message) = (field("name"), field("message"));
        let reason = match message.as_str() {
            "out of memory" | "string too long" => Reason::Memory,
            "Maximum call stack size exceeded" | "stack overflow" => Reason::Recursion,
            _ => Reason::Exception,
        };
        let message = match (name.as_str(), message.as_str()) {
            ("", "") => "an object without a message was thrown".to_owned(),
            ("" | "Error", _) => message,
            _ => format!("{name}: {message}"),
        };
        Self {
            reason,
            message,
            stack: field("stack"),
            entry: None,
        }
    }
}
