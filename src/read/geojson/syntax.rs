//! What a file is when it is not readable JSON, and where its text goes wrong.

use crate::error::{Error, Fault, Kind, Result, quoted};
use crate::read::geojson::members::unquoted;

/// The text of a file without its byte order mark, or what the file is instead.
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<String> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    if let Some(fault) = other_format(&bytes) {
        return Err(fault.into());
    }
    let text =
        String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()))?;
    match text.trim_start().chars().next() {
        None => Err(Fault::new(Kind::Read, "the file is empty")
            .hint("was the download or export finished? fetch or write the file again")
            .into()),
        Some('\u{1e}') => Err(sequence("a GeoJSON text sequence (RFC 8142)").into()),
        Some('<') => Err(markup(&text).into()),
        Some(_) => Ok(text),
    }
}

/// The fault for formats known by their first bytes.
fn other_format(bytes: &[u8]) -> Option<Fault> {
    const KNOWN: [(&[u8], &str, &str); 9] = [
        (b"\x1f\x8b", "gzip-compressed data", "gunzip the file first"),
        (b"PK\x03\x04", "a ZIP archive", "unzip it; a zipped shapefile or KMZ then needs `ogr2ogr -f GeoJSON`"),
        (b"\xff\xfe", "text in UTF-16", "iconv -f UTF-16 -t UTF-8"),
        (b"\xfe\xff", "text in UTF-16", "iconv -f UTF-16 -t UTF-8"),
        (b"{\0", "text in UTF-16", "iconv -f UTF-16LE -t UTF-8"),
        (b"\0{", "text in UTF-16", "iconv -f UTF-16BE -t UTF-8"),
        (
            b"SQLite format 3\0",
            "a GeoPackage or SQLite database",
            "convert it: `ogr2ogr -f GeoJSON cities.geojson FILE`",
        ),
        (b"fgb", "FlatGeobuf", "convert it: `ogr2ogr -f GeoJSON cities.geojson FILE`"),
        (b"\0\0\x27\x0a", "a shapefile", "convert it: `ogr2ogr -f GeoJSON cities.geojson FILE.shp`"),
    ];
    if let Some((_, what, hint)) = KNOWN.iter().find(|(start, _, _)| bytes.starts_with(start)) {
        return Some(Fault::new(Kind::Read, format!("this is {what}, not GeoJSON in UTF-8")).hint(*hint));
    }
    let zero = bytes.iter().position(|&byte| byte == 0)?;
    Some(
        Fault::new(Kind::Read, format!("this is binary data, not GeoJSON: byte {zero} is zero"))
            .hint("convert it: `ogr2ogr -f GeoJSON cities.geojson FILE`"),
    )
}

fn not_utf8(bytes: &[u8], offset: usize) -> Error {
    let decoded = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    let encoding = if decoded.is_some() { "GB18030" } else { "ISO-8859-1" };
    let line = 1 + bytes[..offset].iter().filter(|&&byte| byte == b'\n').count();
    Fault::new(Kind::Read, format!("the text is not UTF-8: byte {} at offset {offset}", bytes[offset]))
        .line(line)
        .hint(format!("if the encoding is {encoding}: iconv -f {encoding} -t UTF-8"))
        .into()
}

fn markup(text: &str) -> Fault {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        Fault::new(Kind::Read, "this is an HTML page, not GeoJSON")
            .hint("the server answered with a page; fetch the data file itself")
    } else {
        Fault::new(Kind::Read, "this is XML (KML, GML or GPX?), not GeoJSON")
            .hint("convert it: `ogr2ogr -f GeoJSON cities.geojson FILE`")
    }
}

fn sequence(what: &str) -> Fault {
    Fault::new(Kind::Structure, format!("this is {what}, not one FeatureCollection"))
        .hint("rewrite it: `ogr2ogr -f GeoJSON cities.geojson FILE`")
}

/// Line and column of a byte, both counted from 1, the column in characters.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    // Bytes that continue a character are not counted.
    let column = before[line_start..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count() + 1;
    (line, column)
}

/// Byte offset of the place that serde_json names.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(newline, _)| newline + 1),
    };
    let mut offset = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A fault at a byte of the text.
