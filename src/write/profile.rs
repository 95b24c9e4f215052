//! The two tables of reach that bring several measures together: who each city is in the network, what each core reaches.

use std::borrow::Cow;

use serde_json::Value;

use super::Report;
use super::sheet::{Sheet, SheetCell, SheetColumn};
use crate::measures::{TableOut, Values};

/// Heading, measure and column of the table by city.
const CITY: [(&str, &str, &str); 17] = [
    ("tier", "core_periphery", "tier"),
    ("coreness", "core_periphery", "coreness"),
    ("rank_min", "core_periphery", "coreness_min"),
    ("rank_max", "core_periphery", "coreness_max"),
    ("strength_in", "centrality", "strength_in"),
    ("strength_out", "centrality", "strength_out"),
    ("balance", "", ""),
    ("betweenness_rank", "", ""),
    ("community", "communities", "community"),
    ("hinterland", "hinterland", "hinterland"),
    ("membership", "hinterland", "membership"),
    ("huff_share", "huff", "huff_share"),
    ("field_strength", "field_strength", "field"),
    ("inside_reach", "field_strength", "inside"),
    ("breakpoint_distance", "breakpoints", "breakpoint_distance"),
    ("contested", "hinterland", "contested"),
    ("accessibility", "accessibility", "hansen"),
];

/// Heading, measure, table and column of the table by core.
const CORE: [(&str, &str, &str, &str); 18] = [
    ("mass", "field_strength", "cores", "mass"),
    ("radius", "field_strength", "cores", "radius"),
    ("cities_inside", "field_strength", "cores", "cities_inside"),
    ("mass_inside", "field_strength", "cores", "mass_inside"),
    ("cities_dominated", "hinterland", "cores", "cities"),
    ("mass_dominated", "hinterland", "cores", "mass_dominated"),
    ("area_dominated_km2", "hinterland", "cores", "area_km2"),
    ("area_dominated", "hinterland", "cores", "area"),
    ("contested", "hinterland", "cores", "contested"),
    ("linkage_share", "hinterland", "cores", "linkage_share"),
    ("gini_of_links", "hinterland", "cores", "links_gini"),
    ("growth", "driving_effect", "cores", "growth"),
    ("driving_b", "driving_effect", "cores", "b"),
    ("driving_se", "driving_effect", "cores", "se"),
    ("driving_p", "driving_effect", "cores", "p"),
    ("driving", "driving_effect", "cores", "label"),
    ("spillover", "spillover", "core_impacts", "periphery"),
    ("spillover_se", "spillover", "core_impacts", "periphery_se"),
];

/// The tables, those that have rows: by city, then by core.
pub fn of_reach(report: &Report) -> Vec<Sheet<'_>> {
    [cities(report), cores(report)].into_iter().flatten().collect()
}

fn cities(report: &Report) -> Option<Sheet<'_>> {
    report.last("core_periphery")?;
    let mut header: Vec<Cow<str>> = vec!["city".into(), "name".into()];
    let mut columns = vec![SheetColumn::Texts(&report.cities.ids), SheetColumn::Texts(&report.cities.names)];
    for (heading, measure, column) in CITY {
        let values = match heading {
            "balance" => balance(report),
            "betweenness_rank" => betweenness_rank(report),
            _ => report.last(measure).and_then(|outcome| outcome.column(column)).map(SheetColumn::Values),
        };
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            header.push(heading.into());
            columns.push(values);
        }
    }
    let footers = ["core_periphery", "hinterland", "field_strength"].into_iter().filter_map(|name| report.last(name));
    let footers: Vec<&str> = footers.filter_map(|outcome| outcome.footer.as_deref()).collect();
    Some(Sheet {
        name: "radiation_cities".into(),
        key: "radiation.cities".into(),
        title: "Core and periphery: every city in the network".into(),
        footer: (!footers.is_empty()).then(|| footers.join("; ")),
        in_words: true,
        header,
        columns,
    })
}

/// Incoming less outgoing strength.
fn balance(report: &Report) -> Option<SheetColumn<'_>> {
    let strength = |name| match report.last("centrality")?.column(name)? {
        Values::Numbers(values) => Some(values),
        _ => None,
    };
    let (incoming, outgoing) = (strength("strength_in")?, strength("strength_out")?);
    Some(SheetColumn::Cells(incoming.iter().zip(outgoing).map(|(i, o)| SheetCell::number(i - o)).collect()))
}

/// Place by betweenness, the same for the same betweenness; none where it is 0.
fn betweenness_rank(report: &Report) -> Option<SheetColumn<'_>> {
    let values = report.last("centrality")?.numbers("betweenness")?;
    let mut ordered: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    ordered.sort_by(|a, b| b.total_cmp(a));
    let rank = |x: &f64| match *x > 0.0 {
        true => SheetCell::Count(ordered.partition_point(|other| other > x) as i64 + 1),
        false => SheetCell::Empty,
    };
    Some(SheetColumn::Cells(values.iter().map(rank).collect()))
}

fn cores(report: &Report) -> Option<Sheet<'_>> {
    let base = table(report, "hinterland", "cores")?;
    let mut header: Vec<&str> = vec!["core", "core_name"];
    let mut columns: Vec<Vec<SheetCell>> =
        (0..2).map(|at| base.rows.iter().map(|row| SheetCell::json(&row[at])).collect()).collect();
    for (heading, measure, name, column) in CORE {
        let Some(from) = table(report, measure, name) else { continue };
        let Some(at) = from.columns.iter().position(|other| *other == column) else { continue };
        header.push(heading);
        columns.push(base.rows.iter().map(|row| of_core(from, &row[0], at)).collect());
    }
    let rows = (0..base.rows.len()).map(|row| columns.iter().map(|cells| cells[row].clone()).collect()).collect();
    let sheet = Sheet::from_rows("radiation_cores", "Core and periphery: what each core reaches", &header, rows);
    let footer = report.last("hinterland").and_then(|outcome| outcome.footer.clone());
    Some(Sheet { key: "radiation.cores".into(), footer, in_words: true, ..sheet })
}

fn table<'a>(report: &'a Report, measure: &str, name: &str) -> Option<&'a TableOut> {
    report.last(measure)?.table(name)
}

/// The cell of a core in a table whose first column is the core; the first row counts.
fn of_core<'a>(table: &'a TableOut, core: &Value, at: usize) -> SheetCell<'a> {
    table.rows.iter().find(|row| row[0] == *core).map_or(SheetCell::Empty, |row| SheetCell::json(&row[at]))
}
