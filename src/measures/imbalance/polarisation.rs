//! Polarisation: whether the cities gather in camps, which is not the same as inequality.

use rayon::prelude::*;

use super::adapter::{missing_group, null_note, outcome, weightings};
use super::distribution::{Distribution, mean};
use super::gini::gini_of;
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::note::Note;
use crate::study::{Grouping, Variable};

/// Power α of the share of a group, by which its members identify with each other, in Esteban and Ray's index.
const IDENTIFICATION: f64 = 1.3;
/// Power α of the density in the index of Duclos, Esteban and Ray.
const DENSITY_POWER: f64 = 0.5;
/// Power r of the distance to the median in Tsui and Wang's index.
const DISTANCE_POWER: f64 = 0.5;
/// Most cities among whom the density is estimated, which compares all pairs: some seconds.
const MOST_FOR_DENSITY: usize = 20_000;

/// Indices of polarisation; see [`polarisation()`]. A number that the values do not define is NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Polarisation {
    /// Cities that take part.
    pub n: usize,
    /// Wolfson's index, 0 where all are equal, 1 where half have nothing; NaN where the median is 0.
    pub wolfson: f64,
    /// Esteban and Ray's index with K = 1 and α = 1.3, over the mean.
    pub esteban_ray: f64,
    /// The index of Duclos, Esteban and Ray with α = 0.5; NaN where all are equal or of more than 20,000 cities.
    pub duclos_esteban_ray: f64,
    /// Tsui and Wang's index with r = 0.5 and θ = 1; NaN where the median of the cities is 0.
    pub tsui_wang: f64,
}

/// The polarisation of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// * Wolfson: 2 (2T − G) μ/m with T = ½ − L(½), L the Lorenz curve, straight between the cities, G the Gini coefficient and
///   m the median: how far the middle has emptied towards both ends. 2T is Σ p_i |x_i − m| / μ, and so it is computed.
/// * Esteban and Ray: Σ_i Σ_j p_i^(1+α) p_j |x_i − x_j| / μ with α = 1.3: each city is a group, whose people identify with
///   each other the more the larger its share, and feel alien to the others. It falls with the number of cities, and is to
///   be compared only among the same cities; [`esteban_ray_groups`] takes groups of cities.
/// * Duclos, Esteban and Ray: Σ_i p_i f(r_i)^α Σ_j p_j |r_i − r_j| with r_i = x_i/μ, α = 0.5, and f the density of r under a
///   Gaussian kernel of bandwidth h = 4.7 n^(−½) σ α^0.1, σ the standard deviation of r: groups are where the density is high.
/// * Tsui and Wang: θ Σ_i p_i |(x_i − m)/m|^r with r = 0.5, θ = 1 and m the median of the cities, each counted once.
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. The median of Wolfson's
/// index is that of the people: the value at which the shares reach one half, midway between two where they reach it
/// exactly. O(n log n), the density O(n²).
///
/// # Errors
///
/// A negative value or population, all at once, with the city's index as the feature; a population that adds up to 0;
/// fewer than two cities; [`Kind::Undefined`](crate::error::Kind::Undefined) where all values are 0.
///
/// # Source
///
/// Wolfson, M. C. (1994). When inequalities diverge. American Economic Review 84, 353-358. Esteban, J.-M. and Ray, D. (1994).
/// On the measurement of polarization. Econometrica 62, 819-851. doi:10.2307/2951734. Duclos, J.-Y., Esteban, J. and Ray, D.
/// (2004). Polarization: concepts, measurement, estimation. Econometrica 72, 1737-1772. Wang, Y.-Q. and Tsui, K.-Y. (2000).
/// Polarization orderings and new classes of polarization indices. Journal of Public Economic Theory 2, 349-363.
///
/// ```
/// use agglo::measures::imbalance::polarisation;
/// let camps = polarisation(&[0.0, 0.0, 2.0, 2.0], None)?;
/// assert!((camps.wolfson - 1.0).abs() < 1e-15 && (camps.tsui_wang - 1.0).abs() < 1e-15);
/// let spread = polarisation(&[0.0, 1.0, 1.0, 2.0], None)?;
/// assert!(spread.wolfson < camps.wolfson && spread.duclos_esteban_ray < camps.duclos_esteban_ray);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn polarisation(x: &[f64], population: Option<&[f64]>) -> Result<Polarisation> {
    let all = Distribution::of_shares(x, population)?;
    let order = all.ascending();
    let places: Vec<(f64, f64)> = all.relative().zip(all.p.iter().copied()).collect();
    Ok(Polarisation {
        n: all.n(),
        wolfson: wolfson(&all, &order, gini_of(&all, &order)),
        esteban_ray: esteban_ray(&places),
        duclos_esteban_ray: duclos_esteban_ray(&places),
        tsui_wang: tsui_wang(&all, &order),
    })
}

