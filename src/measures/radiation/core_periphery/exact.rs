//! Branch and bound: the proof that no core is better than the one found.

use super::borgatti_everett::Ideal;
use super::descent::{Division, GAIN};
use crate::measures::radiation::network::Network;

/// Most cities that are tried.
const MOST: usize = 40;
/// Most steps.
const STEPS: usize = 1_200_000;

/// The best of all divisions and whether that is proved; `found` where nothing better is found within the bounds.
pub(super) fn improve(ties: &Network, ideal: &Ideal, found: Division) -> (Division, bool) {
    let n = ties.n();
    if n > MOST {
        return (found, false);
    }
    let mut matrix = vec![0.0; n * n];
    (0..n).for_each(|i| ties.ties(i).for_each(|(j, a)| matrix[i * n + j] = a));
    // Cities of strong links first: they decide.
    let sums = ties.sums();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
    let value = ideal.correlation(found.periphery, found.within);
    let weakest = (0..n * n).filter(|at| at / n != at % n).fold(f64::INFINITY, |least, at| least.min(matrix[at]));
    let mut tree = Tree { n, ideal, matrix, order, weakest, steps: STEPS, best: found, value, core: vec![true; n] };
    tree.branch(0, 0, 0.0, &vec![0.0; n]);
    (tree.best, tree.steps > 0)
}

struct Tree<'a> {
    n: usize,
    ideal: &'a Ideal,
    matrix: Vec<f64>,
    order: Vec<usize>,
    /// The weakest pair of all, 0 where one is not linked.
    weakest: f64,
    steps: usize,
    best: Division,
    value: f64,
    core: Vec<bool>,
}

impl Tree<'_> {
    /// Decides on the city at `depth` of the order, `periphery` earlier ones of which pairs add up to `within` lying
    /// outside the core; `inside` are the links of every city with these.
    fn branch(&mut self, depth: usize, periphery: usize, within: f64, inside: &[f64]) {
        self.steps = self.steps.saturating_sub(1);
        if self.steps == 0 {
            return;
        }
        if self.ideal.correlation(periphery, within) > self.value + GAIN {
            self.value = self.ideal.correlation(periphery, within);
            self.best = Division { core: self.core.clone(), within, periphery };
        }
        if depth == self.n || self.bound(depth, periphery, within, inside) <= self.value + GAIN {
            return;
        }
        let i = self.order[depth];
        self.branch(depth + 1, periphery, within, inside);
        let row = &self.matrix[i * self.n..(i + 1) * self.n];
        let with: Vec<f64> = inside.iter().zip(row).map(|(inside, a)| inside + a).collect();
        self.core[i] = false;
        self.branch(depth + 1, periphery + 1, within + inside[i], &with);
        self.core[i] = true;
    }

    /// No division of the cities from `depth` on has a greater correlation: those that join the periphery bring at least
    /// their links with it, and the weakest pair with each other.
    fn bound(&self, depth: usize, periphery: usize, within: f64, inside: &[f64]) -> f64 {
        let mut brought: Vec<f64> = self.order[depth..].iter().map(|&i| inside[i]).collect();
        brought.sort_unstable_by(f64::total_cmp);
        let (mut least, mut best) = (within, f64::NEG_INFINITY);
        for (joined, inside) in brought.into_iter().enumerate() {
            least += inside + joined as f64 * self.weakest;
            best = best.max(self.ideal.correlation(periphery + joined + 1, least));
        }
        best
    }
}
