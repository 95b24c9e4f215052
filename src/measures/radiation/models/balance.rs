//! Flows with given sums of rows and columns: Furness' method, and Newton's where that is slow.

use rayon::prelude::*;

use super::impedance::Impedance;

/// Most rounds of balancing.
pub(super) const ROUNDS: usize = 2_000;
/// Relative error of a sum at which flows are balanced.
pub(super) const BALANCED: f64 = 1e-13;
/// Error that is rounding if more rounds do not lessen it.
const ROUNDING: f64 = 1e-10;
/// Into how many blocks rows are divided; fixed, so that sums do not depend on the number of threads.
const BLOCKS: usize = 64;
/// Most steps of conjugate gradients.
const STEPS: usize = 500;

/// T_ij = A_i K_ij B_j, K_ij = exp(b f_ij), with rows that add up to `out` and columns that add up to `into`.
pub(super) struct Balance<'a> {
    n: usize,
    /// K, each row over its largest element, so that it does not vanish.
    kernel: Vec<f64>,
    /// Logarithm of that element.
    scale: Vec<f64>,
    out: &'a [f64],
    into: &'a [f64],
    origin: Vec<f64>,
    destination: Vec<f64>,
    /// Σ_i T_ij.
    columns: Vec<f64>,
    /// Rounds so far.
    pub(super) rounds: usize,
}

/// The part of f that the factors of rows and columns do not explain, f_ij + u_i + v_j, and its variation Σ T x².
pub(super) struct Explained {
    pub(super) row: Vec<f64>,
    pub(super) column: Vec<f64>,
    pub(super) variation: f64,
    /// Σ T f.
    pub(super) total: f64,
}

impl<'a> Balance<'a> {
    pub(super) fn new(impedance: &Impedance, exponent: f64, out: &'a [f64], into: &'a [f64]) -> Self {
        let n = impedance.n;
        let mut balance = Self {
            n,
            kernel: vec![0.0; n * n],
            scale: vec![0.0; n],
            out,
            into,
            origin: vec![0.0; n],
            destination: into.iter().map(|&d| f64::from(u8::from(d > 0.0))).collect(),
            columns: vec![0.0; n],
            rounds: 0,
        };
        balance.set(impedance, exponent);
        balance
    }

    /// Another coefficient of distance; the factors of destinations stay as a beginning.
    pub(super) fn set(&mut self, impedance: &Impedance, exponent: f64) {
        let rows = self.kernel.par_chunks_mut(self.n.max(1)).zip(&mut self.scale).enumerate();
        rows.for_each(|(i, (row, scale))| {
            let f = impedance.row(i);
            let most = f.iter().fold(f64::NEG_INFINITY, |most, f| most.max(exponent * f));
            *scale = if most.is_finite() { most } else { 0.0 };
            for (k, &f) in row.iter_mut().zip(f) {
                *k = if f.is_nan() { 0.0 } else { libm::exp(exponent * f - *scale) };
            }
        });
    }

    /// Multiplies the factor of each destination by exp(change).
    pub(super) fn shift(&mut self, changes: impl Iterator<Item = f64>) {
        self.destination.iter_mut().zip(changes).for_each(|(b, change)| *b *= libm::exp(change.clamp(-2.0, 2.0)));
    }

