//! Building weights row by row, in one thread or in many.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Transform, Weights};
use crate::error::{Error, Fault, Kind, Result};
use crate::note::Note;

/// More links than this are refused: 2·10⁸ need 800 MB, with their weights 2.4 GB.
pub const MOST_LINKS: usize = 200_000_000;

/// Weights fresh from their construction, with what there is to say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    /// The weights, [`Transform::None`].
    pub weights: Weights,
    /// Ties, coincident cities, a chosen length.
    pub notes: Vec<Note>,
}

/// Rows under construction. Weights of 1 take no room until another weight comes.
#[derive(Default)]
pub(super) struct Rows {
    ends: Vec<usize>,
    neighbours: Vec<u32>,
    raw: Option<Vec<f64>>,
}

impl Rows {
    /// Adds a link to the open row; links come in ascending order.
    pub(super) fn push(&mut self, neighbour: u32, weight: f64) {
        if weight != 1.0 && self.raw.is_none() {
            self.raw = Some(vec![1.0; self.neighbours.len()]);
        }
        self.neighbours.push(neighbour);
        if let Some(raw) = &mut self.raw {
            raw.push(weight);
        }
    }

    /// Ends the open row.
    pub(super) fn close(&mut self) {
        self.ends.push(self.neighbours.len());
    }

    /// Adds the rows of `other` behind these.
    fn append(&mut self, other: Self) {
        let before = self.neighbours.len();
        if other.raw.is_some() && self.raw.is_none() {
            self.raw = Some(vec![1.0; before]);
        }
        if let Some(raw) = &mut self.raw {
            match &other.raw {
                Some(more) => raw.extend_from_slice(more),
                None => raw.resize(before + other.neighbours.len(), 1.0),
            }
        }
        self.neighbours.extend_from_slice(&other.neighbours);
        self.ends.extend(other.ends.iter().map(|end| end + before));
    }

    /// The rows as weights of this name.
    pub(super) fn named(self, label: impl Into<String>) -> Weights {
        let Self { ends: row_ends, neighbours, raw } = self;
        Weights { label: label.into(), row_ends, neighbours, raw, transform: Transform::None, factors: None }
    }
}

/// Weights whose rows are made in parallel, the same for any number of threads.
///
/// `row` gives the links of a city in any order and each once; those of weight 0 are left out.
/// Refuses more than [`MOST_LINKS`] as soon as they are met.
pub(super) fn gather(label: &str, n: usize, row: impl Fn(usize) -> Vec<(u32, f64)> + Sync) -> Result<Weights> {
    const CHUNK: usize = 1024;
    let total = AtomicUsize::new(0);
    let part = |chunk: usize| {
        let mut rows = Rows::default();
        for i in chunk * CHUNK..((chunk + 1) * CHUNK).min(n) {
            let mut links = row(i);
            if total.fetch_add(links.len(), Ordering::Relaxed) + links.len() > MOST_LINKS {
                return Err(too_many_links(label));
            }
            links.sort_unstable_by_key(|&(j, _)| j);
            links.into_iter().filter(|&(_, w)| w != 0.0).for_each(|(j, w)| rows.push(j, w));
            rows.close();
        }
        Ok(rows)
    };
    let parts: Vec<Rows> = (0..n.div_ceil(CHUNK)).into_par_iter().map(part).collect::<Result<_>>()?;
    let mut all = Rows::default();
    parts.into_iter().for_each(|part| all.append(part));
    Ok(all.named(label))
}

/// The refusal of weights that would not fit.
pub(super) fn too_many_links(label: &str) -> Error {
    Fault::new(Kind::TooLarge, format!("{label} would make more than {} million links", MOST_LINKS / 1_000_000))
        .hint("take a shorter length, a lower order, smaller groups, or nearest neighbours such as knn:8")
        .into()
}
