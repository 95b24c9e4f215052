//! GraphML to rows of origin, destination and the attributes of the edges.
//!
//! Format: Brandes, U. et al. (2002). GraphML progress report. Graph Drawing 2001, 501-512.

use indexmap::IndexMap;
use roxmltree::{Document, Node, ParsingOptions};

use super::super::grid::Grid;
use super::super::lookup::Lookup;
use super::super::text::{Decoded, Encodings, decode};
use super::ALIASES;
use crate::error::{Fault, Kind, Result};
use crate::note::Note;

/// Names of the two columns that an edge's ends become.
const ENDS: [&str; 2] = ["origin", "destination"];

/// The edges as rows: origin, destination, then the attributes by name; and whether none of them has a direction.
///
/// The ends are the ids of the nodes, where these are ids of cities, else the node attribute that holds most ids of cities,
/// since many programs number their nodes. Where no attribute is called as a weight is and `count`, every edge weighs 1. Of edges with and edges without direction, the latter count both ways.
pub(super) fn edges(bytes: &[u8], file: &str, lookup: &Lookup, count: bool) -> Result<(Grid, bool)> {
    let Decoded { text, mut notes } = decode(bytes, file, Encodings::Spreadsheet)?;
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).map_err(|error| {
        let (at, message) = (error.pos(), error.to_string());
        // The place is said once, before the message.
        let reason = message.rsplit_once(" at ").map_or(message.as_str(), |(reason, _)| reason);
        let fault = Fault::new(Kind::Syntax, format!("this is no well-formed XML: {reason}")).file(file);
        fault.at(at.row as usize, at.col as usize)
    })?;
    let graph = the_graph(&document).map_err(|error| error.in_file(file))?;
    let names = attribute_names(document.root_element(), "edge");
    let (ids, said) = ids_of_nodes(&document, graph, lookup);
    notes.extend(said);
    let directed_by_default = graph.attribute("edgedefault") == Some("directed");
    let edges: Vec<Node> = graph.descendants().filter(|node| node.has_tag_name_anywhere("edge")).collect();
    let directed = |edge: &Node| edge.attribute("directed").map_or(directed_by_default, |text| text == "true");
    let any_directed = edges.iter().any(directed);
    let weighted = names.values().any(|name| ALIASES[2].contains(&name.to_lowercase().as_str()));
    let counted = (count && !weighted).then_some("1");
    if counted.is_some() {
        notes
            .push(Note::remark("unweighted", "no attribute of the edges is called weight, and every edge counts as 1"));
    }
    let defaults = defaults(document.root_element());
    let weight = counted.map(|_| "weight".to_owned());
    let header = ENDS.iter().map(|name| (*name).to_owned()).chain(names.values().cloned()).chain(weight);
    let mut grid = Grid::empty(file, header.collect(), notes);
    let mut lines = Lines { text: &text, line: 1, counted: 0 };
    for edge in &edges {
        let line = lines.of(edge.range().start);
        let end = |name| edge.attribute(name).map_or("", |id| ids.get(id).map_or(id, String::as_str));
        let values: Vec<&str> = names
            .keys()
            .map(|key| data(*edge, key).or_else(|| defaults.get(key.as_str()).copied()).unwrap_or_default())
            .chain(counted)
            .collect();
        let mut push = |a: &str, b: &str| grid.push_row(line, [a, b].into_iter().chain(values.iter().copied()));
        push(end("source"), end("target"));
        if any_directed && !directed(edge) {
            push(end("target"), end("source"));
        }
    }
    if edges.is_empty() {
        let fault = Fault::new(Kind::Structure, "there are no edges in the graph").file(file);
        return Err(fault.hint("an edge is <edge source=\"…\" target=\"…\"/>").into());
    }
    Ok((grid, !any_directed))
}

/// An element by its local name, whatever its namespace.
trait TagName {
    fn has_tag_name_anywhere(&self, name: &str) -> bool;
}

