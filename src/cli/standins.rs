//! Small private stand-ins for readers, weights and the annotator until they are merged; the paths are those of the
//! crate, so that `standins::` becomes `crate::`.
#![allow(missing_docs, dead_code)]

pub mod read {
    pub mod geojson {
        use crate::error::{Fault, Kind, Result};
        use crate::note::Note;
        use crate::study::{Cell, Column, Table};
        use serde_json::Value;

        #[derive(Clone, Debug)]
        pub struct Document {
            pub(crate) value: Value,
            properties: Table,
            pub notes: Vec<Note>,
        }

        impl Document {
            pub fn parse(bytes: Vec<u8>, file: &str) -> Result<Self> {
                if bytes.is_empty() {
                    return Err(Fault::new(Kind::Syntax, "the file is empty").file(file).into());
                }
                let value: Value = serde_json::from_slice(&bytes).map_err(|e| {
                    Fault::new(Kind::Syntax, "the text is not JSON").file(file).at(e.line(), e.column())
                })?;
                let Some(features) = value["features"].as_array() else {
                    return Err(Fault::new(Kind::Structure, "there are no features").file(file).into());
                };
                let mut names: Vec<String> = Vec::new();
                for key in features.iter().filter_map(|f| f["properties"].as_object()).flat_map(|p| p.keys()) {
                    if !names.contains(key) {
                        names.push(key.clone());
                    }
                }
                let cell = |value: &Value| match value {
                    Value::Null => Cell::Missing,
                    Value::Bool(b) => Cell::Bool(*b),
                    Value::Number(x) => Cell::Number(x.as_f64().unwrap_or(f64::NAN)),
                    Value::String(s) => Cell::Text(s.as_str().into()),
                    other => Cell::Nested(other.to_string().into()),
                };
                let columns = names
                    .iter()
                    .map(|name| Column::new(name, features.iter().map(|f| cell(&f["properties"][name])).collect()))
                    .collect();
                let properties = Table { file: file.into(), columns, lines: Vec::new(), rows: features.len() };
                Ok(Self { value, properties, notes: Vec::new() })
            }

            pub fn properties(&self) -> &Table {
                &self.properties
            }

            pub fn notes(&self) -> &[Note] {
                &self.notes
            }
        }
    }

    pub mod table {
        use crate::error::{Fault, Kind, Result};
        use crate::note::Note;
        use crate::study::{Cell, Column, Table};

        pub fn read_table(bytes: &[u8], file: &str) -> Result<(Table, Vec<Note>)> {
            let mut reader = csv::Reader::from_reader(bytes);
            let bad = |e: csv::Error| Fault::new(Kind::Syntax, e.to_string()).file(file);
            let header = reader.headers().map_err(bad)?.clone();
            let records = reader.records().collect::<std::result::Result<Vec<_>, _>>().map_err(bad)?;
            let cell = |text: &str| match text.parse::<f64>() {
                _ if text.is_empty() => Cell::Missing,
                Ok(x) => Cell::Number(x),
                Err(_) => Cell::Text(text.into()),
            };
            let columns = header
                .iter()
                .enumerate()
                .map(|(c, name)| Column::new(name, records.iter().map(|r| cell(&r[c])).collect()))
                .collect();
            let lines = (2..records.len() + 2).collect();
            Ok((Table { file: file.into(), columns, lines, rows: records.len() }, Vec::new()))
        }
    }

    pub mod links {
        use crate::error::{Fault, Kind, Result};
        use crate::note::Note;
        use crate::study::Cities;
        use crate::weights::{Transform, Weights};

        #[derive(Clone, Debug, Default)]
        pub struct LinksRequest {
            pub columns: Option<[String; 3]>,
            pub filter: Option<String>,
            pub undirected: bool,
            pub cost: bool,
        }

        #[derive(Clone, Debug)]
        pub struct Linked {
            pub linkage: crate::study::Linkage,
            weights: Weights,
            pub notes: Vec<Note>,
        }

        impl Linked {
            pub fn weights(&self) -> Weights {
                self.weights.clone()
            }
        }

        pub fn read_links(bytes: &[u8], file: &str, request: &LinksRequest, cities: &Cities) -> Result<Linked> {
            let (table, notes) = super::table::read_table(bytes, file)?;
            let mut rows = vec![Vec::new(); cities.len()];
            for row in 0..table.rows {
                let end = |c: usize| {
                    let id = table.columns[c].text(row).unwrap_or_default();
                    cities.position(&id).ok_or_else(|| {
                        Fault::new(Kind::Links, format!("{id} is not a city")).file(file).line(table.lines[row])
                    })
                };
                let (a, b) = (end(0)?, end(1)?);
                let w = table.columns[2].text(row).and_then(|t| t.parse().ok()).unwrap_or(1.0);
                rows[a].push((b as u32, w));
                if request.undirected {
                    rows[b].push((a as u32, w));
                }
            }
            let weights = Weights::from_rows("links", rows).transformed(Transform::None);
            Ok(Linked { linkage: crate::study::Linkage {}, weights, notes })
        }
    }

