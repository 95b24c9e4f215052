//! Bytes to the records of a study: the only place that knows file formats of inputs.

mod cities;
pub mod geojson;
mod grid;
mod links;
mod lookup;
mod study_file;
mod table;
mod text;
mod weights_file;

pub use cities::{Ground, Identity, PointChoice, cities};
pub use links::{LinksRequest, read_links, recognised_columns};
pub use study_file::{Analysis, Input, Output, StudyFile};
pub use table::read_table;
pub use weights_file::read_weights;

#[cfg(test)]
mod tests {
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};

    /// Calls `read` with many damaged copies of a good file: bytes changed, cut out, repeated, the end cut off.
    pub(super) fn damaged(good: &[u8], read: impl Fn(&[u8])) {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(42);
        let mut below = |n: usize| (random.next_u64() % n as u64) as usize;
        for _ in 0..2000 {
            let mut bytes = good.to_vec();
            for _ in 0..=below(4) {
                let at = below(bytes.len());
                match below(4) {
                    0 => bytes[at] = below(256) as u8,
                    1 => bytes[at] = b"\"\n\r,; \t|-0.eN\0\xff"[below(15)],
                    2 => bytes.truncate(at + 1),
                    _ => bytes.extend_from_within(at..),
                }
            }
            read(&bytes);
        }
    }
}
