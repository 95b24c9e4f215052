//! The network of links: who is at its centre, who is core and who periphery, how far cores reach, and whether their
//! growth spills over.
//!
//! Measures take the [`Linkage`](crate::study::Linkage) itself: W, the strengths of the directed links, and
//! S = W + Wᵀ, those without direction (S = W where links have none to begin with). A link of strength w is 1/w long.
//! Models of flows and of reach take masses and [`Distances`].

mod adapter;
mod area;
mod backbone;
pub(super) mod backbone_report;
pub(super) mod centrality;
pub(super) mod communities;
mod core_loss;
pub(super) mod core_periphery;
mod cores;
mod distances;
mod dominant_flows;
pub(super) mod driving_effect;
mod ego;
mod hierarchy;
pub(super) mod models;
mod natural_breaks;
mod network;
pub(super) mod network_report;
mod network_structure;
mod options;
mod paths;
pub(super) mod polycentricity;
mod qap;
pub(super) mod qap_report;
pub(super) mod reach;
mod rich_club;
mod search;
mod spectrum;
pub(super) mod spillover;
mod steps;
mod triangles;
pub(super) mod ways;

pub use backbone::{Backbone, BackboneLink, backbone};
pub use centrality::{Centrality, centrality};
pub use communities::{Communities, communities, modularity};
pub use core_loss::{CoreLoss, core_loss};
pub use core_periphery::{
    Agreement, ContinuousCore, CorePairs, CorePeriphery, DiscreteCore, Lip, Minres, PairSignificance, Rossa, Tier,
    Tiers, Transform, borgatti_everett, borgatti_everett_continuous, core_periphery, k_core, km_config, lip, minres,
    pair_significance, rossa, s_core, tiers,
};
pub use cores::Cores;
pub use distances::Distances;
pub use dominant_flows::{DominantFlows, dominant_flows};
pub use driving_effect::{BandEffect, CoreEffect, DrivingEffect, Effect, FormEffect, LeadEffect, driving_effect};
pub use hierarchy::{burger_meijers, green, primacy, rank_size_slope, rank_size_slope_gabaix};
pub use models::{
    BalancedFlows, Catchment, Coefficient, Constraint, Decay, Fading, Gravity, GravityFit, Interlocking, RadiationForm,
    ShareFit, balanced_flows, catchment, gravity, gravity_fit, gravity_flows, gravity_network, interlocking,
    interlocking_network, intervening_opportunities, intervening_shares, opportunity_rate, potential,
    radiation_exponent, radiation_model, radiation_network, radiation_shares,
};
pub use natural_breaks::natural_breaks;
pub use network_structure::{NetworkStructure, network_structure};
pub use options::{Options, USUAL};
pub use qap::{Predicted, Predictor, Qap, qap};
pub use reach::{
    Breakpoint, FieldStrength, Hinterlands, Huff, LinkedHinterlands, Reach, breakpoint, breakpoints, field_strength,
    hinterland, huff, linked_hinterland, reilly,
};
pub use rich_club::{RichClub, rich_club};
pub use spillover::{CoreImpact, Diagnostic, Fit, Impact, Spillover, spillover};
