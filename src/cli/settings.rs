//! What the arguments mean: flags over the study file over defaults, typed, with all faults at once.

mod index;
mod industry;
mod links;
mod reach;

use std::path::PathBuf;

use super::args::{
    ColumnArgs, CommonArgs, InferenceArgs, InputArgs, LinkArgs, MatrixArgs, RunArgs, ValueArgs, WeightsArgs,
};
use crate::Language;
use crate::error::{Error, Fault, Faults, Kind, Result, did_you_mean, quoted};
use crate::inference::{Adjust, Alternative, Inference};
use crate::measures::autocorrelation::{Binarise, Options};
use crate::measures::{Family, MEASURES, imbalance};
use crate::read::{Ground, Identity, LinksRequest, PointChoice};
use crate::study::{
    Metric, ValueRequest, check_alpha, check_ddof, check_lags, check_permutations, check_resamples, check_snap,
    check_threads,
};
use crate::weights::{Spec, Transform};
use crate::write::columns::Names;
use crate::write::matrix::{Labels, MatrixLayout, Order, Triangle};

pub use index::IndexSettings;
pub use industry::{IndustrySettings, LevelSource};
pub use reach::{LinkModel, ReachSettings};

/// From how many cities on weights of all pairs are refused.
const MAX_DENSE: usize = 20_000;

/// Everything that shapes a run, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The cities; `-` is standard input.
    pub cities: PathBuf,
    /// Which properties identify and name them.
    pub identity: Identity,
    /// How coordinates are taken.
    pub ground: Ground,
    /// Tables joined to the cities.
    pub tables: Vec<PathBuf>,
    /// Their id column.
    pub table_key: Option<String>,
    /// Which cities take part.
    pub filter: Option<String>,
    /// The values analysed.
    pub values: Vec<Wanted>,
    /// The second variable.
    pub second: Option<Wanted>,
    /// Events and population at risk.
    pub rate: Option<(Wanted, Wanted)>,
    /// The population by which inequality is weighted; it is taken in the years of the values.
    pub population: Option<Wanted>,
    /// Columns of groups.
    pub groups: Vec<String>,
    /// The mass of the cities.
    pub mass: Option<Wanted>,
    /// Whether a city without a value is a fault.
    pub missing_is_fault: bool,
    /// The file of links and how it is read.
    pub links: Option<(PathBuf, LinksRequest)>,
    /// Output and employment by sector.
    pub industry: IndustrySettings,
    /// Cores, and the models of their reach.
    pub reach: ReachSettings,
    /// Weights.
    pub weights: WeightsSettings,
    /// Inference.
    pub inference: Inference,
    /// Options of inequality.
    pub imbalance: imbalance::Options,
    /// A composite index of indicators.
    pub index: IndexSettings,
    /// Options of the measures of autocorrelation.
    pub options: Options,
    /// What is run.
    pub selection: Selection,
    /// Columns of the annotated file.
    pub columns: Columns,
    /// Matrices in tables.
    pub layout: MatrixLayout,
    /// Language of reports.
    pub language: Language,
}

/// A value as it was asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    text: String,
    label: Option<String>,
    years: Vec<i32>,
}

impl Wanted {
    /// The same as the study takes it.
    pub fn request(&self) -> ValueRequest<'_> {
        self.request_in(&self.years)
    }

    /// The same in these years instead of those that were asked for.
    pub fn request_in<'a>(&'a self, years: &'a [i32]) -> ValueRequest<'a> {
        ValueRequest { text: &self.text, label: self.label.as_deref(), years }
    }
}

/// How spatial weights are made.
#[derive(Clone, Debug)]
pub struct WeightsSettings {
    /// What was asked for; `None` for the default of the geometry.
    pub spec: Option<Spec>,
    /// Their standardisation.
    pub transform: Transform,
    /// What happens to isolates.
    pub islands: Islands,
    /// How far borders may miss each other.
    pub snap: Option<f64>,
    /// From how many cities on weights of all pairs are refused.
    pub max_dense: usize,
}

/// What happens to a city without a neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Islands {
    /// It stays alone.
    Keep,
    /// It is linked with the nearest city.
    Nearest,
    /// It is a fault.
    Error,
}

/// How the columns of the annotated file are named.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Long, short, or as GeoDa.
    pub names: Names,
    /// Text before every name.
    pub prefix: String,
    /// Whether columns of an earlier run are replaced.
    pub replace: bool,
}

/// Which measures run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    only: Vec<String>,
    skip: Vec<String>,
}

impl Selection {
    /// Whether a measure is to run.
    pub fn includes(&self, family: Family, measure: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == measure || name == family.name());
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }

    /// Whether a measure was asked for by its own name.
    pub fn names(&self, measure: &str) -> bool {
        self.only.iter().any(|name| name == measure)
    }
}

