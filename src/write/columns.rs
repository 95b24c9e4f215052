//! Which columns of a run are written into the annotated GeoJSON, and under which names.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Report;
use crate::error::quoted;
use crate::measures::{About, FieldPlace, Outcome, Values, measure};
use crate::note::{Note, listed};

/// Label of the weights that come from links.
const LINKS: &str = "links";
/// Longest name in a dBASE table, as shapefiles have it.
const SHORTEST: usize = 10;

/// How columns are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// In full, as `local_g_star`'s `gstar_z`.
    #[default]
    Long,
    /// In at most ten characters.
    Short,
    /// In at most ten characters, those of a local Moran as GeoDa saves them: `LISA_I LISA_CL LISA_P`.
    Geoda,
}

impl Names {
    /// The style of this name on the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "long" => Some(Self::Long),
            "short" => Some(Self::Short),
            "geoda" => Some(Self::Geoda),
            _ => None,
        }
    }
}

/// A column that is written for every city.
#[derive(Clone, Debug)]
pub struct NamedColumn<'a> {
    /// Its name, unique among the columns of the run, capitals or not.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// Its values, one for each city of the report.
    pub values: &'a Values,
    /// Its name without variable, year and weights.
    pub stem: &'static str,
    /// What it means, with its unit.
    pub meaning: &'static str,
    /// The measure that it belongs to.
    pub about: &'static About,
    /// The outcome that it belongs to.
    pub outcome: &'a Outcome,
}

impl NamedColumn<'_> {
    /// Whether its values are classes.
    pub fn is_class(&self) -> bool {
        matches!(self.values, Values::Classes(_))
    }

    /// For how many cities it is undefined.
    pub fn undefined(&self) -> usize {
        match self.values {
            Values::Numbers(v) => v.iter().filter(|x| !x.is_finite()).count(),
            Values::Counts(v) => v.iter().filter(|x| x.is_none()).count(),
            Values::Texts(v) => v.iter().filter(|x| x.is_none()).count(),
            Values::Classes(_) => 0,
        }
    }

    /// The unit of its values.
    pub fn unit(&self) -> &'static str {
        match self.values {
            Values::Classes(_) => "class",
            Values::Texts(_) => "text",
            Values::Counts(_) => "count",
            Values::Numbers(_) => "1",
        }
    }
}

/// The columns of a report, with a note on those that no city has a value for.
pub fn named_columns<'a>(report: &'a Report, names: Names, prefix: &str) -> (Vec<NamedColumn<'a>>, Vec<Note>) {
    columns_of(report, names, prefix, |name| measure(name).map(|measure| measure.about()))
}

fn columns_of<'a>(
    report: &'a Report,
    names: Names,
    prefix: &str,
    about: impl Fn(&str) -> Option<&'static About>,
) -> (Vec<NamedColumn<'a>>, Vec<Note>) {
    let (several_values, several_years) = (report.variables().len() > 1, report.years().len() > 1);
    let (mut columns, mut empty) = (Vec::new(), Vec::new());
    let mut taken = HashSet::new();
    for outcome in &report.outcomes {
        let Some(about) = about(outcome.measure) else { continue };
        let decoration = Decoration {
            prefix,
            variable: outcome.variable.as_deref().filter(|_| several_values).map(snake_case),
            links: outcome.weights.as_deref() == Some(LINKS),
            population: outcome.options.contains_key("population"),
            year: outcome.year.filter(|_| several_years),
        };
        for (field_name, values) in &outcome.columns {
            let Some((field, long, short)) = about.fields.iter().find_map(|field| match field.place {
                FieldPlace::Column(Some((long, short))) if field.name == *field_name => Some((field, long, short)),
                _ => None,
            }) else {
                continue;
            };
            let stem = match names {
                Names::Long => long,
                Names::Short => short,
                Names::Geoda => geoda_name(about.name, long).unwrap_or(short),
            };
            let name = unique(&decoration.name(stem, names), names, &mut taken);
            let column = NamedColumn {
                label: label(about, field.meaning, outcome),
                name,
                values,
                stem: long,
                meaning: field.meaning,
                about,
                outcome,
            };
            if column.unit() == "1" && column.undefined() == report.cities.len() {
                taken.remove(&column.name.to_lowercase());
                empty.push(column.name);
            } else {
                columns.push(column);
            }
        }
    }
    let mut notes = Vec::new();
    if !empty.is_empty() {
        let message =
            format!("columns without a value for any city are left out of the annotated file: {}", listed(&empty));
        notes.push(Note::remark("column_left_out", message));
    }
    (columns, notes)
}

