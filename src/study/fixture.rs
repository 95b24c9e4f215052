//! Small studies built by hand, for tests.

use super::{Cell, Cities, Column, Metric, Shapes, Study, Table};

/// A column of texts as a reader makes it: an empty one is missing.
pub fn texts(name: &str, values: &[&str]) -> Column {
    let cell = |text: &&str| if text.is_empty() { Cell::Missing } else { Cell::Text((*text).into()) };
    Column::new(name, values.iter().map(cell).collect())
}

/// A column of numbers; NaN is missing.
pub fn numbers(name: &str, values: &[f64]) -> Column {
    let cell = |&x: &f64| if x.is_nan() { Cell::Missing } else { Cell::Number(x) };
    Column::new(name, values.iter().map(cell).collect())
}

/// A file of rows, the first of them on line 2.
pub fn table(file: &str, columns: Vec<Column>) -> Table {
    let rows = columns.first().map_or(0, Column::len);
    Table { file: file.into(), columns, lines: (2..2 + rows).collect(), rows }
}

/// A study of cities at points; its ids are the first property.
pub fn study(properties: Vec<Column>) -> Study {
    let ids: Vec<String> = (0..properties[0].len()).map(|row| properties[0].text(row).unwrap()).collect();
    let points: Vec<[f64; 2]> = (0..ids.len()).map(|i| [118.0 + i as f64, 31.0]).collect();
    let mut shapes = Shapes::default();
    points.iter().for_each(|&point| shapes.push_point(point));
    let cities = Cities {
        names: ids.clone(),
        points: points.into_iter().map(Some).collect(),
        shapes,
        metric: Metric::EARTH,
        notes: Vec::new(),
        ids,
    };
    let rows = cities.len();
    Study::new(cities, Table { file: "cities.geojson".into(), columns: properties, lines: Vec::new(), rows }).unwrap()
}
