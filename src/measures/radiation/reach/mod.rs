//! How far the cores reach: breakpoints between them, the shares in which they draw the other cities, the strength of
//! their fields, and the hinterlands that follow.
//!
//! All four rest on one quantity, the pull m_c/d_ic^β of core c on city i ([`pull`]). What a GIS draws of it is made on a
//! grid ([`grid`]): bands of equal strength, and the areas in which one core is ahead.

mod bands;
pub(in crate::measures) mod breakpoints;
mod circle;
mod dissolve;
mod dominance;
pub(in crate::measures) mod field_strength;
mod grid;
pub(in crate::measures) mod hinterland;
mod hinterland_layers;
mod hinterland_tables;
pub(in crate::measures) mod huff;
mod linked;
mod pull;
mod setting;

pub use breakpoints::{Breakpoint, breakpoint, breakpoints, reilly};
pub use field_strength::{FieldStrength, Reach, field_strength};
pub use hinterland::{Hinterlands, hinterland};
pub use huff::{Huff, huff};
pub use linked::{LinkedHinterlands, linked_hinterland};
