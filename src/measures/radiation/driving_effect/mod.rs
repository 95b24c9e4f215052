//! The driving effect: whether the periphery grows with its cores along the links (spread), or against them (backwash).

mod adapter;
mod effect;
mod growth;
mod tables;

pub use effect::Effect;

pub(in crate::measures) use adapter::MEASURE;

use self::effect::{correlation, slope, within};
use self::growth::{Period, Row, Ties, rows};
use crate::error::{Fault, Kind, Result};
use crate::study::Linkage;

/// Fewest years for who leads whom.
const LEADS: usize = 4;

/// A slope of one form over one span.
#[derive(Clone, Debug, PartialEq)]
pub struct FormEffect {
    /// `mean_exposure` or `intensity`.
    pub form: &'static str,
    /// Whether the initial level is in it.
    pub control: bool,
    /// `period` for the one there is, `stacked` for all periods, `long` from the first to the last year.
    pub span: &'static str,
    /// First and last year.
    pub years: (i32, i32),
    /// The slope.
    pub effect: Effect,
}

/// A band of distance from the nearest core.
#[derive(Clone, Debug, PartialEq)]
pub struct BandEffect {
    /// Beyond this distance.
    pub from: f64,
    /// Up to this distance, infinite for the last.
    pub to: f64,
    /// Mean yearly growth of its cities.
    pub growth: f64,
    /// Mean of what they are exposed to.
    pub exposure: f64,
    /// Correlation of the two.
    pub correlation: f64,
    /// The slope within the band.
    pub effect: Effect,
}

/// A core, and whether the cities that hang on it more grow faster.
#[derive(Clone, Debug, PartialEq)]
pub struct CoreEffect {
    /// Its place among the cities.
    pub core: usize,
    /// Its own yearly growth from the first to the last year.
    pub growth: f64,
    /// Periphery cities linked with it.
    pub linked: usize,
    /// Slope of growth on the core's share of a city's links with cores.
    pub effect: Effect,
}

/// Who follows whom.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadEffect {
    /// `together`, `cores_lead` or `periphery_leads`.
    pub direction: &'static str,
    /// Periods by which the other comes before.
    pub lag: usize,
    /// The slope within cities.
    pub effect: Effect,
}

/// The driving effect of the cores; see [`driving_effect()`].
#[derive(Clone, Debug, PartialEq)]
pub struct DrivingEffect {
    /// Yearly growth of each city from the first to the last year; NaN where it has none.
    pub growth: Vec<f64>,
    /// Mean growth of the cores weighted by the links with them, from the first to the last year; NaN of cores and without links.
    pub exposure: Vec<f64>,
    /// All forms, with and without control, the first the plainest: `mean_exposure` without control.
    pub forms: Vec<FormEffect>,
    /// Bands of distance, nearest first.
    pub bands: Vec<BandEffect>,
    /// The cores.
    pub cores: Vec<CoreEffect>,
    /// Who leads; empty with fewer than four years.
    pub leads: Vec<LeadEffect>,
    /// First and last year of each period.
    pub periods: Vec<(i32, i32)>,
}

impl DrivingEffect {
    /// The slope that is quoted: of `mean_exposure` without control where it is defined, else of `intensity`.
    pub fn foremost(&self) -> &FormEffect {
        let defined = |form: &&FormEffect| form.effect.reason.is_none() && !form.control && form.span != "long";
        self.forms.iter().find(defined).unwrap_or(&self.forms[0])
    }
}