    /// Balances to a relative error; whether that was reached.
    ///
    /// Furness' rounds lessen the error by a fixed factor, which is near 1 where distance weighs heavily. So a Newton step
    /// for the logarithms of B is tried every third round, and undone if the error has grown.
    pub(super) fn run(&mut self, tolerance: f64) -> bool {
        let (mut best, mut since, mut wait) = (f64::INFINITY, 0, 3);
        let mut before: Option<(f64, Vec<f64>)> = None;
        let from = self.rounds;
        while self.rounds - from < ROUNDS {
            self.rounds += 1;
            self.close_rows();
            let error = self.error();
            if error <= tolerance {
                return true;
            }
            if error < 0.9 * best {
                (best, since) = (error, 0);
            } else {
                since += 1;
                if since > 30 && best < ROUNDING {
                    return true;
                }
            }
            match before.take() {
                Some((last, kept)) if error.is_nan() || error >= last => {
                    (self.destination, wait) = (kept, 30);
                    continue;
                }
                _ => {}
            }
            wait -= usize::from(wait > 0);
            if wait == 0 && error < 1.0 {
                before = Some((error, self.destination.clone()));
                wait = 2;
                let missing: Vec<f64> = self.into.iter().zip(&self.columns).map(|(want, got)| want - got).collect();
                let change = self.solve(&missing, (0.1 * error).clamp(1e-12, 1e-2));
                self.shift(change.into_iter());
            } else {
                for ((b, want), got) in self.destination.iter_mut().zip(self.into).zip(&self.columns) {
                    *b = if *want > 0.0 && *got > 0.0 { *b * want / got } else { 0.0 };
                }
            }
        }
        false
    }

    /// Makes the rows add up, and sums the columns.
    fn close_rows(&mut self) {
        let out = self.out;
        let close = |i: usize, sum: f64| if out[i] > 0.0 && sum > 0.0 { out[i] / sum } else { 0.0 };
        let (origin, columns) = self.pass(&self.destination, close);
        self.origin = origin;
        self.columns = columns.iter().zip(&self.destination).map(|(sum, b)| sum * b).collect();
    }

    /// The largest relative error of a column, of rows that add up.
    fn error(&self) -> f64 {
        let of = |(want, got): (&f64, &f64)| if *want > 0.0 { (got / want - 1.0).abs() } else { 0.0 };
        self.into.iter().zip(&self.columns).map(of).fold(0.0, |most, error| if error <= most { most } else { error })
    }

    /// t_i = of_row(i, Σ_j K_ij x_j) and Σ_i t_i K_ij, in one pass over K.
    fn pass(&self, x: &[f64], of_row: impl Fn(usize, f64) -> f64 + Sync) -> (Vec<f64>, Vec<f64>) {
        let n = self.n;
        let size = n.div_ceil(BLOCKS).max(1);
        let of_block = |b: usize| {
            let (mut rows, mut columns) = (Vec::with_capacity(size), vec![0.0; n]);
            for i in b * size..n.min((b + 1) * size) {
                let row = &self.kernel[i * n..(i + 1) * n];
                let t = of_row(i, dot(row, x));
                columns.iter_mut().zip(row).for_each(|(sum, k)| *sum += t * k);
                rows.push(t);
            }
            (rows, columns)
        };
        let blocks: Vec<_> = (0..n.div_ceil(size)).into_par_iter().map(of_block).collect();
        let mut columns = vec![0.0; n];
        blocks.iter().for_each(|(_, part)| columns.iter_mut().zip(part).for_each(|(sum, x)| *sum += x));
        (blocks.into_iter().flat_map(|(rows, _)| rows).collect(), columns)
    }

    /// Solves (diag Σ_i T_ij − T′ diag(1/O) T) v = right by conjugate gradients to a relative residual. The sums of rows
    /// are at hand, so that this is the change of ln B for a change of the columns when rows stay balanced.
    fn solve(&self, right: &[f64], tolerance: f64) -> Vec<f64> {
        let n = self.n;
        let scaled = |x: &[f64]| -> Vec<f64> {
            x.iter().zip(&self.columns).map(|(x, c)| if *c > 0.0 { x / c } else { 0.0 }).collect()
        };
        let (mut v, mut residual) = (vec![0.0; n], right.to_vec());
        residual.iter_mut().zip(&self.columns).filter(|(_, c)| **c <= 0.0).for_each(|(r, _)| *r = 0.0);
        let mut direct = scaled(&residual);
        let mut product = dot(&residual, &direct);
        let enough = tolerance * tolerance * product;
        for _ in 0..STEPS {
            if product.is_nan() || product <= enough {
                break;
            }
            let image = self.schur(&direct);
            let length = product / dot(&direct, &image);
            if !length.is_finite() || length <= 0.0 {
                break;
            }
            v.iter_mut().zip(&direct).for_each(|(v, d)| *v += length * d);
            residual.iter_mut().zip(&image).for_each(|(r, x)| *r -= length * x);
            let next = scaled(&residual);
            let new = dot(&residual, &next);
            let turn = new / product;
            direct.iter_mut().zip(&next).for_each(|(d, z)| *d = z + turn * *d);
            product = new;
        }
        v
    }

