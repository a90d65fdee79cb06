//! A language model on another machine, by the protocol most servers speak: `OpenAI`'s chat completions, streamed.
//!
//! Invariants: nothing is sent but what [`Remote::body`] shows; every answer ends, by itself or by a limit; a request is sent again
//! only while nothing of an answer has been handed out. What is not here: what is asked, and whether the text is any good.

mod answer;
mod events;

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::net::{Call, Client, Fault, Head, Patience, Proxy, Redirects, Rest, Secret, pause};
use answer::{Part, complaint, part, whole};
use events::Events;

/// No token of any model is longer, so an answer of more bytes than this for each token asked for has no end.
const BYTES_A_TOKEN: u64 = 128;
/// What a stream may have besides the text: names, numbers, comments that keep a connection alive.
const WRAPPING: u64 = 4 << 20;
const LONGEST_COMPLAINT: u64 = 64 << 10;

/// A server, and the model on it.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Its address up to the version: `https://api.openai.com/v1`, `http://localhost:11434/v1`.
    pub base: String,
    /// The model, as the server calls it.
    pub model: String,
    /// Says who asks. It is sent over HTTPS, or to this machine, and else not.
    pub key: Option<Secret>,
    /// The way to it.
    pub proxy: Option<Proxy>,
    /// How long to wait for each step.
    pub patience: Patience,
    /// How long the whole answer may take.
    pub within: Duration,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// How many tokens the answer may have.
    pub max_tokens: u32,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What holds for the whole conversation.
    System,
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// All of the text.
    pub text: String,
    /// Why there is no more of it.
    pub end: End,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The model had no more to say.
    Finished,
    /// It had more to say than was asked for.
    Length,
    /// Whoever listened had enough.
    Enough,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server could not be asked, or did not answer.
    #[error(transparent)]
    Net(#[from] Fault),
    /// It understood and would not.
    #[error("{host} refuses: {message}")]
    Refused {
        /// Its name.
        host: String,
        /// Its words.
        message: String,
    },
    /// It did not stop.
    #[error("{host} answers without end")]
    Endless {
        /// Its name.
        host: String,
    },
}

impl Remote {
    /// What is sent, and all that is sent but for the key.
    #[must_use]
    pub fn body(&self, chat: &Chat) -> Value {
        json!({
            "model": self.model,
            "messages": chat.messages,
            "max_tokens": chat.max_tokens,
            "temperature": 0,
            "stream": true,
        })
    }

    /// Asks, and hands out the text as it comes. `hear` ends the answer by breaking.
    ///
    /// # Errors
    /// When there is no answer, or only a part of one. What was handed out by then is no answer.
    pub fn ask(
        &self,
        chat: &Chat,
        cancel: &AtomicBool,
        hear: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<Answer, Error> {
        let client = Client::new(self.patience, self.proxy.as_ref());
        let end = Instant::now() + self.within;
        let mut failed = 0;
        loop {
            let mut text = String::new();
            let attempt = self.attempt(&client, chat, &mut Reading { cancel, end, text: &mut text, hear });
            let fault = match attempt {
                Ok(end) => return Ok(Answer { text, end }),
                Err(Error::Net(fault)) if text.is_empty() => fault,
                Err(error) => return Err(error),
            };
            failed += 1;
            match self.patience.wait_after(failed, &fault) {
                Some(wait) if Instant::now() + wait < end => pause(wait, cancel)?,
                _ => return Err(fault.into()),
            }
        }
    }

    fn attempt(&self, client: &Client, chat: &Chat, reading: &mut Reading<'_>) -> Result<End, Error> {
        let call = Call {
            method: Method::POST,
            url: format!("{}/chat/completions", self.base.trim_end_matches('/')),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("accept", "text/event-stream, application/json".to_owned()),
            ],
            secret: self.key.clone(),
            body: Some(self.body(chat).to_string().into_bytes()),
            // A question is for one server. Where another is meant, the setting says so.
            redirects: Redirects::Nowhere,
        };
        let (head, rest) = client.send(call, reading.cancel)?;
        let host = head.host.clone();
        match head.fault() {
            Some(Fault::Failed { status, .. }) if status < 500 => {
                let body = reading.all(&rest, &host, LONGEST_COMPLAINT)?;
                let message = complaint(&body).unwrap_or_else(|| format!("status {status}"));
                return Err(self.refusal(host, &message));
            }
            Some(fault) => return Err(fault.into()),
            None if head.status >= 300 => {
                return Err(Fault::Garbled { host, what: "it sends elsewhere".to_owned() }.into());
            }
            None => {}
        }
        let most = u64::from(chat.max_tokens).saturating_mul(BYTES_A_TOKEN);
        if head.text("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            let body = reading.all(&rest, &host, most.saturating_add(WRAPPING))?;
            let part = whole(&body).map_err(|what| Fault::Garbled { host: host.clone(), what })?;
            return self.take(part, &host, most, reading).map(|end| end.unwrap_or(End::Finished));
        }
        self.stream(&head, &rest, most, reading)
    }

