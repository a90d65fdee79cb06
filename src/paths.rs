//! Where Caro keeps its files. The only place that knows them.

use std::path::PathBuf;

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

/// The folders of this user. On Linux and macOS the XDG folders (`~/.config/caro`, `~/.local/share/caro`, `~/.cache/caro`),
/// on Windows `%APPDATA%` and `%LOCALAPPDATA%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// `settings.toml` and the user's own intents.
    pub config: PathBuf,
    /// Databases.
    pub data: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// The socket of the running app; private to the user.
    pub runtime: PathBuf,
}

impl Paths {
    /// The folders of the current user; `None` when there is no home folder. Nothing is created.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let args = AppStrategyArgs { top_level_domain: "app".into(), author: "caro".into(), app_name: "caro".into() };
        let strategy = choose_app_strategy(args).ok()?;
        let data = strategy.data_dir();
        Some(Self {
            config: strategy.config_dir(),
            cache: strategy.cache_dir(),
            runtime: strategy.runtime_dir().unwrap_or_else(|| data.clone()),
            data,
        })
    }

    /// The settings file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// What the user wants judged otherwise.
    #[must_use]
    pub fn policy(&self) -> PathBuf {
        self.config.join("policy.toml")
    }

    /// The folder of the user's own intents.
    #[must_use]
    pub fn intents(&self) -> PathBuf {
        self.config.join("intents")
    }

    /// The telemetry database.
    #[must_use]
    pub fn telemetry(&self) -> PathBuf {
        self.data.join("telemetry.sqlite3")
    }

    /// The history database.
    #[must_use]
    pub fn history(&self) -> PathBuf {
        self.data.join("history.sqlite3")
    }

    /// There once the app has shown itself to its user.
    #[must_use]
    pub fn welcomed(&self) -> PathBuf {
        self.data.join("welcomed")
    }

    /// What the app did, in codes.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data.join("caro.log")
    }

    /// What is made of model files to load them sooner.
    #[must_use]
    pub fn packed(&self) -> PathBuf {
        self.cache.join("models")
    }

    /// The folder of model files.
    #[must_use]
    pub fn models(&self) -> PathBuf {
        self.data.join("models")
    }

    /// Where the running app listens: a socket, on Windows the name of a pipe.
    pub fn socket(&self) -> PathBuf {
        if cfg!(windows) {
            // Pipes share one namespace, so the name carries the user by way of the folder.
            let folder = self.runtime.to_string_lossy().replace(['\\', '/', ':'], "-");
            PathBuf::from(format!(r"\\.\pipe\caro-{folder}"))
        } else {
            self.runtime.join("caro.sock")
        }
    }

    /// Held locked by the running app, so that there is one.
    pub fn instance_lock(&self) -> PathBuf {
        self.runtime.join("caro.lock")
    }
}
