//! The strength of the cores' fields, and how far they reach.

use serde_json::{Value, json};

use super::bands::bands;
use super::circle::circle;
use super::pull::{Pulls, two_largest};
use super::setting::Setting;
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{cell, finding, printed, who};
use crate::measures::autocorrelation::classes::UNDEFINED;
use crate::measures::radiation::Distances;
use crate::measures::radiation::adapter::{each_mass, ids};
use crate::measures::{
    About, Family, Field, Layer, LayerFeature, LayerShape, Measure, Needs, Outcome, Run, TableOut, Values,
};
use crate::note::{Note, listed_by};

/// Where the reach of a core ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// Where its field has this strength.
    Threshold(f64),
    /// At the strength for which the reaches of all cores together hold this share of the mass of the other cities.
    Coverage(f64),
}

/// The fields of the cores; see [`field_strength()`].
#[derive(Clone, Debug, PartialEq)]
pub struct FieldStrength {
    /// Strength of the strongest field in each city; NaN at cores.
    pub strongest: Vec<f64>,
    /// Sum of the strengths of all fields; NaN at cores.
    pub total: Vec<f64>,
    /// The core whose field is strongest; of a core, itself.
    pub core: Vec<Option<usize>>,
    /// Strength at which reach ends, E₀; NaN where no mass lies outside the cores.
    pub threshold: f64,
    /// How far each core reaches, in the unit of distances.
    pub radius: Vec<f64>,
    /// The cities within the reach of each core, ascending.
    pub inside: Vec<Vec<usize>>,
}

/// The strength of the fields of the cores in all cities, and the distance to which they reach.
///
/// # Formula
///
/// E_ic = m_c/d_ic^β; r_c = (m_c/E₀)^(1/β), the distance at which E_c falls to E₀. City i lies within reach of c where
/// E_ic ≥ E₀. With [`Reach::Coverage`] E₀ is the largest strength for which the cities within any reach hold at least that share of
/// the mass of all cities that are no cores: found exactly, going through the cities by their strongest field.
///
/// `mass` has one entry a city, `cores` are places among the cities. E is in units of mass over distance^β. At a core its own
/// field has no bound, so cores have none. A city without a mass (NaN) takes no part. O(n·c + n log n) for c cores.
///
/// # Errors
///
/// `Undefined` without cores, for a core without a mass above 0, a β, threshold or coverage that is not above 0, or a
/// coverage above 1.
///
/// # Source
///
/// The field-strength model of urban hinterlands after Reilly (1931) and Stewart, J. Q. (1947). Empirical mathematical rules concerning
/// the distribution and equilibrium of population. Geographical Review 37, 461-485. The choice of E₀ by coverage is our own.
///
/// ```
/// use agglo::measures::radiation::{Distances, Reach, field_strength};
/// let distances = Distances::from_values(3, vec![0.0, 10.0, 20.0, 10.0, 0.0, 10.0, 20.0, 10.0, 0.0])?;
/// let result = field_strength(&[400.0, 3.0, 1.0], &distances, &[0], 2.0, Reach::Coverage(0.7))?;
/// assert_eq!(result.strongest[1..], [4.0, 1.0]);
/// // The nearer city has 3/4 of the mass outside the core: the reach ends there.
/// assert_eq!((result.threshold, result.radius[0]), (4.0, 10.0));
/// assert_eq!(result.inside[0], [1]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn field_strength(
    mass: &[f64],
    distances: &Distances,
    cores: &[usize],
    beta: f64,
    reach: Reach,
) -> Result<FieldStrength> {
    let pulls = Pulls::of(mass, distances, cores, beta)?;
    check(reach)?;
    let n = pulls.n();
    let (mut strongest, mut total, mut core) = (vec![f64::NAN; n], vec![f64::NAN; n], vec![None; n]);
    cores.iter().for_each(|&c| core[c] = Some(c));
    let periphery = pulls.periphery();
    for &i in &periphery {
        let field = pulls.field(i);
        // Shares hold where strengths are too small for a number.
        if let [Some(c), _] = two_largest(&pulls.shares(i)) {
            (strongest[i], core[i]) = (field[c], Some(cores[c]));
            total[i] = field.iter().filter(|x| !x.is_nan()).sum();
        }
    }
    let threshold = match reach {
        Reach::Threshold(threshold) => threshold,
        Reach::Coverage(share) => covering(share, &periphery, mass, &strongest),
    };
    let mut inside = vec![Vec::new(); cores.len()];
    for &i in &periphery {
        let field = pulls.field(i);
        (0..cores.len()).filter(|&c| field[c] >= threshold).for_each(|c| inside[c].push(i));
    }
    let radius = cores.iter().map(|&c| libm::pow(mass[c] / threshold, 1.0 / beta)).collect();
    Ok(FieldStrength { strongest, total, core, threshold, radius, inside })
}

