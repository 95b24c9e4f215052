//! Core and periphery: who is linked with all, and who only with those in the middle.

mod about;
pub(in crate::measures) mod adapter;
mod agreement;
mod borgatti_everett;
mod continuous;
mod descent;
mod exact;
mod findings;
mod km_config;
mod linked;
mod lip;
mod minres;
mod rossa;
mod shells;
mod significance;
mod tables;
mod tiers;

pub use agreement::Agreement;
pub use borgatti_everett::{DiscreteCore, Transform, borgatti_everett};
pub use continuous::{ContinuousCore, borgatti_everett_continuous};
pub use km_config::{CorePairs, km_config};
pub use lip::{Lip, lip};
pub use minres::{Minres, minres};
pub use rossa::{Rossa, rossa};
pub use shells::{k_core, s_core};
pub use significance::{PairSignificance, pair_significance};
pub use tiers::{Tier, Tiers, tiers};

use agreement::{Vote, agreement};
use linked::Linked;
use tiers::{classed, over_largest};

use crate::error::Result;
use crate::inference::Inference;
use crate::study::{LinkDirection, Linkage};

/// Most visits to links and cities for which the search for pairs of core and periphery is begun.
const MOST_LINKS: usize = 10_000_000;

/// Core and periphery by several methods; see [`core_periphery()`].
#[derive(Clone, Debug, PartialEq)]
pub struct CorePeriphery {
    /// Coreness by MINRES, and the tiers by its natural breaks.
    pub tiers: Tiers,
    /// Borgatti and Everett's core on ln(1 + s), or why there is none.
    pub log1p: Result<DiscreteCore>,
    /// The same on strengths as they are.
    pub raw: Result<DiscreteCore>,
    /// The same on links of equal weight; none in a complete network.
    pub binary: Result<DiscreteCore>,
    /// Borgatti and Everett's continuous coreness.
    pub continuous: ContinuousCore,
    /// Della Rossa's profile of links without direction; `None` above 20,000 cities.
    pub rossa: Option<Rossa>,
    /// The same along the directions; `None` where not every city can be reached from every other.
    pub rossa_directed: Option<Rossa>,
    /// Pairs of core and periphery by KM-config; `None` above 10⁷ links.
    pub pairs: Option<CorePairs>,
    /// Their (q, s)-test; `None` without permutations and where it would take too long.
    pub significance: Option<PairSignificance>,
    /// k-core numbers; `None` in a complete network.
    pub k_core: Option<Vec<f64>>,
    /// s-core levels.
    pub s_core: Vec<f64>,
    /// Lip's core; `None` in a complete network.
    pub lip: Option<Lip>,
    /// Where MINRES, Borgatti and Everett's two methods and Della Rossa's agree.
    pub agreement: Agreement,
    /// Cities that have no links and take no part.
    pub unlinked: Vec<usize>,
    /// Whether every city with links is linked with every other.
    pub complete: bool,
}

impl CorePeriphery {
    /// The tier of every city.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers.tiers
    }
}

