//! The search for a core by single moves and exchanges.

use super::borgatti_everett::Ideal;
use crate::inference::Stream;
use crate::measures::radiation::network::Network;

/// Visits to links and cities that a search may take.
const BUDGET: usize = 1_000_000_000;
/// Most random changes of the best division.
const KICKS: u64 = 400;
/// A gain in correlation, below which it is rounding.
pub(super) const GAIN: f64 = 1e-12;

/// A division into core and periphery.
#[derive(Clone)]
pub(super) struct Division {
    pub(super) core: Vec<bool>,
    /// Sum over the pairs within the periphery.
    pub(super) within: f64,
    /// Number of cities in the periphery.
    pub(super) periphery: usize,
}

/// The best division that moves and exchanges find.
pub(super) fn search(ties: &Network, ideal: &Ideal, seed: u64) -> Division {
    let mut left = BUDGET;
    let exchange = ties.n() <= 300;
    let mut best = State::new(ties, ideal, vec![false; ties.n()]).path(true, exchange, &mut left);
    for mut other in [
        State::new(ties, ideal, vec![true; ties.n()]).path(false, exchange, &mut left),
        State::new(ties, ideal, vec![false; ties.n()]).path(true, false, &mut left),
    ] {
        other.climb(&mut left);
        best.keep(other);
    }
    best.climb(&mut left);
    for kick in 0..KICKS {
        if left == 0 {
            break;
        }
        let mut state = best.clone();
        state.kick(&mut Stream::new(seed, "borgatti_everett", kick));
        state.climb(&mut left);
        best.keep(state);
    }
    // Summed anew, so that the value does not depend on the way there.
    State::new(ties, ideal, best.division.core).division
}

#[derive(Clone)]
struct State<'a> {
    ties: &'a Network,
    ideal: &'a Ideal,
    division: Division,
    /// Sum of each city's links with the periphery.
    inside: Vec<f64>,
    /// A difference of sums, below which it is rounding.
    rounding: f64,
}

impl<'a> State<'a> {
    fn new(ties: &'a Network, ideal: &'a Ideal, core: Vec<bool>) -> Self {
        let inside: Vec<f64> =
            (0..ties.n()).map(|i| ties.ties(i).filter(|&(j, _)| !core[j]).map(|(_, a)| a).sum()).collect();
        let within = (0..ties.n()).filter(|&i| !core[i]).map(|i| inside[i]).sum::<f64>() / 2.0;
        let periphery = core.iter().filter(|core| !**core).count();
        let rounding = GAIN * ties.sums().into_iter().fold(0.0, f64::max);
        Self { ties, ideal, division: Division { core, within, periphery }, inside, rounding }
    }

    fn correlation(&self) -> f64 {
        self.ideal.correlation(self.division.periphery, self.division.within)
    }

    fn keep(&mut self, other: Self) {
        if other.correlation() > self.correlation() + GAIN {
            *self = other;
        }
    }

    /// Puts a city on the other side.
    fn flip(&mut self, i: usize) {
        let Division { core, within, periphery } = &mut self.division;
        let sign = if core[i] { 1.0 } else { -1.0 };
        *within += sign * self.inside[i];
        *periphery = if core[i] { *periphery + 1 } else { *periphery - 1 };
        core[i] = !core[i];
        self.ties.ties(i).for_each(|(j, a)| self.inside[j] += sign * a);
    }

    /// The best division on the way from all periphery to all core (`inwards`), or back, each time the city moved that
    /// leaves least within the periphery; with `exchange` the best exchanges are made at every size.
    fn path(mut self, inwards: bool, exchange: bool, left: &mut usize) -> Self {
        let n = self.ties.n();
        let mut best = self.clone();
        for _ in 0..n {
            let Some(i) = (if inwards { self.most_tied() } else { self.least_tied() }) else { break };
            self.flip(i);
            while exchange && *left > 0 && self.exchange(left) {}
            *left = left.saturating_sub(n);
            if self.correlation() > best.correlation() + GAIN {
                best.clone_from(&self);
            }
        }
        best
    }

    /// Moves and exchanges, until none gains.
    fn climb(&mut self, left: &mut usize) {
        while *left > 0 && (self.step(left) || self.exchange(left)) {}
    }

    /// The best move of one city, if it gains.
    fn step(&mut self, left: &mut usize) -> bool {
        *left = left.saturating_sub(self.ties.n());
        let Division { core, within, periphery } = &self.division;
        let after = |i: usize| match core[i] {
            true => self.ideal.correlation(periphery + 1, within + self.inside[i]),
            false => self.ideal.correlation(periphery - 1, within - self.inside[i]),
        };
        let start = (None, self.correlation() + GAIN);
        let best = (0..core.len()).fold(start, |best, i| {
            let value = after(i);
            if value > best.1 { (Some(i), value) } else { best }
        });
        best.0.map(|i| self.flip(i)).is_some()
    }

    /// One pass over the core in which each city is exchanged for the one of the periphery that gains most, if any does.
    /// Whether one was. O(m), and O(n) more for each exchange.
    fn exchange(&mut self, left: &mut usize) -> bool {
        let n = self.ties.n();
        let mut order: Vec<usize> = (0..n).filter(|&i| self.division.core[i]).collect();
        order.sort_by(|&a, &b| self.inside[a].total_cmp(&self.inside[b]));
        let mut any = false;
        let mut top = self.most_tied();
        for i in order {
            *left = left.saturating_sub(self.ties.degree(i));
            let Some(most) = top else { break };
            // A link between the two lies in the periphery neither before nor after.
            let mut best = (most, self.inside[most] - self.inside[i]);
            for (j, a) in self.ties.ties(i).filter(|&(j, _)| !self.division.core[j]) {
                let gain = self.inside[j] - self.inside[i] + a;
                if gain > best.1 {
                    best = (j, gain);
                }
            }
            if best.1 > self.rounding {
                self.flip(best.0);
                self.flip(i);
                *left = left.saturating_sub(2 * n);
                top = self.most_tied();
                any = true;
            }
        }
        any
    }

    /// The city of the periphery with the strongest links within it.
    fn most_tied(&self) -> Option<usize> {
        let periphery = (0..self.ties.n()).filter(|&i| !self.division.core[i]);
        periphery.reduce(|most, i| if self.inside[i] > self.inside[most] { i } else { most })
    }

    /// The city of the core with the weakest links with the periphery.
    fn least_tied(&self) -> Option<usize> {
        let core = (0..self.ties.n()).filter(|&i| self.division.core[i]);
        core.reduce(|least, i| if self.inside[i] < self.inside[least] { i } else { least })
    }

    /// Moves a few cities at random.
    fn kick(&mut self, stream: &mut Stream) {
        let n = self.ties.n() as u32;
        for _ in 0..2 + stream.below(6.min(n)) {
            self.flip(stream.below(n) as usize);
        }
    }
}
