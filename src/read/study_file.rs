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

mod keys;

use toml::de::DeTable;

use crate::error::{Fault, Kind, Result};
use crate::study::{
    check_alpha, check_coverage, check_ddof, check_lags, check_max_dense, check_permutations, check_positive,
    check_resamples, check_seed, check_snap, check_threads,
};
use keys::{Keys, Places};

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
    places: Places,
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
    pub links_where: Option<Vec<String>>,
    /// Columns of origin, destination and weight; also `links_columns`.
    pub link_columns: Option<Vec<String>>,
    /// Whether weights of links mean `strength` or `cost`.
    pub link_meaning: Option<String>,
    /// Whether links count in both directions.
    pub undirected: Option<bool>,
    /// File of the industry table.
    pub industry: Option<String>,
    /// Columns that are sectors, as `va_*_2020`: of the industry table, or without one of the cities.
    pub sectors: Option<String>,
    /// Column of the levels in a long industry table.
    pub industry_value: Option<String>,
    /// File of a coarser classification of the sectors.
    pub sector_groups: Option<String>,
    /// Id of the row of the industry table that quotients are held against.
    pub reference: Option<String>,
    /// File of employment by sector, or columns of the cities that hold it.
    pub employment: Option<String>,
    /// File of the plants.
    pub plants: Option<String>,
    /// What a blank cell of an industry table means.
    pub blank: Option<String>,
    /// What the footers of tables of industry say beside the rest.
    pub remark: Option<String>,
    /// File of the offices of firms by city.
    pub firms: Option<String>,
    /// File of the length of the ways between cities, as travel times.
    pub costs: Option<String>,
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
    /// Of what a network is built where there are no links: `gravity`, `radiation`, `interlocking`.
    pub link_model: Option<String>,
    /// Column by which a flow is shared out between its two directions.
    pub directed_share: Option<String>,
    /// Columns that explain a value beside its neighbours.
    pub covariates: Option<Vec<String>>,
    /// Exponent of the distance in models of reach.
    pub beta: Option<f64>,
    /// Exponents of the masses of origin and destination.
    pub mass_exponents: Option<Vec<String>>,
    /// Strength of the field at which a reach ends.
    pub field: Option<f64>,
    /// Share of the periphery's mass that reaches cover.
    pub coverage: Option<f64>,
    /// Longest way to a service.
    pub catchment: Option<String>,
    /// Resolution of communities.
    pub resolution: Option<f64>,
    /// Upper ends of distance bands.
    pub bands: Option<Vec<String>>,
    /// Exponent of the extended radiation model.
    pub radiation_exponent: Option<f64>,
    /// Rate of the model of intervening opportunities.
    pub opportunity_rate: Option<f64>,
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
    /// What standard deviations of inequality divide by: n (0) or n − 1 (1).
    pub ddof: Option<usize>,
    /// Bootstrap resamples behind the intervals of inequality.
    pub bootstrap: Option<usize>,
    /// Weighting of indicators.
    pub weighting: Option<String>,
    /// How indicators are made comparable.
    pub normalisation: Option<String>,
    /// Whether they are compared among all years together or in each by itself.
    pub pooling: Option<String>,
    /// Families of measures to run.
    pub only: Option<Vec<String>>,
    /// Families of measures not to run.
    pub skip: Option<Vec<String>>,
    /// Condition on the cities; key `where`.
    pub condition: Option<String>,
    /// How a value becomes 0 or 1: `median`, `mean`, or a number.
    pub binarise: Option<String>,
    /// Number of lags of the correlogram.
    pub lags: Option<usize>,
    /// Number of cities from which on weights of all pairs are refused.
    pub max_dense: Option<usize>,
    /// Number of threads.
    pub threads: Option<usize>,
}

/// What is written: section `[output]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Directory of all outputs; also `out_dir`.
    pub dir: Option<String>,
    /// File of the annotated GeoJSON, or of a GeoPackage (`.gpkg`); also `output`.
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
    /// The one table that is printed.
    pub show: Option<String>,
    /// Half of a symmetric matrix that tables show.
    pub triangle: Option<String>,
    /// Order of the cities in matrices.
    pub order: Option<String>,
    /// What names the cities in matrices.
    pub matrix_labels: Option<String>,
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
        let mut keys = Keys::new(text, root.get_ref());
        if !errors.is_empty() {
            keys.refuse_syntax(&errors);
            return keys.finish(|_| Self::default()).map_err(|error| error.in_file(file));
        }
        let (input, analysis, output) = (Input::read(&mut keys), Analysis::read(&mut keys), Output::read(&mut keys));
        keys.refuse_unknown();
        keys.finish(|places| Self { input, analysis, output, file: file.to_owned(), places })
            .map_err(|error| error.in_file(file))
    }

    /// Every key there is: its section and its names, the first of which is its own; others are those of flags.
    pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
        let (root, _) = DeTable::parse_recoverable("");
        let mut keys = Keys::new("", root.get_ref());
        let _ = (Input::read(&mut keys), Analysis::read(&mut keys), Output::read(&mut keys));
        keys.asked
    }

    /// The same fault at the place of a key, for what is found wrong with its value later.
    pub fn locate(&self, key: &str, fault: Fault) -> Fault {
        let fault = fault.file(self.file.as_str());
        if let Some(&(line, column)) = self.places.get(key) { fault.at(line, column) } else { fault }
    }
}

