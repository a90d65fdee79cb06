//! An X server with a window manager that follows the EWMH (<https://specifications.freedesktop.org/wm-spec/>).
//!
//! Everything waits by asking again each millisecond with a deadline: the waits take 3 to 40 ms, and listening for events
//! would need a second connection for each of them.

use std::thread;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::res::{ClientIdMask, ClientIdSpec, ConnectionExt as _};
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, InputFocus, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use super::insert;
use super::spot::Spot;
use crate::platform::{
    Clipboard, Desktop, Focus, Keys, NoDisplay, Obstacle, Place, Raised, Target, Terminal, WindowId,
};
use crate::view::{DeliveryChannel, Session};

const ASK_AGAIN: Duration = Duration::from_millis(1);
// A first map with WebKitGTK takes 38 ms; a busy machine gets a hundred times that.
const MAPPED_WITHIN: Duration = Duration::from_secs(4);
// 3 to 12 ms were measured; three tries of this are still shorter than a person waits.
const ACTIVE_WITHIN: Duration = Duration::from_millis(250);
const TRIES: u32 = 3;
// EWMH, _NET_ACTIVE_WINDOW: 2 is a pager or another tool the user acted on; window managers obey it without suspicion.
const SOURCE_USER_ACTION: u32 = 2;

x11rb::atom_manager! {
    /// The names this file speaks.
    Atoms: AtomsCookie {
        _NET_ACTIVE_WINDOW,
        _NET_WM_PID,
        _NET_WM_NAME,
        UTF8_STRING,
    }
}

/// A connection of our own, apart from GTK's.
pub(super) struct X11 {
    pub(super) connection: RustConnection,
    pub(super) root: Window,
    atoms: Atoms,
}

impl X11 {
    /// Connects to the server `DISPLAY` names.
    pub(super) fn connect() -> Result<Self, NoDisplay> {
        let name = std::env::var("DISPLAY").unwrap_or_default();
        let unreachable = |reason: String| NoDisplay::Unreachable { name: name.clone(), reason };
        let (connection, screen) = x11rb::connect(None).map_err(|error| unreachable(error.to_string()))?;
        let root = connection.setup().roots[screen].root;
        let atoms = Atoms::new(&connection)
            .map_err(ReplyError::from)
            .and_then(AtomsCookie::reply)
            .map_err(|error| unreachable(error.to_string()))?;
        Ok(Self { connection, root, atoms })
    }

    /// The window with the focus, as the window manager says.
    pub(super) fn active(&self) -> Option<Window> {
        let property = self
            .connection
            .get_property(false, self.root, self.atoms._NET_ACTIVE_WINDOW, AtomEnum::WINDOW, 0, 1)
            .ok()?
            .reply()
            .ok()?;
        property.value32()?.next().filter(|window| *window != x11rb::NONE)
    }

    /// Asks the window manager for the focus, three times if need be, and waits until it is there.
    pub(super) fn activate(&self, window: Window) -> Focus {
        for _ in 0..TRIES {
            if self.ask_for_focus(window).is_err() {
                return Focus::Elsewhere;
            }
            if wait(ACTIVE_WITHIN, || self.active() == Some(window)) {
                return Focus::Here;
            }
        }
        Focus::Elsewhere
    }

    fn ask_for_focus(&self, window: Window) -> Result<(), ReplyError> {
        let manager_lives = self.active().is_some() || self.manages();
        if manager_lives {
            let message = ClientMessageEvent::new(
                32,
                window,
                self.atoms._NET_ACTIVE_WINDOW,
                [SOURCE_USER_ACTION, x11rb::CURRENT_TIME, 0, 0, 0],
            );
            let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
            self.connection.send_event(false, self.root, mask, message)?.check()
        } else {
            self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()
        }
    }

    /// Whether a window manager keeps `_NET_ACTIVE_WINDOW` at all.
    fn manages(&self) -> bool {
        self.connection
            .get_property(false, self.root, self.atoms._NET_ACTIVE_WINDOW, AtomEnum::ANY, 0, 1)
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .is_some_and(|property| property.type_ != x11rb::NONE)
    }

