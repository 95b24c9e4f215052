//! Theil's indices T and L, and how much of each lies between groups of cities.

use serde_json::{Value, json};

use super::adapter::{missing_group, null_note, outcome, weightings};
use super::distribution::{Distribution, mean};
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Grouping, Variable};

/// Theil's indices; see [`theil()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Theil {
    /// Cities that take part.
    pub n: usize,
    /// Theil's T, 0 to ln(1/min p_i).
    pub t: f64,
    /// Theil's L, 0 or more; NaN where a value is 0.
    pub l: f64,
    /// Each city's term of T, p_i (x_i/μ) ln(x_i/μ); NaN for a city that takes no part.
    pub part: Vec<f64>,
    /// Each city's term of L, −p_i ln(x_i/μ); NaN for a city that takes no part or has 0.
    pub part_l: Vec<f64>,
    /// The cities whose value is 0.
    pub zeros: Vec<usize>,
}

/// Theil's T and L of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// T = Σ_i p_i r_i ln r_i and L = −Σ_i p_i ln r_i, with r_i = x_i/μ
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. T is the generalised
/// entropy of order 1, L (the mean logarithmic deviation) that of order 0. A value of 0 adds nothing to T (0·ln 0 = 0)
/// and leaves L undefined. In nats. O(n).
///
/// Both are summed as p_i (r_i ln r_i − r_i + 1) and p_i (r_i − 1 − ln r_i), whose terms are never negative and whose
/// sums are the same, so that little inequality does not drown in rounding.
///
/// # Errors
///
/// A negative value or population, all at once, with the city's index as the feature; a population that adds up to 0;
/// fewer than two cities; [`Kind::Undefined`](crate::error::Kind::Undefined) where all values are 0.
///
/// # Source
///
/// Theil, H. (1967). Economics and Information Theory. Amsterdam: North-Holland.
///
/// ```
/// use agglo::measures::imbalance::theil;
/// let result = theil(&[0.0, 0.0, 6.0], None)?;
/// assert!((result.t - 3.0_f64.ln()).abs() < 1e-15); // one of three has everything
/// assert!(result.l.is_nan());
/// assert_eq!(result.zeros, [0, 1]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn theil(x: &[f64], population: Option<&[f64]>) -> Result<Theil> {
    let distribution = Distribution::of_shares(x, population)?;
    let (t, l) = indices(distribution.p.iter().copied().zip(distribution.relative()));
    let terms = || distribution.p.iter().zip(distribution.relative());
    let part = distribution.spread(x.len(), terms().map(|(p, r)| p * times_ln(r)));
    let of_l = |(p, r): (&f64, f64)| if r > 0.0 { 0.0 - p * libm::log(r) } else { f64::NAN };
    let part_l = distribution.spread(x.len(), terms().map(of_l));
    Ok(Theil { n: distribution.n(), t, l, part, part_l, zeros: zeros(x, &distribution) })
}

/// Theil's indices within and between groups; see [`theil_groups`].
#[derive(Clone, Debug, PartialEq)]
pub struct TheilGroups {
    /// Cities that take part.
    pub n: usize,
    /// Theil's T.
    pub t: f64,
    /// The part of T between groups.
    pub t_between: f64,
    /// The part of T within groups.
    pub t_within: f64,
    /// `t_between / t`; NaN where all cities are equal.
    pub t_between_share: f64,
    /// Theil's L; this and its parts are NaN where a value is 0.
    pub l: f64,
    /// The part of L between groups.
    pub l_between: f64,
    /// The part of L within groups.
    pub l_within: f64,
    /// `l_between / l`; NaN where all cities are equal.
    pub l_between_share: f64,
    /// The groups, in the order in which they first appear.
    pub groups: Vec<TheilGroup>,
    /// The cities whose value is 0.
    pub zeros: Vec<usize>,
}

/// What a group has to do with Theil's indices.
#[derive(Clone, Debug, PartialEq)]
pub struct TheilGroup {
    /// Its name.
    pub name: String,
    /// Its cities that take part.
    pub n: usize,
    /// Its mean, in the unit of the values.
    pub mean: f64,
    /// Its share p_g of the population.
    pub population_share: f64,
    /// Its share s_g = p_g μ_g/μ of the total.
    pub value_share: f64,
    /// T within the group; NaN where all its values are 0.
    pub t: f64,
    /// What it adds to the part within groups, s_g T_g.
    pub t_within: f64,
    /// What it adds to the part between groups, s_g ln(μ_g/μ).
    pub t_between: f64,
    /// L within the group; NaN where one of its values is 0.
    pub l: f64,
    /// What it adds to the part within groups, p_g L_g.
    pub l_within: f64,
    /// What it adds to the part between groups, p_g ln(μ/μ_g).
    pub l_between: f64,
}

