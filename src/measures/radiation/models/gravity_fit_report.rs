//! [`gravity_fit`](super::gravity_fit::gravity_fit) in the registry: eight fits, and the pairs that no model explains.

use serde_json::{Value, json};

use super::super::adapter::each_mass;
use super::super::distances::Distances;
use super::constraint::Constraint;
use super::decay::Decay;
use super::fitted::deviance;
use super::gravity_fit::{GravityFit, Sample};
use super::strongest::{Pair, pair_row, strongest};
use super::ways;
use crate::error::{Kind, Result};
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{LinkDirection, Linkage};

/// Pairs listed at either end.
const OUTLIERS: usize = 30;

static ABOUT: About = About {
    name: "gravity_fit",
    family: Family::Radiation,
    needs: Needs::LinksAndMass,
    title: "Gravity model fitted to flows",
    question: "How strongly do the flows grow with size and fade with distance, and which pairs are linked more or less than that?",
    formula: "E y_ij = k m_i^a m_j^b g(d_ij); A_i m_j^b g(d_ij); B_j m_i^a g(d_ij); A_i B_j g(d_ij); g(d) = d^c or exp(c d)",
    symbols: &[
        ("y_ij", "flow from i to j, 0 where no link is given"),
        ("m_i", "mass of city i"),
        ("d_ij", "distance from i to j"),
        ("a, b", "exponents of the masses of origin and destination"),
        ("c", "coefficient of ln d or d, below zero where flows fade with distance"),
        ("A_i, B_j", "constants that keep the flows that leave and reach each city"),
    ],
    reading: "c of -1: twice as far, half the flow. cpc is the part of the flows that the model puts in the right place, 0 to 1. Compare deviance and AIC of models of the same flows only. Residuals: pairs linked more or less than size and distance explain",
    variant: "Poisson pseudo-maximum likelihood on all ordered pairs i != j with their zero flows (links without direction: each pair once, one exponent for both masses, no models constrained at one side); flows need not be whole numbers, but AIC and pseudo R2 do; pseudo R2, D2, SRMSE and SSI over the pairs that enter the likelihood: cities whose flows are all zero do not where a model keeps their sums; standard errors robust (Huber-White, without a correction for few rows), and clustered by origin and by pair with the factor G/(G - 1) of G clusters; balancing to 1e-13",
    reference: "Santos Silva and Tenreyro (2006), Review of Economics and Statistics 88, 641-658; Wilson (1971), Environment and Planning 3, 1-32; Hyman (1969), Environment and Planning 1, 105-112",
    fields: &[
        Field::column("fitted_out", "flow that leaves the city in the better unconstrained model"),
        Field::column("fitted_in", "flow that reaches the city in it"),
        Field::annotated(
            "ratio",
            "gravity_ratio",
            "grav_ratio",
            "flow observed over flow fitted, both directions: above 1 linked more than size and distance explain",
        ),
        Field::scalar(
            "distance",
            "coefficient of distance of the fit with the lowest deviance: of ln d with power decay, of d with exponential decay (which: decay and constraint among the options of the result)",
        ),
        Field::scalar("cpc", "common part of its flows and those observed"),
        Field::scalar("distance_power", "coefficient of ln d of the doubly constrained fit"),
        Field::scalar("distance_exponential", "coefficient of d of the doubly constrained fit, for a unit of distance"),
        Field::scalar("pairs", "number of pairs"),
        Field::scalar("zero_pairs", "pairs without a flow among them"),
        Field::scalar("n", "number of cities with a mass above zero"),
        Field::table(
            "fits",
            "for each constraint and decay the coefficients, their standard errors, how well it fits, and the pairs that entered",
        ),
        Field::table(
            "outliers",
            "the 30 pairs linked more and the 30 linked less than the fit with the lowest deviance has it, by deviance residual",
        ),
    ],
    matches: &[(
        "spint",
        "Gravity, Production, Attraction, Doubly(flows, ..., cost, 'pow' or 'exp') on all ordered pairs give the coefficients, deviance, AIC, pseudoR2, D2, SRMSE and SSI where every city has flows",
    )],
};

/// [`gravity_fit`](super::gravity_fit::gravity_fit) in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let Some(links) = run.links else { return Ok(Vec::new()) };
    each_mass(run, &ABOUT, |mass, outcome| fill(run, links, mass, outcome))
}

