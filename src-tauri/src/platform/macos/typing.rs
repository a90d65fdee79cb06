//! Typing by `CGEvent`: events that carry characters, so that no keyboard layout comes between.

use objc2_core_graphics::{
    CGEvent, CGEventSource, CGEventSourceStateID, CGEventTapLocation, CGPreflightPostEventAccess,
    CGRequestPostEventAccess,
};

use crate::platform::Obstacle;

// An event carries up to 20 units of UTF-16, and some programs read less than that.
const UNITS_AN_EVENT: usize = 16;
// `kVK_ANSI_A` is 0 and the last key of the largest keyboard 0x7e (HIToolbox, Events.h).
const LAST_KEY: u16 = 0x7e;

/// Whether the user lets us type (System Settings, Privacy & Security, Accessibility). When not, macOS is asked to show where
/// that is granted; it does so once.
pub(super) fn is_allowed() -> bool {
    CGPreflightPostEventAccess() || CGRequestPostEventAccess()
}

/// Types `text` as long as `in_focus` holds.
pub(super) fn write(text: &str, in_focus: impl Fn() -> bool) -> Result<(), Obstacle> {
    for piece in pieces(text) {
        if !in_focus() {
            return Err(Obstacle::Interrupted(String::new()));
        }
        for key_down in [true, false] {
            let event = CGEvent::new_keyboard_event(None, 0, key_down)
                .ok_or_else(|| Obstacle::Display("macOS gave no keyboard event".to_owned()))?;
            #[expect(unsafe_code, reason = "a call into the system")]
            // SAFETY: the pointer is to as many units as are named, which are copied during the call.
            unsafe {
                CGEvent::keyboard_set_unicode_string(Some(&event), piece.len() as _, piece.as_ptr());
            }
            CGEvent::post(CGEventTapLocation::HIDEventTap, Some(&event));
        }
    }
    Ok(())
}

/// Whether any key is down.
pub(super) fn any_key_down() -> bool {
    (0..=LAST_KEY).any(|key| CGEventSource::key_state(CGEventSourceStateID::HIDSystemState, key))
}

/// The text in pieces that an event carries; a character is never cut in two.
fn pieces(text: &str) -> Vec<Vec<u16>> {
    let mut pieces: Vec<Vec<u16>> = Vec::new();
    for character in text.chars() {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units);
        match pieces.last_mut().filter(|piece| piece.len() + units.len() <= UNITS_AN_EVENT) {
            Some(piece) => piece.extend_from_slice(units),
            None => pieces.push(units.to_vec()),
        }
    }
    pieces
}
