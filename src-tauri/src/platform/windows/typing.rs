//! Typing by `SendInput`, character by character: no keyboard layout comes between.

use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    GetAsyncKeyState, INPUT, INPUT_0, INPUT_KEYBOARD, KEYBDINPUT, KEYEVENTF_KEYUP, KEYEVENTF_UNICODE, SendInput,
};

use crate::platform::Obstacle;

// How many characters may go astray when another window takes the focus in the middle.
const UNITS_BETWEEN_CHECKS: usize = 16;
// Virtual keys 1 to 6 are the buttons of the mouse.
const FIRST_KEY: i32 = 7;
const LAST_KEY: i32 = 0xfe;

/// Types `text` as long as `in_focus` holds.
pub(super) fn write(text: &str, in_focus: impl Fn() -> bool) -> Result<(), Obstacle> {
    let units: Vec<u16> = text.encode_utf16().collect();
    for piece in units.chunks(UNITS_BETWEEN_CHECKS) {
        if !in_focus() {
            return Err(Obstacle::Interrupted(String::new()));
        }
        let inputs: Vec<INPUT> = piece.iter().flat_map(|unit| [key(*unit, 0), key(*unit, KEYEVENTF_KEYUP)]).collect();
        send(&inputs)?;
    }
    Ok(())
}

/// Whether any key is down.
pub(super) fn any_key_down() -> bool {
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: it takes a number and returns one.
    let is_down = |key: i32| unsafe { GetAsyncKeyState(key) } < 0;
    (FIRST_KEY..=LAST_KEY).any(is_down)
}

const fn key(unit: u16, flags: u32) -> INPUT {
    let pressed = KEYBDINPUT { wVk: 0, wScan: unit, dwFlags: KEYEVENTF_UNICODE | flags, time: 0, dwExtraInfo: 0 };
    INPUT { r#type: INPUT_KEYBOARD, Anonymous: INPUT_0 { ki: pressed } }
}

fn send(inputs: &[INPUT]) -> Result<(), Obstacle> {
    let (count, size) = (u32::try_from(inputs.len()).unwrap_or(0), i32::try_from(size_of::<INPUT>()).unwrap_or(0));
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: the pointer is to `count` inputs of `size` bytes each, which are only read.
    let sent = unsafe { SendInput(count, inputs.as_ptr(), size) };
    if sent == count { Ok(()) } else { Err(Obstacle::Display("another program blocks the keyboard".to_owned())) }
}
