//! `agglo init`: a study file for the inputs it is shown, which runs as it is.

mod columns;
mod identity;
mod keys;
mod page;
mod paths;
mod proposals;
mod text;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, CommandFactory};

use super::args::{Cli, Init, RunArgs};
use super::diagnose::visible;
use super::files::Files;
use super::load::{Loaded, load};
use super::output::{Outputs, base_name};
use super::plan;
use super::selection::reaching;
use super::settings::Settings;
use super::{Failure, print, study, tell_notes, use_threads};
use crate::error::{Error, Fault, Kind, Result, quoted};
use crate::measures::Family;
use crate::study::ShapeKind;
use crate::weights::Spec;
use columns::Columns;
use keys::{Key, keys};
use page::{Entries, Entry, page};
use paths::from_folder;
use proposals::{first, suggested, typed, values, when};

/// The study file where none is named.
const STUDY: &str = "study.toml";

pub(super) fn run(args: Init, argv: &[OsString]) -> Result<(), Failure> {
    let path = args.output.unwrap_or_else(|| PathBuf::from(STUDY));
    let to_stdout = path == Path::new("-");
    refuse(&args.cities, &path, to_stdout || args.run.columns.replace)?;
    let common = args.run.common.clone();
    let settings = Settings::new(args.cities.clone(), args.run)?;
    use_threads(&common);
    let mut outputs = Outputs::new(settings.paths());
    let slot = if to_stdout { None } else { Some(outputs.open(&path)?) };

    let mut files = Files::default();
    let mut loaded = load(&settings, &mut files)?;
    let matches = Cli::command().try_get_matches_from(argv).unwrap_or_default();
    let none = ArgMatches::default();
    let matches = matches.subcommand_matches("init").unwrap_or(&none);
    let name = if to_stdout { STUDY.to_owned() } else { base_name(&path) };
    let folder = path.parent().filter(|_| !to_stdout).unwrap_or(Path::new(""));
    let draft = Draft::new(&settings, &mut loaded, &mut files, matches, folder)?;
    let text = draft.accepted(&name, folder)?;

    let report = plan::report(&settings, &mut loaded, Vec::new(), Vec::new(), &files);
    outputs.guard(files.paths)?;
    tell_notes(&report, &common)?;
    let Some(slot) = slot else { return print(text.as_bytes()) };
    outputs.write(slot, |out| out.write_all(text.as_bytes()))?;
    outputs.commit()?;
    if !common.quiet {
        let said =
            format!("{} written; run it with: agglo analyse {}\n", visible(&name), visible(&path.to_string_lossy()));
        print(said.as_bytes())?;
    }
    Ok(())
}

/// What cannot become a study file, or may not become one here.
fn refuse(cities: &Path, path: &Path, free: bool) -> Result<()> {
    if cities == Path::new("-") {
        let fault =
            Fault::new(Kind::Option, "a study file names the file of its cities, and standard input has no name");
        return Err(fault.field("cities").hint("give the cities as a file").into());
    }
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if path != Path::new("-") && !is_toml {
        let message = format!("{} is no name of a study file", quoted(&base_name(path)));
        return Err(Fault::new(Kind::Option, message).field("output").hint("end the name in .toml").into());
    }
    if !free && path.symlink_metadata().is_ok_and(|file| !file.is_dir()) {
        let fault = Fault::new(Kind::Output, format!("the output {} is there already", quoted(&base_name(path))));
        let hint = "name another file with -o, or write over it with --replace";
        return Err(fault.file(base_name(path)).hint(hint).into());
    }
    Ok(())
}

/// A study file in the making: what is settled, and the ways to choose a value.
struct Draft {
    keys: Vec<Key>,
    found: Vec<String>,
    entries: Entries,
    ways: Vec<Entries>,
}

impl Draft {
    fn new(
        settings: &Settings,
        loaded: &mut Loaded,
        files: &mut Files,
        matches: &ArgMatches,
        folder: &Path,
    ) -> Result<Self> {
        let keys = keys();
        let columns = Columns::of(&loaded.study);
        let mut entries = typed(&keys, matches, folder);
        let cities = text::text(&from_folder(&settings.cities, folder));
        entries.insert("cities", Entry { value: Some(cities), ..Entry::default() });
        if settings.weights.spec.is_none() {
            entries.insert("weights", weights(settings, loaded, files)?);
        }
        let links = settings.links.as_ref().and_then(|(path, _)| std::fs::read(path).ok());
        suggested(&mut entries, loaded, &columns, links.as_deref());
        let ways = values(&entries, loaded, &columns);
        Ok(Self { keys, found: found(settings, loaded, &columns), entries, ways })
    }

