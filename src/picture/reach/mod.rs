//! Pictures of core and periphery: who stands in the middle of the network, how far that reaches, and what it brings.

pub mod centralities;
pub mod coreness;
pub mod decay;
pub mod driving;
pub mod gravity;
pub mod hinterlands;
pub mod huff;
pub mod polycentricity;
pub mod spillover;

use crate::picture::Stage;

/// The tiers of the network, from the core outwards, with their colours.
pub const TIERS: [(&str, &str); 3] = [("core", "#54278f"), ("semi-periphery", "#807dba"), ("periphery", "#cbc9e2")];

/// The tier of each city, as a place in [`TIERS`]; `None` where core and periphery were not measured.
pub fn tiers(stage: &Stage) -> Option<Vec<Option<usize>>> {
    let outcome = stage.of("core_periphery").last()?;
    let classes = outcome.classes("tier")?;
    Some(classes.iter().map(|class| TIERS.iter().position(|(tier, _)| tier == class)).collect())
}

/// The letter of a tier: C, S, P, and in Chinese 核, 半, 边.
pub fn letter(stage: &Stage, tier: usize) -> &'static str {
    stage.say(["C", "S", "P"], ["核", "半", "边"])[tier]
}

/// A tier with its letter, for legends.
pub fn tier_name(stage: &Stage, tier: usize) -> String {
    let name = stage.say(["core", "semi-periphery", "periphery"], ["核心", "半边缘", "边缘"])[tier];
    format!("{} {name}", letter(stage, tier))
}
