//! The density of relative values in the registry: its curves and peaks as tables, and what it says.

use serde_json::{Value, json};

use super::density::{Density, DensityYear, PROMINENCE, Peak, density};
use super::series::Series;
use crate::error::{Kind, Result};
use crate::measures::adapter::{cell, finding, fits, printed, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed};
use crate::study::Variable;

/// Relative change of the standard deviation below which a distribution hardly changed.
const HARDLY: f64 = 0.05;
/// Share of a density below 0 from which it is worth a word.
const BELOW_ZERO: f64 = 0.01;

static ABOUT: About = About {
    name: "density",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Kernel density of relative values",
    question: "Is there one club of cities or are there several, and does the distribution narrow?",
    formula: "f(x) = sum_i p_i phi((x - r_i)/h)/h; r_i = y_i/mu; h = 0.9 min(s, IQR/1.34) m^(-1/5)",
    symbols: &[
        ("y_i", "value of city i, 0 or more"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("mu", "mean of the year, sum_i p_i y_i"),
        ("phi", "standard normal density"),
        ("s, IQR", "sample standard deviation and interquartile range of r"),
        ("m", "1/sum_i p_i^2, which is n without a population"),
    ],
    reading: "One peak: one club; two peaks: the distribution parts into poor and rich. A lower and broader main peak over the years: cities drift apart. A peak at the right end often is one or two outlying cities, so look at the cities under it; and a smaller bandwidth would show more peaks",
    variant: "Gaussian kernel with the bandwidth of R's bw.nrd0, each year its own, s alone where the IQR is 0; scipy's Scott, s n^(-1/5), is wider. Relative values y/mean of the year, over the cities with a value in every year. 128 points from three bandwidths below the least value of all years to three above the largest, not cut at 0. A peak counts if its prominence is at least 5 % of the height of the highest. Once with equal weights and, with --population, once weighted by it. Negative values are refused",
    reference: "Silverman (1986), Density Estimation for Statistics and Data Analysis, section 3.4.2; Quah (1997), Journal of Economic Growth 2, 27-59, doi:10.1023/A:1009781613339",
    fields: &[
        Field::scalar("bandwidth", "bandwidth in the last year, in multiples of the mean"),
        Field::scalar("mode", "where the highest peak of the last year is, in multiples of the mean"),
        Field::scalar("height", "density at that peak"),
        Field::scalar("peaks", "number of peaks in the last year"),
        Field::scalar("sd", "standard deviation of the relative values of the last year, their CV"),
        Field::scalar("skewness", "skewness of the relative values of the last year"),
        Field::scalar("below_half", "share below half the mean in the last year"),
        Field::scalar("above_twice", "share above twice the mean in the last year"),
        Field::scalar("n", "cities that take part"),
        Field::table(
            "years",
            "for each year the bandwidth, main peak, number of peaks, spread, skewness and shares at both ends",
        ),
        Field::table("peaks", "for each year its peaks, with the cities between the valleys on both sides"),
        Field::table("density", "the density of each year at the points of the common grid"),
    ],
    matches: &[
        ("R stats", "density(y/mean(y), bw=\"nrd0\"): bw, and y but for the interpolation of its Fourier grid"),
        ("scipy", "gaussian_kde(y/mean(y), bw_method=h/std(y/mean(y), ddof=1))(x)"),
    ],
};

/// [`density()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for series in Series::all(run) {
        let mut plain = series.outcome(run, &ABOUT, |outcome| fill(run, &series, None, outcome))?;
        plain.notes.extend(series.without_population(run));
        outcomes.push(plain);
        if let Some(people) = series.population(run) {
            outcomes.push(series.outcome(run, &ABOUT, |outcome| fill(run, &series, Some(&people), outcome))?);
        }
    }
    Ok(outcomes)
}

