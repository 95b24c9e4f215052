//! What can be typed. What it means is the matter of `settings`.

mod merge;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const HEADINGS: [&str; 9] =
    ["Inputs", "Values", "Links", "Weights", "Inference", "Output", "Industry", "Reach", "Index"];
const EXIT_CODES: &str = "Exit codes: 0 done, 1 the input cannot be analysed, 2 usage, 3 an output cannot be written, \
    130 interrupted, 143 terminated.";

const IMBALANCE: &str = "Needs --value. --population adds the same measures weighted by population, --group splits \
    Theil's indices and the Gini between and within groups. With two --years or more: convergence, Markov chains, ranks, the path of \
    the centre. --weights and --links say who is a neighbour where a measure asks for it.";
const ISOMORPHISM: &str = "Needs --industry FILE, or --sectors PATTERN over columns of the cities. --group province splits \
    similarity within and between groups, --links and distances explain it. Every year of the table is analysed unless \
    --year or --years choose.";
const STRUCTURE: &str = "Needs --industry FILE, or --sectors PATTERN over columns of the cities, with at least two years; \
    --years A,B chooses them. --employment adds rationalisation, where --industry is output.";
const RADIATION: &str = "Needs --links, or --mass or --firms to build links of. With --mass: gravity, reach and hinterlands of \
    the cores, which are those of --cores, else of tier core. With --value and --covariates: spillover; with --value in two \
    --years: whether the growth of cores drives that around them.";

const INDEX: &str = "Needs --indicators FILE.csv with the columns indicator, column, direction (+ or -), dimension, weight; data/indicators \
    has templates. Scores, ranks, coupling and obstacles need --weighting, which has no default. The score is a value like any \
    other: --value index_score hands it to the other commands, and agglo analyse takes it where there is no --value.";

const INIT: &str = "Takes the flags of analyse; every one that is given becomes a key of the file. What is not given is proposed from \
    what the inputs hold, with the reason: id and name, a value and its years, weights. Run it with agglo analyse study.toml.";

/// Regional imbalance across city networks: is a value clustered, and where.
///
/// City borders (GeoJSON) and the links between cities go in; annotated GeoJSON, tables and JSON come out.
#[derive(Clone, Debug, Parser)]
#[command(name = "agglo", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Run everything that the inputs allow, and write results beside each other in one folder
    Analyse(Analyse),
    /// Write a study file for these inputs, with every option there is explained in it
    #[command(after_help = INIT)]
    Init(Init),
    /// Is the value clustered in space or along the links, and where
    Autocorrelation(FamilyArgs),
    /// How unequal is the value, weighted by population or not, and between which groups
    #[command(after_help = IMBALANCE)]
    Imbalance(FamilyArgs),
    /// Who is at the centre of the network of links, and who at its edge
    #[command(after_help = RADIATION)]
    Radiation(FamilyArgs),
    /// Which cities duplicate each other's industry, which complement each other
    #[command(after_help = ISOMORPHISM)]
    Isomorphism(FamilyArgs),
    /// How the industrial structure moved: upgrading, rationalisation, shift-share
    #[command(after_help = STRUCTURE)]
    Structure(FamilyArgs),
    /// How far is each city developed, all indicators together, and do its subsystems go together
    #[command(after_help = INDEX)]
    Index(FamilyArgs),
    /// Build, describe and convert spatial weights
    Weights(Weights),
    /// Read everything and report every fault; compute nothing, write nothing
    Check(Check),
    /// Formula, symbols, variant, defaults and reference of a measure, or of the measure behind a column
    Explain(Explain),
    /// Print completions for a shell
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// `agglo analyse`
#[derive(Clone, Debug, Args)]
pub struct Analyse {
    /// Cities (GeoJSON; `-` reads standard input) or a study file (TOML)
    #[arg(value_name = "CITIES.geojson|STUDY.toml")]
    pub input: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunArgs,
    /// Folder for all results; files of the same names are replaced, others left alone [default: agglo-out]
    #[arg(long, value_name = "DIR", help_heading = HEADINGS[5])]
    pub out_dir: Option<PathBuf>,
    /// File of the report [default: report.html in the folder]
    #[arg(long, value_name = "FILE.html", help_heading = HEADINGS[5])]
    pub report: Option<PathBuf>,
}

