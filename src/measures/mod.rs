//! The measures, and the registry that help, `explain`, notes and documentation are made from.
//!
//! A measure's file has two layers: a typed function for the library's users, with its formula, and a
//! thin adapter that makes it a [`Measure`]. A new measure is one new file and one line in [`MEASURES`].

mod adapter;
pub mod autocorrelation;
pub mod chinese;
pub mod imbalance;
pub mod index;
pub mod isomorphism;
mod outcome;
pub mod radiation;
mod ranks;
pub mod structure;

use std::sync::OnceLock;

pub use outcome::{Layer, LayerFeature, LayerShape, Matrix, Outcome, TableOut, Values};

use crate::Language;
use crate::error::Result;
use crate::inference::Inference;
use crate::measures::autocorrelation::join_counts::is_countable;
use crate::measures::radiation::{Cores, Distances};
use crate::study::{Cities, Grouping, Indicators, Industry, Linkage, Plants, Variable};
use crate::weights::Weights;

/// The families of measures, one for each command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// Is a value clustered in space or along the links, and where.
    Autocorrelation,
    /// How unequal is a value, and between whom.
    Imbalance,
    /// Who is at the centre of the network of links, and who at its edge.
    Radiation,
    /// Which cities build the same industries, and which complement each other.
    Isomorphism,
    /// How the industrial structure of the cities moved.
    Structure,
    /// How far each city is developed, all things together.
    Index,
}

impl Family {
    /// All families in display order.
    pub const ALL: &'static [Self] =
        &[Self::Autocorrelation, Self::Imbalance, Self::Radiation, Self::Isomorphism, Self::Structure, Self::Index];

    /// The family's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Autocorrelation => "autocorrelation",
            Self::Imbalance => "imbalance",
            Self::Radiation => "radiation",
            Self::Isomorphism => "isomorphism",
            Self::Structure => "structure",
            Self::Index => "index",
        }
    }

    /// The family's name among people.
    pub fn title(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Autocorrelation => ("Spatial autocorrelation", "空间自相关"),
            Self::Imbalance => ("Regional imbalance", "区域不平衡"),
            Self::Radiation => ("Core, periphery and reach", "核心—边缘与辐射"),
            Self::Isomorphism => ("Industrial isomorphism", "产业同构"),
            Self::Structure => ("Structural change", "产业结构变动"),
            Self::Index => ("Composite index", "综合指数"),
        };
        language.choose(english, chinese)
    }
}

/// What a measure needs before it can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// A value and weights.
    Value,
    /// A value of 0 and 1, or one that `--binarise` makes so, and weights.
    BinaryValue,
    /// A value, a second variable (`--with`) and weights.
    SecondVariable,
    /// Events and the population at risk, and weights.
    Rate,
    /// At least two values and weights.
    SeveralValues,
    /// A value and links beside spatial weights.
    Links,
    /// A value, and no weights.
    ValueAlone,
    /// A value in at least two years.
    ValueYears,
    /// A value in at least two years, and weights.
    ValueYearsInSpace,
    /// A value in at least two years, and covariates.
    GrowthCovariates,
    /// A table of indicators.
    Indicators,
    /// A table of indicators, and a weighting that somebody chose.
    Weighting,
    /// The same, with indicators of at least two dimensions.
    Subsystems,
    /// A network of links, given or built of masses; neither a value nor weights.
    Network,
    /// A value, and groups of the cities.
    Groups,
    /// A value, and groups within groups.
    NestedGroups,
    /// Links that were given, and a mass.
    LinksAndMass,
    /// A mass.
    Mass,
    /// A mass, and cores among the cities.
    Cores,
    /// A table of the offices of firms by city.
    Firms,
    /// A value, covariates and weights.
    Covariates,
    /// A value in two years or more, a network, and cores among the cities.
    CoreGrowth,
    /// An industry table.
    Industry,
    /// An industry table of at least two years.
    IndustryYears,
    /// An industry table of at least two years, and weights.
    IndustryYearsInSpace,
    /// Output and employment by the same sectors.
    OutputAndEmployment,
}

