//! Similarity of industrial structures, pair by pair.

mod adapter;
mod logarithm;
mod profiles;
mod report;
mod rows;
mod sensitivity;
mod summary;

pub(in crate::measures) use adapter::MEASURE;
pub use summary::{GroupMeans, SimilaritySummary, mean_by_groups, similarity_summary};

use crate::error::{Fault, Kind, Result};
use crate::study::Structure;
use profiles::Profiles;
use rows::symmetric;

/// The coefficients by which two structures are compared; see [`Similarity`] for their formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coefficient {
    /// UNIDO's coefficient of similarity, the cosine of the shares, in [0, 1].
    Unido,
    /// Krugman's index of dissimilarity, in [0, 2].
    Krugman,
    /// Finger and Kreinin's overlap, in [0, 1].
    FingerKreinin,
    /// Bray and Curtis's dissimilarity of the shares, half of Krugman's index, in [0, 1].
    BrayCurtis,
    /// Jensen-Shannon divergence in bits, in [0, 1].
    JensenShannon,
    /// Hellinger's distance, in [0, 1].
    Hellinger,
    /// Pearson's correlation of the shares over the sectors, in [-1, 1].
    Pearson,
    /// Spearman's correlation of the sectors' ranks, in [-1, 1].
    Spearman,
    /// Deng's grey relational degree, in (0, 1].
    Grey,
}

impl Coefficient {
    /// All of them, in the order of [`Similarity`].
    pub const ALL: [Self; 9] = [
        Self::Unido,
        Self::Krugman,
        Self::FingerKreinin,
        Self::BrayCurtis,
        Self::JensenShannon,
        Self::Hellinger,
        Self::Pearson,
        Self::Spearman,
        Self::Grey,
    ];

    /// Its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unido => "unido",
            Self::Krugman => "krugman",
            Self::FingerKreinin => "finger_kreinin",
            Self::BrayCurtis => "bray_curtis",
            Self::JensenShannon => "jensen_shannon",
            Self::Hellinger => "hellinger",
            Self::Pearson => "pearson",
            Self::Spearman => "spearman",
            Self::Grey => "grey",
        }
    }

    /// Its least and greatest value.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Krugman => (0.0, 2.0),
            Self::Pearson | Self::Spearman => (-1.0, 1.0),
            _ => (0.0, 1.0),
        }
    }

    /// Its value for two cities of the same structure: 1 for a similarity, 0 for a distance.
    pub fn of_identical(self) -> f64 {
        match self {
            Self::Krugman | Self::BrayCurtis | Self::JensenShannon | Self::Hellinger => 0.0,
            Self::Unido | Self::FingerKreinin | Self::Pearson | Self::Spearman | Self::Grey => 1.0,
        }
    }
}

/// Similarity of all pairs of n cities; see [`similarity`]. The matrices are n × n, row after row, symmetric to the last
/// bit, and NaN in the rows and columns of cities that take no part.
#[derive(Clone, Debug, PartialEq)]
pub struct Similarity {
    /// UNIDO's coefficient S_ij, 0 (no sector in common) to 1 (the same shares).
    pub unido: Vec<f64>,
    /// Krugman's index K_ij, 0 (the same shares) to 2 (no sector in common).
    pub krugman: Vec<f64>,
    /// Finger and Kreinin's overlap, 0 to 1.
    pub finger_kreinin: Vec<f64>,
    /// Bray and Curtis's dissimilarity of the shares, K_ij/2, 0 to 1.
    pub bray_curtis: Vec<f64>,
    /// Jensen-Shannon divergence in bits, 0 to 1.
    pub jensen_shannon: Vec<f64>,
    /// Hellinger's distance, 0 to 1.
    pub hellinger: Vec<f64>,
    /// Pearson's correlation of the shares, −1 to 1; NaN where all shares of a city are equal.
    pub pearson: Vec<f64>,
    /// Spearman's correlation of the shares, −1 to 1; NaN where all shares of a city are equal.
    pub spearman: Vec<f64>,
    /// Grey relational degree, above 0 up to 1. It depends on which cities are compared.
    pub grey: Vec<f64>,
    /// UNIDO's coefficient of each city and all cities together.
    pub unido_total: Vec<f64>,
    /// Grey relational degree of each city and all cities together.
    pub grey_total: Vec<f64>,
    /// The cities all of whose shares are equal, which leaves correlations undefined.
    pub constant: Vec<usize>,
}