/// Who is core, who is semi-periphery and who is periphery, by several methods, and where these agree.
///
/// # Methods
///
/// [`tiers()`] by [`minres()`] are the answer. [`borgatti_everett()`] on ln(1 + s), [`borgatti_everett_continuous()`] and
/// [`rossa()`], the last two by breaks of their values as [`tiers()`] makes them, vote on it: the consensus is the median of the four tiers,
/// and where the two in the middle differ the one nearer to MINRES. [`km_config()`] with its test, [`k_core()`], [`s_core()`] and
/// [`lip()`] do not vote: a core of KM-config is that of its own pair, and shells have no periphery.
///
/// Cities without links take no part, and are periphery. All methods but [`Rossa`] along directions are on the links
/// without direction. Methods that ask only which cities are linked are left out in complete networks.
///
/// # Errors
///
/// [`Kind::Undefined`](crate::error::Kind::Undefined) where no city has links.
///
/// # Complexity
///
/// The slow ones are stopped or left out at the bounds that each states: some seconds for the complete network of 3,000
/// cities. MINRES, shells and Lip's core take O(m·log n) a sweep and are made of any network.
///
/// ```
/// use agglo::inference::Inference;
/// use agglo::measures::radiation::{Tier, core_periphery};
/// use agglo::study::{LinkMeaning, Linkage};
/// let arcs = vec![(0, 1, 9.0), (0, 2, 4.0), (1, 2, 4.0), (0, 3, 1.0), (1, 4, 1.0)];
/// let links = Linkage::from_arcs(5, arcs, LinkMeaning::Strength)?.undirected();
/// let result = core_periphery(&links, &Inference::default())?;
/// assert_eq!(result.tiers()[..3], [Tier::Core, Tier::Core, Tier::SemiPeriphery]);
/// assert_eq!(result.agreement.methods, 4);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn core_periphery(links: &Linkage, inference: &Inference) -> Result<CorePeriphery> {
    let linked = Linked::new(links);
    let (ties, seed) = (&linked.ties, inference.seed);
    let tiers = tiers::of_linked(&linked)?;
    let divide = |transform| borgatti_everett::of_linked(&linked, transform, seed);
    let (log1p, raw, binary) = (divide(Transform::Log1p), divide(Transform::Raw), divide(Transform::Binary));
    let continuous = continuous::of_linked(&linked, linked.gathered(&tiers.minres.coreness));
    let rossa = rossa::profile(ties, &ties.sums()).map(|found| rossa::of_all(&linked, found));
    let rossa_directed = match links.direction() {
        LinkDirection::Undirected => rossa.clone(),
        LinkDirection::Directed => rossa::along(links, &linked).map(|found| rossa::of_all(&linked, found)),
    };
    let pairs =
        (ties.links() <= MOST_LINKS).then(|| km_config::search(ties, seed, "km_config", km_config::starts(ties)));
    let significance = pairs.as_ref().and_then(|pairs| significance::test(ties, pairs, inference));
    let sparse = !linked.complete();
    let agreement = agree(&linked, &tiers, log1p.as_ref().ok(), &continuous, rossa.as_ref());
    Ok(CorePeriphery {
        log1p,
        raw,
        binary,
        continuous,
        rossa,
        rossa_directed,
        pairs: pairs.map(|pairs| km_config::of_all(&linked, pairs)),
        significance,
        k_core: sparse.then(|| shells::by_number(&linked)),
        s_core: shells::by_strength(&linked),
        lip: sparse.then(|| lip::of_linked(&linked)),
        agreement,
        unlinked: links.unlinked(),
        complete: !sparse,
        tiers,
    })
}

/// The votes of the four methods; a city without links is in the periphery of all.
fn agree(
    linked: &Linked,
    tiers: &Tiers,
    discrete: Option<&DiscreteCore>,
    continuous: &ContinuousCore,
    rossa: Option<&Rossa>,
) -> Agreement {
    let n = tiers.tiers.len();
    let graded = |values: &[f64]| {
        let (tiers, cuts) = classed(&over_largest(&linked.gathered(values)));
        let none = if cuts.is_empty() { Tier::Undefined } else { Tier::Periphery };
        Vote { tiers: linked.spread(&tiers, none), graded: true }
    };
    if tiers.cuts.is_empty() {
        // Where all are alike, Rossa's order is that of the input and says nothing.
        return agreement(n, &linked.places, &[], &[]);
    }
    let mut votes = vec![Vote { tiers: tiers.tiers.clone(), graded: true }];
    let mut values: Vec<&[f64]> = vec![&tiers.coreness];
    if let Some(found) = discrete {
        let tier = |&core: &bool| if core { Tier::Core } else { Tier::Periphery };
        votes.push(Vote { tiers: found.core.iter().map(tier).collect(), graded: false });
    }
    if !continuous.correlation.is_nan() {
        votes.push(graded(&continuous.coreness));
        values.push(&continuous.coreness);
    }
    if let Some(found) = rossa {
        votes.push(graded(&found.alpha));
        values.push(&found.alpha);
    }
    agreement(n, &linked.places, &votes, &values)
}
