//! Spatial weights from GAL and GWT files, as GeoDa, libpysal and spdep write them.

use std::collections::HashMap;

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::{Note, listed_by};
use crate::study::Cities;
use crate::weights::Weights;

use super::lookup::{Lookup, lines_listed};
use super::text::{Encodings, decode};

/// Reads spatial weights of `cities` from a GAL file (neighbours, all weights 1) or a GWT file (weights).
///
/// The first line is `0 n layer id_column`, or `n` alone. A GAL file then has, for every city, a line with its id and
/// its number of neighbours and one with their ids, which may be empty or absent if there are none. A GWT file has a
/// line `id neighbour weight` for every link. The ending of `file` tells which, else the number of fields in the
/// second line. Ids are compared as text; the weights are named `file:` and the name of the file.
///
/// Warnings: `self_neighbour` (left out), `asymmetric` (a note only for GWT, where nearest neighbours are so by
/// nature), `isolate`, `unmentioned_city` (a city that the file does not name), `zero_weight` (no link).
///
/// # Errors
/// All at once, with their lines: unknown ids, counts that do not match, links given twice, fields missing or too
/// many, weights that are negative or no finite numbers.
///
/// ```
/// # use agglo::study::{Cities, Metric, Shapes};
/// # let mut shapes = Shapes::default();
/// # (0..3).for_each(|_| shapes.push_missing());
/// # let ids = ["A", "B", "C"].map(String::from).to_vec();
/// # let (names, points) = (ids.clone(), vec![None; 3]);
/// # let cities = Cities { ids, names, shapes, points, metric: Metric::EARTH, notes: vec![] };
/// let gal = b"0 3 cities id\nA 1\nB\nB 2\nA C\nC 1\nB\n";
/// let (weights, notes) = agglo::read::read_weights(gal, "chain.gal", &cities)?;
/// assert_eq!(weights.neighbours(1), [0, 2]);
/// assert!(notes.is_empty());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn read_weights(bytes: &[u8], file: &str, cities: &Cities) -> Result<(Weights, Vec<Note>)> {
    let decoded = decode(bytes, file, Encodings::Spreadsheet)?;
    let mut lines = (1..).zip(decoded.text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let head = lines.next().unwrap_or_default();
    let announced = announced(head).map_err(|error| error.in_file(file))?;
    let gwt = match file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("gwt") => true,
        Some("gal") => false,
        _ => lines.clone().next().is_some_and(|(_, line)| fields::<3>(line).is_some()),
    };
    let mut reader = Reader {
        head_line: head.0,
        announced,
        cities,
        lookup: Lookup::new(cities),
        faults: Faults::default(),
        given: vec![Vec::new(); cities.len()],
        mentioned: vec![false; cities.len()],
        notes: decoded.notes,
    };
    if gwt {
        reader.gwt(lines)
    } else {
        reader.gal(lines)
    }
    reader.finish(file, gwt).map_err(|error| error.in_file(file))
}

/// The fields of a line if there are just `N`.
fn fields<const N: usize>(line: &str) -> Option<[&str; N]> {
    let mut words = line.split_whitespace();
    let fields = std::array::from_fn(|_| words.next().unwrap_or_default());
    (!fields.contains(&"") && words.next().is_none()).then_some(fields)
}

/// The number of cities in the first line, `0 n layer id_column` or `n`.
fn announced((number, line): (usize, &str)) -> Result<usize> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let count = match words[..] {
        [n] | ["0", n, ..] => n.parse().ok(),
        _ => None,
    };
    count.ok_or_else(|| {
        let fault = Fault::new(Kind::Syntax, format!("{} does not begin a GAL or GWT file", quoted(line)));
        let hint = "the first line is `0 n layer id_column`, n being the number of cities, or n alone";
        fault.line(number).hint(hint).into()
    })
}

struct Reader<'a> {
    head_line: usize,
    /// The number of cities that the first line announces. Compared, never trusted.
    announced: usize,
    cities: &'a Cities,
    lookup: Lookup<'a>,
    faults: Faults,
    /// Neighbour, weight and line of every link by city.
    given: Vec<Vec<(u32, f64, usize)>>,
    /// Whether the file speaks of a city.
    mentioned: Vec<bool>,
    notes: Vec<Note>,
}