impl Needs {
    /// Whether weights are among them.
    pub fn weights(self) -> bool {
        match self {
            Self::Value
            | Self::BinaryValue
            | Self::SecondVariable
            | Self::Rate
            | Self::SeveralValues
            | Self::Links
            | Self::Covariates
            | Self::ValueYearsInSpace
            | Self::IndustryYearsInSpace => true,
            Self::ValueAlone
            | Self::Groups
            | Self::NestedGroups
            | Self::ValueYears
            | Self::GrowthCovariates
            | Self::Indicators
            | Self::Weighting
            | Self::Subsystems
            | Self::Network
            | Self::LinksAndMass
            | Self::Mass
            | Self::Cores
            | Self::Firms
            | Self::CoreGrowth
            | Self::Industry
            | Self::IndustryYears
            | Self::OutputAndEmployment => false,
        }
    }

    /// Whether they are of the family of radiation: a network, masses, cores or firms, and no value by itself.
    pub fn reach(self) -> bool {
        matches!(self, Self::Network | Self::LinksAndMass | Self::Mass | Self::Cores | Self::Firms | Self::CoreGrowth)
    }

    /// Whether a value in several years is among them, of which there is one result for all of them.
    pub fn years(self) -> bool {
        matches!(self, Self::ValueYears | Self::ValueYearsInSpace | Self::GrowthCovariates)
    }

    /// Whether a table of indicators is among them.
    pub fn index(self) -> bool {
        matches!(self, Self::Indicators | Self::Weighting | Self::Subsystems)
    }

    /// Whether an industry table is among them.
    pub fn industry(self) -> bool {
        matches!(self, Self::Industry | Self::IndustryYears | Self::IndustryYearsInSpace | Self::OutputAndEmployment)
    }
}

/// Everything that can be said about a measure without running it.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Stable name, as in the JSON.
    pub name: &'static str,
    /// The family it belongs to.
    pub family: Family,
    /// What it needs.
    pub needs: Needs,
    /// Its name among people.
    pub title: &'static str,
    /// The question it answers, for a planner.
    pub question: &'static str,
    /// The formula in plain text.
    pub formula: &'static str,
    /// The symbols of the formula, each with its meaning.
    pub symbols: &'static [(&'static str, &'static str)],
    /// Range, and how to read the value.
    pub reading: &'static str,
    /// The variant chosen where programs differ, its inference and defaults.
    pub variant: &'static str,
    /// Who defined it and where.
    pub reference: &'static str,
    /// What it gives.
    pub fields: &'static [Field],
    /// Program and call that give the same numbers.
    pub matches: &'static [(&'static str, &'static str)],
}

/// One number, column, matrix or table that a measure gives.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in the outcome.
    pub name: &'static str,
    /// What it is, with its unit where it has one.
    pub meaning: &'static str,
    /// Where it appears.
    pub place: FieldPlace,
}

/// Where a [`Field`] appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPlace {
    /// Among the scalars.
    Scalar,
    /// Among the columns; with its name in the annotated GeoJSON (long, and in ten characters) where it is written there.
    Column(Option<(&'static str, &'static str)>),
    /// Among the tables.
    Table,
    /// Among the matrices.
    Matrix,
    /// Among the layers.
    Layer,
}

impl Field {
    /// A number.
    pub const fn scalar(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, place: FieldPlace::Scalar }
    }

    /// A column that stays in the JSON.
    pub const fn column(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, place: FieldPlace::Column(None) }
    }

    /// A column that is also written into the annotated GeoJSON under a long and a short name.
    pub const fn annotated(name: &'static str, long: &'static str, short: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, place: FieldPlace::Column(Some((long, short))) }
    }

    /// Whether it is a layer.
    pub const fn is_layer(&self) -> bool {
        matches!(self.place, FieldPlace::Layer)
    }

    /// Whether it is a table or a matrix.
    pub const fn is_tabular(&self) -> bool {
        matches!(self.place, FieldPlace::Table | FieldPlace::Matrix)
    }

    /// A matrix.
    pub const fn matrix(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, place: FieldPlace::Matrix }
    }

    /// A layer of shapes for a GIS.
    pub const fn layer(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, place: FieldPlace::Layer }
    }

    /// A table.
    pub const fn table(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, place: FieldPlace::Table }
    }
}

