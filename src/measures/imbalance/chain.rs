//! A Markov chain: where it goes in the long run, and how long it takes from one state to another.

/// The probabilities of moving between k states.
pub(super) struct Chain {
    k: usize,
    /// Row after row; NaN in the row of a state from which no move was seen.
    pub(super) p: Vec<f64>,
}

impl Chain {
    /// The chain in which the moves out of each state have their observed shares.
    pub(super) fn of(transitions: &[usize], k: usize) -> Self {
        let share = |row: &[usize]| -> Vec<f64> {
            let moves: usize = row.iter().sum();
            row.iter().map(|&n| if moves == 0 { f64::NAN } else { n as f64 / moves as f64 }).collect()
        };
        Self { k, p: transitions.chunks(k).flat_map(share).collect() }
    }

    fn is_known(&self) -> bool {
        self.p.iter().all(|p| !p.is_nan())
    }

    /// Which states are reached from each, itself among them; row after row.
    fn reaches(&self) -> Vec<bool> {
        let k = self.k;
        let mut reaches: Vec<bool> = (0..k * k).map(|at| at / k == at % k || self.p[at] > 0.0).collect();
        for via in 0..k {
            for i in (0..k).filter(|&i| reaches[i * k + via]).collect::<Vec<usize>>() {
                (0..k).for_each(|j| reaches[i * k + j] |= reaches[via * k + j]);
            }
        }
        reaches
    }

    /// The share of each state in the long run; NaN where it depends on the start or a row is unknown. O(k³).
    pub(super) fn steady(&self) -> Vec<f64> {
        let k = self.k;
        let reaches = self.reaches();
        // A state that is reached from everywhere lies in the only set of states that is never left.
        let Some(centre) = (0..k).find(|&j| (0..k).all(|i| reaches[i * k + j])).filter(|_| self.is_known()) else {
            return vec![f64::NAN; k];
        };
        let states: Vec<usize> = (0..k).filter(|&i| reaches[centre * k + i]).collect();
        let mut steady = vec![0.0; k];
        states.iter().zip(self.balance(&states)).for_each(|(&i, share)| steady[i] = share);
        steady
    }

    /// π = πP of states that are never left, by the elimination of Grassmann, Taksar and Heyman, which subtracts nothing.
    fn balance(&self, states: &[usize]) -> Vec<f64> {
        let m = states.len();
        let mut a: Vec<f64> =
            states.iter().flat_map(|&i| states.iter().map(move |&j| self.p[i * self.k + j])).collect();
        for last in (1..m).rev() {
            let leaving: f64 = (0..last).map(|j| a[last * m + j]).sum();
            for i in 0..last {
                a[i * m + last] /= leaving;
                for j in 0..last {
                    a[i * m + j] += a[i * m + last] * a[last * m + j];
                }
            }
        }
        let mut shares = vec![1.0; m];
        for j in 1..m {
            shares[j] = (0..j).map(|i| shares[i] * a[i * m + j]).sum();
        }
        let total: f64 = shares.iter().sum();
        shares.iter().map(|share| share / total).collect()
    }

    /// Mean steps from i until j is entered, row after row; NaN where it may never be, or a row is unknown. O(k⁴).
    pub(super) fn first_passage(&self) -> Vec<f64> {
        let k = self.k;
        let mut steps = vec![f64::NAN; k * k];
        if self.is_known() {
            for j in 0..k {
                self.until(j).iter().enumerate().for_each(|(i, &m)| steps[i * k + j] = m);
            }
        }
        steps
    }

    /// Mean steps from every state until j is entered: 1 + Σ_{l≠j} p_il m_l.
    fn until(&self, j: usize) -> Vec<f64> {
        let k = self.k;
        // Once j is entered it does not matter where the chain goes from there.
        let mut stopped = Self { k, p: self.p.clone() };
        (0..k).for_each(|l| stopped.p[j * k + l] = if l == j { 1.0 } else { 0.0 });
        let reaches = stopped.reaches();
        let certain = |i: usize| (0..k).all(|l| !reaches[i * k + l] || reaches[l * k + j]);
        let states: Vec<usize> = (0..k).filter(|&i| i != j && certain(i)).collect();
        let mut steps = vec![f64::NAN; k];
        let solved = self.absorption(&states);
        states.iter().zip(&solved).for_each(|(&i, &m)| steps[i] = m);
        let rest = (0..k).filter(|&l| l != j && self.p[j * k + l] > 0.0).map(|l| self.p[j * k + l] * steps[l]);
        steps[j] = 1.0 + rest.sum::<f64>();
        steps
    }

    /// (I − Q) m = 1 among `states`, by the same elimination without subtraction: what leaves a state is added up.
    fn absorption(&self, states: &[usize]) -> Vec<f64> {
        let m = states.len();
        let mut q: Vec<f64> =
            states.iter().flat_map(|&i| states.iter().map(move |&j| self.p[i * self.k + j])).collect();
        let outside = |&i: &usize| (0..self.k).filter(|j| !states.contains(j)).map(|j| self.p[i * self.k + j]).sum();
        let mut out: Vec<f64> = states.iter().map(outside).collect();
        let mut steps = vec![1.0; m];
        let mut leaving = vec![0.0; m];
        for last in (0..m).rev() {
            leaving[last] = out[last] + (0..last).map(|j| q[last * m + j]).sum::<f64>();
            for i in 0..last {
                let through = q[i * m + last] / leaving[last];
                for j in 0..last {
                    q[i * m + j] += through * q[last * m + j];
                }
                out[i] += through * out[last];
                steps[i] += through * steps[last];
            }
        }
        for i in 0..m {
            let rest: f64 = (0..i).map(|j| q[i * m + j] * steps[j]).sum();
            steps[i] = (steps[i] + rest) / leaving[i];
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_that_can_be_counted_by_hand() {
        // From 0 half go to 1, from 1 all come back.
        let chain = Chain::of(&[1, 1, 1, 0], 2);
        let close = |got: Vec<f64>, want: &[f64]| got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-15);
        assert!(close(chain.steady(), &[2.0 / 3.0, 1.0 / 3.0]));
        assert!(close(chain.first_passage(), &[1.5, 2.0, 1.0, 3.0]));
    }

    #[test]
    fn states_that_are_left_for_good_and_states_that_never_are() {
        // 0 leads to 1 and to 2, which are never left.
        let parted = Chain::of(&[0, 1, 1, 0, 1, 0, 0, 0, 1], 3);
        assert!(parted.steady().iter().all(|x| x.is_nan()));
        let steps = parted.first_passage();
        assert!(steps[0].is_nan() && steps[1].is_nan() && steps[2].is_nan() && steps[4] == 1.0 && steps[8] == 1.0);
        // 0 leads to 1, which is never left.
        let sink = Chain::of(&[1, 1, 0, 1], 2);
        assert_eq!(sink.steady(), [0.0, 1.0]);
        let steps = sink.first_passage();
        assert!(steps[0].is_nan() && steps[1] == 2.0 && steps[2].is_nan() && steps[3] == 1.0);
        // Nothing is known of what follows 1.
        let unknown = Chain::of(&[1, 1, 0, 0], 2);
        assert!(unknown.steady().iter().chain(&unknown.first_passage()).all(|x| x.is_nan()));
    }
}