/// How the growth of periphery cities goes with that of the cores that they are linked with.
///
/// `levels` are (year, one value a city), ascending by year; `cores` places among the cities; `distances` those of each
/// city from its nearest core, and `ends` the upper ends of their bands, thirds of the cities where it is empty; `alpha` the
/// level of significance.
///
/// # Formula
///
/// g_it = (ln y_it − ln y_i,t−1)/years, over periphery cities i linked with a core, s_ic the strength of that link:
///
/// * `mean_exposure` E_it = Σ_c s_ic g_ct / Σ_c s_ic: how fast the cores grow that a city hangs on
/// * `intensity` I_it = Σ_c s_ic g_ct / max_i Σ_c s_ic: how much it hangs on growing cores at all
/// * g_it = a_t + b·E_it (+ h·ln y_i,t−1) + e_it, likewise with I
///
/// b > 0 is spread, b < 0 backwash, where p ≤ α. With one core E is the same in all cities and tells nothing; I still does.
/// Standard errors are HC3 with one period, clustered by city with several; p by Student's t with as many degrees of
/// freedom as rows less coefficients, or cities less one. Who leads, with four years or more: g_it on E_i,t−1 and E_it on
/// g_i,t−1 within cities, with an effect of each period. O(links + rows·coefficients²).
///
/// # Errors
///
/// [`Kind::Undefined`] with fewer than two years, without cores, or where no periphery city with a growth is linked with a
/// core that has one. [`Kind::Option`] where lists are not as long as there are cities, or years do not ascend.
///
/// # Source
///
/// Myrdal, G. (1957). Economic Theory and Under-developed Regions: spread and backwash. Hirschman, A. O. (1958). The
/// Strategy of Economic Development: trickling down and polarisation. MacKinnon, J. G. and White, H. (1985). Journal of
/// Econometrics 29, 305-325, for HC3. The exposure is a shift-share design: Adão, R., Kolesár, M. and Morales, E. (2019).
/// Quarterly Journal of Economics 134, 1949-2010, on what few cores do to its errors.
///
/// ```
/// use agglo::measures::radiation::driving_effect;
/// use agglo::study::{LinkMeaning, Linkage};
/// // Two cores, of which the first grows fast; six towns that hang on them to unequal parts.
/// let arcs = (2..8_u32).flat_map(|i| [(0, i, f64::from(i - 1)), (1, i, 3.0)]).collect();
/// let links = Linkage::from_arcs(8, arcs, LinkMeaning::Strength)?.undirected();
/// let before = [10.0; 8];
/// let after = [20.0, 11.0, 12.0, 13.1, 13.9, 14.2, 14.6, 15.0];
/// let result = driving_effect(&[(2010, &before), (2020, &after)], &links, &[0, 1], &[f64::NAN; 8], &[], 0.05)?;
/// assert_eq!(result.foremost().effect.label, "spread");
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn driving_effect(
    levels: &[(i32, &[f64])],
    links: &Linkage,
    cores: &[usize],
    distances: &[f64],
    ends: &[f64],
    alpha: f64,
) -> Result<DrivingEffect> {
    check(levels, links, cores, distances)?;
    let periods: Vec<Period> = levels.windows(2).map(|pair| Period::new(pair[0], pair[1])).collect();
    let long = Period::new(levels[0], levels[levels.len() - 1]);
    let ties = Ties::new(links, cores);
    let stacked = rows(&periods, &ties, cores);
    if stacked.is_empty() {
        let message = "no city of the periphery with a growth is linked with a core that has one";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let of_cores: Vec<f64> = cores.iter().map(|&core| long.growth[core]).collect();
    let exposure = (0..links.n()).map(|i| ties.exposure(i, &of_cores)[0]).collect();
    let years = (long.from, long.to);
    let long = [long];
    let mut forms = forms_of(&stacked, if periods.len() == 1 { "period" } else { "stacked" }, years, alpha);
    if periods.len() > 1 {
        forms.extend(forms_of(&rows(&long, &ties, cores), "long", years, alpha));
    }
    let of_core = |(at, &core): (usize, &usize)| {
        let shares: Vec<f64> = stacked.iter().map(|row| ties.share(row.city, at)).collect();
        let linked = ties.of.iter().filter(|ties| ties.iter().any(|(other, _)| *other == at)).count();
        let effect = slope(&stacked, &shares, "the share of the core in a city's links", false, alpha);
        CoreEffect { core, growth: of_cores[at], linked, effect }
    };
    Ok(DrivingEffect {
        exposure,
        bands: bands(&stacked, distances, ends, alpha),
        cores: cores.iter().enumerate().map(of_core).collect(),
        leads: if levels.len() < LEADS { Vec::new() } else { leads(&stacked, alpha) },
        periods: periods.iter().map(|period| (period.from, period.to)).collect(),
        forms,
        growth: long.into_iter().flat_map(|long| long.growth).collect(),
    })
}

fn check(levels: &[(i32, &[f64])], links: &Linkage, cores: &[usize], distances: &[f64]) -> Result<()> {
    let n = links.n();
    let undefined = |message: &str| Err(Fault::new(Kind::Undefined, message).into());
    if levels.iter().any(|(_, values)| values.len() != n) || distances.len() != n || cores.iter().any(|&core| core >= n)
    {
        return Err(Fault::new(Kind::Option, format!("values, distances or cores are not those of {n} cities")).into());
    }
    if levels.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
        return Err(Fault::new(Kind::Option, "the years of the levels do not ascend").into());
    }
    match (levels.len(), cores.len()) {
        (..2, _) => undefined("growth needs values in two years or more"),
        (_, 0) => undefined("there are no cores"),
        _ => Ok(()),
    }
}

