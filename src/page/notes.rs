//! What was repaired, left out, assumed or not run.

use super::Page;
use super::html::Html;
use crate::note::{Level, Note};

/// Most notes that are shown unfolded.
const MOST: usize = 8;
/// The code of notes that are findings, which have a place of their own.
const FINDING: &str = "follows";

/// The notes of the run: warnings first, in each those of one code together.
pub fn write(html: &mut Html, page: &Page) {
    let told = page.report.all_notes();
    for (level, class, title) in [
        (
            Level::Warning,
            "warnings",
            page.say("Warnings: data that were repaired, left out or are doubtful", "警告：被修正、剔除或存疑的数据"),
        ),
        (Level::Note, "remarks", page.say("To know", "须知")),
    ] {
        let notes: Vec<&Note> =
            told.iter().copied().filter(|note| note.level == level && note.code != FINDING).collect();
        if notes.is_empty() {
            continue;
        }
        let title = format!("{title} ({})", notes.len());
        if notes.len() > MOST {
            html.folded(&[("class", class)], &title, |html| list(html, &notes));
        } else {
            html.within("div", &[("class", class)], |html| {
                html.element("h3", &[], &title);
                list(html, &notes);
            });
        }
    }
}

fn list(html: &mut Html, notes: &[&Note]) {
    let mut codes: Vec<&str> = Vec::new();
    notes.iter().for_each(|note| {
        if !codes.contains(&note.code) {
            codes.push(note.code);
        }
    });
    html.open("dl", &[("class", "notes")]);
    for code in codes {
        html.within("dt", &[], |html| {
            html.element("code", &[], code);
        });
        for note in notes.iter().filter(|note| note.code == code) {
            html.element("dd", &[], &note.message);
        }
    }
    html.close("dl");
}
