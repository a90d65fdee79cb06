//! Server-sent events, put together from whatever pieces the network makes of them.

/// No event of a chat is near this long.
const LONGEST: usize = 1 << 20;

/// What has come of an event so far.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: String,
    has_data: bool,
}

impl Events {
    /// The data of the events that are whole with these bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<String>, String> {
        let mut whole = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.len() + self.data.len() > LONGEST {
                return Err(format!("an event of more than {LONGEST} bytes"));
            }
            if self.line.ends_with(b"\n") {
                whole.extend(self.end_line());
            }
        }
        Ok(whole)
    }

    /// One line is whole; an empty one ends an event.
    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            return std::mem::take(&mut self.has_data).then(|| std::mem::take(&mut self.data));
        }
        // Comments and the other fields say nothing a chat needs.
        if let Some(data) = line.strip_prefix("data:") {
            if self.has_data {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            self.has_data = true;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = ": hello\r\nid: 1\r\ndata: {\"a\":\"grüße 👍\"}\r\n\r\n\
                          event: x\ndata:one\ndata: two\n\n\n\ndata:\n\ndata: [DONE]\n\ndata: half";

    #[test]
    fn fields_are_read_as_the_standard_has_them() {
        let events = Events::default().feed(STREAM.as_bytes()).unwrap();
        assert_eq!(events, ["{\"a\":\"grüße 👍\"}", "one\ntwo", "", "[DONE]"]);
    }

    #[test]
    fn an_event_without_end_is_refused() {
        let mut events = Events::default();
        let piece = [b'x'; 4096];
        assert!((0..1000).any(|_| events.feed(&piece).is_err()));
        let mut events = Events::default();
        assert!((0..1_000_000).any(|_| events.feed(b"data: xxxx\n").is_err()));
    }

    proptest! {
        #[test]
        fn where_the_network_cuts_changes_nothing(cuts in prop::collection::vec(1_usize..9, 0..40)) {
            let mut events = Events::default();
            let mut rest = STREAM.as_bytes();
            let mut found = Vec::new();
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                found.extend(events.feed(piece).unwrap());
                rest = after;
            }
            found.extend(events.feed(rest).unwrap());
            prop_assert_eq!(found, Events::default().feed(STREAM.as_bytes()).unwrap());
        }

        #[test]
        fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Events::default().feed(&bytes);
        }
    }
}
