//! What the settings window does besides settings: models, policy, diagnostics, starting at login.

use std::env;
use std::io;
use std::time::SystemTime;

use caro::ErrorCode;
use caro::context::Context;
use caro::llm::Ask;
use caro::policy::{Day, Reading, read, text_of};
use caro::safety::Allowance;
use caro::setup;
use tauri_plugin_clipboard_manager::ClipboardExt as _;

use crate::control::Control;
use crate::view::{AllowanceView, ErrorView, LevelView, ModelsView, PolicyView, SettingsPatch};
use crate::{autostart, diagnostics};

impl Control {
    /// The models, and who is asked.
    pub fn models(&self) -> ModelsView {
        let settings = self.store.settings();
        ModelsView {
            folder: self.library.folder(),
            models: self.library.models(settings.model.as_deref()),
            asked: self.asked(),
            has_key: env::var_os(setup::KEY).is_some(),
        }
    }

    /// Deletes or forgets a model; one that was in use is used no more.
    ///
    /// # Errors
    /// When there is none, or its file cannot be deleted.
    pub fn remove_model(&self, id: &str) -> Result<(), ErrorView> {
        if self.store.settings().model.as_deref() == Some(id) {
            // First, so that nothing reads the file that is about to go.
            self.update(SettingsPatch { model: Some(None), ..SettingsPatch::default() })?;
        }
        self.library.remove(id)
    }

    /// What would be sent to the server for a question.
    pub fn preview(&self, question: &str) -> Option<String> {
        let server = setup::server(&self.store.settings(), &|name| env::var_os(name))?;
        let body = server.preview(&Ask { question, context: &Context::detect(), shots: &[] });
        serde_json::to_string_pretty(&body).ok()
    }

    /// The user's policy file, read anew.
    pub fn policy(&self) -> PolicyView {
        let file = self.paths.policy();
        let (text, unreadable) = match text_of(&file) {
            Ok(text) => (text, None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (String::new(), None),
            Err(error) => (String::new(), Some(format!("cannot read the policy: {error}"))),
        };
        let Reading { policy, expired, problems } =
            read(&text, Context::detect().home.as_deref(), Day::of(SystemTime::now()));
        let levels = policy.levels.iter();
        let live = policy.allowances.into_iter().map(|allowance| allowed(allowance, false));
        PolicyView {
            file: file.display().to_string(),
            levels: levels.map(|(rule, risk)| LevelView { rule: (*rule).to_owned(), risk: (*risk).into() }).collect(),
            allowances: live.chain(expired.into_iter().map(|allowance| allowed(allowance, true))).collect(),
            problems: problems
                .into_iter()
                .map(|problem| format!("{}:{}: {}", problem.line, problem.column, problem.message))
                .chain(unreadable)
                .collect(),
        }
    }

    /// Puts the diagnostics on the clipboard, and gives them.
    ///
    /// # Errors
    /// When the clipboard does not take them.
    pub fn copy_diagnostics(&self) -> Result<String, ErrorView> {
        let text = diagnostics::text(&self.store.settings(), &self.status(), &self.log.tail());
        self.app.clipboard().write_text(&text).map_err(|error| ErrorView {
            code: ErrorCode::Io.name().to_owned(),
            message: format!("the clipboard cannot be used: {error}"),
            hint: None,
        })?;
        Ok(text)
    }

    /// Starts with the user's session, or no longer.
    ///
    /// # Errors
    /// When the list of what starts cannot be written.
    pub fn start_at_login(&self, wanted: bool) -> Result<(), ErrorView> {
        autostart::set(&self.app, if wanted { autostart::Wanted::On } else { autostart::Wanted::Off })
    }
}

fn allowed(allowance: Allowance, expired: bool) -> AllowanceView {
    let Allowance { rule, command, folder, until, reason } = allowance;
    AllowanceView {
        rule: rule.to_owned(),
        command,
        folder: folder.map(|folder| folder.display().to_string()),
        until,
        reason,
        expired,
    }
}
