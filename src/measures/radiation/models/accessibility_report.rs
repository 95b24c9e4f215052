//! [`potential`] and [`catchment`] in the registry.

use super::super::adapter::{each_mass, note};
use super::super::options::USUAL;
use super::accessibility::{Fading, catchment, potential};
use super::decay::Decay;
use super::ways;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;

static ABOUT: About = About {
    name: "accessibility",
    family: Family::Radiation,
    needs: Needs::Mass,
    title: "Accessibility",
    question: "How much can be reached from each city, and is supply within reach enough for those who share it?",
    formula: "hansen: A_i = sum_{j != i} m_j d_ij^-beta; two_step: A_i = sum_{d_ij <= d0} m_j / sum_{d_kj <= d0} P_k; enhanced: the same with Gaussian weights G(d), the Gaussian 2SFCA of Dai",
    symbols: &[
        ("m_j", "mass of city j: what is reached, or the supply"),
        ("P_k", "population of city k, the demand"),
        ("d_ij", "distance from i to j"),
        ("beta", "exponent of distance (2)"),
        ("d0", "longest way (--catchment), which has no default"),
        ("G(d)", "(exp(-(d/d0)^2/2) - exp(-1/2)) / (1 - exp(-1/2)), 0 beyond d0"),
    ],
    reading: "hansen compares cities within one table only. two_step and enhanced are supply for each head; their mean weighted by population is all supply over all population where all supply is within reach of someone",
    variant: "The city's own mass is left out of hansen and counts in two_step and enhanced; enhanced is the Gaussian 2SFCA of Dai (2010), not the E2SFCA of Luo and Qi (2009) with its steps of distance; no catchment is assumed",
    reference: "Hansen (1959), Journal of the American Institute of Planners 25, 73-76; Luo and Wang (2003), Environment and Planning B 30, 865-884; Luo and Qi (2009), Health & Place 15, 1100-1107; Dai (2010), Health & Place 16, 1038-1052",
    fields: &[
        Field::annotated("hansen", "accessibility", "access", "Hansen's potential, own mass left out"),
        Field::annotated("two_step", "catchment_2sfca", "fca2", "supply within the catchment for each head of demand"),
        Field::annotated("enhanced", "catchment_e2sfca", "efca2", "the same with Gaussian decay (Gaussian 2SFCA)"),
        Field::scalar("supply_per_head", "all supply that is reached over all population"),
        Field::scalar("n", "number of cities with a mass"),
        Field::table("cities", "for each city the three accessibilities"),
    ],
    matches: &[("REAT", "hansen(origins, destinations, attraction, distance, gamma = 1, lambda = -beta) is hansen")],
};

/// [`potential`] and [`catchment`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &ABOUT, |mass, outcome| fill(run, mass, outcome))
}

fn fill(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let Some(distances) = ways::distances(run, outcome)? else { return Ok(()) };
    let n = run.cities.len();
    let hansen = potential(mass, &distances, Decay::Power, run.reach.beta, None)?;
    let nowhere: Vec<usize> = (0..n).filter(|&i| hansen[i].is_nan()).collect();
    note(run, "no_way", "no accessibility for want of a distance:", &nowhere, outcome);
    let (mut two_step, mut enhanced, mut per_head) = (vec![f64::NAN; n], vec![f64::NAN; n], f64::NAN);
    match (run.population_in(outcome.year), run.reach.catchment) {
        (Some(population), Some(limit)) => {
            let demand = &population.values;
            let plain = catchment(mass, demand, &distances, limit, Fading::None)?;
            let gaussian = catchment(mass, demand, &distances, limit, Fading::Gaussian)?;
            per_head = plain.reached / demand.iter().filter(|p| **p > 0.0).sum::<f64>();
            let unreached: Vec<usize> = (0..n).filter(|&j| mass[j] > 0.0 && plain.ratio[j].is_nan()).collect();
            note(run, "unreached", "no population within reach of the supply of", &unreached, outcome);
            (two_step, enhanced) = (plain.access, gaussian.access);
            outcome.notes.extend(sentence(&two_step, demand, per_head, limit, distances.unit).map(finding));
            outcome.options.insert("catchment".into(), limit.into());
            outcome.options.insert("population".into(), population.label().into());
        }
        (population, limit) => {
            let missing = match (population, limit) {
                (None, None) => "neither a population nor a longest way (--catchment) was given",
                (None, _) => "no population was given",
                _ => "no longest way (--catchment) was given, and none can be assumed",
            };
            outcome.notes.push(Note::remark("not_run", format!("no two_step and no enhanced: {missing}")));
        }
    }
    let row = |i: usize| who(run, i).into_iter().chain([hansen[i], two_step[i], enhanced[i]].map(cell)).collect();
    let rows = (0..n).map(row).collect();
    let columns = vec!["city", "name", "hansen", "two_step", "enhanced"];
    outcome.tables.push(("cities", TableOut { columns, rows }));
    let members = mass.iter().filter(|m| !m.is_nan()).count();
    outcome.scalars.extend([("supply_per_head", per_head), ("n", members as f64)]);
    ways::option(outcome, "beta", run.reach.beta, USUAL.beta);
    outcome.footer = Some(format!(
        "hansen: d^-{}, own mass left out; {}; n = {members}",
        ways::plain(run.reach.beta),
        ways::definition(run)
    ));
    outcome.columns = vec![
        ("hansen", Values::Numbers(hansen)),
        ("two_step", Values::Numbers(two_step)),
        ("enhanced", Values::Numbers(enhanced)),
    ];
    Ok(())
}

fn sentence(access: &[f64], demand: &[f64], per_head: f64, limit: f64, unit: &str) -> Option<String> {
    let people = || access.iter().zip(demand).filter(|(_, p)| **p > 0.0);
    let all: f64 = people().map(|(_, p)| p).sum();
    let poor: f64 = people().filter(|(a, _)| **a < 0.5 * per_head).map(|(_, p)| p).sum();
    let way = format!("{} {unit}", ways::plain(limit));
    (all > 0.0 && per_head.is_finite()).then(|| {
        format!(
            "{:.2} of the population reach less than half of the mean supply for each head within {}",
            poor / all,
            way.trim_end()
        )
    })
}
