//! Tiers: core, semi-periphery and periphery, by natural breaks of the coreness.

use super::linked::Linked;
use super::minres::{Minres, descend_all};
use crate::error::{Fault, Kind, Result};
use crate::measures::radiation::natural_breaks::natural_breaks;
use crate::study::Linkage;

/// Where a city stands in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// All cities with links are alike.
    Undefined,
    /// In the lowest class, or without links.
    Periphery,
    /// Between the two.
    SemiPeriphery,
    /// In the highest class.
    Core,
}

impl Tier {
    /// The tiers that a city may be in, the highest first.
    pub const ALL: [Self; 3] = [Self::Core, Self::SemiPeriphery, Self::Periphery];

    /// Its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::SemiPeriphery => "semi-periphery",
            Self::Periphery => "periphery",
            Self::Undefined => "undefined",
        }
    }
}

/// The tiers of all cities; see [`tiers()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Tiers {
    /// The tier of every city.
    pub tiers: Vec<Tier>,
    /// Coreness by MINRES over the largest, 0 to 1.
    pub coreness: Vec<f64>,
    /// The least coreness of each tier but the lowest, ascending: two numbers, fewer where few values differ.
    pub cuts: Vec<f64>,
    /// The coreness as MINRES gives it, and how well it fits.
    pub minres: Minres,
}

impl Tiers {
    /// The places of the cities in the core, ascending.
    pub fn cores(&self) -> Vec<usize> {
        (0..self.tiers.len()).filter(|&i| self.tiers[i] == Tier::Core).collect()
    }
}

/// Who is core, semi-periphery and periphery: the short way, without the other methods of
/// [`core_periphery()`](super::core_periphery()).
///
/// Coreness by [`minres()`](super::minres()) is divided into three classes by
/// [`natural_breaks()`](crate::measures::radiation::natural_breaks) over the cities with links. Those without links are
/// periphery. Where one city would be alone in the core, the breaks are made again with four classes; if the second of them
/// begins at half of the greatest coreness or more, the upper two are the core. Where only two values differ there is no semi-periphery; where all are alike, all tiers are undefined.
///
/// # Errors
///
/// [`Kind::Undefined`] where no city has links.
///
/// ```
/// use agglo::measures::radiation::{Tier, tiers};
/// use agglo::study::{LinkMeaning, Linkage};
/// let arcs = vec![(0, 1, 9.0), (0, 2, 4.0), (1, 2, 4.0), (0, 3, 1.0)];
/// let found = tiers(&Linkage::from_arcs(5, arcs, LinkMeaning::Strength)?.undirected())?;
/// assert_eq!(found.cores(), [0, 1]);
/// assert_eq!(found.tiers[4], Tier::Periphery); // without links
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn tiers(links: &Linkage) -> Result<Tiers> {
    of_linked(&Linked::new(links))
}

pub(super) fn of_linked(linked: &Linked) -> Result<Tiers> {
    if linked.places.is_empty() {
        let message = "no link is left between the cities that take part, so that there is neither core nor periphery";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let found = descend_all(&linked.ties);
    let coreness = over_largest(&found.coreness);
    let (tiers, cuts) = classed(&coreness);
    Ok(Tiers {
        tiers: linked.spread(&tiers, if cuts.is_empty() { Tier::Undefined } else { Tier::Periphery }),
        coreness: linked.spread(&coreness, 0.0),
        cuts,
        minres: Minres { coreness: linked.spread(&found.coreness, 0.0), ..found },
    })
}

/// Values in parts of the largest.
pub(super) fn over_largest(values: &[f64]) -> Vec<f64> {
    let largest = values.iter().fold(0.0_f64, |most, &x| most.max(x));
    values.iter().map(|x| x / largest).collect()
}

/// Least coreness, over the greatest, of a city that shares the core with the one that stands above all.
const SHARES: f64 = 0.5;

/// The cuts where natural breaks leave one city alone in the core although others come near it: those of four classes, of
/// which the upper two are the core. One pair of cities with a very strong link would else hide the weaker of them. `None`
/// where no city comes so near, as round the hub of a star.
fn shared_core(values: &[f64]) -> Option<Vec<f64>> {
    let above = |cut: f64| values.iter().filter(|&&x| x >= cut).count();
    let [_, upper] = natural_breaks(values, 3)[..] else { return None };
    if above(upper) > 1 {
        return None;
    }
    let [lower, middle, _] = natural_breaks(values, 4)[..] else { return None };
    (middle >= SHARES).then(|| vec![lower, middle])
}

/// The tiers of values from 0 to about 1 by natural breaks, with the cuts; differences below 10⁻⁷ are rounding.
pub(super) fn classed(values: &[f64]) -> (Vec<Tier>, Vec<f64>) {
    // Of two cities neither is more core than the other.
    if values.len() < 3 {
        return (vec![Tier::Undefined; values.len()], Vec::new());
    }
    let rounded: Vec<f64> = values.iter().map(|x| (x * 1e7).round() / 1e7).collect();
    let cuts = shared_core(&rounded).unwrap_or_else(|| natural_breaks(&rounded, 3));
    let tier = |x: &f64| match (cuts.as_slice(), cuts.iter().filter(|cut| x >= *cut).count()) {
        ([], _) => Tier::Undefined,
        (_, 0) => Tier::Periphery,
        ([_, _], 1) => Tier::SemiPeriphery,
        _ => Tier::Core,
    };
    (rounded.iter().map(tier).collect(), cuts)
}
