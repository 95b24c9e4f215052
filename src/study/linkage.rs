//! The linkage graph: directed, weighted links between cities, on petgraph.

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::unionfind::UnionFind;
use rayon::slice::ParallelSliceMut;

use crate::error::{Fault, Kind, Result};
use crate::note::{Note, listed_by};

use super::Cities;

/// Whether a link has a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkDirection {
    /// W: the flow from i to j may differ from that from j to i.
    Directed,
    /// S = W + Wᵀ: every link is stored in both directions with one weight.
    Undirected,
}

/// What the weight of a link says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkMeaning {
    /// A flow or an intensity: more is closer. Strength w, length 1/w.
    #[default]
    Strength,
    /// A travel time, a price or a distance: more is farther. Strength 1/w, length w.
    Cost,
}

/// What a reader met while it gathered the links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    /// Rows, or cells of a matrix, that named a link.
    pub rows: usize,
    /// Rows of a pair of cities that an earlier row had named already.
    pub parallel: usize,
    /// Rows that linked a city with itself by more than zero.
    pub self_flows: usize,
    /// Rows whose weight was zero: no link.
    pub zeros: usize,
}

/// The links between n cities: a petgraph graph whose node i is city i.
///
/// It has no parallel links, no links of weight zero and none of a city with itself; the last are kept apart
/// in [`self_flows`](Self::self_flows). Edges are numbered by origin, then destination. Where several weights meet
/// on one link (parallel rows, [`undirected`](Self::undirected)) strengths are summed, and of costs the least counts.
///
/// ```
/// use agglo::study::{LinkMeaning, Linkage};
/// let links = Linkage::from_arcs(3, vec![(0, 1, 4.0), (0, 1, 2.0), (1, 0, 1.0)], LinkMeaning::Strength)?;
/// assert_eq!(links.strength_out(), [6.0, 1.0, 0.0]);
/// assert_eq!(links.undirected().strength_out(), [7.0, 7.0, 0.0]);
/// assert_eq!(links.graph().edge_count(), 2);
/// # Ok::<(), agglo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Linkage {
    graph: DiGraph<(), f64>,
    direction: LinkDirection,
    meaning: LinkMeaning,
    self_flows: Vec<f64>,
    parallel: Vec<(u32, u32)>,
    counts: LinkCounts,
    /// What had to be assumed, repaired or left out on the way here.
    pub notes: Vec<Note>,
}

/// Origin, destination and weight.
type Arc = (u32, u32, f64);

impl Linkage {
    /// Directed links among `n` cities from (origin, destination, weight) in any order.
    ///
    /// # Errors
    /// A weight is negative, not finite or so small that 1/w is infinite; a cost is zero; no weight is above zero;
    /// the weights add up to more than a double holds.
    ///
    /// # Panics
    /// If a city is not below `n`: such a list is a fault of the caller, not of data.
    pub fn from_arcs(n: usize, mut arcs: Vec<(u32, u32, f64)>, meaning: LinkMeaning) -> Result<Self> {
        for &(origin, destination, weight) in &arcs {
            assert!((origin.max(destination) as usize) < n, "link {origin} to {destination} of {n} cities");
            if let Some(wrong) = meaning.fault_of(weight) {
                let message = format!("link from city {origin} to city {destination}: {weight} {wrong}");
                return Err(Fault::new(Kind::Links, message).into());
            }
        }
        // A quarter leaves room for S = W + Wᵀ and for sums over both sides of it.
        if arcs.iter().map(|&(.., weight)| weight).sum::<f64>() > f64::MAX / 4.0 {
            let fault = Fault::new(Kind::Links, "the weights add up to more than a number can hold");
            return Err(fault.hint("give them in a larger unit").into());
        }
        let mut counts = LinkCounts { rows: arcs.len(), ..LinkCounts::default() };
        arcs.retain(|&(.., weight)| weight > 0.0);
        counts.zeros = counts.rows - arcs.len();
        let mut self_flows = vec![0.0; n];
        for &(city, _, weight) in arcs.iter().filter(|(origin, destination, _)| origin == destination) {
            let flow = &mut self_flows[city as usize];
            *flow = if *flow == 0.0 { weight } else { meaning.together(*flow, weight) };
            counts.self_flows += 1;
        }
        arcs.retain(|(origin, destination, _)| origin != destination);
        let (arcs, parallel) = merged(arcs, meaning);
        counts.parallel = parallel.len();
        if arcs.is_empty() {
            let message = match counts.rows - counts.zeros {
                0 => "all weights are zero: there are no links",
                _ => "there are no links between different cities",
            };
            return Err(Fault::new(Kind::Links, message).into());
        }
        let graph = graph_of(n, &arcs);
        let direction = LinkDirection::Directed;
        Ok(Self { graph, direction, meaning, self_flows, parallel, counts, notes: Vec::new() })
    }