fn fill(run: &Run, links: &Linkage, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let Some(distances) = ways::distances(run, outcome)? else { return Ok(()) };
    let (fits, [pairs, zero_pairs]) = all_fits(links, mass, &distances, outcome)?;
    let Some(best) = least(fits.iter()) else { return Ok(()) };
    notes(run, mass, &distances, &fits, outcome);
    if links.direction() == LinkDirection::Undirected {
        let message = "links have no direction: each pair counts once, both masses have one exponent, and models constrained at one side have no meaning";
        outcome.notes.push(Note::remark("undirected", message));
    }
    let members = mass.iter().filter(|m| **m > 0.0).count();
    outcome.scalars.extend([
        ("distance", best.distance.value),
        ("cpc", best.cpc),
        ("distance_power", doubly(&fits, Decay::Power)),
        ("distance_exponential", doubly(&fits, Decay::Exponential)),
        ("pairs", pairs as f64),
        ("zero_pairs", zero_pairs as f64),
        ("n", members as f64),
    ]);
    outcome.options.insert("decay".into(), best.decay.name().into());
    outcome.options.insert("constraint".into(), best.constraint.name().into());
    outcome.tables.push(("fits", table(&fits)));
    let (more, less) = outliers(links, &distances, best);
    outcome.tables.push(("outliers", outlier_table(run, links, &distances, best, [&more, &less])));
    outcome.notes.extend(sentences(run, best, distances.unit, &more).into_iter().map(finding));
    if let Some(free) = least(fits.iter().filter(|fit| fit.constraint == Constraint::None)) {
        outcome.columns = columns(links, &distances, free);
    }
    outcome.footer = Some(format!(
        "Poisson pseudo-maximum likelihood; {pairs} pairs, {zero_pairs} of them without a flow; standard errors robust (Huber-White, without a correction for few rows){}; distance and outliers of {} with {} decay; {}; n = {members}",
        if links.direction() == LinkDirection::Undirected { "" } else { ", by origin and by pair with G/(G - 1)" },
        called(best.constraint),
        best.decay.name(),
        ways::definition(run)
    ));
    Ok(())
}

