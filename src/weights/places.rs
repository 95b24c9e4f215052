//! Cities grouped by location, so that thousands at one place cost no more than one.

use rayon::prelude::*;

/// The distinct positions of the cities, in ascending order, and who is at each.
pub(super) struct Places<const D: usize> {
    positions: Vec<[f64; D]>,
    ends: Vec<usize>,
    members: Vec<u32>,
}

impl<const D: usize> Places<D> {
    /// Groups cities by exact position; 0 and −0 are one.
    pub(super) fn new(located: impl Iterator<Item = ([f64; D], u32)>) -> Self {
        let mut located: Vec<_> = located.map(|(position, city)| (position.map(|x| x + 0.0), city)).collect();
        located.par_sort_unstable_by(|(a, one), (b, other)| {
            let along = |axis: usize| a[axis].total_cmp(&b[axis]);
            (0..D).map(along).find(|order| order.is_ne()).unwrap_or_else(|| one.cmp(other))
        });
        let (mut positions, mut ends) = (Vec::new(), Vec::new());
        for group in located.chunk_by(|(a, _), (b, _)| a == b) {
            positions.push(group[0].0);
            ends.push(ends.last().copied().unwrap_or(0) + group.len());
        }
        Self { positions, ends, members: located.into_iter().map(|(_, city)| city).collect() }
    }

    /// The distinct positions.
    pub(super) fn positions(&self) -> &[[f64; D]] {
        &self.positions
    }

    /// The cities at a place, ascending.
    pub(super) fn at(&self, place: u32) -> &[u32] {
        let place = place as usize;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.members[start..self.ends[place]]
    }

    /// The cities of all places, place after place.
    pub(super) fn members(&self) -> &[u32] {
        &self.members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_at_one_position_form_one_place() {
        let places = Places::new([([1.0, 0.0], 0), ([0.0, 2.0], 1), ([1.0, -0.0], 2)].into_iter());
        assert_eq!(places.positions(), [[0.0, 2.0], [1.0, 0.0]]);
        assert_eq!((places.at(0), places.at(1)), (&[1][..], &[0, 2][..]));
    }
}