/// Esteban and Ray's index of groups of cities, of which each feels as one at its mean; a city without a group takes no part.
///
/// It is Σ_g Σ_h p_g^(1+α) p_h |μ_g − μ_h| / μ with α = 1.3, p_g the group's share of the population and μ_g its mean:
/// inequality within groups does not count. See [`polarisation()`] for the source. O(n + G log G).
///
/// # Errors
///
/// Those of [`polarisation()`], and groups that are not as many as values.
///
/// ```
/// use agglo::measures::imbalance::esteban_ray_groups;
/// let (income, camps) = ([1.0, 1.0, 3.0, 3.0], ["inland", "inland", "coast", "coast"].map(Some));
/// let index = esteban_ray_groups(&income, None, &camps)?;
/// assert!((index - 0.5_f64.powf(2.3)).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn esteban_ray_groups<G: AsRef<str>>(x: &[f64], population: Option<&[f64]>, groups: &[Option<G>]) -> Result<f64> {
    let (all, members) = Distribution::in_groups(x, population, groups)?;
    let of = |places: &Vec<usize>| {
        let p: f64 = places.iter().map(|&i| all.p[i]).sum();
        (mean(places.iter().map(|&i| (all.x[i] / all.mean, all.p[i] / p))), p)
    };
    Ok(esteban_ray(&members.values().map(of).collect::<Vec<_>>()))
}

fn wolfson(all: &Distribution, order: &[usize], gini: f64) -> f64 {
    let median = median(order.iter().map(|&i| (all.x[i], all.p[i])));
    if median == 0.0 {
        return f64::NAN;
    }
    let distance: f64 = all.x.iter().zip(&all.p).map(|(x, p)| p * (x - median).abs()).sum();
    2.0 * (distance - gini * all.mean) / median
}

fn tsui_wang(all: &Distribution, order: &[usize]) -> f64 {
    let each = 1.0 / all.n() as f64;
    let median = median(order.iter().map(|&i| (all.x[i], each)));
    if median == 0.0 {
        return f64::NAN;
    }
    let distance = |x: f64| libm::pow((x / median - 1.0).abs(), DISTANCE_POWER);
    all.x.iter().zip(&all.p).map(|(&x, p)| p * distance(x)).sum::<f64>() + 0.0
}

/// The value at which the shares of ascending values reach one half, midway to the next where they reach it exactly.
fn median(ascending: impl Iterator<Item = (f64, f64)>) -> f64 {
    let mut below = 0.0;
    let mut exactly = None;
    for (x, p) in ascending {
        if let Some(lower) = exactly {
            return lower + (x - lower) / 2.0;
        }
        below += p;
        if below > 0.5 + 1e-12 {
            return x;
        }
        if below > 0.5 - 1e-12 {
            exactly = Some(x);
        }
    }
    exactly.unwrap_or(f64::NAN)
}