/// All fits that are defined, and a note for each that is not; the number of all pairs, and of those without a flow.
fn all_fits(
    links: &Linkage,
    mass: &[f64],
    distances: &Distances,
    outcome: &mut Outcome,
) -> Result<(Vec<GravityFit>, [usize; 2])> {
    let (mut fits, mut pairs) = (Vec::new(), [0; 2]);
    for decay in Decay::ALL {
        let sample = Sample::new(links, mass, distances, decay)?;
        pairs = [sample.pairs(), sample.pairs() - sample.linked()];
        for constraint in Constraint::ALL {
            let one_side = matches!(constraint, Constraint::Production | Constraint::Attraction);
            if one_side && links.direction() == LinkDirection::Undirected {
                continue;
            }
            match sample.fit(constraint) {
                Ok(fit) => fits.push(fit),
                Err(error) if error.kind() == Kind::Undefined => {
                    let message = format!("no fit of {} with {} decay: {error}", called(constraint), decay.name());
                    outcome.notes.push(Note::remark("undefined_number", message));
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok((fits, pairs))
}

/// The coefficient of distance of the doubly constrained fit that arrived; NaN without one.
fn doubly(fits: &[GravityFit], decay: Decay) -> f64 {
    let wanted = |fit: &&GravityFit| fit.constraint == Constraint::Doubly && fit.decay == decay && fit.converged;
    fits.iter().find(wanted).map_or(f64::NAN, |fit| fit.distance.value)
}

/// The fit with the lowest deviance among those that arrived.
fn least<'a>(fits: impl Iterator<Item = &'a GravityFit>) -> Option<&'a GravityFit> {
    fits.filter(|fit| fit.converged && fit.deviance.is_finite()).min_by(|a, b| a.deviance.total_cmp(&b.deviance))
}

fn called(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::None => "the unconstrained model",
        Constraint::Production => "the production constrained model",
        Constraint::Attraction => "the attraction constrained model",
        Constraint::Doubly => "the doubly constrained model",
    }
}

fn notes(run: &Run, mass: &[f64], distances: &Distances, fits: &[GravityFit], outcome: &mut Outcome) {
    ways::note_zero_mass(run, mass, "which has no logarithm, and left out", outcome);
    ways::note_without_way(run, mass, distances, outcome);
    for fit in fits.iter().filter(|fit| !fit.converged) {
        let message = format!(
            "{} with {} decay did not arrive after {} steps: its numbers are doubtful",
            called(fit.constraint),
            fit.decay.name(),
            fit.iterations
        );
        outcome.notes.push(Note::warning("not_converged", message));
    }
    let Some(first) = fits.first() else { return };
    if first.left_out > 0.0 {
        let message = format!("flows of {} left out: a mass or the distance is missing", printed(first.left_out, 1));
        outcome.notes.push(Note::warning("flows_left_out", message));
    }
    if first.aic.is_nan() {
        let message = "no aic and no pseudo_r2: flows that are not whole numbers have no Poisson likelihood";
        outcome.notes.push(Note::remark("undefined_number", message));
    }
}

fn table(fits: &[GravityFit]) -> TableOut {
    let row = |fit: &GravityFit| {
        let names = [json!(fit.constraint.name()), json!(fit.decay.name())];
        let coefficients = [fit.origin_mass, fit.destination_mass, fit.distance];
        let coefficients = coefficients.into_iter().flat_map(|c| [c.value, c.se, c.se_by_origin, c.se_by_pair]);
        let quality = [fit.deviance, fit.aic, fit.pseudo_r2, fit.d2, fit.srmse, fit.cpc, fit.ssi];
        let means = [fit.observed_mean_distance, fit.mean_distance];
        let counts = [json!(fit.parameters), json!(fit.iterations), json!(fit.converged)];
        let pairs = [json!(fit.pairs), json!(fit.zero_pairs)];
        let numbers = std::iter::once(fit.constant).chain(coefficients).chain(quality).chain(means).map(cell);
        names.into_iter().chain(numbers).chain(counts).chain(pairs).collect()
    };
    TableOut {
        columns: vec![
            "constraint",
            "decay",
            "constant",
            "origin_mass",
            "origin_mass_se",
            "origin_mass_se_by_origin",
            "origin_mass_se_by_pair",
            "destination_mass",
            "destination_mass_se",
            "destination_mass_se_by_origin",
            "destination_mass_se_by_pair",
            "distance",
            "distance_se",
            "distance_se_by_origin",
            "distance_se_by_pair",
            "deviance",
            "aic",
            "pseudo_r2",
            "d2",
            "srmse",
            "cpc",
            "ssi",
            "observed_mean_distance",
            "mean_distance",
            "parameters",
            "iterations",
            "converged",
            "pairs",
            "zero_pairs",
        ],
        rows: fits.iter().map(row).collect(),
    }
}

/// The flows that leave a city into `row`, each with what the model expects, by `of`.
fn residuals(links: &Linkage, seen: &[Vec<(usize, f64)>], i: usize, row: &mut [f64], of: impl Fn(usize, f64) -> f64) {
    let from = if links.direction() == LinkDirection::Undirected { i + 1 } else { 0 };
    row.fill(0.0);
    seen[i].iter().for_each(|&(j, y)| row[j] = y);
    row.iter_mut().enumerate().for_each(|(j, x)| *x = if j < from || j == i { 0.0 } else { of(j, *x) });
}

/// The pairs with the largest deviance residuals above and below zero; of the latter the size.
fn outliers(links: &Linkage, distances: &Distances, fit: &GravityFit) -> (Vec<Pair>, Vec<Pair>) {
    let mut seen = vec![Vec::new(); links.n()];
    links.arcs().for_each(|(i, j, y)| seen[i].push((j, y)));
    let signed = |sign: f64| {
        strongest(links.n(), OUTLIERS, |i, row| {
            residuals(links, &seen, i, row, |j, y| {
                let mu = fit.expected(i, j, distances.get(i, j));
                let beyond = sign * (y - mu) > 0.0 && mu > 0.0;
                if beyond { deviance(y, mu).max(0.0).sqrt() } else { 0.0 }
            });
        })
    };
    (signed(1.0), signed(-1.0))
}

fn outlier_table(
    run: &Run,
    links: &Linkage,
    distances: &Distances,
    fit: &GravityFit,
    [more, less]: [&[Pair]; 2],
) -> TableOut {
    let row = |says: &'static str, sign: f64, &(i, j, size): &Pair| -> Vec<Value> {
        let d = distances.get(i, j);
        let (seen, mu) = (links.strength_between(i, j), fit.expected(i, j, d));
        pair_row(run, i, j, [json!(says), cell(seen), cell(mu), cell(sign * size), cell(d)])
    };
    let more = more.iter().map(|pair| row("more", 1.0, pair));
    TableOut {
        columns: vec![
            "origin",
            "origin_name",
            "destination",
            "destination_name",
            "linked",
            "flow",
            "expected",
            "residual",
            "distance",
        ],
        rows: more.chain(less.iter().map(|pair| row("less", -1.0, pair))).collect(),
    }
}

