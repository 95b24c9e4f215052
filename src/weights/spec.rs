//! The language in which a user names weights: `queen`, `knn:4`, `(delaunay & band:150km) + links`.
//!
//! | form | weights |
//! |---|---|
//! | `queen`, `rook` | contiguity |
//! | `knn:4` | nearest neighbours |
//! | `band:150km`, `band:auto` | all within a distance |
//! | `inverse:1`, `inverse:2:300km` | inverse distance, of all pairs or within a length |
//! | `kernel:gaussian:150km`, `kernel:triangular:k8`, `kernel:quartic:auto` | kernels, by length, neighbour or largest nearest distance |
//! | `delaunay`, `gabriel`, `relative` | neighbourhood graphs |
//! | `links` | the links between the cities |
//! | `block:province` | cities of one group |
//! | `order:2:queen`, `order:1-2:queen` | neighbours of neighbours |
//! | `file:w.gal` | from a file |
//! | `A + B`, `A & B`, `( … )` | union; intersection, which binds tighter; grouping |
//!
//! Lengths are kilometres, or metres and miles with `m` and `mi`; under planar coordinates they have no unit. Short
//! forms have defaults: `knn` is `knn:4`, `band` is `band:auto`, `inverse` is `inverse:1`, `kernel:gaussian` is
//! `kernel:gaussian:auto`. Names with any of `+&()"` stand in double quotes, a quote in them doubled: `block:"R&D"`.

mod parse;

use std::fmt;
use std::str::FromStr;

use super::contiguity::Rule;
use super::kernel::Kernel;
use crate::error::{Error, Fault, Kind, Result};
use crate::study::{Cities, Metric, ShapeKind};

/// How many neighbours where a user does not say.
pub(super) const USUAL_NEIGHBOURS: usize = 4;

/// What weights to build. [`Display`](fmt::Display) gives the normal form, which parses to the same value.
///
/// ```
/// use agglo::weights::Spec;
/// let spec: Spec = "knn + Delaunay&band:150 km".parse()?;
/// assert_eq!(spec.to_string(), "knn:4+delaunay&band:150km");
/// assert_eq!(spec.to_string().parse::<Spec>()?, spec);
/// # Ok::<(), agglo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Spec {
    /// `queen` or `rook`.
    Contiguity(Rule),
    /// `knn:K`.
    Knn(usize),
    /// `band:LENGTH`, or `band:auto` without a length.
    Band(Option<Length>),
    /// `inverse:POWER` or `inverse:POWER:LENGTH`.
    Inverse(f64, Option<Length>),
    /// `kernel:NAME:REACH`.
    Kernel(Kernel, Reach),
    /// `delaunay`.
    Delaunay,
    /// `gabriel`.
    Gabriel,
    /// `relative`.
    Relative,
    /// `links`.
    Links,
    /// `block:COLUMN`.
    Block(String),
    /// `order:K:SPEC` or `order:FROM-TO:SPEC`.
    Order {
        /// Least number of steps, at least 1.
        from: usize,
        /// Greatest number of steps.
        to: usize,
        /// Whose neighbours.
        of: Box<Spec>,
    },
    /// `file:PATH`.
    File(String),
    /// `A+B`.
    Union(Box<Spec>, Box<Spec>),
    /// `A&B`.
    Intersection(Box<Spec>, Box<Spec>),
}

/// A length as it was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// How many units; above 0.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
}

/// The unit of a [`Length`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// None given: kilometres on the sphere, the unit of the coordinates on the plane.
    Bare,
    /// `km`
    Kilometre,
    /// `m`
    Metre,
    /// `mi`, 1.609344 km
    Mile,
}

/// How far a kernel reaches, as it was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// `auto`
    Auto,
    /// A length.
    Fixed(Length),
    /// `k8`: as far as the 8th nearest other city.
    Nearest(usize),
}

impl Unit {
    fn suffix(self) -> &'static str {
        match self {
            Self::Bare => "",
            Self::Kilometre => "km",
            Self::Metre => "m",
            Self::Mile => "mi",
        }
    }
}