    /// S = W + Wᵀ: the links without direction. Undirected links stay as they are.
    ///
    /// A link that was given in one direction keeps its weight; one that was given in both has the sum of the two
    /// (of two costs the lesser), which a note says. Self-flows stay.
    pub fn undirected(&self) -> Self {
        let mut out = self.clone();
        if self.direction == LinkDirection::Undirected {
            return out;
        }
        let both = self.arcs().flat_map(|(i, j, w)| [(i as u32, j as u32, w), (j as u32, i as u32, w)]).collect();
        let (arcs, met) = merged(both, self.meaning);
        out.graph = graph_of(self.n(), &arcs);
        out.direction = LinkDirection::Undirected;
        if !met.is_empty() {
            let pairs = met.len() / 2;
            let (verb, noun) = if pairs == 1 { ("is", "pair of cities") } else { ("are", "pairs of cities") };
            let rule = match self.meaning {
                LinkMeaning::Strength => "their two weights are summed",
                LinkMeaning::Cost => "the lesser cost counts",
            };
            out.notes.push(Note::remark("both_directions", format!("{pairs} {noun} {verb} linked both ways; {rule}")));
        }
        out
    }

    /// The links among the cities at `places`, which are ascending; what is said of all links stays.
    pub fn subset(&self, places: &[usize]) -> Self {
        let mut place_of = vec![None; self.n()];
        places.iter().enumerate().for_each(|(new, &old)| place_of[old] = Some(new as u32));
        let inside = |(i, j, w): (usize, usize, f64)| Some((place_of[i]?, place_of[j]?, w));
        let arcs: Vec<Arc> = self.arcs().filter_map(inside).collect();
        let parallel = self.parallel.iter().filter_map(|&(i, j)| place_of[i as usize].zip(place_of[j as usize]));
        Self {
            graph: graph_of(places.len(), &arcs),
            self_flows: places.iter().map(|&i| self.self_flows[i]).collect(),
            parallel: parallel.collect(),
            notes: self.notes.clone(),
            ..*self
        }
    }

    /// The petgraph graph: node i is city i, edge weights are those of the input (see [`meaning`](Self::meaning)).
    pub fn graph(&self) -> &DiGraph<(), f64> {
        &self.graph
    }

    /// Number of cities.
    pub fn n(&self) -> usize {
        self.graph.node_count()
    }

    /// Whether links have a direction.
    pub fn direction(&self) -> LinkDirection {
        self.direction
    }

    /// What the weights say.
    pub fn meaning(&self) -> LinkMeaning {
        self.meaning
    }

    /// Weight of the links of every city with itself; 0 where there is none.
    pub fn self_flows(&self) -> &[f64] {
        &self.self_flows
    }

    /// What was met while the links were gathered.
    pub fn counts(&self) -> LinkCounts {
        self.counts
    }

    /// Origin, destination and weight of every link as it was given, by origin, then destination.
    pub fn arcs(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        self.graph.raw_edges().iter().map(|edge| (edge.source().index(), edge.target().index(), edge.weight))
    }

    /// Strength of the link from one city to another; 0 where there is none.
    pub fn strength_between(&self, from: usize, to: usize) -> f64 {
        let link = self.graph.find_edge(NodeIndex::new(from), NodeIndex::new(to));
        link.map_or(0.0, |link| self.meaning.strength(self.graph[link]))
    }

