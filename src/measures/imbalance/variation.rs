//! Measures of spread that need no more than a mean, a logarithm, or an order: from the coefficient of variation to Hoover's index.

use super::adapter::{each_variable, null_note};
use super::distribution::{Distribution, mean};
use super::lorenz::Curve;
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::study::Variable;

/// Measures of spread; see [`variation()`]. A number that the values do not define is NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// Cities that take part.
    pub n: usize,
    /// The mean μ, in the unit of the values.
    pub mean: f64,
    /// The population standard deviation, in the unit of the values.
    pub sd: f64,
    /// The coefficient of variation sd/μ; NaN where the mean is not above 0.
    pub cv: f64,
    /// Standard deviation of the natural logarithms; NaN where a value is not above 0.
    pub sd_log: f64,
    /// The largest value over the least; NaN where a value is not above 0.
    pub max_min: f64,
    /// The 90th percentile over the 10th; NaN where that is not above 0 or a value is negative.
    pub p90_p10: f64,
    /// Share of the richest tenth over that of the poorest four tenths; NaN where those have nothing or a value is negative.
    pub palma: f64,
    /// Share of the total that would have to move for all to be equal; NaN where a value is negative or all are 0.
    pub hoover: f64,
    /// The cities whose value is 0 or less.
    pub not_positive: Vec<usize>,
}

/// The spread of `x`, one value for every city, NaN where there is none.
///
/// # Formula
///
/// sd = √(Σ p_i (x_i − μ)²), CV = sd/μ, sd_log = √(Σ p_i (ln x_i − mean of ln x)²), max/min, P90/P10,
/// Palma = (1 − L(0.9))/L(0.4), Hoover = ½ Σ p_i |x_i/μ − 1|
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. With a population the CV
/// is Williamson's. L is the Lorenz curve, straight between the cities. Percentiles are those of type 7 (linear between
/// the order statistics); with a population the least value at which the shares add up to the percentage. The standard
/// deviations are those of a population, without n − 1; see [`with_sample_sd`](Variation::with_sample_sd). O(n log n).
///
/// # Errors
///
/// A negative population, all at once, with the city's index as the feature; a population that adds up to 0; fewer than
/// two cities. Values may be negative: mean, sd and CV allow that, the others are NaN.
///
/// # Source
///
/// Williamson, J. G. (1965). Regional inequality and the process of national development. Economic Development and
/// Cultural Change 13, 1-84. doi:10.1086/450136. Hoover, E. M. (1936). The measurement of industrial localization.
/// Review of Economics and Statistics 18, 162-171. Palma, J. G. (2011). Homogeneous middles vs. heterogeneous tails.
/// Development and Change 42, 87-153. doi:10.1111/j.1467-7660.2011.01694.x. Percentiles: Hyndman, R. J. and Fan, Y. (1996).
/// Sample quantiles in statistical packages. American Statistician 50, 361-365.
///
/// ```
/// use agglo::measures::imbalance::variation;
/// let spread = variation(&[1.0, 3.0], None)?;
/// assert!((spread.cv - 0.5).abs() < 1e-15 && (spread.hoover - 0.25).abs() < 1e-15);
/// assert_eq!(spread.max_min, 3.0);
/// let growth = variation(&[-1.0, 5.0], None)?;
/// assert!((growth.cv - 1.5).abs() < 1e-15);
/// assert!(growth.hoover.is_nan());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn variation(x: &[f64], population: Option<&[f64]>) -> Result<Variation> {
    let all = Distribution::new(x, population)?;
    let order = all.ascending();
    let (least, largest) = (all.x[order[0]], all.x[order[order.len() - 1]]);
    let sd = deviation(&all.x, &all.p, all.mean);
    let when = |defined: bool, number: &dyn Fn() -> f64| if defined { number() } else { f64::NAN };
    let shares = least >= 0.0 && all.mean > 0.0;
    let ratio = |above: f64, below: f64| when(shares && below > 0.0, &|| above / below);
    let lorenz = Curve::new(&all, &order);
    let logs = || {
        let logs: Vec<f64> = all.x.iter().map(|&x| libm::log(x)).collect();
        deviation(&logs, &all.p, mean(logs.iter().copied().zip(all.p.iter().copied())))
    };
    Ok(Variation {
        n: all.n(),
        mean: all.mean * all.scale,
        sd: sd * all.scale,
        cv: when(all.mean > 0.0, &|| sd / all.mean),
        sd_log: when(least > 0.0, &logs),
        max_min: ratio(largest, least),
        p90_p10: ratio(quantile(&all, &order, 0.9), quantile(&all, &order, 0.1)),
        palma: ratio(1.0 - lorenz.at(0.9), lorenz.at(0.4)),
        hoover: when(shares, &|| all.relative().zip(&all.p).map(|(r, p)| p * (r - 1.0).abs()).sum::<f64>() / 2.0),
        not_positive: all.cities.iter().copied().filter(|&i| x[i] <= 0.0).collect(),
    })
}

