//! The eigenvalues of a real symmetric matrix, without their vectors.
//!
//! Householder's reduction to three diagonals, row by row in parallel with one order of operations whatever the number of
//! threads, then QL steps with implicit shifts (tql1 of EISPACK). O(m³), a sixth of what the vectors would take.

use rayon::prelude::*;

use super::linear::dot;

/// Most QL steps for one eigenvalue; two or three are usual.
const STEPS: usize = 60;
/// Most rows that are worked on in one thread.
const ALONE: usize = 256;

/// The eigenvalues of the symmetric `matrix`, m × m, ascending; `None` where the steps do not arrive.
pub(super) fn eigenvalues(mut matrix: Vec<f64>, m: usize) -> Option<Vec<f64>> {
    let (mut diagonal, mut beside) = (vec![0.0; m], vec![0.0; m]);
    for i in (0..m).rev() {
        diagonal[i] = matrix[i * m + i];
        if i > 0 {
            beside[i - 1] = reduce(&mut matrix, m, i);
        }
    }
    solve(&mut diagonal, &mut beside)?;
    diagonal.sort_by(f64::total_cmp);
    Some(diagonal)
}

/// Makes row i zero but for its last entry before the diagonal, which it returns, by a reflection of what lies above.
fn reduce(a: &mut [f64], m: usize, i: usize) -> f64 {
    let (above, row) = a.split_at_mut(i * m);
    let mut u = row[..i].to_vec();
    let scale: f64 = u[..i - 1].iter().map(|x| x.abs()).sum();
    if scale == 0.0 {
        return u[i - 1];
    }
    let scale = scale + u[i - 1].abs();
    u.iter_mut().for_each(|x| *x /= scale);
    let (h, last) = (dot(&u, &u), u[i - 1]);
    let g = if last > 0.0 { -h.sqrt() } else { h.sqrt() };
    let h = h - last * g;
    u[i - 1] = last - g;
    let image = |row: &[f64]| dot(&row[..i], &u) / h;
    let mut q: Vec<f64> = match i > ALONE {
        true => above.par_chunks(m).with_min_len(16).map(image).collect(),
        false => above.chunks(m).map(image).collect(),
    };
    let half = dot(&u, &q) / (2.0 * h);
    q.iter_mut().zip(&u).for_each(|(q, u)| *q -= half * u);
    let update = |(j, row): (usize, &mut [f64])| {
        let (uj, qj) = (u[j], q[j]);
        row[..i].iter_mut().zip(&q).zip(&u).for_each(|((x, q), u)| *x -= uj * q + qj * u);
    };
    match i > ALONE {
        true => above.par_chunks_mut(m).with_min_len(16).enumerate().for_each(update),
        false => above.chunks_mut(m).enumerate().for_each(update),
    }
    scale * g
}

/// QL steps until nothing is left beside the diagonal `d`; `e` starts with the entry between the first two.
fn solve(d: &mut [f64], e: &mut [f64]) -> Option<()> {
    let m = d.len();
    let size = (0..m).fold(0.0_f64, |most, i| most.max(d[i].abs() + e[i].abs()));
    if !size.is_finite() {
        return None;
    }
    for l in 0..m {
        for steps in 0.. {
            let end = (l..m - 1).find(|&at| e[at].abs() <= f64::EPSILON * size).unwrap_or(m - 1);
            if end == l {
                break;
            }
            if steps == STEPS {
                return None;
            }
            step(d, e, l, end);
        }
    }
    Some(())
}

fn step(d: &mut [f64], e: &mut [f64], l: usize, end: usize) {
    let slope = (d[l + 1] - d[l]) / (2.0 * e[l]);
    let root = libm::hypot(slope, 1.0);
    let mut g = d[end] - d[l] + e[l] / (slope + if slope < 0.0 { -root } else { root });
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (l..end).rev() {
        let (f, b) = (s * e[i], c * e[i]);
        let r = libm::hypot(f, g);
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[end] = 0.0;
            return;
        }
        (s, c) = (f / r, g / r);
        g = d[i + 1] - p;
        let r = (d[i] - g) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
    }
    d[l] -= p;
    e[l] = g;
    e[end] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ring_and_small_ones() {
        assert_eq!(eigenvalues(Vec::new(), 0), Some(Vec::new()));
        assert_eq!(eigenvalues(vec![3.0], 1), Some(vec![3.0]));
        assert_eq!(eigenvalues(vec![f64::NAN; 4], 2), None);
        assert_eq!(eigenvalues(vec![0.0; 9], 3).unwrap(), [0.0; 3]);
        let n: usize = 300; // More rows than are worked on in one thread.
        let ring = (0..n * n).map(|at| f64::from(u8::from([1, n - 1].contains(&(at / n).abs_diff(at % n))))).collect();
        let got = eigenvalues(ring, n).unwrap();
        let mut want: Vec<f64> =
            (0..n).map(|k| 2.0 * libm::cos(2.0 * std::f64::consts::PI * k as f64 / n as f64)).collect();
        want.sort_by(f64::total_cmp);
        assert!(got.iter().zip(&want).all(|(got, want)| (got - want).abs() < 1e-12));
    }

    proptest! {
        #[test]
        fn sums_of_powers_are_traces(m in 1_usize..12, draws in prop::collection::vec(-5_i32..5, 144)) {
            let a: Vec<f64> = (0..m * m).map(|at| f64::from(draws[(at / m).min(at % m) * 12 + (at / m).max(at % m)])).collect();
            let values = eigenvalues(a.clone(), m).unwrap();
            let trace: f64 = (0..m).map(|i| a[i * m + i]).sum();
            prop_assert!((values.iter().sum::<f64>() - trace).abs() < 1e-11);
            prop_assert!((dot(&values, &values) - dot(&a, &a)).abs() < 1e-9);
        }
    }
}
