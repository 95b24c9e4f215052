//! [`radiation_model`](super::radiation_model::radiation_model) and
//! [`intervening_opportunities`](super::intervening::intervening_opportunities) in the registry.

use serde_json::{Value, json};

use super::super::adapter::each_mass;
use super::super::distances::Distances;
use super::intervening::Intervening;
use super::opportunities::Opportunities;
use super::radiation_model::{Radiation, RadiationForm};
use super::rows::all_rows;
use super::share_model::{Likeliest, ShareFit};
use super::ways;
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{by_pairs, cell, finding};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{LinkMeaning, Linkage};

const FIT: &str = "for each form its parameter, common part of the flows, mean distance modelled and observed, SRMSE, smallest and largest sum of a row";

static RADIATION: About = About {
    name: "radiation_model",
    family: Family::Radiation,
    needs: Needs::Mass,
    title: "Radiation model",
    question: "How would flows spread if everyone went to the nearest city that offers more, and do the flows agree?",
    formula: "p_ij = m_i m_j / ((m_i + s_ij)(m_i + m_j + s_ij)); finite: p_ij / (1 - m_i/M); T_ij = O_i p_ij",
    symbols: &[
        ("m_i", "mass of city i"),
        ("s_ij", "mass of the cities strictly nearer to i than j, without i and j"),
        ("M", "mass of all cities that can be reached from i, with its own"),
        ("O_i", "flow that leaves i; its mass where no links are given"),
    ],
    reading: "The model has no parameter: where its common part of the flows (0 to 1) is near that of a fitted gravity model, distance works through the cities that lie between. Rows that do not add up to 1 in the finite form are due to ties of distance",
    variant: "Columns of the finite form; cities as far away as j do not count as nearer, so that the order of the cities is of no matter; nothing is rounded; the extended form depends on the unit of the masses",
    reference: "Simini et al. (2012), Nature 484, 96-100; Masucci et al. (2013), Physical Review E 88, 022812; Yang et al. (2014), Scientific Reports 4, 5662",
    fields: &[
        Field::annotated("expected_out", "radiation_out", "radia_out", "flow that leaves the city in the finite model"),
        Field::annotated("expected_in", "radiation_in", "radia_in", "flow that reaches the city in the finite model"),
        Field::scalar("cpc", "common part of the flows of the finite model and the links"),
        Field::scalar("exponent", "exponent of the extended form, given or fitted"),
        Field::scalar("tied", "destinations as far from their origin as another one"),
        Field::scalar("n", "number of cities with a mass"),
        Field::table("fit", FIT),
        Field::matrix("probability", "p_ij of the finite form, up to 500 cities"),
    ],
    matches: &[
        ("TDLM", "run_law(law = \"Rad\"): its probabilities are m_i/M times the finite p_ij; RadExt likewise"),
        (
            "scikit-mobility",
            "Radiation().generate(out_format = \"probabilities\") is the finite form where no distances tie",
        ),
    ],
};

static INTERVENING: About = About {
    name: "intervening_opportunities",
    family: Family::Radiation,
    needs: Needs::Mass,
    title: "Intervening opportunities",
    question: "Do flows stop at the first opportunities on their way, and how quickly?",
    formula: "p_ij = (exp(-L s_ij) - exp(-L (s_ij + m_j))) / (1 - exp(-L (M - m_i))); T_ij = O_i p_ij",
    symbols: &[
        ("m_j", "mass of city j, its opportunities"),
        ("s_ij", "mass of the cities strictly nearer to i than j, without i and j"),
        ("L", "chance to stay for a unit of mass (--opportunity-rate, or fitted to the links)"),
        ("M", "mass of all cities that can be reached from i, with its own"),
        ("O_i", "flow that leaves i; its mass where no links are given"),
    ],
    reading: "The larger L, the nearer flows end: where opportunities have no end, a traveller passes 1/L of mass on average; in a finite region less, since all trips end within it. It is in the unit of the masses",
    variant: "Schneider's model with rows that add up to 1 but for ties; L by maximum likelihood of destinations given origins, 1e-4 to 1e4 over all mass",
    reference: "Stouffer (1940), American Sociological Review 5, 845-867; Schneider (1959), Papers of the Regional Science Association 5, 51-56",
    fields: &[
        Field::column("expected_out", "flow that leaves the city in the model"),
        Field::annotated("expected_in", "opportunities_in", "opport_in", "flow that reaches the city in the model"),
        Field::scalar("rate", "L, given or fitted"),
        Field::scalar("cpc", "common part of the flows of the model and the links"),
        Field::scalar("tied", "destinations as far from their origin as another one"),
        Field::scalar("n", "number of cities with a mass"),
        Field::table("fit", FIT),
        Field::matrix("probability", "p_ij, up to 500 cities"),
    ],
    matches: &[("TDLM", "run_law(law = \"Schneider\"): its probabilities are m_i/M times p_ij")],
};

