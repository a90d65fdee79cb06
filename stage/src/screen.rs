//! Windows, focus and pictures, over one X11 connection.
//!
//! Windows are found by title in the whole tree: a window manager puts frames around some and not around others, and toolkits
//! make helper windows that are mapped too.

use std::{cell::RefCell, fs::File, io::BufWriter, path::Path};

use anyhow::{Context, Result, ensure};
use x11rb::{
    connection::Connection,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, ImageFormat, MapState, WindowClass,
    },
    rust_connection::RustConnection,
};

use crate::{keyboard::Keymap, wait::wait_until};

/// A window as it was when it was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The X11 id of the client window.
    pub id: u32,
    /// `_NET_WM_NAME`, else `WM_NAME`.
    pub title: String,
    /// Whether it and all its parents are mapped.
    pub viewable: bool,
}

/// An X11 screen and its keyboard.
#[derive(Debug)]
pub struct Screen {
    pub(crate) connection: RustConnection,
    pub(crate) root: u32,
    pub(crate) keymap: RefCell<Keymap>,
}

/// A picture: three bytes a pixel, red first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width * height * 3` bytes, row by row.
    pub pixels: Vec<u8>,
}

impl Screen {
    /// Connects to `display`, as in `DISPLAY`.
    pub fn connect(display: &str) -> Result<Self> {
        let (connection, number) = x11rb::connect(Some(display)).context("cannot reach the X server")?;
        let root = connection.setup().roots[number].root;
        let keymap = RefCell::new(Keymap::read(&connection)?);
        Ok(Self { connection, root, keymap })
    }

    /// The window manager's own window, once it runs.
    pub fn window_manager(&self) -> Result<Option<u32>> {
        self.window_property("_NET_SUPPORTING_WM_CHECK")
    }

    /// The active window, by the window manager's account.
    pub fn active(&self) -> Result<Option<u32>> {
        self.window_property("_NET_ACTIVE_WINDOW")
    }

    /// The title of the active window.
    pub fn active_title(&self) -> Result<Option<String>> {
        Ok(self.active()?.map(|id| self.title(id)).transpose()?.flatten())
    }

    /// The window that gets the key presses, by the X server's account.
    pub fn focused(&self) -> Result<u32> {
        Ok(self.connection.get_input_focus()?.reply()?.focus)
    }

    /// Every window with a title.
    pub fn windows(&self) -> Result<Vec<Window>> {
        let mut found = Vec::new();
        let mut open = vec![self.root];
        while let Some(parent) = open.pop() {
            // A window may go away between two requests: that is no failure.
            let Ok(tree) = self.connection.query_tree(parent)?.reply() else { continue };
            for id in tree.children {
                open.push(id);
                let Some(title) = self.title(id)? else { continue };
                let Ok(attributes) = self.connection.get_window_attributes(id)?.reply() else { continue };
                found.push(Window { id, title, viewable: attributes.map_state == MapState::VIEWABLE });
            }
        }
        Ok(found)
    }

    /// The window titled `title` if it is on the screen.
    pub fn visible(&self, title: &str) -> Result<Option<Window>> {
        Ok(self.windows()?.into_iter().find(|window| window.viewable && window.title == title))
    }

    /// Waits until a window titled `title` is on the screen.
    pub fn wait_shown(&self, title: &str) -> Result<Window> {
        wait_until(&format!("a window titled `{title}`"), || self.visible(title))
    }

    /// Waits until the window titled `title` is on the screen, active, and gets the key presses.
    pub fn wait_active(&self, title: &str) -> Result<Window> {
        let window = self.wait_shown(title)?;
        wait_until(&format!("window `{title}` to get the keyboard"), || {
            let focused = self.focused()?;
            let has_keyboard = focused == window.id || self.is_below(focused, window.id)?;
            Ok((has_keyboard && self.active()? == Some(window.id)).then_some(()))
        })?;
        Ok(window)
    }

    /// Waits until no window titled `title` is on the screen.
    pub fn wait_hidden(&self, title: &str) -> Result<()> {
        wait_until(&format!("window `{title}` to go"), || Ok(self.visible(title)?.is_none().then_some(())))
    }

