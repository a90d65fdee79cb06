//! What somebody can paste into a report: the state of the app without anything of its user's.
//!
//! Invariant: versions, choices from fixed lists, numbers and codes. A path, an address, a name the user gave to something, a
//! question or a command is said to be there, and not what it is. A test looks for each.

use std::fmt::Write as _;

use caro::config::Settings;
use caro::weights::Catalog;
use serde_json::json;

use crate::log::code;
use crate::view::StatusView;

/// The text, one fact a line; `log` are the last lines of the log.
pub fn text(settings: &Settings, status: &StatusView, log: &[String]) -> String {
    let mut text = String::new();
    let word = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let notices: Vec<&str> = status.notices.iter().map(|notice| code(&notice.code)).collect();
    let model = settings.model.as_deref().map_or("none", |id| {
        // The name of a file of the user's own may say anything.
        if Catalog::embedded().entry(id).is_ok() { id } else { "their own" }
    });
    let facts = [
        ("caro", status.version.clone()),
        ("system", format!("{} {}", status.os, std::env::consts::ARCH)),
        ("session", word(json!(status.session))),
        ("hotkey", format!("{} {}", status.hotkey.binding, word(json!(status.hotkey.state)))),
        ("tray", status.tray_available.to_string()),
        ("starts at login", status.starts_at_login.map_or_else(|| "unknown".to_owned(), |on| on.to_string())),
        ("language", format!("{} of {}", status.language.code(), word(json!(settings.language)))),
        ("theme", word(json!(settings.theme))),
        ("hides on blur", settings.hide_on_blur.to_string()),
        ("shell", word(json!(settings.shell))),
        ("telemetry", settings.telemetry.to_string()),
        ("history", settings.history.to_string()),
        ("model", format!("{model}, idle after {} min", settings.model_idle_minutes)),
        ("server", if settings.remote_url.is_some() { "one is set" } else { "none" }.to_owned()),
        ("notices", if notices.is_empty() { "none".to_owned() } else { notices.join(" ") }),
    ];
    for (name, value) in facts {
        let _ = writeln!(text, "{name}: {value}");
    }
    for line in log {
        let _ = writeln!(text, "  {line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use caro::context::Os;

    use super::*;
    use crate::view::{HotkeyState, HotkeyView, Language, NoticeView, Session};

    #[test]
    fn it_says_the_state_and_nothing_of_the_users() {
        let mut settings = Settings::defaults(Os::Linux);
        settings.model = Some("secret-plan".to_owned());
        settings.remote_url = Some("https://internal.example/v1".to_owned());
        settings.remote_model = Some("hush".to_owned());
        let status = StatusView {
            version: "9.8.7".to_owned(),
            os: "linux".to_owned(),
            language: Language::De,
            session: Session::X11,
            hotkey: HotkeyView { binding: "Ctrl+Alt+Space".to_owned(), state: HotkeyState::Live, free: Vec::new() },
            hotkey_clipboard: HotkeyView { binding: String::new(), state: HotkeyState::Unset, free: Vec::new() },
            hotkey_repeat: HotkeyView { binding: String::new(), state: HotkeyState::Unset, free: Vec::new() },
            terminals: Vec::new(),
            starts_at_login: Some(false),
            tray_available: true,
            notices: vec![NoticeView {
                code: "model-missing".to_owned(),
                message: "secret-plan is not on this machine".to_owned(),
                hint: None,
            }],
            data_folder: "/home/ada/.local/share/caro".to_owned(),
            config_folder: "/home/ada/.config/caro".to_owned(),
        };
        let text = text(&settings, &status, &["7 started 9.8.7".to_owned()]);
        for private in ["secret", "internal", "example", "hush", "ada", "home", "/"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
        for said in ["9.8.7", "Ctrl+Alt+Space live", "model-missing", "their own", "one is set", "  7 started"] {
            assert!(text.contains(said), "no {said} in {text}");
        }
        settings.model = Some(Catalog::embedded().recommended().id.clone());
        let known = super::text(&settings, &status, &[]);
        assert!(known.contains(&Catalog::embedded().recommended().id), "{known}");
    }
}
