//! Eigenvalues and eigenvectors of a real symmetric matrix: Householder's reduction to three diagonals, then QL steps with
//! implicit shifts.
//!
//! As tred2 and tql2 of EISPACK (Bowdler, Martin, Reinsch and Wilkinson 1968, Numerische Mathematik 11, 293-306), with the
//! vectors as rows, so that inner loops run along the memory. One order of operations, whatever the machine. O(m³).

/// Most QL steps for one eigenvalue; two or three are usual.
const STEPS: usize = 60;

/// Eigenvalues, the largest first, and their vectors of length 1, row by row, of the symmetric `matrix`, m × m.
/// `None` where the steps do not arrive, as where the matrix holds NaN.
pub(super) fn symmetric(mut matrix: Vec<f64>, m: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    if m == 0 {
        return Some((Vec::new(), Vec::new()));
    }
    let (mut diagonal, mut beside) = reduce(&mut matrix, m);
    solve(&mut matrix, m, &mut diagonal, &mut beside)?;
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|&a, &b| diagonal[b].total_cmp(&diagonal[a]));
    let vectors = order.iter().flat_map(|&row| &matrix[row * m..(row + 1) * m]).copied().collect();
    Some((order.iter().map(|&at| diagonal[at]).collect(), vectors))
}

/// Reduces `v` to three diagonals, of which it returns the main one and that beside it; `v` becomes the transform.
fn reduce(v: &mut [f64], m: usize) -> (Vec<f64>, Vec<f64>) {
    let mut d: Vec<f64> = v[(m - 1) * m..].to_vec();
    let mut e = vec![0.0; m];
    for i in (1..m).rev() {
        let scale: f64 = d[..i].iter().map(|x| x.abs()).sum();
        let mut h = 0.0;
        if scale == 0.0 {
            e[i] = d[i - 1];
            for j in 0..i {
                d[j] = v[j * m + i - 1];
                v[j * m + i] = 0.0;
                v[i * m + j] = 0.0;
            }
        } else {
            d[..i].iter_mut().for_each(|x| *x /= scale);
            h = d[..i].iter().map(|x| x * x).sum();
            let f = d[i - 1];
            let g = if f > 0.0 { -f64::sqrt(h) } else { f64::sqrt(h) };
            e[i] = scale * g;
            h -= f * g;
            d[i - 1] = f - g;
            reflect(v, m, i, &mut d, &mut e, h);
        }
        d[i] = h;
    }
    accumulate(v, m, &mut d);
    (d, e)
}

/// Applies one reflection, of the vector in `d`, to the leading part of `v` from both sides.
fn reflect(v: &mut [f64], m: usize, i: usize, d: &mut [f64], e: &mut [f64], h: f64) {
    e[..i].fill(0.0);
    for j in 0..i {
        let f = d[j];
        v[i * m + j] = f;
        let mut g = e[j] + v[j * m + j] * f;
        for k in j + 1..i {
            g += v[j * m + k] * d[k];
            e[k] += v[j * m + k] * f;
        }
        e[j] = g;
    }
    e[..i].iter_mut().for_each(|x| *x /= h);
    let f: f64 = e[..i].iter().zip(&d[..i]).map(|(e, d)| e * d).sum();
    let half = f / (h + h);
    e[..i].iter_mut().zip(&d[..i]).for_each(|(e, d)| *e -= half * d);
    for j in 0..i {
        let (f, g) = (d[j], e[j]);
        for k in j..i {
            v[j * m + k] -= f * e[k] + g * d[k];
        }
        d[j] = v[j * m + i - 1];
        v[j * m + i] = 0.0;
    }
}

/// Multiplies the reflections together and puts the main diagonal into `d`.
fn accumulate(v: &mut [f64], m: usize, d: &mut [f64]) {
    for i in 0..m - 1 {
        v[i * m + m - 1] = v[i * m + i];
        v[i * m + i] = 1.0;
        let h = d[i + 1];
        if h != 0.0 {
            let reflection: Vec<f64> = v[(i + 1) * m..(i + 1) * m + i + 1].to_vec();
            for row in v.chunks_exact_mut(m).take(i + 1) {
                let g: f64 = reflection.iter().zip(row.iter()).map(|(a, b)| a * b).sum();
                row.iter_mut().zip(&reflection).for_each(|(x, r)| *x -= g * (r / h));
            }
        }
        v[(i + 1) * m..(i + 1) * m + i + 1].fill(0.0);
    }
    for j in 0..m {
        d[j] = v[j * m + m - 1];
        v[j * m + m - 1] = 0.0;
    }
    v[m * m - 1] = 1.0;
}

