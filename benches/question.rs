//! The questions that are measured with: short, long, misspelt and senseless ones. And the repository's own rows of questions, all
//! of them, for percentiles.

use std::path::Path;

/// A name and a question each.
pub(crate) const QUESTIONS: [(&str, &str); 5] = [
    ("short", "list files"),
    ("find", "find all python files larger than 100MB modified in the last 2 days in ~/projects"),
    ("misspelt", "plese shwo the procceses usign the most memroy"),
    ("git", "create a branch called feature/login and switch to it"),
    (
        "senseless",
        "tell the moon that every file of the container on the remote branch should follow the largest service of the disk",
    ),
];

/// Every question of `tests/data/suggest`, in a stable order.
///
/// # Panics
/// When the rows cannot be read.
#[allow(dead_code, reason = "one of the two programs that share this file asks only the five above")]
pub(crate) fn rows() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/suggest");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the rows").map(|file| file.expect("a row").path()).collect();
    files.sort();
    let mut questions = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the rows are text");
        let table: toml::Table = text.parse().expect("the rows are TOML");
        for (_, rows) in table {
            let rows = rows.as_table().cloned().unwrap_or_default();
            questions.extend(rows.into_iter().filter(|(_, command)| command.is_str()).map(|(question, _)| question));
        }
    }
    questions
}
