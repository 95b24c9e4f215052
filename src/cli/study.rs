//! The first argument of `analyse` and `check`: cities, or a study file that names them.

use std::path::{Path, PathBuf};

use super::args::{
    ColumnArgs, CommonArgs, Format, IndexArgs, IndustryArgs, InferenceArgs, InputArgs, LinkArgs, MatrixArgs, ReachArgs,
    RunArgs, ValueArgs, WeightsArgs,
};
use super::files::Files;
use super::output::base_name;
use super::settings::Settings;
use crate::error::{Fault, Faults, Kind, Result};
use crate::read::StudyFile;

/// Settings with what a study file says beside them.
pub struct Given {
    /// The settings of the run.
    pub settings: Settings,
    /// What every command takes.
    pub common: CommonArgs,
    /// The folder that the study file names.
    pub folder: Option<PathBuf>,
    /// The annotated file that it names.
    pub annotated: Option<PathBuf>,
    /// The file of the report that it names.
    pub report: Option<PathBuf>,
}

/// Reads the study file, if the input is one, and makes settings of it and of what was typed.
///
/// # Errors
/// Those of the study file and of the settings; what a key is to blame for is said at its place.
pub fn read(input: PathBuf, typed: RunArgs, files: &mut Files) -> Result<Given> {
    let is_study = input.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if !is_study {
        let common = typed.common.clone();
        let settings = Settings::new(input, typed)?;
        return Ok(Given { settings, common, folder: None, annotated: None, report: None });
    }
    let name = base_name(&input);
    let bytes = files.read(&input, "study")?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("is not UTF-8 text: byte {at} fits no character");
        Fault::new(Kind::Syntax, message).file(&name).hint("save it as UTF-8")
    })?;
    of_text(&text, &name, input.parent().unwrap_or(Path::new("")), typed)
}

/// The same of the text of a study file that lies in `folder`.
///
/// # Errors
/// As [`read`].
pub fn of_text(text: &str, name: &str, folder: &Path, typed: RunArgs) -> Result<Given> {
    let study = StudyFile::parse(text, name)?;
    let (cities, args) = arguments(&study, folder);
    let merged = typed.clone().or(args);
    let common = merged.common.clone();
    let settings = Settings::new(cities, merged).map_err(|error| located(error, &study, &typed))?;
    Ok(Given {
        settings,
        common,
        folder: study.output.dir.as_ref().map(|dir| folder.join(dir)),
        annotated: study.output.annotated.as_ref().map(|path| folder.join(path)),
        report: study.output.report.as_ref().map(|path| folder.join(path)),
    })
}

/// The same error at the keys of the study file, where they and not the flags are to blame.
fn located(error: crate::Error, study: &StudyFile, typed: &RunArgs) -> crate::Error {
    let alone = Settings::new(PathBuf::new(), typed.clone()).err();
    let blameless = |fault: &Fault| alone.as_ref().is_none_or(|alone| !alone.faults().contains(fault));
    let mut faults = Faults::default();
    for fault in error.faults() {
        let key = fault.place().field.as_deref().unwrap_or_default().replace('-', "_");
        faults.push(if blameless(fault) { study.locate(&key, fault.clone()) } else { fault.clone() });
    }
    faults.finish(()).err().unwrap_or(error)
}

