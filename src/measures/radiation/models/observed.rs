//! The flows that a model is fitted to or held against.

use crate::study::{LinkDirection, Linkage};

/// Observed flows between the pairs that take part, by origin; all other pairs of them have a flow of zero.
#[derive(Clone, Debug)]
pub(super) struct Observed {
    starts: Vec<usize>,
    others: Vec<u32>,
    flows: Vec<f64>,
    /// Sum of the flows that leave each city.
    pub(super) out: Vec<f64>,
    /// Sum of the flows that reach each city.
    pub(super) into: Vec<f64>,
    /// Sum of all flows.
    pub(super) total: f64,
    /// Whether each flow stands in both directions.
    pub(super) undirected: bool,
    /// Flow between pairs that do not take part.
    pub(super) left_out: f64,
}

impl Observed {
    /// The strengths of the links between the pairs that take part.
    pub(super) fn new(links: &Linkage, takes_part: impl Fn(usize, usize) -> bool) -> Self {
        let n = links.n();
        let mut observed = Self {
            starts: vec![0; n + 1],
            others: Vec::new(),
            flows: Vec::new(),
            out: vec![0.0; n],
            into: vec![0.0; n],
            total: 0.0,
            undirected: links.direction() == LinkDirection::Undirected,
            left_out: 0.0,
        };
        for (i, j, weight) in links.arcs() {
            let flow = links.meaning().strength(weight);
            if !takes_part(i, j) {
                observed.left_out += flow;
                continue;
            }
            observed.starts[i + 1] += 1;
            observed.others.push(j as u32);
            observed.flows.push(flow);
            observed.out[i] += flow;
            observed.into[j] += flow;
        }
        (0..n).for_each(|i| observed.starts[i + 1] += observed.starts[i]);
        observed.total = observed.out.iter().sum();
        observed
    }

    /// The flows against their direction.
    pub(super) fn transposed(&self) -> Self {
        let n = self.n();
        let mut arcs: Vec<(u32, u32, f64)> =
            (0..n).flat_map(|i| self.row(i).map(move |(j, y)| (j as u32, i as u32, y))).collect();
        arcs.sort_by_key(|&(j, i, _)| (j, i));
        let mut starts = vec![0; n + 1];
        arcs.iter().for_each(|&(j, ..)| starts[j as usize + 1] += 1);
        (0..n).for_each(|j| starts[j + 1] += starts[j]);
        Self {
            starts,
            others: arcs.iter().map(|&(_, i, _)| i).collect(),
            flows: arcs.iter().map(|&(.., y)| y).collect(),
            out: self.into.clone(),
            into: self.out.clone(),
            ..*self
        }
    }

    /// Number of cities.
    pub(super) fn n(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of pairs with a flow above zero, in both directions.
    pub(super) fn count(&self) -> usize {
        self.flows.len()
    }

    /// Destination and size of the flows that leave a city.
    pub(super) fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[i]..self.starts[i + 1];
        self.others[range.clone()].iter().map(|&j| j as usize).zip(self.flows[range].iter().copied())
    }

    /// Whether all flows are whole numbers, as counts are.
    pub(super) fn is_whole(&self) -> bool {
        self.flows.iter().all(|y| y.fract() == 0.0)
    }

    /// How much each pair weighs: half where every flow stands in both directions.
    pub(super) fn once(&self) -> f64 {
        if self.undirected { 0.5 } else { 1.0 }
    }
}
