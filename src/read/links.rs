//! Links between cities: a CSV edge list, a CSV square matrix, GraphML, or lines in GeoJSON.

mod graphml;
mod lines;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::{Note, listed, listed_by};
use crate::study::{Cities, LinkMeaning, Linkage, Number};

use super::grid::Grid;
use super::lookup::Lookup;

/// How a file of links is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinksRequest {
    /// Columns of origin, destination and weight; `None` finds them by their usual names.
    pub columns: Option<[String; 3]>,
    /// Column and value of the rows to take. Of several columns all have to fit, of several values of a column any.
    pub filters: Vec<(String, String)>,
    /// Whether links have no direction: S = W + Wᵀ.
    pub undirected: bool,
    /// What the weights say.
    pub meaning: LinkMeaning,
}

const ROLES: [&str; 3] = ["origin", "destination", "weight"];
/// Usual names of the columns by role, the first that is present wins.
const ALIASES: [&[&str]; 3] = [
    &["origin", "from", "source", "起点", "起点城市", "起始城市", "出发", "出发地", "出发城市", "来源"],
    &["destination", "to", "target", "终点", "终点城市", "目的地", "目的城市", "到达", "到达地", "到达城市"],
    &["weight", "value", "flow", "count", "权重", "流量", "数量", "次数", "车次", "班次", "客流"],
];
/// What a column of costs may be called beside those of weights.
const COSTS: [&str; 12] =
    ["cost", "time", "minutes", "hours", "duration", "distance", "length", "km", "时间", "距离", "成本", "里程"];
/// Columns that tell several networks in one file apart.
const LAYERS: [&str; 6] = ["kind", "year", "类型", "种类", "年份", "年"];

/// Reads the links between `cities` from an edge list, a square matrix, GraphML or GeoJSON, recognised by its content.
///
/// An *edge list* has columns of origin and destination ids and of weights, by default `origin` `from` or `source`,
/// `destination` `to` or `target`, `weight` `value` `flow` or `count`, or the Chinese words for them. Where a column
/// `kind` or `year` has several values, `filters` must choose among them. A *matrix* has the same ids in its header
/// and in its first column, origins in rows; an empty cell is no link. Ids are compared as text. In *GraphML* the nodes are
/// the ids, or have them in an attribute; attributes of edges are what columns are in an edge list, and a graph without
/// directions is undirected. Features of a *GeoJSON* file are rows, their properties columns; the lines themselves do not
/// matter.
///
/// What is doubtful is in the notes of the linkage: self-flows, parallel links, cities without links, components;
/// and what was recognised: encoding, delimiter, matrix.
///
/// # Errors
/// All at once: ragged rows, unknown ids (one fault an id, with all its lines), weights that are missing, negative
/// or no finite numbers. Alone: no text, no rows, missing columns, filters that fit nothing, all weights zero.
///
/// ```
/// use agglo::read::{LinksRequest, read_links};
/// # use agglo::study::{Cities, Metric, Shapes};
/// # let mut shapes = Shapes::default();
/// # (0..2).for_each(|_| shapes.push_missing());
/// # let ids = vec!["310100".to_owned(), "320100".to_owned()];
/// # let (names, points) = (ids.clone(), vec![None; 2]);
/// # let cities = Cities { ids, names, shapes, points, metric: Metric::EARTH, notes: vec![] };
/// let trains = b"origin,destination,weight\n310100,320100,182\n320100,310100,180\n";
/// let links = read_links(trains, "trains.csv", &LinksRequest::default(), &cities)?;
/// assert_eq!(links.strength_out(), [182.0, 180.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn read_links(bytes: &[u8], file: &str, request: &LinksRequest, cities: &Cities) -> Result<Linkage> {
    let lookup = Lookup::new(cities);
    let first = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().first();
    let (grid, faults, undirected) = match first {
        Some(b'<') => {
            let (grid, undirected) = graphml::edges(bytes, file, &lookup, request.columns.is_none())?;
            (grid, Faults::default(), undirected)
        }
        Some(b'{') => (lines::properties(bytes, file)?, Faults::default(), false),
        _ => {
            let (grid, faults) = Grid::read(bytes, file)?;
            (grid, faults, false)
        }
    };
    let is_table = !matches!(first, Some(b'<' | b'{'));
    let mut reader = Reader { grid, faults, lookup, meaning: request.meaning, arcs: Vec::new() };
    let gathered = if let Some(columns) = &request.columns {
        columns_named(&reader.grid, columns).and_then(|columns| reader.edge_list(columns, request))
    } else if let Some(columns) = columns_by_alias(&reader.grid, request.meaning) {
        reader.edge_list(columns, request)
    } else if is_table && reader.is_matrix() {
        reader.matrix(request)
    } else {
        Err(missing_columns(&reader.grid, &reader.lookup).into())
    };
    if let Err(error) = gathered {
        reader.faults.extend(error);
    }
    let request = LinksRequest { undirected: request.undirected || undirected, ..request.clone() };
    reader.linkage(&request, cities).map_err(|error| error.in_file(file))
}