/// The keys as the arguments that they stand for.
fn arguments(study: &StudyFile, folder: &Path) -> (PathBuf, RunArgs) {
    let (input, analysis, output) = (study.input.clone(), study.analysis.clone(), study.output.clone());
    let path = |name: &String| folder.join(name);
    let args = RunArgs {
        input: InputArgs {
            id: input.id,
            name: input.name,
            table: input.tables.unwrap_or_default().iter().map(path).collect(),
            table_key: input.table_key,
            filter: analysis.condition,
            planar: input.planar.unwrap_or(false),
            points: input.points,
        },
        values: ValueArgs {
            value: analysis.value.unwrap_or_default(),
            label: analysis.label.unwrap_or_default(),
            with: analysis.with,
            events: analysis.events,
            at_risk: analysis.at_risk,
            population: analysis.population,
            group: analysis.group.unwrap_or_default(),
            mass: analysis.mass,
            year: None,
            years: input.years.unwrap_or_default(),
            missing: analysis.missing,
            zeros: analysis.zeros,
            ddof: analysis.ddof,
            bootstrap: analysis.bootstrap.map(|count| count as u64),
            binarise: analysis.binarise,
            lags: analysis.lags,
            only: analysis.only.unwrap_or_default(),
            skip: analysis.skip.unwrap_or_default(),
        },
        industry: IndustryArgs {
            industry: input.industry.as_ref().map(path),
            sectors: input.sectors,
            industry_value: input.industry_value,
            sector_groups: input.sector_groups.as_ref().map(path),
            reference: input.reference,
            // A pattern of columns is no path.
            employment: input.employment.map(|text| if text.contains('*') { text.into() } else { folder.join(text) }),
            plants: input.plants.as_ref().map(path),
            blank: input.blank,
            remark: input.remark,
        },
        links: LinkArgs {
            links: input.links.as_ref().map(path),
            link_columns: input.link_columns.unwrap_or_default(),
            links_where: input.links_where.unwrap_or_default(),
            undirected: input.undirected.unwrap_or(false),
            link_meaning: input.link_meaning,
        },
        reach: ReachArgs {
            cores: analysis.cores.unwrap_or_default(),
            link_model: analysis.link_model,
            firms: input.firms.as_ref().map(path),
            costs: input.costs.as_ref().map(path),
            directed_share: analysis.directed_share,
            covariates: analysis.covariates.unwrap_or_default(),
            beta: analysis.beta,
            mass_exponents: analysis.mass_exponents.unwrap_or_default(),
            field: analysis.field,
            coverage: analysis.coverage,
            catchment: analysis.catchment,
            resolution: analysis.resolution,
            bands: analysis.bands.unwrap_or_default(),
            radiation_exponent: analysis.radiation_exponent,
            opportunity_rate: analysis.opportunity_rate,
        },
        index: IndexArgs {
            indicators: input.indicators.as_ref().map(path),
            weighting: analysis.weighting,
            normalisation: analysis.normalisation,
            pooling: analysis.pooling,
        },
        weights: WeightsArgs {
            weights: analysis.weights.map(|spec| with_folder(&spec, folder)),
            transform: analysis.transform,
            islands: analysis.islands,
            snap: input.snap,
            max_dense: analysis.max_dense,
        },
        inference: InferenceArgs {
            permutations: analysis.permutations.map(|count| count as u64),
            seed: analysis.seed,
            alternative: analysis.alternative,
            alpha: analysis.alpha,
            adjust: analysis.adjust,
        },
        columns: ColumnArgs { names: output.names, prefix: output.prefix, replace: output.replace.unwrap_or(false) },
        matrices: MatrixArgs { triangle: output.triangle, order: output.order, matrix_labels: output.matrix_labels },
        common: CommonArgs {
            json: output.json.unwrap_or(false),
            format: output.format.as_deref().and_then(|name| <Format as clap::ValueEnum>::from_str(name, false).ok()),
            show: output.show,
            language: output.language,
            quiet: output.quiet.unwrap_or(false),
            strict: output.strict.unwrap_or(false),
            threads: analysis.threads,
        },
    };
    (folder.join(&study.input.cities), args)
}

/// `file:w.gal` with its path from the folder of the study file; other specifications as they are.
fn with_folder(spec: &str, folder: &Path) -> String {
    match spec.strip_prefix("file:") {
        Some(path) if !path.contains(['+', '&', '"']) => {
            let path = folder.join(path.trim()).to_string_lossy().replace('"', "\"\"");
            format!("file:\"{path}\"")
        }
        _ => spec.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_study_file() {
        let text =
            "[input]\ncities = 'c.geojson'\nlinks = '../l.csv'\n[analysis]\nvalue = 'gdp'\nweights = 'file:w.gal'\n";
        let study = StudyFile::parse(text, "s.toml").unwrap();
        let (cities, args) = arguments(&study, Path::new("a/b"));
        assert_eq!(cities, Path::new("a/b/c.geojson"));
        assert_eq!(args.links.links.unwrap(), Path::new("a/b/../l.csv"));
        assert_eq!(args.weights.weights.unwrap(), "file:\"a/b/w.gal\"");
    }

    #[test]
    fn a_fault_of_a_key_has_its_place_and_one_of_a_flag_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        std::fs::write(&path, "[input]\ncities = 'c.geojson'\n[analysis]\nvalue = 'gdp'\nweights = 'quen'\n").unwrap();
        let of = |typed: RunArgs| read(path.clone(), typed, &mut Files::default()).err().unwrap().to_string();
        assert!(of(RunArgs::default()).starts_with("s.toml:5:"), "{}", of(RunArgs::default()));
        let typed = WeightsArgs { weights: Some("rok".into()), ..Default::default() };
        assert!(of(RunArgs { weights: typed, ..Default::default() }).starts_with("weights: "));
    }

    #[test]
    fn every_flag_of_a_run_has_a_key() {
        use clap::CommandFactory;
        let cli = super::super::args::Cli::command();
        let analyse = cli.find_subcommand("analyse").unwrap();
        for flag in analyse.get_arguments().filter_map(|argument| argument.get_long()).filter(|flag| *flag != "help") {
            let key = flag.replace('-', "_");
            let known = ["input", "analysis", "output"].iter().any(|section| {
                let text = match (*section, key.as_str()) {
                    ("input", "cities") => String::new(),
                    ("input", _) => format!("[input]\ncities = 'c'\n{key} = 1\n"),
                    _ => format!("[input]\ncities = 'c'\n[{section}]\n{key} = 1\n"),
                };
                let result = StudyFile::parse(&text, "s.toml");
                !result.is_err_and(|error| error.to_string().contains("there is no key"))
            });
            assert!(known, "--{flag} has no key");
        }
    }
}