impl Settings {
    /// Settings from the cities and the arguments.
    ///
    /// # Errors
    /// [`Kind::Option`], one fault for every argument that cannot be meant.
    pub fn new(cities: PathBuf, args: RunArgs) -> Result<Self> {
        let mut faults = Faults::default();
        let metric = if args.input.planar { Metric::Planar } else { Metric::EARTH };
        let settings =
            Self {
                cities,
                ground: ground(&args.input, &mut faults),
                values: values(&args.values, &mut faults),
                second: args.values.with.as_deref().map(|text| request(text, None, &args.values)),
                rate: args.values.events.as_deref().zip(args.values.at_risk.as_deref()).map(|(events, at_risk)| {
                    (request(events, None, &args.values), request(at_risk, None, &args.values))
                }),
                population: args.values.population.as_deref().map(|text| request(text, None, &args.values)),
                groups: args.values.group.clone(),
                mass: args.values.mass.as_deref().map(|text| request(text, None, &args.values)),
                missing_is_fault: args.values.missing.as_deref() == Some("error"),
                links: links::links(&args.links, &mut faults),
                industry: industry::industry(&args.industry, years(&args.values), &mut faults),
                reach: reach::reach(&args.reach, &args.values, metric, &mut faults),
                inference: inference(&args.inference, &mut faults),
                options: Options {
                    binarise: binarise(&args.values, &mut faults),
                    transform_given: args.weights.transform.is_some(),
                    lags: lags(&args.values, &mut faults),
                },
                imbalance: imbalance(&args.values, &mut faults),
                index: index::index(&args.index, years(&args.values)),
                selection: selection(&args.values, &mut faults),
                weights: weights(&args.weights, &mut faults),
                columns: columns(&args.columns, &mut faults),
                layout: layout(&args.matrices),
                language: language(&args.common, &mut faults),
                identity: Identity { id: args.input.id, name: args.input.name },
                tables: args.input.table,
                table_key: args.input.table_key,
                filter: args.input.filter,
            };
        check_common(&args.common, &mut faults);
        faults.finish(settings)
    }

    /// The files that the run is known to read.
    pub fn paths(&self) -> Vec<PathBuf> {
        let links = self.links.iter().map(|(path, _)| path);
        let industry = &self.industry;
        let levels = [&industry.levels, &industry.employment].into_iter().filter_map(|source| match source {
            Some(LevelSource::File(path, _)) => Some(path),
            _ => None,
        });
        let reach = self.reach.firms.iter().chain(&self.reach.costs).chain(&self.index.indicators);
        let others = industry.groups.iter().chain(&industry.plants).chain(levels).chain(reach);
        std::iter::once(&self.cities).chain(&self.tables).chain(links).chain(others).cloned().collect()
    }
}

fn option(field: &str, message: impl Into<String>) -> Fault {
    Fault::new(Kind::Option, message).field(field)
}

/// The member of `names` by `from_name`, or a fault.
fn named<T>(
    field: &str,
    text: Option<&str>,
    names: &[&str],
    from_name: impl Fn(&str) -> Option<T>,
    otherwise: T,
    faults: &mut Faults,
) -> T {
    let Some(text) = text else { return otherwise };
    from_name(text).unwrap_or_else(|| {
        let meant = did_you_mean(text, names.iter().copied())
            .map_or_else(String::new, |near| format!("did you mean {}? ", quoted(near)));
        faults.push(
            option(field, format!("{} is none of its values", quoted(text)))
                .hint(format!("{meant}values: {}", names.join(", "))),
        );
        otherwise
    })
}

fn ground(args: &InputArgs, faults: &mut Faults) -> Ground {
    let points = match args.points.as_deref() {
        None => PointChoice::Centroid,
        Some("inside") => PointChoice::Inside,
        Some(text) => match text.split(',').map(str::trim).collect::<Vec<_>>().as_slice() {
            [x, y] if !x.is_empty() && !y.is_empty() => PointChoice::Columns((*x).to_owned(), (*y).to_owned()),
            _ => {
                let hint = "write inside, or the columns of longitude and latitude, as lon,lat";
                faults.push(option("points", format!("{} names no point", quoted(text))).hint(hint));
                PointChoice::Centroid
            }
        },
    };
    Ground { planar: args.planar, points }
}

fn request(text: &str, label: Option<&String>, args: &ValueArgs) -> Wanted {
    Wanted { text: text.to_owned(), label: label.cloned(), years: years(args) }
}

