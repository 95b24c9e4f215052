//! Which measures run, what those that cannot are in want of, and what becomes of those that fail.

use super::progress::Progress;
use super::settings::Settings;
use crate::error::{Error, Fault, Faults, Kind, Result};
use crate::inference::{Counts, Inference};
use crate::measures::{Family, MEASURES, Measure, Needs, Outcome, Run, imbalance};
use crate::note::{Note, listed_by};
use crate::study::Variable;
use crate::weights::Weights;

/// The measures that were chosen, whether or not they can run.
fn chosen(settings: &Settings, families: &[Family]) -> impl Iterator<Item = &'static Measure> {
    MEASURES.iter().copied().filter(|measure| {
        let about = measure.about();
        families.contains(&about.family) && settings.selection.includes(about.family, about.name)
    })
}

/// Whether a measure that was chosen takes weights.
pub(super) fn weighted(settings: &Settings, families: &[Family]) -> bool {
    chosen(settings, families).any(|measure| match measure.about().needs {
        Needs::Covariates => !settings.reach.covariates.is_empty(),
        needs => needs.weights(),
    })
}

/// Whether a measure that was chosen is of the network or of the reach of its cores.
pub(super) fn reaching(settings: &Settings, families: &[Family]) -> bool {
    chosen(settings, families).any(|measure| measure.about().family == Family::Radiation)
}

