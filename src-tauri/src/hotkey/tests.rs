//! The hotkey's life on a desktop that hands keys out and wants them back.

use std::collections::BTreeSet;

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

fn hotkey(taken: &[&'static str]) -> (Hotkeys, Arc<Desk>) {
    let desk = Arc::new(Desk { taken: taken.to_vec(), held: Mutex::default() });
    let bindings = [Some(binding("Ctrl+Alt+Space")), None, None];
    let keys = bindings.map(|binding| Slot { binding, grip: Grip::Loose });
    let slots = Arc::new(Mutex::new(Slots { keys, wanted: Wanted::Paused }));
    let hotkeys = Hotkeys { grabber: Some(Box::new(Arc::clone(&desk))), slots };
    hotkeys.set(Wanted::Live);
    (hotkeys, desk)
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
    assert_eq!(hotkey.view(Action::Open).state, HotkeyState::Live);
    assert_eq!(held(&desk), ["Ctrl+Alt+Space"]);
}

#[test]
fn a_taken_key_is_said_with_free_ones() {
    let (hotkey, desk) = hotkey(&["Ctrl+Alt+Space", "Super+Space"]);
    let view = hotkey.view(Action::Open);
    assert_eq!(view.state, HotkeyState::Taken);
    assert_eq!(view.free, ["Ctrl+Shift+Space", "Alt+Space", "Ctrl+Alt+C"]);
    assert_eq!(held(&desk), Vec::<String>::new(), "trying leaves nothing behind");
}

#[test]
fn changing_to_a_taken_key_keeps_the_old_one() {
    let (hotkey, desk) = hotkey(&["Super+Space"]);
    let refused = hotkey.rebind(Action::Open, Some(binding("Super+Space"))).unwrap_err();
    assert_eq!(refused.free, ["Ctrl+Shift+Space", "Alt+Space", "Ctrl+Alt+C"]);
    assert_eq!(held(&desk), ["Ctrl+Alt+Space"]);
    assert_eq!(hotkey.view(Action::Open).binding, "Ctrl+Alt+Space");
}

#[test]
fn changing_gives_the_old_key_back() {
    let (hotkey, desk) = hotkey(&[]);
    hotkey.rebind(Action::Open, Some(binding("Alt+Space"))).unwrap();
    assert_eq!(held(&desk), ["Alt+Space"]);
}

#[test]
fn changing_a_taken_key_makes_it_live() {
    let (hotkey, desk) = hotkey(&["Ctrl+Alt+Space"]);
    hotkey.rebind(Action::Open, Some(binding("Alt+Space"))).unwrap();
    assert_eq!((hotkey.view(Action::Open).state, held(&desk)), (HotkeyState::Live, vec!["Alt+Space".to_owned()]));
}

#[test]
fn a_pause_gives_the_key_back_and_takes_it_again() {
    let (hotkey, desk) = hotkey(&[]);
    hotkey.set(Wanted::Paused);
    assert_eq!((hotkey.view(Action::Open).state, held(&desk)), (HotkeyState::Paused, vec![]));
    hotkey.rebind(Action::Open, Some(binding("Alt+Space"))).unwrap();
    assert_eq!(held(&desk), Vec::<String>::new(), "paused stays paused");
    hotkey.set(Wanted::Live);
    assert_eq!(held(&desk), ["Alt+Space"]);
}

#[test]
fn a_desktop_without_hotkeys_says_so() {
    let keys = [Some(binding("Alt+Space")), None, None];
    for session in [Session::Wayland, Session::None] {
        let hotkey = Hotkeys::start(session, keys, Wanted::Live, Box::new(|_, _| {}));
        assert_eq!(hotkey.view(Action::Open).state, HotkeyState::Unsupported);
        hotkey.rebind(Action::Open, Some(binding("Ctrl+F1"))).unwrap();
        assert_eq!(hotkey.view(Action::Open).binding, "Ctrl+F1", "what the user wants is kept for another desktop");
    }
}

#[test]
fn a_second_key_comes_and_goes_beside_the_first() {
    let (hotkey, desk) = hotkey(&["Super+C"]);
    assert_eq!(hotkey.view(Action::Repeat).state, HotkeyState::Unset);
    hotkey.rebind(Action::Repeat, Some(binding("Ctrl+Alt+K"))).unwrap();
    assert_eq!(held(&desk), ["Ctrl+Alt+K", "Ctrl+Alt+Space"]);
    assert_eq!(hotkey.view(Action::Repeat).binding, "Ctrl+Alt+K");
    assert!(hotkey.rebind(Action::Repeat, Some(binding("Super+C"))).is_err());
    hotkey.set(Wanted::Paused);
    assert_eq!(held(&desk), Vec::<String>::new());
    hotkey.set(Wanted::Live);
    hotkey.rebind(Action::Repeat, None).unwrap();
    assert_eq!(held(&desk), ["Ctrl+Alt+Space"]);
}

#[test]
fn one_key_does_one_thing() {
    let (hotkey, desk) = hotkey(&[]);
    let refused = hotkey.rebind(Action::OpenClipboard, Some(binding("Ctrl+Alt+Space"))).unwrap_err();
    assert_eq!(refused.to_string(), "Caro itself has Ctrl+Alt+Space");
    assert_eq!(refused.free, ["Ctrl+Shift+Space", "Super+Space", "Alt+Space"]);
    assert_eq!(held(&desk), ["Ctrl+Alt+Space"]);
}
