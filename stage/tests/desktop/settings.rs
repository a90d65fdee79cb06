//! The settings window in the real app: the first start, its pages by keyboard, its languages, and a model fetched from a hub.

use std::fs;

use caro_stage::{Setup, Stage, Start, app, wait_until};

use crate::desk::{Desk, config, data};
use crate::hub::Hub;

const PAGES: [&str; 9] =
    ["general", "shortcut", "models", "safety", "terminals", "privacy", "performance", "about", "welcome"];

/// The stage's user has seen Caro before; here it is new.
fn forget(stage: &Stage) {
    fs::remove_file(data(stage).join("welcomed")).unwrap();
}

fn settings(desk: &Desk) {
    desk.stage.screen().wait_shown(app::SETTINGS).unwrap();
    desk.app.page().switch_to("settings").unwrap();
}

/// Sets a choice the way its list does.
fn choose(desk: &Desk, selector: &str, value: &str) {
    desk.app.page().wait_element(selector).unwrap();
    let change = "const field = document.querySelector(arguments[0]);
                  field.value = arguments[1];
                  field.dispatchEvent(new Event('change', { bubbles: true }))";
    desk.app.page().script(change, &[selector, value]).unwrap();
}

#[test]
fn the_first_start_shows_the_hotkey_and_notices_that_it_works() {
    let desk = Desk::prepared(Setup::default(), &Start::default(), forget);
    settings(&desk);
    let page = desk.app.page();
    page.wait_element("#press").unwrap();
    assert_eq!(page.text("#press kbd").unwrap().as_deref(), Some("Ctrl"));
    assert_eq!(page.attribute("#tried", "data-tried").unwrap().as_deref(), Some("false"));
    desk.press(app::HOTKEY);
    desk.stage.screen().wait_active(app::POPUP).unwrap();
    page.wait_element("#tried[data-tried=true]").unwrap();
    page.wait_element("article [data-act=pull]").unwrap();
    // Starting at login is written where the desktop looks for it, and taken away again.
    let list = config(&desk.stage).with_file_name("autostart");
    page.click("#login").unwrap();
    wait_until("an entry of what starts", || Ok(fs::read_dir(&list).ok().and_then(|mut files| files.next()).map(drop)))
        .unwrap();
    page.wait_element("#login[aria-checked=true]").unwrap();
    page.click("#login").unwrap();
    page.wait_element("#login[aria-checked=false]").unwrap();
    assert_eq!(fs::read_dir(&list).unwrap().count(), 0);
    assert!(data(&desk.stage).join("welcomed").exists());
}

#[test]
fn a_later_start_is_quiet() {
    let desk = Desk::new();
    desk.assert_works();
    assert_eq!(desk.stage.screen().visible(app::SETTINGS).unwrap(), None);
}

#[test]
fn pages_are_turned_by_keyboard_and_change_their_language() {
    let desk = Desk::with(Setup::default(), &Start { arguments: &["--settings"], ..Start::default() });
    settings(&desk);
    let page = desk.app.page();
    page.wait_element("nav [data-page=general][aria-current=page]").unwrap();
    desk.stage.screen().wait_active(app::SETTINGS).unwrap();
    page.script("document.querySelector('nav [tabindex=\"0\"]').focus()", &[]).unwrap();
    desk.press("Down");
    page.wait_element("nav [data-page=shortcut][aria-current=page]").unwrap();
    desk.press("Up");
    page.wait_element("nav [data-page=general][aria-current=page]").unwrap();
    choose(&desk, "#language", "de");
    page.wait_script("German", "return document.querySelector('h1').textContent === 'Allgemein'", &[]).unwrap();
    desk.stage.screen().wait_shown("Caro – Einstellungen").unwrap();
    // The popup follows, and says what it does not understand.
    page.switch_to("popup").unwrap();
    page.wait_element("#english").unwrap();
    let file = fs::read_to_string(config(&desk.stage).join("settings.toml")).unwrap();
    assert!(file.contains("language = \"de\""), "{file}");
}

#[test]
fn a_model_is_fetched_paused_resumed_checked_and_removed() {
    let hub = Hub::open();
    let environment = [("HF_ENDPOINT", hub.address())];
    let start = Start { arguments: &["--settings", "models"], environment: &environment, ..Start::default() };
    let desk = Desk::with(Setup::default(), &start);
    settings(&desk);
    let page = desk.app.page();
    page.click("#model-smollm-135m [data-act=pull]").unwrap();
    page.wait_script(
        "half of the file",
        "return document.querySelector('#model-smollm-135m progress')?.value > 0",
        &[],
    )
    .unwrap();
    page.click("#model-smollm-135m [data-act=pause]").unwrap();
    page.wait_element("#model-smollm-135m[data-state=begun]").unwrap();
    hub.let_go();
    page.click("#model-smollm-135m [data-act=pull]").unwrap();
    page.wait_element("#model-smollm-135m[data-state=installed]").unwrap();
    // The first model that comes is the one in use.
    page.wait_element("#model-smollm-135m .use").unwrap();
    assert!(page.text("#asked").unwrap().unwrap_or_default().contains("smollm-135m"));
    page.click("#model-smollm-135m [data-act=verify]").unwrap();
    page.wait_element("#model-smollm-135m[data-state=installed]:not([data-stage])").unwrap();
    page.click("#remove-smollm-135m").unwrap();
    page.click("#remove-smollm-135m-confirm").unwrap();
    page.wait_element("#model-smollm-135m[data-state=available]").unwrap();
    assert!(!data(&desk.stage).join("models/smollm-135m.gguf").exists());
}

#[test]
fn every_page_is_sound_to_axe_and_fills_its_window() {
    let desk = Desk::with(Setup::default(), &Start { arguments: &["--settings"], ..Start::default() });
    settings(&desk);
    let page = desk.app.page();
    let axe = fs::read_to_string(app::root().join("ui/node_modules/axe-core/axe.min.js")).unwrap();
    let pictures = std::env::var_os("CARO_PICTURES").map(std::path::PathBuf::from);
    page.script(&axe, &[]).unwrap();
    for theme in ["light", "dark", "contrast"] {
        for name in PAGES {
            page.script("location.hash = arguments[0]", &[name]).unwrap();
            let marked =
                if name == "welcome" { "#tried".to_owned() } else { format!("[data-page={name}][aria-current=page]") };
            page.wait_element(&marked).unwrap();
            page.script("document.documentElement.dataset.theme = arguments[0]", &[theme]).unwrap();
            let body = "if (window.checked !== arguments[0]) {
                          window.checked = arguments[0]; window.found = undefined;
                          axe.run(document).then(({ violations }) => (window.found = violations
                            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                            .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`)).join('\\n')));
                        }
                        return window.found === undefined ? null : { found: window.found }";
            let key = format!("{theme} {name}");
            let found = page.wait_script("axe", body, &[&key]).unwrap();
            assert_eq!(found["found"], "", "{key}");
            if let Some(folder) = &pictures {
                let window = desk.stage.screen().visible(app::SETTINGS).unwrap().unwrap();
                desk.stage.photograph(Some(window.id), &folder.join(format!("settings-{name}-{theme}.png"))).unwrap();
            }
        }
    }
}
