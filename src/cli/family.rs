//! `agglo autocorrelation`, `imbalance`, `radiation`, `isomorphism`, `structure`, `index`: the measures of one family.

use std::path::Path;

use super::annotate::{self, Annotated};
use super::args::{CommonArgs, FamilyArgs};
use super::export::print_result;
use super::files::Files;
use super::folder::Folder;
use super::output::{Outputs, base_name};
use super::plan;
use super::progress::Progress;
use super::settings::Settings;
use super::{Failure, present, print, tell_notes, use_threads};
use crate::error::{Error, Fault, Kind};
use crate::measures::Family;
use crate::write::geojson;

pub(super) fn run(family: Family, args: FamilyArgs, argv: &[String]) -> Result<(), Failure> {
    let common = args.run.common.clone();
    let settings = Settings::new(args.cities, args.run)?;
    use_threads(&common);
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    refuse_two_results(to_stdout, &common)?;
    let mut outputs = Outputs::new(settings.paths());
    let file = args.output.filter(|_| !to_stdout);
    if let Some(path) = &file {
        // The map may be an input, which is to be said before a folder is made.
        outputs.check(path)?;
    }
    let folder = args.out_dir.as_deref().map(|path| Folder::open(&mut outputs, path, None)).transpose()?;
    let annotated = file.map(|path| Annotated::open(&mut outputs, &path)).transpose()?;

    let progress = Progress::start(common.quiet);
    let mut files = Files::default();
    let (mut report, loaded) = plan::run(&settings, &[family], argv.to_vec(), &progress, &mut files)?;
    outputs.guard(files.paths)?;
    progress.stage("writing");
    if annotated.is_some() || to_stdout {
        annotate::check(&mut report, &loaded, &settings.columns)?;
    }
    let columns = annotate::named(&report, &settings.columns);
    let replace = settings.columns.replace;
    let mut written = Vec::new();
    if let Some(annotated) = annotated {
        written.extend(annotated.write(&mut outputs, &report, &loaded, &columns, replace)?);
    }
    if let Some(folder) = folder {
        let files = folder.write(&mut outputs, &report, &columns, &settings.layout, &loaded.beside())?.len();
        written.push(format!("{files} files to {}", base_name(&args.out_dir.unwrap_or_default())));
    }
    drop(progress);
    tell_notes(&report, &common)?;
    if to_stdout {
        let mut text = Vec::new();
        geojson::annotate(&loaded.document, &annotate::annotation(&report, &loaded, &columns, replace), &mut text)?;
        print(&text)?;
    } else {
        print_result(&report, &columns, &common, &settings.layout, || {
            present::summary(&report) + &present::last_line(&report, loaded.document.len(), &written)
        })?;
    }
    Ok(outputs.commit()?)
}

fn refuse_two_results(to_stdout: bool, common: &CommonArgs) -> Result<(), Error> {
    if to_stdout && (common.json || common.format.is_some()) {
        let fault = Fault::new(Kind::Option, "standard output cannot carry two results").field("output");
        return Err(fault.hint("write the map to a file, or leave out --json and --format").into());
    }
    Ok(())
}
