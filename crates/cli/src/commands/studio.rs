//! `driftless studio`: the page, served to this machine.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use driftless_diagnostic::Diagnostic;
use driftless_page::html;
use driftless_report::Sheet;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use super::report::facts::gathered;
use super::report::secret;
use crate::args::{Global, Studio};
use crate::database::{block_on_to_the_end, signal};
use crate::exit::{Exit, Result, Stop};
use crate::settings::Settings;
use crate::ui::Ui;

/// Columns of what is told instead of the page.
const WIDTH: usize = 100;

pub(crate) fn run(args: &Studio, global: &Global, ui: &mut Ui) -> Result<Exit> {
    // What is wrong with the project is told before a browser is opened.
    let first = read(args, global, ui)?;
    let listener = listen(args.port)?;
    let port = listener.local_addr().map_or(args.port, |at| at.port());
    let (tell, told) = channel();
    ui.field("url", format!("http://127.0.0.1:{port}/"));
    ui.out(&format!("http://127.0.0.1:{port}/"));
    ui.status("the page is for this machine alone; Ctrl-C ends it");
    // Reading a project blocks, so that one thread answers and this one reads.
    std::thread::spawn(move || {
        let site = Arc::new(Site {
            port,
            tell: tell.clone(),
        });
        let ended = block_on_to_the_end(serve(listener, site));
        let _ = tell.send(Event::End(ended));
    });
    until_the_end(&told, first, |ui| read(args, global, ui), ui)
}

/// What is served, to whom.
struct Site {
    port: u16,
    tell: Sender<Event>,
}

/// What the thread that serves has to say.
enum Event {
    /// Somebody visits, and waits for the page, or for why there is none.
    Visit(oneshot::Sender<std::result::Result<String, String>>),
    /// It is over.
    End(Result<()>),
}

/// The first visitor gets the first page; all others get one that was read for them.
fn until_the_end(
    told: &Receiver<Event>,
    first: String,
    again: impl Fn(&mut Ui) -> Result<String>,
    ui: &mut Ui,
) -> Result<Exit> {
    let mut first = Some(first);
    loop {
        match told.recv() {
            Ok(Event::Visit(answer)) => {
                let page = match first.take() {
                    Some(page) => Ok(page),
                    None => again(ui).map_err(|stop| words(&stop)),
                };
                let _ = answer.send(page);
            }
            Ok(Event::End(ended)) => return ended.map(|()| Exit::Ok),
            Err(_) => return Ok(Exit::Ok),
        }
    }
}

fn read(args: &Studio, global: &Global, ui: &mut Ui) -> Result<String> {
    let settings = Settings::load(global)?;
    let facts = gathered(&args.looked, &settings, ui)?;
    Ok(html(&facts, &secret()?))
}

fn listen(port: u16) -> Result<TcpListener> {
    let failed = |error: std::io::Error| {
        Diagnostic::error(
            "port-not-free",
            format!("port {port} cannot be used: {error}"),
        )
        .help("choose another one with --port, or let one be found: --port 0")
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

/// Answers until a signal ends it.
async fn serve(listener: TcpListener, site: Arc<Site>) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|error| {
        Diagnostic::error(
            "internal",
            format!("the port cannot be listened at: {error}"),
        )
    })?;
    loop {
        let stream = tokio::select! {
            () = signal() => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
        };
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, Arc::clone(&site)));
            let connection = http1::Builder::new();
            // A browser that goes away is nobody's error.
            let _ = connection
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    site: Arc<Site>,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    if let Err((status, why)) = judged(&request, site.port) {
        return Ok(text(status, why.to_owned()));
    }
    let (tell, told) = oneshot::channel();
    let _ = site.tell.send(Event::Visit(tell));
    Ok(match told.await {
        Ok(Ok(page)) => {
            let mut response = text(StatusCode::OK, page);
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, html);
            response
        }
        Ok(Err(why)) => text(StatusCode::UNPROCESSABLE_ENTITY, why),
        Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "it is ending".to_owned()),
    })
}

/// A page of another site must neither read this one nor make it read the project: names that lead
/// here by way of somebody's DNS are refused, and so is what a browser says to come from elsewhere.
fn judged(
    request: &Request<Incoming>,
    port: u16,
) -> std::result::Result<(), (StatusCode, &'static str)> {
    let header = |name| {
        let value: Option<&HeaderValue> = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is_own = |host: &str| own.iter().any(|one| one == host);
    if !header(HOST).is_some_and(is_own) {
        return Err((StatusCode::FORBIDDEN, "this page is for this machine alone"));
    }
    let origin = request.headers().get(ORIGIN).map(HeaderValue::as_bytes);
    let site = request.headers().get("sec-fetch-site");
    let is_from_here = site.is_none_or(|site| site == "none" || site == "same-origin");
    if origin.is_some() || !is_from_here {
        return Err((StatusCode::FORBIDDEN, "another site has no business here"));
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/") => Ok(()),
        _ => Err((StatusCode::NOT_FOUND, "there is nothing here")),
    }
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// All that is wrong, for whoever waits for the page.
fn words(stop: &Stop) -> String {
    let found = stop.failure.diagnostics().iter();
    let found = found.map(|one| driftless_report::diagnostic(one, Sheet::PLAIN, WIDTH));
    let mut words: Vec<String> = found.collect();
    words.push("mend that, then load this page again\n".to_owned());
    words.join("\n")
}
