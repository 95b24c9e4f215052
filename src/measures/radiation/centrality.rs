//! Centralities of the cities in the network of links.

use petgraph::algo::toposort;

use super::adapter::cities_without_links;
use super::ego::{Ego, egos};
use super::network::Network;
use super::paths::{MOST_STEPS, Paths, affordable};
use super::spectrum::{Eigen, katz, page_rank};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::filled;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::note::Note;
use crate::study::{LinkDirection, Linkage};

/// Katz' α as a part of 1/λ, from which on its sum is infinite.
const KATZ: f64 = 0.5;

/// Centralities, one number for every city; see [`centrality()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Centrality {
    /// Strength of all links of the city: Σ_j s_ij.
    pub strength: Vec<f64>,
    /// Strength of the links that reach it: Σ_j w_ji.
    pub strength_in: Vec<f64>,
    /// Strength of the links that leave it: Σ_j w_ij.
    pub strength_out: Vec<f64>,
    /// Number of shortest paths between other cities through it, split among paths of the same length.
    pub betweenness: Vec<f64>,
    /// `betweenness` over the number of pairs of other cities, 0 to 1; NaN among fewer than three cities.
    pub betweenness_share: Vec<f64>,
    /// Wasserman and Faust's closeness over incoming distances; 0 where no city reaches it.
    pub closeness: Vec<f64>,
    /// Sum of 1/distance over incoming distances.
    pub harmonic: Vec<f64>,
    /// Left eigenvector of the largest eigenvalue, of length 1; NaN where there is none.
    pub eigenvector: Vec<f64>,
    /// Katz centrality with α = 0.5/λ and β = 1, of length 1; NaN where there is no λ.
    pub katz: Vec<f64>,
    /// PageRank with damping 0.85; it adds up to 1.
    pub pagerank: Vec<f64>,
    /// Onnela's weighted clustering, 0 to 1; 0 with fewer than two neighbours.
    pub clustering_onnela: Vec<f64>,
    /// Barrat's weighted clustering, 0 to 1; 0 with fewer than two neighbours.
    pub clustering_barrat: Vec<f64>,
    /// Burt's constraint; NaN without neighbours.
    pub constraint: Vec<f64>,
    /// Burt's effective size; NaN without neighbours.
    pub effective_size: Vec<f64>,
    /// Neal's alternative centrality Σ_j s_ij D_j, D_j the strength of j: links with strong cities.
    pub alternative_centrality: Vec<f64>,
    /// Neal's alternative power Σ_j s_ij/D_j: links with cities that have few others, 1 for each that has no other.
    pub alternative_power: Vec<f64>,
    /// Whether shortest paths were searched; else betweenness, closeness and harmonic are NaN.
    pub paths: bool,
    /// Whether neighbourhoods were looked at; else clustering, constraint and effective size are NaN.
    pub neighbourhoods: bool,
    /// The largest eigenvalue λ of W; NaN where the iteration does not arrive or no links form a cycle.
    pub eigenvalue: f64,
    /// Number of links.
    pub links: usize,
}

