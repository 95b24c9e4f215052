//! Location quotients: in which sectors a city is specialised.

use crate::study::Structure;

/// Location quotients q_ik = s_ik / S_k, one city after the other; NaN for a city that takes no part and for a sector that the
/// reference area does not have.
pub fn location_quotient(structure: &Structure) -> Vec<f64> {
    let reference = structure.reference_shares();
    let quotient = |(share, reference): (&f64, &f64)| if *reference > 0.0 { share / reference } else { f64::NAN };
    (0..structure.cities()).flat_map(|i| structure.shares(i).iter().zip(&reference).map(quotient)).collect()
}