/// A measure as the registry knows it: what there is to say about it, and how it is run.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    about: &'static About,
    run: fn(&Run) -> Result<Vec<Outcome>>,
}

impl Measure {
    pub(crate) const fn new(about: &'static About, run: fn(&Run) -> Result<Vec<Outcome>>) -> Self {
        Self { about, run }
    }

    /// What there is to say about it.
    pub fn about(&self) -> &'static About {
        self.about
    }

    /// Runs it on everything that the run holds: one outcome for each variable and set of weights.
    ///
    /// # Errors
    /// Only where the inputs cannot be analysed at all; a statistic that is undefined for these values is an
    /// outcome without numbers and with a note.
    pub fn run(&self, run: &Run) -> Result<Vec<Outcome>> {
        (self.run)(run)
    }
}

/// What a run gives its measures: cities, variables, weights, and how to infer. All columns have one entry a city.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The cities.
    pub cities: &'a Cities,
    /// The index of each city's feature in the input, for messages.
    pub features: &'a [usize],
    /// The values analysed; several years of one value are several variables.
    pub variables: &'a [Variable],
    /// The second variable of the bivariate family.
    pub second: Option<&'a Variable>,
    /// Events and population at risk, for rates.
    pub rate: Option<(&'a Variable, &'a Variable)>,
    /// The population by which inequality is weighted: one variable, or one for each year.
    pub population: &'a [Variable],
    /// The groups that inequality is split by, one grouping for each column.
    pub groups: &'a [Grouping],
    /// Spatial weights first, then those of the links where there are any.
    pub weights: &'a [Weights],
    /// The links between the cities, as they were given.
    pub links: Option<&'a Linkage>,
    /// The links that centrality and reach are measured on: those given, or without them those built of masses or firms.
    pub network: Option<&'a Linkage>,
    /// The cores among the cities, chosen or found.
    pub cores: Option<&'a Cores>,
    /// How long the way between two cities is, where it is not as the crow flies: links that mean costs.
    pub costs: Option<&'a Linkage>,
    /// Where the distances between the cities are held once a measure has made them; without it each makes its own.
    pub distances: Option<&'a OnceLock<Distances>>,
    /// The offices of firms by city: cities in rows in the order of the run, firms in columns.
    pub firms: Option<&'a Matrix>,
    /// What a value is explained by beside its neighbours: columns, each for every year of the values.
    pub covariates: &'a [Variable],
    /// Whose size shares out the direction of the flow between two cities.
    pub direction_by: Option<&'a Variable>,
    /// Output or employment of the cities by sector.
    pub industry: Option<&'a Industry>,
    /// Employment by the sectors of `industry`, where that is output; the same years, the same cities.
    pub employment: Option<&'a Industry>,
    /// The plants of the sectors of `industry`.
    pub plants: Option<&'a Plants>,
    /// The mass of the cities, as their product: one variable, or one for each year.
    pub mass: &'a [Variable],
    /// What has to be said under every table of industry or of growth, as that borders moved.
    pub remark: Option<&'a str>,
    /// Permutations, seed, alternative, significance.
    pub inference: &'a Inference,
    /// Options of the family.
    pub options: &'a autocorrelation::Options,
    /// Options of the models of reach.
    pub reach: &'a radiation::Options,
    /// Options of inequality.
    pub imbalance: &'a imbalance::Options,
    /// The indicators of a composite index.
    pub indicators: Option<&'a Indicators>,
    /// How the index is made of them.
    pub index: &'a index::Options,
}