impl Reader<'_> {
    fn fault(&mut self, line: usize, message: impl Into<String>, hint: &str) {
        self.faults.push(Fault::new(Kind::Weights, message).line(line).hint(hint));
    }

    fn gal<'t>(&mut self, mut lines: impl Iterator<Item = (usize, &'t str)>) {
        let mut first_lines = HashMap::<&str, usize>::new();
        while let Some((number, line)) = lines.next() {
            let head = fields(line).and_then(|[id, count]| Some((id, count.parse::<usize>().ok()?)));
            let Some((id, count)) = head else {
                self.no_head(number, line, first_lines.len(), lines.next().is_none());
                break;
            };
            let city = self.city(id, number);
            if let Some(first) = first_lines.insert(id, number) {
                let message = format!("{} comes a second time, after line {first}", quoted(id));
                self.fault(number, message, "give every city once");
            }
            if count > 0 {
                let Some((number, line)) = lines.next() else {
                    let message = format!("the file ends where the neighbours of {} are expected", quoted(id));
                    self.fault(number, message, "is it cut?");
                    break;
                };
                self.neighbours((id, city), count, number, line);
            }
        }
        let (announced, found) = (self.announced, first_lines.len());
        if found != announced {
            let message = format!("the first line announces {announced} cities, but the file lists {found}");
            self.fault(self.head_line, message, "is the file cut, or made for other cities?");
        }
    }

    fn neighbours(&mut self, (id, city): (&str, Option<u32>), count: usize, number: usize, line: &str) {
        let found = line.split_whitespace().count();
        if found != count {
            let message = format!("{} announces {count} neighbours, but lists {found}", quoted(id));
            self.fault(number, message, "repair the number or the list");
        }
        for neighbour in line.split_whitespace() {
            self.link(city, neighbour, 1.0, number);
        }
    }

    /// The fault of a line that should have an id and a count.
    fn no_head(&mut self, number: usize, line: &str, found: usize, last: bool) {
        if found == self.announced {
            let message = format!("text after the last of the {found} cities");
            return self.fault(number, message, "delete what does not belong to the file");
        }
        let message = format!("expected an id and its number of neighbours, found {}", quoted(line.trim()));
        let hint = match last {
            true => "is the file cut?",
            false => "is the list of neighbours before it on one line, and no id with a space in it?",
        };
        self.fault(number, message, hint);
    }

    fn gwt<'t>(&mut self, lines: impl Iterator<Item = (usize, &'t str)>) {
        for (number, line) in lines {
            let Some([origin, neighbour, text]) = fields(line) else {
                let found = match line.split_whitespace().count() {
                    1 => "1 field".into(),
                    more => format!("{more} fields"),
                };
                let message = format!("{found}, expected three: id, neighbour and weight");
                self.fault(number, message, "is the column of weights missing, or a space in an id?");
                continue;
            };
            let wrong = match text.parse::<f64>() {
                Ok(weight) if !weight.is_finite() => "is not a finite number",
                Ok(weight) if weight < 0.0 => "is negative",
                Ok(weight) => {
                    let city = self.city(origin, number);
                    self.link(city, neighbour, weight, number);
                    continue;
                }
                Err(_) => "is not a number",
            };
            let fault = Fault::new(Kind::Weights, format!("{} {wrong}", quoted(text))).line(number).field("weight");
            self.faults.push(fault.hint("a weight is a number, zero or more"));
        }
        let named = self.mentioned.iter().filter(|&&mentioned| mentioned).count() + self.lookup.unknown().len();
        let (announced, n) = (self.announced, self.cities.len());
        if named > announced {
            let message = format!("the first line announces {announced} cities, but the file names {named}");
            self.fault(self.head_line, message, "repair the number");
        } else if announced > n {
            let message = format!("the first line announces {announced} cities, but there are {n}");
            self.fault(self.head_line, message, "is the file made for other cities?");
        }
    }

    fn city(&mut self, id: &str, number: usize) -> Option<u32> {
        let city = self.lookup.find(id, number)?;
        self.mentioned[city as usize] = true;
        Some(city)
    }

    fn link(&mut self, city: Option<u32>, neighbour: &str, weight: f64, number: usize) {
        let neighbour = self.city(neighbour, number);
        if let (Some(city), Some(neighbour)) = (city, neighbour) {
            self.given[city as usize].push((neighbour, weight, number));
        }
    }

    fn finish(mut self, file: &str, gwt: bool) -> Result<(Weights, Vec<Note>)> {
        match self.foreign_ids() {
            Some(fault) => self.faults.push(fault),
            None => self.lookup.faults().into_iter().for_each(|fault| self.faults.push(fault)),
        }
        self.repeated_links();
        // Squares enter the variances.
        let squares: f64 = self.given.iter().flatten().map(|&(_, w, _)| w * w).sum();
        if squares.is_infinite() {
            let fault = Fault::new(Kind::Weights, "the weights, squared, add up to more than a number can hold");
            self.faults.push(fault.hint("give them in a larger unit"));
        }
        self.faults.finish(())?;
        let links =
            self.given.iter().enumerate().flat_map(|(i, row)| row.iter().map(move |&(j, w, _)| (i, j as usize, w)));
        let (own, others): (Vec<_>, Vec<_>) =
            links.filter(|&(i, j, w)| i == j || w == 0.0).partition(|&(i, j, _)| i == j);
        let own: Vec<usize> = own.into_iter().map(|(i, ..)| i).collect();
        let zeros: Vec<(usize, usize)> = others.into_iter().map(|(i, j, _)| (i, j)).collect();
        let rows = self.given.iter().map(|row| row.iter().map(|&(j, w, _)| (j, w)).collect()).collect();
        let weights = Weights::from_rows(format!("file:{file}"), rows);
        let (isolates, silent): (Vec<usize>, Vec<usize>) =
            weights.isolates().into_iter().partition(|&i| self.mentioned[i]);
        let one_sided: Vec<(usize, usize)> = weights.asymmetric_pairs().collect();

        let ids = &self.cities.ids;
        let named = |cities: &[usize]| listed_by(cities, |&i| self.cities.label(i));
        let paired = |pairs: &[(usize, usize)]| listed_by(pairs, |&(i, j)| format!("{} → {}", ids[i], ids[j]));
        let of_cities = |code, cities: &[usize], what: &str| {
            let about = cities.iter().map(|&i| ids[i].as_str());
            (!cities.is_empty()).then(|| Note::warning(code, format!("{what}: {}", named(cities))).about(about))
        };
        let of_pairs = |note: fn(&'static str, String) -> Note, code, pairs: &[(usize, usize)], what: &str| {
            (!pairs.is_empty()).then(|| note(code, format!("{what}: {}", paired(pairs))))
        };
        let level = if gwt { Note::remark } else { Note::warning };
        let third =
            "the third column is taken as weights; if it has distances, as GeoDa writes them, use the binary transform";
        let found = [
            of_cities("self_neighbour", &own, "a city is no neighbour of itself; such links are left out"),
            of_pairs(Note::warning, "zero_weight", &zeros, "a weight of zero is no link"),
            of_pairs(
                level,
                "asymmetric",
                &one_sided,
                "the weights are not symmetric; stronger or only in one direction",
            ),
            of_cities("isolate", &isolates, "without a neighbour"),
            of_cities("unmentioned_city", &silent, "not in the file, so without a neighbour"),
            (gwt && !weights.is_binary()).then(|| Note::remark("third_column", third)),
        ];
        let mut notes = self.notes;
        notes.extend(found.into_iter().flatten());
        Ok((weights, notes))
    }

    /// One fault instead of many if the file knows none of the cities.
    fn foreign_ids(&self) -> Option<Fault> {
        let unknown: Vec<&str> = self.lookup.unknown().collect();
        let names = || self.cities.names.iter().any(|name| unknown.contains(&name.as_str()));
        if unknown.len() < 2 || self.mentioned.contains(&true) || names() {
            return None;
        }
        let shown = listed_by(&unknown[..unknown.len().min(3)], |id| quoted(id));
        let message = format!(
            "no id in the file is the id of a city: it has ids like {shown}, the cities {}",
            self.lookup.examples()
        );
        let numbers: Option<Vec<usize>> = unknown.iter().map(|id| id.parse().ok()).collect();
        let in_order = numbers.is_some_and(|mut numbers| {
            numbers.sort_unstable();
            let first = numbers[0];
            first <= 1 && numbers.iter().enumerate().all(|(at, &number)| number == first + at)
        });
        let hint = if in_order {
            "they are plain numbers in order: write the file anew with the id column as its id variable"
        } else {
            "was the file made with another id column? choose that one with --id"
        };
        Some(Fault::new(Kind::Identity, message).hint(hint))
    }

    fn repeated_links(&mut self) {
        for (i, row) in self.given.iter_mut().enumerate() {
            row.sort_by_key(|&(j, _, line)| (j, line));
            for same in row.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
                let (city, neighbour) = (&self.cities.ids[i], &self.cities.ids[same[0].0 as usize]);
                let mut lines: Vec<usize> = same.iter().map(|link| link.2).collect();
                lines.dedup();
                let message =
                    format!("{city} has {neighbour} as a neighbour more than once ({})", lines_listed(&lines));
                self.faults.push(Fault::new(Kind::Weights, message).line(same[1].2).hint("give every link once"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lookup::tests::cities;
    use super::*;
    use crate::note::Level;

    const GAL: &str = "0 4 cities code\nC01 2\nC02 C03\nC02 1\nC01\nC03 2\nC01 C04\nC04 1\nC03\n";
    const GWT: &str = "0 4 cities code\nC01 C02 1.0\nC02 C01 1.0\nC02 C03 0.25\nC03 C02 0.25\nC04 C01 2e-3\n";

    fn four() -> Cities {
        cities(&[("C01", "Wuhan"), ("C02", "Ezhou"), ("C03", "Xiaogan"), ("C04", "Xianning")])
    }

    fn read(text: &str, file: &str) -> Result<(Weights, Vec<Note>)> {
        read_weights(text.as_bytes(), file, &four())
    }

    fn refusal(text: &str, file: &str) -> String {
        read(text, file).unwrap_err().to_string()
    }

    fn said(notes: &[Note]) -> Vec<(&str, Level, &str)> {
        notes.iter().map(|note| (note.code, note.level, note.message.as_str())).collect()
    }

    #[test]
    fn gal_with_either_header_and_any_line_ends() {
        let (weights, notes) = read(GAL, "w.gal").unwrap();
        assert_eq!((weights.label(), weights.neighbours(0), weights.links()), ("file:w.gal", &[1, 2][..], 6));
        assert!(weights.is_binary() && notes.is_empty());
        for text in [GAL.replace("0 4 cities code", "4"), GAL.replace('\n', "\r\n"), format!("\u{feff}{GAL}\n\n")] {
            assert_eq!(read(&text, "w.gal").unwrap().0, weights);
        }
        assert_eq!(read(GAL, "w").unwrap().0.named("x"), weights.named("x"));
    }

    #[test]
    fn gwt_keeps_weights_and_calls_asymmetry_a_note() {
        let (weights, notes) = read(GWT, "w.gwt").unwrap();
        assert_eq!((weights.weight(1, 2), weights.weight(3, 0), weights.weight(0, 3)), (0.25, 2e-3, 0.0));
        let codes: Vec<_> = said(&notes).into_iter().map(|(code, level, _)| (code, level)).collect();
        assert_eq!(codes, [("asymmetric", Level::Note), ("third_column", Level::Note)]);
        assert_eq!(read(GWT, "w.txt").unwrap().0.named("x"), weights.named("x"));
    }

    #[test]
    fn weights_beyond_the_range_of_numbers_are_refused() {
        let error = read(&GWT.replacen("0.25", "1e200", 1), "w.gwt").unwrap_err();
        assert_eq!(error.to_string(), "w.gwt: the weights, squared, add up to more than a number can hold");
    }

    #[test]
    fn an_isolate_may_have_an_empty_line_or_none() {
        for text in
            ["0 4 c id\nC01 1\nC02\nC02 1\nC01\nC03 0\n\nC04 0\n\n", "0 4 c id\nC01 1\nC02\nC02 1\nC01\nC03 0\nC04 0"]
        {
            let (weights, notes) = read(text, "w.gal").unwrap();
            assert_eq!(weights.isolates(), [2, 3]);
            let message = "without a neighbour: C03 (Xiaogan) and C04 (Xianning)";
            assert_eq!(said(&notes), [("isolate", Level::Warning, message)]);
            assert_eq!(notes[0].cities, ["C03", "C04"]);
        }
        let (_, notes) = read("0 3 c id\nC01 1\nC02\nC02 1\nC01\nC03 0\n", "w.gal").unwrap();
        assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["isolate", "unmentioned_city"]);
        assert_eq!(notes[1].message, "not in the file, so without a neighbour: C04 (Xianning)");
    }

    #[test]
    fn doubtful_neighbours_are_warned_of() {
        let (weights, notes) = read(&GAL.replace("C03 2\nC01 C04", "C03 2\nC03 C04"), "w.gal").unwrap();
        assert_eq!(weights.neighbours(2), [3]);
        let own = "a city is no neighbour of itself; such links are left out: C03 (Xiaogan)";
        let one_sided = "the weights are not symmetric; stronger or only in one direction: C01 → C03";
        assert_eq!(said(&notes), [("self_neighbour", Level::Warning, own), ("asymmetric", Level::Warning, one_sided)]);
        let (weights, notes) = read(&GWT.replace("2e-3", "0"), "w.gwt").unwrap();
        assert_eq!((weights.links(), notes[0].code), (4, "zero_weight"));
        assert_eq!(notes[0].message, "a weight of zero is no link: C04 → C01");
    }

    #[test]
    fn counts_that_do_not_match_are_named() {
        let message = "w.gal:1: the first line announces 9 cities, but the file lists 4";
        assert_eq!(refusal(&GAL.replace("0 4", "0 9"), "w.gal"), message);
        let message = "w.gal:3: \"C01\" announces 5 neighbours, but lists 2";
        assert_eq!(refusal(&GAL.replace("C01 2", "C01 5"), "w.gal"), message);
        let message = "w.gwt:1: the first line announces 9 cities, but there are 4";
        assert_eq!(refusal(&GWT.replace("0 4", "0 9"), "w.gwt"), message);
        let message = "w.gwt:1: the first line announces 2 cities, but the file names 4";
        assert_eq!(refusal(&GWT.replace("0 4", "0 2"), "w.gwt"), message);
    }

    #[test]
    fn absurd_counts_cost_nothing() {
        let huge = u64::MAX.to_string();
        assert!(refusal(&GAL.replace("0 4", &format!("0 {huge}")), "w.gal").contains(&huge));
        assert!(refusal(&GAL.replace("C01 2", &format!("C01 {huge}")), "w.gal").contains(&huge));
        assert!(refusal(&GAL.replace("0 4", "0 99999999999999999999"), "w.gal").contains("does not begin"));
    }

    #[test]
    fn a_cut_file_is_recognised() {
        let cut = refusal("0 4 cities code\nC01 2\nC02 C03\nC02", "w.gal");
        let expected = "w.gal:4: expected an id and its number of neighbours, found \"C02\"\n\
                        w.gal:1: the first line announces 4 cities, but the file lists 1";
        assert_eq!(cut, expected);
        let cut = refusal("0 1 cities code\nC01 2", "w.gal");
        assert_eq!(cut, "w.gal:2: the file ends where the neighbours of \"C01\" are expected");
        assert!(refusal("0 4 cities code\n", "w.gal").contains("but the file lists 0"));
    }

    #[test]
    fn what_does_not_belong_is_refused() {
        assert_eq!(refusal(&format!("{GAL}made by hand\n"), "w.gal"), "w.gal:10: text after the last of the 4 cities");
        let text = GAL.replace("C04 1", "C01 1");
        assert!(refusal(&text, "w.gal").starts_with("w.gal:8: \"C01\" comes a second time, after line 2"));
        assert_eq!(
            refusal(&GAL.replace("C02 C03", "C02 C02"), "w.gal"),
            "w.gal:3: C01 has C02 as a neighbour more than once (line 3)"
        );
        assert_eq!(
            refusal(&format!("{GWT}C01 C02 3\n"), "w.gwt"),
            "w.gwt:7: C01 has C02 as a neighbour more than once (lines 2 and 7)"
        );
        assert!(refusal("id,x\n1,2\n", "w.gal").starts_with("w.gal:1: \"id,x\" does not begin a GAL or GWT file"));
    }

    #[test]
    fn every_bad_line_of_a_gwt_is_named() {
        let text = "0 4 cities code\nC01 C02 nan\nC01 C03\nC02 C01 -1\nC03 C99 1\nC03 C01 x\n";
        let expected = [
            "w.gwt:2: weight: \"nan\" is not a finite number",
            "w.gwt:3: 2 fields, expected three: id, neighbour and weight",
            "w.gwt:4: weight: \"-1\" is negative",
            "w.gwt:6: weight: \"x\" is not a number",
            "w.gwt:5: \"C99\" is not the id of a city",
        ];
        assert_eq!(refusal(text, "w.gwt"), expected.join("\n"));
    }

    #[test]
    fn a_file_for_other_ids_is_one_fault() {
        let text = "4\n1 1\n2\n2 1\n1\n3 1\n4\n4 1\n3\n";
        let error = read(text, "w.gal").unwrap_err();
        let expected = "w.gal: no id in the file is the id of a city: it has ids like \"1\", \"2\" and \"3\", \
                        the cities \"C01\", \"C02\" and \"C03\"";
        assert_eq!(error.to_string(), expected);
        assert!(error.faults()[0].remedy().unwrap().starts_with("they are plain numbers in order"));
        let error = read(&text.replace('4', "44"), "w.gal").unwrap_err();
        assert!(error.faults()[1].remedy().unwrap().starts_with("was the file made with another id column"));
        let error = read("2\nWuhan 1\nEzhou\nEzhou 1\nWuhan\n", "w.gal").unwrap_err();
        assert!(error.to_string().contains("\"Wuhan\" and \"Ezhou\" are names of cities"));
    }

    #[test]
    fn damaged_bytes_never_panic() {
        for (text, file) in [(GAL, "w.gal"), (GWT, "w.gwt"), (GWT, "w")] {
            super::super::tests::damaged(text.as_bytes(), |bytes| _ = read_weights(bytes, file, &four()));
        }
    }
}
