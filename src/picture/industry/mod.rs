//! Pictures of industry: how alike cities are, what they are specialised in, and how structures change.

pub mod concentration;
pub mod division;
pub mod heat_map;
pub mod lq_profile;
pub mod pairs_scatter;
pub mod shift_share;
pub mod specialisation;
pub mod structure_change;
pub mod top_pairs;
