//! Networks of links that are built of models, where none were observed.

use super::super::distances::Distances;
use super::super::options::Options;
use super::gravity::Pull;
use super::interlocking::{can_pair, link_row, service_values};
use super::radiation_model::{Radiation, RadiationForm};
use crate::error::{Fault, Kind, Result};
use crate::measures::Matrix;
use crate::study::{LinkMeaning, Linkage};

/// Most cities of which a network of all pairs is built.
const MOST: usize = 3_000;

/// The linkages of [`gravity`](super::gravity::gravity) as links: without direction where R_ij = R_ji, directed where
/// `direction_by` divides them or the exponents of the masses differ.
///
/// # Errors
/// [`Kind::TooLarge`] above 3,000 cities, since every pair is a link; [`Kind::Value`] where lengths differ; [`Kind::Links`]
/// where nothing is linked, or linkages are more than a number can hold.
pub fn gravity_network(
    mass: &[f64],
    distances: &Distances,
    options: &Options,
    direction_by: Option<&[f64]>,
) -> Result<Linkage> {
    check(distances.n())?;
    let pull = Pull::new(mass, distances, options, direction_by)?;
    let symmetric = pull.is_symmetric() && is_symmetric(distances);
    network(distances.n(), symmetric, |i, row| pull.row(i, row))
}

/// The flows m_i p_ij of the finite radiation model as directed links.
///
/// # Errors
/// As [`gravity_network`].
pub fn radiation_network(mass: &[f64], distances: &Distances) -> Result<Linkage> {
    check(distances.n())?;
    let radiation = Radiation::new(mass, distances)?;
    network(distances.n(), false, |i, row| {
        radiation.row(RadiationForm::Finite, i, row);
        row.iter_mut().for_each(|share| *share *= radiation.opportunities.mass[i]);
    })
}

/// The links r_ab of [`interlocking`](super::interlocking::interlocking), without direction.
///
/// # Errors
/// As [`interlocking`](super::interlocking::interlocking); [`Kind::TooLarge`] where pairs times firms are more than 2·10¹⁰;
/// [`Kind::Links`] where no firm has two offices.
pub fn interlocking_network(firms: &Matrix) -> Result<Linkage> {
    let (n, count) = (firms.rows.len(), firms.columns.len());
    let values = service_values(firms)?;
    if !can_pair(n, count) {
        let message = format!("the pairs of {n} cities by {count} firms are too many to link");
        return Err(Fault::new(Kind::TooLarge, message).hint("choose cities with --where").into());
    }
    network(n, true, |a, row| link_row(&values, count, a, row))
}

/// Links of the rows; of symmetric ones each pair once, and then both ways.
fn network(n: usize, symmetric: bool, of_row: impl Fn(usize, &mut [f64])) -> Result<Linkage> {
    let (mut arcs, mut row) = (Vec::new(), vec![0.0; n]);
    for i in 0..n {
        of_row(i, &mut row);
        let from = if symmetric { i + 1 } else { 0 };
        // What is smaller has no length 1/w.
        let strong = (from..n).filter(|&j| row[j] >= f64::MIN_POSITIVE);
        arcs.extend(strong.map(|j| (i as u32, j as u32, row[j])));
    }
    let links = Linkage::from_arcs(n, arcs, LinkMeaning::Strength)?;
    Ok(if symmetric { links.undirected() } else { links })
}

fn is_symmetric(distances: &Distances) -> bool {
    let n = distances.n();
    (0..n).all(|i| (0..i).all(|j| distances.get(i, j).to_bits() == distances.get(j, i).to_bits()))
}

fn check(n: usize) -> Result<()> {
    if n > MOST {
        let message = format!("a network of all pairs of {n} cities is too large: the most is {MOST} cities");
        return Err(Fault::new(Kind::TooLarge, message).hint("choose cities with --where, or give links").into());
    }
    Ok(())
}