    pub mod weights_file {
        use crate::error::{Fault, Kind, Result};
        use crate::note::Note;
        use crate::study::Cities;
        use crate::weights::Weights;

        pub fn read_weights(_bytes: &[u8], file: &str, _cities: &Cities) -> Result<(Weights, Vec<Note>)> {
            Err(Fault::new(Kind::Read, "weights files cannot be read yet").file(file).into())
        }
    }

    pub mod study_file {
        use std::collections::BTreeMap;

        use crate::error::{Fault, Kind, Result};

        /// Every key with its values as text.
        #[derive(Clone, Debug, Default)]
        pub struct StudyFile {
            pub keys: BTreeMap<String, Vec<String>>,
        }

        impl StudyFile {
            pub fn parse(text: &str, file: &str) -> Result<Self> {
                let table: toml::Table =
                    text.parse().map_err(|e: toml::de::Error| Fault::new(Kind::Syntax, e.message()).file(file))?;
                let mut keys = BTreeMap::new();
                let plain = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                for (section, members) in &table {
                    for (key, value) in members.as_table().into_iter().flatten() {
                        let values =
                            value.as_array().map_or_else(|| vec![plain(value)], |a| a.iter().map(plain).collect());
                        keys.insert(format!("{section}.{key}"), values);
                    }
                }
                Ok(Self { keys })
            }
        }
    }
}

