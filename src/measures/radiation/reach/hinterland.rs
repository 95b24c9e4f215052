//! Hinterlands: the core that dominates each city, by the pull of its mass and by links.

use super::hinterland_layers::layers;
use super::hinterland_tables::{cities, cores, sentences};
use super::linked::{LinkedHinterlands, linked_hinterland};
use super::pull::{Pulls, two_largest};
use super::setting::Setting;
use crate::error::Result;
use crate::measures::autocorrelation::classes::UNDEFINED;
use crate::measures::radiation::Distances;
use crate::measures::radiation::adapter::{each_mass, ids};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::note::Note;

/// A city is contested where its second core has at least this part of the share of the first.
pub(super) const CONTESTED: f64 = 2.0 / 3.0;

/// The core that dominates each city, and its closest rival; see [`hinterland()`]. All lists have one entry a city.
#[derive(Clone, Debug, PartialEq)]
pub struct Hinterlands {
    /// The core with the largest pull; of a core, itself; `None` where no core draws the city.
    pub core: Vec<Option<usize>>,
    /// Huff's share of that core; NaN at cores.
    pub share: Vec<f64>,
    /// The core with the second largest pull; `None` at cores and where there is one core only.
    pub second: Vec<Option<usize>>,
    /// Its share.
    pub second_share: Vec<f64>,
    /// `contested`, `clear`, `core` or `undefined`.
    pub class: Vec<&'static str>,
}

/// The core that dominates each city, and how firmly.
///
/// # Formula
///
/// The hinterland of core c are the cities in which its pull m_c/d_ic^β is largest. Its share is Huff's, P_ic. A city is
/// `contested` where the second core has at least two thirds of the share of the first, else `clear`.
///
/// `mass` has one entry a city, `cores` are places among the cities. A city without a mass (NaN) takes no part. Of equal pulls
/// that of the earlier core counts; such a city is contested. O(n·c) for c cores.
///
/// # Errors
///
/// `Undefined` without cores, for a core without a mass above 0, or a β that is not above 0.
///
/// # Source
///
/// Reilly, W. J. (1931). The Law of Retail Gravitation. Huff, D. L. (1964). Defining and estimating a trading area. Journal of
/// Marketing 28, 34-38. The bound of two thirds is our own.
///
/// ```
/// use agglo::measures::radiation::{Distances, hinterland};
/// let distances = Distances::from_values(3, vec![0.0, 30.0, 60.0, 30.0, 0.0, 90.0, 60.0, 90.0, 0.0])?;
/// let result = hinterland(&[1.0, 10.0, 32.0], &distances, &[1, 2], 2.0)?;
/// assert_eq!((result.core[0], result.second[0], result.class[0]), (Some(1), Some(2), "contested"));
/// assert!((result.share[0] - 10.0 / 18.0).abs() < 1e-12);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn hinterland(mass: &[f64], distances: &Distances, cores: &[usize], beta: f64) -> Result<Hinterlands> {
    let pulls = Pulls::of(mass, distances, cores, beta)?;
    let n = pulls.n();
    let mut result = Hinterlands {
        core: vec![None; n],
        share: vec![f64::NAN; n],
        second: vec![None; n],
        second_share: vec![f64::NAN; n],
        class: vec![UNDEFINED; n],
    };
    for i in 0..n {
        if pulls.is_core(i) {
            (result.core[i], result.class[i]) = (Some(i), "core");
            continue;
        }
        let shares = pulls.shares(i);
        let [Some(first), second] = two_largest(&shares) else { continue };
        (result.core[i], result.share[i], result.class[i]) = (Some(cores[first]), shares[first], "clear");
        if let Some(second) = second {
            (result.second[i], result.second_share[i]) = (Some(cores[second]), shares[second]);
            if shares[second] >= CONTESTED * shares[first] {
                result.class[i] = "contested";
            }
        }
    }
    Ok(result)
}