fn label(about: &About, meaning: &str, outcome: &Outcome) -> String {
    let mut label = format!("{}: {meaning}", about.title);
    if let Some(variable) = &outcome.variable {
        label += &format!(" of {variable}");
    }
    if let Some(year) = outcome.year {
        label += &format!(" {year}");
    }
    if let Some(weights) = &outcome.weights {
        label += &format!(" ({weights})");
    }
    if let Some(population) = outcome.options.get("population").and_then(Value::as_str) {
        label += &format!(" (weighted by {population})");
    }
    label
}

fn geoda_name(measure: &str, long: &str) -> Option<&'static str> {
    match (measure, long) {
        ("local_moran", "lisa_i") => Some("LISA_I"),
        ("local_moran", "lisa_cl") => Some("LISA_CL"),
        ("local_moran", "lisa_p") => Some("LISA_P"),
        _ => None,
    }
}

/// What stands before and behind the name of a column.
struct Decoration<'a> {
    prefix: &'a str,
    variable: Option<String>,
    links: bool,
    population: bool,
    year: Option<i32>,
}

impl Decoration<'_> {
    fn name(&self, stem: &str, names: Names) -> String {
        let variable = self.variable.as_deref().map_or_else(String::new, |name| format!("{name}_"));
        if names == Names::Long {
            let net = if self.links { "net_" } else { "" };
            let pop = if self.population { "pop_" } else { "" };
            let year = self.year.map_or_else(String::new, |year| format!("_{year}"));
            return format!("{}{variable}{net}{pop}{stem}{year}", self.prefix);
        }
        let net = match (self.links, self.population) {
            (true, _) => "n_",
            (_, true) => "p_",
            _ => "",
        };
        let year = self.year.map_or_else(String::new, |year| format!("{:02}", year.rem_euclid(100)));
        let rest = net.len() + stem.len() + year.len();
        let room = SHORTEST.saturating_sub(rest + usize::from(self.variable.is_some()));
        let variable: String = self.variable.as_deref().unwrap_or_default().chars().take(room).collect();
        let variable = if variable.is_empty() { variable } else { format!("{variable}_") };
        format!("{}{variable}{net}{stem}{year}", self.prefix).chars().take(SHORTEST).collect()
    }
}

/// `name`, or `name` with the first number that makes it unique.
fn unique(name: &str, names: Names, taken: &mut HashSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.to_lowercase()) {
        let tail = format!("_{number}");
        let room = if names == Names::Long { usize::MAX } else { SHORTEST - tail.len() };
        candidate = name.chars().take(room).collect::<String>() + &tail;
        number += 1;
    }
    candidate
}

/// Text as a name of ASCII letters, digits and `_` that begins with a letter.
pub(crate) fn snake_case(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name.to_owned() } else { format!("v{name}") }
}

/// A text from data as a part of a file's name: letters, digits and `_`, and not too many of them for a file system.
pub(crate) fn file_part(text: &str) -> String {
    snake_case(text).chars().take(30).collect()
}

/// The foreign member `agglo` of the annotated collection: version, options, digests, and what each column is.
pub fn member(report: &Report, columns: &[NamedColumn]) -> Value {
    let mut member = Map::new();
    member.insert("version".into(), env!("CARGO_PKG_VERSION").into());
    member.insert("command".into(), report.command.clone().into());
    if let Some(inference) = &report.inference {
        member.insert("seed".into(), inference.seed.into());
        member.insert("permutations".into(), inference.permutations.into());
        member.insert("alternative".into(), inference.alternative.name().into());
        member.insert("alpha".into(), inference.alpha.into());
        member.insert("adjust".into(), inference.adjust.name().into());
    }
    let inputs =
        report.inputs.iter().map(|input| json!({"role": input.role, "name": input.name, "sha256": input.sha256}));
    member.insert("inputs".into(), inputs.collect());
    let weights = report.weights.iter().map(|w| json!({"name": w.label(), "transform": w.transform().name()}));
    member.insert("weights".into(), weights.collect());
    let described = columns.iter().map(|column| (column.name.clone(), described(column)));
    member.insert("columns".into(), Value::Object(described.collect()));
    Value::Object(member)
}

