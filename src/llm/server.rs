//! The language model on a server the user named.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use caro_inference::template;

use super::prompt::{self, messages};
use super::{Ask, Backend, Draft, Error, Progress, Watch, draft};
use crate::proposal::Tier;
use crate::remote::{Chat, End, Message, Remote, Role};

/// A model on a server.
#[derive(Debug, Clone)]
pub struct Server {
    remote: Remote,
    host: String,
}

// Servers tell no probabilities, at least not alike: an answer that reads as a command here is worth a look, and no more.
const CONFIDENCE: f32 = 0.6;

const LONGEST_ANSWER: u32 = 200;

// Every example: a model on a server was not made for this.
const SHOTS: usize = usize::MAX;

impl Server {
    /// The model that `remote` leads to.
    pub fn new(remote: Remote) -> Self {
        let after_scheme = remote.base.split_once("://").map_or(remote.base.as_str(), |(_, rest)| rest);
        let host = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
        // A name and a password before the host are nobody's business.
        let host = host.rsplit('@').next().unwrap_or_default().to_owned();
        Self { remote, host }
    }

    /// What would be sent for a question, but for the key.
    pub fn preview(&self, ask: &Ask<'_>) -> serde_json::Value {
        self.remote.body(&chat(ask))
    }
}

impl Backend for Server {
    fn tier(&self) -> Tier {
        Tier::Remote
    }

    fn name(&self) -> String {
        format!("{} at {}", self.remote.model, self.host)
    }

    fn answer(&self, ask: &Ask<'_>, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Vec<Draft>, Error> {
        watch(Progress::Reading { permille: 0 });
        let mut text = String::new();
        let answer = self.remote.ask(&chat(ask), cancel, &mut |piece| {
            text.push_str(piece);
            watch(Progress::Writing(so_far(&text)));
            ControlFlow::Continue(())
        })?;
        // One that was cut off is half a command.
        let whole = (answer.end != End::Length).then_some(answer.text);
        Ok(whole.and_then(|text| draft(&text, CONFIDENCE, ask.context).ok()).into_iter().collect())
    }
}

fn chat(ask: &Ask<'_>) -> Chat {
    let turn = |prompt::Message { role, text }| {
        let role = match role {
            template::Role::System => Role::System,
            template::Role::User => Role::User,
            template::Role::Assistant => Role::Assistant,
        };
        Message { role, content: text }
    };
    Chat { messages: messages(ask, SHOTS).into_iter().map(turn).collect(), max_tokens: LONGEST_ANSWER }
}

/// The command in a reply that is still being written.
fn so_far(reply: &str) -> &str {
    let inside = reply.split_once("\"command\"").and_then(|(_, rest)| rest.split_once('"')).map(|(_, rest)| rest);
    inside.map_or("", |text| text.trim_end().trim_end_matches("\"}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::context::{Context, Os};
    use crate::net::Patience;
    use crate::shell::Shell;

    fn server(base: &str) -> Server {
        Server::new(Remote {
            base: base.to_owned(),
            model: "m".to_owned(),
            key: None,
            proxy: None,
            patience: Patience::default(),
            within: Duration::from_secs(1),
        })
    }

    #[test]
    fn it_is_known_by_its_model_and_host_and_not_by_its_password() {
        for (base, name) in [
            ("http://localhost:11434/v1", "m at localhost:11434"),
            ("https://me:secret@example.com/v1", "m at example.com"),
            ("example.com", "m at example.com"),
        ] {
            assert_eq!(server(base).name(), name);
        }
    }

    #[test]
    fn what_is_sent_is_the_question_with_examples_and_nothing_of_this_machine() {
        let mut context = Context::new(Shell::Bash, Os::Linux);
        context.home = Some("/home/ada".into());
        context.cwd = Some("/home/ada/secret".into());
        let ask = Ask { question: "list files", context: &context, shots: &[] };
        let sent = server("http://localhost/v1").preview(&ask).to_string();
        assert!(sent.contains("list files") && !sent.contains("ada"), "{sent}");
    }

    #[test]
    fn a_reply_is_shown_as_far_as_it_is_a_command() {
        for (reply, shown) in
            [("", ""), ("{\"comm", ""), ("{\"command\": \"ls -", "ls -"), ("{\"command\": \"ls\"}", "ls")]
        {
            assert_eq!(so_far(reply), shown, "{reply}");
        }
    }
}
