//! Everything that a run found, as all writers take it.

use crate::Language;
use crate::inference::Inference;
use crate::measures::Outcome;
use crate::note::{Level, Note};
use crate::study::{Cities, Grouping, Variable};
use crate::weights::Weights;

/// What a run was made from, what it found, and what has to be said about it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The language of the report, its pictures and findings.
    pub language: Language,
    /// The command that reproduces it: base names of files, without what does not shape the results.
    pub command: Vec<String>,
    /// How statistics were held against chance; `None` where none were.
    pub inference: Option<Inference>,
    /// The files that were read.
    pub inputs: Vec<InputFile>,
    /// The cities that were analysed; columns of outcomes have one entry for each.
    pub cities: Cities,
    /// The values that were analysed; several years of one value are several variables.
    pub values: Vec<Variable>,
    /// The mass of the cities: one variable, or one for each year.
    pub mass: Vec<Variable>,
    /// The groups of the cities.
    pub groups: Vec<Grouping>,
    /// What has to be said under every table of industry or of growth, as that borders moved.
    pub remark: Option<String>,
    /// The weights that were used, spatial ones first.
    pub weights: Vec<Weights>,
    /// One result for each measure, variable and set of weights.
    pub outcomes: Vec<Outcome>,
    /// What has to be known about inputs, weights and the run as a whole.
    pub notes: Vec<Note>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct InputFile {
    /// What it was read for: `cities`, `links`, `table`, `weights`, `study`.
    pub role: &'static str,
    /// Its base name.
    pub name: String,
    /// SHA-256 of its bytes in hexadecimal digits.
    pub sha256: String,
    /// How many cities, links or rows it holds, where that is known.
    pub rows: Option<usize>,
}

impl Report {
    /// A report of these cities that holds no results yet; `Report { outcomes: …, ..Report::of(cities) }` adds to it.
    pub fn of(cities: Cities) -> Self {
        Self {
            language: Language::default(),
            command: Vec::new(),
            inference: None,
            inputs: Vec::new(),
            cities,
            values: Vec::new(),
            mass: Vec::new(),
            groups: Vec::new(),
            remark: None,
            weights: Vec::new(),
            outcomes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// All notes, of the run and of its results, each message once.
    pub fn all_notes(&self) -> Vec<&Note> {
        let mut seen = std::collections::HashSet::new();
        let of_results = self.outcomes.iter().flat_map(|outcome| &outcome.notes);
        self.notes.iter().chain(of_results).filter(|note| seen.insert((note.code, note.message.as_str()))).collect()
    }

    /// What stands under a table, without the remark that stands under all of them.
    pub fn without_remark(&self, footer: &str) -> String {
        let without = self.remark.as_deref().map(|remark| footer.replace(remark, ""));
        without.as_deref().unwrap_or(footer).trim_matches([' ', ';', '.', ',']).to_owned()
    }

    /// The last result of a measure: that of the latest year.
    pub fn last(&self, measure: &str) -> Option<&Outcome> {
        self.outcomes.iter().rfind(|outcome| outcome.measure == measure)
    }

    /// How many different warnings there are.
    pub fn warnings(&self) -> usize {
        self.all_notes().iter().filter(|note| note.level == Level::Warning).count()
    }

    /// Names of the variables with results city by city, each once.
    pub fn variables(&self) -> Vec<&str> {
        let by_city = self.outcomes.iter().filter(|outcome| !outcome.columns.is_empty());
        distinct(by_city.filter_map(|outcome| outcome.variable.as_deref()))
    }

    /// Years that were analysed, each once.
    pub fn years(&self) -> Vec<i32> {
        distinct(self.outcomes.iter().filter_map(|outcome| outcome.year))
    }
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::measures::{About, Family, Field, Needs, Values};
    use crate::study::{RingRole, Shapes};

    /// What a measure would say about itself.
    pub static ABOUT: About = About {
        name: "local_moran",
        family: Family::Autocorrelation,
        needs: Needs::Value,
        title: "Local Moran's I",
        question: "Where do similar values cluster?",
        formula: "I_i = z_i Σ_j w_ij z_j",
        symbols: &[("z_i", "standardised value")],
        reading: "Positive among similar neighbours",
        variant: "Conditional permutation",
        reference: "Anselin 1995",
        fields: &[
            Field::scalar("significant", "number of significant cities"),
            Field::annotated("i", "lisa_i", "lisa_i", "local Moran's I"),
            Field::annotated("p_permutation", "lisa_p", "lisa_p", "pseudo p value"),
            Field::annotated("class", "lisa_cl", "lisa_cl", "class of the cluster"),
            Field::column("variance", "conditional variance"),
            Field::table("pairs", "pairs of cities"),
        ],
        matches: &[("GeoDa", "Univariate Local Moran's I"), ("esda", "Moran_Local(y, w)")],
    };

    /// Three square cities in a row, the names of which try everything.
    pub fn cities() -> Cities {
        let mut shapes = Shapes::default();
        for x in [0.0, 1.0, 2.0] {
            shapes.push_area([(RingRole::Shell, [[x, 0.0], [x + 1.0, 0.0], [x + 1.0, 1.0], [x, 1.0]])]);
        }
        Cities {
            ids: ["C1", "C2", "C3"].map(String::from).to_vec(),
            names: ["=SUM(A1)", "a|b & <c>", "d\u{1b}[31m_e"].map(String::from).to_vec(),
            shapes,
            points: vec![Some([0.5, 0.5]), Some([1.5, 0.5]), Some([2.5, 0.5])],
            metric: crate::study::Metric::EARTH,
            notes: Vec::new(),
        }
    }

    /// The outcome of a local measure for one variable under one set of weights.
    pub fn outcome(variable: &str, weights: &str, year: Option<i32>) -> Outcome {
        Outcome {
            measure: "local_moran",
            variable: Some(variable.into()),
            weights: Some(weights.into()),
            year,
            scalars: vec![("significant", 1.0)],
            columns: vec![
                ("i", Values::Numbers(vec![0.1 + 0.2, f64::NAN, -0.0])),
                ("p_permutation", Values::Numbers(vec![0.002, f64::NAN, 0.5])),
                ("class", Values::Classes(vec!["HH", "undefined", "ns"])),
                ("variance", Values::Numbers(vec![1.0, f64::NAN, 2.0])),
            ],
            notes: vec![Note::remark("few_cities", "3 cities are few")],
            ..Outcome::default()
        }
    }

    /// A small report.
    pub fn report() -> Report {
        Report {
            language: Language::English,
            command: ["agglo", "autocorrelation", "cities.geojson"].map(String::from).to_vec(),
            inference: Some(Inference::default()),
            inputs: vec![InputFile {
                role: "cities",
                name: "cities.geojson".into(),
                sha256: "ab".into(),
                rows: Some(3),
            }],
            cities: cities(),
            values: vec![Variable::new("gdp", vec![3.0, 1.0, f64::NAN])],
            mass: Vec::new(),
            groups: Vec::new(),
            remark: None,
            weights: vec![
                Weights::from_pairs("queen", 3, &[(0, 1), (1, 2)]).transformed(crate::weights::Transform::Row),
            ],
            outcomes: vec![outcome("gdp", "queen", None)],
            notes: vec![Note::warning("isolate", "C9 has no neighbour").about(["C9"])],
        }
    }

    #[test]
    fn a_message_is_told_once() {
        let mut report = report();
        report.outcomes.push(outcome("gdp", "links", None));
        assert_eq!((report.all_notes().len(), report.warnings()), (2, 1));
    }
}