fn check(reach: Reach) -> Result<()> {
    let wrong = match reach {
        Reach::Threshold(e) if !(e > 0.0 && e.is_finite()) => {
            format!("{e} is no strength of a field: it has to be above 0")
        }
        Reach::Coverage(share) if !(share > 0.0 && share <= 1.0) => {
            format!("a coverage of {share} is not above 0 and up to 1")
        }
        _ => return Ok(()),
    };
    Err(Fault::new(Kind::Undefined, wrong).into())
}

/// The largest strength for which the cities with one as large hold at least this share of the mass.
fn covering(share: f64, periphery: &[usize], mass: &[f64], strongest: &[f64]) -> f64 {
    let mut order: Vec<usize> = periphery.iter().copied().filter(|&i| strongest[i] > 0.0).collect();
    order.sort_by(|&i, &j| strongest[j].total_cmp(&strongest[i]));
    let total: f64 = order.iter().map(|&i| mass[i]).sum();
    if !(total > 0.0 && total.is_finite()) {
        return f64::NAN;
    }
    let mut held = 0.0;
    for &i in &order {
        held += mass[i];
        // A share that is reached but for rounding is reached.
        if held >= share * total * (1.0 - 1e-12) {
            return strongest[i];
        }
    }
    order.last().map_or(f64::NAN, |&i| strongest[i])
}

static ABOUT: About = About {
    name: "field_strength",
    family: Family::Radiation,
    needs: Needs::Cores,
    title: "Field strength and reach of the cores",
    question: "How strong is the pull of the cores in each city, and how far does each core reach?",
    formula: "E_ic = m_c / d_ic^beta; field = max_c E_ic; field_total = sum_c E_ic; r_c = (m_c / E_0)^(1/beta)",
    symbols: &[
        ("E_ic", "strength of the field of core c in city i"),
        ("m_c", "mass of the core"),
        ("d_ic", "distance of the two"),
        ("beta", "exponent of the distance, 2 unless --beta says otherwise"),
        (
            "E_0",
            "strength at which reach ends: --field, or such that the reaches together hold --coverage of the mass of all cities that are no cores",
        ),
        ("r_c", "how far core c reaches"),
    ],
    reading: "Larger: a core is nearer or heavier. Strengths compare within one study, since their unit is that of the mass over distance^beta. A core of four times the mass reaches twice as far when beta is 2. E_0 chosen by coverage makes reaches comparable among cores, not among studies",
    variant: "E_0 covers 80 % of the mass of the cities that are no cores unless told otherwise; it is the field of the last city needed, so that at least as much is covered. Cores have no field, since their own has no bound. Bands are drawn on a grid of up to 200 by 200 cells over the cities and a tenth around them; each band is half as far from the core as the next weaker one. Neither circles nor bands are drawn where distances are costs",
    reference: "Reilly (1931), The Law of Retail Gravitation; Stewart (1947), Geographical Review 37, 461-485; E_0 by coverage: our own",
    fields: &[
        Field::scalar("threshold", "strength E_0 at which reach ends"),
        Field::scalar("covered", "share of the mass of the cities that are no cores within any reach"),
        Field::scalar("n", "cities with a field"),
        Field::annotated("field", "field_strength", "field", "strength of the strongest field"),
        Field::column("field_total", "sum of the strengths of all fields"),
        Field::column("strongest_core", "id of the core whose field is strongest; of a core, itself"),
        Field::annotated(
            "inside",
            "inside_reach",
            "inside",
            "yes, no, core or undefined: whether a core reaches the city",
        ),
        Field::table(
            "cores",
            "for each core its mass, how far it reaches, and the cities that are no cores and whose point lies within: their number, their mass and the area of their polygons as a whole, which is not the area within reach",
        ),
        Field::layer("radii", "the area within the reach of each core"),
        Field::layer("bands", "areas of equal strength of the strongest field"),
    ],
    matches: &[],
};

/// [`field_strength()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &ABOUT, |mass, outcome| fill(run, mass, outcome))
}

fn fill(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let setting = Setting::of(run, mass, outcome)?;
    let reach = run.reach.threshold.map_or(Reach::Coverage(run.reach.coverage), Reach::Threshold);
    let result = field_strength(mass, &setting.distances, &setting.cores, setting.beta, reach)?;
    let inside = classes(run, &result);
    let of_periphery = |i: &usize| result.strongest[*i].is_finite();
    let with_field: Vec<usize> = (0..run.cities.len()).filter(of_periphery).collect();
    let total: f64 = with_field.iter().map(|&i| mass[i]).sum();
    let held: f64 = with_field.iter().filter(|&&i| inside[i] == "yes").map(|&i| mass[i]).sum();
    let numbers = [("threshold", result.threshold), ("covered", held / total), ("n", with_field.len() as f64)];
    outcome.scalars.extend(numbers);
    if result.threshold.is_nan() {
        let message = "no threshold and no reach: the cities that are no cores have no mass to cover";
        outcome.notes.push(Note::remark("undefined_number", message));
    } else {
        outcome.notes.extend(sentence(run, &setting, &result, held / total).map(finding));
    }
    outcome.tables.push(("cores", table(run, &setting, &result)));
    outcome.layers = layers(run, &setting, &result, &mut outcome.notes);
    outcome.layers.retain(|(_, layer)| !layer.features.is_empty());
    outcome.columns.push(("field", Values::Numbers(result.strongest)));
    outcome.columns.push(("field_total", Values::Numbers(result.total)));
    outcome.columns.push(("strongest_core", ids(run, &result.core)));
    outcome.columns.push(("inside", Values::Classes(inside)));
    let chosen = match reach {
        Reach::Threshold(_) => "as given".to_owned(),
        Reach::Coverage(share) => format!("to cover {share} of the mass outside the cores"),
    };
    let variant = format!("field strength m/d^{}, E_0 {chosen}", setting.beta);
    outcome.footer = Some(setting.footer(&variant));
    Ok(())
}

