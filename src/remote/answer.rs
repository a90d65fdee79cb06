//! The JSON of an answer: whole, or the part of it one event brings.

use serde::Deserialize;
use serde_json::Value;

use super::End;

/// What one event brings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Some text, perhaps none, and the end when this is it.
    Text {
        /// The text.
        text: String,
        /// Why there will be no more.
        end: Option<End>,
    },
    /// The server would rather not.
    Complaint(String),
}

#[derive(Debug, Deserialize)]
struct Reply {
    #[serde(default)]
    choices: Vec<Choice>,
    error: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(alias = "message")]
    delta: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Said {
    content: Option<String>,
}

/// Reads one event.
pub(super) fn part(event: &str) -> Result<Part, String> {
    read(event.as_bytes())
}

/// Reads an answer that was not streamed.
pub(super) fn whole(body: &[u8]) -> Result<Part, String> {
    match read(body)? {
        Part::Text { text, .. } if text.is_empty() => Err("an answer without a text".to_owned()),
        part => Ok(part),
    }
}

fn read(json: &[u8]) -> Result<Part, String> {
    let reply: Reply = serde_json::from_slice(json).map_err(|error| format!("no JSON of a chat ({error})"))?;
    if let Some(error) = reply.error.as_ref().filter(|error| !error.is_null()) {
        return Ok(Part::Complaint(words_of(error)));
    }
    let Some(choice) = reply.choices.into_iter().next() else {
        // The numbers at the end of a stream come without a choice.
        return Ok(Part::Text { text: String::new(), end: None });
    };
    let text = choice.delta.and_then(|said| said.content).unwrap_or_default();
    let end = choice.finish_reason.map(|reason| if reason == "length" { End::Length } else { End::Finished });
    Ok(Part::Text { text, end })
}

/// What the body of a refusal says, when it says something.
pub(super) fn complaint(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    // `{"error": {"message"}}` of most, `{"error": "…"}` of Ollama, `{"message"}` of vLLM, `{"detail"}` of FastAPI.
    ["error", "message", "detail"].iter().find_map(|key| body.get(*key)).map(words_of)
}

fn words_of(error: &Value) -> String {
    let words = error.get("message").unwrap_or(error);
    words.as_str().map_or_else(|| words.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_many_servers_are_read() {
        let text = |text: &str, end| Part::Text { text: text.to_owned(), end };
        for (event, wanted) in [
            (r#"{"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}"#, text("", None)),
            (r#"{"choices":[{"delta":{"content":"ls"}}]}"#, text("ls", None)),
            (r#"{"choices":[{"delta":{"content":null}}]}"#, text("", None)),
            (r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, text("", Some(End::Finished))),
            (r#"{"choices":[{"delta":{"content":"x"},"finish_reason":"length"}]}"#, text("x", Some(End::Length))),
            (r#"{"choices":[],"usage":{"total_tokens":3}}"#, text("", None)),
            (r#"{"choices":[{"message":{"content":"ls"},"finish_reason":"stop"}]}"#, text("ls", Some(End::Finished))),
            (r#"{"error":{"message":"no such model","code":404}}"#, Part::Complaint("no such model".to_owned())),
            (r#"{"error":"no such model"}"#, Part::Complaint("no such model".to_owned())),
        ] {
            assert_eq!(part(event), Ok(wanted), "{event}");
        }
        for event in ["", "null", "[]", "{\"choices\":7}", "{\"choices\":[{\"delta\":{\"content\":{}}}]}", "<html>"] {
            assert!(part(event).is_err(), "{event}");
        }
        assert!(whole(b"{}").is_err());
    }

    #[test]
    fn a_complaint_is_found_wherever_a_server_puts_it() {
        let words = |body: &str| complaint(body.as_bytes());
        assert_eq!(words(r#"{"error":{"message":"a"}}"#).as_deref(), Some("a"));
        assert_eq!(words(r#"{"error":"b"}"#).as_deref(), Some("b"));
        assert_eq!(words(r#"{"object":"error","message":"c"}"#).as_deref(), Some("c"));
        assert_eq!(words(r#"{"detail":[1]}"#).as_deref(), Some("[1]"));
        assert_eq!(words("<html>"), None);
    }
}