static ABOUT: About = About {
    name: "hinterland",
    family: Family::Radiation,
    needs: Needs::Cores,
    title: "Hinterlands",
    question: "Which core dominates each city, how firmly, and do links say the same as mass and distance?",
    formula: "hinterland = argmax_c m_c / d_ic^beta; P_ic = (m_c / d_ic^beta) / sum_k (m_k / d_ik^beta); by links: argmax_c S_ic; membership F_ic = S_ic / sum_j S_ij",
    symbols: &[
        ("m_c", "mass of core c"),
        ("d_ic", "distance of city i and core c"),
        ("beta", "exponent of the distance, 2 unless --beta says otherwise"),
        ("P_ic", "share of core c in city i after Huff"),
        ("S_ij", "strength of the links of i and j, both directions together"),
    ],
    reading: "The share is 0 to 1: near 1 the core is without a rival. Contested: the second core has at least 2/3 of the share of the first. Membership is the part of all links of a city that it has with its core. Where links and distance disagree, borders, services or history count for more than distance, or the links that were given show one mode of traffic only",
    variant: "Cores are their own hinterland. Links: those of the run, given or built of masses; where they were built of masses and distances they cannot disagree by much. Areas of dominance are drawn on a grid of up to 200 by 200 cells over the cities and a tenth around them; areas that are smaller than a cell are missing there",
    reference: "Reilly (1931), The Law of Retail Gravitation; Huff (1964), Journal of Marketing 28, 34-38; the bound of 2/3: our own",
    fields: &[
        Field::scalar("contested_share", "share of contested cities among those that are no cores; null with one core"),
        Field::scalar(
            "agree_share",
            "share of cities in which links name the same core, of those linked with a core; null with one core",
        ),
        Field::scalar("n", "cities that a core dominates, without the cores"),
        Field::annotated(
            "hinterland",
            "hinterland",
            "hinterland",
            "id of the core that dominates the city; of a core, itself",
        ),
        Field::annotated("hinterland_share", "hinterland_share", "hint_share", "Huff's share of that core"),
        Field::column("second_core", "id of the core with the second largest pull"),
        Field::annotated("contested", "hinterland_contested", "contested", "contested, clear, core or undefined"),
        Field::annotated(
            "hinterland_linked",
            "hinterland_linked",
            "hint_link",
            "id of the core that the city is linked with most; of a core, itself",
        ),
        Field::annotated("membership", "membership", "membership", "share of that core in all links of the city"),
        Field::annotated(
            "agree",
            "hinterland_agree",
            "hint_agree",
            "yes, no, core or undefined: whether links name the same core",
        ),
        Field::table(
            "cores",
            "for each core its mass, the cities that it dominates with their mass and area, all without the core, its own area, and its links; links_gini is the Gini coefficient of its links with all cities that are no cores, 0 where there is no link",
        ),
        Field::table(
            "cities",
            "for each city its first and second core, its core by links, and the balance of those links",
        ),
        Field::layer(
            "hinterlands",
            "each core and the cities that it dominates, as one shape; its area is that of the shape, with the core",
        ),
        Field::layer("dominance", "the area in which each core draws most, whatever cities lie there"),
    ],
    matches: &[],
};

/// [`hinterland()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &ABOUT, |mass, outcome| fill(run, mass, outcome))
}

fn fill(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let setting = Setting::of(run, mass, outcome)?;
    let result = hinterland(mass, &setting.distances, &setting.cores, setting.beta)?;
    let linked = run.network.map(|links| linked_hinterland(links, &setting.cores));
    let agree = agreement(&result, linked.as_ref());
    outcome.scalars = scalars(&setting, &result, &agree, &mut outcome.notes);
    if linked.is_none() {
        let message = "no hinterlands by links: there is no network";
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    outcome.notes.extend(sentences(run, &setting, &result, linked.as_ref(), &agree));
    outcome.tables.push(("cores", cores(run, &setting, &result, linked.as_ref())));
    outcome.tables.push(("cities", cities(run, &result, linked.as_ref(), &agree)));
    outcome.layers = layers(run, &setting, &result, &mut outcome.notes);
    outcome.layers.retain(|(_, layer)| !layer.features.is_empty());
    let n = run.cities.len();
    let (by_links, membership) =
        linked.map_or_else(|| (vec![None; n], vec![f64::NAN; n]), |linked| (linked.core, linked.membership));
    outcome.columns = vec![
        ("hinterland", ids(run, &result.core)),
        ("hinterland_share", Values::Numbers(result.share)),
        ("second_core", ids(run, &result.second)),
        ("contested", Values::Classes(result.class)),
        ("hinterland_linked", ids(run, &by_links)),
        ("membership", Values::Numbers(membership)),
        ("agree", Values::Classes(agree)),
    ];
    let variant =
        format!("hinterland: largest m/d^{}; contested: second share at least 2/3 of the first", setting.beta);
    outcome.footer = Some(setting.footer(&variant));
    Ok(())
}

/// Whether links name the same core as the field.
fn agreement(result: &Hinterlands, linked: Option<&LinkedHinterlands>) -> Vec<&'static str> {
    let class = |i: usize| match (result.core[i], linked.and_then(|linked| linked.core[i])) {
        (Some(core), _) if core == i => "core",
        (Some(core), Some(other)) if core == other => "yes",
        (Some(_), Some(_)) => "no",
        _ => UNDEFINED,
    };
    (0..result.core.len()).map(class).collect()
}

fn scalars(setting: &Setting, result: &Hinterlands, agree: &[&str], notes: &mut Vec<Note>) -> Vec<(&'static str, f64)> {
    let count = |of: &[&str], class: &str| of.iter().filter(|other| **other == class).count() as f64;
    let (contested, clear) = (count(&result.class, "contested"), count(&result.class, "clear"));
    let (yes, no) = (count(agree, "yes"), count(agree, "no"));
    if let Some(note) = setting.one_core("share of contested cities and of agreement") {
        notes.push(note);
        return vec![("contested_share", f64::NAN), ("agree_share", f64::NAN), ("n", contested + clear)];
    }
    if contested + clear == 0.0 {
        notes.push(Note::remark(
            "undefined_number",
            "no share of contested cities: no city that is no core is dominated by one",
        ));
    }
    if yes + no == 0.0 {
        notes.push(Note::remark("undefined_number", "no share of agreement: no city is linked with a core"));
    }
    vec![
        ("contested_share", contested / (contested + clear)),
        ("agree_share", yes / (yes + no)),
        ("n", contested + clear),
    ]
}
