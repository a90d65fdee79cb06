//! What encoders and filters of text make of a text that is known. `None` when that is not certain.

use super::super::Arg;

pub(super) fn base64(text: &str) -> Option<String> {
    let mut bits = 0_u32;
    let mut held = 0;
    let mut out = Vec::with_capacity(text.len());
    for b in text.bytes() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    String::from_utf8(out).ok()
}

pub(super) fn hex(text: &str) -> Option<String> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes =
        digits.chunks_exact(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1])).collect::<Result<_, _>>().ok()?;
    String::from_utf8(bytes).ok()
}

pub(super) fn base32(text: &str) -> Option<String> {
    let mut bits = 0_u64;
    let mut held = 0;
    let mut out = Vec::with_capacity(text.len());
    for b in text.bytes() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a',
            b'2'..=b'7' => b - b'2' + 26,
            b'=' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = ((bits << 5) | u64::from(value)) & 0xffff;
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    String::from_utf8(out).ok()
}

/// `tr SET1 SET2` and `tr -d SET`.
pub(super) fn translate(text: &str, args: &[Arg]) -> Option<String> {
    let operands: Vec<&str> = args.iter().filter(|arg| !arg.is_option()).map(|arg| arg.text.as_str()).collect();
    let options: String =
        args.iter().filter(|arg| arg.is_option()).map(|arg| arg.text.trim_start_matches('-')).collect();
    match (options.as_str(), operands.as_slice()) {
        ("", [from, to]) => {
            let (from, to) = (set(from)?, set(to)?);
            let last = *to.last()?;
            let swap =
                |c: char| from.iter().rposition(|known| *known == c).map_or(c, |at| *to.get(at).unwrap_or(&last));
            Some(text.chars().map(swap).collect())
        }
        ("d", [gone]) => {
            let gone = set(gone)?;
            Some(text.chars().filter(|c| !gone.contains(c)).collect())
        }
        _ => None,
    }
}

/// The characters of a set of `tr`.
fn set(source: &str) -> Option<Vec<char>> {
    let source = source
        .replace("[:upper:]", "A-Z")
        .replace("[:lower:]", "a-z")
        .replace("[:digit:]", "0-9")
        .replace("[:space:]", " \t\n");
    if source.contains("[:") {
        return None;
    }
    let chars: Vec<char> = crate::shell::word::unescape(&source).chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if let [from, '-', to, ..] = chars[at..] {
            out.extend((from..=to).take(256));
            at += 3;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    Some(out)
}

/// `s/from/to/` without patterns.
pub(super) fn substitute(text: &str, args: &[Arg]) -> Option<String> {
    let scripts: Vec<&str> = args.iter().map(|arg| arg.text.as_str()).filter(|text| *text != "-e").collect();
    let [script] = scripts.as_slice() else { return None };
    let body = script.strip_prefix('s')?;
    let sign = body.chars().next().filter(|sign| !sign.is_alphanumeric() && *sign != '\\')?;
    let mut parts = vec![String::new()];
    let mut chars = body[sign.len_utf8()..].chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => parts.last_mut()?.extend(chars.next()),
            _ if c == sign => parts.push(String::new()),
            _ => parts.last_mut()?.push(c),
        }
    }
    let [from, to, flags] = parts.as_slice() else { return None };
    if from.is_empty() || from.contains(['.', '*', '[', '^', '$', '+', '?']) || to.contains('&') {
        return None;
    }
    match flags.as_str() {
        "" => Some(text.split_inclusive('\n').map(|line| line.replacen(from.as_str(), to, 1)).collect()),
        "g" => Some(text.replace(from.as_str(), to)),
        _ => None,
    }
}
