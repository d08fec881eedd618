//! `driftless studio`: the page, served to this machine.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use driftless_diagnostic::Diagnostic;
use driftless_page::{Live, html};
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

pub(crate) fn run(args: &Studio, global: &Global, ui: &mut Ui) -> Result<Exit> {
    let token = secret()?;
    // What is wrong with the project is told before a browser is opened.
    let page = read(args, global, &token, ui)?;
    let listener = listen(args.port)?;
    let port = listener.local_addr().map_or(args.port, |at| at.port());
    let (tell, told) = channel();
    let site = Arc::new(Site {
        page: Mutex::new(page),
        port,
        token,
        tell,
    });
    ui.field("url", format!("http://127.0.0.1:{port}/"));
    ui.out(&format!("http://127.0.0.1:{port}/"));
    ui.status("the page is for this machine alone; Ctrl-C ends it");
    // Reading a project blocks, so that one thread answers and this one reads.
    let served = Arc::clone(&site);
    std::thread::spawn(move || {
        let end = served.tell.clone();
        let ended = block_on_to_the_end(serve(listener, served));
        let _ = end.send(Event::End(ended));
    });
    until_the_end(&told, &site, |ui| read(args, global, &site.token, ui), ui)
}

/// What is served, to whom.
struct Site {
    page: Mutex<String>,
    port: u16,
    token: String,
    tell: Sender<Event>,
}

/// What the thread that serves has to say.
enum Event {
    /// Somebody asks for a new reading, and waits for what comes of it.
    Refresh(oneshot::Sender<std::result::Result<(), String>>),
    /// It is over.
    End(Result<()>),
}

fn until_the_end(
    told: &Receiver<Event>,
    site: &Site,
    again: impl Fn(&mut Ui) -> Result<String>,
    ui: &mut Ui,
) -> Result<Exit> {
    loop {
        match told.recv() {
            Ok(Event::Refresh(answer)) => {
                let read = again(ui).map_err(|stop| first(&stop));
                let outcome = read.map(|new| {
                    *site.page.lock().unwrap_or_else(PoisonError::into_inner) = new;
                });
                let _ = answer.send(outcome);
            }
            Ok(Event::End(ended)) => return ended.map(|()| Exit::Ok),
            Err(_) => return Ok(Exit::Ok),
        }
    }
}

fn read(args: &Studio, global: &Global, token: &str, ui: &mut Ui) -> Result<String> {
    let settings = Settings::load(global)?;
    let facts = gathered(&args.looked, &settings, ui)?;
    let live = Live {
        token: token.to_owned(),
    };
    Ok(html(&facts, &secret()?, Some(&live)))
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
    Ok(match judged(&request, &site) {
        Err((status, why)) => text(status, why.to_owned()),
        Ok(Wish::Page) => {
            let page = site.page.lock().unwrap_or_else(PoisonError::into_inner);
            let mut response = text(StatusCode::OK, page.clone());
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, html);
            response
        }
        Ok(Wish::Refresh) => {
            let (tell, told) = oneshot::channel();
            let _ = site.tell.send(Event::Refresh(tell));
            match told.await {
                Ok(Ok(())) => text(StatusCode::OK, String::new()),
                Ok(Err(why)) => text(StatusCode::UNPROCESSABLE_ENTITY, why),
                Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "it is ending".to_owned()),
            }
        }
    })
}

enum Wish {
    Page,
    Refresh,
}

/// A page of another site must neither read this one nor make anything happen: names that lead here by
/// way of somebody's DNS are refused, and so is what lacks the token.
fn judged(
    request: &Request<Incoming>,
    site: &Site,
) -> std::result::Result<Wish, (StatusCode, &'static str)> {
    let header = |name| {
        let value: Option<&HeaderValue> = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let own = [
        format!("127.0.0.1:{}", site.port),
        format!("localhost:{}", site.port),
    ];
    let is_own = |host: &str| own.iter().any(|one| one == host);
    if !header(HOST).is_some_and(is_own) {
        return Err((StatusCode::FORBIDDEN, "this page is for this machine alone"));
    }
    if let Some(origin) = header(ORIGIN)
        && !origin.strip_prefix("http://").is_some_and(is_own)
    {
        return Err((StatusCode::FORBIDDEN, "another site has no business here"));
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/") => Ok(Wish::Page),
        (&Method::POST, "/refresh") => {
            let token = request.headers().get("x-driftless-token");
            let token = token.map_or(&b""[..], HeaderValue::as_bytes);
            if same(token, site.token.as_bytes()) {
                Ok(Wish::Refresh)
            } else {
                Err((StatusCode::FORBIDDEN, "the token is missing or another"))
            }
        }
        _ => Err((StatusCode::NOT_FOUND, "there is nothing here")),
    }
}

/// In a time that says nothing about where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differ = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differ == 0
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

fn first(stop: &Stop) -> String {
    let found = stop.failure.diagnostics().first();
    found.map_or_else(|| "it failed".to_owned(), |one| one.message.clone())
}