/// `agglo init`
#[derive(Clone, Debug, Args)]
#[command(mut_arg("replace", |arg| arg.help("Write over an older study file")))]
pub struct Init {
    /// Cities (GeoJSON)
    #[arg(value_name = "CITIES")]
    pub cities: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunArgs,
    /// The study file (`-` writes to standard output, alone) [default: study.toml]
    #[arg(short, long, value_name = "FILE.toml", help_heading = HEADINGS[5])]
    pub output: Option<PathBuf>,
}

/// `agglo autocorrelation`, `agglo imbalance`, `agglo radiation`, `agglo isomorphism`, `agglo structure`, `agglo index`
#[derive(Clone, Debug, Args)]
pub struct FamilyArgs {
    /// Cities (GeoJSON; `-` reads standard input)
    #[arg(value_name = "CITIES")]
    pub cities: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunArgs,
    /// Write the cities with the results as columns, and a QGIS style beside it (`-` writes to standard output, alone); a
    /// name in .gpkg makes a GeoPackage with a styled layer for each map
    #[arg(short, long, value_name = "FILE.geojson", help_heading = HEADINGS[5])]
    pub output: Option<PathBuf>,
    /// Folder for every table and matrix as CSV, TSV, Markdown and LaTeX, and results.json
    #[arg(long, value_name = "DIR", help_heading = HEADINGS[5])]
    pub out_dir: Option<PathBuf>,
}

/// `agglo check`
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// Cities (GeoJSON; `-` reads standard input) or a study file (TOML)
    #[arg(value_name = "CITIES.geojson|STUDY.toml")]
    pub input: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunArgs,
    /// The annotated map that a run would write; checked, not written
    #[arg(short, long, value_name = "FILE.geojson", help_heading = HEADINGS[5])]
    pub output: Option<PathBuf>,
    /// The folder that a run would write to; checked, not made
    #[arg(long, value_name = "DIR", help_heading = HEADINGS[5])]
    pub out_dir: Option<PathBuf>,
}

/// `agglo weights`
#[derive(Clone, Debug, Args)]
pub struct Weights {
    /// Cities (GeoJSON; `-` reads standard input)
    #[arg(value_name = "CITIES")]
    pub cities: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: InputArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub links: LinkArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub weights: WeightsArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: CommonArgs,
    /// Write the weights: GAL lists neighbours, GWT neighbours and weights (`-` writes GAL to standard output)
    #[arg(short, long, value_name = "FILE.gal|FILE.gwt", help_heading = HEADINGS[5])]
    pub output: Option<PathBuf>,
}

/// `agglo explain`
#[derive(Clone, Debug, Args)]
pub struct Explain {
    /// A measure (`local_moran`) or a column of an annotated file (`lisa_p`); without it, all measures are listed
    #[arg(value_name = "MEASURE|COLUMN")]
    pub subject: Option<String>,
    /// Print Markdown, as the documentation has it
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ExplainFormat>,
}

/// Forms of `agglo explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// Markdown
    Md,
}

/// Everything that shapes a run.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[allow(missing_docs)]
pub struct RunArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub values: ValueArgs,
    #[command(flatten)]
    pub industry: IndustryArgs,
    #[command(flatten)]
    pub links: LinkArgs,
    #[command(flatten)]
    pub reach: ReachArgs,
    #[command(flatten)]
    pub index: IndexArgs,
    #[command(flatten)]
    pub weights: WeightsArgs,
    #[command(flatten)]
    pub inference: InferenceArgs,
    #[command(flatten)]
    pub columns: ColumnArgs,
    #[command(flatten)]
    pub matrices: MatrixArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// The cities and the columns joined to them.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[0])]
pub struct InputArgs {
    /// Property that identifies a city [default: the feature id, else the first of id code adcode fips geoid nuts_id cbsa name that is unique]
    #[arg(long, value_name = "PROP")]
    pub id: Option<String>,
    /// Property with the name of a city [default: name, else the id]
    #[arg(long, value_name = "PROP")]
    pub name: Option<String>,
    /// More columns, joined by id; a `year` column makes it a panel; repeatable
    #[arg(long, value_name = "FILE.csv")]
    pub table: Vec<PathBuf>,
    /// Column of the tables that holds the id
    #[arg(long, value_name = "COL")]
    pub table_key: Option<String>,
    /// Only cities for which this holds, as `core27 = true and province in (Jiangsu, Anhui)`: = != < <= > >= in, not in, and, or
    #[arg(long = "where", value_name = "EXPR")]
    pub filter: Option<String>,
    /// Take coordinates as planar units of any size, as projected metres, instead of degrees
    #[arg(long)]
    pub planar: bool,
    /// The point that stands for a city: on its surface (`inside`), or two columns [default: the area centroid]
    #[arg(long, value_name = "inside|LON,LAT")]
    pub points: Option<String>,
}