/// Both forms, without and with control.
fn forms_of(rows: &[Row], span: &'static str, years: (i32, i32), alpha: f64) -> Vec<FormEffect> {
    let mean: Vec<f64> = rows.iter().map(|row| row.mean_exposure).collect();
    let intensity: Vec<f64> = rows.iter().map(|row| row.intensity).collect();
    let mut forms = Vec::with_capacity(4);
    for (form, x) in [("mean_exposure", &mean), ("intensity", &intensity)] {
        for control in [false, true] {
            let effect = slope(rows, x, &format!("the {form}"), control, alpha);
            forms.push(FormEffect { form, control, span, years, effect });
        }
    }
    forms
}

/// The bands of distance that have a city.
fn bands(rows: &[Row], distances: &[f64], ends: &[f64], alpha: f64) -> Vec<BandEffect> {
    let mut known: Vec<(usize, f64)> = rows.iter().map(|row| (row.city, distances[row.city])).collect();
    known.retain(|(_, d)| d.is_finite());
    known.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    known.dedup_by_key(|(city, _)| *city);
    let Some(&(_, farthest)) = known.last() else { return Vec::new() };
    let third = |part: usize| known[(known.len() * part).div_ceil(3).max(1) - 1].1;
    let mut ends = if ends.is_empty() { vec![third(1), third(2), farthest] } else { ends.to_vec() };
    if ends.last().is_none_or(|&end| end < farthest) {
        ends.push(f64::INFINITY);
    }
    ends.dedup();
    let starts = std::iter::once(f64::NEG_INFINITY).chain(ends.iter().copied());
    let band = |(from, &to): (f64, &f64)| {
        let inside = |row: &&Row| distances[row.city] > from && distances[row.city] <= to;
        let rows: Vec<Row> = rows.iter().filter(inside).cloned().collect();
        let growth: Vec<f64> = rows.iter().map(|row| row.growth).collect();
        let exposure: Vec<f64> = rows.iter().map(|row| row.mean_exposure).collect();
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        BandEffect {
            from: from.max(0.0),
            to,
            growth: mean(&growth),
            exposure: mean(&exposure),
            correlation: correlation(&growth, &exposure),
            effect: slope(&rows, &exposure, "the mean_exposure", false, alpha),
        }
    };
    starts.zip(&ends).map(band).filter(|band| band.effect.rows > 0).collect()
}

/// Growth on what came before, within cities.
fn leads(rows: &[Row], alpha: f64) -> Vec<LeadEffect> {
    let places: std::collections::HashMap<(usize, usize), usize> =
        rows.iter().enumerate().map(|(at, row)| ((row.city, row.period), at)).collect();
    let mut leads = Vec::new();
    for (direction, lag) in [("together", 0), ("cores_lead", 1), ("periphery_leads", 1)] {
        let pairs: Vec<(Row, usize)> = rows
            .iter()
            .filter_map(|row| Some((row.clone(), *places.get(&(row.city, row.period.checked_sub(lag)?))?)))
            .collect();
        let now: Vec<Row> = pairs.iter().map(|(row, _)| row.clone()).collect();
        let of = |value: fn(&Row) -> f64, before: bool| -> Vec<f64> {
            pairs.iter().map(|(row, at)| value(if before { &rows[*at] } else { row })).collect()
        };
        let growth = |before| of(|row| row.growth, before);
        let exposure = |before| of(|row| row.mean_exposure, before);
        let (y, x) = match direction {
            "periphery_leads" => (exposure(false), growth(true)),
            _ => (growth(false), exposure(true)),
        };
        let what = if direction == "periphery_leads" { "the growth of the periphery" } else { "the mean_exposure" };
        let mut effect = within(&now, &y, &x, what, alpha);
        // Spread and backwash are words for the effect of cores on the periphery.
        if direction == "periphery_leads" && effect.label != "undefined" {
            effect.label = if effect.label == "ns" {
                "ns"
            } else if effect.b > 0.0 {
                "with"
            } else {
                "against"
            };
        }
        leads.push(LeadEffect { direction, lag, effect });
    }
    leads
}