fn described(column: &NamedColumn) -> Value {
    let mut about = Map::new();
    about.insert("measure".into(), column.about.name.into());
    about.insert("label".into(), column.label.clone().into());
    about.insert("unit".into(), column.unit().into());
    about.insert("formula".into(), column.about.formula.into());
    about.insert("reference".into(), column.about.reference.into());
    if column.undefined() > 0 {
        about.insert("undefined".into(), column.undefined().into());
    }
    Value::Object(about)
}

/// The note that a column name is too long for what `--names short` promises, because of the prefix.
pub fn too_long(columns: &[NamedColumn], names: Names) -> Option<Note> {
    let long: Vec<String> =
        columns.iter().filter(|c| names != Names::Long && c.name.len() > SHORTEST).map(|c| quoted(&c.name)).collect();
    (!long.is_empty())
        .then(|| Note::remark("long_name", format!("names of more than {SHORTEST} characters: {}", listed(&long))))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::report::tests::{ABOUT, outcome, report};
    use super::*;

    /// The columns of a report whose measures are not in the registry.
    pub fn columns<'a>(report: &'a Report, names: Names, prefix: &str) -> (Vec<NamedColumn<'a>>, Vec<Note>) {
        columns_of(report, names, prefix, |_| Some(&ABOUT))
    }

    fn names_of(report: &Report, names: Names, prefix: &str) -> Vec<String> {
        columns(report, names, prefix).0.into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn one_value_needs_no_prefix() {
        assert_eq!(names_of(&report(), Names::Long, ""), ["lisa_i", "lisa_p", "lisa_cl"]);
        assert_eq!(names_of(&report(), Names::Geoda, ""), ["LISA_I", "LISA_P", "LISA_CL"]);
        assert_eq!(names_of(&report(), Names::Long, "x_"), ["x_lisa_i", "x_lisa_p", "x_lisa_cl"]);
    }

    #[test]
    fn a_variable_without_columns_brings_no_prefix() {
        let mut report = report();
        report.outcomes.push(Outcome { columns: Vec::new(), ..outcome("residents", "queen", None) });
        assert_eq!(names_of(&report, Names::Long, ""), ["lisa_i", "lisa_p", "lisa_cl"]);
    }

    #[test]
    fn variables_links_and_years_are_told_apart() {
        let mut report = report();
        report.outcomes = vec![
            outcome("GDP per head", "queen", Some(2010)),
            outcome("GDP per head", "links", Some(2020)),
            outcome("人口", "queen", Some(2010)),
            outcome("population", "queen", Some(2010)),
            outcome("popularity", "queen", Some(2010)),
        ];
        let long = names_of(&report, Names::Long, "");
        assert_eq!(long[0], "gdp_per_head_lisa_i_2010");
        assert_eq!(long[3], "gdp_per_head_net_lisa_i_2020");
        assert_eq!(long[6], "v_lisa_i_2010");
        let short = names_of(&report, Names::Short, "");
        let distinct: HashSet<&String> = short.iter().collect();
        assert!(short.iter().all(|name| name.len() <= SHORTEST), "{short:?}");
        assert_eq!(distinct.len(), short.len(), "{short:?}");
    }

    #[test]
    fn what_is_weighted_by_population_is_told_apart() {
        let mut report = report();
        let mut weighted = outcome("gdp", "queen", None);
        weighted.options.insert("population".into(), "pop".into());
        report.outcomes.push(weighted);
        assert_eq!(names_of(&report, Names::Long, "")[3], "pop_lisa_i");
        assert_eq!(names_of(&report, Names::Short, "")[3], "p_lisa_i");
        assert!(columns(&report, Names::Long, "").0[3].label.ends_with("of gdp (queen) (weighted by pop)"));
    }

    #[test]
    fn a_column_without_values_is_left_out_and_named() {
        let mut report = report();
        report.outcomes[0].columns[0].1 = Values::Numbers(vec![f64::NAN; 3]);
        let (columns, notes) = columns(&report, Names::Long, "");
        assert_eq!(columns.len(), 2);
        assert!(notes[0].message.ends_with("lisa_i"), "{}", notes[0].message);
    }

    #[test]
    fn the_member_says_what_each_column_is() {
        let report = report();
        let (columns, _) = columns(&report, Names::Long, "");
        let member = member(&report, &columns);
        assert_eq!(member["columns"]["lisa_p"]["label"], "Local Moran's I: pseudo p value of gdp (queen)");
        assert_eq!(member["columns"]["lisa_p"]["undefined"], 1);
        assert_eq!(member["inputs"][0]["sha256"], "ab");
    }
}
