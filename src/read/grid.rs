//! CSV text to rows of cells: delimiters, quotes, ragged rows. What the cells mean is for others.

use crate::error::{Fault, Faults, Kind, Result, did_you_mean, quoted};
use crate::note::Note;
use crate::study::Number;

use super::text::{Decoded, Encodings, count_line_ends, decode};

/// Longest field in bytes.
const LONGEST_FIELD: usize = 1 << 20;
/// Most columns, as many as a spreadsheet has.
const MOST_COLUMNS: usize = 16_384;

/// The rows of a CSV file as text, one buffer for all cells.
#[derive(Debug)]
pub(crate) struct Grid {
    /// Names of the columns: trimmed, line breaks within them made spaces.
    pub names: Vec<String>,
    /// Line of the header, counted from 1.
    pub header_line: usize,
    /// Line of each row, counted from 1.
    pub lines: Vec<usize>,
    /// What had to be assumed.
    pub notes: Vec<Note>,
    file: String,
    delimiter: u8,
    text: String,
    /// End of each cell in `text`, row after row.
    ends: Vec<usize>,
}

impl Grid {
    /// The rows of `bytes`, and the faults of those that are ragged; these are left out.
    ///
    /// Blank lines and rows of empty cells alone are skipped. The delimiter is the most frequent of `,` `;` tab
    /// and `|` in the header, or that of a first line `sep=;`.
    pub(crate) fn read(bytes: &[u8], file: &str) -> Result<(Self, Faults)> {
        let Decoded { text, notes } = decode(bytes, file, Encodings::Spreadsheet)?;
        let (delimiter, body) = delimiter(&text);
        let mut grid = Self {
            names: Vec::new(),
            header_line: 1,
            lines: Vec::new(),
            notes,
            file: file.to_owned(),
            delimiter,
            text: String::with_capacity(text.len() - body),
            ends: Vec::new(),
        };
        let mut faults = Faults::default();
        grid.fill(&text, body, &mut faults).map_err(|error| error.in_file(file))?;
        if grid.rows() == 0 && faults.is_empty() {
            let fault = Fault::new(Kind::Structure, "no rows below the header").file(file);
            return Err(fault.hint("the file needs one row for every record").into());
        }
        if let Some(name) = delimiter_name(delimiter) {
            grid.notes.push(Note::remark("delimiter", format!("fields are separated by {name}")));
        }
        Ok((grid, faults))
    }

    /// A grid without rows, for records of another format.
    pub(crate) fn empty(file: &str, names: Vec<String>, notes: Vec<Note>) -> Self {
        let names = names.iter().map(|name| single_line(name)).collect();
        let (lines, text, ends) = (Vec::new(), String::new(), Vec::new());
        Self { names, header_line: 1, lines, notes, file: file.to_owned(), delimiter: b',', text, ends }
    }