/// Theil's T and L split within and between groups. A city without a group takes no part.
///
/// # Formula
///
/// T = Σ_g s_g T_g + Σ_g s_g ln(μ_g/μ) and L = Σ_g p_g L_g + Σ_g p_g ln(μ/μ_g)
///
/// where p_g is the group's share of the population, μ_g its mean and s_g = p_g μ_g/μ its share of the total. T weights
/// groups by what they have, L by who lives there; both sums are exact, with nothing left over.
///
/// # Errors
///
/// Those of [`theil()`], and groups that are not as many as values.
///
/// # Source
///
/// Bourguignon, F. (1979). Decomposable income inequality measures. Econometrica 47, 901-920. doi:10.2307/1914138
pub fn theil_groups<G: AsRef<str>>(x: &[f64], population: Option<&[f64]>, groups: &[Option<G>]) -> Result<TheilGroups> {
    let (distribution, members) = Distribution::in_groups(x, population, groups)?;
    let groups: Vec<TheilGroup> = members.iter().map(|(name, places)| group(&distribution, name, places)).collect();
    let (t, l) = indices(distribution.p.iter().copied().zip(distribution.relative()));
    let (t_between, l_between) =
        indices(groups.iter().map(|g| (g.population_share, g.value_share / g.population_share)));
    let zeros = zeros(x, &distribution);
    let undefined = if zeros.is_empty() { 0.0 } else { f64::NAN };
    Ok(TheilGroups {
        n: distribution.n(),
        t,
        t_between,
        t_within: groups.iter().map(|g| g.t_within).sum(),
        t_between_share: share(t_between, t),
        l,
        l_between: l_between + undefined,
        l_within: groups.iter().map(|g| g.l_within).sum::<f64>() + undefined,
        l_between_share: share(l_between, l),
        groups,
        zeros,
    })
}

fn group(all: &Distribution, name: &str, places: &[usize]) -> TheilGroup {
    let population_share: f64 = places.iter().map(|&i| all.p[i]).sum();
    let mean = mean(places.iter().map(|&i| (all.x[i], all.p[i] / population_share)));
    let value_share = population_share * mean / all.mean;
    let (t, l) = indices(places.iter().map(|&i| (all.p[i] / population_share, all.x[i] / mean)));
    let r = mean / all.mean;
    TheilGroup {
        name: name.to_owned(),
        n: places.len(),
        mean: mean * all.scale,
        population_share,
        value_share,
        t,
        // A group that has nothing adds nothing, although it has no index of its own.
        t_within: if value_share == 0.0 { 0.0 } else { value_share * t },
        t_between: population_share * times_ln(r),
        l,
        l_within: population_share * l,
        l_between: if r > 0.0 { -population_share * libm::log(r) } else { f64::NAN },
    }
}

/// T and L of shares p and relative values r; L is NaN where an r is 0.
pub(super) fn indices(terms: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    terms.fold((0.0, 0.0), |(t, l), (p, r)| {
        let of_l = if r > 0.0 { p * ((r - 1.0) - libm::log(r)) } else { f64::NAN };
        (t + p * (times_ln(r) - (r - 1.0)), l + of_l)
    })
}

/// r ln r, 0 at 0.
fn times_ln(r: f64) -> f64 {
    if r == 0.0 { 0.0 } else { r * libm::log(r) }
}

pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

pub(super) fn zeros(x: &[f64], distribution: &Distribution) -> Vec<usize> {
    distribution.cities.iter().copied().filter(|&i| x[i] == 0.0).collect()
}

