//! Theil's T and L over two levels of groups: between regions, between the provinces of a region, within provinces.

use indexmap::{IndexMap, IndexSet};

use super::distribution::{Distribution, mean};
use super::theil::{indices, zeros};
use crate::error::{Fault, Kind, Result};
use crate::note::{listed, listed_by};

/// Theil's indices over two levels of groups; see [`theil_nested()`].
#[derive(Clone, Debug, PartialEq)]
pub struct TheilNested {
    /// Cities that take part.
    pub n: usize,
    /// Theil's T and its parts.
    pub t: NestedParts,
    /// Theil's L and its parts; all NaN where a value is 0.
    pub l: NestedParts,
    /// The outer groups, in the order in which they first appear.
    pub outer: Vec<NestedGroup>,
    /// The inner groups, in the order in which they first appear.
    pub inner: Vec<NestedGroup>,
    /// The place in `outer` of the group that each inner group lies in.
    pub outer_of: Vec<usize>,
    /// The cities whose value is 0.
    pub zeros: Vec<usize>,
}

/// An index and its three parts, which add up to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NestedParts {
    /// The whole index.
    pub total: f64,
    /// The part between outer groups.
    pub between_outer: f64,
    /// The part between the inner groups of the same outer group.
    pub between_inner: f64,
    /// The part within inner groups.
    pub within: f64,
}

/// What a group of either level has to do with Theil's indices.
#[derive(Clone, Debug, PartialEq)]
pub struct NestedGroup {
    /// Its name.
    pub name: String,
    /// Its cities that take part.
    pub n: usize,
    /// Its mean μ_g, in the unit of the values.
    pub mean: f64,
    /// Its share p_g of the population.
    pub population_share: f64,
    /// Its share s_g = p_g μ_g/μ of the total.
    pub value_share: f64,
    /// T among its cities; NaN where all its values are 0.
    pub t: f64,
    /// What it adds to T between the groups of its level: s_g ln(μ_g/μ), for an inner group against its outer group.
    pub t_between: f64,
    /// What it adds to T within the groups of its level, s_g T_g.
    pub t_within: f64,
    /// L among its cities; NaN where one of its values is 0.
    pub l: f64,
    /// What it adds to L between the groups of its level: p_g ln(μ/μ_g), for an inner group against its outer group.
    pub l_between: f64,
    /// What it adds to L within the groups of its level, p_g L_g.
    pub l_within: f64,
}

/// Theil's T and L of `x` ≥ 0 split over two levels of groups. One value, one outer and one inner group for every city; a
/// city that lacks one of them (NaN, `None`) or, where there is one, a population takes no part.
///
/// # Formula
///
/// T = Σ_g s_g ln(μ_g/μ) + Σ_g Σ_(h in g) s_h ln(μ_h/μ_g) + Σ_h s_h T_h,
/// L = Σ_g p_g ln(μ/μ_g) + Σ_g Σ_(h in g) p_h ln(μ_g/μ_h) + Σ_h p_h L_h
///
/// where g is an outer and h an inner group, p its share of the population, μ_g its mean, and s_g = p_g μ_g/μ its share of
/// the total. It is the split of [`theil_groups`](super::theil_groups()) by outer groups, whose part within is split
/// again by the inner groups. The parts are exact, with nothing left over, and none is negative. In nats. O(n).
///
/// # Errors
///
/// Those of [`theil()`](super::theil()), groups that are not as many as values, and [`Kind::Undefined`] where an inner
/// group has cities in several outer groups, which are named; whether they have a value does not matter.
///
/// # Source
///
/// Akita, T. (2003). Decomposing regional income inequality in China and Indonesia using two-stage nested Theil
/// decomposition method. Annals of Regional Science 37, 55-77. doi:10.1007/s001680200107
///
/// ```
/// use agglo::measures::imbalance::theil_nested;
/// let (region, province) = (["N", "N", "S", "S"].map(Some), ["a", "b", "c", "c"].map(Some));
/// let t = theil_nested(&[1.0, 3.0, 2.0, 2.0], None, &region, &province)?.t;
/// assert_eq!((t.between_outer, t.within), (0.0, 0.0)); // all of it lies between a and b
/// assert!((t.between_inner - t.total).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn theil_nested<G: AsRef<str>, H: AsRef<str>>(
    x: &[f64],
    population: Option<&[f64]>,
    outer: &[Option<G>],
    inner: &[Option<H>],
) -> Result<TheilNested> {
    if outer.len() != x.len() || inner.len() != x.len() {
        let message = format!("{} values and groups of {} and {} cities", x.len(), outer.len(), inner.len());
        return Err(Fault::new(Kind::Option, message).into());
    }
    if let Some(torn) = torn(outer, inner) {
        let fault = Fault::new(Kind::Undefined, format!("the groups are not nested: {torn}"));
        return Err(fault.hint("give the wider groups first, and each inner group a name of its own").into());
    }
    let both = |i: usize| Some((outer[i].as_ref()?.as_ref(), inner[i].as_ref()?.as_ref()));
    let x: Vec<f64> = (0..x.len()).map(|i| if both(i).is_some() { x[i] } else { f64::NAN }).collect();
    let all = Distribution::of_shares(&x, population)?;
    let mut of_outer: IndexMap<&str, Vec<usize>> = IndexMap::new();
    let mut of_inner: IndexMap<&str, (usize, Vec<usize>)> = IndexMap::new();
    for (place, (g, h)) in all.cities.iter().enumerate().filter_map(|(place, &i)| Some((place, both(i)?))) {
        let entry = of_outer.entry(g);
        let at = entry.index();
        entry.or_default().push(place);
        of_inner.entry(h).or_insert_with(|| (at, Vec::new())).1.push(place);
    }
    let (outer, means): (Vec<_>, Vec<_>) =
        of_outer.iter().map(|(name, places)| group(&all, all.mean, name, places)).unzip();
    let inner: Vec<NestedGroup> =
        of_inner.iter().map(|(name, (at, places))| group(&all, means[*at], name, places).0).collect();
    let outer_of: Vec<usize> = of_inner.values().map(|(at, _)| *at).collect();
    Ok(split(&x, &all, outer, inner, outer_of))
}

