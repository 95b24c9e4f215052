//! What a run has to tell its user beside the numbers: what was repaired, left out, assumed or not run.

/// How much a [`Note`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something to know: what was not run, how small n is, how coarse the grid of p values.
    Note,
    /// Data were repaired, left out or are doubtful; `--strict` makes an error of it.
    Warning,
}

/// One message about the data or the run, for the terminal, the JSON and the report alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Stable name for programs, as `isolate` or `missing_value`.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// One sentence without a full stop, the cities named in it.
    pub message: String,
    /// Ids of the cities it is about, in the order of the input.
    pub cities: Vec<String>,
}

impl Note {
    /// A warning: data were repaired, left out or are doubtful.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, level: Level::Warning, message: message.into(), cities: Vec::new() }
    }

    /// A note: something to know about the run.
    pub fn remark(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, level: Level::Note, message: message.into(), cities: Vec::new() }
    }

    /// Names the cities that it is about.
    pub fn about(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.cities = ids.into_iter().map(Into::into).collect();
        self
    }
}

/// `C01, C02 and C03`, at most ten of them and then how many more.
pub(crate) fn listed<T: AsRef<str>>(items: &[T]) -> String {
    listed_by(items, |item| item.as_ref().to_owned())
}

/// As [`listed`], where `name` gives the text of an item; it is asked for no more than are shown.
pub(crate) fn listed_by<T>(items: &[T], name: impl FnMut(&T) -> String) -> String {
    const MOST: usize = 10;
    let shown: Vec<String> = items.iter().take(MOST).map(name).collect();
    match (shown.as_slice(), items.len().saturating_sub(MOST)) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        ([head @ .., last], 0) => format!("{} and {last}", head.join(", ")),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A number for people, four digits of it; nothing where it is undefined.
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return String::new();
    }
    let x = x + 0.0; // without the sign of −0
    let size = x.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        let text = format!("{x:.3e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'));
    }
    let whole = match size {
        _ if size >= 1.0 || (size > 0.0 && size < 0.01) => size.log10().floor() as i32 + 1,
        _ => 0,
    };
    let decimals = (4 - whole).max(0) as usize;
    let text = format!("{x:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_english() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["x"; 12]), "x, x, x, x, x, x, x, x, x, x and 2 more");
    }
}