fn columns(links: &Linkage, distances: &Distances, fit: &GravityFit) -> Vec<(&'static str, Values)> {
    let n = links.n();
    let mut fitted_in = vec![0.0; n];
    let (mut seen, mut fitted) = (vec![0.0; n], fit.fitted_out.clone());
    for i in 0..n {
        for (j, sum) in fitted_in.iter_mut().enumerate() {
            *sum += fit.expected(i, j, distances.get(i, j));
        }
    }
    for (i, j, y) in links.arcs().filter(|&(i, j, _)| fit.expected(i, j, distances.get(i, j)) > 0.0) {
        seen[i] += y;
        seen[j] += y;
    }
    let both = fitted.iter().zip(&fitted_in).map(|(out, into)| out + into);
    let ratio = both.zip(&seen).map(|(both, seen)| if both > 0.0 { seen / both } else { f64::NAN }).collect();
    let takes_part: Vec<bool> = fitted.iter().zip(&fitted_in).map(|(out, into)| out + into > 0.0).collect();
    for sums in [&mut fitted, &mut fitted_in] {
        sums.iter_mut().zip(&takes_part).filter(|(_, part)| !**part).for_each(|(sum, _)| *sum = f64::NAN);
    }
    vec![
        ("fitted_out", Values::Numbers(fitted)),
        ("fitted_in", Values::Numbers(fitted_in)),
        ("ratio", Values::Numbers(ratio)),
    ]
}

fn sentences(run: &Run, best: &GravityFit, unit: &str, more: &[Pair]) -> Vec<String> {
    let mut sentences = vec![decay_sentence(best, unit)];
    if let Some(&(i, j, size)) = more.first() {
        let (a, b) = (run.cities.known_as(i), run.cities.known_as(j));
        sentences.push(format!(
            "{a} and {b} are linked most beyond what the model expects (deviance residual {}, {} with {} decay)",
            printed(size, 1),
            called(best.constraint),
            best.decay.name()
        ));
    }
    sentences
}

/// How the flows fade in the fit that the scalar `distance` is of, with the largest of its standard errors.
fn decay_sentence(best: &GravityFit, unit: &str) -> String {
    let c = best.distance.value;
    let (se, kind) = best.distance.largest_se();
    let told = c.abs() > 1.96 * se;
    let verb = if c < 0.0 { "fade" } else { "grow" };
    let says = match best.decay {
        _ if !told => "no decay of the flows with distance can be told from none".to_owned(),
        Decay::Power => format!("flows {verb} with distance: twice as far, {:.2} of the flow", libm::exp2(c)),
        Decay::Exponential => {
            let every = figures(std::f64::consts::LN_2 / c.abs());
            let unit = if unit.is_empty() { "units of distance" } else { unit };
            let change = if c < 0.0 { "halve" } else { "double" };
            format!("flows {verb} with distance: they {change} every {every} {unit}")
        }
    };
    let what = if best.decay == Decay::Power { "exponent" } else { "coefficient" };
    let kinds = if best.distance.se_by_pair.is_nan() { "" } else { ", the largest of three" };
    format!(
        "{says} ({} with {} decay, {what} {}, standard error {} {kind}{kinds}; told from none beyond 1.96 standard errors)",
        called(best.constraint),
        best.decay.name(),
        figures(c),
        figures(se)
    )
}

/// A number with three significant figures.
fn figures(x: f64) -> String {
    let before = libm::floor(libm::log10(x.abs()));
    match before.is_finite() && (-9.0..9.0).contains(&before) {
        true => printed(x, (2.0 - before).max(0.0) as usize),
        false => format!("{x:.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn three_figures_whatever_the_size() {
        let got = [138.1243, -0.0050183, 3.5927e-4, 1234.5, 0.0, f64::NAN].map(figures);
        assert_eq!(got, ["138", "-0.00502", "0.000359", "1234", "0.00e0", "NaN"]);
    }
}