    fn schur(&self, v: &[f64]) -> Vec<f64> {
        let x: Vec<f64> = self.destination.iter().zip(v).map(|(b, v)| b * v).collect();
        let of_row = |i: usize, sum: f64| {
            if self.out[i] > 0.0 { self.origin[i] * self.origin[i] * sum / self.out[i] } else { 0.0 }
        };
        let (_, sums) = self.pass(&x, of_row);
        (0..self.n).map(|j| self.columns[j] * v[j] - self.destination[j] * sums[j]).collect()
    }

    /// What of f the factors do not explain; the flows are balanced.
    pub(super) fn explained(&self, impedance: &Impedance) -> Explained {
        let n = self.n;
        let size = n.div_ceil(BLOCKS).max(1);
        // Σ_j T f and Σ_j T f² of each row, Σ_i T f of each column.
        let of_block = |b: usize| {
            let (mut rows, mut columns) = (Vec::new(), vec![0.0; n]);
            for i in b * size..n.min((b + 1) * size) {
                let (mut sum, mut square) = (0.0, 0.0);
                let row = self.kernel[i * n..(i + 1) * n].iter().zip(&self.destination).zip(impedance.row(i));
                for (((k, b), &f), column) in row.zip(&mut columns).filter(|(((k, _), _), _)| **k > 0.0) {
                    let term = self.origin[i] * k * b * f;
                    (sum, square, *column) = (sum + term, square + term * f, *column + term);
                }
                rows.push((sum, square));
            }
            (rows, columns)
        };
        let blocks: Vec<_> = (0..n.div_ceil(size)).into_par_iter().map(of_block).collect();
        let mut columns = vec![0.0; n];
        blocks.iter().for_each(|(_, part)| columns.iter_mut().zip(part).for_each(|(sum, x)| *sum += x));
        let rows: Vec<(f64, f64)> = blocks.into_iter().flat_map(|(rows, _)| rows).collect();
        let mean = |i: usize, sum: f64| if self.out[i] > 0.0 { sum / self.out[i] } else { 0.0 };
        let (_, indirect) = self.pass(&vec![0.0; n], |i, _| self.origin[i] * mean(i, rows[i].0));
        let right: Vec<f64> = (0..n).map(|j| self.destination[j] * indirect[j] - columns[j]).collect();
        let column = self.solve(&right, 1e-9);
        let x: Vec<f64> = self.destination.iter().zip(&column).map(|(b, v)| b * v).collect();
        let (passed, _) = self.pass(&x, |i, sum| self.origin[i] * sum);
        let row: Vec<f64> = (0..n).map(|i| -mean(i, rows[i].0 + passed[i])).collect();
        let squares: f64 = rows.iter().map(|(_, square)| square).sum();
        let explained = (0..n).map(|i| rows[i].0 * row[i] + columns[i] * column[i]).sum::<f64>();
        Explained { row, column, variation: squares + explained, total: rows.iter().map(|(sum, _)| sum).sum() }
    }

    /// α_i and β_j of μ_ij = exp(α_i + β_j + b f_ij).
    pub(super) fn logarithms(&self) -> (Vec<f64>, Vec<f64>) {
        let origin = self.origin.iter().zip(&self.scale).map(|(a, scale)| libm::log(*a) - scale).collect();
        (origin, self.destination.iter().map(|b| libm::log(*b)).collect())
    }
}

/// Σ x y over eight sums, which a processor can do at once.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let (x, y) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = x.remainder().iter().zip(y.remainder()).map(|(x, y)| x * y).sum();
    let mut sums = [0.0; 8];
    for (x, y) in x.zip(y) {
        (0..8).for_each(|k| sums[k] += x[k] * y[k]);
    }
    sums.iter().sum::<f64>() + rest
}
