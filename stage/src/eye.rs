//! Sees when a window comes up and when something is drawn, as exactly as an X client can: the server says each of both in an
//! event, which is stamped before anything else is done.
//!
//! Invariant: the eye only looks. It asks the server for a picture after an event, never in a loop beside the program watched,
//! which would be slowed down by it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        damage::{ConnectionExt as _, ReportLevel},
        xproto::{AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, ImageFormat, MapState},
    },
    rust_connection::RustConnection,
};

/// What took longer than this has not happened.
const PATIENCE: Duration = Duration::from_secs(10);

/// A part of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Pixels from the left of the screen.
    pub x: i16,
    /// Pixels from the top of the screen.
    pub y: i16,
    /// Pixels.
    pub width: u16,
    /// Pixels.
    pub height: u16,
}

/// A connection that hears of every window and every stroke of paint.
#[derive(Debug)]
pub struct Eye {
    connection: RustConnection,
    root: u32,
}

/// Something seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Mapped(u32),
    Drawn(Area),
    Other,
}

impl Eye {
    /// Opens on the display, as in `DISPLAY`.
    pub fn open(display: &str) -> Result<Self> {
        let (connection, number) = x11rb::connect(Some(display)).context("cannot reach the X server")?;
        let root = connection.setup().roots[number].root;
        connection.damage_query_version(1, 1)?.reply().context("the X server has no DAMAGE extension")?;
        let damage = connection.generate_id()?;
        // Every stroke by itself: an event that stands for several would be stamped with the first of them.
        connection.damage_create(damage, root, ReportLevel::RAW_RECTANGLES)?.check()?;
        let eye = Self { connection, root };
        eye.listen(root, EventMask::SUBSTRUCTURE_NOTIFY)?;
        Ok(eye)
    }

    /// Hears from now on when `window` is mapped: a window manager may map a frame first and the window in it later.
    pub fn follow(&self, window: u32) -> Result<()> {
        self.listen(window, EventMask::STRUCTURE_NOTIFY)
    }

    fn listen(&self, window: u32, mask: EventMask) -> Result<()> {
        let attributes = ChangeWindowAttributesAux::new().event_mask(mask);
        Ok(self.connection.change_window_attributes(window, &attributes)?.check()?)
    }

    /// Forgets what happened so far.
    pub fn blink(&self) -> Result<()> {
        // The answer comes after every event up to now.
        self.connection.get_input_focus()?.reply()?;
        while self.connection.poll_for_event()?.is_some() {}
        Ok(())
    }

    /// The moment `window` and all its parents were mapped.
    pub fn wait_viewable(&self, window: u32) -> Result<Instant> {
        self.wait("the window to be mapped", |seen| Ok(matches!(seen, Seen::Mapped(_)) && self.is_viewable(window)?))
            .map(|(at, _)| at)
    }

    /// The moment a window of the class came up, and the window.
    pub fn wait_class(&self, class: &str) -> Result<(Instant, u32)> {
        let mut found = 0;
        let (at, _) = self.wait(class, |seen| {
            let Seen::Mapped(window) = seen else { return Ok(false) };
            found = window;
            Ok(self.is_of_class(window, class)? && self.is_viewable(window)?)
        })?;
        Ok((at, found))
    }

    /// The moment something other than one color stood in the area `of` gives; `of` is asked anew as long as it gives none.
    pub fn wait_painted(&self, mut of: impl FnMut() -> Result<Option<Area>>) -> Result<Instant> {
        self.wait("something to be painted", |seen| {
            let Seen::Drawn(stroke) = seen else { return Ok(false) };
            let Some(area) = of()? else { return Ok(false) };
            Ok(overlap(stroke, area) && !is_plain(&self.pixels(area)?))
        })
        .map(|(at, _)| at)
    }

    /// The moment the area stopped looking like `before`.
    pub fn wait_changed(&self, area: Area, before: &[u8]) -> Result<Instant> {
        self.wait("something to change", |seen| {
            let Seen::Drawn(stroke) = seen else { return Ok(false) };
            Ok(overlap(stroke, area) && self.pixels(area)? != before)
        })
        .map(|(at, _)| at)
    }