    /// Where a window's upper left corner is on the screen.
    pub fn place(&self, window: u32) -> Result<(i16, i16)> {
        let at = self.connection.translate_coordinates(window, self.root, 0, 0)?.reply()?;
        Ok((at.dst_x, at.dst_y))
    }

    /// A picture of the whole screen, or of the part of it where `window` lies.
    pub fn capture(&self, window: Option<u32>) -> Result<Picture> {
        let subject = self.connection.get_geometry(window.unwrap_or(self.root))?.reply()?;
        let at = self.connection.translate_coordinates(window.unwrap_or(self.root), self.root, 0, 0)?.reply()?;
        let (width, height) = (subject.width, subject.height);
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, at.dst_x, at.dst_y, width, height, u32::MAX)?
            .reply()
            .context("the window is not wholly on the screen")?;
        ensure!(image.depth == 24, "the X server has depth {}, not 24", image.depth);
        let pixels = image.data.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        Ok(Picture { width: width.into(), height: height.into(), pixels })
    }

    /// Grabs `chord` on the root window, as another program's hotkey would, until the returned screen is dropped.
    pub fn take_hotkey(display: &str, chord: &str) -> Result<Self> {
        let other = Self::connect(display)?;
        other.grab(chord)?;
        Ok(other)
    }

    /// Returns when the window manager has worked off every event up to now: it answers in order, and is asked for the frame a
    /// window would have, which it writes on the window (`_NET_REQUEST_FRAME_EXTENTS`).
    pub fn wait_for_window_manager(&self) -> Result<()> {
        let window = self.connection.generate_id()?;
        let kind = WindowClass::INPUT_OUTPUT;
        self.connection.create_window(0, window, self.root, 0, 0, 1, 1, 0, kind, 0, &CreateWindowAux::new())?;
        let question = ClientMessageEvent::new(32, window, self.atom("_NET_REQUEST_FRAME_EXTENTS")?, [0_u32; 5]);
        let to_manager = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, to_manager, question)?;
        let answer = self.atom("_NET_FRAME_EXTENTS")?;
        wait_until("the window manager", || {
            let reply = self.connection.get_property(false, window, answer, AtomEnum::CARDINAL, 0, 4)?.reply()?;
            Ok((reply.value_len > 0).then_some(()))
        })?;
        self.connection.destroy_window(window)?;
        Ok(())
    }

    fn is_below(&self, mut window: u32, ancestor: u32) -> Result<bool> {
        while window > 1 {
            if window == ancestor {
                return Ok(true);
            }
            let Ok(tree) = self.connection.query_tree(window)?.reply() else { break };
            window = tree.parent;
        }
        Ok(false)
    }

    fn title(&self, window: u32) -> Result<Option<String>> {
        for property in [self.atom("_NET_WM_NAME")?, AtomEnum::WM_NAME.into()] {
            let request = self.connection.get_property(false, window, property, AtomEnum::ANY, 0, 1024)?;
            if let Ok(reply) = request.reply()
                && !reply.value.is_empty()
            {
                return Ok(Some(String::from_utf8_lossy(&reply.value).into_owned()));
            }
        }
        Ok(None)
    }

    fn window_property(&self, name: &str) -> Result<Option<u32>> {
        let property = self.atom(name)?;
        let reply = self.connection.get_property(false, self.root, property, AtomEnum::WINDOW, 0, 1)?.reply()?;
        Ok(reply.value32().and_then(|mut values| values.next()).filter(|id| *id != 0))
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}

impl Picture {
    /// Writes it as PNG.
    pub fn save(&self, file: &Path) -> Result<()> {
        let out = BufWriter::new(File::create(file).with_context(|| format!("cannot write {}", file.display()))?);
        let mut encoder = png::Encoder::new(out, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.pixels)?;
        Ok(())
    }

    /// Whether anything at all is drawn: more than one color.
    pub fn is_blank(&self) -> bool {
        self.pixels.chunks_exact(3).all(|pixel| pixel == &self.pixels[..3])
    }
}
