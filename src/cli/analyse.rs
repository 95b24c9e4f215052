//! `agglo analyse`: everything that the inputs allow, in one folder.

use std::path::{Path, PathBuf};

use super::annotate::{self, Annotated};
use super::args::Analyse;
use super::export::print_result;
use super::files::Files;
use super::folder::Folder;
use super::output::{Outputs, base_name};
use super::plan;
use super::progress::Progress;
use super::{Failure, present, study, tell_notes, use_threads};
use crate::measures::Family;

/// Folder of the results where none is named.
const FOLDER: &str = "agglo-out";

pub(super) fn run(args: Analyse, argv: &[String]) -> Result<(), Failure> {
    let mut files = Files::default();
    let given = study::read(args.input, args.run, &mut files)?;
    let (settings, common) = (given.settings, given.common);
    use_threads(&common);
    let folder = args.out_dir.or(given.folder).unwrap_or_else(|| PathBuf::from(FOLDER));
    let map = given.annotated.unwrap_or_else(|| folder.join(map_name(&settings.cities)));

    let mut outputs = Outputs::new([settings.paths(), files.paths.clone()].concat());
    let page = args.report.or(given.report);
    // The map or the page may be an input, which is to be said before a folder is made.
    outputs.check(&map)?;
    page.iter().try_for_each(|page| outputs.check(page))?;
    let results = Folder::open(&mut outputs, &folder, page.as_deref())?;
    let annotated = Annotated::open(&mut outputs, &map)?;

    let progress = Progress::start(common.quiet);
    let (mut report, loaded) = plan::run(&settings, Family::ALL, argv.to_vec(), &progress, &mut files)?;
    outputs.guard(files.paths)?;
    progress.stage("writing");
    annotate::check(&mut report, &loaded, &settings.columns)?;
    let columns = annotate::named(&report, &settings.columns);
    let mut written: Vec<String> =
        annotated.write(&mut outputs, &report, &loaded, &columns, settings.columns.replace)?;
    written.extend(results.write(&mut outputs, &report, &columns, &settings.layout, &loaded.beside())?);
    drop(progress);
    tell_notes(&report, &common)?;
    print_result(&report, &columns, &common, &settings.layout, || {
        let written = [format!("{} files to {}", written.len(), base_name(&folder))];
        present::summary(&report) + &present::last_line(&report, loaded.document.len(), &written)
    })?;
    Ok(outputs.commit()?)
}

/// `cities.annotated.geojson` for `data/cities.geojson`.
fn map_name(cities: &Path) -> String {
    let stem = cities.file_stem().map(|stem| stem.to_string_lossy().into_owned()).filter(|stem| stem != "-");
    format!("{}.annotated.geojson", stem.as_deref().unwrap_or("cities"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_has_the_name_of_the_cities() {
        assert_eq!(map_name(Path::new("data/delta.geojson")), "delta.annotated.geojson");
        assert_eq!(map_name(Path::new("-")), "cities.annotated.geojson");
    }
}
