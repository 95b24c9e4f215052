//! Models of what flows between cities: gravity, radiation, opportunities, firms, and what can be reached.

mod accessibility;
pub(in crate::measures) mod accessibility_report;
mod balance;
mod balanced_flows;
mod conditional;
mod decay;
mod doubly;
mod fitted;
mod gravity;
mod gravity_fit;
pub(in crate::measures) mod gravity_fit_report;
pub(in crate::measures) mod gravity_report;
mod impedance;
pub(in crate::measures) mod interlocking;
mod intervening;
mod networks;
mod normal_equations;
mod observed;
mod opportunities;
mod radiation_model;
mod share_model;
pub(in crate::measures) mod share_report;
mod strongest;
mod ways;

pub use accessibility::{Catchment, Fading, catchment, potential};
pub use balanced_flows::{BalancedFlows, balanced_flows};
pub use decay::Decay;
pub use gravity::{Gravity, gravity, gravity_flows};
pub use gravity_fit::{Coefficient, Constraint, GravityFit, gravity_fit};
pub use interlocking::{Interlocking, interlocking};
pub use intervening::{intervening_opportunities, intervening_shares, opportunity_rate};
pub use networks::{gravity_network, interlocking_network, radiation_network};
pub use radiation_model::{RadiationForm, radiation_exponent, radiation_model, radiation_shares};
pub use share_model::ShareFit;
