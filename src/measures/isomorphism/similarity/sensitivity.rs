//! How the mean similarity depends on how fine the sectors are.

use super::summary::{SimilaritySummary, similarity_summary};
use crate::measures::TableOut;
use crate::measures::isomorphism::adapter::cell;
use crate::note::{Note, listed};
use crate::study::{Industry, Structure, ThreeSectors};
use serde_json::json;

/// At or below this many sectors a similarity near 1 says little.
const COARSE: usize = 3;

/// The similarity of the cities at one detail of the sectors.
pub(super) struct Detail {
    /// How the sectors are cut: `as given`, `groups`, `three sectors`.
    pub(super) name: &'static str,
    pub(super) sectors: usize,
    pub(super) summary: SimilaritySummary,
}

/// The sectors as they are given, merged to their groups where these are known, and merged to three.
pub(super) fn details(industry: &Industry, structure: &Structure, given: &SimilaritySummary) -> Vec<Detail> {
    let grouped = industry.group_places().and_then(|(places, names)| structure.merged(&places, names.len()).ok());
    let three = industry.in_three(structure);
    let merged = [("groups", grouped), ("three sectors", three)].into_iter().filter_map(|(name, merged)| {
        let merged = merged?;
        Some(Detail { name, sectors: merged.sectors(), summary: similarity_summary(&merged).ok()? })
    });
    let given = Detail { name: "as given", sectors: structure.sectors(), summary: given.clone() };
    std::iter::once(given).chain(merged).collect()
}

/// The detail of this name.
pub(super) fn detail<'a>(details: &'a [Detail], name: &str) -> Option<&'a Detail> {
    details.iter().find(|detail| detail.name == name)
}

/// One row for each detail; without weighted means where `sized` says that the sizes of the cities are not known.
pub(super) fn table(details: &[Detail], sized: bool) -> TableOut {
    let row = |Detail { name, sectors, summary }: &Detail| {
        let weighted = if sized { summary.mean_weighted } else { f64::NAN };
        vec![json!(name), json!(sectors), cell(summary.mean), cell(weighted), cell(summary.min), cell(summary.max)]
    };
    let columns = vec!["detail", "sectors", "mean_s", "mean_s_weighted", "min_s", "max_s"];
    TableOut { columns, rows: details.iter().map(row).collect() }
}

/// What has to be known about the detail: that it is coarse, or that it cannot be made coarse.
pub(super) fn notes(industry: &Industry) -> Vec<Note> {
    let mut notes = Vec::new();
    let sectors = industry.sectors.len();
    if sectors <= COARSE {
        let message = format!(
            "the structures have {sectors} sectors only: similarity near 1 is an artefact of coarse sectors, and says little \
             about the industries in them"
        );
        notes.push(Note::warning("coarse_sectors", message));
    }
    if industry.broad.is_none() {
        let unknown = match ThreeSectors::unknown(&industry.sectors).as_slice() {
            [] => "some sectors".to_owned(),
            unknown => listed(unknown),
        };
        let message = format!(
            "how far similarity is an artefact of coarse sectors is not shown, since it is not known whether {unknown} belong \
             to the primary, secondary or tertiary sector; --sector-groups FILE tells it"
        );
        notes.push(Note::remark("three_sectors_unknown", message));
    }
    notes
}
