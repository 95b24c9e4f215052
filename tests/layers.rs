//! The rule of the house: which folder of the source may know which. See ARCHITECTURE.md.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each part with those that it may use beside itself. `cli` and `main` may use all.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("language", &[]),
    ("error", &[]),
    ("note", &["error"]),
    ("study", &["error", "note"]),
    ("read", &["error", "note", "study", "weights"]),
    ("weights", &["error", "note", "study"]),
    ("inference", &["error", "note", "weights"]),
    ("measures", &["error", "note", "study", "weights", "inference"]),
    ("write", &["error", "language", "note", "read", "study", "weights", "inference", "measures"]),
    ("picture", &["error", "language", "note", "study", "weights", "inference", "measures", "write"]),
    ("finding", &["error", "language", "note", "study", "weights", "inference", "measures", "write"]),
    ("page", &["language", "note", "study", "weights", "inference", "measures", "write", "picture", "finding"]),
];

#[test]
fn every_part_knows_only_what_it_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for (part, allowed) in MAY_USE {
        for file in files(&source, part) {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for used in used_parts(code) {
                seen += 1;
                let may = used == part || allowed.contains(&used.as_str()) || !is_part(&used);
                assert!(may, "{} uses crate::{used}, which {part} may not know", file.display());
            }
        }
    }
    assert!(seen > 50, "only {seen} uses were found: the test reads the wrong files");
}

/// Whether a name in `crate::name` is a part of the source, and not an item at its root.
fn is_part(name: &str) -> bool {
    name == "cli" || MAY_USE.iter().any(|(part, _)| *part == name)
}

/// `src/part.rs` and all files below `src/part`.
fn files(source: &Path, part: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = [source.join(part).with_extension("rs")].into_iter().filter(|f| f.exists()).collect();
    let mut folders = vec![source.join(part)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.ends_with("tests.rs") => {} // a part's tests may look further
                path if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
                _ => {}
            }
        }
    }
    assert!(!found.is_empty(), "there is no src/{part}");
    found
}

/// The first names after `crate::`, those in braces too.
fn used_parts(code: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            names.push(name(rest));
            continue;
        };
        let mut depth = 0;
        for piece in group.split_inclusive([',', '{', '}']) {
            if depth == 0 {
                names.push(name(piece.trim_start()));
            }
            depth += i32::from(piece.ends_with('{')) - i32::from(piece.ends_with('}'));
            if depth < 0 {
                break;
            }
        }
    }
    names
}

#[test]
fn names_in_braces_are_found() {
    let code = "use crate::error::Result;\nuse crate::{note::{Note, listed}, study::Cities};\n";
    let used: Vec<String> = used_parts(code).into_iter().filter(|name| is_part(name)).collect();
    assert_eq!(used, ["error", "note", "study"]);
    assert!(used_parts("use std::fmt;").is_empty());
}
