//! The words the app shows by itself, in the tray menu and in titles. From the files the pages have theirs from: one a language.

use serde_json::Value;

use crate::platform;
use crate::present::same_names;
use crate::view::Language;

same_names!(caro::config::Language => Language { En, De, Fr, Es, Zh, Ja });

/// The texts of one language.
#[derive(Debug)]
pub struct Texts(Value);

impl Texts {
    /// Those of `language`.
    pub fn of(language: Language) -> Self {
        Self(serde_json::from_str(file(language)).unwrap_or_default())
    }

    /// The text of a key, `area.key`.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        let found = key.split('.').try_fold(&self.0, |table, name| table.get(name));
        // A test of the pages finds every key that is missing; a menu should not end of one.
        found.and_then(Value::as_str).unwrap_or(key)
    }
}

/// The language of the windows: the chosen one, or the system's, or English when nothing is written in that.
pub fn language(chosen: Option<caro::config::Language>) -> Language {
    chosen.map_or_else(|| first_known(&platform::locales()).unwrap_or(Language::En), Into::into)
}

/// The first of the user's languages that the windows are written in.
fn first_known(locales: &[String]) -> Option<Language> {
    locales.iter().find_map(|locale| {
        let name = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(name))
    })
}

const fn file(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../ui/src/lib/text/en.json"),
        Language::De => include_str!("../../ui/src/lib/text/de.json"),
        Language::Fr => include_str!("../../ui/src/lib/text/fr.json"),
        Language::Es => include_str!("../../ui/src/lib/text/es.json"),
        Language::Zh => include_str!("../../ui/src/lib/text/zh.json"),
        Language::Ja => include_str!("../../ui/src/lib/text/ja.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_first_one_that_is_spoken() {
        for (locales, expected) in [
            (&["de_DE.UTF-8", "de_DE", "de", "C"][..], Some(Language::De)),
            (&["C"], None),
            (&["nl", "fr-CA"], Some(Language::Fr)),
            (&["zh-Hans-CN"], Some(Language::Zh)),
            (&["desktop"], None),
            (&[], None),
        ] {
            let named: Vec<String> = locales.iter().map(|&locale| locale.to_owned()).collect();
            assert_eq!(first_known(&named), expected, "{locales:?}");
        }
        assert_eq!(language(Some(caro::config::Language::Ja)), Language::Ja);
    }

    #[test]
    fn every_language_has_the_words_of_the_menu() {
        for language in Language::ALL {
            let texts = Texts::of(language);
            for key in ["tray.open", "tray.quit", "settings.title"] {
                assert_ne!(texts.get(key), key, "{language:?}");
            }
        }
        assert_eq!(Texts::of(Language::De).get("tray.quit"), "Beenden");
        assert_eq!(Texts::of(Language::En).get("tray.nothing"), "tray.nothing");
    }
}
