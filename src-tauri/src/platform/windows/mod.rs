//! Windows: who has the focus, and typing by `SendInput`, which every terminal takes for the keyboard.
//!
//! Windows Terminal and the console have no command of their own that puts a text at a prompt, so there is no other way in.

mod typing;

use std::thread;
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, HWND};
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    GetClassNameW, GetForegroundWindow, GetWindowTextW, GetWindowThreadProcessId, SetForegroundWindow,
};

use super::{Clipboard, Desktop, Focus, Keys, Obstacle, Raised, Target, Terminal, WindowId};
use crate::view::{DeliveryChannel, Session};

const ASK_AGAIN: Duration = Duration::from_millis(2);
const ACTIVE_WITHIN: Duration = Duration::from_millis(750);

/// The one desktop there is.
#[derive(Debug)]
pub(super) struct Windows;

/// What a process may do to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    User,
    Administrator,
}

impl Desktop for Windows {
    fn session(&self) -> Session {
        Session::Windows
    }

    fn focused(&self) -> Option<Target> {
        let window = foreground();
        let process = process_of(window)?;
        if process == std::process::id() {
            return None;
        }
        let class = text_of(window, GetClassNameW);
        let terminal = Terminal::of_class(&class, &class);
        let title = || Some(text_of(window, GetWindowTextW)).filter(|title| !title.is_empty());
        let name = terminal.map(|terminal| terminal.name.to_owned()).or_else(title).unwrap_or(class);
        Some(Target { window: WindowId(window as u64), name, terminal, process: Some(process) })
    }

    fn raise(&self, window: Option<WindowId>) -> Raised {
        let mapped = Instant::now();
        let focus = window.map_or(Focus::Untold, |WindowId(id)| activate(id as HWND));
        Raised { mapped, focus }
    }

    fn wait_released(&self, patience: Duration) -> Keys {
        if wait(patience, || !typing::any_key_down()) { Keys::Released } else { Keys::Held }
    }

    fn insert(
        &self,
        target: Option<&Target>,
        line: &str,
        _clipboard: &dyn Clipboard,
    ) -> Result<DeliveryChannel, Obstacle> {
        let target = target.ok_or(Obstacle::NoTarget)?;
        target.terminal.ok_or_else(|| Obstacle::NotATerminal(target.name.clone()))?;
        // Windows drops what is typed into a program with more rights than ours, and reports success.
        let stronger = target.process.and_then(rights_of) != Some(Rights::User) && own_rights() == Rights::User;
        if stronger {
            return Err(Obstacle::Elevated(target.name.clone()));
        }
        let window = target.window.0 as HWND;
        if activate(window) != Focus::Here {
            return Err(Obstacle::NotActive(target.name.clone()));
        }
        typing::write(line, || foreground() == window).map_err(|obstacle| match obstacle {
            Obstacle::Interrupted(_) => Obstacle::Interrupted(target.name.clone()),
            other => other,
        })?;
        Ok(DeliveryChannel::SendInput)
    }
}

fn foreground() -> HWND {
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: it takes nothing, and what it returns is a number that is only given back to the system.
    unsafe {
        GetForegroundWindow()
    }
}

fn activate(window: HWND) -> Focus {
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: a number that names no window any more is refused.
    unsafe {
        SetForegroundWindow(window);
    }
    if wait(ACTIVE_WITHIN, || foreground() == window) { Focus::Here } else { Focus::Elsewhere }
}

fn process_of(window: HWND) -> Option<u32> {
    let mut process = 0;
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: the one pointer is to a number of ours that outlives the call.
    unsafe {
        GetWindowThreadProcessId(window, &raw mut process);
    }
    (process != 0).then_some(process)
}

fn text_of(window: HWND, read: unsafe extern "system" fn(HWND, *mut u16, i32) -> i32) -> String {
    // The longest name of a class; a longer title is cut.
    let mut text = [0_u16; 256];
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: both functions this is called with write at most as many units as they are told there is room for.
    let length = unsafe { read(window, text.as_mut_ptr(), 256) };
    String::from_utf16_lossy(&text[..usize::try_from(length).unwrap_or(0).min(text.len())])
}

fn own_rights() -> Rights {
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: it takes nothing; the handle stands for this process and needs no closing.
    let process = unsafe { GetCurrentProcess() };
    rights(process).unwrap_or(Rights::User)
}

/// `None` for a process that does not even let us ask, which is one with more rights.
fn rights_of(process: u32) -> Option<Rights> {
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: plain numbers; the handle is closed below, once.
    let handle = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, process) };
    if handle.is_null() {
        return None;
    }
    let rights = rights(handle);
    close(handle);
    rights
}

fn rights(process: HANDLE) -> Option<Rights> {
    let mut token: HANDLE = std::ptr::null_mut();
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: `token` is ours and outlives the call; the handle written to it is closed below, once.
    let opened = unsafe { OpenProcessToken(process, TOKEN_QUERY, &raw mut token) };
    if opened == 0 {
        return None;
    }
    let mut elevation = TOKEN_ELEVATION { TokenIsElevated: 0 };
    let size = u32::try_from(size_of::<TOKEN_ELEVATION>()).unwrap_or(0);
    let mut written = 0;
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: `elevation` is the type that `TokenElevation` asks for, with its size, and outlives the call.
    let told =
        unsafe { GetTokenInformation(token, TokenElevation, (&raw mut elevation).cast(), size, &raw mut written) };
    close(token);
    let rights = if elevation.TokenIsElevated == 0 { Rights::User } else { Rights::Administrator };
    (told != 0).then_some(rights)
}

fn close(handle: HANDLE) {
    #[expect(unsafe_code, reason = "a call into the system")]
    // SAFETY: every caller has just opened the handle and uses it no more.
    unsafe {
        CloseHandle(handle);
    }
}

fn wait(patience: Duration, mut reached: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if reached() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(ASK_AGAIN);
    }
}
