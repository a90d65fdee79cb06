//! A user's own intents, and cheat sheets made into some.

use std::fs;

use crate::home::Home;

const OWN: &str = "[[intent]]\nid = \"work.deploy\"\nsay = [\"deploy {service} to staging\"]\ndoes = \"Deploys {service}\"\nany = \"frobctl deploy {service}\"\n";

const PAGE: &str = "# frob\n\n> Frobs.\n\n- [F]robnicate a file:\n\n`frob {{[-f|--file]}} {{path/to/file}}`\n\n- Inside longer quotes:\n\n`frob \"a {{b}}\"`\n";

const SHEET: &str = "% frob\n# Unfrobnicate the host\nfrob --undo <host>\n$ host: touch ran\n";

fn with_own(files: &[(&str, &str)]) -> Home {
    let home = Home::new();
    fs::create_dir_all(home.paths().intents()).expect("a folder");
    for (name, text) in files {
        fs::write(home.paths().intents().join(name), text).expect("a file");
    }
    home
}

#[test]
fn a_file_in_the_folder_is_known_at_the_next_question() {
    let home = with_own(&[("work.toml", OWN)]);
    assert_eq!(home.run(&["please deploy billing to staging"], b"").stdout, "frobctl deploy billing\n");
    let batch = home.run(&["batch"], b"{\"query\":\"deploy 'a b' to staging\",\"shell\":\"bash\"}\n");
    assert!(batch.stdout.contains("frobctl deploy 'a b'"), "{}", batch.stdout);
}

#[test]
fn a_file_with_a_mistake_is_said_and_costs_nothing_else() {
    let home = with_own(&[("bad.toml", "nonsense\n"), ("work.toml", OWN)]);
    let output = home.run(&["deploy billing to staging"], b"");
    assert_eq!(output.stdout, "frobctl deploy billing\n");
    assert!(output.stderr.contains("bad.toml:1") && output.stderr.contains("correct that line"), "{}", output.stderr);
    assert_eq!(fs::read_to_string(home.paths().intents().join("bad.toml")).unwrap(), "nonsense\n");
}

#[test]
fn what_is_no_text_or_far_too_large_is_said() {
    let home = with_own(&[("work.toml", OWN)]);
    fs::write(home.paths().intents().join("a.toml"), [0xFF, 0xFE]).unwrap();
    fs::write(home.paths().intents().join("b.toml"), " ".repeat(2 << 20)).unwrap();
    let output = home.run(&["deploy billing to staging"], b"");
    assert_eq!(output.stdout, "frobctl deploy billing\n");
    assert_eq!(output.stderr.matches("note: cannot read").count(), 2, "{}", output.stderr);
}

#[test]
fn cheat_sheets_become_intents_and_run_nothing() {
    let home = Home::new();
    let sheets = home.paths().data.join("sheets");
    fs::create_dir_all(sheets.join("deep")).unwrap();
    fs::write(sheets.join("deep/frob.md"), PAGE).unwrap();
    fs::write(sheets.join("frob.cheat"), SHEET).unwrap();
    let tldr = home.run(&["import", "tldr", &sheets.display().to_string()], b"");
    assert_eq!((tldr.status, tldr.stderr.as_str()), (0, "1 command imported, 1 left out\n"), "{tldr:?}");
    assert!(fs::read_to_string(tldr.stdout.trim_end()).unwrap().contains("CC BY 4.0"));
    let navi = home.run(&["import", "navi", &sheets.join("frob.cheat").display().to_string()], b"");
    assert_eq!(navi.status, 0, "{navi:?}");
    let ask = |question: &str| home.run(&["--shell", "bash", "--os", "linux", question], b"");
    assert_eq!(ask("frobnicate the file notes.txt").stdout, "frob -f notes.txt\n");
    assert_eq!(ask("unfrobnicate host web.example.com").stdout, "frob --undo web.example.com\n");
    // What a sheet leaves open is left open.
    let open = ask("frobnicate a file");
    assert!(open.stdout.is_empty() && open.stderr.contains("frob -f '<path>'"), "{open:?}");
    assert!(!home.paths().data.join("ran").exists());
}

#[test]
fn an_import_of_nothing_writes_nothing() {
    let home = Home::new();
    let empty = home.paths().data;
    fs::create_dir_all(&empty).unwrap();
    for (path, wrong) in
        [(empty.display().to_string(), "no cheat sheet"), ("/no/such/path".to_owned(), "cannot use /no/such/path")]
    {
        let output = home.run(&["import", "tldr", &path], b"");
        assert_eq!(output.status, 4, "{output:?}");
        assert!(output.stderr.contains(wrong), "{output:?}");
    }
    assert!(!home.paths().intents().exists());
    assert_eq!(home.run(&["import", "csv", "into", "sqlite"], b"").status, 2);
}