/// The inner groups with cities in several outer groups, each with those; nothing where the groups are nested.
pub(super) fn torn<G: AsRef<str>, H: AsRef<str>>(outer: &[Option<G>], inner: &[Option<H>]) -> Option<String> {
    let mut homes: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
    for (outer, inner) in outer.iter().zip(inner) {
        let (Some(outer), Some(inner)) = (outer, inner) else { continue };
        homes.entry(inner.as_ref()).or_default().insert(outer.as_ref());
    }
    let torn: Vec<(&str, Vec<&str>)> = homes
        .into_iter()
        .filter(|(_, homes)| homes.len() > 1)
        .map(|(inner, homes)| (inner, homes.into_iter().collect()))
        .collect();
    let told = || listed_by(&torn, |(inner, homes)| format!("{inner} lies in {}", listed(homes)));
    (!torn.is_empty()).then(told)
}

/// A group, held against the mean of the whole or of its outer group; and its own mean in the scale of the distribution.
fn group(all: &Distribution, against: f64, name: &str, places: &[usize]) -> (NestedGroup, f64) {
    let population_share: f64 = places.iter().map(|&i| all.p[i]).sum();
    let mean = mean(places.iter().map(|&i| (all.x[i], all.p[i] / population_share)));
    let value_share = population_share * mean / all.mean;
    let (t, l) = indices(places.iter().map(|&i| (all.p[i] / population_share, all.x[i] / mean)));
    let r = mean / against;
    let group = NestedGroup {
        name: name.to_owned(),
        n: places.len(),
        mean: mean * all.scale,
        population_share,
        value_share,
        t,
        // A group that has nothing adds nothing, although it has no index of its own.
        t_between: if value_share == 0.0 { 0.0 } else { value_share * libm::log(r) },
        t_within: if value_share == 0.0 { 0.0 } else { value_share * t },
        l,
        l_between: if r > 0.0 { -population_share * libm::log(r) } else { f64::NAN },
        l_within: population_share * l,
    };
    (group, mean)
}

fn split(
    x: &[f64],
    all: &Distribution,
    outer: Vec<NestedGroup>,
    inner: Vec<NestedGroup>,
    outer_of: Vec<usize>,
) -> TheilNested {
    let total = indices(all.p.iter().copied().zip(all.relative()));
    let between_outer = indices(outer.iter().map(|g| (g.population_share, g.value_share / g.population_share)));
    // Against its outer group, with T weighted by how that group stands to the whole: terms that are never negative.
    let against_outer = |(h, &at): (&NestedGroup, &usize)| {
        let g = &outer[at];
        let (t, l) = indices(std::iter::once((h.population_share, h.mean / g.mean)));
        (if g.value_share == 0.0 { 0.0 } else { t * g.value_share / g.population_share }, l)
    };
    let between_inner =
        inner.iter().zip(&outer_of).map(against_outer).fold((0.0, 0.0), |(t, l), (of_t, of_l)| (t + of_t, l + of_l));
    let within = (inner.iter().map(|h| h.t_within).sum(), inner.iter().map(|h| h.l_within).sum::<f64>());
    let zeros = zeros(x, all);
    let undefined = if zeros.is_empty() { 0.0 } else { f64::NAN };
    let parts = |of: fn((f64, f64)) -> f64, undefined: f64| NestedParts {
        total: of(total),
        between_outer: of(between_outer) + undefined,
        between_inner: of(between_inner) + undefined,
        within: of(within) + undefined,
    };
    let (t, l) = (parts(|(t, _)| t, 0.0), parts(|(_, l)| l, undefined));
    TheilNested { n: all.n(), t, l, outer, inner, outer_of, zeros }
}
