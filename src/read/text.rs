//! Bytes to text: encodings, and files that are no text at all.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Fault, Kind, Result};
use crate::note::Note;

/// Which encodings a format may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encodings {
    /// UTF-8 with or without a byte order mark.
    #[allow(dead_code, reason = "the strict form, for formats that prescribe UTF-8")]
    Utf8,
    /// UTF-8, UTF-16 with a byte order mark, and GB18030 with its parts GBK and GB2312: what spreadsheets write.
    Spreadsheet,
}

/// A text and what had to be assumed to read it.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The text without a byte order mark.
    pub text: Cow<'a, str>,
    /// A warning `encoding` where it is not UTF-8.
    pub notes: Vec<Note>,
}

/// The text of `bytes`; a fault where they are empty, another kind of file, or in an unknown encoding.
pub(crate) fn decode<'a>(bytes: &'a [u8], file: &str, encodings: Encodings) -> Result<Decoded<'a>> {
    let decoded = match (utf16(bytes), encodings) {
        (Some(encoding), Encodings::Spreadsheet) => transcode(bytes, encoding),
        (Some(_), Encodings::Utf8) => Err(not_utf8(bytes, "this is UTF-16", "UTF-16").into()),
        (None, _) => match no_text(bytes) {
            Some(fault) => Err(fault.into()),
            None => match std::str::from_utf8(bytes) {
                Ok(text) => {
                    let text = Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
                    Ok(Decoded { text, notes: Vec::new() })
                }
                Err(_) => match likely_encoding(bytes) {
                    likely if likely == GB18030 && encodings == Encodings::Spreadsheet => transcode(bytes, likely),
                    likely => Err(not_utf8(bytes, "this byte is not UTF-8", likely.name()).into()),
                },
            },
        },
    };
    let decoded = decoded.map_err(|error| error.in_file(file))?;
    if decoded.text.trim().is_empty() {
        return Err(Fault::new(Kind::Read, "the file is empty")
            .file(file)
            .hint("was it saved or downloaded whole?")
            .into());
    }
    Ok(decoded)
}

/// Line and column of a byte offset, both counted from 1, the column in characters.
///
/// An offset within a character counts as that character; one past the end is the end.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    (1 + count_line_ends(before.as_bytes()), 1 + before[start..].chars().count())
}

/// Number of line ends, each of `\n`, `\r\n` and `\r` being one.
pub(crate) fn count_line_ends(bytes: &[u8]) -> usize {
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(|&at| bytes[at] == b'\n' || lone(at)).count()
}

fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn transcode<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Decoded<'a>> {
    let body = if encoding == GB18030 { bytes } else { &bytes[2..] };
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => {
            let message = format!("not UTF-8; read as {}", encoding.name().to_uppercase());
            Ok(Decoded { text, notes: vec![Note::warning("encoding", message)] })
        }
        None => {
            let message = format!("neither UTF-8 nor {}", encoding.name().to_uppercase());
            Err(not_utf8(bytes, message, "ENCODING").into())
        }
    }
}

/// A fault at the first byte that is not UTF-8, with the command that converts from the `likely` encoding.
fn not_utf8(bytes: &[u8], message: impl Into<String>, likely: &str) -> Fault {
    let fault = Fault::new(Kind::Read, message);
    let fault = match likely {
        "UTF-8" => fault.hint("the rest is UTF-8: is the file cut or damaged?"),
        _ => {
            fault.hint(format!("save it as UTF-8, or convert it: iconv -f {} -t UTF-8 IN > OUT", likely.to_uppercase()))
        }
    };
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    match std::str::from_utf8(&bytes[..valid]) {
        Ok(text) if valid > 0 => {
            let (line, column) = line_and_column(text, valid);
            fault.at(line, column)
        }
        _ => fault,
    }
}

/// What bytes that are not quite UTF-8 probably are: damaged UTF-8, Chinese, or accented Latin letters.
///
/// Chinese comes in pairs of bytes that nearly always are both above 0x7f; `ü` in `Zürich` is followed by a letter.
fn likely_encoding(bytes: &[u8]) -> &'static Encoding {
    let lossy = String::from_utf8_lossy(bytes);
    let damaged = lossy.matches('\u{fffd}').count();
    if lossy.chars().filter(|c| !c.is_ascii()).count() > 2 * damaged {
        return UTF_8;
    }
    let runs = bytes.chunk_by(|a, b| a.is_ascii() == b.is_ascii()).filter(|run| !run[0].is_ascii());
    let (single, all) = runs.fold((0, 0), |(single, all), run| (single + usize::from(run.len() == 1), all + 1));
    if 2 * single > all { WINDOWS_1252 } else { GB18030 }
}

