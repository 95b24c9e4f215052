//! The checked model of a study: what is here need not be checked again downstream.

mod cities;
mod column;
mod geography;
mod identity;
mod linkage;
mod settle;
mod variable;

pub use cities::{Cities, Metric, RingRole, ShapeKind, Shapes};
pub(crate) use column::Number;
pub use column::{Cell, Cells, Column, Table};
pub use geography::{Ground, PointChoice};
pub use identity::Identity;
pub use linkage::{LinkCounts, LinkDirection, LinkMeaning, Linkage};
pub use settle::cities;
pub use variable::Variable;
