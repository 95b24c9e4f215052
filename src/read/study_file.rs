//! The study file: all options of a run in TOML.
//!
//! ```toml
//! [input]
//! cities = "cities.geojson"
//! links = "trains.csv"
//!
//! [analysis]
//! value = "gdp_{year}/pop_{year}"
//! weights = "queen"
//!
//! [output]
//! dir = "results"
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Fault, Faults, Kind, Result, did_you_mean, quoted};
use crate::study::{check_alpha, check_permutations, check_seed, check_snap, check_threads};

/// What a study file says; an option that it does not name is `None`.
///
/// Every flag of the command line has a key of its name, with dashes or underscores. What may be given several times
/// is a text or a list of texts; where a flag takes a list with commas, so does the key. Paths are as they are written:
/// relative to the directory of the study file. A choice, as that of an alternative, is text here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyFile {
    /// Section `[input]`.
    pub input: Input,
    /// Section `[analysis]`.
    pub analysis: Analysis,
    /// Section `[output]`.
    pub output: Output,
    file: String,
    places: BTreeMap<&'static str, (usize, usize)>,
}

/// What is read: section `[input]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// File of the cities. A study file always names it.
    pub cities: String,
    /// Property that is the id of a city.
    pub id: Option<String>,
    /// Property that is the name of a city.
    pub name: Option<String>,
    /// Tables to join; also `table`.
    pub tables: Option<Vec<String>>,
    /// Column of ids in the tables.
    pub table_key: Option<String>,
    /// File of the links.
    pub links: Option<String>,
    /// Which links to take, as `kind=hsr_trains_per_day`.
    pub links_where: Option<String>,
    /// Columns of origin, destination and weight; also `links_columns`.
    pub link_columns: Option<Vec<String>>,
    /// Whether weights of links mean `strength` or `cost`.
    pub link_meaning: Option<String>,
    /// Whether links count in both directions.
    pub undirected: Option<bool>,
    /// File of the industry table.
    pub industry: Option<String>,
    /// Columns of the cities that are sectors, as `va_*_2020`.
    pub sectors: Option<String>,
    /// File of the indicators of an index.
    pub indicators: Option<String>,
    /// Years to take; `year` is one of them.
    pub years: Option<Vec<i32>>,
    /// Whether coordinates are planar units.
    pub planar: Option<bool>,
    /// The point of a city: `inside`, or its two columns `LON,LAT`.
    pub points: Option<String>,
    /// Distance within which borders are joined.
    pub snap: Option<f64>,
}

/// What is computed, and how: section `[analysis]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// Values to analyse.
    pub value: Option<Vec<String>>,
    /// Their names in outputs.
    pub label: Option<Vec<String>>,
    /// Second variable of the bivariate measures.
    pub with: Option<String>,
    /// Events of a rate.
    pub events: Option<String>,
    /// Population at risk of a rate.
    pub at_risk: Option<String>,
    /// Column of the population.
    pub population: Option<String>,
    /// Columns of groups.
    pub group: Option<Vec<String>>,
    /// Column of masses.
    pub mass: Option<String>,
    /// Ids of the cores.
    pub cores: Option<Vec<String>>,
    /// Spatial weights, as `queen` or `knn:4`.
    pub weights: Option<String>,
    /// Transform of the weights.
    pub transform: Option<String>,
    /// What becomes of cities without a neighbour.
    pub islands: Option<String>,
    /// Number of permutations.
    pub permutations: Option<usize>,
    /// Seed of all random numbers.
    pub seed: Option<u64>,
    /// Alternative of the tests.
    pub alternative: Option<String>,
    /// Level of significance.
    pub alpha: Option<f64>,
    /// Correction for many tests.
    pub adjust: Option<String>,
    /// What becomes of missing values.
    pub missing: Option<String>,
    /// What becomes of zeros where a logarithm is taken.
    pub zeros: Option<String>,
    /// Weighting of indicators.
    pub weighting: Option<String>,
    /// Families of measures to run.
    pub only: Option<Vec<String>>,
    /// Families of measures not to run.
    pub skip: Option<Vec<String>>,
    /// Condition on the cities; key `where`.
    pub condition: Option<String>,
    /// How a value becomes 0 or 1: `median`, `mean`, or a number.
    pub binarise: Option<String>,
    /// Number of threads.
    pub threads: Option<usize>,
}