/// Esteban and Ray's index of groups with these relative means and shares of the population.
fn esteban_ray(groups: &[(f64, f64)]) -> f64 {
    let identified = groups.iter().map(|&(_, p)| libm::pow(p, 1.0 + IDENTIFICATION));
    identified.zip(alienation(groups)).map(|(p, distance)| p * distance).sum::<f64>() + 0.0
}

/// For each place the mean distance to all people, Σ_j p_j |r_i − r_j|, of pairs of r and p. Swept up and down the order, so
/// that only distances are added.
fn alienation(places: &[(f64, f64)]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].0.total_cmp(&places[b].0));
    let mut alienation = vec![0.0; places.len()];
    let mut sweep = |order: &mut dyn Iterator<Item = usize>| {
        let (mut behind, mut distance, mut last) = (0.0, 0.0, 0.0);
        for i in order {
            let (r, p) = places[i];
            if behind > 0.0 {
                distance += behind * (r - last).abs();
            }
            alienation[i] += distance;
            behind += p;
            last = r;
        }
    };
    sweep(&mut order.iter().copied());
    sweep(&mut order.iter().rev().copied());
    alienation
}

/// Widths of the kernel beyond which it is nothing beside rounding: exp(-8.8^2/2) is 2e-17.
const REACH: f64 = 8.8;

fn duclos_esteban_ray(places: &[(f64, f64)]) -> f64 {
    let deviation = places.iter().map(|(r, p)| p * (r - 1.0) * (r - 1.0)).sum::<f64>().sqrt();
    if deviation == 0.0 || places.len() > MOST_FOR_DENSITY {
        return f64::NAN;
    }
    let width = 4.7 / (places.len() as f64).sqrt() * deviation * libm::pow(DENSITY_POWER, 0.1);
    let height = 1.0 / (width * (2.0 * std::f64::consts::PI).sqrt());
    let mut near: Vec<(f64, f64)> = places.to_vec();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let density = |at: f64| -> f64 {
        let kernel = |r: f64| libm::exp(-0.5 * ((at - r) / width) * ((at - r) / width));
        let from = near.partition_point(|&(r, _)| r < at - REACH * width);
        let to = near.partition_point(|&(r, _)| r <= at + REACH * width);
        height * near[from..to].iter().map(|&(r, p)| p * kernel(r)).sum::<f64>()
    };
    let term = |(&(r, p), distance): (&(f64, f64), &f64)| p * libm::pow(density(r), DENSITY_POWER) * distance;
    let terms: Vec<f64> = places.par_iter().zip(&alienation(places)).map(term).collect();
    terms.iter().sum()
}