    fn stream(&self, head: &Head, rest: &Rest, most: u64, reading: &mut Reading<'_>) -> Result<End, Error> {
        let host = &head.host;
        let odd = |what: String| Fault::Garbled { host: host.clone(), what };
        let mut events = Events::default();
        let mut came = 0_u64;
        let mut ended = None;
        while let Some(bytes) = reading.next(rest, host)? {
            came += bytes.len() as u64;
            if came > most.saturating_mul(4).saturating_add(WRAPPING) {
                return Err(Error::Endless { host: host.clone() });
            }
            for event in events.feed(&bytes).map_err(odd)? {
                if event == "[DONE]" {
                    return Ok(ended.unwrap_or(End::Finished));
                }
                let part = part(&event).map_err(odd)?;
                match self.take(part, host, most, reading)? {
                    Some(End::Enough) => return Ok(End::Enough),
                    // Numbers may follow; the text is whole.
                    Some(end) => ended = Some(end),
                    None => {}
                }
            }
        }
        // Some servers end without the last word; none ends without the reason.
        ended.ok_or_else(|| Fault::Cut { host: host.clone(), reason: "the answer has no end".to_owned() }.into())
    }

    /// Hands out what one event brought.
    fn take(&self, part: Part, host: &str, most: u64, reading: &mut Reading<'_>) -> Result<Option<End>, Error> {
        match part {
            Part::Complaint(message) => Err(self.refusal(host.to_owned(), &message)),
            Part::Text { text, end } => {
                reading.text.push_str(&text);
                if reading.text.len() as u64 > most {
                    return Err(Error::Endless { host: host.to_owned() });
                }
                if !text.is_empty() && (reading.hear)(&text).is_break() {
                    return Ok(Some(End::Enough));
                }
                Ok(end)
            }
        }
    }

    /// A server's own words, short, and without the key: some repeat the key they do not like.
    fn refusal(&self, host: String, message: &str) -> Error {
        let mut message: String = message.chars().take(300).collect();
        if let Some(key) = &self.key {
            message = message.replace(key.reveal(), "…");
        }
        Error::Refused { host, message }
    }
}

/// An answer while it comes.
struct Reading<'a> {
    cancel: &'a AtomicBool,
    end: Instant,
    text: &'a mut String,
    hear: &'a mut dyn FnMut(&str) -> ControlFlow<()>,
}

impl Reading<'_> {
    fn next(&self, rest: &Rest, host: &str) -> Result<Option<Vec<u8>>, Error> {
        if Instant::now() > self.end {
            return Err(Error::Endless { host: host.to_owned() });
        }
        Ok(rest.next(self.cancel)?)
    }

    fn all(&self, rest: &Rest, host: &str, most: u64) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(bytes) = self.next(rest, host)? {
            body.extend(bytes);
            if body.len() as u64 > most {
                return Err(Error::Endless { host: host.to_owned() });
            }
        }
        Ok(body)
    }
}