/// What is written: section `[output]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Directory of all outputs; also `out_dir`.
    pub dir: Option<String>,
    /// File of the annotated GeoJSON; also `output`.
    pub annotated: Option<String>,
    /// File of the report.
    pub report: Option<String>,
    /// What stands before the names of added columns.
    pub prefix: Option<String>,
    /// Style of the names of added columns.
    pub names: Option<String>,
    /// Whether columns of an earlier run are replaced.
    pub replace: Option<bool>,
    /// Format of the tables.
    pub format: Option<String>,
    /// Language of the report.
    pub language: Option<String>,
    /// Whether the result goes to standard output as JSON.
    pub json: Option<bool>,
    /// Whether nothing but the result and errors is said.
    pub quiet: Option<bool>,
    /// Whether a warning is an error.
    pub strict: Option<bool>,
}

impl StudyFile {
    /// Reads a study file; `file` is its base name, for messages.
    ///
    /// # Errors
    /// All errors of syntax at once, by line; where there are none, all unknown and misplaced keys, values of the wrong
    /// type or out of range, by line and column, and that no cities are named.
    ///
    /// ```
    /// use agglo::read::StudyFile;
    /// let study = StudyFile::parse("[input]\ncities = 'c.geojson'\nyear = 2020\n", "study.toml").unwrap();
    /// assert_eq!(study.input.years, Some(vec![2020]));
    /// let error = StudyFile::parse("[input]\ncitis = 'c.geojson'\n", "study.toml").unwrap_err();
    /// assert_eq!(error.faults()[0].remedy(), Some("did you mean \"cities\"?"));
    /// ```
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader::new(text, root.get_ref());
        for error in &errors {
            let byte = error.span().map_or(0, |span| span.start);
            reader.refuse_at(byte, Fault::new(Kind::Syntax, error.message().replace('\n', "; ")));
        }
        let mut study = Self { file: file.to_owned(), ..Self::default() };
        if errors.is_empty() {
            study.input = reader.input();
            study.analysis = reader.analysis();
            study.output = reader.output();
            reader.refuse_unknown();
        }
        study.places = std::mem::take(&mut reader.places);
        reader.finish(study).map_err(|error| error.in_file(file))
    }

    /// The same fault at the place of a key, for what is found wrong with its value later.
    pub fn locate(&self, key: &str, fault: Fault) -> Fault {
        let fault = fault.file(self.file.as_str());
        if let Some(&(line, column)) = self.places.get(key) { fault.at(line, column) } else { fault }
    }
}