    /// Sum of the strengths of the links that leave each city.
    pub fn strength_out(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.n()];
        self.arcs().for_each(|(i, _, w)| sums[i] += self.meaning.strength(w));
        sums
    }

    /// Sum of the strengths of the links that reach each city.
    pub fn strength_in(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.n()];
        self.arcs().for_each(|(_, j, w)| sums[j] += self.meaning.strength(w));
        sums
    }

    /// Cities that no link touches, ascending.
    pub fn unlinked(&self) -> Vec<usize> {
        self.graph
            .node_indices()
            .filter(|&i| self.graph.neighbors_undirected(i).next().is_none())
            .map(NodeIndex::index)
            .collect()
    }

    /// The cities of every connected component of two or more, links taken without direction, the largest first.
    pub fn components(&self) -> Vec<Vec<usize>> {
        let mut sets = UnionFind::<u32>::new(self.n());
        self.arcs().for_each(|(i, j, _)| _ = sets.union(i as u32, j as u32));
        let mut members = indexmap::IndexMap::<u32, Vec<usize>>::new();
        for city in 0..self.n() {
            members.entry(sets.find(city as u32)).or_default().push(city);
        }
        let mut components: Vec<_> = members.into_values().filter(|cities| cities.len() > 1).collect();
        components.sort_by_key(|cities| std::cmp::Reverse(cities.len()));
        components
    }

    /// The same links with warnings on self-flows, parallel links, cities without links and components.
    pub(crate) fn noted(mut self, cities: &Cities) -> Self {
        let notes = [
            self.self_flow_note(cities),
            self.parallel_note(cities),
            self.unlinked_note(cities),
            self.components_note(cities),
        ];
        self.notes.extend(notes.into_iter().flatten());
        self
    }

    fn self_flow_note(&self, cities: &Cities) -> Option<Note> {
        let with: Vec<usize> = (0..self.n()).filter(|&i| self.self_flows[i] > 0.0).collect();
        let (verb, pronoun) = if with.len() == 1 { ("is", "itself") } else { ("are", "themselves") };
        let message = format!("{} {verb} linked with {pronoun}; such self-flows are kept apart", labels(cities, &with));
        (!with.is_empty()).then(|| about(Note::warning("self_flow", message), cities, &with))
    }

    fn parallel_note(&self, cities: &Cities) -> Option<Note> {
        let mut pairs = self.parallel.clone();
        pairs.dedup();
        let named = |&(i, j): &(u32, u32)| format!("{} → {}", cities.ids[i as usize], cities.ids[j as usize]);
        let rows = match self.parallel.len() {
            1 => "1 row repeats the link of an earlier one".to_owned(),
            more => format!("{more} rows repeat links of earlier ones"),
        };
        let rule = match self.meaning {
            LinkMeaning::Strength => "the weights are summed",
            LinkMeaning::Cost => "the least cost counts",
        };
        let mut met: Vec<usize> = pairs.iter().flat_map(|&(i, j)| [i as usize, j as usize]).collect();
        met.sort_unstable();
        met.dedup();
        let message = format!("{rows}; {rule}: {}", listed_by(&pairs, named));
        (!pairs.is_empty()).then(|| about(Note::warning("parallel_links", message), cities, &met))
    }

    fn unlinked_note(&self, cities: &Cities) -> Option<Note> {
        let without = self.unlinked();
        let count = if without.len() == 1 { "1 city has".into() } else { format!("{} cities have", without.len()) };
        let message = format!("{count} no links: {}", labels(cities, &without));
        (!without.is_empty()).then(|| about(Note::warning("no_links", message), cities, &without))
    }

    fn components_note(&self, cities: &Cities) -> Option<Note> {
        let components = self.components();
        let apart: Vec<usize> = components.iter().skip(1).flatten().copied().collect();
        let message = format!(
            "the network is disconnected: {} components of {} cities; apart from the largest are {}",
            components.len(),
            listed_by(&components, |members| members.len().to_string()),
            labels(cities, &apart)
        );
        (components.len() > 1).then(|| about(Note::warning("components", message), cities, &apart))
    }
}

impl LinkMeaning {
    /// How strongly a link of this weight ties: w, or 1/w of a cost.
    pub fn strength(self, weight: f64) -> f64 {
        if self == Self::Strength { weight } else { 1.0 / weight }
    }

