//! The folder of results: every table in every format, the data dictionary, layers and styles for a GIS, the network,
//! and results.json, which comes last.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::Format;
use super::export::write_sheet;
use super::output::{Outputs, Slot};
use crate::error::Result;
use crate::picture;
use crate::study::Linkage;
use crate::write::columns::NamedColumn;
use crate::write::layers::{named_layers, write_layer};
use crate::write::matrix::MatrixLayout;
use crate::write::sheet::{self, Sheet};
use crate::write::{Report, graphml, json, qml};

/// From how many columns on a table is for programs alone: as CSV.
const WIDEST_PAGE: usize = 1000;
/// From how many cells on it is.
const LARGEST_PAGE: usize = 200_000;

/// Most links of a network that is written.
const MOST_LINKS: usize = 2_000_000;

/// What a folder holds beside the report.
pub struct Ground<'a> {
    /// The member `crs` of the cities, which their coordinates are in.
    pub crs: Option<&'a str>,
    /// The network that was measured, where one was.
    pub network: Option<&'a Linkage>,
}

/// A folder that results will be written to.
pub struct Folder {
    path: PathBuf,
    results: Slot,
}

impl Folder {
    /// Makes the folder and opens `results.json` in it.
    ///
    /// # Errors
    /// Those of [`Outputs::folder`] and [`Outputs::open_last`].
    pub fn open(outputs: &mut Outputs, path: &Path) -> Result<Self> {
        outputs.folder(path)?;
        Ok(Self { path: path.to_owned(), results: outputs.open_last(&path.join("results.json"))? })
    }

    /// Writes the data dictionary, in `tables` the statistics, the cities and the tables of the measures, in `layers` the
    /// shapes that measures give, in `styles` one for each map of the columns, in `network` the links as an edge list and as GraphML, and `results.json`; gives the names
    /// of the files.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(
        self,
        outputs: &mut Outputs,
        report: &Report,
        columns: &[NamedColumn],
        layout: &MatrixLayout,
        ground: &Ground,
    ) -> Result<Vec<String>> {
        let below = self.path.join("tables");
        outputs.folder(&below)?;
        let mut written = Vec::new();
        let dictionary = sheet::dictionary(columns);
        if dictionary.rows() > 0 {
            written.push(write_table(outputs, &self.path, &dictionary, Format::Csv)?);
        }
        let mut tables = vec![sheet::statistics(report), sheet::by_city(report, columns)];
        tables.extend(sheet::of_measures(report, layout));
        for sheet in tables.iter().filter(|sheet| sheet.rows() > 0) {
            for format in formats(sheet) {
                written.push(write_table(outputs, &below, sheet, *format)?);
            }
        }
        written.extend(self.write_layers(outputs, report, ground.crs)?);
        written.extend(self.write_figures(outputs, report, ground.network)?);
        written.extend(self.write_styles(outputs, report, columns)?);
        if let Some(network) = ground.network {
            written.extend(self.write_network(outputs, report, network, columns)?);
        }
        outputs.write(self.results, |out| json::write_report(report, out))?;
        written.push("results.json".to_owned());
        Ok(written)
    }

    fn write_layers(&self, outputs: &mut Outputs, report: &Report, crs: Option<&str>) -> Result<Vec<String>> {
        let layers = named_layers(report);
        let below = self.path.join("layers");
        if !layers.is_empty() {
            outputs.folder(&below)?;
        }
        let mut written = Vec::new();
        for layer in &layers {
            let name = format!("{}.geojson", layer.name);
            let slot = outputs.open(&below.join(&name))?;
            outputs.write(slot, |out| write_layer(report, layer, crs, out))?;
            written.push(name);
        }
        Ok(written)
    }

    /// Writes the pictures in `figures`, where there are not too many cities for any.
    fn write_figures(&self, outputs: &mut Outputs, report: &Report, network: Option<&Linkage>) -> Result<Vec<String>> {
        if report.cities.len() > picture::MOST_CITIES {
            return Ok(Vec::new());
        }
        let ground = picture::Ground::new(&report.cities);
        let figures = picture::draw_all(&picture::Stage { report, ground: &ground, network });
        let below = self.path.join("figures");
        if !figures.is_empty() {
            outputs.folder(&below)?;
        }
        let mut written = Vec::new();
        for figure in &figures {
            let name = format!("{}.svg", figure.name);
            let slot = outputs.open(&below.join(&name))?;
            outputs.write(slot, |out| out.write_all(figure.standalone(&ground).as_bytes()))?;
            written.push(name);
        }
        Ok(written)
    }

    fn write_styles(&self, outputs: &mut Outputs, report: &Report, columns: &[NamedColumn]) -> Result<Vec<String>> {
        let maps = qml::maps(report, columns);
        let below = self.path.join("styles");
        if !maps.is_empty() {
            outputs.folder(&below)?;
        }
        let mut written = Vec::new();
        for map in &maps {
            let name = format!("{}.qml", map.column.name);
            let slot = outputs.open(&below.join(&name))?;
            outputs.write(slot, |out| out.write_all(map.style(None).as_bytes()))?;
            written.push(name);
        }
        Ok(written)
    }

    fn write_network(
        &self,
        outputs: &mut Outputs,
        report: &Report,
        network: &Linkage,
        columns: &[NamedColumn],
    ) -> Result<Vec<String>> {
        if network.graph().edge_count() > MOST_LINKS {
            return Ok(Vec::new());
        }
        let below = self.path.join("network");
        outputs.folder(&below)?;
        let slot = outputs.open(&below.join("links.graphml"))?;
        outputs.write(slot, |out| graphml::write_network(&report.cities, network, columns, out))?;
        let list = write_table(outputs, &below, &sheet::edges(&report.cities, network), Format::Csv)?;
        Ok(vec!["links.graphml".to_owned(), list])
    }
}

/// The formats of a table: that of programs, and where it fits on pages those of reports.
fn formats(sheet: &Sheet) -> &'static [Format] {
    let large = sheet.columns.len() > WIDEST_PAGE || sheet.columns.len() * sheet.rows() > LARGEST_PAGE;
    if large { &[Format::Csv] } else { &[Format::Csv, Format::Tsv, Format::Md, Format::Tex] }
}

fn write_table(outputs: &mut Outputs, folder: &Path, sheet: &Sheet, format: Format) -> Result<String> {
    let extension = match format {
        Format::Csv => "csv",
        Format::Tsv => "tsv",
        Format::Md => "md",
        Format::Tex => "tex",
    };
    let name = format!("{}.{extension}", sheet.name);
    let slot = outputs.open(&folder.join(&name))?;
    outputs.write(slot, |out| {
        write_sheet(sheet, format, true, &mut *out)?;
        out.flush()
    })?;
    Ok(name)
}
