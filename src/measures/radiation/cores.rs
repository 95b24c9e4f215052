//! The cores: the cities whose reach is measured.

/// The cities whose reach is measured, and how they were chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Cores {
    /// Their places among the cities, ascending.
    pub places: Vec<usize>,
    /// How they were chosen, to be read after `cores: `, as `named by --cores` or `tier core of core_periphery`.
    pub how: String,
}

impl Cores {
    /// Whether each of n cities is a core.
    pub fn mask(&self, n: usize) -> Vec<bool> {
        let mut mask = vec![false; n];
        self.places.iter().for_each(|&i| mask[i] = true);
        mask
    }
}
