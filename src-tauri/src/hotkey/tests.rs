//! The hotkey's life on a desktop that hands keys out and wants them back.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;

/// A desktop on which some keys are taken.
#[derive(Default)]
struct Desk {
    taken: Vec<&'static str>,
    held: Mutex<BTreeSet<String>>,
}

impl Grabber for Arc<Desk> {
    fn grab(&self, binding: Binding) -> bool {
        let name = binding.to_string();
        !self.taken.contains(&name.as_str()) && self.held.lock().unwrap().insert(name)
    }

    fn release(&self, binding: Binding) {
        assert!(self.held.lock().unwrap().remove(&binding.to_string()), "{binding} was not held");
    }
}

fn hotkey(taken: &[&'static str]) -> (Hotkey, Arc<Desk>) {
    let desk = Arc::new(Desk { taken: taken.to_vec(), held: Mutex::default() });
    let state = Mutex::new(State { binding: binding("Ctrl+Alt+Space"), grip: Grip::Paused });
    let hotkey = Hotkey { grabber: Some(Box::new(Arc::clone(&desk))), state };
    hotkey.set(Wanted::Live);
    (hotkey, desk)
}

fn binding(text: &str) -> Binding {
    text.parse().unwrap()
}

fn held(desk: &Desk) -> Vec<String> {
    desk.held.lock().unwrap().iter().cloned().collect()
}

#[test]
fn a_free_key_is_live() {
    let (hotkey, desk) = hotkey(&[]);
    assert_eq!(hotkey.view().state, HotkeyState::Live);
    assert_eq!(held(&desk), ["Ctrl+Alt+Space"]);
}

#[test]
fn a_taken_key_is_said_with_free_ones() {
    let (hotkey, desk) = hotkey(&["Ctrl+Alt+Space", "Super+Space"]);
    let view = hotkey.view();
    assert_eq!(view.state, HotkeyState::Taken);
    assert_eq!(view.free, ["Ctrl+Shift+Space", "Alt+Space", "Ctrl+Alt+C"]);
    assert_eq!(held(&desk), Vec::<String>::new(), "trying leaves nothing behind");
}

#[test]
fn changing_to_a_taken_key_keeps_the_old_one() {
    let (hotkey, desk) = hotkey(&["Super+Space"]);
    let refused = hotkey.rebind(binding("Super+Space")).unwrap_err();
    assert_eq!(refused.free, ["Ctrl+Shift+Space", "Alt+Space", "Ctrl+Alt+C"]);
    assert_eq!(held(&desk), ["Ctrl+Alt+Space"]);
    assert_eq!(hotkey.view().binding, "Ctrl+Alt+Space");
}

#[test]
fn changing_gives_the_old_key_back() {
    let (hotkey, desk) = hotkey(&[]);
    hotkey.rebind(binding("Alt+Space")).unwrap();
    assert_eq!(held(&desk), ["Alt+Space"]);
}

#[test]
fn changing_a_taken_key_makes_it_live() {
    let (hotkey, desk) = hotkey(&["Ctrl+Alt+Space"]);
    hotkey.rebind(binding("Alt+Space")).unwrap();
    assert_eq!((hotkey.view().state, held(&desk)), (HotkeyState::Live, vec!["Alt+Space".to_owned()]));
}

#[test]
fn a_pause_gives_the_key_back_and_takes_it_again() {
    let (hotkey, desk) = hotkey(&[]);
    hotkey.set(Wanted::Paused);
    assert_eq!((hotkey.view().state, held(&desk)), (HotkeyState::Paused, vec![]));
    hotkey.rebind(binding("Alt+Space")).unwrap();
    assert_eq!(held(&desk), Vec::<String>::new(), "paused stays paused");
    hotkey.set(Wanted::Live);
    assert_eq!(held(&desk), ["Alt+Space"]);
}

#[test]
fn a_desktop_without_hotkeys_says_so() {
    for session in [Session::Wayland, Session::None] {
        let hotkey = Hotkey::start(session, binding("Alt+Space"), Wanted::Live, Box::new(|_| {}));
        assert_eq!(hotkey.view().state, HotkeyState::Unsupported);
        hotkey.rebind(binding("Ctrl+F1")).unwrap();
        assert_eq!(hotkey.view().binding, "Ctrl+F1", "what the user wants is kept for another desktop");
    }
}
