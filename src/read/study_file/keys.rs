//! Takes keys out of the sections of a study file; what is then left over is unknown.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Fault, Faults, Kind, Result, did_you_mean, quoted};

/// Line and column of the value of every key that is given.
pub(super) type Places = BTreeMap<&'static str, (usize, usize)>;

/// Whether the place of a fault is a bare key, worth naming.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Line and column of a byte of the text, both from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The keys of a file, and which of them are known by being asked for.
pub(super) struct Keys<'a> {
    text: &'a str,
    root: &'a DeTable<'a>,
    section: &'static str,
    known: Vec<(&'static str, &'static str)>,
    /// Section and names of every key, in the order in which they were asked for.
    pub(super) asked: Vec<(&'static str, Vec<&'static str>)>,
    places: Places,
    /// Faults by the byte at which they are; what is at none comes last.
    faults: Vec<(usize, Fault)>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(text: &'a str, root: &'a DeTable<'a>) -> Self {
        Self {
            text,
            root,
            section: "",
            known: Vec::new(),
            asked: Vec::new(),
            places: BTreeMap::new(),
            faults: Vec::new(),
        }
    }

    /// What `study` makes of the places of the keys, or all faults in the order of the file.
    pub(super) fn finish<T>(mut self, study: impl FnOnce(Places) -> T) -> Result<T> {
        self.faults.sort_by_key(|&(byte, _)| byte);
        let mut faults = Faults::default();
        self.faults.into_iter().for_each(|(_, fault)| faults.push(fault));
        faults.finish(study(self.places))
    }

    /// Goes on to the keys of this section.
    pub(super) fn section(&mut self, section: &'static str) {
        self.section = section;
    }

    /// Whether a key that was taken is in the file, be its value right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    pub(super) fn refuse_at(&mut self, byte: usize, fault: Fault) {
        let (line, column) = position(self.text, byte);
        self.faults.push((byte, fault.at(line, column)));
    }

    /// The faults of syntax, the first of each line: what follows it there is mostly its consequence.
    pub(super) fn refuse_syntax(&mut self, errors: &[toml::de::Error]) {
        let mut lines = std::collections::BTreeSet::new();
        for error in errors {
            let byte = error.span().map_or(0, |span| span.start);
            if lines.insert(position(self.text, byte).0) {
                let mut fault = Fault::new(Kind::Syntax, error.message().replace('\n', "; "));
                if let Some(key) = error.span().and_then(|span| self.text.get(span)).filter(|key| is_key(key)) {
                    fault = fault.field(key);
                }
                self.refuse_at(byte, fault);
            }
        }
    }

    /// A fault of the file as a whole.
    pub(super) fn refuse_at_end(&mut self, fault: Fault) {
        self.faults.push((usize::MAX, fault));
    }

    /// The value under one of the names of a key, the first of which is its own.
    fn take(&mut self, names: &[&'static str]) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.extend(names.iter().map(|name| (self.section, *name)));
        self.asked.push((self.section, names.to_vec()));
        let section = self.root.get(self.section)?.get_ref().as_table()?;
        let mut given = section.iter().filter(|(key, _)| names.contains(&plain(key.get_ref()).as_str()));
        let (_, value) = given.next()?;
        self.places.insert(names[0], position(self.text, value.span().start));
        for (key, _) in given {
            let message = format!("{} is given twice, under two names", names[0]);
            self.refuse_at(key.span().start, Fault::new(Kind::Option, message).hint("keep one of them"));
        }
        Some(value)
    }

    /// The fault that a value is not what its key takes.
    fn refuse(&mut self, key: &str, value: &Spanned<DeValue>, wanted: &str) {
        let given = self.text.get(value.span()).unwrap_or_default();
        let message = format!("{key} = {} is not {wanted}", given.chars().take(60).collect::<String>());
        self.refuse_at(value.span().start, Fault::new(Kind::Option, message));
    }

    pub(super) fn text(&mut self, names: &[&'static str]) -> Option<String> {
        let value = self.take(names)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.refuse(names[0], value, "a text in quotes");
        }
        text.map(str::to_owned)
    }

    /// A text or a number, the latter as it is written.
    pub(super) fn text_or_number(&mut self, key: &'static str) -> Option<String> {
        let value = self.take(&[key])?;
        let text = scalar(value.get_ref());
        if text.is_none() {
            self.refuse(key, value, "a text in quotes or a number");
        }
        text
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&mut self, names: &[&'static str]) -> Option<Vec<String>> {
        self.several(names, |value| value.as_str().map(str::to_owned))
    }

    /// A list of texts or numbers, or one text with commas.
    pub(super) fn listed(&mut self, names: &[&'static str]) -> Option<Vec<String>> {
        let texts = self.several(names, scalar)?;
        match texts.as_slice() {
            [one] => Some(one.split(',').map(|item| item.trim().to_owned()).collect()),
            _ => Some(texts),
        }
    }

    fn several(&mut self, names: &[&'static str], one: fn(&DeValue) -> Option<String>) -> Option<Vec<String>> {
        let value = self.take(names)?;
        let texts = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| one(item.get_ref())).collect(),
            only => one(only).map(|text| vec![text]),
        };
        if texts.is_none() {
            self.refuse(names[0], value, "a text in quotes or a list of texts");
        }
        texts
    }

    pub(super) fn choice(&mut self, key: &'static str, choices: &[&str]) -> Option<String> {
        let value = self.take(&[key])?;
        let text = value.get_ref().as_str().filter(|text| choices.contains(text));
        if text.is_none() {
            self.refuse(key, value, &format!("one of {}", choices.join(", ")));
        }
        text.map(str::to_owned)
    }

    pub(super) fn truth(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(&[key])?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.refuse(key, value, "true or false");
        }
        truth
    }

    /// A number within the limits that `check` sets.
    pub(super) fn number<T>(&mut self, key: &'static str, check: impl Fn(f64) -> Result<T>) -> Option<T> {
        let value = self.take(&[key])?;
        let number = match value.get_ref() {
            DeValue::Float(float) => float.as_str().parse().ok(),
            other => integer(other).map(|whole| whole as f64),
        };
        self.checked(key, value, number, "a number", check)
    }

    /// A whole number within the limits that `check` sets.
    pub(super) fn integer<T>(&mut self, key: &'static str, check: impl Fn(i64) -> Result<T>) -> Option<T> {
        let value = self.take(&[key])?;
        self.checked(key, value, integer(value.get_ref()), "a whole number within reach", check)
    }

    fn checked<X, T>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue>,
        number: Option<X>,
        wanted: &str,
        check: impl Fn(X) -> Result<T>,
    ) -> Option<T> {
        let Some(number) = number else {
            self.refuse(key, value, wanted);
            return None;
        };
        let refused = |error: Error| error.faults().iter().for_each(|f| self.refuse_at(value.span().start, f.clone()));
        check(number).map_err(refused).ok()
    }

    /// Years: a number, a list of numbers, or a text with commas.
    pub(super) fn years(&mut self) -> Option<Vec<i32>> {
        let value = self.take(&["years", "year"])?;
        let one = |item: &DeValue| integer(item).and_then(|year| i32::try_from(year).ok());
        let years = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| one(item.get_ref())).collect(),
            DeValue::String(text) => text.split(',').map(|year| year.trim().parse().ok()).collect(),
            other => one(other).map(|year| vec![year]),
        };
        if years.is_none() {
            self.refuse("years", value, "a year or a list of years, as [2010, 2020]");
        }
        years
    }

    /// The faults of every key and section that was not asked for.
    pub(super) fn refuse_unknown(&mut self) {
        const SECTIONS: [&str; 3] = ["input", "analysis", "output"];
        for (name, value) in self.root {
            let section = name.get_ref().as_ref();
            match value.get_ref().as_table() {
                Some(keys) if SECTIONS.contains(&section) => {
                    for (key, _) in keys {
                        self.refuse_unless_known(section, key);
                    }
                }
                Some(_) => {
                    let near = did_you_mean(section, SECTIONS);
                    let hint = near.map_or_else(
                        || "sections are [input], [analysis] and [output]".to_owned(),
                        |near| format!("did you mean [{near}]?"),
                    );
                    let fault = Fault::new(Kind::Option, format!("there is no section [{section}]")).hint(hint);
                    self.refuse_at(name.span().start, fault);
                }
                None => self.refuse_unless_known("", name),
            }
        }
    }

    fn refuse_unless_known(&mut self, section: &str, key: &Spanned<toml::de::DeString>) {
        let name = plain(key.get_ref());
        if self.known.iter().any(|&(home, known)| home == section && known == name) {
            return;
        }
        let fault = if let Some((home, _)) = self.known.iter().find(|(_, known)| *known == name) {
            let place = if section.is_empty() { "before any section".to_owned() } else { format!("in [{section}]") };
            let message = format!("{} stands {place}", quoted(key.get_ref()));
            Fault::new(Kind::Option, message).hint(format!("it belongs in [{home}]"))
        } else {
            let own = self.known.iter().filter(|(home, _)| *home == section);
            let near = did_you_mean(&name, own.chain(&self.known).map(|(_, known)| *known));
            let hint = near.map_or_else(|| self.all_keys(section), |near| format!("did you mean {}?", quoted(near)));
            Fault::new(Kind::Option, format!("there is no key {}", quoted(key.get_ref()))).hint(hint)
        };
        self.refuse_at(key.span().start, fault);
    }

    fn all_keys(&self, section: &str) -> String {
        let keys: Vec<_> =
            self.known.iter().filter(|(home, _)| section.is_empty() || *home == section).map(|(_, key)| *key).collect();
        format!("keys: {}", keys.join(", "))
    }
}

/// A key as it is known: dashes count as underscores.
fn plain(key: &str) -> String {
    key.replace('-', "_")
}

/// A text, or a number as it is written.
fn scalar(value: &DeValue) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

fn integer(value: &DeValue) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}