/// The years asked for, each once.
fn years(args: &ValueArgs) -> Vec<i32> {
    let mut years: Vec<i32> = Vec::new();
    for year in args.year.iter().chain(&args.years) {
        if !years.contains(year) {
            years.push(*year);
        }
    }
    years
}

fn layout(args: &MatrixArgs) -> MatrixLayout {
    let triangle = match args.triangle.as_deref() {
        Some("lower") => Triangle::Lower,
        Some("upper") => Triangle::Upper,
        _ => Triangle::Full,
    };
    let order = match args.order.as_deref() {
        Some("id") => Order::Id,
        Some("dendrogram") => Order::Dendrogram,
        _ => Order::Input,
    };
    let labels = match args.matrix_labels.as_deref() {
        Some("id") => Labels::Id,
        Some("name") => Labels::Name,
        _ => Labels::Both,
    };
    MatrixLayout { triangle, order, labels }
}

fn values(args: &ValueArgs, faults: &mut Faults) -> Vec<Wanted> {
    if args.label.len() > args.value.len() {
        let message = format!("{} labels for {} values", args.label.len(), args.value.len());
        faults.push(option("label", message).hint("give one --label for each --value, in their order"));
    }
    args.value.iter().enumerate().map(|(i, text)| request(text, args.label.get(i), args)).collect()
}

fn binarise(args: &ValueArgs, faults: &mut Faults) -> Option<Binarise> {
    match args.binarise.as_deref()? {
        "median" => Some(Binarise::Median),
        "mean" => Some(Binarise::Mean),
        text => match text.parse::<f64>() {
            Ok(x) if x.is_finite() => Some(Binarise::Above(x)),
            _ => {
                faults.push(
                    option("binarise", format!("{} is no threshold", quoted(text)))
                        .hint("write median, mean or a number"),
                );
                None
            }
        },
    }
}

fn imbalance(args: &ValueArgs, faults: &mut Faults) -> imbalance::Options {
    let usual = imbalance::Options::USUAL;
    let resamples = args.bootstrap.map(|count| check_resamples(i64::try_from(count).unwrap_or(i64::MAX)));
    let resamples = resamples.and_then(|count| checked("bootstrap", count, faults));
    let ddof = args.ddof.map(|ddof| check_ddof(i64::try_from(ddof).unwrap_or(i64::MAX)));
    let ddof = ddof.and_then(|ddof| checked("ddof", ddof, faults));
    imbalance::Options {
        drop_zeros: args.zeros.as_deref() == Some("drop"),
        sample_sd: ddof == Some(1),
        resamples: resamples.unwrap_or(usual.resamples),
    }
}

fn lags(args: &ValueArgs, faults: &mut Faults) -> Option<usize> {
    args.lags.and_then(|count| checked("lags", check_lags(i64::try_from(count).unwrap_or(i64::MAX)), faults))
}

/// The settings of weights alone, for `agglo weights`.
fn weights(args: &WeightsArgs, faults: &mut Faults) -> WeightsSettings {
    let spec = args.weights.as_deref().and_then(|text| match text.parse::<Spec>() {
        Ok(spec) => Some(spec),
        Err(error) => {
            faults.extend(error);
            None
        }
    });
    let transforms = ["row", "binary", "double", "variance", "none"];
    let islands = |name: &str| match name {
        "keep" => Some(Islands::Keep),
        "nearest" => Some(Islands::Nearest),
        "error" => Some(Islands::Error),
        _ => None,
    };
    let snap = args.snap.and_then(|snap| checked("snap", check_snap(snap), faults));
    WeightsSettings {
        spec,
        transform: named(
            "transform",
            args.transform.as_deref(),
            &transforms,
            Transform::from_name,
            Transform::Row,
            faults,
        ),
        islands: named(
            "islands",
            args.islands.as_deref(),
            &["keep", "nearest", "error"],
            islands,
            Islands::Keep,
            faults,
        ),
        snap,
        max_dense: args.max_dense.unwrap_or(MAX_DENSE),
    }
}

fn inference(args: &InferenceArgs, faults: &mut Faults) -> Inference {
    let usual = Inference::default();
    let permutations = args.permutations.map(|count| check_permutations(i64::try_from(count).unwrap_or(i64::MAX)));
    let permutations = permutations.and_then(|count| checked("permutations", count, faults));
    let alpha = args.alpha.and_then(|alpha| checked("alpha", check_alpha(alpha), faults));
    Inference {
        permutations: permutations.unwrap_or(usual.permutations),
        seed: args.seed.unwrap_or(usual.seed),
        alternative: named(
            "alternative",
            args.alternative.as_deref(),
            &["two-sided", "greater", "less"],
            Alternative::from_name,
            usual.alternative,
            faults,
        ),
        alpha: alpha.unwrap_or(usual.alpha),
        adjust: named(
            "adjust",
            args.adjust.as_deref(),
            &["none", "fdr", "bonferroni", "holm"],
            Adjust::from_name,
            usual.adjust,
            faults,
        ),
    }
}