    /// Returns when nothing has been drawn for as long as `calm`.
    pub fn wait_still(&self, calm: Duration) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.next(calm)?.is_some_and(|_| Instant::now() < deadline) {}
        Ok(())
    }

    /// Where a window lies on the screen.
    pub fn area(&self, window: u32) -> Result<Area> {
        let size = self.connection.get_geometry(window)?.reply()?;
        let at = self.connection.translate_coordinates(window, self.root, 0, 0)?.reply()?;
        Ok(Area { x: at.dst_x, y: at.dst_y, width: size.width, height: size.height })
    }

    /// What stands in an area, four bytes a pixel.
    pub fn pixels(&self, Area { x, y, width, height }: Area) -> Result<Vec<u8>> {
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)?;
        Ok(image.reply().context("the area is not wholly on the screen")?.data)
    }

    fn wait(&self, what: &str, mut is_it: impl FnMut(Seen) -> Result<bool>) -> Result<(Instant, Seen)> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some((at, seen)) = self.next(left)? else { bail!("waited {} s for {what}", PATIENCE.as_secs()) };
            if is_it(seen)? {
                return Ok((at, seen));
            }
        }
    }

    /// The next event with the moment it was read, `None` when there is none within `limit`.
    fn next(&self, limit: Duration) -> Result<Option<(Instant, Seen)>> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(event) = self.connection.poll_for_event()? {
                return Ok(Some((Instant::now(), seen(&event))));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let left = Timespec::try_from(left).context("a limit is short")?;
            poll(&mut [PollFd::new(self.connection.stream(), PollFlags::IN)], Some(&left))?;
        }
    }

    fn is_viewable(&self, window: u32) -> Result<bool> {
        let attributes = self.connection.get_window_attributes(window)?.reply();
        Ok(attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE))
    }

    fn is_of_class(&self, window: u32, class: &str) -> Result<bool> {
        let reply = self.connection.get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 64)?.reply();
        let Ok(property) = reply else { return Ok(false) };
        Ok(property.value.split(|byte| *byte == 0).any(|half| half.eq_ignore_ascii_case(class.as_bytes())))
    }
}

fn seen(event: &Event) -> Seen {
    match event {
        Event::MapNotify(map) => Seen::Mapped(map.window),
        Event::DamageNotify(stroke) => {
            let area = stroke.area;
            Seen::Drawn(Area { x: area.x, y: area.y, width: area.width, height: area.height })
        }
        _ => Seen::Other,
    }
}

fn overlap(one: Area, other: Area) -> bool {
    let meets = |start: i16, length: u16, other_start: i16, other_length: u16| {
        i32::from(start) < i32::from(other_start) + i32::from(other_length)
            && i32::from(other_start) < i32::from(start) + i32::from(length)
    };
    meets(one.x, one.width, other.x, other.width) && meets(one.y, one.height, other.y, other.height)
}

fn is_plain(pixels: &[u8]) -> bool {
    pixels.chunks_exact(4).all(|pixel| pixel[..3] == pixels[..3])
}

#[cfg(test)]
mod tests {
    use super::{Area, is_plain, overlap};

    #[test]
    fn areas_overlap_when_they_share_a_pixel() {
        let area = |x, y, width, height| Area { x, y, width, height };
        assert!(overlap(area(0, 0, 10, 10), area(9, 9, 1, 1)));
        assert!(!overlap(area(0, 0, 10, 10), area(10, 0, 5, 5)));
        assert!(!overlap(area(-5, 0, 5, 5), area(0, 0, 5, 5)));
        assert!(overlap(area(0, 0, u16::MAX, 1), area(30_000, 0, 1, 1)));
    }

    #[test]
    fn one_color_is_plain_whatever_the_unused_byte_says() {
        assert!(is_plain(&[1, 2, 3, 0, 1, 2, 3, 255]));
        assert!(!is_plain(&[1, 2, 3, 0, 1, 2, 4, 0]));
    }
}
