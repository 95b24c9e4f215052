//! From a specification to weights.

use super::contiguity::contiguity;
use super::distance::{Band, band, inverse_distance, knn};
use super::kernel::{Bandwidth, kernel};
use super::proximity::{delaunay, gabriel, relative};
use super::set_ops::{block, intersection, order, union};
use super::spec::{Length, Reach, Spec};
use super::{Built, Transform, Weights};
use crate::error::{Fault, Kind, Result};
use crate::note::Note;
use crate::study::Cities;

/// Weights read from a file and what there is to say about them.
pub type FromFile = Result<(Weights, Vec<Note>)>;

/// What weights can be made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The cities, over which all weights are.
    pub cities: &'a Cities,
    /// How far borders may miss each other and still count as one, in the unit of the coordinates.
    pub snap: Option<f64>,
    /// From how many cities on `inverse:P` without a length is refused.
    pub max_dense: usize,
    /// The weights of the links between the cities, where there are any.
    pub links: Option<&'a Weights>,
    /// The group of every city by a column.
    pub block: &'a dyn Fn(&str) -> Result<Vec<Option<String>>>,
    /// The weights in a file.
    pub file: &'a dyn Fn(&str) -> FromFile,
}

/// Builds the weights that `spec` describes; their label is its normal form, their transform none.
///
/// ```
/// use agglo::study::{Cities, Metric, Shapes};
/// use agglo::weights::{Sources, Spec, build};
/// let mut shapes = Shapes::default();
/// let places = [[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]];
/// places.iter().for_each(|&p| shapes.push_point(p));
/// let ids: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
/// let cities = Cities {
///     names: ids.clone(), ids, shapes, points: places.map(Some).to_vec(), metric: Metric::Planar, notes: vec![],
/// };
/// let sources = Sources {
///     cities: &cities, snap: None, max_dense: 5000, links: None,
///     block: &|_| Ok(vec![None; 3]),
///     file: &|_| unreachable!("no file is asked for"),
/// };
/// let built = build(&"band:3 + knn:1".parse::<Spec>()?, &sources)?;
/// assert_eq!(built.weights.label(), "band:3+knn:1");
/// assert_eq!(built.weights.neighbours(2), [1]);
/// # Ok::<(), agglo::Error>(())
/// ```
///
/// # Errors
/// Those of the weights named; units that do not fit the metric; `links` where there are none; weights from a file or
/// a column that are not over these cities.
pub fn build(spec: &Spec, sources: &Sources) -> Result<Built> {
    let built = raw(spec, sources)?;
    let mut notes: Vec<Note> = Vec::new();
    for note in built.notes {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let label = spec.spelt_out(sources.cities.metric).to_string();
    Ok(Built { weights: built.weights.named(label), notes })
}

fn raw(spec: &Spec, sources: &Sources) -> Result<Built> {
    let cities = sources.cities;
    let under = |length: &Length| length.under(cities.metric);
    match spec {
        Spec::Contiguity(rule) => {
            let found = contiguity(cities, *rule, sources.snap)?;
            let notes = found.notes(cities);
            Ok(Built { weights: found.weights, notes })
        }
        Spec::Knn(k) => knn(cities, *k),
        Spec::Band(None) => band(cities, Band::Auto),
        Spec::Band(Some(length)) => band(cities, Band::Length(under(length)?)),
        Spec::Inverse(power, length) => {
            let length = length.as_ref().map(under).transpose()?;
            inverse_distance(cities, *power, length, sources.max_dense)
        }
        Spec::Kernel(which, reach) => {
            let bandwidth = match reach {
                Reach::Auto => Bandwidth::Auto,
                Reach::Fixed(length) => Bandwidth::Fixed(under(length)?),
                Reach::Nearest(k) => Bandwidth::Nearest(*k),
            };
            kernel(cities, *which, bandwidth)
        }
        Spec::Delaunay => delaunay(cities),
        Spec::Gabriel => gabriel(cities),
        Spec::Relative => relative(cities),
        Spec::Links => linked(sources),
        Spec::Block(column) => {
            let groups = (sources.block)(column)?;
            over_all(groups.len(), cities, spec)?;
            Ok(Built { weights: block(&spec.to_string(), &groups)?, notes: Vec::new() })
        }
        Spec::File(path) => {
            let (weights, notes) = (sources.file)(path)?;
            over_all(weights.n(), cities, spec)?;
            Ok(Built { weights: weights.transformed(Transform::None), notes })
        }
        Spec::Order { from, to, of } => {
            let Built { weights, notes } = raw(of, sources)?;
            Ok(Built { weights: order(&weights, *from, *to)?, notes })
        }
        Spec::Union(a, b) => join(a, b, sources, union),
        Spec::Intersection(a, b) => join(a, b, sources, intersection),
    }
}

fn join(a: &Spec, b: &Spec, sources: &Sources, how: fn(&Weights, &Weights) -> Weights) -> Result<Built> {
    let (a, b) = (raw(a, sources)?, raw(b, sources)?);
    Ok(Built { weights: how(&a.weights, &b.weights), notes: [a.notes, b.notes].concat() })
}

fn linked(sources: &Sources) -> Result<Built> {
    let Some(links) = sources.links else {
        let fault =
            Fault::new(Kind::Weights, "the weights \"links\" need links between the cities, and there are none");
        return Err(fault.field("weights").hint("give a file of them with --links FILE").into());
    };
    over_all(links.n(), sources.cities, &Spec::Links)?;
    Ok(Built { weights: links.transformed(Transform::None), notes: Vec::new() })
}

fn over_all(n: usize, cities: &Cities, spec: &Spec) -> Result<()> {
    if n == cities.len() {
        return Ok(());
    }
    let message = format!("{spec} is over {n} cities, but the study has {}", cities.len());
    Err(Fault::new(Kind::Weights, message).field("weights").into())
}

#[cfg(test)]
mod tests {
    use super::super::distance::tests::points;
    use super::*;
    use crate::study::Metric;

    fn built(text: &str, cities: &Cities, links: Option<&Weights>) -> Result<Built> {
        let column = |name: &str| Ok(vec![Some(name.to_owned()); if name == "short" { 1 } else { cities.len() }]);
        let file = |_: &str| Ok((Weights::from_pairs("w", 4, &[(0, 3)]).transformed(Transform::Row), Vec::new()));
        let sources = Sources { cities, snap: None, max_dense: 10, links, block: &column, file: &file };
        build(&text.parse()?, &sources)
    }

    fn line() -> Cities {
        points(&[[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [6.0, 0.0]])
    }

    #[test]
    fn the_label_is_the_normal_form() {
        let mut cities = line();
        assert_eq!(built("band : 2 & knn", &cities, None).unwrap_err().kind(), Kind::Weights); // 4 cities, 3 neighbours
        cities.metric = Metric::EARTH;
        let weights = built("band : 250 + order:1-2:relative", &cities, None).unwrap().weights;
        assert_eq!(weights.label(), "band:250km+order:1-2:relative");
        assert_eq!(weights.neighbours(0), [1, 2]);
    }

    #[test]
    fn terms_combine() {
        let cities = line();
        let links =
            Weights::from_rows("links", vec![vec![(1, 7.0)], vec![], vec![], vec![]]).transformed(Transform::Row);
        let weights = built("(links + file:w.gal) & block:any", &cities, Some(&links)).unwrap().weights;
        assert_eq!(weights.row(0).collect::<Vec<_>>(), [(1, 1.0), (3, 1.0)]);
        assert_eq!(built("links", &cities, Some(&links)).unwrap().weights.weight(0, 1), 7.0);
        assert_eq!(built("inverse:1:3", &cities, None).unwrap().weights.weight(2, 3), 1.0 / 3.0);
        assert_eq!(built("kernel:triangular:2", &cities, None).unwrap().weights.weight(0, 1), 0.5);
    }

    #[test]
    fn a_note_is_made_once() {
        let cities = points(&[[0.0, 0.0], [0.0, 0.0], [5.0, 0.0], [9.0, 0.0]]);
        let notes = built("knn:1 + knn:1", &cities, None).unwrap().notes;
        assert_eq!(notes.iter().filter(|note| note.code == "coincident").count(), 1);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let cities = line();
        let error = |text| built(text, &cities, None).unwrap_err().to_string();
        assert_eq!(error("links"), "weights: the weights \"links\" need links between the cities, and there are none");
        assert_eq!(error("block:short"), "weights: block:short is over 1 cities, but the study has 4");
        assert_eq!(error("knn:2&band:3km"), "weights: 3km has a unit, but planar coordinates have none");
    }
}