fn fill(run: &Run, series: &Series, population: Option<&[&Variable]>, outcome: &mut Outcome) -> Result<()> {
    let name = population.and_then(|years| years.first()).map(|population| population.name.as_str());
    outcome.options.extend(name.map(|name| ("population".to_owned(), name.into())));
    let people: Option<Vec<&[f64]>> = population.map(|years| years.iter().map(|p| p.values.as_slice()).collect());
    let result = match density(&series.columns(), people.as_deref()) {
        Err(error) if error.kind() == Kind::TooLarge => {
            outcome.notes.push(Note::remark("not_run", format!("{}: no density: {error}", series.name)));
            return Ok(());
        }
        result => result?,
    };
    let last = result.years.last();
    let of_last = |of: fn(&DensityYear) -> f64| last.map_or(f64::NAN, of);
    outcome.scalars.extend([
        ("bandwidth", of_last(|year| year.bandwidth)),
        ("mode", of_last(|year| main(year).x)),
        ("height", of_last(|year| main(year).height)),
        ("peaks", of_last(|year| year.peaks.len() as f64)),
        ("sd", of_last(|year| year.sd)),
        ("skewness", of_last(|year| year.skewness)),
        ("below_half", of_last(|year| year.below_half)),
        ("above_twice", of_last(|year| year.above_twice)),
        ("n", result.n as f64),
    ]);
    outcome.tables.push(("years", years(series, &result)));
    outcome.tables.push(("peaks", peaks(series, &result)));
    if fits("table of densities", result.years.len() * result.grid.len(), 3, outcome) {
        outcome.tables.push(("density", curves(series, &result)));
    }
    let weights = name.map_or_else(|| "each city counts once".to_owned(), |name| format!("weighted by {name}"));
    let all = if series.years.len() > 1 { " in every year" } else { "" };
    outcome.footer = Some(format!(
        "n = {} cities with a value{all}, {weights}; gaussian kernel of value/mean, bandwidth nrd0 of each year; peaks of a prominence of {} % of the highest; not cut at 0",
        result.n,
        100.0 * PROMINENCE
    ));
    let what = if name.is_some() { "a value and a population" } else { "a value" };
    outcome.notes.extend(series.left_out(run, &format!("without {what}{all}"), &result.left_out));
    outcome.notes.extend(remarks(series, name, &result));
    outcome.notes.extend(sentences(series, name, &result).into_iter().map(finding));
    Ok(())
}

/// The highest peak; a year that is so widely spread that none was seen has no place of it.
fn main(year: &DensityYear) -> Peak {
    let none = Peak { x: f64::NAN, height: f64::NAN, prominence: f64::NAN, share: f64::NAN, cities: 0 };
    year.peaks.iter().copied().max_by(|a, b| a.height.total_cmp(&b.height)).unwrap_or(none)
}

/// The years with their distributions.
fn of_years<'a>(series: &'a Series, result: &'a Density) -> impl Iterator<Item = (Value, &'a DensityYear)> {
    series.years.iter().zip(&result.years).map(|(variable, year)| (json!(variable.year), year))
}

fn years(series: &Series, result: &Density) -> TableOut {
    let columns = vec![
        "year",
        "bandwidth",
        "mode",
        "height",
        "peaks",
        "sd",
        "skewness",
        "below_half",
        "above_twice",
        "below_zero",
    ];
    let row = |(year, shape): (Value, &DensityYear)| -> Vec<Value> {
        let top = main(shape);
        let start = [year, cell(shape.bandwidth), cell(top.x), cell(top.height), json!(shape.peaks.len())];
        let rest = [shape.sd, shape.skewness, shape.below_half, shape.above_twice, shape.below_zero];
        start.into_iter().chain(rest.map(cell)).collect()
    };
    TableOut { columns, rows: of_years(series, result).map(row).collect() }
}

fn peaks(series: &Series, result: &Density) -> TableOut {
    let row = |(year, shape): (Value, &DensityYear)| -> Vec<Vec<Value>> {
        let cells = |(at, peak): (usize, &Peak)| {
            let numbers = [peak.x, peak.height, peak.prominence].map(cell);
            let start = [year.clone(), json!(at + 1)].into_iter().chain(numbers);
            start.chain([json!(peak.cities), cell(peak.share)]).collect()
        };
        shape.peaks.iter().enumerate().map(cells).collect()
    };
    let columns = vec!["year", "peak", "x", "height", "prominence", "cities", "share"];
    TableOut { columns, rows: of_years(series, result).flat_map(row).collect() }
}

fn curves(series: &Series, result: &Density) -> TableOut {
    let row = |(year, shape): (Value, &DensityYear)| -> Vec<Vec<Value>> {
        result.grid.iter().zip(&shape.density).map(|(&x, &f)| vec![year.clone(), cell(x), cell(f)]).collect()
    };
    TableOut { columns: vec!["year", "x", "density"], rows: of_years(series, result).flat_map(row).collect() }
}

