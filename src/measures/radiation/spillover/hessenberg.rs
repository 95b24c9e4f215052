//! log |I − ρA| of a matrix that is not symmetric: A is reduced once, so that every ρ takes O(n²).

use rayon::prelude::*;

/// Most rows that are worked on in one thread.
const ALONE: usize = 256;

/// A matrix similar to A with nothing below the diagonal beside the main one.
#[derive(Clone, Debug)]
pub(super) struct Hessenberg {
    n: usize,
    a: Vec<f64>,
}

impl Hessenberg {
    /// Reduces the n × n matrix by elimination with the largest pivots (elmhes of EISPACK; Martin and Wilkinson 1968,
    /// Numerische Mathematik 12, 349-368). O(n³).
    pub fn new(mut a: Vec<f64>, n: usize) -> Self {
        for m in 1..n.saturating_sub(1) {
            let column = m - 1;
            let larger =
                |best: usize, i: usize| if a[i * n + column].abs() > a[best * n + column].abs() { i } else { best };
            let pivot = (m..n).fold(m, larger);
            if a[pivot * n + column] == 0.0 {
                continue;
            }
            if pivot != m {
                (0..n).for_each(|j| a.swap(pivot * n + j, m * n + j));
                (0..n).for_each(|i| a.swap(i * n + pivot, i * n + m));
            }
            eliminate(&mut a, n, m);
        }
        Self { n, a }
    }

    /// log |det(I − ρA)| with its first and second derivative by ρ, which are carried along the elimination.
    pub fn log_determinant(&self, rho: f64) -> [f64; 3] {
        let n = self.n;
        let entry = |i: usize, j: usize| {
            let h = self.a[i * n + j];
            [f64::from(u8::from(i == j)) - rho * h, -h, 0.0]
        };
        let mut sum = [0.0; 3];
        let mut top: Vec<[f64; 3]> = (0..n).map(|j| entry(0, j)).collect();
        for i in 0..n {
            if i + 1 < n && self.a[(i + 1) * n + i] != 0.0 {
                let mut next: Vec<[f64; 3]> = (i..n).map(|j| entry(i + 1, j)).collect();
                if next[0][0].abs() > top[0][0].abs() {
                    std::mem::swap(&mut next, &mut top);
                }
                let factor = quotient(next[0], top[0]);
                next.iter_mut().zip(&top).skip(1).for_each(|(x, t)| take_off(x, factor, *t));
                add_logarithm(&mut sum, top[0]);
                next.remove(0);
                top = next;
            } else {
                add_logarithm(&mut sum, top[0]);
                top = (i + 1..n).map(|j| entry(i + 1, j)).collect();
            }
        }
        sum
    }
}

/// Eliminates below row m of the column before, from both sides.
fn eliminate(a: &mut [f64], n: usize, m: usize) {
    let column = m - 1;
    let (head, tail) = a.split_at_mut((m + 1) * n);
    let top = &head[m * n..];
    let below = |row: &mut [f64]| {
        let factor = row[column] / top[column];
        row[column] = 0.0;
        if factor != 0.0 {
            row[m..].iter_mut().zip(&top[m..]).for_each(|(x, t)| *x -= factor * t);
        }
        factor
    };
    let factors: Vec<f64> = match n > ALONE {
        true => tail.par_chunks_mut(n).with_min_len(16).map(below).collect(),
        false => tail.chunks_mut(n).map(below).collect(),
    };
    let across = |row: &mut [f64]| {
        row[m] += row[m + 1..].iter().zip(&factors).map(|(x, factor)| x * factor).sum::<f64>();
    };
    match n > ALONE {
        true => a.par_chunks_mut(n).with_min_len(16).for_each(across),
        false => a.chunks_mut(n).for_each(across),
    }
}

/// r/p with its derivatives.
fn quotient(r: [f64; 3], p: [f64; 3]) -> [f64; 3] {
    let value = r[0] / p[0];
    let first = (r[1] - value * p[1]) / p[0];
    [value, first, (r[2] - 2.0 * first * p[1] - value * p[2]) / p[0]]
}

/// x − f·t with its derivatives.
fn take_off(x: &mut [f64; 3], f: [f64; 3], t: [f64; 3]) {
    x[0] -= f[0] * t[0];
    x[1] -= f[1] * t[0] + f[0] * t[1];
    x[2] -= f[2] * t[0] + 2.0 * f[1] * t[1] + f[0] * t[2];
}

fn add_logarithm(sum: &mut [f64; 3], p: [f64; 3]) {
    let slope = p[1] / p[0];
    sum[0] += libm::log(p[0].abs());
    sum[1] += slope;
    sum[2] += p[2] / p[0] - slope * slope;
}