fn selection(args: &ValueArgs, faults: &mut Faults) -> Selection {
    let known: Vec<&str> = Family::ALL
        .iter()
        .map(|family| family.name())
        .chain(MEASURES.iter().map(|measure| measure.about().name))
        .collect();
    for (field, names) in [("only", &args.only), ("skip", &args.skip)] {
        for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
            let meant = did_you_mean(name, known.iter().copied())
                .map_or_else(String::new, |near| format!("did you mean {}? ", quoted(near)));
            let hint = format!("{meant}families and measures: {}", known.join(", "));
            faults.push(option(field, format!("{} is neither a family nor a measure", quoted(name))).hint(hint));
        }
    }
    Selection { only: args.only.clone(), skip: args.skip.clone() }
}

fn columns(args: &ColumnArgs, faults: &mut Faults) -> Columns {
    let prefix = args.prefix.clone().unwrap_or_default();
    let plain = prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !plain || prefix.starts_with(|c: char| c.is_ascii_digit()) {
        let hint = "use ASCII letters, digits and _, with a letter first";
        faults.push(option("prefix", format!("{} cannot begin a column name", quoted(&prefix))).hint(hint));
    }
    let names =
        named("names", args.names.as_deref(), &["long", "short", "geoda"], Names::from_name, Names::Long, faults);
    Columns { names, prefix, replace: args.replace }
}

/// The language of reports.
fn language(args: &CommonArgs, faults: &mut Faults) -> Language {
    named("language", args.language.as_deref(), &["en", "zh"], Language::from_tag, Language::English, faults)
}

/// Checks what no setting is made of.
fn check_common(args: &CommonArgs, faults: &mut Faults) {
    if let Some(count) = args.threads {
        checked("threads", check_threads(i64::try_from(count).unwrap_or(i64::MAX)), faults);
    }
}

/// The value of an option, or its faults under the option's name.
fn checked<T>(field: &str, value: Result<T>, faults: &mut Faults) -> Option<T> {
    match value {
        Ok(value) => Some(value),
        Err(error) => {
            error.faults().iter().for_each(|fault| faults.push(fault.clone().field(field)));
            None
        }
    }
}

/// Settings of `agglo weights`: those of a run without values.
pub fn for_weights(
    cities: PathBuf,
    input: InputArgs,
    links: LinkArgs,
    weights: WeightsArgs,
    common: CommonArgs,
) -> Result<Settings, Error> {
    Settings::new(cities, RunArgs { input, links, weights, common, ..RunArgs::default() })
}

#[cfg(test)]
mod tests {
    use super::super::args::IndustryArgs;
    use super::*;

    #[test]
    fn every_impossible_option_is_named() {
        let args = RunArgs {
            inference: InferenceArgs { alpha: Some(1.5), permutations: Some(u64::MAX), ..Default::default() },
            weights: WeightsArgs {
                weights: Some("quen".into()),
                transform: Some("rows".into()),
                snap: Some(-1.0),
                ..Default::default()
            },
            values: ValueArgs { only: vec!["locl_moran".into()], lags: Some(0), ..Default::default() },
            links: LinkArgs { undirected: true, ..Default::default() },
            input: InputArgs { points: Some("lon".into()), ..Default::default() },
            columns: ColumnArgs { prefix: Some("a-b".into()), ..Default::default() },
            industry: IndustryArgs { blank: Some("zero".into()), ..Default::default() },
            common: CommonArgs { threads: Some(0), language: Some("fr".into()), ..Default::default() },
            ..Default::default()
        };
        let error = Settings::new("c.geojson".into(), args).unwrap_err();
        let fields: Vec<&str> = error.faults().iter().filter_map(|fault| fault.place().field.as_deref()).collect();
        for field in [
            "alpha",
            "permutations",
            "weights",
            "transform",
            "snap",
            "only",
            "lags",
            "undirected",
            "points",
            "prefix",
            "threads",
            "blank",
            "language",
        ] {
            assert!(fields.contains(&field), "{field} is not among {fields:?}");
        }
    }

    #[test]
    fn a_selection_takes_families_and_measures() {
        let selection = Selection { only: vec!["autocorrelation".into()], skip: vec!["geary".into()] };
        assert!(selection.includes(Family::Autocorrelation, "moran"));
        assert!(!selection.includes(Family::Autocorrelation, "geary"));
        assert!(!selection.names("moran"));
    }
}