/// What is analysed.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[1])]
pub struct ValueArgs {
    /// A column, a ratio as `gdp/pop`, or a pattern as `income_{year}_usd`; repeatable
    #[arg(long, value_name = "COL")]
    pub value: Vec<String>,
    /// Name of the value in the results; once for each value, in their order
    #[arg(long, value_name = "NAME")]
    pub label: Vec<String>,
    /// Second variable of the bivariate measures
    #[arg(long, value_name = "COL")]
    pub with: Option<String>,
    /// Counts of events, for rates
    #[arg(long, value_name = "COL", requires = "at_risk")]
    pub events: Option<String>,
    /// Population at risk, for rates
    #[arg(long, value_name = "COL", requires = "events")]
    pub at_risk: Option<String>,
    /// Population by which inequality is weighted, beside equal weights
    #[arg(long, value_name = "COL")]
    pub population: Option<String>,
    /// Columns whose groups inequality is split by, as provinces; `tier` is that of the network where no column is called so
    #[arg(long, value_name = "COL,COL", value_delimiter = ',')]
    pub group: Vec<String>,
    /// Mass of a city in models of its reach
    #[arg(long, value_name = "COL")]
    pub mass: Option<String>,
    /// Year to pick from a panel or from columns as STEM_YYYY
    #[arg(long, value_name = "YYYY", conflicts_with = "years")]
    pub year: Option<i32>,
    /// Several years, each analysed by itself
    #[arg(long, value_name = "YYYY,YYYY", value_delimiter = ',')]
    pub years: Vec<i32>,
    /// What happens to a city without a value [default: drop]
    #[arg(long, value_name = "HOW", value_parser = ["drop", "error"])]
    pub missing: Option<String>,
    /// What happens to a city whose value is 0 in measures of inequality: it stays, and what takes logarithms is null, or is left out [default: keep]
    #[arg(long, value_name = "HOW", value_parser = ["keep", "drop"])]
    pub zeros: Option<String>,
    /// What standard deviations of inequality divide by: n (0) or n - 1 (1) [default: 0]
    #[arg(long, value_name = "0|1")]
    pub ddof: Option<usize>,
    /// Bootstrap resamples behind the intervals of inequality, 0 for none [default: 1000]
    #[arg(long, value_name = "N")]
    pub bootstrap: Option<u64>,
    /// How a value becomes 0 or 1 for join counts: above the median, the mean or a number
    #[arg(long, value_name = "median|mean|NUMBER", allow_hyphen_values = true)]
    pub binarise: Option<String>,
    /// Number of distance bands of the correlogram
    #[arg(long, value_name = "N")]
    pub lags: Option<usize>,
    /// Run only these families or measures
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not run these families or measures
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub skip: Vec<String>,
}

/// Output or employment by sector.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[6])]
pub struct IndustryArgs {
    /// Output or employment by sector: long (city, sector, value, optional year) or wide (a row a city, a column a sector)
    #[arg(long, value_name = "FILE.csv")]
    pub industry: Option<PathBuf>,
    /// Which columns are sectors, `*` for the sector and {year} for the year: of the industry table, or without one of the cities
    #[arg(long, value_name = "PATTERN")]
    pub sectors: Option<String>,
    /// Column of the levels in a long table [default: the first that has numbers of both city and sector]
    #[arg(long, value_name = "COL")]
    pub industry_value: Option<String>,
    /// A coarser classification: CSV with sector,group and, if need be, three (primary, secondary, tertiary)
    #[arg(long, value_name = "FILE.csv")]
    pub sector_groups: Option<PathBuf>,
    /// Id of the row of the industry table, as the nation, that quotients and shift-share are held against [default: all cities]
    #[arg(long, value_name = "ID")]
    pub reference: Option<String>,
    /// Employment by sector beside output: a table, or a pattern of columns of the cities
    #[arg(long, value_name = "FILE.csv|PATTERN")]
    pub employment: Option<PathBuf>,
    /// Plants: CSV with sector,herfindahl or a row for each plant with sector,size
    #[arg(long, value_name = "FILE.csv")]
    pub plants: Option<PathBuf>,
    /// What a blank cell of an industry table means: the city is dropped, or zero [default: drop]
    #[arg(long, value_name = "HOW", value_parser = ["drop", "zero"])]
    pub blank: Option<String>,
    /// What the footers of tables of industry and of growth say beside the rest, as that borders moved between the years
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}

