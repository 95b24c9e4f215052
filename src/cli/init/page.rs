//! The study file as text: every key below its explanation, those that are set and those that are not.

use std::collections::BTreeMap;

use super::keys::Key;
use super::text::comment;

/// What stands at a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Its value as TOML; without one the key is not set.
    pub(super) value: Option<String>,
    /// Why, and what else there is to say.
    pub(super) said: Vec<String>,
    /// Other values, as TOML, each with what speaks for it.
    pub(super) others: Vec<(String, String)>,
}

impl Entry {
    /// A key that is set, and why.
    pub(super) fn set(value: String, why: impl Into<String>) -> Self {
        Self { value: Some(value), said: vec![why.into()], others: Vec::new() }
    }
}

/// Entries by the names of their keys.
pub(super) type Entries = BTreeMap<&'static str, Entry>;

/// The file.
pub(super) fn page(head: &[String], keys: &[Key], entries: &Entries) -> String {
    let mut text: String = head.iter().map(|prose| comment(prose)).collect();
    let mut section = "";
    for key in keys {
        if key.section != section {
            section = key.section;
            text += &format!("\n[{section}]\n");
        }
        text += "\n";
        text += &comment(&key.help());
        match entries.get(key.name) {
            Some(entry) => text += &entry_text(key, entry),
            None => text += &format!("#{} = {}\n", key.name, key.example()),
        }
    }
    text
}

fn entry_text(key: &Key, entry: &Entry) -> String {
    let mut text: String = entry.said.iter().map(|prose| comment(&format!("-> {prose}"))).collect();
    for (value, why) in &entry.others {
        let why = if why.is_empty() { String::new() } else { comment(why).trim_end().replace("\n#", "") };
        text += format!("#{} = {value}  {why}", key.name).trim_end();
        text += "\n";
    }
    match &entry.value {
        Some(value) => text += &format!("{} = {value}\n", key.name),
        None if entry.others.is_empty() => text += &format!("#{} = {}\n", key.name, key.example()),
        None => {}
    }
    text
}