/// The measures that run, and the notes on those that do not.
type Planned = (Vec<&'static Measure>, Vec<Note>);

pub(super) fn planned(run: &Run, settings: &Settings, families: &[Family]) -> Result<Planned> {
    let mut faults = Faults::default();
    let mut measures: Vec<&'static Measure> = Vec::new();
    // By what they are in want of, since whole families may be.
    let mut wanting: Vec<(&str, Vec<&str>)> = Vec::new();
    for measure in chosen(settings, families) {
        let about = measure.about();
        if run.provides(about.needs) {
            measures.push(measure);
        } else if settings.selection.names(about.name) {
            let message = format!("{} cannot run: it needs {}", about.name, needed(about.needs));
            faults.push(Fault::new(Kind::Option, message).field("only").hint(remedy(about.needs)));
        } else {
            let want = needed(about.needs);
            match wanting.iter_mut().find(|(other, _)| *other == want) {
                Some((_, names)) => names.push(about.name),
                None => wanting.push((want, vec![about.name])),
            }
        }
    }
    if measures.is_empty() && faults.is_empty() {
        faults.push(nothing_to_do(families, !wanting.is_empty()));
    }
    let mut notes = not_used(settings, families);
    if !wanting.is_empty() {
        let said: Vec<String> =
            wanting.iter().map(|(want, names)| format!("for want of {want}: {}", names.join(", "))).collect();
        notes.push(Note::remark("not_run", format!("not run {}", said.join("; "))));
    }
    faults.finish((measures, notes))
}

/// The fault that no measure can run, or that none was chosen.
fn nothing_to_do(families: &[Family], chosen: bool) -> Fault {
    if !chosen {
        let names = MEASURES.iter().map(|measure| measure.about()).filter(|about| families.contains(&about.family));
        let names: Vec<&str> = names.map(|about| about.name).collect();
        let fault = Fault::new(Kind::Option, "no measure of this command is left to run").field("only");
        return fault.hint(format!("measures: {}", names.join(", ")));
    }
    let fault = Fault::new(Kind::Option, "nothing is to be analysed");
    match families {
        [Family::Radiation] => fault.field("links").hint("give --links FILE, --mass COL or --firms FILE"),
        [Family::Index] => fault.field("indicators").hint(
            "give --indicators FILE.csv with the columns indicator, column, direction, dimension and weight",
        ),
        [Family::Isomorphism | Family::Structure] => fault.field("industry").hint(
            "give --industry FILE, or --sectors PATTERN over columns of the cities; structure needs two years",
        ),
        _ => fault.field("value").hint(
            "give --value COL, or value = \"COL\" below [analysis] in a study file; agglo check CITIES lists the columns",
        ),
    }
}

/// The notes on options that no measure of these families takes.
fn not_used(settings: &Settings, families: &[Family]) -> Vec<Note> {
    use Family::{Autocorrelation, Imbalance, Index, Isomorphism, Radiation, Structure};
    let reach = &settings.reach;
    // Each option, whether it was given, and the families that take it.
    let usual = imbalance::Options::USUAL;
    let options: [(&str, bool, &[Family]); 16] = [
        ("value", !settings.values.is_empty(), &[Autocorrelation, Imbalance, Radiation]),
        ("links", settings.links.is_some(), &[Autocorrelation, Imbalance, Radiation, Isomorphism, Structure]),
        (
            "weights",
            settings.weights.spec.is_some() && reach.covariates.is_empty(),
            &[Autocorrelation, Imbalance, Structure],
        ),
        ("population", settings.population.is_some(), &[Imbalance, Radiation]),
        ("group", !settings.groups.is_empty(), &[Imbalance, Isomorphism, Radiation]),
        ("industry", settings.industry.levels.is_some(), &[Isomorphism, Structure]),
        ("mass", settings.mass.is_some(), &[Imbalance, Isomorphism, Structure, Radiation]),
        ("cores", !reach.cores.is_empty(), &[Radiation]),
        ("firms", reach.firms.is_some(), &[Radiation]),
        ("costs", reach.costs.is_some(), &[Radiation]),
        ("covariates", !reach.covariates.is_empty(), &[Imbalance, Radiation]),
        ("zeros", settings.imbalance.drop_zeros, &[Imbalance]),
        ("ddof", settings.imbalance.sample_sd, &[Imbalance]),
        ("bootstrap", settings.imbalance.resamples != usual.resamples, &[Imbalance]),
        ("indicators", settings.index.indicators.is_some(), &[Index]),
        ("weighting", settings.index.options.weighting.is_some(), &[Index]),
    ];
    let idle = |taken_by: &[Family]| !taken_by.iter().any(|family| families.contains(family));
    let idle: Vec<&str> =
        options.iter().filter(|(_, given, taken_by)| *given && idle(taken_by)).map(|(name, ..)| *name).collect();
    let message = || format!("no measure of this run makes use of {}", crate::note::listed(&idle));
    (!idle.is_empty()).then(|| Note::remark("not_used", message())).into_iter().collect()
}

fn needed(needs: Needs) -> &'static str {
    match needs {
        Needs::Value | Needs::ValueAlone => "a value",
        Needs::ValueYears => "a value in at least two years",
        Needs::ValueYearsInSpace => "a value in at least two years, and neighbours",
        Needs::GrowthCovariates => "a value in at least two years, and covariates",
        Needs::Indicators => "a table of indicators",
        Needs::Weighting => "a weighting of the indicators",
        Needs::Subsystems => "indicators of at least two dimensions, and their weighting",
        Needs::BinaryValue => "a value of 0 and 1, or --binarise",
        Needs::SecondVariable => "a second variable",
        Needs::Rate => "events and a population at risk",
        Needs::SeveralValues => "several values",
        Needs::Links => "links beside spatial weights",
        Needs::Groups => "groups",
        Needs::NestedGroups => "two columns of groups, the wider first",
        Needs::Network => "links, or a mass or firms to build them of",
        Needs::LinksAndMass => "links and a mass",
        Needs::Mass => "a mass",
        Needs::Cores => "a mass, and cores",
        Needs::Firms => "a table of firms",
        Needs::Covariates => "a value and covariates",
        Needs::CoreGrowth => "a value in two years, links and cores",
        Needs::Industry => "an industry table",
        Needs::IndustryYears => "an industry table of at least two years",
        Needs::IndustryYearsInSpace => "an industry table of at least two years, and neighbours",
        Needs::OutputAndEmployment => "output and employment by sector",
    }
}