impl<'a> Run<'a> {
    /// A run of these cities that holds nothing to measure yet; `Run { links: …, ..Run::of(…) }` adds to it.
    pub fn of(
        cities: &'a Cities,
        features: &'a [usize],
        inference: &'a Inference,
        options: &'a autocorrelation::Options,
    ) -> Self {
        Self {
            cities,
            features,
            variables: &[],
            second: None,
            rate: None,
            population: &[],
            groups: &[],
            weights: &[],
            links: None,
            network: None,
            cores: None,
            costs: None,
            distances: None,
            firms: None,
            covariates: &[],
            direction_by: None,
            industry: None,
            employment: None,
            plants: None,
            mass: &[],
            remark: None,
            inference,
            options,
            reach: &radiation::USUAL,
            imbalance: &imbalance::USUAL,
            indicators: None,
            index: &index::USUAL,
        }
    }

    /// Whether the run holds what a measure needs.
    pub fn provides(&self, needs: Needs) -> bool {
        (!needs.weights() || !self.weights.is_empty())
            && match needs {
                Needs::Value | Needs::ValueAlone => !self.variables.is_empty(),
                Needs::BinaryValue => {
                    self.variables.iter().any(|variable| is_countable(&variable.values, self.options))
                }
                Needs::SecondVariable => !self.variables.is_empty() && self.second.is_some(),
                Needs::Rate => self.rate.is_some(),
                Needs::SeveralValues => self.variables.len() > 1,
                Needs::Links => !self.variables.is_empty() && self.links.is_some() && self.weights.len() > 1,
                Needs::Groups => !self.variables.is_empty() && !self.groups.is_empty(),
                Needs::NestedGroups => !self.variables.is_empty() && self.groups.len() > 1,
                Needs::Network => self.network.is_some(),
                Needs::LinksAndMass => self.links.is_some() && !self.mass.is_empty(),
                Needs::Mass => !self.mass.is_empty(),
                Needs::Cores => !self.mass.is_empty() && self.cores.is_some(),
                Needs::Firms => self.firms.is_some(),
                Needs::Covariates => !self.variables.is_empty() && !self.covariates.is_empty(),
                Needs::ValueYears | Needs::ValueYearsInSpace => self.has_years(),
                Needs::GrowthCovariates => self.has_years() && !self.covariates.is_empty(),
                Needs::Indicators => self.indicators.is_some(),
                Needs::Weighting => self.indicators.is_some() && self.index.weighting.is_some(),
                Needs::Subsystems => {
                    self.index.weighting.is_some() && self.indicators.is_some_and(|i| i.dimensions().len() > 1)
                }
                Needs::CoreGrowth => self.network.is_some() && self.cores.is_some() && self.has_years(),
                Needs::Industry => self.industry.is_some(),
                Needs::IndustryYears | Needs::IndustryYearsInSpace => {
                    self.industry.is_some_and(|industry| industry.span().is_some())
                }
                Needs::OutputAndEmployment => self.industry.is_some() && self.employment.is_some(),
            }
    }

    /// Whether one value is there in two years or more.
    fn has_years(&self) -> bool {
        let several = |first: &Variable| self.variables.iter().any(|v| v.name == first.name && v.year != first.year);
        self.variables.iter().any(several)
    }

    /// The population in the year of a variable, or that without a year.
    pub fn population_of(&self, variable: &Variable) -> Option<&'a Variable> {
        self.population_in(variable.year)
    }

    /// The population in a year, or that without a year.
    pub fn population_in(&self, year: Option<i32>) -> Option<&'a Variable> {
        let of = |year| self.population.iter().find(|population| population.year == year);
        of(year).or_else(|| of(None))
    }
}

