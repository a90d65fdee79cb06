//! Input nobody meant to send.

use crate::home::Home;

const GOOD: &[u8] = b"{\"id\":\"good\",\"query\":\"list files\"}\n";

#[test]
fn a_line_that_is_no_text_gets_an_error_and_the_rest_go_on() {
    let input = [
        GOOD,
        b"{\"id\":\"1\",\"query\":\"\xff\xfe\"}\n",
        GOOD,
        b"\0\x01\x02\x7f\x80\n",
        b"{\"id\":\"2\",\"query\":\"a\0b\"}\n",
        GOOD,
    ]
    .concat();
    let output = Home::new().run(&["batch"], &input);
    assert_eq!(output.codes(), ["", "invalid-utf8", "", "invalid-utf8", "invalid-json", ""]);
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
}

#[test]
fn every_string_json_can_carry_gets_an_answer() {
    let queries = [
        String::new(),
        " \t\r\n".to_owned(),
        "x".repeat(100_000),
        "list files ".repeat(9_000),
        "\u{0}\u{7}\u{1b}[2J".to_owned(),
        "\u{202e}selif tsil\u{202c}".to_owned(),
        "li\u{200b}st\u{feff} files".to_owned(),
        "\u{10ffff}\u{fffd}🏳️‍🌈e\u{301}".to_owned(),
        "'\"`$(reboot)\\;&&||<>".to_owned(),
        "find files named \"'; rm -rf / #\"".to_owned(),
    ];
    let line = |(id, query)| serde_json::json!({"id": id, "query": query}).to_string() + "\n";
    let input: String = queries.iter().enumerate().map(line).collect();
    let output = Home::new().run(&["batch"], input.as_bytes());
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
    let lines: Vec<serde_json::Value> = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), queries.len());
    for (id, (line, query)) in lines.iter().zip(&queries).enumerate() {
        let shown: String = query.chars().take(40).collect();
        assert_eq!((line["id"].as_u64(), line["query"].as_str()), (Some(id as u64), Some(query.as_str())), "{shown:?}");
        assert!(line["command"].is_null() || line["command"].as_str().is_some_and(|c| !c.contains('\n')), "{shown:?}");
    }
}

#[test]
fn a_hundred_kilobytes_on_the_command_line_get_an_answer() {
    let output = Home::new().run(&["--json", &"find ".repeat(20_000)], b"");
    assert!(output.status <= 1, "{}", output.status);
    assert_eq!(output.codes(), [""]);
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_are_a_question_without_an_answer() {
    use std::os::unix::ffi::OsStrExt as _;
    let home = Home::new();
    for args in [&[b"zxqv\xff\xfe".as_slice()][..], &[b"--json", b"zxqv\xff"]] {
        let args: Vec<_> = args.iter().map(|word| std::ffi::OsStr::from_bytes(word)).collect();
        assert_eq!(home.run(&args, b"").status, 1, "{args:?}");
    }
}

#[test]
fn a_line_without_an_end_is_answered_and_forgotten() {
    let long = [b"{\"id\":\"long\",\"query\":\"".as_slice(), &vec![b'x'; 8 << 20], b"\"}\n"].concat();
    let input = [GOOD, &long, GOOD, &vec![b'['; 2 << 20]].concat();
    let output = Home::new().run(&["batch"], &input);
    assert_eq!(output.codes(), ["", "line-too-long", "", "line-too-long"]);
    let deep = [&vec![b'['; 100_000], b"\n".as_slice(), GOOD].concat();
    assert_eq!(Home::new().run(&["check", "--batch"], &deep).codes(), ["invalid-json", "missing-field"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_longest_line_costs_no_memory() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::Stdio;
    let home = Home::new();
    let mut child = home.command(&["batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let chunk = vec![b'x'; 1 << 20];
    for _ in 0..128 {
        input.write_all(&chunk).unwrap();
    }
    input.write_all(b"\n").unwrap();
    let mut answer = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert!(answer.contains("line-too-long"), "{answer}");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 64 * 1024, "{kilobytes} kB for a line of 128 MB");
    drop(input);
    assert!(child.wait().unwrap().success());
}
