//! The network as GraphML, for Gephi, igraph, networkx and Cytoscape: cities with their results, links with their strength.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::columns::NamedColumn;
use super::number_text;
use super::qml::escaped;
use crate::measures::Values;
use crate::study::{Cities, LinkDirection, Linkage};

/// Writes the network; an undirected link once. `columns` become attributes of the nodes.
///
/// # Errors
/// Those of `out`.
pub fn write_network(
    cities: &Cities,
    links: &Linkage,
    columns: &[NamedColumn],
    out: &mut impl Write,
) -> io::Result<()> {
    let undirected = links.direction() == LinkDirection::Undirected;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    for (name, kind) in [("label", "string"), ("x", "double"), ("y", "double")] {
        writeln!(out, "  <key id=\"{name}\" for=\"node\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    for (at, column) in columns.iter().enumerate() {
        let (name, kind) = (escaped(&column.name), kind(column.values));
        writeln!(out, "  <key id=\"c{at}\" for=\"node\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    writeln!(out, "  <key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>")?;
    writeln!(out, "  <graph edgedefault=\"{}\">", if undirected { "undirected" } else { "directed" })?;
    for city in 0..cities.len() {
        node(cities, city, columns, out)?;
    }
    for (i, j, w) in links.arcs().filter(|&(i, j, _)| !undirected || i < j) {
        let (a, b) = (escaped(&cities.ids[i]), escaped(&cities.ids[j]));
        let strength = number_text(links.meaning().strength(w));
        writeln!(out, "    <edge source=\"{a}\" target=\"{b}\"><data key=\"weight\">{strength}</data></edge>")?;
    }
    writeln!(out, "  </graph>\n</graphml>")
}

fn node(cities: &Cities, i: usize, columns: &[NamedColumn], out: &mut impl Write) -> io::Result<()> {
    let mut data = String::new();
    let mut add = |key: &str, value: &str| _ = write!(data, "<data key=\"{key}\">{}</data>", escaped(value));
    add("label", &cities.names[i]);
    if let Some([x, y]) = cities.points[i] {
        add("x", &number_text(x));
        add("y", &number_text(y));
    }
    for (at, column) in columns.iter().enumerate() {
        let text = match column.values {
            Values::Numbers(values) => number_text(values[i]),
            Values::Counts(values) => values[i].map_or_else(String::new, |count| count.to_string()),
            Values::Classes(values) => values[i].to_owned(),
            Values::Texts(values) => values[i].clone().unwrap_or_default(),
        };
        if !text.is_empty() {
            add(&format!("c{at}"), &text);
        }
    }
    writeln!(out, "    <node id=\"{}\">{data}</node>", escaped(&cities.ids[i]))
}

fn kind(values: &Values) -> &'static str {
    match values {
        Values::Numbers(_) => "double",
        Values::Counts(_) => "long",
        Values::Classes(_) | Values::Texts(_) => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{LinksRequest, read_links};
    use crate::study::LinkMeaning;

    /// What is written is read again as the same network, whatever the names.
    #[test]
    fn it_comes_back() {
        let cities = Cities { names: ["<a>", "\"&", "é\u{1}"].map(String::from).to_vec(), ..three() };
        let arcs = vec![(0, 1, 2.5), (1, 0, 0.1), (2, 1, 4.0)];
        for links in [
            Linkage::from_arcs(3, arcs.clone(), LinkMeaning::Strength).unwrap(),
            Linkage::from_arcs(3, arcs, LinkMeaning::Strength).unwrap().undirected(),
        ] {
            let mut text = Vec::new();
            write_network(&cities, &links, &[], &mut text).unwrap();
            let read = read_links(&text, "n.graphml", &LinksRequest::default(), &cities).unwrap();
            assert!(read.arcs().eq(links.arcs()) && read.direction() == links.direction());
        }
    }

    fn three() -> Cities {
        crate::write::fixture::cities().subset(&[0, 1, 2])
    }
}