impl TagName for Node<'_, '_> {
    fn has_tag_name_anywhere(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

fn the_graph<'a, 'input>(document: &'a Document<'input>) -> Result<Node<'a, 'input>> {
    let root = document.root_element();
    if root.tag_name().name() != "graphml" {
        let message = format!("this is XML, but not GraphML: its root is <{}>", root.tag_name().name());
        return Err(Fault::new(Kind::Structure, message).hint("export the network as GraphML or CSV").into());
    }
    let mut graphs = root.children().filter(|node| node.has_tag_name_anywhere("graph"));
    let Some(graph) = graphs.next() else {
        return Err(Fault::new(Kind::Structure, "there is no graph in the file").into());
    };
    if graphs.next().is_some() {
        let fault = Fault::new(Kind::Links, "the file holds several graphs, and one is needed");
        return Err(fault.hint("keep one graph in the file").into());
    }
    Ok(graph)
}

/// The attributes of nodes or edges: key to name, in the order of the file.
fn attribute_names(root: Node, of: &str) -> IndexMap<String, String> {
    let keys = root.children().filter(|node| node.has_tag_name_anywhere("key"));
    let fits = |key: &Node| key.attribute("for").is_none_or(|target| target == of || target == "all");
    keys.filter(fits)
        .filter_map(|key| {
            let id = key.attribute("id")?;
            Some((id.to_owned(), key.attribute("attr.name").unwrap_or(id).to_owned()))
        })
        .collect()
}

/// What an element without data has, by key.
fn defaults<'a>(root: Node<'a, '_>) -> IndexMap<&'a str, &'a str> {
    let keys = root.children().filter(|node| node.has_tag_name_anywhere("key"));
    keys.filter_map(|key| {
        let default = key.children().find(|child| child.has_tag_name_anywhere("default"))?;
        Some((key.attribute("id")?, default.text()?.trim()))
    })
    .collect()
}

fn data<'a>(node: Node<'a, '_>, key: &str) -> Option<&'a str> {
    let mut children = node.children().filter(|child| child.has_tag_name_anywhere("data"));
    children.find(|child| child.attribute("key") == Some(key)).and_then(|child| child.text()).map(str::trim)
}

/// Id of the city for each node, and what was assumed.
fn ids_of_nodes(document: &Document, graph: Node, lookup: &Lookup) -> (IndexMap<String, String>, Option<Note>) {
    let nodes: Vec<Node> = graph.descendants().filter(|node| node.has_tag_name_anywhere("node")).collect();
    let known = |ids: &IndexMap<String, String>| ids.values().filter(|id| lookup.knows(id)).count();
    let pairs = |of: &dyn Fn(Node) -> Option<String>| -> IndexMap<String, String> {
        nodes.iter().filter_map(|&node| Some((node.attribute("id")?.to_owned(), of(node)?))).collect()
    };
    let own = pairs(&|node| node.attribute("id").map(str::to_owned));
    let mut best = (known(&own), own, None);
    for (key, name) in attribute_names(document.root_element(), "node") {
        let by = pairs(&|node| data(node, &key).map(str::to_owned));
        if known(&by) > best.0 {
            best = (known(&by), by, Some(name));
        }
    }
    let note = |name: String| Note::remark("graphml_ids", format!("nodes are known by their attribute {name}"));
    (best.1, best.2.map(note))
}

/// Lines of ascending places in a text.
struct Lines<'a> {
    text: &'a str,
    line: usize,
    counted: usize,
}

impl Lines<'_> {
    fn of(&mut self, at: usize) -> usize {
        self.line += self.text.as_bytes()[self.counted..at].iter().filter(|&&b| b == b'\n').count();
        self.counted = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::lookup::tests::cities;
    use super::*;

    const NUMBERED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="adcode" attr.type="string"/>
  <key id="d1" for="edge" attr.name="weight" attr.type="double"/>
  <graph edgedefault="undirected">
    <node id="n0"><data key="d0">A</data></node>
    <node id="n1"><data key="d0">B</data></node>
    <edge source="n0" target="n1"><data key="d1">2.5</data></edge>
    <edge source="n1" target="n0" directed="true"><data key="d1">1</data></edge>
  </graph>
</graphml>"#;

    #[test]
    fn numbered_nodes_are_known_by_the_attribute_that_holds_ids() {
        let cities = cities(&[("A", "A"), ("B", "B")]);
        let (grid, undirected) = edges(NUMBERED.as_bytes(), "g.graphml", &Lookup::new(&cities), true).unwrap();
        assert_eq!(grid.names, ["origin", "destination", "weight"]);
        // The undirected edge counts both ways beside the directed one.
        assert!(!undirected);
        let rows: Vec<String> = (0..3).map(|row| [0, 1, 2].map(|column| grid.cell(row, column)).join(" ")).collect();
        assert_eq!(rows, ["A B 2.5", "B A 2.5", "B A 1"]);
        assert_eq!(grid.lines, [8, 8, 9]);
        assert_eq!(grid.notes[0].message, "nodes are known by their attribute adcode");
    }

    #[test]
    fn what_is_no_graphml_is_refused_in_words() {
        let cities = cities(&[("A", "A")]);
        let refusal =
            |text: &str| edges(text.as_bytes(), "g.xml", &Lookup::new(&cities), true).unwrap_err().to_string();
        assert_eq!(refusal("<gexf/>"), "g.xml: this is XML, but not GraphML: its root is <gexf>");
        let open = "g.xml:1:17: this is no well-formed XML: expected 'graph' tag, not 'graphml'";
        assert_eq!(refusal("<graphml><graph></graphml>"), open);
        assert_eq!(refusal("<graphml><graph/></graphml>"), "g.xml: there are no edges in the graph");
        assert_eq!(
            refusal("<graphml><graph/><graph/></graphml>"),
            "g.xml: the file holds several graphs, and one is needed"
        );
        let bomb = "<!DOCTYPE x [<!ENTITY a \"&a;\">]><graphml>&a;</graphml>";
        assert!(refusal(bomb).contains("no well-formed XML"), "{}", refusal(bomb));
    }

    #[test]
    fn weights_have_defaults_or_count_one() {
        let cities = cities(&[("A", "A"), ("B", "B")]);
        let weight = |keys: &str| {
            let text = format!(
                "<graphml>{keys}<graph edgedefault=\"directed\"><node id=\"A\"/><node id=\"B\"/>\
                 <edge source=\"A\" target=\"B\"/></graph></graphml>"
            );
            let (grid, _) = edges(text.as_bytes(), "g.graphml", &Lookup::new(&cities), true).unwrap();
            grid.cell(0, grid.column("weight").unwrap()).to_owned()
        };
        let key = "<key id=\"w\" for=\"edge\" attr.name=\"weight\"><default>3</default></key>";
        assert_eq!((weight(key), weight("")), ("3".to_owned(), "1".to_owned()));
    }
}