/// The columns of origin, destination and weight that an edge list is read by, where nobody names them; none where the
/// file is no such table.
pub fn recognised_columns(bytes: &[u8], file: &str, meaning: LinkMeaning) -> Option<[String; 3]> {
    let (grid, _) = Grid::read(bytes, file).ok()?;
    columns_by_alias(&grid, meaning).map(|columns| columns.map(|column| grid.names[column].clone()))
}

struct Reader<'a> {
    grid: Grid,
    faults: Faults,
    lookup: Lookup<'a>,
    meaning: LinkMeaning,
    arcs: Vec<(u32, u32, f64)>,
}

impl Reader<'_> {
    fn edge_list(&mut self, columns: [usize; 3], request: &LinksRequest) -> Result<()> {
        self.grid.name_faults().for_each(|fault| self.faults.push(fault));
        let rows = chosen_rows(&self.grid, &request.filters)?;
        single_layer(&self.grid, &rows, &request.filters)?;
        let comma = self.grid.has_decimal_comma(columns[2]);
        if comma {
            let note = Grid::decimal_comma_note(&[&self.grid.names[columns[2]]]);
            self.grid.notes.push(note);
        }
        for row in rows {
            let origin = self.city(row, columns[0]);
            let destination = self.city(row, columns[1]);
            let weight = self.weight(row, columns[2], comma);
            if let (Some(origin), Some(destination), Some(weight)) = (origin, destination, weight) {
                self.arcs.push((origin, destination, weight));
            }
        }
        Ok(())
    }

    fn city(&mut self, row: usize, column: usize) -> Option<u32> {
        let (id, line) = (self.grid.cell(row, column), self.grid.lines[row]);
        if id.is_empty() {
            let fault = Fault::new(Kind::Identity, "the id is missing").line(line).field(&self.grid.names[column]);
            self.faults.push(fault.hint("write the id of a city, or delete the row"));
            return None;
        }
        self.lookup.find(id, line)
    }

    fn weight(&mut self, row: usize, column: usize, comma: bool) -> Option<f64> {
        let text = self.grid.cell(row, column);
        let plain = if comma { Cow::Owned(text.replacen(',', ".", 1)) } else { Cow::Borrowed(text) };
        let wrong = match Number::parse(&plain) {
            Number::Finite(weight) => match self.meaning.fault_of(weight) {
                None => return Some(weight),
                Some(wrong) => wrong,
            },
            _ if plain.parse::<f64>().is_ok() => "is not a finite number",
            _ => "is not a number",
        };
        let message =
            if text.is_empty() { "the weight is missing".into() } else { format!("{} {wrong}", quoted(text)) };
        let hint = match wrong {
            "is negative" => "a weight is how much flows between two cities: zero or more",
            "is not a number" if text.contains(',') => "write it without thousands separators and with a decimal point",
            _ if self.meaning == LinkMeaning::Cost => "leave the link out if its cost is not known",
            _ => "write a plain number, or leave the link out if it is not known",
        };
        let fault = Fault::new(Kind::Value, message).line(self.grid.lines[row]).field(&self.grid.names[column]);
        self.faults.push(fault.hint(hint));
        None
    }

    /// Whether the header has the ids of the first column, or at least two ids of cities.
    fn is_matrix(&self) -> bool {
        let columns: HashSet<&str> = self.grid.names[1..].iter().map(String::as_str).collect();
        let rows: HashSet<&str> = (0..self.grid.rows()).map(|row| self.grid.cell(row, 0)).collect();
        columns == rows || columns.iter().filter(|id| self.lookup.knows(id)).nth(1).is_some()
    }

    fn matrix(&mut self, request: &LinksRequest) -> Result<()> {
        if !request.filters.is_empty() {
            let fault = Fault::new(Kind::Links, "this is a square matrix: it has no columns to choose rows by");
            return Err(fault.hint("leave --links-where out").into());
        }
        self.same_ids()?;
        let columns = 1..self.grid.names.len();
        let destinations: Vec<_> =
            columns.clone().map(|column| self.lookup.find(&self.grid.names[column], self.grid.header_line)).collect();
        let commas: Vec<bool> = columns.clone().map(|column| self.grid.has_decimal_comma(column)).collect();
        for row in 0..self.grid.rows() {
            let origin = self.city(row, 0);
            for column in columns.clone() {
                let cell = self.grid.cell(row, column);
                let own = self.grid.cell(row, 0) == self.grid.names[column];
                // A distance of zero to oneself, or a mark in its place, is neither a link nor a fault.
                let nothing = own && matches!(Number::parse(cell), Number::Missing | Number::Finite(0.0));
                if cell.is_empty() || nothing {
                    continue;
                }
                let weight = self.weight(row, column, commas[column - 1]);
                if let (Some(origin), Some(destination), Some(weight)) = (origin, destinations[column - 1], weight) {
                    self.arcs.push((origin, destination, weight));
                }
            }
        }
        let size = self.grid.rows();
        self.grid
            .notes
            .push(Note::remark("matrix", format!("read as a square matrix of {size} cities, origins in rows")));
        Ok(())
    }

    /// A matrix is square: every id comes once in the header and once in the first column.
    fn same_ids(&self) -> Result<()> {
        let header: Vec<&str> = self.grid.names[1..].iter().map(String::as_str).collect();
        let rows: Vec<&str> = (0..self.grid.rows()).map(|row| self.grid.cell(row, 0)).collect();
        let mut faults = Faults::default();
        for (ids, others, place) in [(&header, &rows, "header"), (&rows, &header, "first column")] {
            let (mut seen, others) = (HashSet::new(), others.iter().collect::<HashSet<_>>());
            let (new, again): (Vec<&str>, Vec<&str>) = ids.iter().partition(|id| seen.insert(**id));
            let lonely: Vec<&str> = new.into_iter().filter(|id| !others.contains(id)).collect();
            for (which, words) in [(lonely, "only"), (again, "again")] {
                if !which.is_empty() {
                    let which = listed_by(&which, |id| quoted(id));
                    let message = format!(
                        "a square matrix has the same ids in header and first column; {words} in the {place}: {which}"
                    );
                    let fault = Fault::new(Kind::Links, message);
                    faults.push(fault.hint("repair the ids, or write an edge list: origin,destination,weight"));
                }
            }
        }
        faults.finish(())
    }

    fn linkage(mut self, request: &LinksRequest, cities: &Cities) -> Result<Linkage> {
        self.lookup.faults().into_iter().for_each(|fault| self.faults.push(fault));
        self.faults.finish(())?;
        let links = Linkage::from_arcs(cities.len(), self.arcs, request.meaning)?.noted(cities);
        let mut links = if request.undirected { links.undirected() } else { links };
        links.notes.splice(0..0, self.grid.notes);
        Ok(links)
    }
}