/// The centralities of all cities.
///
/// # Formula
///
/// W holds the strengths w_ij of the directed links, S = W + Wᵀ those without direction (S = W where links have none).
/// A link is 1/w_ij long, d_ij is the length of the shortest path from i to j, g_st the number of shortest paths from s to
/// t and g_st(i) of those through i, r_i the number of cities that reach i.
///
/// * strength Σ_j s_ij; strength_in Σ_j w_ji; strength_out Σ_j w_ij
/// * betweenness Σ_{s≠i≠t} g_st(i)/g_st, of links without direction each pair once; share: over (n − 1)(n − 2), or half of it
/// * closeness r_i/(n − 1) · r_i/Σ_j d_ji; harmonic Σ_j 1/d_ji
/// * eigenvector λ v_j = Σ_i v_i w_ij, ‖v‖ = 1; Katz x_j = (0.5/λ) Σ_i x_i w_ij + 1, ‖x‖ = 1
/// * PageRank P_j = 0.15/n + 0.85 (Σ_i P_i w_ij/Σ_k w_ik + Σ_{i without links that leave} P_i/n)
/// * Onnela Σ_{j≠h} (ŝ_ij ŝ_jh ŝ_hi)^⅓ / (k_i(k_i − 1)), ŝ = s/max s; Barrat Σ_{j≠h in triangles} (s_ij + s_ih)/2 / (s_i(k_i − 1))
/// * constraint Σ_j (p_ij + Σ_h p_ih p_hj)², p_ij = s_ij/Σ_k s_ik; effective size Σ_j (1 − Σ_h p_ih s_jh/max_k s_jk)
/// * alternative centrality Σ_j s_ij D_j and power Σ_j s_ij/D_j, D_j = Σ_k s_jk
///
/// Paths that differ by less than 10⁻¹² of their length are of one length. Shortest paths take O(n·m·log n) and are left
/// out (NaN) where n·m is above 3·10⁹, or 3·10¹⁰ with 32 links a city and more; neighbourhoods take O(Σ k²) for k neighbours and are left out where the neighbours of
/// neighbours are more than 10¹⁰; all else takes O(m) a step. The same bits come from any number of threads.
///
/// # Errors
///
/// [`Kind::Undefined`] where no link is left between the cities.
///
/// # Source
///
/// Freeman, L. C. (1977). A set of measures of centrality based on betweenness. Sociometry 40, 35-41. Brandes, U. (2001). A
/// faster algorithm for betweenness centrality. Journal of Mathematical Sociology 25, 163-177. Wasserman, S. and Faust, K.
/// (1994). Social Network Analysis. Bonacich, P. (1972), eigenvector; Katz, L. (1953). Psychometrika 18, 39-43. Brin, S. and
/// Page, L. (1998). Onnela, J.-P. et al. (2005). Physical Review E 71, 065103. Barrat, A. et al. (2004). PNAS 101, 3747-3752.
/// Burt, R. S. (1992). Structural Holes. Neal, Z. (2011). Differentiating centrality and power in the world city network.
/// Urban Studies 48, 2733-2748.
///
/// ```
/// use agglo::measures::radiation::centrality;
/// use agglo::study::{LinkMeaning, Linkage};
/// // A capital that all trains of three towns go through.
/// let trains = Linkage::from_arcs(4, vec![(0, 1, 9.0), (0, 2, 6.0), (0, 3, 2.0)], LinkMeaning::Strength)?.undirected();
/// let result = centrality(&trains)?;
/// assert_eq!(result.strength, [17.0, 9.0, 6.0, 2.0]);
/// assert_eq!(result.betweenness, [3.0, 0.0, 0.0, 0.0]); // all three pairs of towns
/// assert_eq!(result.betweenness_share[0], 1.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn centrality(links: &Linkage) -> Result<Centrality> {
    let n = links.n();
    let count = links.graph().edge_count();
    if count == 0 {
        let message = "no link is left between the cities that take part, so that nobody is central";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let (incoming, undirected) = (Network::incoming(links), Network::undirected(links));
    let strength_out = links.strength_out();
    let none = || vec![f64::NAN; n];
    let searched = affordable(&incoming, 1);
    let mut paths = match searched {
        true => Paths::new(&incoming),
        false => Paths { betweenness: none(), closeness: none(), harmonic: none() },
    };
    let pairs = (n as f64 - 1.0) * (n as f64 - 2.0);
    let once = if links.direction() == LinkDirection::Undirected { 2.0 } else { 1.0 };
    let share = |raw: &f64| if pairs > 0.0 { raw / pairs } else { f64::NAN };
    let betweenness_share = paths.betweenness.iter().map(share).collect();
    paths.betweenness.iter_mut().for_each(|raw| *raw /= once);
    // Without a cycle the only eigenvalue is 0.
    let eigen = if toposort(links.graph(), None).is_ok() { None } else { Eigen::new(&incoming) };
    let katz = eigen.as_ref().and_then(|eigen| katz(&incoming, KATZ / eigen.value));
    let egos = egos(&undirected);
    let of_egos = |of: fn(&Ego) -> f64| egos.as_ref().map_or_else(none, |egos| egos.iter().map(of).collect());
    let strength = undirected.sums();
    let by_others = |of: fn(f64, f64) -> f64| -> Vec<f64> {
        (0..n).map(|i| undirected.ties(i).map(|(j, s)| of(s, strength[j])).sum()).collect()
    };
    Ok(Centrality {
        alternative_centrality: by_others(|s, other| s * other),
        alternative_power: by_others(|s, other| s / other),
        strength_in: incoming.sums(),
        betweenness: paths.betweenness,
        betweenness_share,
        closeness: paths.closeness,
        harmonic: paths.harmonic,
        eigenvalue: eigen.as_ref().map_or(f64::NAN, |eigen| eigen.value),
        eigenvector: eigen.map_or_else(none, |eigen| eigen.vector),
        katz: katz.unwrap_or_else(none),
        pagerank: page_rank(&incoming, &strength_out).unwrap_or_else(none),
        strength_out,
        clustering_onnela: of_egos(|ego| ego.onnela),
        clustering_barrat: of_egos(|ego| ego.barrat),
        constraint: of_egos(|ego| ego.constraint),
        effective_size: of_egos(|ego| ego.effective_size),
        paths: searched,
        neighbourhoods: egos.is_some(),
        strength,
        links: count,
    })
}

