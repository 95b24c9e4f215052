//! [`driving_effect()`] in the registry.

use indexmap::IndexSet;
use serde_json::json;

use super::{DrivingEffect, FormEffect, driving_effect, tables};
use crate::error::Result;
use crate::measures::adapter::{filled, finding, printed, remark, signed, years_of};
use crate::measures::radiation::Cores;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::note::{Note, listed_by};
use crate::study::{Linkage, Variable};

/// Fewest cities of the periphery without a word about it.
const FEW: usize = 20;
/// Fewest cores whose growth paths can tell who comes first, and without a word about what all cities share.
const MANY_CORES: usize = 10;

static ABOUT: About = About {
    name: "driving_effect",
    family: Family::Radiation,
    needs: Needs::CoreGrowth,
    title: "Driving effect",
    question: "Does the periphery grow with the cores that it is linked with (spread), or against them (backwash)?",
    formula: "g_it = (ln y_it - ln y_i,t-1)/years; mean_exposure E_it = sum_c s_ic g_ct / sum_c s_ic; intensity I_it = sum_c s_ic g_ct / max_i sum_c s_ic; g_it = a_t + b E_it (+ h ln y_i,t-1) + e_it, likewise with I",
    symbols: &[
        ("y_it", "value of periphery city i in year t, above zero"),
        ("g_it", "its mean yearly growth since the year before, as a difference of logarithms"),
        ("c", "a core"),
        (
            "s_ic",
            "strength of the link of i with c without direction, w_ic + w_ci (w_ic where links have no direction)",
        ),
        (
            "b",
            "by how much the periphery grows faster where what it is exposed to grows faster by 1; of mean_exposure an elasticity",
        ),
        (
            "h",
            "by how much growth is faster where the initial level is higher by 1 in logarithms, where it is controlled for",
        ),
        ("a_t", "an effect of each period, which takes up inflation and all that moves every city alike"),
    ],
    reading: "b > 0 with p up to the threshold: spread; b < 0: backwash; else not told from chance (ns). mean_exposure asks whether cities grow faster that hang on faster cores, intensity whether cities grow faster that hang on growing cores more. With one core mean_exposure is the same everywhere and undefined. It describes: what drives both core and periphery is not taken out",
    variant: "Periphery cities with a link to a core. Logarithms; values of zero or less are left out. HC3 errors with one period, clustered by city with several (factor G/(G-1) (N-1)/(N-k); in lead_lag k counts the effects of periods and not those of cities, as xtreg and reghdfe of Stata do); p by Student's t with rows less coefficients, or cities less one. Bands: --bands, or thirds of the periphery by distance from the nearest core. Per core: slope on its share of a city's links with cores. Who leads (four years or more): within cities, with an effect of each period. Errors treat cities as independent, though they share the growth of few cores",
    reference: "Myrdal (1957), Economic Theory and Under-developed Regions; Hirschman (1958), The Strategy of Economic Development; MacKinnon and White (1985), Journal of Econometrics 29, 305-325; Adao, Kolesar and Morales (2019), Quarterly Journal of Economics 134, 1949-2010",
    fields: &[
        Field::scalar("b", "slope of the form that is quoted: mean_exposure where it is defined, else intensity"),
        Field::scalar("se", "its standard error"),
        Field::scalar("p", "its p value"),
        Field::scalar("mean_exposure_b", "slope on mean_exposure without control"),
        Field::scalar("mean_exposure_p", "its p value"),
        Field::scalar("intensity_b", "slope on intensity without control"),
        Field::scalar("intensity_p", "its p value"),
        Field::scalar("n", "rows: cities times periods"),
        Field::scalar("cities", "cities of the periphery that take part"),
        Field::scalar("cores", "cores"),
        Field::annotated(
            "growth",
            "growth",
            "growth",
            "mean yearly growth from the first to the last year, as a difference of logarithms",
        ),
        Field::annotated(
            "exposure",
            "core_growth",
            "core_grow",
            "mean growth of the cores that the city is linked with, weighted by the links",
        ),
        Field::table(
            "effects",
            "both forms, without and with the initial level, over all periods and from the first to the last year",
        ),
        Field::table(
            "bands",
            "growth of the periphery and of its cores, and the slope, by distance from the nearest core",
        ),
        Field::table("cores", "each core's growth, and whether cities that hang on it more grow faster"),
        Field::table("lead_lag", "whether growth of the cores comes before that of the periphery, or after it"),
    ],
    matches: &[(
        "statsmodels",
        "OLS(growth, [1, exposure, initial]).fit(cov_type='HC3', use_t=True); with several periods fit(cov_type='cluster', cov_kwds={'groups': city}, use_t=True)",
    )],
};