fn classes(run: &Run, result: &FieldStrength) -> Vec<&'static str> {
    let class = |i: usize| match result.core[i] {
        Some(core) if core == i => "core",
        Some(_) if result.strongest[i] >= result.threshold => "yes",
        Some(_) if result.threshold.is_finite() => "no",
        _ => UNDEFINED,
    };
    (0..run.cities.len()).map(class).collect()
}

fn table(run: &Run, setting: &Setting, result: &FieldStrength) -> TableOut {
    let row = |(c, &core): (usize, &usize)| -> Vec<Value> {
        let inside = &result.inside[c];
        let mass: f64 = inside.iter().map(|&i| setting.mass[i]).sum();
        let numbers = [cell(mass), cell(setting.area_of(inside))];
        let own = [cell(setting.mass[core]), cell(result.radius[c]), json!(inside.len())];
        who(run, core).into_iter().chain(own).chain(numbers).collect()
    };
    TableOut {
        columns: vec![
            "core",
            "core_name",
            "mass",
            "radius",
            "cities_inside",
            "mass_inside",
            setting.area_column(["area_of_cities_inside", "area_of_cities_inside_km2"]),
        ],
        rows: setting.cores.iter().enumerate().map(row).collect(),
    }
}

fn layers(run: &Run, setting: &Setting, result: &FieldStrength, notes: &mut Vec<Note>) -> Vec<(&'static str, Layer)> {
    if run.costs.is_some() {
        notes.push(Note::remark("not_run", "no radii and no bands are drawn, since distances are costs of ways"));
        return Vec::new();
    }
    let mut layers = Vec::new();
    if result.threshold.is_finite() {
        layers.push(("radii", radii(run, setting, result, notes)));
    }
    match bands(setting.field_on_grid(), result.threshold, setting.beta) {
        Ok(bands) => layers.push(("bands", bands)),
        Err(reason) => notes.push(Note::remark("not_run", format!("no bands: {reason}"))),
    }
    layers
}

fn radii(run: &Run, setting: &Setting, result: &FieldStrength, notes: &mut Vec<Note>) -> Layer {
    let (mut features, mut without) = (Vec::new(), Vec::new());
    // The widest first, so that none hides another.
    let mut order: Vec<usize> = (0..setting.cores.len()).collect();
    order.sort_by(|&a, &b| result.radius[b].total_cmp(&result.radius[a]));
    for c in order {
        let core = setting.cores[c];
        let Some(parts) = run.cities.points[core].and_then(|at| circle(run.cities.metric, at, result.radius[c])) else {
            without.push(core);
            continue;
        };
        let [id, name] = who(run, core);
        let properties = vec![
            ("core", id),
            ("core_name", name),
            ("radius", cell(result.radius[c])),
            ("threshold", cell(result.threshold)),
        ];
        features.push(LayerFeature { shape: LayerShape::Areas(parts), properties });
    }
    if !without.is_empty() {
        let which = listed_by(&without, |&i| run.cities.label(i));
        let message =
            format!("no circle is drawn for {which}: without a place, or reaching round half the globe and more");
        notes.push(Note::remark("not_run", message));
    }
    Layer { features }
}

fn sentence(run: &Run, setting: &Setting, result: &FieldStrength, covered: f64) -> Option<String> {
    let count = setting.cores.len();
    let farthest = (0..count).fold(None, |best: Option<usize>, c| match best {
        Some(b) if result.radius[b] >= result.radius[c] => best,
        _ => Some(c),
    })?;
    let (reaches, within) = match count {
        1 => ("reaches".to_owned(), "its reach".to_owned()),
        _ => ("reaches farthest,".to_owned(), format!("the reach of any of {count} cores")),
    };
    let unit = setting.distances.unit;
    let sentence = format!(
        "{} {reaches} {} {unit} to the field strength {:.3e} at which reach ends; within {within} lie {} of the mass of all other cities",
        run.cities.known_as(setting.cores[farthest]),
        printed(result.radius[farthest], 0),
        result.threshold,
        printed(covered, 2),
    );
    Some(sentence.replace("  ", " "))
}
