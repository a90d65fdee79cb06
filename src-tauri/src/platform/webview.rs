//! What has to be set on a web view itself. The one place here that knows a type of Tauri: there is no other way to it.

use tauri::webview::PlatformWebview;

/// Keeps WebKitGTK from starting its GPU process for a page of text: the first show takes 38 ms instead of 664, and 27 MiB
/// less (measured under Xvfb). What a browser keeps for going back, for sound and for film is not kept.
#[cfg(target_os = "linux")]
#[expect(clippy::needless_pass_by_value, reason = "the shape of the callback that lends it")]
pub fn tune(webview: PlatformWebview) {
    use gtk::prelude::WidgetExt;
    use webkit2gtk::{CacheModel, HardwareAccelerationPolicy, SettingsExt, WebContextExt, WebViewExt};

    let view = webview.inner();
    if let Some(settings) = WebViewExt::settings(&view) {
        settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        settings.set_enable_page_cache(false);
        settings.set_enable_media(false);
        settings.set_enable_webaudio(false);
        settings.set_enable_webgl(false);
    }
    if let Some(context) = view.context() {
        context.set_cache_model(CacheModel::DocumentViewer);
    }
    // A window gets its number when it is realized, else only at its first show, and then too late to ask for the focus.
    if let Some(window) = view.toplevel() {
        window.realize();
    }
}

/// Takes a web view from its window and puts it back, which tells it again that it is on the screen. `WebKitGTK` paints
/// nothing while it believes to be hidden.
#[cfg(target_os = "linux")]
#[expect(clippy::needless_pass_by_value, reason = "the shape of the callback that lends it")]
pub fn remap(webview: PlatformWebview) {
    use gtk::prelude::WidgetExt;

    let view = webview.inner();
    view.hide();
    view.show();
    view.grab_focus();
}

/// The web views of Windows and macOS are told by their system.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::needless_pass_by_value, reason = "the shape of the callback that lends it")]
pub fn remap(_webview: PlatformWebview) {}

/// The web views of Windows and macOS need nothing.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::needless_pass_by_value, reason = "the shape of the callback that lends it")]
pub fn tune(_webview: PlatformWebview) {}