/// How similar the structures of the cities are, by nine coefficients.
///
/// # Formula
///
/// With s_ik the share of sector k in city i, over K sectors:
///
/// * UNIDO: S_ij = Σ s_ik s_jk / √(Σ s_ik² Σ s_jk²)
/// * Krugman: K_ij = Σ |s_ik − s_jk|
/// * Finger-Kreinin: Σ min(s_ik, s_jk) = 1 − K_ij/2
/// * Bray-Curtis, on shares: Σ |s_ik − s_jk| / Σ (s_ik + s_jk) = K_ij/2
/// * Jensen-Shannon: H(m) − (H(s_i) + H(s_j))/2 with m = (s_i + s_j)/2 and H(p) = −Σ p_k log₂ p_k; the divergence, not its
///   square root
/// * Hellinger: √(½ Σ (√s_ik − √s_jk)²)
/// * Pearson: the correlation of s_i and s_j over the sectors; Spearman: that of their ranks, ties at their average rank
/// * grey: (1/K) Σ_k ρ Δ / (|s_ik − s_jk| + ρ Δ) with ρ = ½ and Δ the greatest difference |s_ik − s_jk| of any pair and
///   sector; the least is 0
///
/// `unido_total` compares s_i with the shares S of all cities that take part, added up. `grey_total` is
/// (1/K) Σ_k (δ + ρ Δ) / (|s_ik − S_k| + ρ Δ) with δ and Δ the least and the greatest |s_ik − S_k| of any city and sector.
///
/// Structures that are equal but for rounding are exactly 1, or 0 for a distance. All levels of a city multiplied by a
/// factor change nothing. All coefficients depend on how fine the sectors are: with three sectors, cities are alike by
/// construction.
///
/// O(n² K) time on all cores, 72 n² bytes of memory; the same bits for any number of threads.
///
/// # Errors
///
/// [`Kind::TooFew`] with fewer than two sectors or fewer than two cities that take part.
///
/// # Source
///
/// UNIDO (1979). World Industry since 1960: Progress and Prospects. New York: United Nations.
/// Krugman, P. (1991). Geography and Trade. MIT Press.
/// Finger, J. M. and Kreinin, M. E. (1979). A measure of 'export similarity' and its possible uses. Economic Journal 89,
/// 905-912. doi:10.2307/2231506
/// Lin, J. (1991). Divergence measures based on the Shannon entropy. IEEE Transactions on Information Theory 37, 145-151.
/// doi:10.1109/18.61115
/// Deng, J. (1982). Control problems of grey systems. Systems & Control Letters 1, 288-294.
/// doi:10.1016/S0167-6911(82)80025-X
///
/// ```
/// use agglo::measures::isomorphism::similarity;
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 30.0, 10.0, 0.0, 5.0], 2)?;
/// let result = similarity(&structure)?;
/// assert_eq!(result.unido[1], 1.0); // the first two cities have the same shares
/// assert_eq!(result.krugman[2], 1.5); // |0.75 - 0| + |0.25 - 1|
/// assert!((result.unido[2] - 1.0 / 10.0_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn similarity(structure: &Structure) -> Result<Similarity> {
    enough(structure)?;
    let profiles = Profiles::new(structure);
    let matrix = |coefficient| matrix(&profiles, coefficient);
    Ok(Similarity {
        unido: matrix(Coefficient::Unido),
        krugman: matrix(Coefficient::Krugman),
        finger_kreinin: matrix(Coefficient::FingerKreinin),
        bray_curtis: matrix(Coefficient::BrayCurtis),
        jensen_shannon: matrix(Coefficient::JensenShannon),
        hellinger: matrix(Coefficient::Hellinger),
        pearson: matrix(Coefficient::Pearson),
        spearman: matrix(Coefficient::Spearman),
        grey: matrix(Coefficient::Grey),
        unido_total: profiles.unido_total(),
        grey_total: profiles.grey_total(),
        constant: structure.members().iter().copied().filter(|&i| profiles.is_constant(i)).collect(),
    })
}

/// One coefficient of all pairs of cities, n × n; NaN where a city takes no part. The same numbers as in [`Similarity`].
///
/// ```
/// use agglo::measures::isomorphism::{Coefficient, similarity_matrix};
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 0.0, 5.0], 2)?;
/// assert_eq!(similarity_matrix(&structure, Coefficient::FingerKreinin), [1.0, 0.25, 0.25, 1.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn similarity_matrix(structure: &Structure, coefficient: Coefficient) -> Vec<f64> {
    matrix(&Profiles::new(structure), coefficient)
}

/// UNIDO's coefficient of every pair of cities, n × n; NaN where a city takes no part.
pub fn unido(structure: &Structure) -> Vec<f64> {
    similarity_matrix(structure, Coefficient::Unido)
}

fn matrix(profiles: &Profiles, coefficient: Coefficient) -> Vec<f64> {
    symmetric(profiles.cities(), profiles.of(coefficient))
}

/// Whether there is anything to compare.
fn enough(structure: &Structure) -> Result<()> {
    if structure.sectors() < 2 {
        let message = "one sector makes all cities alike, and at least two are needed";
        let fault = Fault::new(Kind::TooFew, message);
        return Err(fault.hint("give the levels in a finer classification of sectors").into());
    }
    if structure.members().len() < 2 {
        let message = format!(
            "{} with a known structure; at least two cities are compared",
            match structure.members() {
                [] => "no city",
                _ => "one city",
            }
        );
        return Err(Fault::new(Kind::TooFew, message).into());
    }
    Ok(())
}