/// What has to be known of the curves.
fn remarks(series: &Series, weighted: Option<&str>, result: &Density) -> Vec<Note> {
    let mut notes = Vec::new();
    let by = weighted.map_or_else(String::new, |name| format!(" weighted by {name}"));
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{}{by}: {message}", series.name)));
    let named = |which: &dyn Fn(&DensityYear) -> bool| -> Vec<String> {
        let of = series.years.iter().zip(&result.years).filter(|(_, year)| which(year));
        of.map(|(variable, _)| variable.label()).collect()
    };
    let most = result.years.iter().fold(0.0_f64, |most, year| most.max(year.below_zero));
    if most >= BELOW_ZERO {
        let share = printed(100.0 * most, 0);
        remark(
            "below_zero",
            format!(
                "up to {share} % of a density lies below 0, where no value can be, and is not cut off: values close to 0 are spread over it"
            ),
        );
    }
    let step = result.grid.get(1).zip(result.grid.first()).map_or(0.0, |(b, a)| b - a);
    let between = named(&|year| year.bandwidth < step);
    if !between.is_empty() {
        remark(
            "coarse_grid",
            format!(
                "the points of the table density lie farther apart than the bandwidth of {}, so that it shows less than the peaks do",
                listed(&between)
            ),
        );
    }
    let coarse = named(&|year| year.coarse);
    if !coarse.is_empty() {
        let message =
            format!("values lie so far apart for the bandwidth of {} that narrow peaks can be missed", listed(&coarse));
        remark("coarse_grid", message);
    }
    let without = named(&|year| year.peaks.is_empty());
    if !without.is_empty() {
        remark("undefined_number", format!("no mode, height of {}, since no peak was seen", listed(&without)));
    }
    notes
}

/// `one peak (at 0.92, height 1.31, 30 cities)`.
fn described(year: &DensityYear) -> String {
    const NUMBERS: [&str; 6] = ["no peak", "one peak", "two peaks", "three peaks", "four peaks", "five peaks"];
    let count = year.peaks.len();
    let number = NUMBERS.get(count).map_or_else(|| format!("{count} peaks"), |&words| words.to_owned());
    let one = |peak: &Peak| {
        let city = if peak.cities == 1 { "city" } else { "cities" };
        format!("at {} with height {} and {} {city}", printed(peak.x, 2), printed(peak.height, 2), peak.cities)
    };
    let most: Vec<String> = year.peaks.iter().take(3).map(one).collect();
    let more = if count > 3 { ", …" } else { "" };
    format!("{number} ({}{more})", most.join(", "))
}

/// The sentences to quote: of the peaks, and of the spread.
fn sentences(series: &Series, weighted: Option<&str>, result: &Density) -> Vec<String> {
    let by = weighted.map_or_else(String::new, |name| format!(" weighted by {name}"));
    let ends = series.years.first().zip(result.years.first()).zip(series.years.last().zip(result.years.last()));
    let Some(((first_year, first), (last_year, last))) = ends else { return Vec::new() };
    let rule = format!(
        "places in multiples of the mean; a peak counts from a prominence of {} % of the highest",
        100.0 * PROMINENCE
    );
    if series.years.len() < 2 {
        return vec![format!("{}{by}: {}; {rule}", last_year.label(), described(last))];
    }
    let in_year = |variable: &Variable| variable.year.map_or_else(String::new, |year| format!(" in {year}"));
    let change = last.sd / first.sd - 1.0;
    let word = match change {
        change if change >= HARDLY => "the distribution widened",
        change if change <= -HARDLY => "the distribution narrowed",
        _ => "the distribution hardly changed its width",
    };
    vec![
        format!(
            "{}{by}: {}{}, {}{}; {rule}",
            series.span(),
            described(first),
            in_year(first_year),
            described(last),
            in_year(last_year)
        ),
        format!(
            "{}{by}: {word}: the standard deviation of value/mean went from {} to {} ({} %, threshold {} %), the main peak from a height of {} to {}",
            series.span(),
            printed(first.sd, 3),
            printed(last.sd, 3),
            signed(100.0 * change, 1),
            100.0 * HARDLY,
            printed(main(first).height, 2),
            printed(main(last).height, 2)
        ),
    ]
}