static ABOUT: About = About {
    name: "theil",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Theil's T and L",
    question: "How unequal are the cities, and how much of that lies between groups of them?",
    formula: "T = sum_i p_i r_i ln r_i = sum_g s_g T_g + sum_g s_g ln(mu_g/mu); L = -sum_i p_i ln r_i = sum_g p_g L_g + sum_g p_g ln(mu/mu_g)",
    symbols: &[
        ("r_i", "value of city i over the mean mu, sum_i p_i x_i"),
        ("p_i, p_g", "share of city i, of group g, in the population; equal for all cities without one"),
        ("mu_g", "mean of group g"),
        ("s_g", "share of group g in the total, p_g mu_g/mu"),
    ],
    reading: "0: all are equal; larger: more unequal, T at most ln n without a population. The share between groups says how much would be left if every group were equal inside",
    variant: "Once with equal weights and, with --population, once weighted by it; split for each column of --group, in which cities without a group take no part. Natural logarithms; zeros are kept by T and leave L null; a negative value is refused",
    reference: "Theil (1967), Economics and Information Theory; Bourguignon (1979), Econometrica 47, 901-920, doi:10.2307/1914138",
    fields: &[
        Field::scalar("t", "Theil's T"),
        Field::scalar("t_between", "part of T between groups"),
        Field::scalar("t_within", "part of T within groups"),
        Field::scalar("t_between_share", "share of T between groups"),
        Field::scalar("l", "Theil's L"),
        Field::scalar("l_between", "part of L between groups"),
        Field::scalar("l_within", "part of L within groups"),
        Field::scalar("l_between_share", "share of L between groups"),
        Field::scalar("n", "cities that take part"),
        Field::annotated(
            "part",
            "theil_part",
            "theil_part",
            "the city's term of T, below 0 where it is poorer than the mean",
        ),
        Field::column("part_l", "the city's term of L, below 0 where it is richer than the mean"),
        Field::table("groups", "for each group its cities, mean, shares, indices, and what it adds to each part"),
    ],
    matches: &[
        ("PySAL inequality", "Theil(x).T; TheilD(x, groups): T, bg, wg"),
        ("ineq", "Theil(x, parameter=0) is T and parameter=1 is L; zeros are dropped there"),
        ("dineq", "theil.wtd(x, weights), mld.wtd(x, weights), mld_decomp(x, z, weights); zeros are dropped there"),
        ("IC2", "calcGEI(x, w, alpha=1) is T and alpha=0 is L; decompGEI(x, z, w, alpha)"),
    ],
};

/// [`theil()`] and [`theil_groups`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for (variable, population) in weightings(run) {
        let first = outcomes.len();
        for grouping in run.groups {
            let fill = |outcome: &mut Outcome| fill_groups(run, variable, population, grouping, outcome);
            outcomes.push(outcome(run, &ABOUT, variable, population, fill)?);
        }
        let fill = |outcome: &mut Outcome| fill_whole(run, variable, population, outcome);
        let whole = outcome(run, &ABOUT, variable, population, fill)?;
        // The terms of the cities do not depend on the groups: with groups, the first result carries them.
        match outcomes.get_mut(first) {
            Some(split) => split.columns = whole.columns,
            None => outcomes.push(whole),
        }
    }
    Ok(outcomes)
}

fn fill_whole(run: &Run, variable: &Variable, population: Option<&Variable>, outcome: &mut Outcome) -> Result<()> {
    let result = theil(&variable.values, population.map(|p| p.values.as_slice()))?;
    outcome.scalars.extend([("t", result.t), ("l", result.l), ("n", result.n as f64)]);
    outcome.columns.push(("part", Values::Numbers(result.part)));
    outcome.columns.push(("part_l", Values::Numbers(result.part_l)));
    outcome.notes.extend(zero_note(run, variable, &result.zeros));
    Ok(())
}

fn fill_groups(
    run: &Run,
    variable: &Variable,
    population: Option<&Variable>,
    grouping: &Grouping,
    outcome: &mut Outcome,
) -> Result<()> {
    outcome.options.insert("group".into(), grouping.name.as_str().into());
    let result = theil_groups(&variable.values, population.map(|p| p.values.as_slice()), &grouping.groups)?;
    outcome.scalars.extend([
        ("t", result.t),
        ("t_between", result.t_between),
        ("t_within", result.t_within),
        ("t_between_share", result.t_between_share),
        ("l", result.l),
        ("l_between", result.l_between),
        ("l_within", result.l_within),
        ("l_between_share", result.l_between_share),
        ("n", result.n as f64),
    ]);
    outcome.tables.push(("groups", table(&result.groups)));
    outcome.notes.extend(zero_note(run, variable, &result.zeros));
    if result.t == 0.0 {
        let message = format!("{}: all values are equal, so that no share of T lies between groups", variable.label());
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    outcome.notes.extend(missing_group(run, variable, grouping));
    Ok(())
}

pub(super) fn zero_note(run: &Run, variable: &Variable, zeros: &[usize]) -> Option<Note> {
    (!zeros.is_empty()).then(|| null_note(run, &variable.label(), "Theil's L", "the value is 0", zeros))
}

fn table(groups: &[TheilGroup]) -> TableOut {
    let columns = vec![
        "group",
        "n",
        "mean",
        "population_share",
        "value_share",
        "t",
        "t_within",
        "t_between",
        "l",
        "l_within",
        "l_between",
    ];
    let row = |g: &TheilGroup| -> Vec<Value> {
        let numbers =
            [g.mean, g.population_share, g.value_share, g.t, g.t_within, g.t_between, g.l, g.l_within, g.l_between];
        [json!(g.name), json!(g.n)].into_iter().chain(numbers.map(Value::from)).collect()
    };
    TableOut { columns, rows: groups.iter().map(row).collect() }
}