    fn is_viewable(&self, window: Window) -> bool {
        self.connection
            .get_window_attributes(window)
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    }

    /// Instance and class, the two halves of `WM_CLASS`.
    fn class(&self, window: Window) -> Option<(String, String)> {
        let bytes = self.bytes(window, AtomEnum::WM_CLASS.into(), AtomEnum::STRING.into())?;
        let mut halves = bytes.split(|byte| *byte == 0).map(|half| String::from_utf8_lossy(half).into_owned());
        Some((halves.next()?, halves.next().unwrap_or_default()))
    }

    fn title(&self, window: Window) -> Option<String> {
        let bytes = self.bytes(window, self.atoms._NET_WM_NAME, self.atoms.UTF8_STRING)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn bytes(&self, window: Window, property: u32, kind: u32) -> Option<Vec<u8>> {
        // 1 KiB: names and classes; a longer title is cut.
        let reply = self.connection.get_property(false, window, property, kind, 0, 256).ok()?.reply().ok()?;
        (!reply.value.is_empty()).then_some(reply.value)
    }

    /// The process that made a window: what the server knows, since not every program sets `_NET_WM_PID`, and one on
    /// another machine may set any number.
    fn process(&self, window: Window) -> Option<u32> {
        let spec = ClientIdSpec { client: window, mask: ClientIdMask::LOCAL_CLIENT_PID };
        let known = self
            .connection
            .res_query_client_ids(&[spec])
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .and_then(|reply| reply.ids.into_iter().find_map(|id| id.value.first().copied()));
        known.or_else(|| {
            let cookie = self.connection.get_property(false, window, self.atoms._NET_WM_PID, AtomEnum::CARDINAL, 0, 1);
            cookie.ok()?.reply().ok()?.value32()?.next()
        })
    }

    fn any_key_down(&self) -> bool {
        let keymap = self.connection.query_keymap().ok().and_then(|cookie| cookie.reply().ok());
        // Without an answer a key counts as held: the caller then copies instead of typing blindly.
        keymap.is_none_or(|keymap| keymap.keys.iter().any(|byte| *byte != 0))
    }
}

impl Desktop for X11 {
    fn session(&self) -> Session {
        Session::X11
    }

    fn focused(&self) -> Option<Target> {
        let window = self.active()?;
        let process = self.process(window);
        if process == Some(std::process::id()) {
            return None;
        }
        let (instance, class) = self.class(window).unwrap_or_default();
        let terminal = Terminal::of_class(&instance, &class);
        let name = terminal
            .map(|terminal| terminal.name.to_owned())
            .or_else(|| (!class.is_empty()).then(|| class.clone()))
            .or_else(|| self.title(window))
            .unwrap_or_else(|| "a window without a name".to_owned());
        Some(Target { window: WindowId(window.into()), name, terminal, process })
    }

    fn locate(&self, target: &Target) -> Place {
        let Spot { holder, cwd } = Spot::of(target);
        let name = holder.name().unwrap_or(&target.name).to_owned();
        Place { name, cwd }
    }

    fn raise(&self, window: Option<WindowId>) -> Raised {
        let Some(window) = window.and_then(|WindowId(id)| Window::try_from(id).ok()) else {
            return Raised { mapped: Instant::now(), focus: Focus::Untold };
        };
        wait(MAPPED_WITHIN, || self.is_viewable(window));
        let mapped = Instant::now();
        Raised { mapped, focus: self.activate(window) }
    }

    fn wait_released(&self, patience: Duration) -> Keys {
        if wait(patience, || !self.any_key_down()) { Keys::Released } else { Keys::Held }
    }

    fn insert(
        &self,
        target: Option<&Target>,
        line: &str,
        clipboard: &dyn Clipboard,
    ) -> Result<DeliveryChannel, Obstacle> {
        insert::insert(self, target, line, clipboard)
    }
}

/// Asks until the answer is yes or the patience is over; the last answer.
pub(super) fn wait(patience: Duration, mut reached: impl FnMut() -> bool) -> bool {
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