fn remedy(needs: Needs) -> &'static str {
    match needs {
        Needs::Value | Needs::ValueAlone => "give --value COL",
        Needs::ValueYears | Needs::ValueYearsInSpace => "give --value COL with two --years or more",
        Needs::GrowthCovariates => "give --value COL with two --years or more, and --covariates COL,COL",
        Needs::Indicators => "give --indicators FILE",
        Needs::Weighting => "give --indicators FILE and --weighting equal, entropy, critic, cv or given",
        Needs::Subsystems => "give --indicators FILE with a column dimension, and --weighting",
        Needs::BinaryValue => "give --value with a column of 0 and 1, or --binarise median, mean or a number",
        Needs::SecondVariable => "give --with COL",
        Needs::Rate => "give --events COL --at-risk COL",
        Needs::SeveralValues => "give --value COL more than once",
        Needs::Links => "give --links FILE, and weights other than links",
        Needs::Groups => "give --value COL and --group COL",
        Needs::NestedGroups => "give --value COL and --group WIDER,NARROWER",
        Needs::Network => "give --links FILE, --mass COL or --firms FILE",
        Needs::LinksAndMass => "give --links FILE and --mass COL",
        Needs::Mass => "give --mass COL",
        Needs::Cores => "give --mass COL, and --cores ID,ID where none are found",
        Needs::Firms => "give --firms FILE",
        Needs::Covariates => "give --value COL and --covariates COL,COL",
        Needs::CoreGrowth => "give --value COL with two --years, and --links FILE",
        Needs::Industry => "give --industry FILE or --sectors PATTERN",
        Needs::IndustryYears | Needs::IndustryYearsInSpace => {
            "give --industry FILE with a column year, or --sectors 'PATTERN_{year}', and two --years"
        }
        Needs::OutputAndEmployment => "give --industry or --sectors with output, and --employment FILE or PATTERN",
    }
}

/// A measure that could not be computed under some weights.
struct Refusal {
    measure: &'static str,
    weights: Option<String>,
    error: Error,
}

/// Runs every measure that can run, under each set of weights by itself, so that one that cannot be computed under the
/// links is still computed in space.
///
/// What cannot be computed is noted. It is an error if it was asked for by name, or if there is no number at all.
pub(super) fn measure(
    run: &Run,
    settings: &Settings,
    families: &[Family],
    progress: &Progress,
) -> Result<(Vec<Outcome>, Vec<Note>)> {
    let (measures, mut notes) = planned(run, settings, families)?;
    notes.extend(coarse(run.inference));
    let (mut outcomes, mut refusals): (Vec<Outcome>, _) = (Vec::new(), Vec::new());
    let (positive, more) = above_zero(run);
    notes.extend(more);
    for measure in measures {
        let about = measure.about();
        progress.stage(about.title);
        let of_inequality = about.family == Family::Imbalance && run.imbalance.drop_zeros;
        let variables = if of_inequality { positive.as_slice() } else { run.variables };
        // Of the weights, a measure takes one set at a time, or all of them together, or none.
        let shares: Vec<&[Weights]> = match about.needs {
            Needs::Links => vec![run.weights],
            needs if needs.weights() => run.weights.chunks(1).collect(),
            _ => vec![&[]],
        };
        for weights in shares {
            match measure.run(&Run { weights, variables, ..*run }) {
                // What does not depend on the weights comes once for each of them.
                Ok(more) => {
                    for mut outcome in more {
                        if of_inequality {
                            outcome.options.insert("zeros".into(), "drop".into());
                        }
                        if !outcomes.iter().any(|other| same_question(other, &outcome)) {
                            outcomes.push(outcome);
                        }
                    }
                }
                Err(error) => {
                    let weights = if let [weights] = weights { Some(weights.label().to_owned()) } else { None };
                    refusals.push(Refusal { measure: about.name, weights, error });
                }
            }
        }
    }
    let none = !outcomes.iter().any(has_numbers);
    let mut faults = Faults::default();
    let mut told = std::collections::HashSet::new();
    for refusal in &refusals {
        let got_none = !outcomes.iter().any(|outcome| outcome.measure == refusal.measure);
        // A value that a family refuses ends a run of that family alone; beside other families it is noted.
        let bad_value = families.len() == 1 && refusal.error.kind() == Kind::Value;
        if none || (got_none && (bad_value || settings.selection.names(refusal.measure))) {
            let new = refusal.error.faults().iter().filter(|fault| told.insert(fault.to_string()));
            new.for_each(|fault| faults.push(fault.clone()));
        }
    }
    notes.extend(not_run(&refusals));
    faults.finish((outcomes, notes))
}