impl Length {
    /// The length in the unit of the metric.
    ///
    /// # Errors
    /// If it has a unit, but the metric has none.
    pub fn under(self, metric: Metric) -> Result<f64> {
        match (metric, self.unit) {
            (Metric::Planar, Unit::Bare) => Ok(self.value),
            (Metric::Planar, _) => {
                let message = format!("{self} has a unit, but planar coordinates have none");
                let hint = format!("write {}, counted in units of the coordinates", self.value);
                Err(Fault::new(Kind::Option, message).field("weights").hint(hint).into())
            }
            (Metric::GreatCircle { .. }, Unit::Bare | Unit::Kilometre) => Ok(self.value),
            (Metric::GreatCircle { .. }, Unit::Metre) => Ok(self.value / 1000.0),
            (Metric::GreatCircle { .. }, Unit::Mile) => Ok(self.value * 1.609344),
        }
    }

    fn spelt_out(self, metric: Metric) -> Self {
        match (metric, self.unit) {
            (Metric::GreatCircle { .. }, Unit::Bare) => Self { unit: Unit::Kilometre, ..self },
            _ => self,
        }
    }
}

impl Spec {
    /// The weights for cities of which nobody said more: contiguity for areas, nearest neighbours as soon as there are
    /// points.
    pub fn default_for(cities: &Cities) -> Self {
        if (0..cities.len()).all(|i| cities.shapes.kind(i) != ShapeKind::Point) {
            return Self::Contiguity(Rule::Queen);
        }
        let others = cities.points.iter().flatten().count().saturating_sub(1);
        Self::Knn(USUAL_NEIGHBOURS.min(others).max(1))
    }

    /// The same with the unit of every length spelt out, as far as the metric has one: `band:150` is `band:150km`.
    pub fn spelt_out(&self, metric: Metric) -> Self {
        let full = |length: Length| length.spelt_out(metric);
        let inner = |spec: &Self| Box::new(spec.spelt_out(metric));
        match self {
            Self::Band(length) => Self::Band(length.map(full)),
            Self::Inverse(power, length) => Self::Inverse(*power, length.map(full)),
            Self::Kernel(kernel, Reach::Fixed(length)) => Self::Kernel(*kernel, Reach::Fixed(full(*length))),
            Self::Order { from, to, of } => Self::Order { from: *from, to: *to, of: inner(of) },
            Self::Union(a, b) => Self::Union(inner(a), inner(b)),
            Self::Intersection(a, b) => Self::Intersection(inner(a), inner(b)),
            other => other.clone(),
        }
    }

    /// How tightly the outermost operator binds: 0 for a union, 1 for an intersection, 2 for the rest.
    fn tightness(&self) -> u8 {
        match self {
            Self::Union(..) => 0,
            Self::Intersection(..) => 1,
            _ => 2,
        }
    }
}

impl FromStr for Spec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse::parse(text)
    }
}

impl FromStr for Length {
    type Err = Error;

    /// `150km`, `150000m`, `93mi`, or a number alone.
    fn from_str(text: &str) -> Result<Self> {
        parse::length(text)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.suffix())
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Fixed(length) => length.fmt(f),
            Self::Nearest(k) => write!(f, "k{k}"),
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contiguity(Rule::Queen) => f.write_str("queen"),
            Self::Contiguity(Rule::Rook) => f.write_str("rook"),
            Self::Knn(k) => write!(f, "knn:{k}"),
            Self::Band(None) => f.write_str("band:auto"),
            Self::Band(Some(length)) => write!(f, "band:{length}"),
            Self::Inverse(power, None) => write!(f, "inverse:{power}"),
            Self::Inverse(power, Some(length)) => write!(f, "inverse:{power}:{length}"),
            Self::Kernel(kernel, reach) => write!(f, "kernel:{}:{reach}", kernel.name()),
            Self::Delaunay => f.write_str("delaunay"),
            Self::Gabriel => f.write_str("gabriel"),
            Self::Relative => f.write_str("relative"),
            Self::Links => f.write_str("links"),
            Self::Block(column) => write!(f, "block:{}", Name(column)),
            Self::File(path) => write!(f, "file:{}", Name(path)),
            Self::Order { from, to, of } if from == to => write!(f, "order:{from}:{}", Operand(of, 2)),
            Self::Order { from, to, of } => write!(f, "order:{from}-{to}:{}", Operand(of, 2)),
            Self::Union(a, b) => write!(f, "{}+{}", Operand(a, 0), Operand(b, 1)),
            Self::Intersection(a, b) => write!(f, "{}&{}", Operand(a, 1), Operand(b, 2)),
        }
    }
}