/// [`radiation_model`](super::radiation_model::radiation_model) in the registry.
pub(in crate::measures) static RADIATION_MEASURE: Measure = Measure::new(&RADIATION, run_radiation);

fn run_radiation(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &RADIATION, |mass, outcome| radiation(run, mass, outcome))
}

fn radiation(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let Some(distances) = ways::distances(run, outcome)? else { return Ok(()) };
    let model = Radiation::new(mass, &distances)?;
    let links = flows(run, outcome);
    let mut forms = vec![RadiationForm::Simini, RadiationForm::Finite];
    let exponent = match (run.reach.radiation_exponent, links) {
        (Some(exponent), _) if !(exponent > 0.0 && exponent.is_finite()) => {
            let message = format!("{exponent} is no exponent of the extended radiation model");
            return Err(Fault::new(Kind::Option, message).hint("give a number above zero").into());
        }
        (Some(exponent), _) => {
            outcome.options.insert("radiation_exponent".into(), json!(exponent));
            Some(exponent)
        }
        (None, Some(links)) => {
            let likeliest = model.exponent(links);
            outcome.notes.extend(without_exponent(likeliest));
            likeliest.inside()
        }
        (None, None) => None,
    };
    forms.extend(exponent.map(RadiationForm::Extended));
    let fits: Vec<(RadiationForm, ShareFit)> =
        forms.into_iter().map(|form| (form, model.fit(form, &distances, links))).collect();
    let rows = fits.iter().map(|(form, fit)| fit_row(form.name(), form.parameter(), fit)).collect();
    let finite = &fits[1].1;
    outcome.scalars.extend([("cpc", finite.cpc), ("exponent", exponent.unwrap_or(f64::NAN))]);
    note_undefined(links, exponent, outcome);
    outcome.notes.extend(sentence("the radiation model without a parameter", finite).map(finding));
    report(run, mass, &distances, &model.opportunities, rows, outcome);
    matrix(run, outcome, |i, row| model.row(RadiationForm::Finite, i, row));
    columns(finite, outcome);
    Ok(())
}

/// Why the extended form has no exponent, where it has none.
fn without_exponent(likeliest: Likeliest) -> Option<Note> {
    let message = match likeliest {
        Likeliest::At(_) => return None,
        Likeliest::Bound(bound) => {
            let (units, near) =
                if bound < 1.0 { ("larger", ", near the mass of all cities,") } else { ("smaller", "") };
            format!(
                "no extended form: the likelihood grows to the bound {bound} of its exponent; the extended form depends on the unit of the mass, so take masses in {units} units{near} or give --radiation-exponent"
            )
        }
        Likeliest::Nowhere => {
            "no extended form: under no exponent do the destinations of the flows have a chance".to_owned()
        }
    };
    Some(Note::remark("not_run", message))
}

/// [`intervening_opportunities`](super::intervening::intervening_opportunities) in the registry.
pub(in crate::measures) static INTERVENING_MEASURE: Measure = Measure::new(&INTERVENING, run_intervening);

fn run_intervening(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &INTERVENING, |mass, outcome| intervening(run, mass, outcome))
}