/// The links between the cities.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[2])]
pub struct LinkArgs {
    /// Links: CSV edge list or square matrix, GraphML, or GeoJSON lines
    #[arg(long, value_name = "FILE")]
    pub links: Option<PathBuf>,
    /// Columns with origin, destination and weight [default: found by their usual names]
    #[arg(long, value_name = "O,D,W", value_delimiter = ',')]
    pub link_columns: Vec<String>,
    /// Only links for which this holds, as `kind=hsr_trains_per_day`; of several columns all, of one column any
    #[arg(long, value_name = "COL=VALUE", value_delimiter = ',')]
    pub links_where: Vec<String>,
    /// Add both directions of a pair together
    #[arg(long)]
    pub undirected: bool,
    /// Whether a larger weight means a stronger link or a dearer one [default: strength]
    #[arg(long, value_name = "MEANING", value_parser = ["strength", "cost"])]
    pub link_meaning: Option<String>,
}

/// Cores, and the models of their reach.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[7])]
pub struct ReachArgs {
    /// Ids of the core cities [default: those of tier core in the network]
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    pub cores: Vec<String>,
    /// What the network is built of where there are no --links [default: interlocking with --firms, else gravity]
    #[arg(long, value_name = "MODEL", value_parser = ["gravity", "radiation", "interlocking"])]
    pub link_model: Option<String>,
    /// Offices of firms: CSV with one row a city and one column a firm, or city,firm,value
    #[arg(long, value_name = "FILE.csv")]
    pub firms: Option<PathBuf>,
    /// Length of the ways between cities in place of distances, as travel times: an edge list or a square matrix
    #[arg(long, value_name = "FILE")]
    pub costs: Option<PathBuf>,
    /// Share a flow of gravity out between its two directions by this column: G_i/(G_i + G_j)
    #[arg(long, value_name = "COL")]
    pub directed_share: Option<String>,
    /// What the value is explained by beside its neighbours
    #[arg(long, value_name = "COL,COL", value_delimiter = ',')]
    pub covariates: Vec<String>,
    /// Exponent of the distance in gravity, breakpoints, Huff's shares and the field [default: 2]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub beta: Option<f64>,
    /// Exponents of the masses of origin and destination in gravity [default: 1,1]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub mass_exponents: Vec<String>,
    /// Strength of the field at which a core's reach ends [default: as --coverage needs it]
    #[arg(long, value_name = "E", allow_negative_numbers = true)]
    pub field: Option<f64>,
    /// Share of the periphery's mass that the reaches of the cores cover [default: 0.8]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub coverage: Option<f64>,
    /// Longest way to a service in two-step floating catchments, as 150km, or in the unit of --costs
    #[arg(long, value_name = "LENGTH", allow_negative_numbers = true)]
    pub catchment: Option<String>,
    /// Resolution of communities: above 1 for more of them [default: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub resolution: Option<f64>,
    /// Upper ends of the distance bands of the driving effect, as 100km,200km [default: thirds]
    #[arg(long, value_name = "LENGTH,LENGTH", value_delimiter = ',', allow_negative_numbers = true)]
    pub bands: Vec<String>,
    /// Exponent of the extended radiation model [default: fitted to the links]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub radiation_exponent: Option<f64>,
    /// Rate at which opportunities are taken on the way [default: fitted to the links]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub opportunity_rate: Option<f64>,
}

/// A composite index.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[8])]
pub struct IndexArgs {
    /// Indicators: CSV with indicator,column,direction,dimension,weight
    #[arg(long, value_name = "FILE.csv")]
    pub indicators: Option<PathBuf>,
    /// How indicators are weighted: there is no default
    #[arg(long, value_name = "HOW", value_parser = ["equal", "entropy", "critic", "cv", "given"])]
    pub weighting: Option<String>,
    /// How indicators are made comparable [default: minmax]
    #[arg(long, value_name = "HOW", value_parser = ["minmax", "z", "rank", "vector"])]
    pub normalisation: Option<String>,
    /// Whether they are compared among all years together, or in each year by itself [default: all]
    #[arg(long, value_name = "all|year", value_parser = ["all", "year"])]
    pub pooling: Option<String>,
}