fn columns_named(grid: &Grid, names: &[String; 3]) -> Result<[usize; 3]> {
    let mut faults = Faults::default();
    let columns = [0, 1, 2].map(|role| {
        grid.column(&names[role]).unwrap_or_else(|| {
            faults.push(grid.no_column(&names[role]).field(ROLES[role]));
            0
        })
    });
    faults.finish(columns)
}

fn by_alias(grid: &Grid) -> [Option<usize>; 3] {
    ALIASES.map(|aliases| {
        aliases.iter().find_map(|alias| grid.names.iter().position(|name| name.to_lowercase() == *alias))
    })
}

fn columns_by_alias(grid: &Grid, meaning: LinkMeaning) -> Option<[usize; 3]> {
    let [origin, destination, weight] = by_alias(grid);
    let costs = || COSTS.iter().find_map(|alias| grid.names.iter().position(|name| name.to_lowercase() == *alias));
    let weight = weight.or_else(|| costs().filter(|_| meaning == LinkMeaning::Cost));
    Some([origin?, destination?, weight?])
}

/// The fault that columns cannot be told by their names, with the option that names them.
fn missing_columns(grid: &Grid, lookup: &Lookup) -> Fault {
    if grid.names[0].starts_with('[') {
        let fault = Fault::new(Kind::Structure, "this is a JSON array, and no table, GraphML or GeoJSON");
        return fault.hint("write an edge list: origin,destination,weight");
    }
    if grid.names.iter().any(|name| lookup.knows(name)) && grid.names.iter().any(|name| name.parse::<f64>().is_ok()) {
        let fault = Fault::new(Kind::Structure, "there is no header: the first line has data").line(grid.header_line);
        return fault.hint("put the line origin,destination,weight above it");
    }
    let found = by_alias(grid);
    let mut others = (0..grid.names.len()).filter(|column| !found.contains(&Some(*column)));
    let option: Vec<&str> = [0, 1, 2]
        .map(|role| found[role].or_else(|| others.next()).map_or(ROLES[role], |column| grid.names[column].as_str()))
        .to_vec();
    let missing: Vec<String> =
        (0..3).filter(|&role| found[role].is_none()).map(|role| format!("no {}", ROLES[role])).collect();
    let message =
        format!("needs origin, destination and weight columns; found {} ({})", listed(&grid.names), missing.join(", "));
    let hint = format!("name them with --link-columns {}", option.join(","));
    Fault::new(Kind::Column, message).line(grid.header_line).hint(hint)
}

