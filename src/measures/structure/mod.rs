//! Structure: how the industrial structure of the cities moved from year to year.
//!
//! Measures take the [`Structure`](crate::study::Structure) of two years or more, or the levels of one area by sector: x_ik,
//! the level of sector k in city i, and s_ik, its share in the city. Levels are taken as they are given: at current prices
//! growth has that of prices in it.

pub(super) mod dynamic_location_quotient;
pub(super) mod rationalisation;
pub(super) mod shift_share;
pub(super) mod shift_share_dynamic;
pub(super) mod shift_share_spatial;
mod shift_share_tables;
mod span;
pub(super) mod structure_change;
pub(super) mod upgrading;

pub use dynamic_location_quotient::{QuotientChange, dynamic_location_quotient};
pub use rationalisation::{Rationalisation, rationalisation};
pub use shift_share::{CityShift, ShiftShare, shift_share};
pub use shift_share_dynamic::{DynamicShiftShare, ShiftShareStep, shift_share_dynamic};
pub use shift_share_spatial::{SpatialShiftShare, shift_share_spatial};
pub use structure_change::{StructureChange, structure_change};
pub use upgrading::{Upgrading, upgrading};
