//! A headless Chromium, spoken to by way of chromedriver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A browser with one window; it ends with this.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: tempfile::TempDir,
}

impl Browser {
    /// Nothing where Chromium or its driver is not installed, and says so.
    pub(crate) fn start() -> Option<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = driver else {
            println!("skipped: no chromedriver on this machine");
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        })?;
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            port,
            session: String::new(),
            profile,
        };
        let folder = browser.profile.path().display();
        let args: Vec<String> = [
            "headless",
            "no-sandbox",
            "disable-gpu",
            "disable-quic",
            "no-first-run",
            "disable-background-networking",
            "disable-component-update",
            "disable-sync",
            "disable-dev-shm-usage",
            "window-size=1500,950",
        ]
        .map(|flag| format!("--{flag}"))
        .into_iter()
        .chain([format!("--user-data-dir={folder}")])
        .collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let opened = browser.ask("POST", "/session", &wanted);
        let session = opened["sessionId"].as_str();
        let session = session.unwrap_or_else(|| panic!("no Chromium: {opened}"));
        session.clone_into(&mut browser.session);
        Some(browser)
    }

    pub(crate) fn visit(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Visits the page and waits until it can be used.
    pub(crate) fn open(&self, url: &str) {
        self.visit(url);
        self.wait("document.documentElement.dataset.ready === 'true'");
    }

    /// The value of an expression.
    pub(crate) fn value(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    pub(crate) fn wait(&self, condition: &str) {
        for _ in 0..600 {
            if self.value(condition) == true {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("never: {condition}");
    }

    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        let clicked = self.post(&format!("/element/{element}/click"), &json!({}));
        assert!(
            clicked["error"].is_null(),
            "{selector}: {}",
            clicked["message"]
        );
    }

    /// Presses keys where the focus is; `\u{E007}` is Enter, `\u{E00C}` Escape.
    pub(crate) fn keys(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                let press = |what: &str| json!({ "type": what, "value": key.to_string() });
                [press("keyDown"), press("keyUp")]
            })
            .collect();
        let all = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.post("/actions", &all);
    }

    /// What the console said that is an error, and requests to anything but this address.
    pub(crate) fn complaints(&self, own: &str) -> Vec<String> {
        let mut found = Vec::new();
        let said = self.post("/se/log", &json!({ "type": "browser" }));
        for line in said.as_array().into_iter().flatten() {
            if line["level"] == "SEVERE" {
                found.push(line["message"].to_string());
            }
        }
        let sent = self.post("/se/log", &json!({ "type": "performance" }));
        for line in sent.as_array().into_iter().flatten() {
            let message: Value =
                serde_json::from_str(line["message"].as_str().unwrap_or("{}")).unwrap();
            if message["message"]["method"] == "Network.requestWillBeSent" {
                let url = message["message"]["params"]["request"]["url"].as_str();
                let url = url.unwrap_or_default();
                // What the browser's own first window asks for is its own business.
                let is_ours = [own, "data:", "chrome"]
                    .iter()
                    .any(|one| url.starts_with(one));
                if !is_ours {
                    found.push(format!("asked for {url}"));
                }
            }
        }
        found
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post(
            "/element",
            &json!({ "using": "css selector", "value": selector }),
        );
        let id = found.as_object().and_then(|found| found.values().next());
        id.and_then(Value::as_str)
            .unwrap_or_else(|| panic!("there is no {selector}: {found}"))
            .to_owned()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", &format!("/session/{}{path}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let text = request(
            self.port,
            &format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            ),
        );
        let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let answer: Value = serde_json::from_str(body).unwrap_or_default();
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.ask("DELETE", &format!("/session/{}", self.session), &json!({}));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Sends a request as it is to this machine; the whole answer. Not every server ends the connection
/// after it.
pub(crate) fn request(port: u16, text: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let patience = std::time::Duration::from_mins(1);
    stream.set_read_timeout(Some(patience)).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return head;
        }
        head += &line;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    head + &String::from_utf8_lossy(&body)
}