/// The rows that pass the filters.
fn chosen_rows(grid: &Grid, filters: &[(String, String)]) -> Result<Vec<usize>> {
    let mut faults = Faults::default();
    let mut by_column = std::collections::BTreeMap::<usize, Vec<&str>>::new();
    for (name, value) in filters {
        match grid.column(name) {
            Some(column) => by_column.entry(column).or_default().push(value.trim()),
            None => faults.push(grid.no_column(name).field("--links-where")),
        }
    }
    faults.finish(())?;
    let fits = |row: usize| by_column.iter().all(|(&column, values)| values.contains(&grid.cell(row, column)));
    let rows: Vec<usize> = (0..grid.rows()).filter(|&row| fits(row)).collect();
    if rows.is_empty() && !filters.is_empty() && grid.rows() > 0 {
        let wanted: Vec<String> = filters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let all: Vec<usize> = (0..grid.rows()).collect();
        let there: Vec<String> = by_column
            .keys()
            .map(|&column| {
                format!(
                    "{} has {}",
                    grid.names[column],
                    listed_by(&values_of(grid, &all, column), |value| quoted(value))
                )
            })
            .collect();
        let fault = Fault::new(Kind::Links, format!("no row has {}", wanted.join(" and ")));
        return Err(fault.hint(there.join("; ")).into());
    }
    Ok(rows)
}