static ABOUT: About = About {
    name: "polarisation",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Polarisation",
    question: "Do the cities gather in a rich and a poor camp, with few between?",
    formula: "wolfson = 2 (2T - G) mu/m, T = 1/2 - L(1/2); esteban_ray = sum_gh p_g^2.3 p_h |mu_g - mu_h|/mu; duclos_esteban_ray = sum_i p_i f(r_i)^0.5 sum_j p_j |r_i - r_j|; tsui_wang = sum_i p_i |(x_i - m)/m|^0.5",
    symbols: &[
        ("x_i, r_i", "value of city i; the same over the mean"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("p_g, mu_g", "share and mean of group g; without groups each city is one"),
        ("mu, m", "mean, sum_i p_i x_i; median"),
        ("L(1/2), G", "share of the total that the poorer half has; Gini coefficient"),
        ("f", "density of r, by a Gaussian kernel of width 4.7 n^-0.5 sd(r) 0.5^0.1"),
    ],
    reading: "Larger: more polarised. wolfson and tsui_wang are 0 where all are equal and 1 where one half has nothing and the other the same. Inequality can fall while polarisation rises: where incomes close up inside each camp",
    variant: "Once with equal weights and, with --population, once weighted by it. Wolfson's scale of 1994, with the median of the people; Esteban and Ray with K = 1, alpha = 1.3, over the mean, each city a group, so that it compares only among the same cities, and once more for each column of --group; Duclos, Esteban and Ray with alpha = 0.5, not halved; Tsui and Wang with r = 0.5, theta = 1 and the median of the cities, each counted once",
    reference: "Wolfson (1994), American Economic Review 84, 353-358; Esteban and Ray (1994), Econometrica 62, 819-851, doi:10.2307/2951734; Duclos, Esteban and Ray (2004), Econometrica 72, 1737-1772; Wang and Tsui (2000), Journal of Public Economic Theory 2, 349-363",
    fields: &[
        Field::scalar("wolfson", "Wolfson's index"),
        Field::scalar("esteban_ray", "Esteban and Ray's index"),
        Field::scalar("duclos_esteban_ray", "index of Duclos, Esteban and Ray"),
        Field::scalar("tsui_wang", "Tsui and Wang's index"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[
        ("PySAL inequality", "2 * Wolfson(x).wolfson: it gives half of Wolfson's index"),
        ("dineq", "polar.wtd(x) is wolfson where n is even"),
        (
            "acid",
            "polarisation.ER(alpha=1.3, rho, weights) over the mean is esteban_ray: rho the means of the groups, weights their shares",
        ),
    ],
};

/// [`polarisation()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for (variable, population) in weightings(run) {
        let fill = |outcome: &mut Outcome| fill(run, variable, population, outcome);
        outcomes.push(outcome(run, &ABOUT, variable, population, fill)?);
        for grouping in run.groups {
            let fill = |outcome: &mut Outcome| fill_groups(run, variable, population, grouping, outcome);
            outcomes.push(outcome(run, &ABOUT, variable, population, fill)?);
        }
    }
    Ok(outcomes)
}

fn fill(run: &Run, variable: &Variable, population: Option<&Variable>, outcome: &mut Outcome) -> Result<()> {
    let result = polarisation(&variable.values, population.map(|p| p.values.as_slice()))?;
    outcome.scalars.extend([
        ("wolfson", result.wolfson),
        ("esteban_ray", result.esteban_ray),
        ("duclos_esteban_ray", result.duclos_esteban_ray),
        ("tsui_wang", result.tsui_wang),
        ("n", result.n as f64),
    ]);
    note_undefined(run, variable, &result, outcome);
    Ok(())
}

/// Of groups only Esteban and Ray's index speaks.
fn fill_groups(
    run: &Run,
    variable: &Variable,
    population: Option<&Variable>,
    grouping: &Grouping,
    outcome: &mut Outcome,
) -> Result<()> {
    outcome.options.insert("group".into(), grouping.name.as_str().into());
    let people = population.map(|p| p.values.as_slice());
    outcome.scalars.push(("esteban_ray", esteban_ray_groups(&variable.values, people, &grouping.groups)?));
    outcome.notes.extend(missing_group(run, variable, grouping));
    Ok(())
}

fn note_undefined(run: &Run, variable: &Variable, result: &Polarisation, outcome: &mut Outcome) {
    let names = [("wolfson", result.wolfson), ("tsui_wang", result.tsui_wang)];
    let undefined: Vec<&str> = names.iter().filter(|(_, index)| index.is_nan()).map(|&(name, _)| name).collect();
    if !undefined.is_empty() {
        let zeros: Vec<usize> = (0..variable.values.len()).filter(|&i| variable.values[i] == 0.0).collect();
        let names = crate::note::listed(&undefined);
        outcome.notes.push(null_note(run, &variable.label(), &names, "the median is 0 where the value is 0", &zeros));
    }
    if result.n > MOST_FOR_DENSITY {
        let message = format!(
            "{}: duclos_esteban_ray not run: {} cities, and it compares all pairs of at most {MOST_FOR_DENSITY}",
            variable.label(),
            result.n
        );
        outcome.notes.push(Note::remark("not_run", message));
    } else if result.duclos_esteban_ray.is_nan() {
        let message = format!("{}: no duclos_esteban_ray, since all values are equal", variable.label());
        outcome.notes.push(Note::remark("undefined_number", message));
    }
}
