//! The checked model of a study: what is here need not be checked again downstream.

mod cities;
mod column;
mod geography;
mod identity;
mod settle;

pub use cities::{Cities, Metric, RingRole, ShapeKind, Shapes};
pub(crate) use column::Number;
pub use column::{Cell, Cells, Column, Table};
pub use geography::{Ground, PointChoice};
pub use identity::Identity;
pub use settle::cities;
