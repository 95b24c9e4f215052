//! A straight line through points, with the standard error of its slope.

use crate::inference::student_p;

/// Where the standard error of a slope comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errors {
    /// √(Σe²/(n − 2)/S_xx): deviations of the same variance, independent of each other.
    Classical,
    /// HC3 of MacKinnon and White: deviations of any variance, each over 1 − h_i.
    Hc3,
}

/// The line y = intercept + slope·x by least squares.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) intercept: f64,
    pub(super) slope: f64,
    /// NaN where the line goes through every point, as with two of them; so are t and p.
    pub(super) se: f64,
    pub(super) t: f64,
    /// Two-sided, by Student's t with n − 2 degrees of freedom.
    pub(super) p: f64,
    /// NaN where y does not vary.
    pub(super) r2: f64,
    /// y less the line.
    pub(super) deviations: Vec<f64>,
}

/// The line through the points; `None` where x does not vary. Deviations up to `noise` are rounding. O(n).
pub(super) fn line(x: &[f64], y: &[f64], noise: f64, errors: Errors) -> Option<Line> {
    let n = x.len() as f64;
    let (x_mean, y_mean) = (mean(x), mean(y));
    let dx: Vec<f64> = x.iter().map(|x| x - x_mean).collect();
    let largest = x.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    if dx.iter().all(|d| d.abs() <= 1e-14 * largest) {
        return None;
    }
    let s_xx: f64 = dx.iter().map(|d| d * d).sum();
    let slope = dx.iter().zip(y).map(|(d, y)| d * (y - y_mean)).sum::<f64>() / s_xx;
    let deviations: Vec<f64> = dx.iter().zip(y).map(|(d, y)| (y - y_mean) - slope * d).collect();
    let exact = deviations.iter().all(|e| e.abs() <= noise);
    let squares: f64 = deviations.iter().map(|e| e * e).sum();
    let total: f64 = y.iter().map(|y| (y - y_mean) * (y - y_mean)).sum();
    let variance = match errors {
        _ if exact || x.len() < 3 => f64::NAN,
        Errors::Classical => squares / (n - 2.0) / s_xx,
        Errors::Hc3 => {
            let term = |(d, e): (&f64, &f64)| {
                let rest = 1.0 - 1.0 / n - d * d / s_xx;
                // A point through which the line goes whatever its value says nothing about deviations.
                if rest <= 1e-12 { f64::NAN } else { (d * e / rest) * (d * e / rest) }
            };
            dx.iter().zip(&deviations).map(term).sum::<f64>() / (s_xx * s_xx)
        }
    };
    let se = variance.sqrt();
    let t = slope / se;
    let varies = y.iter().any(|y| (y - y_mean).abs() > noise);
    let r2 = if varies { 1.0 - squares / total } else { f64::NAN };
    Some(Line { intercept: y_mean - slope * x_mean, slope, se, t, p: student_p(t, n - 2.0), r2, deviations })
}

/// The mean, from the first value on.
pub(super) fn mean(x: &[f64]) -> f64 {
    let first = x.first().copied().unwrap_or(f64::NAN);
    first + x.iter().map(|x| x - first).sum::<f64>() / x.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_leave_nothing_over_have_no_error() {
        for errors in [Errors::Classical, Errors::Hc3] {
            let two = line(&[1.0, 3.0], &[5.0, 9.0], 0.0, errors).unwrap();
            assert!(two.slope == 2.0 && two.intercept == 3.0 && two.se.is_nan() && two.p.is_nan());
            let exact = line(&[1.0, 2.0, 3.0], &[0.1, 0.2, 0.3], 1e-15, errors).unwrap();
            assert!(exact.se.is_nan() && (exact.r2 - 1.0).abs() < 1e-15);
            assert!(line(&[2.0; 3], &[1.0, 2.0, 3.0], 0.0, errors).is_none());
            assert!(line(&[1.0, 2.0, 3.0], &[0.1; 3], 1e-15, errors).unwrap().r2.is_nan());
        }
    }

    #[test]
    fn a_point_that_the_line_has_to_meet_leaves_hc3_undefined() {
        let x = [0.0, 0.0, 0.0, 1.0];
        assert!(line(&x, &[1.0, 2.0, 4.0, 3.0], 0.0, Errors::Hc3).unwrap().se.is_nan());
        assert!(line(&x, &[1.0, 2.0, 4.0, 3.0], 0.0, Errors::Classical).unwrap().se > 0.0);
    }
}