    /// Adds a row; it has a cell for every name.
    pub(crate) fn push_row<'a>(&mut self, line: usize, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            self.text.push_str(cell.trim());
            self.ends.push(self.text.len());
        }
        self.lines.push(line);
    }

    fn fill(&mut self, text: &str, body: usize, faults: &mut Faults) -> Result<()> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(&text.as_bytes()[body..]);
        let mut record = csv::StringRecord::new();
        let (mut line, mut counted) = (1, 0);
        let syntax = |error: csv::Error| Fault::new(Kind::Syntax, error.to_string());
        while reader.read_record(&mut record).map_err(syntax)? {
            let before = body + record.position().map_or(0, |position| position.byte() as usize);
            let start = before + (text[before..].len() - text[before..].trim_start_matches(['\r', '\n']).len());
            line += count_line_ends(&text.as_bytes()[counted..start]);
            counted = start;
            let last = body + reader.position().byte() as usize == text.len();
            if last && let Some(open) = open_quote(&text.as_bytes()[start..], self.delimiter) {
                let line = line + count_line_ends(&text.as_bytes()[start..start + open]);
                let fault = Fault::new(Kind::Syntax, "a quote is opened here and never closed").line(line);
                let hint = "close the quote, or delete it; a quote within a quoted text is doubled: \"\"";
                return Err(fault.hint(hint).into());
            }
            self.push(&record, line, faults)?;
        }
        Ok(())
    }

    fn push(&mut self, record: &csv::StringRecord, line: usize, faults: &mut Faults) -> Result<()> {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if let Some(long) = record.iter().position(|cell| cell.len() > LONGEST_FIELD) {
            let message = format!("field {} is longer than {LONGEST_FIELD} bytes", long + 1);
            return Err(Fault::new(Kind::TooLarge, message).line(line).hint("is a quote left open?").into());
        }
        let (found, expected) = (record.len(), self.names.len());
        if self.names.is_empty() {
            if found > MOST_COLUMNS {
                let message = format!("{found} columns; at most {MOST_COLUMNS} can be read");
                return Err(Fault::new(Kind::TooLarge, message).line(line).into());
            }
            self.names = record.iter().map(single_line).collect();
            self.header_line = line;
        } else if found == expected {
            self.push_row(line, record);
        } else {
            let fields = if found == 1 { "field" } else { "fields" };
            let fault = Fault::new(Kind::Syntax, format!("{found} {fields}, expected {expected}")).line(line);
            faults.push(fault.file(&self.file).hint(if found < expected {
                "is the row cut?"
            } else {
                "a field that contains the delimiter is written in quotes"
            }));
        }
        Ok(())
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// One cell without white space around it.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * self.names.len() + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// The column of this name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name.trim())
    }

    /// The fault that there is no column `name`, with the nearest one and all there are.
    pub(crate) fn no_column(&self, name: &str) -> Fault {
        let near = did_you_mean(name, self.names.iter().map(String::as_str));
        let meant = near.map_or(String::new(), |near| format!("did you mean {}? ", quoted(near)));
        Fault::new(Kind::Column, format!("there is no column {}", quoted(name)))
            .file(&self.file)
            .hint(format!("{meant}columns: {}", self.names.join(", ")))
    }

    /// A fault for every column that has no name, or the name of one before it.
    pub(crate) fn name_faults(&self) -> impl Iterator<Item = Fault> {
        let mut first = std::collections::HashMap::new();
        self.names.iter().enumerate().filter_map(move |(at, name)| {
            let number = at + 1;
            if name.is_empty() {
                let fault = Fault::new(Kind::Column, format!("column {number} has no name")).file(&self.file);
                return Some(fault.hint("name it in the header, or delete the column"));
            }
            let before = *first.entry(name.as_str()).or_insert(number);
            (before != number).then(|| {
                let message = format!("columns {before} and {number} are both named {}", quoted(name));
                Fault::new(Kind::Column, message).file(&self.file).hint("a name has to be unique: rename one of them")
            })
        })
    }

    /// Whether a column is written with decimal commas: `;` separates the fields, all its cells are numbers once
    /// their one comma is a point, and none has a point already.
    pub(crate) fn has_decimal_comma(&self, column: usize) -> bool {
        let mut commas = false;
        self.delimiter == b';'
            && (0..self.rows()).all(|row| {
                let cell = self.cell(row, column);
                commas |= cell.contains(',');
                !cell.contains('.') && Number::parse(&cell.replacen(',', ".", 1)) != Number::Not
            })
            && commas
    }

    /// The note that these columns are written with decimal commas.
    pub(crate) fn decimal_comma_note(names: &[&str]) -> Note {
        let message = format!("numbers are written with a decimal comma in {}", crate::note::listed(names));
        Note::remark("decimal_comma", message)
    }
}

