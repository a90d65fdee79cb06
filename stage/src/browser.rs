//! The page inside a web view, over the `WebDriver` protocol (W3C) spoken by `WebKitWebDriver`.
//!
//! The driver starts the program itself and is asked by its own small client: four requests do not deserve a crate.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::{
    actor::Actor,
    stage::Ground,
    wait::{PATIENCE, wait_until},
};

/// A session with the web views of one program.
#[derive(Debug)]
pub struct Browser {
    port: u16,
    session: String,
    driver: Actor,
}

impl Browser {
    /// Starts `program` under the driver and waits until its first web view answers.
    pub fn launch(
        stage: &impl Ground,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        // The driver cannot be asked for a free port. Another program may take the one found here before the driver does;
        // then the driver ends, and the error says so.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = stage.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        command.env("TAURI_WEBVIEW_AUTOMATION", "true").envs(environment.iter().copied());
        let mut driver = stage.start("WebKitWebDriver", command)?;
        wait_until("WebKitWebDriver to listen", || {
            if let Some(status) = driver.ended()? {
                bail!("WebKitWebDriver ended ({status}): {}", driver.log_text());
            }
            Ok(TcpStream::connect(("127.0.0.1", port)).ok())
        })?;
        // No browserName: the driver would look for a browser of that name instead of starting the program.
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let reply = call(port, "POST", "/session", Some(&wanted))
            .with_context(|| format!("cannot start {} under WebKitWebDriver", program.display()))?;
        let session = reply["sessionId"].as_str().context("a session has an id")?.to_owned();
        Ok(Self { port, session, driver })
    }

    /// Runs `body` as a function in the page and gives what it returns; `arguments` is its `arguments`.
    pub fn script(&self, body: &str, arguments: &[&str]) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// Runs `body` until it returns something other than null and false.
    pub fn wait_script(&self, what: &str, body: &str, arguments: &[&str]) -> Result<Value> {
        wait_until(what, || {
            let value = self.script(body, arguments)?;
            Ok((!value.is_null() && value != Value::Bool(false)).then_some(value))
        })
    }

    /// The text of the first element that matches `selector`, `None` without one.
    pub fn text(&self, selector: &str) -> Result<Option<String>> {
        let value = self.script("return document.querySelector(arguments[0])?.textContent ?? null", &[selector])?;
        Ok(value.as_str().map(|text| text.trim().to_owned()))
    }

    /// The texts of all elements that match `selector`.
    pub fn texts(&self, selector: &str) -> Result<Vec<String>> {
        let body = "return [...document.querySelectorAll(arguments[0])].map(element => element.textContent)";
        let value = self.script(body, &[selector])?;
        let texts = value.as_array().context("a list was asked for")?;
        Ok(texts.iter().filter_map(Value::as_str).map(|text| text.trim().to_owned()).collect())
    }

    /// An attribute of the first element that matches `selector`, `None` without one.
    pub fn attribute(&self, selector: &str, name: &str) -> Result<Option<String>> {
        let body = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        Ok(self.script(body, &[selector, name])?.as_str().map(str::to_owned))
    }

    /// Waits for an element that matches `selector`.
    pub fn wait_element(&self, selector: &str) -> Result<()> {
        self.wait_script(selector, "return document.querySelector(arguments[0]) !== null", &[selector]).map(drop)
    }

    /// Clicks the first element that matches `selector`, by script: for what the keyboard is not meant to reach.
    pub fn click(&self, selector: &str) -> Result<()> {
        self.wait_element(selector)?;
        self.script("document.querySelector(arguments[0]).click()", &[selector]).map(drop)
    }

    /// Goes over to the web view whose page address contains `part`, waiting for it to exist.
    pub fn switch_to(&self, part: &str) -> Result<()> {
        wait_until(&format!("a web view at `{part}`"), || {
            let handles = self.get("window/handles")?;
            for handle in handles.as_array().context("handles are a list")? {
                self.post("window", &json!({ "handle": handle }))?;
                if self.get("url")?.as_str().is_some_and(|url| url.contains(part)) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
    }

    /// The driver's process: the program is a child of it.
    pub fn driver(&mut self) -> &mut Actor {
        &mut self.driver
    }

    fn get(&self, what: &str) -> Result<Value> {
        call(self.port, "GET", &format!("/session/{}/{what}", self.session), None)
    }

    fn post(&self, what: &str, body: &Value) -> Result<Value> {
        call(self.port, "POST", &format!("/session/{}/{what}", self.session), Some(body))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the program properly; the stage kills it when that fails.
        let _ = call(self.port, "DELETE", &format!("/session/{}", self.session), None);
    }
}

/// One HTTP exchange. A `WebDriver` reply is `{"value": …}`; an error's value names it.
fn call(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE + Duration::from_secs(5)))?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let (mut status, mut length) = (String::new(), None);
    reader.read_line(&mut status)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse::<usize>()?);
        }
    }
    let mut text = vec![0; length.context("WebKitWebDriver gives a length")?];
    reader.read_exact(&mut text)?;
    let mut reply: Value = serde_json::from_slice(&text)?;
    let value = reply["value"].take();
    if status.split(' ').nth(1) != Some("200") {
        return Err(anyhow!("{method} {path}: {value}"));
    }
    Ok(value)
}