/// The values without those that are 0, where these are to be left out of inequality, and the warnings that they are.
fn above_zero(run: &Run) -> (Vec<Variable>, Vec<Note>) {
    if !run.imbalance.drop_zeros {
        return Default::default();
    }
    let mut notes = Vec::new();
    let kept = run.variables.iter().map(|variable| {
        let zeros: Vec<usize> = (0..variable.values.len()).filter(|&i| variable.values[i] == 0.0).collect();
        if !zeros.is_empty() {
            let (label, cities) = (variable.label(), listed_by(&zeros, |&i| run.cities.label(i)));
            let message = format!("{label}: the value is 0 in {cities}, left out of inequality");
            notes.push(Note::warning("left_out", message).about(zeros.iter().map(|&i| &run.cities.ids[i])));
        }
        let above = |&x: &f64| if x == 0.0 { f64::NAN } else { x };
        Variable { values: variable.values.iter().map(above).collect(), ..variable.clone() }
    });
    (kept.collect(), notes)
}

/// The note that there are too few permutations for any result to be significant.
fn coarse(inference: &Inference) -> Option<Note> {
    let least = Counts::default().p(inference.permutations, inference.alternative);
    let message = format!(
        "{} permutations give no p value below {least}, so that none reaches alpha = {}; take more --permutations",
        inference.permutations, inference.alpha
    );
    (least > inference.alpha).then(|| Note::remark("coarse_p", message))
}

/// Whether two results are of the same measure, variable, weights, year and options.
fn same_question(a: &Outcome, b: &Outcome) -> bool {
    (a.measure, &a.variable, &a.weights, a.year, &a.options) == (b.measure, &b.variable, &b.weights, b.year, &b.options)
}

/// Whether a result holds anything.
fn has_numbers(outcome: &Outcome) -> bool {
    let tables = outcome.tables.iter().any(|(_, table)| !table.rows.is_empty());
    let undefined = outcome.notes.iter().any(|note| note.code == "undefined");
    tables || undefined || outcome.scalars.iter().any(|(_, x)| x.is_finite()) || !outcome.columns.is_empty()
}

/// One note for each reason, with the measures that it kept from running.
fn not_run(refusals: &[Refusal]) -> Vec<Note> {
    let mut reasons: Vec<(String, Option<&str>, Vec<&str>)> = Vec::new();
    for refusal in refusals {
        let (reason, weights) = (refusal.error.faults()[0].to_string(), refusal.weights.as_deref());
        match reasons.iter_mut().find(|known| known.0 == reason && known.1 == weights) {
            Some(known) => known.2.push(refusal.measure),
            None => reasons.push((reason, weights, vec![refusal.measure])),
        }
    }
    let note = |(reason, weights, measures): (String, Option<&str>, Vec<&str>)| {
        let under = weights.map_or_else(String::new, |weights| format!(" under {weights}"));
        Note::remark("not_run", format!("not run{under}: {}: {reason}", measures.join(", ")))
    };
    reasons.into_iter().map(note).collect()
}
