//! What will run by itself later: schedules, start-up files, watchers.

use super::{Invocation, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("persistence.schedule", "jobs that run by themselves from then on"),
    rule("persistence.schedule-lost", "every scheduled job of the user deleted"),
    rule("persistence.key", "a key that lets someone in"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "atrm" => verdict.report("persistence.schedule-lost", Risk::Caution, invocation.whole(), "cancels a job"),
        "atq" => verdict.harmless(),
        "schtasks" => {
            let creates = invocation
                .args
                .iter()
                .any(|arg| matches!(arg.text.to_ascii_lowercase().as_str(), "/create" | "/change" | "/delete"));
            if creates {
                verdict.report(
                    "persistence.schedule",
                    Risk::Dangerous,
                    invocation.whole(),
                    "changes the jobs that run by themselves",
                );
            } else {
                verdict.harmless();
            }
        }
        "ssh-copy-id" if invocation.has(&["-n"]) => verdict.harmless(),
        "ssh-copy-id" => verdict.report(
            "persistence.key",
            Risk::Dangerous,
            invocation.whole(),
            "lets a key log in at the other machine",
        ),
        "ssh-keygen" => {
            let reads = invocation.has(&["-l", "-lf", "-y", "-B", "-F"]);
            if reads {
                verdict.harmless();
            } else {
                verdict.report("program.changes", Risk::Caution, invocation.whole(), "makes or changes a key");
            }
        }
        _ => {}
    }
}
