//! Where the engine gets modules from: the graph, and nothing else.

use super::graph::{File, Graph};
use super::resolve::{Resolver, SERVED, STUB, TYPES, Target};
use super::served::{self, RUNTIME};
use super::strip::Format;
use super::text;
use camino::Utf8Path;
use rquickjs::context::EvalOptions;
use rquickjs::loader::{ImportAttributes, Loader};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Exception, Function, Module, Object, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// The files of one evaluation.
pub(super) struct Host {
    pub(super) graph: RefCell<Graph>,
    pub(super) resolver: Rc<Resolver>,
}

/// `__driftless.compile`: a CommonJS file as a function.
pub(super) fn compiler<'js>(ctx: &Ctx<'js>, host: Rc<Host>) -> rquickjs::Result<Function<'js>> {
    fn compile<'js>(ctx: &Ctx<'js>, host: &Host, id: &str) -> rquickjs::Result<Function<'js>> {
        let text = {
            let graph = host.graph.borrow();
            let Some(file) = graph.file(id) else {
                return Err(Exception::throw_message(
                    ctx,
                    &format!("Cannot find module '{id}'"),
                ));
            };
            refuse_broken(ctx, file)?;
            if file.stripped.format == Format::Module {
                return Err(Exception::throw_message(
                    ctx,
                    &format!("{} is an ES module; `import` it", file.source.path()),
                ));
            }
            text::function(file)
        };
        let mut options = EvalOptions::default();
        options.strict = false;
        options.filename = Some(id.to_owned());
        ctx.eval_with_options(text, options)
    }
    Function::new(ctx.clone(), move |ctx: Ctx<'js>, id: String| {
        compile(&ctx, &host, &id)
    })
}

impl Host {
    /// The name of the module that a specifier means, for code that finds out while running.
    pub(super) fn resolve(
        &self,
        ctx: &Ctx<'_>,
        from: &str,
        specifier: &str,
    ) -> rquickjs::Result<String> {
        let known = [SERVED, STUB].iter().any(|p| specifier.starts_with(p));
        if known || specifier == TYPES || self.graph.borrow().file(specifier).is_some() {
            return Ok(specifier.to_owned());
        }
        if let Some(inner) = specifier
            .strip_prefix("./")
            .filter(|_| from.starts_with(RUNTIME))
        {
            return Ok(format!("{RUNTIME}{inner}"));
        }
        if specifier.starts_with(RUNTIME) && (from.is_empty() || from.starts_with("driftless:")) {
            return Ok(specifier.to_owned());
        }
        match self.resolver.resolve(Utf8Path::new(from), specifier) {
            Ok(target) => {
                if let Target::File(path) = &target {
                    self.graph.borrow_mut().add(path, &self.resolver);
                }
                Ok(target.id())
            }
            Err(_) => Err(Exception::throw_message(
                ctx,
                &format!("Cannot find module '{specifier}'"),
            )),
        }
    }

    pub(super) fn json(&self, ctx: &Ctx<'_>, id: &str) -> rquickjs::Result<String> {
        let graph = self.graph.borrow();
        match graph.file(id) {
            Some(file) if file.stripped.format == Format::Json => Ok(file.stripped.code.clone()),
            _ => Err(Exception::throw_message(
                ctx,
                &format!("Cannot find module '{id}'"),
            )),
        }
    }
}

/// A file that was not certain to run is refused only when it is about to.
fn refuse_broken(ctx: &Ctx<'_>, file: &File) -> rquickjs::Result<()> {
    match file.stripped.problems.first() {
        Some(problem) => Err(Exception::throw_syntax(ctx, &problem.message)),
        None => Ok(()),
    }
}

/// The engine's view of the graph.
pub(super) struct Modules(pub(super) Rc<Host>);

impl rquickjs::loader::Resolver for Modules {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        self.0.resolve(ctx, base, name)
    }
}

impl Loader for Modules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        id: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        if id.starts_with(RUNTIME) {
            return Loader::load(&mut served::COMPILED.clone(), ctx, id, None);
        }
        // Declaring a module loads what it imports: the graph must not stay borrowed.
        let (text, meta) = {
            let graph = self.0.graph.borrow();
            let file = graph.file(id);
            if let Some(file) = file {
                refuse_broken(ctx, file)?;
            }
            let meta = file.is_some_and(|f| f.stripped.code.contains("import.meta"));
            (text::of(&graph, id), meta)
        };
        let Some(text) = text else {
            return Err(Error::new_loading(id));
        };
        let module = Module::declare(ctx.clone(), id, text)?;
        if meta {
            let path = Utf8Path::new(id);
            let object = module.meta()?;
            object.set("url", format!("file://{id}"))?;
            object.set("filename", id)?;
            object.set("dirname", path.parent().map_or("/", Utf8Path::as_str))?;
            object.set("main", false)?;
            let process: Object<'js> = ctx.globals().get("process")?;
            object.set("env", process.get::<_, Value<'js>>("env")?)?;
        }
        Ok(module)
    }
}