    /// How long a link of this weight is on a path: 1/w, or w of a cost.
    pub fn length(self, weight: f64) -> f64 {
        if self == Self::Strength { 1.0 / weight } else { weight }
    }

    /// One weight for two links between the same cities.
    fn together(self, a: f64, b: f64) -> f64 {
        if self == Self::Strength { a + b } else { a.min(b) }
    }

    /// What is wrong with a weight, to be read after its text.
    pub(crate) fn fault_of(self, weight: f64) -> Option<&'static str> {
        match self {
            _ if !weight.is_finite() => Some("is not a finite number"),
            _ if weight < 0.0 => Some("is negative"),
            Self::Cost if weight == 0.0 => Some("is not a cost above zero"),
            _ if weight > 0.0 && (1.0 / weight).is_infinite() => Some("is too close to zero"),
            _ => None,
        }
    }
}

/// One arc a pair, by origin, then destination, and the pairs of those that were merged into an earlier one.
fn merged(mut arcs: Vec<Arc>, meaning: LinkMeaning) -> (Vec<Arc>, Vec<(u32, u32)>) {
    // Stable, so that sums are made in the order of the rows, whatever the number of threads.
    arcs.par_sort_by_key(|&(origin, destination, _)| (origin, destination));
    let mut parallel = Vec::new();
    arcs.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        if same {
            kept.2 = meaning.together(kept.2, next.2);
            parallel.push((kept.0, kept.1));
        }
        same
    });
    (arcs, parallel)
}

fn graph_of(n: usize, arcs: &[Arc]) -> DiGraph<(), f64> {
    let mut graph = DiGraph::with_capacity(n, arcs.len());
    for _ in 0..n {
        graph.add_node(());
    }
    for &(origin, destination, weight) in arcs {
        graph.add_edge(NodeIndex::from(origin), NodeIndex::from(destination), weight);
    }
    graph
}

fn labels(cities: &Cities, which: &[usize]) -> String {
    listed_by(which, |&i| cities.label(i))
}

