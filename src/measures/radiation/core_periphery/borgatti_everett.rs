//! Borgatti and Everett's core: linked with all, while the periphery is not linked with itself.

use super::descent::{Division, search};
use super::exact;
use super::linked::Linked;
use crate::error::{Fault, Kind, Result};
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Most cities among which the core is searched.
pub(super) const MOST: usize = 10_000;

/// What stands for the strength s of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transform {
    /// ln(1 + s): a link ten times as strong does not count ten times.
    #[default]
    Log1p,
    /// s itself; under heavy tails the core shrinks to one or two cities.
    Raw,
    /// 1 where there is a link; undefined where all cities are linked with each other.
    Binary,
}

impl Transform {
    fn of(self, strength: f64) -> f64 {
        match self {
            Self::Log1p => libm::log1p(strength),
            Self::Raw => strength,
            Self::Binary => 1.0,
        }
    }
}

/// A core; see [`borgatti_everett()`].
#[derive(Clone, Debug, PartialEq)]
pub struct DiscreteCore {
    /// Correlation with the ideal network of core and periphery.
    pub correlation: f64,
    /// Whether each city is in the core; never one without links.
    pub core: Vec<bool>,
    /// Whether no other core is better, which is proved among few cities, or sparsely linked ones.
    pub certified: bool,
}

/// The core that makes the network most like one in which the core is linked with all and the periphery not with itself.
///
/// # Formula
///
/// max_x corr(a_ij, x_i + x_j − x_i x_j) over the pairs i < j of cities with links; x_i is 1 in the core and 0 outside it,
/// a_ij the `transform` of the strength s_ij of the link without direction, 0 where there is none.
///
/// # Method
///
/// The correlation depends on the size of the periphery and the strength within it alone. From the periphery emptied city
/// by city, and filled city by city, single moves and exchanges climb until none gains; then from random changes of the
/// best, keyed by `seed`. Branch and bound then goes through all other cores of up to 40 cities, and its end, within
/// 1,200,000 steps, certifies the best. The search stops after about 10⁹ visits to links.
///
/// # Errors
///
/// [`Kind::Undefined`] where all pairs are alike: in a complete network by [`Transform::Binary`], or with equal links;
/// [`Kind::TooLarge`] above 10,000 cities with links.
///
/// # Source
///
/// Borgatti, S. P. and Everett, M. G. (2000). Models of core/periphery structures. Social Networks 21, 375-395.
///
/// ```
/// use agglo::measures::radiation::{Transform, borgatti_everett};
/// use agglo::study::{LinkMeaning, Linkage};
/// let star = Linkage::from_arcs(4, vec![(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)], LinkMeaning::Strength)?.undirected();
/// let found = borgatti_everett(&star, Transform::Binary, 42)?;
/// assert_eq!(found.core, [true, false, false, false]);
/// assert!(found.certified && (found.correlation - 1.0).abs() < 1e-12);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn borgatti_everett(links: &Linkage, transform: Transform, seed: u64) -> Result<DiscreteCore> {
    of_linked(&Linked::new(links), transform, seed)
}

pub(super) fn of_linked(linked: &Linked, transform: Transform, seed: u64) -> Result<DiscreteCore> {
    let found = divide(linked, transform, seed)?;
    Ok(DiscreteCore { core: linked.spread(&found.core, false), ..found })
}

/// The core among the cities with links.
fn divide(linked: &Linked, transform: Transform, seed: u64) -> Result<DiscreteCore> {
    let n = linked.ties.n();
    if transform == Transform::Binary && linked.complete() {
        let message = "in a complete network every city is linked with every other, so that none is told from another by its links alone";
        return Err(Fault::new(Kind::Undefined, message).hint("take a backbone of the network").into());
    }
    if n > MOST {
        let message = format!("a core is searched among up to {MOST} cities, and {n} have links");
        return Err(Fault::new(Kind::TooLarge, message).into());
    }
    let ties = linked.ties.mapped(|s| transform.of(s));
    let Some(ideal) = Ideal::new(&ties) else {
        let message = "all pairs of cities are linked alike, so that there is no core";
        return Err(Fault::new(Kind::Undefined, message).into());
    };
    let found = search(&ties, &ideal, seed);
    let (best, certified) = exact::improve(&ties, &ideal, found);
    let Division { core, within, periphery } = best;
    Ok(DiscreteCore { correlation: ideal.correlation(periphery, within), core, certified })
}

/// What the correlation takes from the network as a whole.
pub(super) struct Ideal {
    /// Number of cities, and of their pairs.
    n: usize,
    pairs: f64,
    /// Sum over the pairs.
    total: f64,
    /// pairs · Σ a² − (Σ a)².
    variation: f64,
}

impl Ideal {
    /// `None` where all pairs are alike.
    fn new(ties: &Network) -> Option<Self> {
        let n = ties.n();
        let pairs = n as f64 * (n as f64 - 1.0) / 2.0;
        let values = || ties.arcs().map(|(_, _, a)| a);
        let total = values().sum::<f64>() / 2.0;
        let mean = total / pairs;
        let absent = pairs - ties.links() as f64 / 2.0;
        let differences = values().map(|a| (a - mean).powi(2)).sum::<f64>() / 2.0 + absent * mean * mean;
        (differences > 1e-20 * pairs * mean * mean).then_some(Self { n, pairs, total, variation: pairs * differences })
    }

    /// The correlation where the periphery has so many cities and the pairs within it add up to `within`; −∞ where it has
    /// no pair, or all.
    pub(super) fn correlation(&self, periphery: usize, within: f64) -> f64 {
        if periphery < 2 || periphery >= self.n {
            return f64::NEG_INFINITY;
        }
        let outside = periphery as f64 * (periphery as f64 - 1.0) / 2.0;
        (self.total * outside - self.pairs * within) / (self.variation * outside * (self.pairs - outside)).sqrt()
    }
}