/// Line and column of a byte of the text, both from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Takes keys out of the sections and remembers which there are, so that what is left over is unknown.
struct Reader<'a> {
    text: &'a str,
    root: &'a DeTable<'a>,
    section: &'static str,
    known: Vec<(&'static str, &'static str)>,
    places: BTreeMap<&'static str, (usize, usize)>,
    /// Faults by the byte at which they are; what is at none comes last.
    faults: Vec<(usize, Fault)>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, root: &'a DeTable<'a>) -> Self {
        Self { text, root, section: "", known: Vec::new(), places: BTreeMap::new(), faults: Vec::new() }
    }

    /// `study`, or all faults in the order of the file.
    fn finish(mut self, study: StudyFile) -> Result<StudyFile> {
        self.faults.sort_by_key(|&(byte, _)| byte);
        let mut faults = Faults::default();
        self.faults.into_iter().for_each(|(_, fault)| faults.push(fault));
        faults.finish(study)
    }

    fn refuse_at(&mut self, byte: usize, fault: Fault) {
        let (line, column) = position(self.text, byte);
        self.faults.push((byte, fault.at(line, column)));
    }

    fn input(&mut self) -> Input {
        self.section = "input";
        let cities = self.text(&["cities"]);
        if cities.is_none() && !self.places.contains_key("cities") {
            let fault = Fault::new(Kind::Option, "the study file names no cities");
            self.faults.push((usize::MAX, fault.hint("write [input] and below it cities = \"cities.geojson\"")));
        }
        Input {
            cities: cities.unwrap_or_default(),
            id: self.text(&["id"]),
            name: self.text(&["name"]),
            tables: self.texts(&["tables", "table"]),
            table_key: self.text(&["table_key"]),
            links: self.text(&["links"]),
            links_where: self.text(&["links_where"]),
            link_columns: self.listed(&["link_columns", "links_columns"]),
            link_meaning: self.choice("link_meaning", &["strength", "cost"]),
            undirected: self.truth("undirected"),
            industry: self.text(&["industry"]),
            sectors: self.text(&["sectors"]),
            indicators: self.text(&["indicators"]),
            years: self.years(),
            planar: self.truth("planar"),
            points: self.text(&["points"]),
            snap: self.number("snap").and_then(|(snap, span)| self.checked(check_snap(snap), span)),
        }
    }

    fn analysis(&mut self) -> Analysis {
        self.section = "analysis";
        Analysis {
            value: self.texts(&["value", "values"]),
            label: self.texts(&["label", "labels"]),
            with: self.text(&["with"]),
            events: self.text(&["events"]),
            at_risk: self.text(&["at_risk"]),
            population: self.text(&["population"]),
            group: self.listed(&["group", "groups"]),
            mass: self.text(&["mass"]),
            cores: self.listed(&["cores"]),
            weights: self.text(&["weights"]),
            transform: self.choice("transform", &["row", "binary", "double", "variance", "none"]),
            islands: self.choice("islands", &["keep", "nearest", "error"]),
            permutations: self.integer("permutations").and_then(|(n, span)| self.checked(check_permutations(n), span)),
            seed: self.integer("seed").and_then(|(seed, span)| self.checked(check_seed(seed), span)),
            alternative: self.choice("alternative", &["two-sided", "greater", "less"]),
            alpha: self.number("alpha").and_then(|(alpha, span)| self.checked(check_alpha(alpha), span)),
            adjust: self.choice("adjust", &["none", "fdr", "bonferroni", "holm"]),
            missing: self.choice("missing", &["drop", "error"]),
            zeros: self.choice("zeros", &["keep", "drop"]),
            weighting: self.choice("weighting", &["equal", "entropy", "critic", "cv", "given"]),
            only: self.listed(&["only"]),
            skip: self.listed(&["skip"]),
            condition: self.text(&["where"]),
            binarise: self.text_or_number("binarise"),
            threads: self.integer("threads").and_then(|(n, span)| self.checked(check_threads(n), span)),
        }
    }

    fn output(&mut self) -> Output {
        self.section = "output";
        Output {
            dir: self.text(&["dir", "out_dir"]),
            annotated: self.text(&["annotated", "output"]),
            report: self.text(&["report"]),
            prefix: self.text(&["prefix"]),
            names: self.choice("names", &["long", "short", "geoda"]),
            replace: self.truth("replace"),
            format: self.choice("format", &["csv", "tsv", "md", "tex"]),
            language: self.choice("language", &["en", "zh"]),
            json: self.truth("json"),
            quiet: self.truth("quiet"),
            strict: self.truth("strict"),
        }
    }

    /// The value under one of the names of a key, the first of which is its own.
    fn take(&mut self, names: &[&'static str]) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.extend(names.iter().map(|name| (self.section, *name)));
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

    /// `value`, or its fault at the place of the key's value.
    fn checked<T>(&mut self, value: Result<T>, span: Range<usize>) -> Option<T> {
        value
            .map_err(|error: Error| {
                for fault in error.faults() {
                    self.refuse_at(span.start, fault.clone());
                }
            })
            .ok()
    }

    /// The fault that a value is not what its key takes.
    fn refuse(&mut self, key: &str, value: &Spanned<DeValue>, wanted: &str) {
        let given = self.text.get(value.span()).unwrap_or_default();
        let message = format!("{key} = {} is not {wanted}", given.chars().take(60).collect::<String>());
        self.refuse_at(value.span().start, Fault::new(Kind::Option, message));
    }

    fn text(&mut self, names: &[&'static str]) -> Option<String> {
        let value = self.take(names)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.refuse(names[0], value, "a text in quotes");
        }
        text.map(str::to_owned)
    }

    /// A text or a number, the latter as it is written.
    fn text_or_number(&mut self, key: &'static str) -> Option<String> {
        let value = self.take(&[key])?;
        let text = scalar(value.get_ref());
        if text.is_none() {
            self.refuse(key, value, "a text in quotes or a number");
        }
        text
    }

    /// A text, or a list of texts.
    fn texts(&mut self, names: &[&'static str]) -> Option<Vec<String>> {
        self.several(names, |value| value.as_str().map(str::to_owned))
    }

    /// A list of texts or numbers, or one text with commas.
    fn listed(&mut self, names: &[&'static str]) -> Option<Vec<String>> {
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

    fn choice(&mut self, key: &'static str, choices: &[&str]) -> Option<String> {
        let value = self.take(&[key])?;
        let text = value.get_ref().as_str().filter(|text| choices.contains(text));
        if text.is_none() {
            self.refuse(key, value, &format!("one of {}", choices.join(", ")));
        }
        text.map(str::to_owned)
    }

    fn truth(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(&[key])?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.refuse(key, value, "true or false");
        }
        truth
    }

    fn number(&mut self, key: &'static str) -> Option<(f64, Range<usize>)> {
        let value = self.take(&[key])?;
        let number = match value.get_ref() {
            DeValue::Float(float) => float.as_str().parse().ok(),
            other => integer(other).map(|whole| whole as f64),
        };
        if number.is_none() {
            self.refuse(key, value, "a number");
        }
        Some((number?, value.span()))
    }

    fn integer(&mut self, key: &'static str) -> Option<(i64, Range<usize>)> {
        let value = self.take(&[key])?;
        let number = integer(value.get_ref());
        if number.is_none() {
            self.refuse(key, value, "a whole number within reach");
        }
        Some((number?, value.span()))
    }

    /// Years: a number, a list of numbers, or a text with commas.
    fn years(&mut self) -> Option<Vec<i32>> {
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
    fn refuse_unknown(&mut self) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# a good run
[input]
cities = \"../base/cities.geojson\"
links = \"../base/links.csv\"
industry = \"../base/industry.csv\"
id = \"code\"
[analysis]
value = \"gdp\"
weights = \"queen\"
permutations = 999
seed = 42
alpha = 0.05
[output]
dir = \"out\"
";

    fn faults(text: &str) -> Vec<String> {
        let error = StudyFile::parse(text, "study.toml").unwrap_err();
        error.faults().iter().map(|f| format!("{f} [{}]", f.remedy().unwrap_or_default())).collect()
    }

    /// The good file with one line replaced.
    fn with(line: &str, other: &str) -> String {
        assert!(GOOD.contains(line));
        GOOD.replace(line, other)
    }

    #[test]
    fn a_good_file_is_read_as_it_is() {
        let study = StudyFile::parse(GOOD, "study.toml").unwrap();
        assert_eq!(study.input.cities, "../base/cities.geojson");
        assert_eq!(study.input.id.as_deref(), Some("code"));
        assert_eq!(study.analysis.value, Some(vec!["gdp".to_owned()]));
        assert_eq!((study.analysis.permutations, study.analysis.seed), (Some(999), Some(42)));
        assert_eq!(study.analysis.alpha, Some(0.05));
        assert_eq!(study.output.dir.as_deref(), Some("out"));
        assert_eq!(study.output.annotated, None);
        let crlf = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
        assert_eq!(StudyFile::parse(&crlf, "study.toml").unwrap().input, study.input);
    }

    #[test]
    fn a_syntax_error_has_its_line() {
        let faults = faults(&with("seed = 42", "seed = = 42"));
        assert!(faults[0].starts_with("study.toml:11:"), "{faults:?}");
    }

    #[test]
    fn an_unknown_key_is_named_with_the_one_meant() {
        let faults = faults(&with("permutations = 999", "permutatons = 999"));
        assert_eq!(faults, ["study.toml:10:1: there is no key \"permutatons\" [did you mean \"permutations\"?]"]);
    }

    #[test]
    fn a_misplaced_key_is_told_its_section() {
        let faults = faults("cities = \"c.geojson\"\n[inptu]\n[output]\nalpha = 0.05\n");
        assert_eq!(
            faults,
            [
                "study.toml:1:1: \"cities\" stands before any section [it belongs in [input]]",
                "study.toml:2:2: there is no section [inptu] [did you mean [input]?]",
                "study.toml:4:1: \"alpha\" stands in [output] [it belongs in [analysis]]",
                "study.toml: the study file names no cities [write [input] and below it cities = \"cities.geojson\"]",
            ]
        );
    }

    #[test]
    fn every_value_out_of_range_is_a_fault_in_the_order_of_the_file() {
        let text = with("permutations = 999", "permutations = 1000000000000")
            .replace("seed = 42", "seed = -1")
            .replace("alpha = 0.05", "alpha = 1.5")
            .replace("id = \"code\"", "id = 7");
        let faults = faults(&text);
        assert!(faults[0].starts_with("study.toml:6:6: id = 7 is not a text"), "{faults:?}");
        assert!(faults[1].starts_with("study.toml:10:16: permutations = 1000000000000 is not between"), "{faults:?}");
        assert!(faults[2].starts_with("study.toml:11:8: seed = -1 is negative"), "{faults:?}");
        assert!(faults[3].starts_with("study.toml:12:9: alpha = 1.5 is not between 0 and 1"), "{faults:?}");
        assert_eq!(faults.len(), 4);
        let large = self::faults(&with("seed = 42", "seed = 99999999999999999999"));
        assert!(large[0].contains("seed = 99999999999999999999"), "{large:?}");
    }

    #[test]
    fn no_permutations_are_allowed() {
        let text = with("permutations = 999", "permutations = 0");
        assert_eq!(StudyFile::parse(&text, "study.toml").unwrap().analysis.permutations, Some(0));
    }

    #[test]
    fn an_empty_file_names_no_cities() {
        for text in ["", "\n", "[analysis]\nvalue = \"gdp\"\n"] {
            let faults = faults(text);
            assert_eq!(faults.len(), 1);
            assert!(faults[0].starts_with("study.toml: the study file names no cities"), "{faults:?}");
        }
    }

    #[test]
    fn cities_of_another_type_are_one_fault() {
        assert_eq!(faults("[input]\ncities = 7\n"), ["study.toml:2:10: cities = 7 is not a text in quotes []"]);
    }

    #[test]
    fn lists_are_written_as_lists_or_as_the_flag_takes_them() {
        let text = "[input]\ncities = 'c'\nyears = '2010, 2020'\ntable = ['a.csv', 'b,c.csv']\nlink-columns = 'o,d,w'
[analysis]\nvalue = ['gdp', 'a,b']\ncores = [310100, '320100']\ngroup = 'province, core27'\nat-risk = 'pop'\nsnap = 1\n";
        let error = StudyFile::parse(text, "s.toml").unwrap_err();
        assert_eq!(error.to_string(), "s.toml:11:1: \"snap\" stands in [analysis]");
        let study = StudyFile::parse(&text.replace("snap = 1", "binarise = 10"), "s.toml").unwrap();
        let texts = |texts: &[&str]| Some(texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        assert_eq!(study.input.years, Some(vec![2010, 2020]));
        assert_eq!(study.input.tables, texts(&["a.csv", "b,c.csv"]));
        assert_eq!(study.input.link_columns, texts(&["o", "d", "w"]));
        assert_eq!(study.analysis.value, texts(&["gdp", "a,b"]));
        assert_eq!(study.analysis.cores, texts(&["310100", "320100"]));
        assert_eq!(study.analysis.group, texts(&["province", "core27"]));
        assert_eq!(study.analysis.at_risk.as_deref(), Some("pop"));
        assert_eq!(study.analysis.binarise.as_deref(), Some("10"));
    }

    #[test]
    fn a_choice_lists_what_there_is() {
        let faults = faults("[input]\ncities = 'c'\nyear = 'now'\n[analysis]\nadjust = 'bh'\n[output]\nreplace = 1\n");
        assert!(faults[0].contains("years = 'now' is not a year"), "{faults:?}");
        assert!(faults[1].contains("adjust = 'bh' is not one of none, fdr, bonferroni, holm"), "{faults:?}");
        assert!(faults[2].contains("replace = 1 is not true or false"), "{faults:?}");
    }

    #[test]
    fn two_names_of_one_key_are_refused() {
        let faults = faults("[input]\ncities = 'c'\nyear = 2010\nyears = [2010]\n");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("years is given twice"), "{faults:?}");
    }

    #[test]
    fn a_later_fault_is_placed_at_its_key() {
        let study = StudyFile::parse(&with("queen", "quen"), "study.toml").unwrap();
        let fault = study.locate("weights", Fault::new(Kind::Option, "there are no weights \"quen\""));
        assert_eq!(fault.to_string(), "study.toml:9:11: there are no weights \"quen\"");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\[(input|output|analysis|x)\\]\n|[a-z_]{1,6} ?= ?|['\"]|[0-9.e-]{1,4}|市|\n|\\[|\\]|\\{|\\}|,| ){0,24}") {
            let _ = StudyFile::parse(&text, "study.toml");
        }
    }
}