fn about(note: Note, cities: &Cities, which: &[usize]) -> Note {
    note.about(which.iter().map(|&i| cities.ids[i].as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::study::{Metric, Shapes};

    fn cities(n: usize) -> Cities {
        let ids: Vec<String> = (1..=n).map(|i| format!("C{i:02}")).collect();
        let mut shapes = Shapes::default();
        ids.iter().for_each(|_| shapes.push_missing());
        Cities { names: ids.clone(), ids, shapes, points: vec![None; n], metric: Metric::EARTH, notes: Vec::new() }
    }

    fn strengths(n: usize, arcs: &[Arc]) -> Linkage {
        Linkage::from_arcs(n, arcs.to_vec(), LinkMeaning::Strength).unwrap()
    }

    #[test]
    fn self_flows_and_zeros_are_no_links() {
        let links = strengths(3, &[(0, 1, 2.0), (1, 1, 5.0), (1, 1, 1.0), (1, 2, 0.0)]);
        assert_eq!(links.arcs().collect::<Vec<_>>(), [(0, 1, 2.0)]);
        assert_eq!(links.self_flows(), [0.0, 6.0, 0.0]);
        assert_eq!(links.counts(), LinkCounts { rows: 4, parallel: 0, self_flows: 2, zeros: 1 });
        assert_eq!(links.unlinked(), [2]);
    }

    #[test]
    fn of_parallel_costs_the_least_counts() {
        let links = Linkage::from_arcs(2, vec![(0, 1, 8.0), (0, 1, 4.0), (1, 0, 2.0)], LinkMeaning::Cost).unwrap();
        assert_eq!((links.strength_out(), links.strength_in()), (vec![0.25, 0.5], vec![0.5, 0.25]));
        assert_eq!(links.undirected().arcs().collect::<Vec<_>>(), [(0, 1, 2.0), (1, 0, 2.0)]);
        assert_eq!((LinkMeaning::Cost.length(4.0), LinkMeaning::Strength.length(4.0)), (4.0, 0.25));
    }

    #[test]
    fn weights_that_cannot_be_used_are_refused() {
        let message = |weight, meaning| Linkage::from_arcs(2, vec![(0, 1, weight)], meaning).unwrap_err().to_string();
        for (weight, meaning, words) in [
            (f64::NAN, LinkMeaning::Strength, "NaN is not a finite number"),
            (-1.0, LinkMeaning::Strength, "-1 is negative"),
            (0.0, LinkMeaning::Cost, "0 is not a cost above zero"),
            (5e-324, LinkMeaning::Strength, "is too close to zero"),
            (0.0, LinkMeaning::Strength, "all weights are zero"),
            (1e308, LinkMeaning::Strength, "add up to more than a number can hold"),
        ] {
            assert!(message(weight, meaning).contains(words), "{}", message(weight, meaning));
        }
        let error = Linkage::from_arcs(2, vec![(1, 1, 3.0)], LinkMeaning::Strength).unwrap_err();
        assert_eq!(error.to_string(), "there are no links between different cities");
    }

    #[test]
    fn what_is_unusual_is_said_with_the_cities_in_question() {
        let arcs = [(0, 1, 1.0), (0, 1, 1.0), (0, 1, 1.0), (1, 2, 1.0), (2, 2, 3.0), (4, 5, 1.0)];
        let links = strengths(7, &arcs).noted(&cities(7));
        let said: Vec<_> = links.notes.iter().map(|note| (note.code, note.message.as_str())).collect();
        assert_eq!(
            said,
            [
                ("self_flow", "C03 is linked with itself; such self-flows are kept apart"),
                ("parallel_links", "2 rows repeat links of earlier ones; the weights are summed: C01 → C02"),
                ("no_links", "2 cities have no links: C04 and C07"),
                (
                    "components",
                    "the network is disconnected: 2 components of 3 and 2 cities; apart from the largest are C05 and C06"
                ),
            ]
        );
        assert_eq!(links.notes[3].cities, ["C05", "C06"]);
        assert!(strengths(2, &[(0, 1, 1.0)]).noted(&cities(2)).notes.is_empty());
    }

    #[test]
    fn links_both_ways_are_said_when_direction_goes() {
        let links = strengths(3, &[(0, 1, 1.0), (1, 0, 2.0), (1, 2, 4.0)]).undirected();
        assert_eq!(links.notes[0].message, "1 pair of cities is linked both ways; their two weights are summed");
        assert_eq!(links.arcs().collect::<Vec<_>>(), [(0, 1, 3.0), (1, 0, 3.0), (1, 2, 4.0), (2, 1, 4.0)]);
        assert_eq!(links.undirected().arcs().count(), 4);
    }

    proptest! {
        #[test]
        fn merging_conserves_the_flow(arcs in prop::collection::vec((0..9_u32, 0..9_u32, 0..1000_u32), 1..80)) {
            let total: u32 = arcs.iter().map(|arc| arc.2).sum();
            let arcs = arcs.into_iter().map(|(i, j, w)| (i, j, f64::from(w))).collect();
            if let Ok(links) = Linkage::from_arcs(9, arcs, LinkMeaning::Strength) {
                let kept: f64 = links.arcs().map(|arc| arc.2).sum();
                prop_assert_eq!(kept + links.self_flows().iter().sum::<f64>(), f64::from(total));
                let twice: f64 = links.undirected().arcs().map(|arc| arc.2).sum();
                prop_assert_eq!(twice, 2.0 * kept);
            }
        }

        #[test]
        fn undirected_is_symmetric(arcs in prop::collection::vec((0..9_u32, 0..9_u32, 1e-3..1e3_f64), 1..80)) {
            for meaning in [LinkMeaning::Strength, LinkMeaning::Cost] {
                if let Ok(links) = Linkage::from_arcs(9, arcs.clone(), meaning) {
                    let mut flipped: Vec<_> = links.undirected().arcs().map(|(i, j, w)| (j, i, w)).collect();
                    flipped.sort_by_key(|&(i, j, _)| (i, j));
                    prop_assert_eq!(flipped, links.undirected().arcs().collect::<Vec<_>>());
                }
            }
        }
    }
}
