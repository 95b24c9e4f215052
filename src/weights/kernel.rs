//! Kernel weights: they fall off with distance and end at a bandwidth.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use rayon::prelude::*;

use super::distance::{enough_for, largest_nearest_distance, length_note, positive, refuse_too_many};
use super::index::{Index, SAME};
use super::rows::{Built, gather};
use crate::error::{Fault, Kind, Result};
use crate::note::{Note, listed};
use crate::study::Cities;

/// A kernel K(z) of the distance in bandwidths, z = d/h; 0 beyond z = 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// 1 − z
    Triangular,
    /// ½
    Uniform,
    /// ¾ (1 − z²)
    Epanechnikov,
    /// 15/16 (1 − z²)²
    Quartic,
    /// (2π)^−½ e^(−z²/2), cut off at z = 1
    Gaussian,
    /// π/4 cos(πz/2)
    Cosine,
    /// e^(−z), cut off at z = 1
    Exponential,
}

/// How far a kernel reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bandwidth {
    /// One length for all cities, in the unit of the metric: kilometres on the sphere.
    Fixed(f64),
    /// For each city the distance to its k-th nearest other; all others at that distance are within reach.
    Nearest(usize),
    /// For all cities the largest distance of a city to its nearest.
    Auto,
}

impl Kernel {
    /// All kernels, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Triangular,
        Self::Uniform,
        Self::Epanechnikov,
        Self::Quartic,
        Self::Gaussian,
        Self::Cosine,
        Self::Exponential,
    ];

    /// The kernel's name in a specification.
    pub fn name(self) -> &'static str {
        match self {
            Self::Triangular => "triangular",
            Self::Uniform => "uniform",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Gaussian => "gaussian",
            Self::Cosine => "cosine",
            Self::Exponential => "exponential",
        }
    }

    /// The kernel of this name, or of a name that other programs have for it.
    ///
    /// ```
    /// use agglo::weights::kernel::Kernel;
    /// assert_eq!(Kernel::from_name("bisquare"), Some(Kernel::Quartic));
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "triangle" => Some(Self::Triangular),
            "boxcar" => Some(Self::Uniform),
            "parabolic" | "quadratic" => Some(Self::Epanechnikov),
            "bisquare" | "biweight" => Some(Self::Quartic),
            _ => Self::ALL.into_iter().find(|kernel| kernel.name() == name),
        }
    }

    /// K(z) for z ≥ 0.
    ///
    /// ```
    /// use agglo::weights::kernel::Kernel;
    /// assert_eq!(Kernel::Triangular.weight(0.25), 0.75);
    /// assert_eq!(Kernel::Gaussian.weight(1.5), 0.0);
    /// ```
    pub fn weight(self, z: f64) -> f64 {
        if z > 1.0 {
            return 0.0;
        }
        match self {
            Self::Triangular => 1.0 - z,
            Self::Uniform => 0.5,
            Self::Epanechnikov => 0.75 * (1.0 - z * z),
            Self::Quartic => 0.9375 * (1.0 - z * z) * (1.0 - z * z),
            Self::Gaussian => libm::exp(-z * z / 2.0) / (2.0 * PI).sqrt(),
            Self::Cosine if z == 1.0 => 0.0,
            Self::Cosine => FRAC_PI_4 * libm::cos(FRAC_PI_2 * z),
            Self::Exponential => libm::exp(-z),
        }
    }
}

/// w_ij = K(d_ij / h_i) for the cities within the bandwidth h_i of city i; `kernel:gaussian:150km`.
///
/// The city itself is left out, and a weight of 0 is no link: kernels that end in 0 do not link the cities at z = 1.
/// Adaptive weights ([`Bandwidth::Nearest`]) are not symmetric in general. Cities without a point are isolates.
///
/// # Errors
/// If a bandwidth is 0, for a length not above 0 or because cities coincide; if there are not `k` others; if there
/// would be too many links.
pub fn kernel(cities: &Cities, kernel: Kernel, bandwidth: Bandwidth) -> Result<Built> {
    let index = Index::new(&cities.points, cities.metric);
    let name = kernel.name();
    let (label, fixed, mut notes) = match bandwidth {
        Bandwidth::Fixed(length) => {
            (format!("kernel:{name}:{length}{}", cities.metric.unit()), Some(positive(length)?), Vec::new())
        }
        Bandwidth::Nearest(k) => (format!("kernel:{name}:k{k}"), None, Vec::new()),
        Bandwidth::Auto => {
            let label = format!("kernel:{name}:auto");
            let (length, farthest) = largest_nearest_distance(&index)?;
            let note = length_note(cities, &label, length, farthest);
            (label, Some(length), vec![note])
        }
    };
    let lengths = match bandwidth {
        Bandwidth::Nearest(k) => adaptive(&index, k)?,
        _ => vec![fixed.unwrap_or_default(); cities.len()],
    };
    refuse_zero(cities, &index, &label, &lengths)?;
    if let Some(length) = fixed {
        refuse_too_many(&index, &label, length)?;
    }
    let z = |distance: f64, h: f64| if distance >= h * (1.0 - SAME) { 1.0 } else { distance / h };
    let weights = gather(&label, cities.len(), |i| {
        let h = lengths[i];
        index.within(i, h).iter().map(|f| (f.city, kernel.weight(z(f.distance, h)))).collect()
    })?;
    if bandwidth == Bandwidth::Auto && kernel.weight(1.0) == 0.0 {
        let emptied = (0..cities.len()).filter(|&i| index.point(i).is_some() && weights.neighbours(i).is_empty());
        notes.extend(edge_note(cities, name, &emptied.collect::<Vec<_>>()));
    }
    Ok(Built { weights, notes })
}