/// QL steps until nothing is left beside the main diagonal; the rows of `v` turn into the eigenvectors.
fn solve(v: &mut [f64], m: usize, d: &mut [f64], e: &mut [f64]) -> Option<()> {
    e.rotate_left(1);
    e[m - 1] = 0.0;
    let (mut shift, mut size) = (0.0, 0.0_f64);
    for l in 0..m {
        size = size.max(d[l].abs() + e[l].abs());
        let negligible = |x: f64| x.abs() <= f64::EPSILON * size;
        let end = (l..m).find(|&at| negligible(e[at]))?;
        let mut steps = 0;
        while end > l && !negligible(e[l]) {
            steps += 1;
            if steps > STEPS {
                return None;
            }
            shift += start(d, e, l, m);
            step(v, m, d, e, (l, end));
        }
        d[l] += shift;
        e[l] = 0.0;
    }
    Some(())
}

/// Chooses the shift of a step, takes it off what is left of the diagonal, and returns it.
fn start(d: &mut [f64], e: &[f64], l: usize, m: usize) -> f64 {
    let g = d[l];
    let p = (d[l + 1] - g) / (2.0 * e[l]);
    let r = if p < 0.0 { -libm::hypot(p, 1.0) } else { libm::hypot(p, 1.0) };
    d[l] = e[l] / (p + r);
    d[l + 1] = e[l] * (p + r);
    let h = g - d[l];
    d[l + 2..m].iter_mut().for_each(|x| *x -= h);
    h
}

/// One QL step between `l` and `end`.
fn step(v: &mut [f64], m: usize, d: &mut [f64], e: &mut [f64], (l, end): (usize, usize)) {
    let (next, beside) = (d[l + 1], e[l + 1]);
    let mut p = d[end];
    let (mut c, mut c2, mut c3, mut s, mut s2) = (1.0, 1.0, 1.0, 0.0, 0.0);
    for i in (l..end).rev() {
        (c3, c2, s2) = (c2, c, s);
        let (g, h) = (c * e[i], c * p);
        let r = libm::hypot(p, e[i]);
        e[i + 1] = s * r;
        (s, c) = (e[i] / r, p / r);
        p = c * d[i] - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]);
        let (head, tail) = v.split_at_mut((i + 1) * m);
        for (a, b) in head[i * m..].iter_mut().zip(&mut tail[..m]) {
            (*a, *b) = (c * *a - s * *b, s * *a + c * *b);
        }
    }
    p = -s * s2 * c3 * beside * e[l] / next;
    e[l] = s * p;
    d[l] = c * p;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_matrices_by_hand() {
        assert_eq!(symmetric(Vec::new(), 0), Some((Vec::new(), Vec::new())));
        assert_eq!(symmetric(vec![3.0], 1), Some((vec![3.0], vec![1.0])));
        let (values, vectors) = symmetric(vec![2.0, 1.0, 1.0, 2.0], 2).unwrap();
        assert!((values[0] - 3.0).abs() < 1e-15 && (values[1] - 1.0).abs() < 1e-15);
        assert!((vectors[0].abs() - 0.5_f64.sqrt()).abs() < 1e-15 && (vectors[0] - vectors[1]).abs() < 1e-15);
        assert_eq!(symmetric(vec![f64::NAN; 4], 2), None);
        assert_eq!(symmetric(vec![0.0; 9], 3).unwrap().0, [0.0; 3]);
    }

    proptest! {
        #[test]
        fn vectors_are_of_length_one_at_right_angles_and_belong_to_their_values(
            m in 1_usize..12, draws in prop::collection::vec(-5_i32..5, 144), bits in any::<bool>()
        ) {
            // Half of the matrices have many zeros and equal eigenvalues.
            let draw = |i: usize, j: usize| f64::from(draws[i.min(j) * 12 + i.max(j)]);
            let a: Vec<f64> = (0..m * m).map(|at| draw(at / m, at % m)).map(|x| if bits { f64::from(x > 2.0) } else { x }).collect();
            let (values, vectors) = symmetric(a.clone(), m).unwrap();
            let row = |i: usize| &vectors[i * m..(i + 1) * m];
            for i in 0..m {
                prop_assert!(i == 0 || values[i] <= values[i - 1]);
                for j in 0..m {
                    let product: f64 = row(i).iter().zip(row(j)).map(|(a, b)| a * b).sum();
                    prop_assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
                    let image: f64 = a[j * m..(j + 1) * m].iter().zip(row(i)).map(|(a, b)| a * b).sum();
                    prop_assert!((image - values[i] * row(i)[j]).abs() < 1e-11);
                }
            }
        }
    }
}