    /// The file with the first value that a run accepts.
    fn accepted(&self, name: &str, folder: &Path) -> Result<String> {
        let mut head = vec![
            format!("Study file of agglo. Run it with:  agglo analyse {}", quoted_name(name)),
            format!("Look only whether all is right:  agglo check {}", quoted_name(name)),
            "Every key is the flag of the same name, with underscores for dashes; paths are relative to this file. Keys \
             that are commented out are not set: they stand with their default, or with what can be set; words in \
             capitals are to be filled in. An arrow says why a key is set as it is."
                .to_owned(),
            String::new(),
        ];
        head.extend(self.found.iter().cloned());
        let mut refused = None;
        for way in &self.ways {
            let entries: Entries = self.entries.clone().into_iter().chain(way.clone()).collect();
            let text = page(&head, &self.keys, &entries);
            match accept(&text, name, folder) {
                Ok(()) => return Ok(text),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.unwrap_or_else(|| Error::from(Fault::new(Kind::Option, "the study file cannot be made"))))
    }
}

/// A name of a file as a shell takes it.
fn quoted_name(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c));
    if plain { name.to_owned() } else { text::text(name) }
}

/// Reads a study file as a run would, as far as it can be refused before it computes.
fn accept(text: &str, name: &str, folder: &Path) -> Result<()> {
    let mut files = Files::default();
    let settings = study::of_text(text, name, folder, RunArgs::default())?.settings;
    let mut loaded = load(&settings, &mut files)?;
    let weights = loaded.weigh(&settings, &mut files)?;
    loaded.find_reach(&settings, reaching(&settings, Family::ALL))?;
    let anything = loaded.network().is_some()
        || !loaded.variables().is_empty()
        || loaded.industry().is_some()
        || loaded.indicators.is_some();
    if anything {
        loaded.planned(&settings, Family::ALL, &weights)?;
    }
    Ok(())
}

/// The weights for these cities: those that are usual for their geometry, if they link any.
fn weights(settings: &Settings, loaded: &mut Loaded, files: &mut Files) -> Result<Entry> {
    let cities = loaded.study.cities();
    let usual = Spec::default_for(cities);
    let why = if matches!(usual, Spec::Contiguity(_)) { "the cities are areas" } else { "the cities are points" };
    let said = loaded.notes.len();
    let entry = match loaded.weigh(settings, files) {
        Ok(_) => Entry::set(text::text(&usual.to_string()), why),
        Err(error) if error.kind() == Kind::Weights => {
            let (reason, others) = (error.faults()[0].message(), loaded.study.cities().len().saturating_sub(1));
            let nearest = Spec::Knn(others.clamp(1, 4));
            Entry::set(text::text(&nearest.to_string()), format!("{reason}, so that each has its nearest ones"))
        }
        Err(error) => return Err(error),
    };
    // What there is to say of weights is said by the run.
    loaded.notes.truncate(said);
    Ok(entry)
}

/// What the inputs hold that a key can name.
fn found(settings: &Settings, loaded: &Loaded, columns: &Columns) -> Vec<String> {
    let cities = loaded.all.as_ref().unwrap_or_else(|| loaded.study.cities());
    let areas = (0..cities.len()).filter(|&i| cities.shapes.kind(i) == ShapeKind::Area).count();
    let points = (0..cities.len()).filter(|&i| cities.shapes.kind(i) == ShapeKind::Point).count();
    let kinds: Vec<String> =
        [(areas, "areas"), (points, "points"), (cities.len() - areas - points, "without geometry")]
            .into_iter()
            .filter(|&(count, _)| count > 0)
            .map(|(count, kind)| format!("{count} {kind}"))
            .collect();
    let mut lines = vec![format!("Found in {}: {}", quoted_name(&base_name(&settings.cities)), kinds.join(", "))];
    if !settings.tables.is_empty() {
        let tables: Vec<String> = settings.tables.iter().map(|path| quoted_name(&base_name(path))).collect();
        lines.push(format!("and in {}", tables.join(", ")));
    }
    let (series, plain): (Vec<_>, Vec<_>) = columns.quantities.iter().partition(|quantity| !quantity.years.is_empty());
    if !plain.is_empty() {
        let names: Vec<String> = plain.iter().map(|quantity| text::text(&quantity.text)).collect();
        lines.push(format!("Numbers: {}", names.join(", ")));
    }
    lines.extend(
        series.iter().map(|quantity| format!("By year: {}: {}", text::text(&quantity.text), when(&quantity.years))),
    );
    let groups = columns.groups.iter();
    lines.extend(groups.map(|groups| {
        format!("Groups: {}: {} groups, {}", text::text(&groups.name), groups.values.len(), first(&groups.values))
    }));
    if columns.quantities.is_empty() {
        lines.push("No column of numbers: join one with tables, or there is nothing to analyse in space".to_owned());
    }
    lines
}
