//! A real browser without a window, driven over the DevTools protocol.
#![allow(dead_code, reason = "each file of tests takes what it needs")]
#![allow(clippy::unwrap_used)]

use std::env;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Browser {
    process: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    calls: u64,
    /// What happened meanwhile.
    pub events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The browser of this machine; where there is none, a word about it and no test, or with `AGGLO_BROWSER=required` a fault.
fn program() -> Option<PathBuf> {
    let named = env::var_os("AGGLO_CHROMIUM").map(PathBuf::from);
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let known = ["chromium", "chromium-browser", "google-chrome"];
    let found = known.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let program = named.into_iter().chain(found).find(|path| path.is_file());
    if program.is_none() {
        let required = env::var("AGGLO_BROWSER").is_ok_and(|value| value == "required");
        assert!(!required, "there is no Chromium, and AGGLO_BROWSER=required asks for one");
        eprintln!("skipped: no Chromium in PATH or AGGLO_CHROMIUM");
    }
    program
}

impl Browser {
    /// A browser with an empty page, without a network; `None` where there is none on this machine.
    pub fn start() -> Option<Self> {
        let program = program()?;
        let profile = tempfile::tempdir().unwrap();
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--window-size=1280,900",
            "about:blank",
        ];
        let process = Command::new(program)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = address(&profile.path().join("DevToolsActivePort"));
        let (socket, _) = tungstenite::connect(address).unwrap();
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
        }
        let mut browser = Self { process, socket, session: None, calls: 0, events: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let session = browser.call("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Calls a method and gives its result.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let answer = self.receive();
            if answer["id"] == self.calls {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn receive(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().unwrap() {
                return serde_json::from_str(text.as_str()).unwrap();
            }
        }
    }

    /// Opens a file, with an anchor or nothing behind it, and waits until it is loaded.
    pub fn open(&mut self, file: &Path, anchor: &str) {
        for url in ["about:blank".to_owned(), format!("file://{}{anchor}", file.display())] {
            self.events.clear();
            self.call("Page.navigate", json!({"url": url}));
            self.wait("Page.loadEventFired");
            // The event may still be that of the page before.
            let there = format!(
                "document.readyState === 'complete' && location.protocol === {:?}",
                &url[..url.find(':').unwrap_or(0) + 1]
            );
            while self.eval(&there) != true {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }

    /// Waits for an event.
    pub fn wait(&mut self, event: &str) {
        while !self.events.iter().any(|other| other["method"] == event) {
            let next = self.receive();
            self.events.push(next);
        }
    }

    /// What an expression of the page is; promises are waited for.
    pub fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Moves, presses or releases the mouse.
    pub fn mouse(&mut self, kind: &str, [x, y]: [f64; 2], shift: bool) {
        let buttons = if kind == "mouseMoved" { "none" } else { "left" };
        let params = json!({"type": kind, "x": x, "y": y, "button": buttons, "clickCount": 1, "modifiers": if shift { 8 } else { 0 }});
        self.call("Input.dispatchMouseEvent", params);
    }

    /// Clicks.
    pub fn click(&mut self, at: [f64; 2], shift: bool) {
        ["mouseMoved", "mousePressed", "mouseReleased"].into_iter().for_each(|kind| self.mouse(kind, at, shift));
    }

    /// Presses a key.
    pub fn key(&mut self, key: &str) {
        for kind in ["rawKeyDown", "keyUp"] {
            let code = match key {
                "Escape" => 27,
                "Enter" => 13,
                "Tab" => 9,
                _ => 39,
            };
            let params = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// A point of the page where an element is on top, with the element scrolled into view.
    pub fn point(&mut self, selector: &str) -> [f64; 2] {
        let found = self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center', behavior: 'instant'}});
             const b = e.getBoundingClientRect();
             for (let i = 1; i < 16; i++) for (let j = 1; j < 16; j++) {{
               const x = b.left + b.width * i / 16, y = b.top + b.height * j / 16;
               const hit = document.elementFromPoint(x, y);
               if (hit === e || e.contains(hit)) return [x, y];
             }} }})()"
        ));
        [0, 1].map(|i| found[i].as_f64().unwrap_or_else(|| panic!("nothing of {selector} is on top")))
    }
}

/// The address that the browser listens at, once it says so.
fn address(file: &Path) -> String {
    let start = Instant::now();
    loop {
        if let Some((port, path)) =
            fs::read_to_string(file).ok().as_deref().and_then(|text| text.trim().split_once('\n'))
        {
            return format!("ws://127.0.0.1:{port}{path}");
        }
        assert!(start.elapsed() < PATIENCE, "the browser does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
}