static ABOUT: About = About {
    name: "centrality",
    family: Family::Radiation,
    needs: Needs::Network,
    title: "Centrality",
    question: "Which cities are at the centre of the network of links, and which at its edge?",
    formula: "strength = sum_j s_ij; betweenness = sum_st g_st(i)/g_st; closeness = r_i^2/((n - 1) sum_j d_ji); harmonic = sum_j 1/d_ji; eigenvector: lambda v_j = sum_i v_i w_ij; katz: x_j = 0.5/lambda sum_i x_i w_ij + 1; pagerank: P_j = 0.15/n + 0.85 sum_i P_i w_ij/sum_k w_ik; alternative_centrality = sum_j s_ij D_j; alternative_power = sum_j s_ij/D_j",
    symbols: &[
        ("w_ij", "strength of the link from city i to city j"),
        ("s_ij", "strength of their links without direction, w_ij + w_ji (w_ij where links have no direction)"),
        ("d_ij", "length of the shortest path from i to j, a link being 1/w_ij long"),
        ("g_st(i)", "number of shortest paths from s to t that lead through i"),
        ("r_i", "number of cities that reach i"),
        ("lambda", "largest eigenvalue of the w_ij"),
        ("D_j", "strength of city j"),
    ],
    reading: "Larger: more central. Strength counts links, betweenness the way over a city, closeness and harmonic how near all others are, eigenvector, Katz and PageRank how central those are that a city is linked with. A constraint near 1 means that a city depends on few who know each other. Alternative centrality is high by links with strong cities, alternative power by links with cities that have few others: who has both is a hub, who has power only a gateway. The two are named as in Neal (2011); Boyd, Mahutga and Smith (2013) hold that they are not recursive, as those names claim, and Neal (2013) calls them alter-based centrality and power",
    variant: "Directed links unless --undirected; betweenness as a count, undirected pairs once, its share over all pairs; distances and eigenvector over links that reach the city; closeness of Wasserman and Faust; eigenvector and Katz of length 1, Katz with alpha 0.5/lambda; PageRank 0.85. Clustering, constraint, effective size, alternative centrality and power on links without direction. Shortest paths where cities times links are up to 3e9, or 3e10 with 32 links a city and more, as in a complete network of 3,000 cities",
    reference: "Freeman (1977), Sociometry 40, 35-41; Brandes (2001), Journal of Mathematical Sociology 25, 163-177; Wasserman and Faust (1994), Social Network Analysis; Onnela et al. (2005), Physical Review E 71, 065103; Barrat et al. (2004), PNAS 101, 3747-3752; Burt (1992), Structural Holes; Neal (2011), Urban Studies 48, 2733-2748; Boyd, Mahutga and Smith (2013), Urban Studies 50, 1641-1647; Neal (2013), Urban Studies 50, 1648-1659",
    fields: &[
        Field::annotated("strength", "strength", "strength", "strength of all links"),
        Field::annotated("strength_in", "strength_in", "stren_in", "strength of the links that reach the city"),
        Field::annotated("strength_out", "strength_out", "stren_out", "strength of the links that leave the city"),
        Field::annotated("betweenness", "betweenness", "between", "shortest paths of others through the city"),
        Field::annotated("betweenness_share", "betweenness_share", "betw_share", "share of them among all pairs"),
        Field::annotated("closeness", "closeness", "closeness", "closeness over incoming distances"),
        Field::annotated("harmonic", "harmonic", "harmonic", "sum of 1/distance over incoming distances"),
        Field::annotated("eigenvector", "eigenvector", "eigenvec", "eigenvector centrality, of length 1"),
        Field::annotated("katz", "katz", "katz", "Katz centrality, of length 1"),
        Field::annotated("pagerank", "pagerank", "pagerank", "PageRank, adds up to 1"),
        Field::annotated("clustering_onnela", "clustering_onnela", "clust_onn", "weighted clustering after Onnela"),
        Field::annotated("clustering_barrat", "clustering_barrat", "clust_barr", "weighted clustering after Barrat"),
        Field::annotated("constraint", "constraint", "constraint", "Burt's constraint"),
        Field::annotated("effective_size", "effective_size", "eff_size", "Burt's effective size"),
        Field::column("alternative_centrality", "links with strong cities, each times the strength of the other city"),
        Field::column(
            "alternative_power",
            "links with cities that have few others, each over the strength of the other city",
        ),
        Field::scalar("eigenvalue", "largest eigenvalue lambda of the links"),
        Field::scalar("links", "number of links, an undirected one counted in both directions"),
        Field::scalar("n", "number of cities"),
    ],
    matches: &[
        (
            "networkx",
            "betweenness_centrality(G, weight=1/w, normalized=False), closeness_centrality(G, distance=1/w), harmonic_centrality(G, distance=1/w), eigenvector_centrality(G, weight='weight'), katz_centrality(G, alpha=0.5/lambda), pagerank(G, tol=1e-13); on S: clustering (Onnela), constraint(G, weight='weight'), effective_size(G, nodes=list(G), weight='weight')",
        ),
        ("igraph", "transitivity_local_undirected(weights, mode='zero') is clustering_barrat"),
    ],
};