/// All measures in display order.
pub static MEASURES: &[&Measure] = &[
    &autocorrelation::moran::MEASURE,
    &autocorrelation::geary::MEASURE,
    &autocorrelation::getis_ord_g::MEASURE,
    &autocorrelation::join_counts::MEASURE,
    &autocorrelation::bivariate_moran::MEASURE,
    &autocorrelation::lee::MEASURE,
    &autocorrelation::moran_rate::MEASURE,
    &autocorrelation::correlogram::MEASURE,
    &autocorrelation::association::MEASURE,
    &autocorrelation::local_moran::MEASURE,
    &autocorrelation::local_geary::MEASURE,
    &autocorrelation::local_geary::MULTIVARIATE_MEASURE,
    &autocorrelation::local_g::MEASURE,
    &autocorrelation::local_g::STAR_MEASURE,
    &autocorrelation::local_moran_bivariate::MEASURE,
    &autocorrelation::local_moran_rate::MEASURE,
    &autocorrelation::local_join_count::MEASURE,
    &autocorrelation::losh::MEASURE,
    &imbalance::gini::MEASURE,
    &imbalance::theil::MEASURE,
    &imbalance::theil_nested_report::MEASURE,
    &imbalance::dagum_report::MEASURE,
    &imbalance::generalised_entropy::MEASURE,
    &imbalance::atkinson::MEASURE,
    &imbalance::lorenz::MEASURE,
    &imbalance::polarisation::MEASURE,
    &imbalance::rank_size::MEASURE,
    &imbalance::variation::MEASURE,
    &imbalance::inequality_intervals_report::MEASURE,
    &imbalance::sigma_convergence::MEASURE,
    &imbalance::beta_convergence::MEASURE,
    &imbalance::beta_conditional_report::MEASURE,
    &imbalance::beta_panel::MEASURE,
    &imbalance::beta_spatial_report::MEASURE,
    &imbalance::markov::MEASURE,
    &imbalance::spatial_markov_report::MEASURE,
    &imbalance::lisa_transitions::MEASURE,
    &imbalance::rank_mobility_report::MEASURE,
    &imbalance::spatial_rank_mobility::MEASURE,
    &imbalance::spatial_gini::MEASURE,
    &imbalance::density_report::MEASURE,
    &imbalance::centre_of_gravity_report::MEASURE,
    &imbalance::ellipse_report::MEASURE,
    &radiation::centrality::MEASURE,
    &radiation::core_periphery::adapter::MEASURE,
    &radiation::network_report::MEASURE,
    &radiation::communities::MEASURE,
    &radiation::backbone_report::MEASURE,
    &radiation::models::gravity_report::MEASURE,
    &radiation::models::gravity_fit_report::MEASURE,
    &radiation::models::share_report::RADIATION_MEASURE,
    &radiation::models::share_report::INTERVENING_MEASURE,
    &radiation::models::interlocking::MEASURE,
    &radiation::models::accessibility_report::MEASURE,
    &radiation::reach::breakpoints::MEASURE,
    &radiation::reach::huff::MEASURE,
    &radiation::reach::field_strength::MEASURE,
    &radiation::reach::hinterland::MEASURE,
    &radiation::polycentricity::MEASURE,
    &radiation::spillover::MEASURE,
    &radiation::driving_effect::MEASURE,
    &radiation::qap_report::MEASURE,
    &isomorphism::similarity::MEASURE,
    &isomorphism::location_quotient::MEASURE,
    &isomorphism::specialisation::MEASURE,
    &isomorphism::concentration::MEASURE,
    &isomorphism::coagglomeration::MEASURE,
    &isomorphism::complexity_report::MEASURE,
    &isomorphism::urban_flow::MEASURE,
    &isomorphism::functional_specialisation::MEASURE,
    &isomorphism::pairs::MEASURE,
    &isomorphism::complementarity::MEASURE,
    &isomorphism::isomorphism_null::MEASURE,
    &isomorphism::explained::MEASURE,
    &isomorphism::division_of_labour::MEASURE,
    &structure::structure_change::MEASURE,
    &structure::upgrading::MEASURE,
    &structure::rationalisation::MEASURE,
    &structure::shift_share::MEASURE,
    &structure::shift_share_spatial::MEASURE,
    &structure::dynamic_location_quotient::MEASURE,
    &index::normalise_report::MEASURE,
    &index::indicator_weights_report::MEASURE,
    &index::composite_report::MEASURE,
    &index::topsis_report::MEASURE,
    &index::vikor_report::MEASURE,
    &index::coupling_report::MEASURE,
    &index::obstacles_report::MEASURE,
    &index::index_robustness_report::MEASURE,
];

/// The measure of this name.
pub fn measure(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().copied().find(|measure| measure.about().name == name)
}