impl Variation {
    /// The same with standard deviations that divide by n − 1 in place of n: sd, CV and sd_log times √(n/(n − 1)). For cities
    /// that all count alike; with a population there is no n to take 1 from.
    #[must_use]
    pub fn with_sample_sd(self) -> Self {
        let factor = sample_factor(self.n);
        Self { sd: factor * self.sd, cv: factor * self.cv, sd_log: factor * self.sd_log, ..self }
    }
}

/// What makes a standard deviation of n that of a sample.
pub(super) fn sample_factor(n: usize) -> f64 {
    (n as f64 / (n as f64 - 1.0)).sqrt()
}

fn deviation(x: &[f64], p: &[f64], mean: f64) -> f64 {
    x.iter().zip(p).map(|(x, p)| p * (x - mean) * (x - mean)).sum::<f64>().sqrt()
}

/// The q-quantile: type 7 where all cities weigh the same, else the least value at which the shares reach q.
pub(super) fn quantile(all: &Distribution, order: &[usize], q: f64) -> f64 {
    let x = |place: usize| all.x[order[place.min(order.len() - 1)]];
    if !all.weighted {
        let at = q * (order.len() - 1) as f64;
        let low = at.floor();
        return x(low as usize) + (at - low) * (x(low as usize + 1) - x(low as usize));
    }
    let mut below = 0.0;
    let reached = order.iter().position(|&i| {
        below += all.p[i];
        below >= q - 1e-12
    });
    x(reached.unwrap_or(order.len() - 1))
}

static ABOUT: About = About {
    name: "variation",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Measures of spread",
    question: "How far are the cities from each other, and the rich from the poor?",
    formula: "cv = sqrt(sum_i p_i (x_i - mu)^2)/mu; sd_log = sd of ln x; palma = (1 - L(0.9))/L(0.4); hoover = sum_i p_i |x_i/mu - 1|/2",
    symbols: &[
        ("x_i", "value of city i"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("mu", "mean, sum_i p_i x_i"),
        ("L(q)", "share of the total that the poorest q have: Lorenz curve, straight between the cities"),
    ],
    reading: "cv, sd_log and hoover are 0, and the ratios 1, where all are equal (palma: 1/4); larger: farther apart. hoover is the share of the total that would have to move",
    variant: "Once with equal weights and, with --population, once weighted by it, where cv is Williamson's. Standard deviations divide by n; with --ddof 1 by n - 1 where cities count alike, Williamson's stays. Percentiles of type 7, weighted ones the least value at which the shares reach the percentage; null where a value of 0 or less does not allow a number",
    reference: "Williamson (1965), Economic Development and Cultural Change 13, 1-84, doi:10.1086/450136; Hoover (1936), Review of Economics and Statistics 18, 162-171; Palma (2011), Development and Change 42, 87-153, doi:10.1111/j.1467-7660.2011.01694.x",
    fields: &[
        Field::scalar("cv", "coefficient of variation"),
        Field::scalar("williamson", "Williamson's coefficient"),
        Field::scalar("sd_log", "standard deviation of logarithms"),
        Field::scalar("max_min", "largest over least value"),
        Field::scalar("p90_p10", "90th over 10th percentile"),
        Field::scalar("palma", "Palma ratio"),
        Field::scalar("hoover", "Hoover index"),
        Field::scalar("mean", "mean"),
        Field::scalar("sd", "standard deviation"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[
        ("ineq", "var.coeff(x); RS(x) is hoover"),
        ("REAT", "williamson(x, weights, wmean=TRUE); its cv takes n - 1 by default, as --ddof 1"),
        ("numpy", "quantile(x, [0.9, 0.1]) for p90_p10 without a population"),
    ],
};

/// [`variation()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, population, outcome| fill(run, variable, population, outcome))
}

fn fill(run: &Run, variable: &Variable, population: Option<&Variable>, outcome: &mut Outcome) -> Result<()> {
    let mut result = variation(&variable.values, population.map(|p| p.values.as_slice()))?;
    if run.imbalance.sample_sd && population.is_none() {
        result = result.with_sample_sd();
        outcome.options.insert("ddof".into(), 1.into());
    }
    outcome.scalars.push(("cv", result.cv));
    outcome.scalars.extend(population.map(|_| ("williamson", result.cv)));
    outcome.scalars.extend([
        ("sd_log", result.sd_log),
        ("max_min", result.max_min),
        ("p90_p10", result.p90_p10),
        ("palma", result.palma),
        ("hoover", result.hoover),
        ("mean", result.mean),
        ("sd", result.sd),
        ("n", result.n as f64),
    ]);
    let undefined: Vec<&str> =
        outcome.scalars.iter().filter(|(_, number)| number.is_nan()).map(|&(name, _)| name).collect();
    if !undefined.is_empty() {
        let names = crate::note::listed(&undefined);
        let why = "the value is 0 or less";
        outcome.notes.push(null_note(run, &variable.label(), &names, why, &result.not_positive));
    }
    Ok(())
}