/// [`centrality()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let Some(links) = run.network else { return Ok(Vec::new()) };
    let outcome = Outcome { measure: ABOUT.name, ..Outcome::default() };
    Ok(vec![filled(run.cities.len(), &ABOUT, outcome, |outcome| fill(run, links, outcome))?])
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let result = centrality(links)?;
    outcome.scalars.extend([
        ("eigenvalue", result.eigenvalue),
        ("links", result.links as f64),
        ("n", run.cities.len() as f64),
    ]);
    outcome.notes = notes(run, &result);
    outcome.columns = [
        ("strength", result.strength),
        ("strength_in", result.strength_in),
        ("strength_out", result.strength_out),
        ("betweenness", result.betweenness),
        ("betweenness_share", result.betweenness_share),
        ("closeness", result.closeness),
        ("harmonic", result.harmonic),
        ("eigenvector", result.eigenvector),
        ("katz", result.katz),
        ("pagerank", result.pagerank),
        ("clustering_onnela", result.clustering_onnela),
        ("clustering_barrat", result.clustering_barrat),
        ("constraint", result.constraint),
        ("effective_size", result.effective_size),
        ("alternative_centrality", result.alternative_centrality),
        ("alternative_power", result.alternative_power),
    ]
    .map(|(name, numbers)| (name, Values::Numbers(numbers)))
    .into();
    Ok(())
}

/// One note for each reason why numbers are null.
fn notes(run: &Run, result: &Centrality) -> Vec<Note> {
    let n = run.cities.len();
    let mut notes = Vec::new();
    if !result.neighbourhoods {
        let message =
            "no clustering, constraint and effective_size: the neighbours of neighbours are more than 10,000,000,000";
        notes.push(Note::remark("not_run", message));
    }
    if !result.paths {
        let message = format!(
            "no betweenness, closeness and harmonic: shortest paths between all cities take {n} cities times {} links, and the most is {:.0e}, or {:.0e} with 32 links a city and more",
            result.links, MOST_STEPS[0], MOST_STEPS[1]
        );
        notes.push(Note::remark("not_run", message));
    } else if n < 3 {
        notes.push(Note::remark("undefined_number", "no betweenness_share: there are no pairs of other cities"));
    }
    if result.eigenvalue.is_nan() {
        let message = "no eigenvector and no katz: no cycle of links is strong enough to carry a centrality of its own";
        notes.push(Note::remark("undefined_number", message));
    } else if result.katz[0].is_nan() {
        notes.push(Note::remark("undefined_number", "no katz: its iteration does not arrive"));
    }
    let alone: Vec<usize> = (0..n).filter(|&i| result.strength[i] == 0.0).collect();
    if !alone.is_empty() && result.neighbourhoods {
        let message = format!("no constraint and no effective_size of {}", cities_without_links(alone.len()));
        notes.push(Note::remark("undefined_number", message).about(alone.iter().map(|&i| &run.cities.ids[i])));
    }
    notes
}