/// [`driving_effect()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let (Some(links), Some(cores)) = (run.network, run.cores) else { return Ok(Vec::new()) };
    let names: IndexSet<&str> = run.variables.iter().map(|x| x.name.as_str()).collect();
    let outcome = |name: &str| {
        let years = years_of(run.variables, name);
        let empty = Outcome { measure: ABOUT.name, variable: Some(name.to_owned()), ..Outcome::default() };
        filled(run.cities.len(), &ABOUT, empty, |outcome| fill(run, (links, cores), &years, outcome))
    };
    names.into_iter().map(outcome).collect()
}

fn fill(
    run: &Run,
    (links, cores): (&Linkage, &Cores),
    years: &[(i32, &Variable)],
    outcome: &mut Outcome,
) -> Result<()> {
    let levels: Vec<(i32, &[f64])> = years.iter().map(|(year, x)| (*year, x.values.as_slice())).collect();
    outcome.notes.extend(years.iter().filter_map(|(_, x)| not_above_zero(run, x)));
    let distances = nearest(run, cores);
    let result = driving_effect(&levels, links, &cores.places, &distances, &run.reach.bands, run.inference.alpha)?;
    let form = result.foremost();
    outcome.options.insert("years".into(), levels.iter().map(|(year, _)| json!(year)).collect());
    outcome.scalars = scalars(&result);
    outcome.columns = vec![
        ("growth", Values::Numbers(result.growth.clone())),
        ("exposure", Values::Numbers(result.exposure.clone())),
    ];
    outcome.tables = vec![
        ("effects", tables::effects(&result)),
        ("bands", tables::bands(&result)),
        ("cores", tables::cores(run, &result)),
    ];
    if !result.leads.is_empty() {
        outcome.tables.push(("lead_lag", tables::leads(&result)));
    }
    outcome.notes.extend(notes(run, &result));
    outcome.notes.extend(findings(run, &result).into_iter().map(finding));
    let costs = if run.costs.is_some() { "the costs given" } else { "as the crow flies" };
    let unit = if run.costs.is_some() { "" } else { run.cities.metric.unit() };
    outcome.footer = Some(format!(
        "{} cities of the periphery linked with {} cores, {} rows; growth in logarithms a year; links: strength without direction; distance from the nearest core {costs}{}; cores: {}{}",
        form.effect.cities,
        cores.places.len(),
        form.effect.rows,
        if unit.is_empty() { String::new() } else { format!(" in {unit}") },
        cores.how,
        remark(run)
    ));
    Ok(())
}

fn scalars(result: &DrivingEffect) -> Vec<(&'static str, f64)> {
    let foremost = &result.foremost().effect;
    let of = |name: &str| {
        &result.forms.iter().find(|form| form.form == name && !form.control).expect("both are tried").effect
    };
    let (mean, intensity) = (of("mean_exposure"), of("intensity"));
    vec![
        ("b", foremost.b),
        ("se", foremost.se),
        ("p", foremost.p),
        ("mean_exposure_b", mean.b),
        ("mean_exposure_p", mean.p),
        ("intensity_b", intensity.b),
        ("intensity_p", intensity.p),
        ("n", foremost.rows as f64),
        ("cities", foremost.cities as f64),
        ("cores", result.cores.len() as f64),
    ]
}

/// How far each city lies from the nearest core, NaN without a place or a cost.
fn nearest(run: &Run, cores: &Cores) -> Vec<f64> {
    let n = run.cities.len();
    let mut nearest = vec![f64::NAN; n];
    let mut nearer = |i: usize, d: f64| nearest[i] = if d < nearest[i] || nearest[i].is_nan() { d } else { nearest[i] };
    if let Some(costs) = run.costs {
        let core = cores.mask(n);
        for (i, j, w) in costs.arcs() {
            let length = costs.meaning().length(w);
            if core[j] {
                nearer(i, length)
            }
            if core[i] {
                nearer(j, length)
            }
        }
        return nearest;
    }
    for &core in &cores.places {
        let Some(place) = run.cities.points[core] else { continue };
        for (i, point) in run.cities.points.iter().enumerate() {
            if let Some(point) = point {
                nearer(i, run.cities.metric.distance(place, *point));
            }
        }
    }
    nearest
}

fn not_above_zero(run: &Run, variable: &Variable) -> Option<Note> {
    let without: Vec<usize> =
        (0..run.cities.len()).filter(|&i| variable.values[i].is_nan() || variable.values[i] <= 0.0).collect();
    let message = format!(
        "{}: no growth without a value above zero of {}",
        variable.label(),
        listed_by(&without, |&i| run.cities.label(i))
    );
    let note = || Note::warning("no_growth", message).about(without.iter().map(|&i| &run.cities.ids[i]));
    (!without.is_empty()).then(note)
}