fn single_line(name: &str) -> String {
    name.split(['\r', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The delimiter and where the text begins after a line `sep=` that names it.
fn delimiter(text: &str) -> (u8, usize) {
    let first = text.trim_start().split(['\r', '\n']).next().unwrap_or_default();
    if let Some(&[delimiter]) = first.strip_prefix("sep=").map(str::as_bytes)
        && DELIMITERS.contains(&delimiter)
    {
        return (delimiter, text.len() - text.trim_start().len() + first.len());
    }
    let mut counts = [0; 4];
    let mut inside = false;
    for b in text.trim_start().bytes() {
        match b {
            b'"' => inside = !inside,
            b'\n' | b'\r' if !inside => break,
            _ if inside => {}
            _ => counts[DELIMITERS.iter().position(|&d| d == b).unwrap_or(0)] += usize::from(DELIMITERS.contains(&b)),
        }
    }
    let most = counts.into_iter().max().unwrap_or(0);
    (DELIMITERS[counts.iter().position(|&count| count == most).unwrap_or(0)], 0)
}

/// In the order in which they win a tie.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

fn delimiter_name(delimiter: u8) -> Option<String> {
    match delimiter {
        b',' => None,
        b';' => Some("semicolons".into()),
        b'\t' => Some("tabs".into()),
        other => Some(quoted(&char::from(other).to_string())),
    }
}

/// Where in a record a quote is opened that its end does not close.
fn open_quote(record: &[u8], delimiter: u8) -> Option<usize> {
    let (mut open, mut starts, mut at) = (None, true, 0);
    while at < record.len() {
        let b = record[at];
        match open {
            Some(_) if b == b'"' && record.get(at + 1) == Some(&b'"') => at += 1,
            Some(_) if b == b'"' => open = None,
            None if b == b'"' && starts => open = Some(at),
            _ => {}
        }
        starts = open.is_none() && (b == delimiter || b == b'\n' || b == b'\r');
        at += 1;
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(text: &str) -> Grid {
        let (grid, faults) = Grid::read(text.as_bytes(), "t.csv").unwrap();
        faults.finish(grid).unwrap()
    }

    fn refusal(text: &str) -> String {
        match Grid::read(text.as_bytes(), "t.csv") {
            Ok((_, faults)) => faults.finish(()).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn rows_keep_their_lines_over_blanks_and_quoted_breaks() {
        let grid = grid("\r\nid,name\r\n\r\n1,\"a\r\nb\"\r\n  \r\n,\r\n2, c \r\n\r\n");
        assert_eq!((grid.rows(), &grid.lines[..]), (2, &[4, 8][..]));
        assert_eq!((grid.cell(0, 1), grid.cell(1, 1)), ("a\r\nb", "c"));
    }

    #[test]
    fn line_breaks_in_the_header_become_spaces() {
        assert_eq!(grid("\"value\n(bn)\", id \n1,2\n").names, ["value (bn)", "id"]);
    }

    #[test]
    fn the_delimiter_is_recognised_and_said() {
        for (text, said) in [
            ("a,b;c\n1,2\n", None),
            ("a;b;\"c,d,e\"\n1;2;3\n", Some("fields are separated by semicolons")),
            ("a\tb\n1\t2\n", Some("fields are separated by tabs")),
            ("a|b\n1|2\n", Some("fields are separated by \"|\"")),
            ("sep=;\na,a;b\n1;2\n", Some("fields are separated by semicolons")),
        ] {
            let grid = grid(text);
            assert_eq!(grid.notes.first().map(|note| note.message.as_str()), said, "{text}");
            assert_eq!(grid.cell(0, 1), "2", "{text}");
        }
        assert_eq!(grid("sep=;\na;b\n1;2\n").lines, [3]);
    }

    #[test]
    fn every_ragged_row_is_named() {
        assert_eq!(
            refusal("a,b,c\n1,2,3\n1,2\n1,2,3,4\n"),
            "t.csv:3: 2 fields, expected 3\nt.csv:4: 4 fields, expected 3"
        );
    }

    #[test]
    fn an_unclosed_quote_is_found_where_it_opens() {
        assert_eq!(refusal("a,b\n1,2\n\"3,4\n5,6\n"), "t.csv:3: a quote is opened here and never closed");
        assert_eq!(refusal("a,b\n\"1\n2\",\"3\n5,6\n"), "t.csv:3: a quote is opened here and never closed");
        assert_eq!(grid("a,b\n1,\"say \"\"x\"\"\"").cell(0, 1), "say \"x\"");
        assert_eq!(grid("a,b\n1,5\" pipe").cell(0, 1), "5\" pipe");
    }

    #[test]
    fn limits_are_kept() {
        assert!(refusal(&format!("a\n{}\n", "x".repeat(LONGEST_FIELD + 1))).starts_with("t.csv:2: field 1 is longer"));
        assert!(refusal(&format!("{}\n", "a,".repeat(MOST_COLUMNS))).starts_with("t.csv:1: 16385 columns"));
    }

    #[test]
    fn names_are_unique_and_there() {
        let messages: Vec<_> = grid("a,,a\n1,2,3\n").name_faults().map(|fault| fault.message().to_owned()).collect();
        assert_eq!(messages, ["column 2 has no name", "columns 1 and 3 are both named \"a\""]);
    }

    #[test]
    fn decimal_commas_are_recognised_by_column() {
        let grid = grid("id;x;y;z\n1,a;1,5;1.5;1,2,3\n2;-;2,5;4\n");
        assert_eq!([0, 1, 2, 3].map(|column| grid.has_decimal_comma(column)), [false, true, false, false]);
    }

    #[test]
    fn nothing_below_the_header_is_said() {
        assert_eq!(refusal("a,b\n"), "t.csv: no rows below the header");
    }
}
