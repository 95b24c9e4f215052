//! `agglo weights`: build, describe and convert spatial weights.

use std::path::Path;

use super::args::{Format, Weights};
use super::export::print_result;
use super::files::Files;
use super::load::load;
use super::output::Outputs;
use super::plan;
use super::progress::Progress;
use super::settings::for_weights;
use super::{Failure, present, print, tell_notes, use_threads};
use crate::error::{Error, Fault, Kind, quoted};
use crate::note::Note;
use crate::write::{Report, write_gal, write_gwt};

/// Forms of weights files.
#[derive(Clone, Copy)]
enum Form {
    Gal,
    Gwt,
}

pub(super) fn run(args: Weights, argv: &[String]) -> Result<(), Failure> {
    let common = args.common.clone();
    let id_column = args.input.id.clone().unwrap_or_else(|| "id".to_owned());
    let layer = args.cities.file_stem().map_or_else(|| "cities".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let transform_given = args.weights.transform.is_some();
    let settings = for_weights(args.cities, args.input, args.links, args.weights, common.clone())?;
    use_threads(&common);
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    let form = args.output.as_deref().filter(|_| !to_stdout).map(form).transpose()?;
    let mut outputs = Outputs::new(settings.paths());
    let slot = args.output.as_deref().filter(|_| !to_stdout).map(|path| outputs.open(path)).transpose()?;

    let progress = Progress::start(common.quiet);
    let mut files = Files::default();
    progress.stage("reading");
    let mut loaded = load(&settings, &mut files)?;
    progress.stage("building weights");
    let mut weights = loaded.weigh(&settings, &mut files)?;
    weights.truncate(1);
    let report = plan::report(&settings, &mut loaded, weights, argv.to_vec(), &files);
    let mut report = Report { inference: None, ..report };
    if to_stdout || matches!(form, Some(Form::Gal)) {
        report.notes.extend(without_weights(&report.weights[0]));
    }
    outputs.guard(files.paths)?;
    let text = |form: Form| {
        let ids = &report.cities.ids;
        let raw = report.weights[0].transformed(crate::weights::Transform::None);
        match form {
            Form::Gal => write_gal(&raw, ids, &layer, &id_column),
            Form::Gwt if transform_given => write_gwt(&report.weights[0], ids, &layer, &id_column),
            Form::Gwt => write_gwt(&raw, ids, &layer, &id_column),
        }
    };
    let mut written = Vec::new();
    if let (Some(form), Some(slot), Some(path)) = (form, slot, args.output.as_deref()) {
        let text = text(form)?;
        outputs.write(slot, |out| std::io::Write::write_all(out, text.as_bytes()))?;
        written.push(super::output::base_name(path));
    }
    drop(progress);
    tell_notes(&report, &common)?;
    match common.format {
        _ if to_stdout => print(text(Form::Gal)?.as_bytes())?,
        Some(Format::Csv | Format::Tsv | Format::Md | Format::Tex) => {
            let fault = Fault::new(Kind::Option, "weights are described as text or JSON").field("format");
            return Err(Error::from(fault.hint("leave out --format, or write the links with -o FILE.gwt")).into());
        }
        None => print_result(&report, &[], &common, &settings.layout, || {
            present::weights_summary(&report) + "\n" + &present::last_line(&report, loaded.document.len(), &written)
        })?,
    }
    Ok(outputs.commit()?)
}

/// The warning that a GAL file says less than the weights.
fn without_weights(weights: &crate::weights::Weights) -> Option<Note> {
    let message = format!(
        "GAL holds neighbours only: the weights of {} are left out; write a .gwt to keep them",
        weights.label()
    );
    let told = weights.transformed(crate::weights::Transform::None).is_binary();
    (!told).then(|| Note::warning("weights_left_out", message))
}

/// The form that the name of a file asks for.
fn form(path: &Path) -> Result<Form, Error> {
    match path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).as_deref() {
        Some("gal") => Ok(Form::Gal),
        Some("gwt") => Ok(Form::Gwt),
        _ => {
            let name = super::output::base_name(path);
            let fault = Fault::new(Kind::Option, format!("{} names no form of weights", quoted(&name)));
            Err(fault.field("output").hint("end the name in .gal (neighbours) or .gwt (neighbours and weights)").into())
        }
    }
}
