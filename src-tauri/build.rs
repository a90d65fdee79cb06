//! Lets Tauri read its configuration and write the access-control lists of our commands.

fn main() {
    let commands = &[
        "change_query",
        "select_suggestion",
        "accept_suggestion",
        "ask_model",
        "escape",
        "get_session",
        "report_painted",
        "report_displayed",
        "dismiss_notice",
        "open_settings",
        "get_settings",
        "update_settings",
        "get_status",
        "get_performance",
        "export_telemetry",
        "delete_telemetry",
        "get_history",
        "delete_history",
    ];
    let attributes = tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(commands));
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are valid");
}