pub(super) fn fault_at(text: &str, offset: usize, message: impl Into<String>) -> Fault {
    let (line, column) = position(text, offset);
    Fault::new(Kind::Syntax, format!("{} (line {line}, column {column})", message.into())).at(line, column)
}

/// The fault behind an error of the parser, with what can be guessed of its cause.
pub(super) fn fault(text: &str, error: &serde_json::Error) -> Fault {
    if error.is_eof() {
        return fault_at(text, text.trim_end().len(), "the JSON ends too early")
            .hint("the file was cut; download or export it again");
    }
    let at = offset(text, error);
    let (before, after) = text.split_at(at);
    if after.starts_with(['}', ']']) && before.trim_end().ends_with(',') {
        let comma = before.trim_end().len() - 1;
        return fault_at(text, comma, "a comma after the last member")
            .hint("QGIS tolerates this, JSON does not; `ogr2ogr -f GeoJSON cities.geojson FILE` rewrites the file");
    }
    let reason = error.to_string();
    let reason = reason.split(" at line").next().unwrap_or_default();
    if reason.starts_with("control character") {
        // The place named is that of the character before it.
        let at = at + after.chars().next().map_or(0, char::len_utf8);
        return fault_at(text, at, "a text holds a line break, a tab or another control character as it is")
            .hint("write it as an escape: \\n, \\t or \\u001b");
    }
    // Within a text a word is no token.
    let at_token = ["expected", "key must", "invalid number"].iter().any(|start| reason.starts_with(start));
    at_token.then(|| word_fault(text, at)).flatten().unwrap_or_else(|| {
        fault_at(text, at, format!("the JSON is broken: {reason}, found {}", found(after)))
            .hint("look at this place in a text editor, or export the file again")
    })
}

fn found(after: &str) -> String {
    after.chars().next().map_or("the end of the file".to_owned(), |c| quoted(&c.to_string()))
}

/// The fault for words and marks that other languages have and JSON has not.
fn word_fault(text: &str, at: usize) -> Option<Fault> {
    let part_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '.' | '#');
    let start = text[..at].trim_end_matches(part_of_word).len();
    let rest = &text[start..];
    let word = &rest[..rest.find(|c| !part_of_word(c)).unwrap_or(rest.len())];
    let (message, hint) = match word.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str() {
        "nan" | "infinity" | "inf" | "1.#qnan" | "1.#inf" | "1.#ind" => (
            format!("{word} is not JSON"),
            "write null where a value is not known: JSON has finite numbers only, though some programs write others",
        ),
        "true" | "false" | "null" if word.bytes().all(|byte| byte.is_ascii_lowercase()) => return None,
        "true" | "false" | "null" | "none" | "undefined" | "na" => {
            (format!("{word} is not JSON"), "write true, false or null in lower case")
        }
        "" if rest.starts_with("//") || rest.starts_with("/*") => {
            ("a comment is not JSON".to_owned(), "remove the comment")
        }
        "" if rest.starts_with('\'') => {
            ("a single quote is not JSON".to_owned(), "put texts and keys in double quotes")
        }
        _ => return None,
    };
    let fault = fault_at(text, start, message).hint(hint);
    Some(match key_before(&text[..start]) {
        Some(key) => fault.field(key),
        None => fault,
    })
}

/// The key whose value begins where `before` ends.
fn key_before(before: &str) -> Option<String> {
    let key_end = before.trim_end().strip_suffix(':')?.trim_end();
    let inner = key_end.strip_suffix('"')?;
    let start = inner.rfind('"')?;
    unquoted(&key_end[start..]).ok().map(Into::into)
}

/// The fault for data after the outermost value, which ends before `rest`.
pub(super) fn trailing(text: &str, rest: &str, first_is_feature: bool) -> Fault {
    if first_is_feature && rest.trim_start().starts_with('{') {
        return sequence("newline-delimited GeoJSON (GeoJSONSeq)");
    }
    let at = text.len() - rest.trim_start().len();
    fault_at(text, at, format!("data after the end of the JSON: {}", found(rest.trim_start())))
        .hint("a file holds one FeatureCollection; remove what follows it")
}
