//! Spatial weights from the linkage graph.

use crate::study::Linkage;

use super::Weights;

impl Linkage {
    /// Spatial weights named `links`: w_ij is the strength of the link from i to j, that is its flow, or 1/cost.
    ///
    /// ```
    /// use agglo::study::{LinkMeaning, Linkage};
    /// let minutes = Linkage::from_arcs(2, vec![(0, 1, 20.0)], LinkMeaning::Cost)?;
    /// assert_eq!(minutes.weights().weight(0, 1), 0.05);
    /// assert_eq!(minutes.weights().isolates(), [1]);
    /// # Ok::<(), agglo::Error>(())
    /// ```
    pub fn weights(&self) -> Weights {
        let mut rows = vec![Vec::new(); self.n()];
        for (i, j, weight) in self.arcs() {
            rows[i].push((j as u32, self.meaning().strength(weight)));
        }
        Weights::from_rows("links", rows)
    }
}
