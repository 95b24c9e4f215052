//! A GeoPackage that is being filled, in memory.

use std::collections::HashSet;

use rusqlite::types::{Null, ToSqlOutput};
use rusqlite::{Connection, MAIN_DB, Result, params, params_from_iter};

use super::fields::{Field, unique};
use super::geometry::{Envelope, Geometry};
use super::schema::{CONTENT, GEOMETRY_COLUMN, IDENTITY, NO_TIME, STYLE, TABLES, quoted};

/// Beginnings of names that belong to SQLite and to GeoPackage.
const OF_OTHERS: [&str; 3] = ["gpkg_", "sqlite_", "rtree_"];

/// The database.
pub(super) struct Package {
    connection: Connection,
    srs: i32,
    taken: HashSet<String>,
}

/// What is known of all geometries of a layer together.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    kind: &'static str,
    envelope: Envelope,
}

impl Ground {
    fn of(geometries: &[Option<Geometry>]) -> Self {
        let mut kinds = geometries.iter().flatten().map(|geometry| geometry.kind);
        let first = kinds.next().unwrap_or("GEOMETRY");
        let kind = if kinds.all(|kind| kind == first) { first } else { "GEOMETRY" };
        let envelopes = geometries.iter().flatten().map(|geometry| geometry.envelope);
        Self { kind, envelope: envelopes.fold(Envelope::EMPTY, Envelope::with) }
    }
}

impl Package {
    /// An empty one, whose coordinates are in this reference system.
    pub(super) fn new(srs: i32) -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(IDENTITY)?;
        // One transaction, so that nothing is counted but what is written.
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(TABLES)?;
        Ok(Self { connection, srs, taken: HashSet::from(["layer_styles".to_owned()]) })
    }

    /// A name for a table that no other has.
    pub(super) fn table_name(&mut self, name: &str) -> String {
        let lower = name.to_lowercase();
        let foreign = OF_OTHERS.iter().any(|beginning| lower.starts_with(beginning));
        unique(&if foreign { format!("map_{name}") } else { name.to_owned() }, &mut self.taken)
    }

    /// A table of features; a missing geometry is null.
    pub(super) fn features(
        &self,
        table: &str,
        description: &str,
        geometries: &[Option<Geometry>],
        fields: &[Field],
    ) -> Result<Ground> {
        let ground = Ground::of(geometries);
        let columns = format!("fid INTEGER PRIMARY KEY NOT NULL, geom {}", ground.kind);
        self.create(table, &columns, fields)?;
        self.register(table, description, ground)?;
        let mut insert = self.connection.prepare(&insertion(table, fields.len() + 2))?;
        for (row, geometry) in geometries.iter().enumerate() {
            let bytes = geometry.as_ref().map(|geometry| geometry.bytes.as_slice());
            let start = [number(row), Ok(bytes.map_or(Null.into(), ToSqlOutput::from))];
            let cells = start.into_iter().chain(fields.iter().map(|field| field.cells.cell(row)));
            insert.execute(params_from_iter(cells.collect::<Result<Vec<_>>>()?))?;
        }
        Ok(ground)
    }

    /// A view of some columns of a table of features.
    pub(super) fn view<'a>(
        &self,
        view: &str,
        description: &str,
        table: &str,
        ground: Ground,
        columns: impl Iterator<Item = &'a str>,
    ) -> Result<()> {
        // By this name GDAL knows the key of a view.
        let mut select = format!("CREATE VIEW {} AS SELECT fid AS OGC_FID, geom", quoted(view));
        for column in columns {
            select += ", ";
            select += &quoted(column);
        }
        self.connection.execute_batch(&format!("{select} FROM {}", quoted(table)))?;
        self.register(view, description, ground)
    }

    /// A table without geometries.
    pub(super) fn attributes(&self, table: &str, description: &str, rows: usize, fields: &[Field]) -> Result<()> {
        self.create(table, "id INTEGER PRIMARY KEY NOT NULL", fields)?;
        self.content(table, "attributes", description, None)?;
        let mut insert = self.connection.prepare(&insertion(table, fields.len() + 1))?;
        for row in 0..rows {
            let cells = [number(row)].into_iter().chain(fields.iter().map(|field| field.cells.cell(row)));
            insert.execute(params_from_iter(cells.collect::<Result<Vec<_>>>()?))?;
        }
        Ok(())
    }

    /// The style that QGIS loads together with a layer.
    pub(super) fn style(&self, table: &str, description: &str, qml: &str) -> Result<()> {
        self.connection.execute(STYLE, params![table, qml, description, NO_TIME]).map(drop)
    }

    /// The whole as a file has it.
    pub(super) fn bytes(mut self) -> Result<Vec<u8>> {
        self.content("layer_styles", "attributes", "", None)?;
        self.connection.execute_batch("COMMIT")?;
        Ok(self.connection.serialize(MAIN_DB)?.to_vec())
    }

    fn create(&self, table: &str, key: &str, fields: &[Field]) -> Result<()> {
        let mut statement = format!("CREATE TABLE {} ({key}", quoted(table));
        for field in fields {
            statement += &format!(", {} {}", quoted(&field.name), field.cells.kind());
        }
        self.connection.execute_batch(&(statement + ")"))
    }

    fn register(&self, table: &str, description: &str, ground: Ground) -> Result<()> {
        self.content(table, "features", description, Some(ground.envelope))?;
        self.connection.execute(GEOMETRY_COLUMN, params![table, ground.kind, self.srs]).map(drop)
    }

    fn content(&self, table: &str, kind: &str, description: &str, envelope: Option<Envelope>) -> Result<()> {
        let [west, east, south, north] =
            envelope.map_or([None; 4], |envelope| envelope.0.map(|side| Some(side).filter(|side| side.is_finite())));
        let srs = envelope.map(|_| self.srs);
        let values = params![table, kind, description, NO_TIME, west, south, east, north, srs];
        self.connection.execute(CONTENT, values).map(drop)
    }
}

/// The key of a row.
fn number(row: usize) -> Result<ToSqlOutput<'static>> {
    let key = i64::try_from(row + 1).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    Ok(key.into())
}

fn insertion(table: &str, columns: usize) -> String {
    format!("INSERT INTO {} VALUES (?{})", quoted(table), ", ?".repeat(columns.saturating_sub(1)))
}
