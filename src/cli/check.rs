//! `agglo check`: read everything, report every fault, compute nothing, write nothing.

use std::fmt::Write;

use super::annotate;
use super::args::{Check, CommonArgs};
use super::diagnose::visible;
use super::export::print_result;
use super::files::Files;
use super::load::{Loaded, load};
use super::output::Outputs;
use super::plan;
use super::selection::reaching;
use super::{Failure, study, tell_notes, use_threads};
use crate::error::Faults;
use crate::measures::{Family, FieldPlace, Measure, Outcome, Values};
use crate::study::Variable;
use crate::weights::Weights;
use crate::write::Report;

pub(super) fn run(args: Check, argv: &[String]) -> Result<(), Failure> {
    let mut files = Files::default();
    let given = study::read(args.input, args.run, &mut files)?;
    let (settings, common) = (given.settings, given.common);
    use_threads(&common);
    let mut faults = Faults::default();
    let outputs = Outputs::new([settings.paths(), files.paths.clone()].concat());
    for path in args.output.iter().chain(&given.annotated) {
        let checked = outputs.check(path).and_then(|()| annotate::check_format(path));
        checked.unwrap_or_else(|error| faults.extend(error));
    }
    if let Some(folder) = args.out_dir.or(given.folder).filter(|folder| folder.exists()) {
        outputs.check_folder(&folder).unwrap_or_else(|error| faults.extend(error));
    }
    let mut loaded = match load(&settings, &mut files) {
        Ok(loaded) => loaded,
        Err(error) => {
            faults.extend(error);
            return Ok(faults.finish(())?);
        }
    };
    let weights = loaded.weigh(&settings, &mut files).unwrap_or_else(|error| {
        faults.extend(error);
        Vec::new()
    });
    let weighed = !weights.is_empty();
    let mut report = plan::report(&settings, &mut loaded, weights, argv.to_vec(), &files);
    let mut measures = Vec::new();
    let reach = loaded.find_reach(&settings, reaching(&settings, Family::ALL));
    reach.unwrap_or_else(|error| faults.extend(error));
    report.notes.extend(std::mem::take(&mut loaded.notes));
    let anything = loaded.network().is_some()
        || !loaded.variables().is_empty()
        || loaded.industry().is_some()
        || loaded.indicators.is_some();
    if weighed && anything {
        match loaded.planned(&settings, Family::ALL, &report.weights) {
            Ok(planned) => measures = planned,
            Err(error) => faults.extend(error),
        }
    }
    let results = foreseen(&measures, &loaded, &report.weights);
    let mut expected = Report { outcomes: results, ..report.clone() };
    if let Err(error) = annotate::check(&mut expected, &loaded, &settings.columns) {
        faults.extend(error);
    }
    faults.finish(())?;
    tell_notes(&report, &common)?;
    let common = CommonArgs { format: None, ..common };
    print_result(&report, &[], &common, &settings.layout, || summary(&report, &loaded, &measures))
}

/// Results as a run would name them, without numbers.
fn foreseen(measures: &[&'static Measure], loaded: &Loaded, weights: &[Weights]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for about in measures.iter().map(|measure| measure.about()) {
        // What takes no weights comes once, and what takes no value for none.
        let weights: Vec<Option<&Weights>> =
            if about.needs.weights() { weights.iter().map(Some).collect() } else { vec![None] };
        let variables: Vec<Option<&Variable>> = match about.needs {
            needs if needs.reach() => vec![None],
            needs if needs.industry() || needs.index() => vec![None],
            // One result for all years of a value.
            needs if needs.years() => {
                let mut names = std::collections::HashSet::new();
                loaded.variables().iter().filter(|variable| names.insert(variable.name.as_str())).map(Some).collect()
            }
            _ => loaded.variables().iter().map(Some).collect(),
        };
        for variable in variables {
            for weights in &weights {
                let columns = about.fields.iter().filter(|field| matches!(field.place, FieldPlace::Column(_)));
                outcomes.push(Outcome {
                    measure: about.name,
                    variable: variable.map(|variable| variable.name.clone()),
                    weights: weights.map(|weights| weights.label().to_owned()),
                    year: variable.filter(|_| !about.needs.years()).and_then(|variable| variable.year),
                    columns: columns.map(|field| (field.name, Values::Counts(Vec::new()))).collect(),
                    ..Outcome::default()
                });
            }
        }
    }
    outcomes
}

/// What was read, and what a run would compute.
fn summary(report: &Report, loaded: &Loaded, measures: &[&'static Measure]) -> String {
    let mut text = String::new();
    for input in &report.inputs {
        let rows = match (input.role, input.rows) {
            ("cities", Some(rows)) => format!(", {rows} cities"),
            (_, Some(rows)) => format!(", {rows} rows"),
            _ => String::new(),
        };
        let _ = writeln!(text, "{:<14}{}{rows}", input.role, visible(&input.name));
    }
    for variable in loaded.variables() {
        let known = variable.values.iter().filter(|x| x.is_finite()).count();
        let _ = writeln!(
            text,
            "{:<14}{}, {known} of {} cities have one",
            "value",
            visible(&variable.label()),
            variable.values.len()
        );
    }
    if let Some(industry) = loaded.industry() {
        let years: Vec<String> =
            industry.years.iter().filter_map(|year| year.year).map(|year| year.to_string()).collect();
        let years = if years.is_empty() { String::new() } else { format!(", {}", years.join(", ")) };
        let (value, sectors) = (visible(&industry.value), industry.sectors.len());
        let _ = writeln!(text, "{:<14}{value}, {sectors} sectors{years}", "levels");
    }
    for weights in &report.weights {
        let _ = writeln!(text, "{:<14}{}, {} links", "weights", visible(weights.label()), weights.links());
    }
    if measures.is_empty() {
        let names: Vec<&str> = loaded.document.properties().names().collect();
        let _ = writeln!(text, "{:<14}{}", "columns", visible(&names.join(", ")));
    } else {
        let names: Vec<&str> = measures.iter().map(|measure| measure.about().name).collect();
        let _ = writeln!(text, "{:<14}{}", "runs", names.join(", "));
    }
    let warnings = report.warnings();
    let said = match warnings {
        0 => "No fault found".to_owned(),
        1 => "No fault found, and one thing to look at above".to_owned(),
        more => format!("No fault found, and {more} things to look at above"),
    };
    text + &said + "; nothing was computed or written\n"
}
