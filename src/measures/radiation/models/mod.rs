//! Models of what flows between cities: gravity, radiation, opportunities, firms, and what can be reached.

mod balance;
mod conditional;
mod decay;
mod doubly;
mod fitted;
pub(super) mod gravity_fit;
mod impedance;
mod normal_equations;
mod observed;

pub use decay::Decay;
pub use gravity_fit::{BalancedFlows, Coefficient, Constraint, GravityFit, balanced_flows, gravity_fit};
