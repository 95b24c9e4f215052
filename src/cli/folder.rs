//! The folder of results: every table in every format, the data dictionary, layers and styles for a GIS, pictures, the network,
//! the page of the report, and results.json, which comes last.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::Format;
use super::export::write_sheet;
use super::output::{Outputs, Slot, base_name};
use crate::error::Result;
use crate::finding::findings;
use crate::page::Page;
use crate::picture::{self, Figure};
use crate::study::Linkage;
use crate::write::columns::NamedColumn;
use crate::write::layers::{named_layers, write_layer};
use crate::write::matrix::MatrixLayout;
use crate::write::sheet::{self, Sheet};
use crate::write::{Report, graphml, json, qml, tell_apart};

/// From how many columns on a table is for programs alone: as CSV.
const WIDEST_PAGE: usize = 1000;
/// From how many cells on it is.
const LARGEST_PAGE: usize = 200_000;

/// The page of the report, where no other file is named.
const PAGE: &str = "report.html";

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
    page: Slot,
    page_name: String,
    results: Slot,
}

impl Folder {
    /// Makes the folder and opens `results.json` in it, and the page of the report, which may lie
    /// elsewhere.
    ///
    /// # Errors
    /// Those of [`Outputs::folder`], [`Outputs::open`] and [`Outputs::open_last`].
    pub fn open(outputs: &mut Outputs, path: &Path, page: Option<&Path>) -> Result<Self> {
        outputs.folder(path)?;
        let page = page.map_or_else(|| path.join(PAGE), Path::to_owned);
        let results = outputs.open_last(&path.join("results.json"))?;
        Ok(Self { path: path.to_owned(), page: outputs.open(&page)?, page_name: base_name(&page), results })
    }

    /// Writes the data dictionary, in `tables` the statistics, the cities and the tables of the measures, in `layers` the
    /// shapes that measures give, in `styles` one for each map of the columns, in `figures` the pictures, in `network` the links as an edge list and as GraphML, the
    /// page of the report, and `results.json`; gives the names of the files.
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
        let (drawn, figures) = draw(report, ground.network);
        if let Some(drawn) = &drawn {
            written.extend(self.write_figures(outputs, &figures, drawn)?);
        }
        written.extend(self.write_styles(outputs, report, columns)?);
        if let Some(network) = ground.network {
            written.extend(self.write_network(outputs, report, network, columns)?);
        }
        let found = findings(report);
        let page = Page {
            report,
            columns,
            sheets: &tables[2..],
            figures: &figures,
            ground: drawn.as_ref(),
            findings: &found,
            files: &written,
        };
        outputs.write(self.page, |out| page.write(out))?;
        written.push(self.page_name);
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
            let style = format!("{}.qml", layer.name);
            let slot = outputs.open(&below.join(&style))?;
            outputs.write(slot, |out| out.write_all(qml::style_of_layer(layer.layer, report.language).as_bytes()))?;
            written.push(style);
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
        // Columns have names of ASCII letters; those of very long ones are cut for the file system.
        let mut stems: Vec<String> = maps.iter().map(|map| map.column.name.chars().take(100).collect()).collect();
        tell_apart(&mut stems, |stem| stem);
        for (map, stem) in maps.iter().zip(stems) {
            let name = format!("{stem}.qml");
            let slot = outputs.open(&below.join(&name))?;
            outputs.write(slot, |out| out.write_all(map.style(None).as_bytes()))?;
            written.push(name);
        }
        Ok(written)
    }

    /// Writes the pictures in `figures`.
    fn write_figures(
        &self,
        outputs: &mut Outputs,
        figures: &[Figure],
        ground: &picture::Ground,
    ) -> Result<Vec<String>> {
        let below = self.path.join("figures");
        if !figures.is_empty() {
            outputs.folder(&below)?;
        }
        let mut written = Vec::new();
        for figure in figures {
            let name = format!("{}.svg", figure.name);
            let slot = outputs.open(&below.join(&name))?;
            outputs.write(slot, |out| out.write_all(figure.standalone(ground).as_bytes()))?;
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

/// The pictures of a run and the ground of its maps, where there are not too many cities for any.
fn draw(report: &Report, network: Option<&Linkage>) -> (Option<picture::Ground>, Vec<Figure>) {
    if report.cities.len() > picture::MOST_CITIES {
        return (None, Vec::new());
    }
    let ground = picture::Ground::new(&report.cities);
    let figures = picture::draw_all(&picture::Stage { report, ground: &ground, network });
    (Some(ground), figures)
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