fn notes(run: &Run, result: &DrivingEffect) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    for form in &result.forms {
        if let Some(reason) = form.effect.reason.as_deref().filter(|reason| !said.contains(reason)) {
            said.push(reason);
            notes.push(Note::remark("undefined_number", format!("no b of {} ({}): {reason}", form.form, form.span)));
        }
    }
    if run.links.is_none() && run.firms.is_none() {
        let message = "the network is built of masses and distances: where the mass is the value, or goes with it, growth is measured along links that it made itself";
        notes.push(Note::remark("circular", message));
    }
    let (cities, cores) = (result.foremost().effect.cities, result.cores.len());
    if cities < FEW {
        let message = format!("{cities} cities of the periphery are few: nothing of this is strong below {FEW}");
        notes.push(Note::remark("few_cities", message));
    }
    if cores < MANY_CORES {
        let message = format!(
            "all cities are exposed to the growth of the same {cores} {}, which standard errors by city do not know: p values are too small rather than too large",
            if cores == 1 { "core" } else { "cores" }
        );
        notes.push(Note::remark("few_cores", message));
    }
    notes
}

fn findings(run: &Run, result: &DrivingEffect) -> Vec<String> {
    let (alpha, form) = (run.inference.alpha, result.foremost());
    let mut sentences = Vec::new();
    if form.effect.reason.is_none() {
        sentences.push(sentence(result, form, alpha));
    }
    let told = |label: &str| label != "ns" && label != "undefined";
    let leads: Vec<_> = result.leads.iter().filter(|lead| lead.lag > 0 && lead.effect.reason.is_none()).collect();
    // A handful of growth paths that all cities share cannot tell who comes first, however small p is.
    if let ([cores, periphery], MANY_CORES..) = (&leads[..], result.cores.len()) {
        let says = match (told(cores.effect.label), told(periphery.effect.label)) {
            (true, false) => "growth of the cores comes before that of the periphery, and not the other way round",
            (false, true) => "growth of the periphery comes before that of the cores, and not the other way round",
            (true, true) => "each comes before the other",
            (false, false) => "neither is told to come before the other",
        };
        sentences.push(format!(
            "{says}: b {} (p {:.3}) on the cores' growth of the period before, {} (p {:.3}) the other way round, threshold {alpha}, {} cities",
            signed(cores.effect.b, 3),
            cores.effect.p,
            signed(periphery.effect.b, 3),
            periphery.effect.p,
            cores.effect.cities
        ));
    }
    sentences
}

/// What the foremost form says, beside what the others say of the same span. It is no result where the initial level
/// explains it, or where the other form, which asks another question, says the opposite.
fn sentence(result: &DrivingEffect, form: &FormEffect, alpha: f64) -> String {
    let others: Vec<&FormEffect> = result
        .forms
        .iter()
        .filter(|other| other.span == form.span && other.effect.reason.is_none())
        .filter(|other| (other.form, other.control) != (form.form, form.control))
        .collect();
    let opposite = match form.effect.label {
        "spread" => "backwash",
        _ => "spread",
    };
    let holds = |other: &&FormEffect| match other.form == form.form {
        true => other.effect.label == form.effect.label,
        false => other.effect.label != opposite,
    };
    let agreed = others.iter().all(holds);
    let word = match (form.effect.label, agreed) {
        ("spread", true) => "the periphery grows with its cores (spread)",
        ("backwash", true) => "the periphery grows against its cores (backwash)",
        ("spread", false) => {
            "spread from the cores is seen, and does not hold in the other forms, so that it is not certain"
        }
        ("backwash", false) => {
            "backwash to the cores is seen, and does not hold in the other forms, so that it is not certain"
        }
        _ => "neither spread nor backwash is told from chance",
    };
    let beside = |other: &&FormEffect| {
        let level = if other.control { " with the initial level" } else { "" };
        format!("{}{level} {} (p {:.3})", other.form, signed(other.effect.b, 3), other.effect.p)
    };
    let beside: Vec<String> = others.iter().map(beside).collect();
    let beside = if beside.is_empty() { String::new() } else { format!("; {}", beside.join(", ")) };
    format!(
        "{word}: b {} on {} (standard error {}, p {:.3}, threshold {alpha}, {} cities, {} to {}){beside}",
        signed(form.effect.b, 3),
        form.form,
        printed(form.effect.se, 3),
        form.effect.p,
        form.effect.cities,
        form.years.0,
        form.years.1
    )
}