/// A specification in brackets, if its outermost operator binds less tightly than its place asks for.
struct Operand<'a>(&'a Spec, u8);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.tightness() < self.1 { write!(f, "({})", self.0) } else { self.0.fmt(f) }
    }
}

/// A name of the user's, in quotes where it would be taken for something else.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = !self.0.is_empty() && self.0.trim() == self.0 && !self.0.contains(['+', '&', '(', ')', '"']);
        if plain { f.write_str(self.0) } else { write!(f, "\"{}\"", self.0.replace('"', "\"\"")) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::study::Shapes;

    fn lengths() -> impl Strategy<Value = Length> {
        let unit = prop::sample::select(vec![Unit::Bare, Unit::Kilometre, Unit::Metre, Unit::Mile]);
        (prop_oneof![0.001..1e6, Just(150.0), Just(1e30), Just(2e-9)], unit)
            .prop_map(|(value, unit)| Length { value, unit })
    }

    fn specs() -> impl Strategy<Value = Spec> {
        let reach =
            prop_oneof![Just(Reach::Auto), lengths().prop_map(Reach::Fixed), (1usize..100).prop_map(Reach::Nearest)];
        let leaf = prop_oneof![
            prop::sample::select(vec![
                Spec::Contiguity(Rule::Queen),
                Spec::Contiguity(Rule::Rook),
                Spec::Delaunay,
                Spec::Gabriel,
                Spec::Relative,
                Spec::Links,
            ]),
            (1usize..1000).prop_map(Spec::Knn),
            prop::option::of(lengths()).prop_map(Spec::Band),
            (0.1..9.0, prop::option::of(lengths())).prop_map(|(power, length)| Spec::Inverse(power, length)),
            (prop::sample::select(Kernel::ALL.to_vec()), reach).prop_map(|(kernel, reach)| Spec::Kernel(kernel, reach)),
            r#"[a-z+&()": 市\\.-]{0,8}"#.prop_map(Spec::Block),
            r#"[a-z+&()": 市/.-]{0,8}"#.prop_map(Spec::File),
        ];
        leaf.prop_recursive(4, 16, 2, |inner| {
            let pair = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
            prop_oneof![
                pair().prop_map(|(a, b)| Spec::Union(a, b)),
                pair().prop_map(|(a, b)| Spec::Intersection(a, b)),
                (1usize..4, 0usize..4, inner.clone().prop_map(Box::new)).prop_map(|(from, more, of)| Spec::Order {
                    from,
                    to: from + more,
                    of
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_normal_form_parses_to_the_same_value(spec in specs()) {
            prop_assert_eq!(spec.to_string().parse::<Spec>().unwrap(), spec);
        }
    }

    #[test]
    fn lengths_are_kilometres_unless_they_say_otherwise() {
        let length = |text: &str| match text.parse().unwrap() {
            Spec::Band(Some(length)) => length,
            other => unreachable!("{other}"),
        };
        assert_eq!(length("band:150").under(Metric::EARTH).unwrap(), 150.0);
        assert_eq!(length("band:1500m").under(Metric::EARTH).unwrap(), 1.5);
        assert_eq!(length("band:10 mi").under(Metric::EARTH).unwrap(), 16.09344);
        assert_eq!(length("band:0.5").under(Metric::Planar).unwrap(), 0.5);
        let error = length("band:150km").under(Metric::Planar).unwrap_err();
        assert_eq!(error.to_string(), "weights: 150km has a unit, but planar coordinates have none");
        let spelt = |metric| "band:150".parse::<Spec>().unwrap().spelt_out(metric).to_string();
        assert_eq!((spelt(Metric::EARTH), spelt(Metric::Planar)), ("band:150km".into(), "band:150".into()));
    }

    #[test]
    fn points_get_nearest_neighbours_by_default_and_areas_contiguity() {
        let mut cities = crate::weights::distance::tests::points(&[[0.0, 0.0]; 9]);
        assert_eq!(Spec::default_for(&cities).to_string(), "knn:4");
        cities.points[3..].fill(None);
        assert_eq!(Spec::default_for(&cities).to_string(), "knn:2");
        cities.shapes = Shapes::default();
        (0..9).for_each(|_| cities.shapes.push_missing());
        assert_eq!(Spec::default_for(&cities).to_string(), "queen");
    }
}
