//! The checked model of a study: what is here need not be checked again downstream.

mod cities;
mod column;
mod linkage;
mod variable;

pub use cities::{Cities, Metric, RingRole, ShapeKind, Shapes};
pub(crate) use column::Number;
pub use column::{Cell, Cells, Column, Table};
pub use linkage::{LinkCounts, LinkDirection, LinkMeaning, Linkage};
pub use variable::Variable;