impl Input {
    fn read(keys: &mut Keys) -> Self {
        keys.section("input");
        let cities = keys.text(&["cities"]);
        if cities.is_none() && !keys.has("cities") {
            let fault = Fault::new(Kind::Option, "the study file names no cities");
            keys.refuse_at_end(fault.hint("write [input] and below it cities = \"cities.geojson\""));
        }
        Self {
            cities: cities.unwrap_or_default(),
            id: keys.text(&["id"]),
            name: keys.text(&["name"]),
            tables: keys.texts(&["tables", "table"]),
            table_key: keys.text(&["table_key"]),
            links: keys.text(&["links"]),
            links_where: keys.listed(&["links_where"]),
            link_columns: keys.listed(&["link_columns", "links_columns"]),
            link_meaning: keys.choice("link_meaning", &["strength", "cost"]),
            undirected: keys.truth("undirected"),
            industry: keys.text(&["industry"]),
            sectors: keys.text(&["sectors"]),
            industry_value: keys.text(&["industry_value"]),
            sector_groups: keys.text(&["sector_groups"]),
            reference: keys.text_or_number("reference"),
            employment: keys.text(&["employment"]),
            plants: keys.text(&["plants"]),
            blank: keys.choice("blank", &["drop", "zero"]),
            remark: keys.text(&["remark"]),
            firms: keys.text(&["firms"]),
            costs: keys.text(&["costs"]),
            indicators: keys.text(&["indicators"]),
            years: keys.years(),
            planar: keys.truth("planar"),
            points: keys.text(&["points"]),
            snap: keys.number("snap", check_snap),
        }
    }
}

impl Analysis {
    fn read(keys: &mut Keys) -> Self {
        keys.section("analysis");
        Self {
            value: keys.texts(&["value", "values"]),
            label: keys.texts(&["label", "labels"]),
            with: keys.text(&["with"]),
            events: keys.text(&["events"]),
            at_risk: keys.text(&["at_risk"]),
            population: keys.text(&["population"]),
            group: keys.listed(&["group", "groups"]),
            mass: keys.text(&["mass"]),
            cores: keys.listed(&["cores"]),
            link_model: keys.choice("link_model", &["gravity", "radiation", "interlocking"]),
            directed_share: keys.text(&["directed_share"]),
            covariates: keys.listed(&["covariates"]),
            beta: keys.number("beta", check_positive("beta")),
            mass_exponents: keys.listed(&["mass_exponents"]),
            field: keys.number("field", check_positive("field")),
            coverage: keys.number("coverage", check_coverage),
            catchment: keys.text_or_number("catchment"),
            resolution: keys.number("resolution", check_positive("resolution")),
            bands: keys.listed(&["bands"]),
            radiation_exponent: keys.number("radiation_exponent", check_positive("radiation_exponent")),
            opportunity_rate: keys.number("opportunity_rate", check_positive("opportunity_rate")),
            weights: keys.text(&["weights"]),
            transform: keys.choice("transform", &["row", "binary", "double", "variance", "none"]),
            islands: keys.choice("islands", &["keep", "nearest", "error"]),
            permutations: keys.integer("permutations", check_permutations),
            seed: keys.integer("seed", check_seed),
            alternative: keys.choice("alternative", &["two-sided", "greater", "less"]),
            alpha: keys.number("alpha", check_alpha),
            adjust: keys.choice("adjust", &["none", "fdr", "bonferroni", "holm"]),
            missing: keys.choice("missing", &["drop", "error"]),
            zeros: keys.choice("zeros", &["keep", "drop"]),
            ddof: keys.integer("ddof", check_ddof),
            bootstrap: keys.integer("bootstrap", check_resamples),
            normalisation: keys.choice("normalisation", &["minmax", "z", "rank", "vector"]),
            pooling: keys.choice("pooling", &["all", "year"]),
            weighting: keys.choice("weighting", &["equal", "entropy", "critic", "cv", "given"]),
            only: keys.listed(&["only"]),
            skip: keys.listed(&["skip"]),
            condition: keys.text(&["where"]),
            binarise: keys.text_or_number("binarise"),
            lags: keys.integer("lags", check_lags),
            max_dense: keys.integer("max_dense", check_max_dense),
            threads: keys.integer("threads", check_threads),
        }
    }
}

impl Output {
    fn read(keys: &mut Keys) -> Self {
        keys.section("output");
        Self {
            dir: keys.text(&["dir", "out_dir"]),
            annotated: keys.text(&["annotated", "output"]),
            report: keys.text(&["report"]),
            prefix: keys.text(&["prefix"]),
            names: keys.choice("names", &["long", "short", "geoda"]),
            replace: keys.truth("replace"),
            format: keys.choice("format", &["csv", "tsv", "md", "tex"]),
            show: keys.text(&["show"]),
            triangle: keys.choice("triangle", &["full", "lower", "upper"]),
            order: keys.choice("order", &["input", "id", "dendrogram"]),
            matrix_labels: keys.choice("matrix_labels", &["id", "name", "both"]),
            language: keys.choice("language", &["en", "zh"]),
            json: keys.truth("json"),
            quiet: keys.truth("quiet"),
            strict: keys.truth("strict"),
        }
    }
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
        assert_eq!(faults.len(), 1);
        let again = self::faults(&with("seed = 42", "seed = 42\nseed = 43"));
        assert!(again[0].starts_with("study.toml:12:1: seed: duplicate key"), "{again:?}");
        let both = with("seed = 42", "seed = = 42").replace("id = \"code\"", "id = \"code");
        assert!(self::faults(&both).len() > 1);
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