/// The fault that `bytes` are no text but another kind of file.
fn no_text(bytes: &[u8]) -> Option<Fault> {
    let structure = |message: &str, hint: &str| Some(Fault::new(Kind::Structure, message).hint(hint));
    let start = bytes.trim_ascii_start();
    let begins = |word: &[u8]| start.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    match bytes {
        [0x1f, 0x8b, ..] => structure("this is a gzip archive, not text", "unpack it: gunzip"),
        [b'P', b'K', 3, 4, ..] => structure(
            "this is a zip archive or an Excel workbook, not text",
            "unpack it, or save the sheet as CSV UTF-8",
        ),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            structure("this is an old Excel workbook, not text", "save the sheet as CSV UTF-8")
        }
        [b'%', b'P', b'D', b'F', ..] => structure("this is a PDF document, not text", "copy its table to a CSV file"),
        _ if begins(b"<!doctype html") || begins(b"<html") => {
            structure("this is an HTML page", "a download often saves the page instead of the file: fetch the raw file")
        }
        _ if bytes.contains(&0) => structure(
            "this is not text: it has zero bytes",
            "if it is UTF-16 without a byte order mark, save it as UTF-8",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, usize) {
        let decoded = decode(bytes, "t.csv", Encodings::Spreadsheet).unwrap();
        (decoded.text.into_owned(), decoded.notes.len())
    }

    fn refusal(bytes: &[u8], encodings: Encodings) -> String {
        decode(bytes, "t.csv", encodings).unwrap_err().to_string()
    }

    #[test]
    fn utf8_with_and_without_a_mark_is_silent() {
        assert_eq!(text("id\n上海".as_bytes()), ("id\n上海".into(), 0));
        assert_eq!(text("\u{feff}id".as_bytes()), ("id".into(), 0));
    }

    #[test]
    fn other_encodings_are_read_and_said() {
        assert_eq!(text(&GB18030.encode("起点,终点\n上海,南京").0), ("起点,终点\n上海,南京".into(), 1));
        let little: Vec<u8> = "\u{feff}id,上海".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}id,上海".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&little), ("id,上海".into(), 1));
        assert_eq!(text(&big), ("id,上海".into(), 1));
    }

    #[test]
    fn strict_utf8_names_the_place_and_the_conversion() {
        let bytes = GB18030.encode("id,name\n1,上海").0;
        let error = decode(&bytes, "t.csv", Encodings::Utf8).unwrap_err();
        assert_eq!(error.to_string(), "t.csv:2:3: this byte is not UTF-8");
        assert!(error.faults()[0].remedy().unwrap().contains("GB18030"));
    }

    #[test]
    fn accented_latin_is_not_taken_for_chinese() {
        let error = decode(b"id,name\n1,Z\xfcrich\n2,K\xf6ln", "t.csv", Encodings::Spreadsheet).unwrap_err();
        assert_eq!(error.to_string(), "t.csv:2:4: this byte is not UTF-8");
        assert!(error.faults()[0].remedy().unwrap().contains("WINDOWS-1252"));
    }

    #[test]
    fn damaged_utf8_is_not_taken_for_chinese() {
        let mut bytes = "id,name\n1,上海市\n2,南京市".as_bytes().to_vec();
        bytes.pop();
        assert_eq!(refusal(&bytes, Encodings::Spreadsheet), "t.csv:3:5: this byte is not UTF-8");
    }

    #[test]
    fn other_files_are_recognised() {
        for (bytes, word) in [
            (&b""[..], "empty"),
            (b" \n\n", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b"\xff\xfe", "empty"),
            (b"\x1f\x8b\x08\x00", "gzip"),
            (b"PK\x03\x04\x14", "zip"),
            (b"\xd0\xcf\x11\xe0\xa1", "Excel"),
            (b"%PDF-1.7", "PDF"),
            (b"\n<!DOCTYPE html><html>", "HTML"),
            (b"a\0b\0c\0", "zero bytes"),
            (b"\xff\xfea\0\x00\xd8", "neither UTF-8 nor UTF-16LE"),
        ] {
            let message = refusal(bytes, Encodings::Spreadsheet);
            assert!(message.contains(word), "{message}");
        }
    }

    #[test]
    fn positions_count_characters_and_every_line_end() {
        let text = "a\r\n上海x\rb\nc";
        let place = |word: &str| line_and_column(text, text.find(word).unwrap());
        assert_eq!((place("a"), place("x"), place("b"), place("c")), ((1, 1), (2, 3), (3, 1), (4, 1)));
        assert_eq!(line_and_column(text, 4), (2, 1));
        assert_eq!(line_and_column(text, 99), (4, 2));
    }
}