/// Who is whose neighbour.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[3])]
pub struct WeightsArgs {
    /// Spatial weights: queen rook knn:4 band:150km band:auto inverse:1 inverse:2:300km kernel:gaussian:150km
    /// kernel:triangular:k8 delaunay gabriel relative links block:COL order:2:queen file:w.gal, joined by + (union)
    /// and & (intersection) [default: queen for areas, knn:4 for points]
    #[arg(long, value_name = "SPEC")]
    pub weights: Option<String>,
    /// Standardisation of the weights [default: row; getis_ord_g and join counts take them as they are]
    #[arg(long, value_name = "HOW", value_parser = ["row", "binary", "double", "variance", "none"])]
    pub transform: Option<String>,
    /// What happens to a city without a neighbour: it stays alone, is linked to the nearest, or is refused [default: keep]
    #[arg(long, value_name = "HOW", value_parser = ["keep", "nearest", "error"])]
    pub islands: Option<String>,
    /// Join borders that miss each other by up to this, in degrees (under --planar in coordinate units)
    #[arg(long, value_name = "DEG")]
    pub snap: Option<f64>,
    /// Refuse weights of all pairs above this number of cities [default: 20000]
    #[arg(long, value_name = "N")]
    pub max_dense: Option<usize>,
}

/// How a statistic is held against chance.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[4])]
pub struct InferenceArgs {
    /// Random permutations, 0 for none [default: 999]
    #[arg(long, value_name = "N")]
    pub permutations: Option<u64>,
    /// Seed of all random numbers [default: 42]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Which side counts as evidence; greater means larger than under chance [default: two-sided]
    #[arg(long, value_name = "SIDE", value_parser = ["two-sided", "greater", "less"])]
    pub alternative: Option<String>,
    /// Significance level of the classes [default: 0.05]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub alpha: Option<f64>,
    /// Correction for testing many cities at once [default: none]
    #[arg(long, value_name = "HOW", value_parser = ["none", "fdr", "bonferroni", "holm"])]
    pub adjust: Option<String>,
}

/// How matrices of cities are laid out in tables.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[5])]
pub struct MatrixArgs {
    /// Half of a symmetric matrix that tables show: all of it, its lower or its upper triangle [default: full]
    #[arg(long, value_name = "LAYOUT", value_parser = ["full", "lower", "upper"])]
    pub triangle: Option<String>,
    /// Order of the cities in matrices: that of the input, by id, or by the dendrogram of their industries [default: input]
    #[arg(long, value_name = "ORDER", value_parser = ["input", "id", "dendrogram"])]
    pub order: Option<String>,
    /// What names the cities in matrices: id, name, or both [default: both]
    #[arg(long, value_name = "WHAT", value_parser = ["id", "name", "both"])]
    pub matrix_labels: Option<String>,
}

/// Columns of the annotated GeoJSON.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[5])]
pub struct ColumnArgs {
    /// Names of the columns: long, short (ten characters, for shapefiles) or those of GeoDa [default: long]
    #[arg(long, value_name = "STYLE", value_parser = ["long", "short", "geoda"])]
    pub names: Option<String>,
    /// Text before the name of every column
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,
    /// Replace columns that an earlier run of agglo wrote
    #[arg(long)]
    pub replace: bool,
}

/// What every command takes.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = HEADINGS[5])]
pub struct CommonArgs {
    /// Print one JSON document instead of a summary
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Print tables instead of a summary: csv and tsv the cities with their results, md and tex all tables
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// The one table or matrix that --format prints, as similarity.unido
    #[arg(long, value_name = "MEASURE.TABLE", requires = "format")]
    pub show: Option<String>,
    /// Language of the report, its pictures and findings: en or zh [default: en]
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// Say nothing beside results, warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Treat warnings as errors: nothing is written
    #[arg(long)]
    pub strict: bool,
    /// Threads to compute with; results are the same for any number [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// Forms of the tables on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
    /// Markdown
    Md,
    /// LaTeX
    Tex,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