/// A fault if rows of several kinds or years are about to be mixed.
fn single_layer(grid: &Grid, rows: &[usize], filters: &[(String, String)]) -> Result<()> {
    let mut faults = Faults::default();
    for (column, name) in grid.names.iter().enumerate() {
        let filtered = filters.iter().any(|(other, _)| other.trim() == name);
        if filtered || !LAYERS.contains(&name.to_lowercase().as_str()) {
            continue;
        }
        let values = values_of(grid, rows, column);
        if values.len() > 1 {
            let message =
                format!("the file holds several networks: {name} is {}", listed_by(&values, |value| quoted(value)));
            let hint = format!("choose one: --links-where {name}={}", values[values.len() - 1]);
            faults.push(Fault::new(Kind::Links, message).hint(hint));
        }
    }
    faults.finish(())
}

/// The different values of a column in these rows, in order of appearance.
fn values_of<'a>(grid: &'a Grid, rows: &[usize], column: usize) -> Vec<&'a str> {
    rows.iter().map(|&row| grid.cell(row, column)).collect::<indexmap::IndexSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::lookup::tests::cities;
    use super::*;
    use crate::note::Level;

    fn twelve() -> Cities {
        const NAMES: [&str; 12] = [
            "Wuhan",
            "Huangshi",
            "Ezhou",
            "Xiaogan",
            "Huanggang",
            "Xianning",
            "Xiantao",
            "Qianjiang",
            "Tianmen",
            "Yueyang",
            "Jiujiang",
            "Changde",
        ];
        let ids: Vec<String> = (1..=12).map(|i| format!("C{i:02}")).collect();
        cities(&ids.iter().map(String::as_str).zip(NAMES).collect::<Vec<_>>())
    }

    /// A ring of all twelve cities, so that nothing is to be said about isolates and components.
    fn ring() -> String {
        let rows = (1..=12).map(|i| format!("C{i:02},C{:02},{i}.5\n", i % 12 + 1));
        std::iter::once("from,to,weight\n".to_owned()).chain(rows).collect()
    }

    fn read(text: &str) -> Result<Linkage> {
        read_links(text.as_bytes(), "links.csv", &LinksRequest::default(), &twelve())
    }

    fn read_with(text: &str, request: &LinksRequest) -> Result<Linkage> {
        read_links(text.as_bytes(), "links.csv", request, &cities(&[("A", "A"), ("B", "B"), ("C", "C")]))
    }

    fn filters(filters: &[(&str, &str)]) -> LinksRequest {
        let filters = filters.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        LinksRequest { filters, ..LinksRequest::default() }
    }

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    fn hint(error: &crate::Error) -> &str {
        error.faults()[0].remedy().unwrap()
    }

    fn warnings(links: &Linkage) -> Vec<&str> {
        links.notes.iter().filter(|note| note.level == Level::Warning).map(|note| note.code).collect()
    }

    fn arcs(links: &Linkage) -> Vec<(usize, usize, f64)> {
        links.arcs().collect()
    }

    #[test]
    fn a_good_list_says_nothing() {
        let links = read(&ring()).unwrap();
        assert_eq!((links.graph().edge_count(), links.notes.len()), (12, 0));
        assert_eq!(arcs(&links)[11], (11, 0, 12.5));
    }

    #[test]
    fn columns_go_by_their_usual_names_in_any_case_and_order() {
        for text in ["Weight,TO,From\n3,B,A\n", "target,flow,x,source\nB,3,9,A\n", "起点,终点,班次\nA,B,3\n"] {
            assert_eq!(arcs(&read_with(text, &LinksRequest::default()).unwrap()), [(0, 1, 3.0)], "{text}");
        }
        let columns = Some(["from", "to", "trains"].map(String::from));
        let request = LinksRequest { columns, ..LinksRequest::default() };
        assert_eq!(arcs(&read_with("from,to,weight,trains\nA,B,1,3\n", &request).unwrap()), [(0, 1, 3.0)]);
        let error = read_with("from,to,train\nA,B,3\n", &request).unwrap_err();
        assert_eq!(error.to_string(), "links.csv: weight: there is no column \"trains\"");
        assert_eq!(hint(&error), "did you mean \"train\"? columns: from, to, train");
    }

    #[test]
    fn missing_columns_come_with_the_option_that_names_them() {
        let error = read("from,to,trains\nC01,C02,3\n").unwrap_err();
        let expected =
            "links.csv:1: needs origin, destination and weight columns; found from, to and trains (no weight)";
        assert_eq!(error.to_string(), expected);
        assert_eq!(hint(&error), "name them with --link-columns from,to,trains");
        assert_eq!(
            refusal("C01,C02,383.1\nC01,C03,59.7\n"),
            "links.csv:1: there is no header: the first line has data"
        );
        assert_eq!(refusal(""), "links.csv: the file is empty");
        assert_eq!(refusal("from,to,weight\n"), "links.csv: no rows below the header");
    }

    #[test]
    fn unknown_cities_are_named_with_their_lines() {
        let text = ring() + "C99,C01,3\nC01,C99,4\n";
        assert_eq!(refusal(&text), "links.csv:14: \"C99\" is not the id of a city (lines 14 and 15)");
        let error = read("from,to,weight\nWuhan,Huangshi,3\nEzhou,Wuhan,2\n").unwrap_err();
        let names = "\"Wuhan\", \"Huangshi\" and \"Ezhou\" are names of cities; ids are expected here";
        assert_eq!(error.to_string(), format!("links.csv:2: {names}"));
        assert!(hint(&error).starts_with("write C01 for \"Wuhan\""));
    }

    #[test]
    fn lost_leading_zeros_are_recognised() {
        let cities = cities(&[("001", "A"), ("002", "B"), ("003", "C")]);
        let text = b"from,to,weight\n001,002,4\n1,3,2\n";
        let error = read_links(text, "links.csv", &LinksRequest::default(), &cities).unwrap_err();
        let lines = "links.csv:3: \"1\" is not the id of a city\nlinks.csv:3: \"3\" is not the id of a city";
        assert_eq!(error.to_string(), lines);
        assert!(hint(&error).starts_with("\"1\" may be \"001\""));
    }

    #[test]
    fn every_weight_that_is_none_is_named() {
        let text = "from,to,weight\nC01,C02,-4\nC01,C03,n/a\nC01,C04,NaN\nC01,C05,inf\nC01,C06,\nC01,C07,\"1,234\"\n";
        let expected = [
            "links.csv:2: weight: \"-4\" is negative",
            "links.csv:3: weight: \"n/a\" is not a number",
            "links.csv:4: weight: \"NaN\" is not a finite number",
            "links.csv:5: weight: \"inf\" is not a finite number",
            "links.csv:6: weight: the weight is missing",
            "links.csv:7: weight: \"1,234\" is not a number",
        ];
        assert_eq!(refusal(text), expected.join("\n"));
        assert_eq!(
            refusal("from,to,weight\nC01,C02,0\nC02,C01,0\n"),
            "links.csv: all weights are zero: there are no links"
        );
        let cost = LinksRequest { meaning: LinkMeaning::Cost, ..LinksRequest::default() };
        let error = read_with("from,to,weight\nA,B,0\n,B,1\n", &cost).unwrap_err();
        assert_eq!(
            error.to_string(),
            "links.csv:2: weight: \"0\" is not a cost above zero\nlinks.csv:3: from: the id is missing"
        );
    }

    #[test]
    fn broken_rows_are_refused_beside_other_faults() {
        let text = "from,to,weight\nC01,C02\nC01,C02,-4\nC99,C02,1\n";
        let expected = [
            "links.csv:2: 2 fields, expected 3",
            "links.csv:3: weight: \"-4\" is negative",
            "links.csv:4: \"C99\" is not the id of a city",
        ];
        assert_eq!(refusal(text), expected.join("\n"));
        assert!(refusal("from,to,weight\nC01,C02,1\n\"C02,C03,4\nC04,C05,6\n").starts_with("links.csv:3: a quote"));
    }

    #[test]
    fn what_is_doubtful_is_warned_of() {
        assert_eq!(warnings(&read(&(ring() + "C03,C03,7\n")).unwrap()), ["self_flow"]);
        let doubled = read(&(ring() + "C01,C02,7\n")).unwrap();
        assert_eq!(warnings(&doubled), ["parallel_links"]);
        assert_eq!(arcs(&doubled)[0], (0, 1, 8.5));
        assert_eq!(warnings(&read("from,to,weight\nC01,C02,1\nC03,C04,1\n").unwrap()), ["no_links", "components"]);
    }

    #[test]
    fn semicolons_and_decimal_commas_are_recognised() {
        let links = read_with("from;to;weight\nA;B;1,5\nB;C;2\n", &LinksRequest::default()).unwrap();
        assert_eq!(arcs(&links), [(0, 1, 1.5), (1, 2, 2.0)]);
        let codes: Vec<_> = links.notes.iter().map(|note| (note.code, note.level)).collect();
        assert_eq!(codes, [("delimiter", Level::Note), ("decimal_comma", Level::Note)]);
    }

    #[test]
    fn a_matrix_is_recognised_whatever_its_corner_and_order() {
        let links = read_with(",A,C,B\nB,1,,-\nA,0,2.5,3\nC,,-,0\n", &LinksRequest::default()).unwrap();
        assert_eq!(arcs(&links), [(0, 1, 3.0), (0, 2, 2.5), (1, 0, 1.0)]);
        assert_eq!(links.notes[0].message, "read as a square matrix of 3 cities, origins in rows");
        let cost = LinksRequest { meaning: LinkMeaning::Cost, ..LinksRequest::default() };
        let minutes = read_with("id,A,B,C\nA,0,20,30\nB,20,0,10\nC,30,10,0\n", &cost).unwrap();
        assert_eq!((minutes.graph().edge_count(), warnings(&minutes).len()), (6, 0));
    }

    #[test]
    fn a_matrix_that_is_not_square_is_refused() {
        let error = read_with("id,A,B,B\nA,0,1,1\nC,1,0,1\n", &LinksRequest::default()).unwrap_err();
        let rule = "links.csv: a square matrix has the same ids in header and first column";
        let expected = [
            format!("{rule}; only in the header: \"B\""),
            format!("{rule}; again in the header: \"B\""),
            format!("{rule}; only in the first column: \"C\""),
        ];
        assert_eq!(error.to_string(), expected.join("\n"));
        let error = read_with("id,A,B\nA,0,x\nB,1,0\n", &LinksRequest::default()).unwrap_err();
        assert_eq!(error.to_string(), "links.csv:2: B: \"x\" is not a number");
    }

    #[test]
    fn graphml_and_lines_are_read_as_edge_lists() {
        let graphml = "<graphml><key id=\"w\" for=\"edge\" attr.name=\"weight\"/><graph edgedefault=\"undirected\">\
            <node id=\"A\"/><node id=\"B\"/><edge source=\"A\" target=\"B\"><data key=\"w\">3</data></edge></graph></graphml>";
        let links = read_with(graphml, &LinksRequest::default()).unwrap();
        assert_eq!(
            (arcs(&links), links.direction()),
            (vec![(0, 1, 3.0), (1, 0, 3.0)], crate::study::LinkDirection::Undirected)
        );
        let line = |from: &str, to: &str, kind: &str| {
            format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"from\":\"{from}\",\"to\":\"{to}\",\"kind\":\"{kind}\",\"flow\":2.5}},\
                 \"geometry\":{{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}}}}"
            )
        };
        let collection =
            |lines: &[String]| format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}]}}", lines.join(",\n"));
        let some = LinksRequest { filters: vec![("kind".into(), "rail".into())], ..LinksRequest::default() };
        let links = read_with(&collection(&[line("A", "B", "rail"), line("B", "C", "road")]), &some).unwrap();
        assert_eq!(arcs(&links), [(0, 1, 2.5)]);
        let error = read_with(&collection(&[line("A", "B", "x"), line("A", "Z", "x")]), &LinksRequest::default());
        assert_eq!(error.unwrap_err().to_string(), "links.csv:3: \"Z\" is not the id of a city");
    }

    #[test]
    fn several_networks_in_one_file_need_a_choice() {
        let text = "from,to,kind,year,weight\nA,B,rail,2016,1\nA,B,rail,2020,2\nB,C,air,2020,4\n";
        let error = read_with(text, &LinksRequest::default()).unwrap_err();
        let expected = "links.csv: the file holds several networks: kind is \"rail\" and \"air\"\n\
                        links.csv: the file holds several networks: year is \"2016\" and \"2020\"";
        assert_eq!(error.to_string(), expected);
        assert_eq!(hint(&error), "choose one: --links-where kind=air");
        let some = |pairs: &[(&str, &str)]| read_with(text, &filters(pairs));
        assert_eq!(arcs(&some(&[("kind", "rail"), ("year", "2020")]).unwrap()), [(0, 1, 2.0)]);
        assert_eq!(arcs(&some(&[("year", "2020"), ("kind", "rail"), ("kind", "air")]).unwrap()).len(), 2);
        let error = some(&[("kind", "road")]).unwrap_err();
        assert_eq!(error.to_string(), "links.csv: no row has kind=road");
        assert_eq!(hint(&error), "kind has \"rail\" and \"air\"");
        assert!(some(&[("knd", "rail")]).unwrap_err().to_string().contains("there is no column \"knd\""));
    }

    #[test]
    fn undirected_links_are_summed_both_ways() {
        let request = LinksRequest { undirected: true, ..LinksRequest::default() };
        let links = read_with("from,to,weight\nA,B,1\nB,A,2\nB,C,4\n", &request).unwrap();
        assert_eq!(arcs(&links), [(0, 1, 3.0), (1, 0, 3.0), (1, 2, 4.0), (2, 1, 4.0)]);
    }

    #[test]
    fn chinese_spreadsheets_are_read_and_misprints_found() {
        let cities = cities(&[("340100", "合肥市"), ("341600", "亳州市"), ("310100", "上海市")]);
        let bytes = encoding_rs::GB18030.encode("起点,终点,班次\n上海,合肥市,47\n毫州市,合肥市,5\n").0;
        let error = read_links(&bytes, "links.csv", &LinksRequest::default(), &cities).unwrap_err();
        let hints: Vec<_> = error.faults().iter().filter_map(Fault::remedy).collect();
        assert_eq!(hints.len(), 3);
        assert!(hints[0].starts_with("write 340100 for \"合肥市\""));
        assert_eq!(hints[1], "did you mean \"310100\", the id of \"上海市\"?");
        assert_eq!(hints[2], "did you mean \"341600\", the id of \"亳州市\"?");
    }

    #[test]
    fn damaged_bytes_never_panic() {
        let texts = [ring(), ",A,B\nA,\"0\",1\nB,1,0\n".into(), "from;to;kind;weight\nA;\"B\";x;1,5\n".into()];
        for text in &texts {
            super::super::tests::damaged(text.as_bytes(), |bytes| {
                _ = read_links(bytes, "links.csv", &LinksRequest::default(), &twelve());
                _ = super::super::read_table(bytes, "t.csv");
            });
        }
    }
}