pub mod study {
    use super::read::geojson::Document;
    use crate::error::{Fault, Kind, Result};
    use crate::note::Note;
    use crate::study::{Cities, Metric, RingRole, Shapes, Table, Variable};

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Identity {
        pub id: Option<String>,
        pub name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    pub enum PointChoice {
        #[default]
        Centroid,
        Inside,
        Columns(String, String),
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Ground {
        pub planar: bool,
        pub points: PointChoice,
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ValueRequest {
        pub text: String,
        pub label: Option<String>,
        pub years: Vec<i32>,
    }

    pub fn cities(document: &Document, identity: &Identity, ground: &Ground) -> Result<Cities> {
        let table = document.properties();
        let id = match &identity.id {
            Some(name) => table.column(name).ok_or_else(|| table.no_column(name))?,
            None => ["id", "code"]
                .iter()
                .find_map(|name| table.column(name))
                .ok_or_else(|| Fault::new(Kind::Identity, "no column identifies the cities").file(&table.file))?,
        };
        let ids: Vec<String> = (0..table.rows).map(|row| id.text(row).unwrap_or_default()).collect();
        let name = table.column(identity.name.as_deref().unwrap_or("name")).unwrap_or(id);
        let names = (0..table.rows).map(|row| name.text(row).unwrap_or_default()).collect();
        let (mut shapes, mut points) = (Shapes::default(), Vec::new());
        for feature in document.value["features"].as_array().into_iter().flatten() {
            let geometry = &feature["geometry"];
            let place = |v: &serde_json::Value| [v[0].as_f64().unwrap_or(0.0), v[1].as_f64().unwrap_or(0.0)];
            match geometry["type"].as_str() {
                Some("Point") => {
                    shapes.push_point(place(&geometry["coordinates"]));
                    points.push(Some(place(&geometry["coordinates"])));
                }
                Some("Polygon") => {
                    let ring: Vec<[f64; 2]> =
                        geometry["coordinates"][0].as_array().into_iter().flatten().map(place).collect();
                    let n = ring.len().max(1) as f64;
                    points.push(Some([0, 1].map(|k| ring.iter().map(|p| p[k]).sum::<f64>() / n)));
                    shapes.push_area([(RingRole::Shell, ring)]);
                }
                _ => {
                    shapes.push_missing();
                    points.push(None);
                }
            }
        }
        let metric = if ground.planar { Metric::Planar } else { Metric::EARTH };
        Ok(Cities { ids, names, shapes, points, metric, notes: Vec::new() })
    }

    #[derive(Clone, Debug)]
    pub struct Study {
        pub cities: Cities,
        tables: Vec<Table>,
    }

    impl Study {
        pub fn new(cities: Cities, properties: Table) -> Self {
            Self { cities, tables: vec![properties] }
        }

        pub fn with_table(mut self, table: Table, _key: Option<&str>) -> Result<(Self, Vec<Note>)> {
            self.tables.push(table);
            Ok((self, Vec::new()))
        }

        pub fn variables(&self, request: &ValueRequest) -> Result<(Vec<Variable>, Vec<Note>)> {
            let table = &self.tables[0];
            let column = table.column(&request.text).ok_or_else(|| table.no_column(&request.text))?;
            let (values, mut notes) =
                column.numbers(|row, fault| fault.file(&table.file).feature(row).city(&self.cities.ids[row]))?;
            let absent: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_nan()).collect();
            if !absent.is_empty() {
                let ids: Vec<&String> = absent.iter().map(|&i| &self.cities.ids[i]).collect();
                let message = format!("no {} for {}; left out", request.text, crate::note::listed(&ids));
                notes.push(Note::warning("missing_value", message).about(ids.iter().map(|id| id.as_str())));
            }
            Ok((vec![Variable::new(request.label.as_ref().unwrap_or(&request.text), values)], notes))
        }

        pub fn groups(&self, column: &str) -> Result<Vec<Option<String>>> {
            let table = &self.tables[0];
            let column = table.column(column).ok_or_else(|| table.no_column(column))?;
            Ok((0..table.rows).map(|row| column.text(row)).collect())
        }

        pub fn mask(&self, expression: &str) -> Result<Vec<bool>> {
            let (column, value) = expression.split_once('=').unwrap_or((expression, ""));
            Ok(self.groups(column)?.into_iter().map(|text| text.as_deref() == Some(value)).collect())
        }

        pub fn restricted(&self, mask: &[bool]) -> Self {
            let keep: Vec<usize> = (0..mask.len()).filter(|&i| mask[i]).collect();
            let take = |texts: &[String]| keep.iter().map(|&i| texts[i].clone()).collect();
            let mut shapes = Shapes::default();
            for &i in &keep {
                shapes.push_area(self.cities.shapes.rings(i));
            }
            let cities = Cities {
                ids: take(&self.cities.ids),
                names: take(&self.cities.names),
                shapes,
                points: keep.iter().map(|&i| self.cities.points[i]).collect(),
                metric: self.cities.metric,
                notes: self.cities.notes.clone(),
            };
            let tables = self.tables.iter().map(|table| Table {
                file: table.file.clone(),
                lines: Vec::new(),
                rows: keep.len(),
                columns: table
                    .columns
                    .iter()
                    .map(|c| crate::study::Column::new(&c.name, keep.iter().map(|&i| c.cell(i)).collect()))
                    .collect(),
            });
            Self { cities, tables: tables.collect() }
        }
    }
}

pub mod weights {
    use std::collections::BTreeMap;
    use std::fmt;
    use std::str::FromStr;

    use crate::error::{Error, Fault, Kind, Result, did_you_mean};
    use crate::note::Note;
    use crate::study::{Cities, ShapeKind};
    use crate::weights::Weights;

    #[derive(Clone, Debug, PartialEq)]
    pub enum Spec {
        Queen,
        Knn(usize),
        Links,
        Block(String),
        File(String),
    }

    impl Spec {
        pub fn default_for(cities: &Cities) -> Self {
            match (0..cities.len()).all(|i| cities.shapes.kind(i) != ShapeKind::Point) {
                true => Self::Queen,
                false => Self::Knn(4),
            }
        }
    }

    impl FromStr for Spec {
        type Err = Error;
        fn from_str(text: &str) -> Result<Self> {
            match text.split_once(':').unwrap_or((text, "")) {
                ("queen", _) => Ok(Self::Queen),
                ("links", _) => Ok(Self::Links),
                ("knn", k) if k.parse::<usize>().is_ok() => Ok(Self::Knn(k.parse().unwrap_or(4))),
                ("file", path) => Ok(Self::File(path.into())),
                ("block", column) => Ok(Self::Block(column.into())),
                _ => {
                    let near = did_you_mean(text, ["queen", "knn", "links", "file"]).unwrap_or("queen");
                    let fault = Fault::new(Kind::Option, format!("there are no weights \"{text}\""));
                    Err(fault.field("weights").hint(format!("did you mean \"{near}\"?")).into())
                }
            }
        }
    }

    impl fmt::Display for Spec {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Queen => f.write_str("queen"),
                Self::Knn(k) => write!(f, "knn:{k}"),
                Self::Links => f.write_str("links"),
                Self::Block(column) => write!(f, "block:{column}"),
                Self::File(path) => write!(f, "file:{path}"),
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct Built {
        pub weights: Weights,
        pub notes: Vec<Note>,
    }

    pub type FromFile = Result<(Weights, Vec<Note>)>;

    #[derive(Clone, Copy)]
    pub struct Sources<'a> {
        pub cities: &'a Cities,
        pub snap: Option<f64>,
        pub max_dense: usize,
        pub links: Option<&'a Weights>,
        pub block: &'a dyn Fn(&str) -> Result<Vec<Option<String>>>,
        pub file: &'a dyn Fn(&str) -> FromFile,
    }

    pub fn build(spec: &Spec, sources: &Sources) -> Result<Built> {
        let cities = sources.cities;
        let n = cities.len();
        let mut notes = Vec::new();
        let weights = match spec {
            Spec::Queen => {
                let mut at: BTreeMap<[u64; 2], Vec<u32>> = BTreeMap::new();
                for i in 0..n {
                    for p in cities.shapes.coordinates(i) {
                        at.entry(p.map(f64::to_bits)).or_default().push(i as u32);
                    }
                }
                let pairs: Vec<(u32, u32)> =
                    at.values().flat_map(|v| v.iter().flat_map(|&a| v.iter().map(move |&b| (a, b)))).collect();
                Weights::from_pairs("queen", n, &pairs)
            }
            Spec::Knn(k) => {
                let rows = (0..n).map(|i| {
                    let distance = |j: usize| match (cities.points[i], cities.points[j]) {
                        (Some(a), Some(b)) => cities.metric.distance(a, b),
                        _ => f64::INFINITY,
                    };
                    let mut others: Vec<usize> = (0..n).filter(|&j| j != i).collect();
                    others.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
                    others.into_iter().take(*k).map(|j| (j as u32, 1.0)).collect()
                });
                Weights::from_rows(spec.to_string(), rows.collect())
            }
            Spec::Links => sources
                .links
                .cloned()
                .ok_or_else(|| Fault::new(Kind::Weights, "there are no links").hint("give --links FILE"))?,
            Spec::Block(column) => {
                let groups = (sources.block)(column)?;
                let rows = (0..n)
                    .map(|i| (0..n).filter(|&j| groups[i] == groups[j]).map(|j| (j as u32, 1.0)).collect())
                    .collect();
                Weights::from_rows(spec.to_string(), rows)
            }
            Spec::File(path) => {
                let (weights, more) = (sources.file)(path)?;
                notes = more;
                weights
            }
        };
        Ok(Built { weights: weights.named(spec.to_string()), notes })
    }

    pub mod set_ops {
        use crate::study::Cities;
        use crate::weights::Weights;

        pub fn attach_islands(weights: &Weights, _cities: &Cities) -> (Weights, Vec<(usize, usize)>) {
            (weights.clone(), Vec::new())
        }
    }
}

pub mod write {
    pub mod geojson {
        use std::io::Write;

        use super::super::read::geojson::Document;
        use crate::error::{Fault, Kind, Result};

        #[derive(Clone, Debug)]
        pub enum AnnotatedValues {
            Numbers(Vec<f64>),
            Counts(Vec<Option<i64>>),
            Texts(Vec<Option<String>>),
        }

        #[derive(Clone, Debug)]
        pub struct AnnotatedColumn {
            pub name: String,
            pub values: AnnotatedValues,
        }

        #[derive(Clone, Debug)]
        pub struct Annotation {
            pub columns: Vec<AnnotatedColumn>,
            pub member: serde_json::Value,
            pub replace: bool,
        }

        pub fn check_columns(document: &Document, names: &[&str], replace: bool) -> Result<()> {
            match names.iter().find(|name| document.properties().column(name).is_some()) {
                Some(name) if !replace => {
                    let fault = Fault::new(Kind::Output, format!("the input already has a column \"{name}\""));
                    Err(fault.hint("give --prefix TEXT").into())
                }
                _ => Ok(()),
            }
        }

        pub fn annotate(document: &Document, annotation: &Annotation, out: &mut impl Write) -> std::io::Result<()> {
            let mut value = document.value.clone();
            for (i, feature) in value["features"].as_array_mut().into_iter().flatten().enumerate() {
                for column in &annotation.columns {
                    feature["properties"][column.name.as_str()] = match &column.values {
                        AnnotatedValues::Numbers(v) => v[i].into(),
                        AnnotatedValues::Counts(v) => v[i].into(),
                        AnnotatedValues::Texts(v) => v[i].clone().into(),
                    };
                }
            }
            value["agglo"] = annotation.member.clone();
            out.write_all(value.to_string().as_bytes())
        }
    }

    pub mod gal {
        use crate::study::Cities;
        use crate::weights::Weights;

        pub fn gal(weights: &Weights, cities: &Cities) -> String {
            let mut text = format!("{}\n", weights.n());
            for i in 0..weights.n() {
                let ids: Vec<&str> = weights.neighbours(i).iter().map(|&j| cities.ids[j as usize].as_str()).collect();
                text += &format!("{} {}\n{}\n", cities.ids[i], ids.len(), ids.join(" "));
            }
            text
        }

        pub fn gwt(weights: &Weights, cities: &Cities) -> String {
            let mut text = format!("0 {} cities id\n", weights.n());
            for i in 0..weights.n() {
                for (j, w) in weights.raw_row(i) {
                    text += &format!("{} {} {w}\n", cities.ids[i], cities.ids[j]);
                }
            }
            text
        }
    }
}