fn intervening(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let links = flows(run, outcome);
    if run.reach.opportunity_rate.is_none() && links.is_none() {
        let message = "not run: the rate of opportunities was not given, and there are no flows to fit it to";
        outcome.notes.push(Note::remark("not_run", message));
        return Ok(());
    }
    let Some(distances) = ways::distances(run, outcome)? else { return Ok(()) };
    let model = Intervening::new(mass, &distances)?;
    let rate = match (run.reach.opportunity_rate, links) {
        (Some(rate), _) if !(rate > 0.0 && rate.is_finite()) => {
            let message = format!("{rate} is no rate of opportunities");
            return Err(Fault::new(Kind::Option, message).hint("give a number above zero").into());
        }
        (Some(rate), _) => {
            outcome.options.insert("opportunity_rate".into(), json!(rate));
            rate
        }
        (None, links) => links.and_then(|links| model.rate(links).inside()).ok_or_else(|| {
            let message = "no rate of opportunities makes the destinations of the flows likeliest: they do not end nearer, or farther, than all rates would have it";
            crate::error::Error::from(Fault::new(Kind::Undefined, message))
        })?,
    };
    let fit = model.fit(rate, &distances, links);
    outcome.scalars.extend([("rate", rate), ("cpc", fit.cpc)]);
    note_undefined(links, Some(rate), outcome);
    outcome.notes.extend(sentence("the model of intervening opportunities", &fit).map(finding));
    report(run, mass, &distances, &model.opportunities, vec![fit_row("schneider", rate, &fit)], outcome);
    matrix(run, outcome, |i, row| model.row(rate, i, row));
    columns(&fit, outcome);
    Ok(())
}

/// The links, where they are flows.
fn flows<'a>(run: &Run<'a>, outcome: &mut Outcome) -> Option<&'a Linkage> {
    let links = run.links?;
    if links.meaning() == LinkMeaning::Cost {
        let message = "the links mean costs, so that no flows are compared with the model";
        outcome.notes.push(Note::remark("not_run", message));
        return None;
    }
    Some(links)
}

fn note_undefined(links: Option<&Linkage>, parameter: Option<f64>, outcome: &mut Outcome) {
    if links.is_none() {
        let also = if parameter.is_none() { ", and no extended form without its exponent" } else { "" };
        let message = format!("no agreement with flows: no links that mean flows were given{also}");
        outcome.notes.push(Note::remark("undefined_number", message));
    }
}

fn report(
    run: &Run,
    mass: &[f64],
    distances: &Distances,
    opportunities: &Opportunities,
    rows: Vec<Vec<Value>>,
    outcome: &mut Outcome,
) {
    let columns = vec![
        "form",
        "parameter",
        "cpc",
        "mean_distance",
        "observed_mean_distance",
        "srmse",
        "row_sum_min",
        "row_sum_max",
    ];
    outcome.tables.push(("fit", TableOut { columns, rows }));
    let members = mass.iter().filter(|m| !m.is_nan()).count();
    outcome.scalars.extend([("tied", opportunities.tied as f64), ("n", members as f64)]);
    ways::note_without_way(run, mass, distances, outcome);
    ways::note_zero_mass(run, mass, "so that nothing leaves or reaches them in the model", outcome);
    if opportunities.tied > 0 {
        let message = format!(
            "{} destinations are as far from their origin as another one; neither counts as nearer, so that rows may add up to more",
            opportunities.tied
        );
        outcome.notes.push(Note::remark("ties", message));
    }
    let out = if run.links.is_some() {
        "flows that leave each city are those of the links"
    } else {
        "flows that leave each city are its mass"
    };
    outcome.footer = Some(format!("{out}; {}; n = {members}", ways::definition(run)));
}

fn fit_row(form: &str, parameter: f64, fit: &ShareFit) -> Vec<Value> {
    let numbers = [parameter, fit.cpc, fit.mean_distance, fit.observed_mean_distance, fit.srmse];
    std::iter::once(json!(form)).chain(numbers.into_iter().chain(fit.row_sums).map(cell)).collect()
}

fn matrix(run: &Run, outcome: &mut Outcome, of_row: impl Fn(usize, &mut [f64]) + Sync) {
    let n = run.cities.len();
    if ways::gives_matrix("the matrix of probabilities", n, outcome) {
        outcome.matrices.push(("probability", by_pairs(run, all_rows(n, of_row))));
    }
}

fn columns(fit: &ShareFit, outcome: &mut Outcome) {
    outcome.columns = vec![
        ("expected_out", Values::Numbers(fit.expected_out.clone())),
        ("expected_in", Values::Numbers(fit.expected_in.clone())),
    ];
}

fn sentence(model: &str, fit: &ShareFit) -> Option<String> {
    let ratio = fit.mean_distance / fit.observed_mean_distance;
    let reach = match ratio {
        r if r < 0.9 => "shorter than those observed",
        r if r > 1.1 => "longer than those observed",
        _ => "as long as those observed, within a tenth",
    };
    fit.cpc.is_finite().then(|| {
        format!("{model} reproduces {:.2} of the flows (common part); its flows are {reach} (ratio of mean distances {ratio:.2})", fit.cpc)
    })
}