/// For every city the distance to its `k`-th nearest other; 0, and never used, where it has no point.
fn adaptive(index: &Index, k: usize) -> Result<Vec<f64>> {
    enough_for(index, k)?;
    let kth = |i| index.nearest(i, k).neighbours.iter().map(|f| f.distance).fold(0.0, f64::max);
    Ok((0..index.len()).into_par_iter().map(kth).collect())
}

fn refuse_zero(cities: &Cities, index: &Index, label: &str, lengths: &[f64]) -> Result<()> {
    let without: Vec<String> =
        (0..cities.len()).filter(|&i| lengths[i] == 0.0 && index.point(i).is_some()).map(|i| cities.label(i)).collect();
    if without.is_empty() {
        return Ok(());
    }
    let message = format!("{label} has a bandwidth of 0 at {}, which coincide with their neighbours", listed(&without));
    Err(Fault::new(Kind::Weights, message).hint("give a length, or count more neighbours").into())
}

fn edge_note(cities: &Cities, name: &str, emptied: &[usize]) -> Option<Note> {
    let names: Vec<String> = emptied.iter().map(|&i| cities.label(i)).collect();
    let message =
        || format!("the {name} kernel is 0 at its bandwidth, so that the nearest of {} counts nothing", listed(&names));
    let ids = || emptied.iter().map(|&i| cities.ids[i].clone());
    (!emptied.is_empty()).then(|| Note::remark("bandwidth", message()).about(ids()))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::super::distance::tests::points;
    use super::*;

    #[test]
    fn kernels_at_the_centre_and_at_the_edge() {
        let root = 1.0 / (2.0 * PI).sqrt();
        let expected = [
            (Kernel::Triangular, 1.0, 0.0),
            (Kernel::Uniform, 0.5, 0.5),
            (Kernel::Epanechnikov, 0.75, 0.0),
            (Kernel::Quartic, 0.9375, 0.0),
            (Kernel::Gaussian, root, root * (-0.5f64).exp()),
            (Kernel::Cosine, FRAC_PI_4, 0.0),
            (Kernel::Exponential, 1.0, (-1.0f64).exp()),
        ];
        for (kernel, centre, edge) in expected {
            assert_eq!(kernel.weight(0.0), centre);
            assert_relative_eq!(kernel.weight(1.0), edge);
            assert_eq!(kernel.weight(1.0 + 1e-15), 0.0);
            assert_eq!(Kernel::from_name(kernel.name()), Some(kernel));
        }
    }

    #[test]
    fn a_weight_of_nothing_is_no_link() {
        let cities = points(&[[0.0, 0.0], [0.1, 0.0], [0.3, 0.0]]); // 0.3 - 0.1 is not quite 0.2
        let triangular = kernel(&cities, Kernel::Triangular, Bandwidth::Fixed(0.2)).unwrap();
        assert_eq!(triangular.weights.isolates(), [2]);
        assert_eq!(triangular.weights.weight(0, 1), 0.5);
        let uniform = kernel(&cities, Kernel::Uniform, Bandwidth::Fixed(0.2)).unwrap();
        assert_eq!(uniform.weights.weight(2, 1), 0.5);
    }

    #[test]
    fn an_adaptive_bandwidth_is_the_distance_to_the_kth_other_city() {
        let cities = points(&[[0.0, 0.0], [1.0, 0.0], [4.0, 0.0], [20.0, 0.0]]);
        let built = kernel(&cities, Kernel::Triangular, Bandwidth::Nearest(2)).unwrap();
        assert_eq!(built.weights.row(0).collect::<Vec<_>>(), [(1, 0.75)]);
        assert_eq!(built.weights.row(3).collect::<Vec<_>>(), [(2, 1.0 - 16.0 / 19.0)]);
        let twins = points(&[[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]]);
        let error = kernel(&twins, Kernel::Uniform, Bandwidth::Nearest(1)).unwrap_err().to_string();
        assert_eq!(
            error,
            "kernel:uniform:k1 has a bandwidth of 0 at C01 and C02, which coincide with their neighbours"
        );
    }

    #[test]
    fn a_kernel_that_empties_the_city_it_is_sized_by_says_so() {
        let cities = points(&[[0.0, 0.0], [1.0, 0.0], [4.0, 0.0]]);
        let codes = |k| kernel(&cities, k, Bandwidth::Auto).unwrap().notes.iter().map(|n| n.code).collect::<Vec<_>>();
        assert_eq!(codes(Kernel::Triangular), ["length", "bandwidth"]);
        assert_eq!(codes(Kernel::Gaussian), ["length"]);
    }
}
