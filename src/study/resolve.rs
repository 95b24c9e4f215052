//! From what a user asks for by name to variables: columns, ratios, years.

use super::function::Function;
use super::panel::{is_value, years_listed};
use super::series::{series, without_year};
use super::{Study, ValueRequest, Variable};
use crate::error::{Fault, Faults, Kind, Result, number, quoted};
use crate::note::{Note, listed};

/// Where the numbers of one term for one year are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Derived(usize),
    Property(usize),
    Joined { table: usize, column: usize, layer: usize },
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// The same numbers whatever the year.
    Plain(Source),
    /// Numbers of several years, ascending.
    Yearly(Vec<(i32, Source)>),
}

impl Found {
    fn years(&self) -> Option<Vec<i32>> {
        match self {
            Self::Plain(_) => None,
            Self::Yearly(sources) => Some(sources.iter().map(|&(year, _)| year).collect()),
        }
    }

    /// Where the numbers of `year` are, which is one of those of a `Yearly`.
    fn source(&self, year: Option<i32>) -> Option<Source> {
        match self {
            Self::Plain(source) => Some(*source),
            Self::Yearly(sources) => sources.iter().find(|&&(own, _)| Some(own) == year).map(|&(_, source)| source),
        }
    }
}

/// A name as typed, and what it stands for.
struct Term<'a> {
    text: &'a str,
    found: Found,
}

impl Study {
    /// The variables that a request stands for, one for every year asked for, with what had to be assumed.
    ///
    /// The text is a column or a ratio `a/b` of two, named `a_per_b`; a column whose name has a slash wins. `ln(…)` is the
    /// logarithm of one of these, `sqrt(a*b)` the geometric mean of two, as that of population and output. A name is
    /// looked for among the derived variables, then the properties of the cities, then the joined tables; if years are
    /// asked for, panels come before the properties.
    ///
    /// Years come from a panel, from a series of columns `STEM_YYYY` if `STEM` is no column itself, and from columns
    /// with the year anywhere in their names, `gdp_{year}_100m_cny`. `{year}` leaves the variable's name together with
    /// the underscore before it, or else the one after it: `gdp_100m_cny`. A `STEM` that has a year in it is never
    /// guessed. Without `years` it is the latest year with values, said in a note; what has no years is itself.
    ///
    /// Cities without a value are named in one warning, `missing_value`. A ratio with a zero below is missing.
    ///
    /// # Errors
    /// All at once: no such column, a column of two tables, years that there are not, cells that are no numbers, no
    /// values at all.
    ///
    /// ```
    /// use agglo::study::{Cell, Cities, Column, Metric, Shapes, Study, Table, ValueRequest};
    /// let mut shapes = Shapes::default();
    /// shapes.push_point([121.5, 31.2]);
    /// shapes.push_point([118.8, 32.1]);
    /// let cities = Cities {
    ///     ids: vec!["310100".into(), "320100".into()],
    ///     names: vec!["Shanghai".into(), "Nanjing".into()],
    ///     shapes,
    ///     points: vec![Some([121.5, 31.2]), Some([118.8, 32.1])],
    ///     metric: Metric::EARTH,
    ///     notes: vec![],
    /// };
    /// let column = |name: &str, values: [f64; 2]| Column::new(name, values.map(Cell::Number).to_vec());
    /// let columns = vec![column("gdp_2010", [17.0, 5.0]), column("gdp_2020", [38.0, 15.0]), column("pop", [2.0, 1.0])];
    /// let properties = Table { file: "cities.geojson".into(), columns, lines: vec![], rows: 2 };
    /// let study = Study::new(cities, properties)?;
    ///
    /// let (variables, _) = study.variables(&ValueRequest { years: &[2010, 2020], ..ValueRequest::new("gdp/pop") })?;
    /// assert_eq!(variables[1].label(), "gdp_per_pop 2020");
    /// assert_eq!(variables[1].values, [19.0, 15.0]);
    /// # Ok::<(), agglo::Error>(())
    /// ```
    pub fn variables(&self, request: &ValueRequest) -> Result<(Vec<Variable>, Vec<Note>)> {
        let text = request.text.trim();
        if let Some(function) = Function::parse(text)
            && self.look_up(text, !request.years.is_empty())?.is_none()
        {
            return self.function(function, request);
        }
        let terms = self.terms(text, !request.years.is_empty())?;
        let name = request.label.map_or_else(|| name_of(&terms), str::to_owned);
        let (years, mut notes) = choose_years(&terms, &name, request.years)?;
        let mut faults = Faults::default();
        let mut variables = Vec::new();
        for year in years {
            match self.variable(&terms, &name, year, &mut notes) {
                Ok(variable) => variables.push(variable),
                Err(error) => faults.extend(error),
            }
        }
        let mut seen: Vec<Note> = Vec::new();
        notes.retain(|note| {
            let new = !seen.contains(note);
            if new {
                seen.push(note.clone());
            }
            new
        });
        faults.finish((variables, notes))
    }

    /// The years that a column has, ascending; none where it has no years, or where there is no such column.
    pub(super) fn years_of(&self, text: &str) -> Result<Vec<i32>> {
        Ok(self.look_up(text, true)?.and_then(|found| found.years()).unwrap_or_default())
    }

    /// The one term of a column, or the two of a ratio.
    fn terms<'a>(&self, text: &'a str, for_years: bool) -> Result<Vec<Term<'a>>> {
        if let Some(found) = self.look_up(text, for_years)? {
            return Ok(vec![Term { text, found }]);
        }
        let splits = || text.match_indices('/').map(|(at, _)| [text[..at].trim(), text[at + 1..].trim()]);
        for sides in splits() {
            if let [Ok(Some(above)), Ok(Some(below))] = sides.map(|side| self.look_up(side, for_years)) {
                return Ok(vec![Term { text: sides[0], found: above }, Term { text: sides[1], found: below }]);
            }
        }
        let mut faults = Faults::default();
        for side in splits().next().unwrap_or([text, ""]).into_iter().filter(|side| !side.is_empty()) {
            match self.look_up(side, for_years) {
                Ok(Some(_)) => {}
                Ok(None) => faults.push(self.no_column(side)),
                Err(error) => faults.extend(error),
            }
        }
        if faults.is_empty() {
            let fault = Fault::new(Kind::Column, format!("{} is not the name of a column", quoted(text)));
            faults.push(fault.hint("write a column, or a ratio of two as gdp/pop"));
        }
        faults.finish(Vec::new())
    }

    /// What a name stands for; `None` if there is nothing of that name.
    fn look_up(&self, name: &str, for_years: bool) -> Result<Option<Found>> {
        let derived: Vec<_> = (0..self.variables.len()).filter(|&i| self.variables[i].name == name).collect();
        if !derived.is_empty() {
            return Ok(Some(self.derived(&derived)));
        }
        let property = self.properties.columns.iter().position(|column| column.name == name);
        let joined = self.joined_column(name);
        let panel_first = for_years && matches!(joined, Ok(Some((table, _))) if self.tables[table].is_panel());
        if let Some(column) = property.filter(|_| !panel_first) {
            return Ok(Some(Found::Plain(Source::Property(column))));
        }
        if let Some((table, column)) = joined? {
            return Ok(Some(self.joined_source(table, column)));
        }
        let columns = series(&self.properties, name);
        if !columns.is_empty() {
            return Ok(Some(self.with_values(columns, Source::Property)));
        }
        let plain = self.tables.iter().enumerate().filter(|(_, joined)| !joined.is_panel());
        let found: Vec<_> = plain.map(|(table, joined)| (table, series(joined.table(), name))).collect();
        let found: Vec<_> = found.into_iter().filter(|(_, columns)| !columns.is_empty()).collect();
        let found = self.only_one(name, &found)?;
        Ok(found.map(|(table, columns)| self.with_values(columns, |column| Source::Joined { table, column, layer: 0 })))
    }

    fn derived(&self, places: &[usize]) -> Found {
        let mut yearly: Vec<_> =
            places.iter().filter_map(|&i| Some((self.variables[i].year?, Source::Derived(i)))).collect();
        yearly.sort_by_key(|&(year, _)| year);
        let plain = places.iter().find(|&&i| self.variables[i].year.is_none());
        plain.map_or(Found::Yearly(yearly), |&i| Found::Plain(Source::Derived(i)))
    }

    fn joined_source(&self, table: usize, column: usize) -> Found {
        let years = self.tables[table].years();
        let source = |layer| Source::Joined { table, column, layer };
        if years.is_empty() {
            return Found::Plain(source(0));
        }
        self.with_values(years.into_iter().enumerate().map(|(layer, year)| (year, layer)).collect(), source)
    }

    /// The years that have values; all years if none has, so that this comes out as the fault.
    fn with_values(&self, places: Vec<(i32, usize)>, source: impl Fn(usize) -> Source) -> Found {
        let all: Vec<_> = places.into_iter().map(|(year, place)| (year, source(place))).collect();
        let having: Vec<_> = all.iter().copied().filter(|&(_, source)| self.has_values(source)).collect();
        Found::Yearly(if having.is_empty() { all } else { having })
    }

    fn has_values(&self, source: Source) -> bool {
        match source {
            Source::Derived(i) => self.variables[i].values.iter().any(|x| !x.is_nan()),
            Source::Property(column) => {
                let column = &self.properties.columns[column];
                (0..column.len()).any(|row| is_value(column, row))
            }
            Source::Joined { table, column, layer } => self.tables[table].has_values(column, layer),
        }
    }

    /// The variable of one year.
    fn variable(&self, terms: &[Term], name: &str, year: Option<i32>, notes: &mut Vec<Note>) -> Result<Variable> {
        let mut faults = Faults::default();
        let mut sides = Vec::new();
        for term in terms {
            let source = term.found.source(year).expect("years are chosen among those that every term has");
            match self.numbers(source, term.text, year) {
                Ok((values, assumed)) => {
                    notes.extend(assumed);
                    sides.push(values);
                }
                Err(error) => faults.extend(error),
            }
        }
        let sides = faults.finish(sides)?;
        let values = match <[Vec<f64>; 2]>::try_from(sides) {
            Ok([_, below]) if below.iter().all(|&x| x == 0.0 || x.is_nan()) => {
                let message = format!("{}{} is 0 in every city, so there is no {name}", terms[1].text, in_year(year));
                let fault = Fault::new(Kind::Column, message).field(name);
                return Err(fault.hint("choose another column to divide by").into());
            }
            Ok([above, below]) => self.ratio(&above, &below, terms, name, year, notes)?,
            Err(sides) => sides.into_iter().flatten().collect(),
        };
        notes.extend(self.missing(&values, name, year)?);
        Ok(Variable { name: name.to_owned(), year, values })
    }

    /// The numbers of one source by city, at least one of them not missing.
    fn numbers(&self, source: Source, text: &str, year: Option<i32>) -> Result<(Vec<f64>, Vec<Note>)> {
        let city = |i: usize, fault: Fault| fault.city(self.cities.ids[i].as_str());
        let (file, (values, notes)) = match source {
            Source::Derived(i) => ("", (self.variables[i].values.clone(), Vec::new())),
            Source::Property(column) => {
                let file = self.properties.file.as_str();
                let place = |i: usize, fault: Fault| city(i, fault).file(file).feature(self.features[i]);
                (file, self.properties.columns[column].numbers(place)?)
            }
            Source::Joined { table, column, layer } => {
                let (joined, table) = (&self.tables[table], self.tables[table].table());
                let rows = joined.rows(layer, self.cities.len());
                let place = |i: usize, fault: Fault| {
                    let fault = city(i, fault).file(&table.file);
                    let line = rows[i].and_then(|row| table.lines.get(row));
                    if let Some(&line) = line { fault.line(line) } else { fault }
                };
                let (values, mut notes) = table.columns[column].select(rows.iter().copied()).numbers(place)?;
                notes.retain(|note| note.code != "number_as_text"); // a table holds nothing but text
                (table.file.as_str(), (values, notes))
            }
        };
        if values.iter().all(|x| x.is_nan()) {
            let fault = Fault::new(Kind::Column, format!("{text}{} has no values", in_year(year)));
            return Err(if file.is_empty() { fault } else { fault.file(file) }.into());
        }
        Ok((values, notes))
    }

    /// Quotients by city; missing where the divisor is zero, named in a warning.
    fn ratio(
        &self,
        above: &[f64],
        below: &[f64],
        terms: &[Term],
        name: &str,
        year: Option<i32>,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<f64>> {
        let zeros: Vec<usize> = (0..below.len()).filter(|&i| below[i] == 0.0).collect();
        if !zeros.is_empty() {
            let (labels, ids) = (self.labels(&zeros), zeros.iter().map(|&i| self.cities.ids[i].as_str()));
            let message = format!("{}{} is 0 in {}: no {name} there", terms[1].text, in_year(year), listed(&labels));
            notes.push(Note::warning("division_by_zero", message).about(ids));
        }
        let mut faults = Faults::default();
        let divide = |i: usize| {
            let quotient = if below[i] == 0.0 { f64::NAN } else { above[i] / below[i] };
            if quotient.is_infinite() {
                let message = format!("{} / {} is too large for a number", number(above[i]), number(below[i]));
                let fault = Fault::new(Kind::Value, message).city(self.cities.label(i)).field(name);
                faults.push(fault.hint("correct the divisor, or leave it empty if it is not known"));
            }
            quotient
        };
        let values = (0..below.len()).map(divide).collect();
        faults.finish(values)
    }

    /// The warning that cities have no value, or the fault that none has.
    fn missing(&self, values: &[f64], name: &str, year: Option<i32>) -> Result<Option<Note>> {
        let missing: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_nan()).collect();
        let n = values.len() - missing.len();
        if missing.is_empty() {
            return Ok(None);
        }
        if n == 0 {
            return Err(Fault::new(Kind::Column, format!("{name}{} has no values", in_year(year))).into());
        }
        let labels = self.labels(&missing);
        let (have, are) = if missing.len() == 1 { ("has", "is") } else { ("have", "are") };
        let message = format!("{} {have} no {name}{} and {are} left out (n = {n})", listed(&labels), in_year(year));
        Ok(Some(Note::warning("missing_value", message).about(missing.iter().map(|&i| self.cities.ids[i].as_str()))))
    }

    fn labels(&self, cities: &[usize]) -> Vec<String> {
        cities.iter().map(|&i| self.cities.label(i)).collect()
    }
}

/// ` in 2010`, or nothing without a year.
pub(super) fn in_year(year: Option<i32>) -> String {
    year.map_or_else(String::new, |year| format!(" in {year}"))
}

/// The name of a variable: that of its column, `a_per_b` for a ratio, without the year in braces.
fn name_of(terms: &[Term]) -> String {
    let names: Vec<_> = terms.iter().map(|term| without_year(term.text)).collect();
    names.join("_per_")
}

/// The years to take, with the note on what was chosen; `None` is a variable without years.
fn choose_years(terms: &[Term], name: &str, asked: &[i32]) -> Result<(Vec<Option<i32>>, Vec<Note>)> {
    let mut yearly = terms.iter().filter_map(|term| term.found.years());
    let Some(mut there) = yearly.next() else {
        let note =
            (!asked.is_empty()).then(|| Note::remark("year", format!("{name} has no years and is taken as it is")));
        return Ok((vec![None], note.into_iter().collect()));
    };
    for other in yearly {
        there.retain(|year| other.contains(year));
    }
    let Some(&latest) = there.last() else {
        let of = |term: &Term| format!("{}: {}", term.text, years_listed(&term.found.years().unwrap_or_default()));
        let sides: Vec<_> = terms.iter().map(of).collect();
        let fault = Fault::new(Kind::Column, format!("{name}: there is no year with both columns"));
        return Err(fault.hint(format!("years: {}", sides.join("; "))).into());
    };
    if asked.is_empty() {
        let message = match there.len() {
            1 => format!("{name}: {latest} taken, the only year with values"),
            _ => format!("{name}: {latest} taken, the latest of the years with values: {}", years_listed(&there)),
        };
        return Ok((vec![Some(latest)], vec![Note::remark("year", message)]));
    }
    let mut years = asked.to_vec();
    let mut seen = std::collections::HashSet::new();
    years.retain(|year| seen.insert(*year));
    let absent: Vec<_> = years.iter().filter(|year| !there.contains(year)).map(i32::to_string).collect();
    if !absent.is_empty() {
        let fault = Fault::new(Kind::Column, format!("{name} has no values in {}", listed(&absent)));
        return Err(fault.hint(format!("years with values: {}", years_listed(&there))).into());
    }
    Ok((years.into_iter().map(Some).collect(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, study, table, texts};
    use super::*;

    use proptest::strategy::Strategy;

    const NONE: f64 = f64::NAN;

    /// Three cities with the column names of the Yangtze delta, and its panel.
    fn delta() -> Study {
        let plain = |name: &str, x: f64| numbers(name, &[x, 2.0 * x, 4.0 * x]);
        let mut columns = vec![texts("adcode", &["310100", "320100", "330100"])];
        for (name, x) in [
            ("census_pop_2010", 90.0),
            ("census_pop_2020", 10.0),
            ("census_pop_2010_divisions_2010", 9.0),
            ("patents_2017", 7.0),
            ("gdp_2000_100m_cny", 30.0),
            ("gdp_2010_100m_cny", 36.0),
            ("gdp_2020_100m_cny", 50.0),
            ("va_primary_2010_100m_cny", 1.0),
            ("land_area_2016_km2", 5.0),
        ] {
            columns.push(plain(name, x));
        }
        let panel = table(
            "yrd_panel.csv",
            vec![
                texts("adcode", &["310100", "320100", "330100", "310100", "320100"]),
                texts("year", &["2019", "2019", "2019", "2020", "2020"]),
                numbers("gdp_100m_cny", &[1.0, 2.0, 3.0, 4.0, 5.0]),
                numbers("deposits_100m_cny", &[1.0, 2.0, 3.0, NONE, NONE]),
                numbers("patents_2017", &[0.0; 5]),
            ],
        );
        study(columns).with_table(panel, None).unwrap()
    }

    fn ask(study: &Study, text: &str, years: &[i32]) -> (Vec<(String, Vec<f64>)>, Vec<String>) {
        let (variables, notes) = study.variables(&ValueRequest { text, label: None, years }).unwrap();
        let variables = variables.into_iter().map(|v| (v.label(), v.values)).collect();
        (variables, notes.into_iter().map(|note| note.message).collect())
    }

    fn faults(study: &Study, text: &str, years: &[i32]) -> Vec<String> {
        let error = study.variables(&ValueRequest { text, label: None, years }).unwrap_err();
        error.faults().iter().map(|f| format!("{f} [{}]", f.remedy().unwrap_or_default())).collect()
    }

    fn named(name: &str, values: &[f64]) -> (String, Vec<f64>) {
        (name.to_owned(), values.to_vec())
    }

    #[test]
    fn a_column_is_itself() {
        let (variables, notes) = ask(&delta(), " gdp_2020_100m_cny ", &[]);
        assert_eq!(variables, [named("gdp_2020_100m_cny", &[50.0, 100.0, 200.0])]);
        assert!(notes.is_empty());
        let (variables, notes) = ask(&delta(), "land_area_2016_km2", &[2010, 2020]);
        assert_eq!(variables, [named("land_area_2016_km2", &[5.0, 10.0, 20.0])]);
        assert_eq!(notes, ["land_area_2016_km2 has no years and is taken as it is"]);
    }

    #[test]
    fn the_year_in_braces_finds_the_columns_that_all_terms_have() {
        let (variables, notes) = ask(&delta(), "gdp_{year}_100m_cny", &[2020, 2000, 2020]);
        assert_eq!(
            variables,
            [named("gdp_100m_cny 2020", &[50.0, 100.0, 200.0]), named("gdp_100m_cny 2000", &[30.0, 60.0, 120.0])]
        );
        assert!(notes.is_empty());
        let text = "gdp_{year}_100m_cny/census_pop_{year}_divisions_{year}";
        let (variables, notes) = ask(&delta(), text, &[]);
        assert_eq!(variables, [named("gdp_100m_cny_per_census_pop_divisions 2010", &[4.0; 3])]);
        assert_eq!(notes, ["gdp_100m_cny_per_census_pop_divisions: 2010 taken, the only year with values"]);
    }

    #[test]
    fn a_stem_finds_its_series_and_a_fixed_column_fits_every_year() {
        let (variables, notes) = ask(&delta(), "gdp_{year}_100m_cny/census_pop", &[2010, 2020]);
        assert_eq!(
            variables,
            [
                named("gdp_100m_cny_per_census_pop 2010", &[0.4; 3]),
                named("gdp_100m_cny_per_census_pop 2020", &[5.0; 3])
            ]
        );
        assert!(notes.is_empty());
        let (variables, _) = ask(&delta(), "gdp_{year}_100m_cny / land_area_2016_km2", &[2020]);
        assert_eq!(variables, [named("gdp_100m_cny_per_land_area_2016_km2 2020", &[10.0; 3])]);
    }

    #[test]
    fn a_name_with_two_years_is_never_guessed() {
        let faults = faults(&delta(), "census_pop_2010_divisions", &[2010]);
        assert!(faults[0].starts_with("there is no column \"census_pop_2010_divisions\""), "{faults:?}");
    }

    #[test]
    fn a_panel_gives_its_latest_year_with_values() {
        let (variables, notes) = ask(&delta(), "gdp_100m_cny", &[]);
        assert_eq!(variables[0].0, "gdp_100m_cny 2020");
        assert_eq!(variables[0].1[..2], [4.0, 5.0]);
        assert_eq!(
            notes,
            [
                "gdp_100m_cny: 2020 taken, the latest of the years with values: 2019, 2020",
                "330100 has no gdp_100m_cny in 2020 and is left out (n = 2)",
            ]
        );
        let (variables, _) = ask(&delta(), "deposits_100m_cny", &[]);
        assert_eq!(variables, [named("deposits_100m_cny 2019", &[1.0, 2.0, 3.0])]);
    }

    #[test]
    fn a_panel_comes_before_the_properties_if_years_are_asked_for() {
        assert_eq!(ask(&delta(), "patents_2017", &[]).0, [named("patents_2017", &[7.0, 14.0, 28.0])]);
        assert_eq!(ask(&delta(), "patents_2017", &[2019]).0, [named("patents_2017 2019", &[0.0; 3])]);
    }

    #[test]
    fn a_year_that_there_is_not_is_a_fault_with_those_there_are() {
        let none = faults(&delta(), "gdp_100m_cny", &[2018, 2020, 2021]);
        assert_eq!(none, ["gdp_100m_cny has no values in 2018 and 2021 [years with values: 2019, 2020]"]);
        let disjoint = faults(&delta(), "gdp_100m_cny/census_pop_{year}_divisions_{year}", &[]);
        assert_eq!(
            disjoint,
            ["gdp_100m_cny_per_census_pop_divisions: there is no year with both columns \
              [years: gdp_100m_cny: 2019, 2020; census_pop_{year}_divisions_{year}: 2010]"]
        );
    }

    #[test]
    fn a_wrong_name_is_told_the_right_one() {
        let corpus = study(vec![texts("code", &["C01", "C02"]), numbers("gdp", &[1.0, 2.0])]);
        let wrong = faults(&corpus, "gpd", &[]);
        assert_eq!(wrong, ["cities.geojson: there is no column \"gpd\" [did you mean \"gdp\"? columns: code, gdp]"]);
        let both = faults(&delta(), "gdp/pop", &[]);
        assert_eq!(both.len(), 2);
        assert!(both[0].contains("did you mean \"gdp_{year}_100m_cny\"?"), "{both:?}");
        assert!(both[1].starts_with("there is no column \"pop\""), "{both:?}");
        assert!(both[1].contains("land_area_2016_km2, year, gdp_100m_cny"), "{both:?}");
        let pattern = faults(&delta(), "gpd_{year}_100m_cny", &[]);
        assert!(pattern[0].starts_with("no column has the name \"gpd_{year}_100m_cny\" with a year"), "{pattern:?}");
        assert_eq!(faults(&delta(), "", &[]).len(), 1);
        assert_eq!(faults(&delta(), "/", &[]).len(), 1);
    }

    #[test]
    fn a_column_with_a_slash_in_its_name_wins() {
        let columns = vec![texts("id", &["a", "b"]), numbers("km/h", &[6.0, 8.0]), numbers("km", &[1.0, 1.0])];
        let study = study([columns, vec![numbers("h", &[2.0, 4.0])]].concat());
        assert_eq!(ask(&study, "km/h", &[]).0, [named("km/h", &[6.0, 8.0])]);
        assert_eq!(ask(&study, "km/h/h", &[]).0, [named("km/h_per_h", &[3.0, 2.0])]);
        let request = ValueRequest { label: Some("speed"), ..ValueRequest::new("km/h") };
        assert_eq!(study.variables(&request).unwrap().0[0].name, "speed");
    }

    #[test]
    fn cities_without_a_value_are_named_once() {
        let columns = vec![
            texts("code", &["C01", "C02", "C03", "C04"]),
            numbers("gdp", &[1.0, NONE, 3.0, 0.0]),
            numbers("pop", &[2.0, 2.0, 0.0, 0.0]),
            numbers("none", &[NONE; 4]),
            numbers("late", &[NONE, 1.0, NONE, NONE]),
        ];
        let study = study(columns);
        let (variables, notes) = ask(&study, "gdp", &[]);
        assert!(variables[0].1[1].is_nan());
        assert_eq!(notes, ["C02 has no gdp and is left out (n = 3)"]);
        let (variables, notes) = ask(&study, "gdp/pop", &[]);
        assert_eq!(variables[0].1[0], 0.5);
        assert!(variables[0].1[1..].iter().all(|x| x.is_nan()));
        assert_eq!(
            notes,
            [
                "pop is 0 in C03 and C04: no gdp_per_pop there",
                "C02, C03 and C04 have no gdp_per_pop and are left out (n = 1)",
            ]
        );
        assert_eq!(faults(&study, "none", &[]), ["cities.geojson: none has no values []"]);
        assert_eq!(faults(&study, "late/gdp", &[]), ["late_per_gdp has no values []"]);
    }

    #[test]
    fn bad_cells_are_all_named_with_their_place() {
        let cities = vec![texts("code", &["C01", "C06"]), texts("gdp", &["1", "1,234.5"]), texts("pop", &["x", "5"])];
        let file = vec![texts("code", &["C06", "C01", "C01"]), texts("year", &["2019", "2019", "2020"])];
        let file = table("t.csv", [file, vec![texts("jobs", &["7", "8 k", "9"])]].concat());
        let study = study(cities).with_table(file, None).unwrap();
        let cells = faults(&study, "gdp/pop", &[]);
        assert!(cells[0].starts_with("cities.geojson: feature 1 (C06): gdp: \"1,234.5\" is not a number"), "{cells:?}");
        assert!(cells[1].starts_with("cities.geojson: feature 0 (C01): pop: \"x\" is not a number"), "{cells:?}");
        let cells = faults(&study, "jobs", &[2019]);
        assert!(cells[0].starts_with("t.csv:3: C01: jobs: \"8 k\" is not a number"), "{cells:?}");
        assert_eq!(ask(&study, "jobs", &[2020]).0[0].1[0], 9.0, "cells of other years do not count");
        let second = study.restricted(&[false, true]).unwrap();
        let cells = faults(&second, "gdp", &[]);
        assert!(cells[0].starts_with("cities.geojson: feature 1 (C06)"), "the feature is that of the input: {cells:?}");
    }

    #[test]
    fn a_ratio_beyond_the_range_of_numbers_is_a_fault() {
        let study = study(vec![texts("id", &["a"]), numbers("big", &[1e308]), numbers("small", &[1e-10])]);
        let quotient = "a: big_per_small: 1e308 / 1e-10 is too large for a number";
        assert!(faults(&study, "big/small", &[])[0].starts_with(quotient));
    }

    #[test]
    fn a_divisor_that_is_zero_everywhere_is_named() {
        let study = study(vec![texts("id", &["a", "b"]), numbers("gdp", &[1.0, 2.0]), numbers("pop", &[0.0, NONE])]);
        assert!(faults(&study, "gdp/pop", &[])[0].contains("pop is 0 in every city, so there is no gdp_per_pop"));
    }

    #[test]
    fn a_column_of_two_tables_is_a_fault_unless_the_cities_have_it() {
        let file = |name: &str, column: &str| table(name, vec![texts("id", &["a", "b"]), numbers(column, &[1.0, 2.0])]);
        let study = study(vec![texts("id", &["a", "b"]), numbers("gdp", &[5.0, 6.0])]);
        let study =
            study.with_table(file("x.csv", "pop"), None).unwrap().with_table(file("y.csv", "pop"), None).unwrap();
        assert_eq!(
            faults(&study, "pop", &[]),
            ["\"pop\" is a column of x.csv and of y.csv [rename it in one of them]"]
        );
        assert_eq!(faults(&study, "gdp/pop", &[]).len(), 1);
        let study = study.with_table(file("z.csv", "gdp"), None).unwrap();
        assert_eq!(ask(&study, "gdp", &[]).0, [named("gdp", &[5.0, 6.0])]);
    }

    #[test]
    fn a_derived_variable_is_found_first() {
        let score = |year, x| Variable { name: "score".into(), year, values: vec![x; 3] };
        let study =
            delta().with_variable(score(Some(2010), 1.0)).unwrap().with_variable(score(Some(2020), 2.0)).unwrap();
        assert_eq!(ask(&study, "score", &[2010]).0, [named("score 2010", &[1.0; 3])]);
        assert_eq!(ask(&study, "score", &[]).0, [named("score 2020", &[2.0; 3])]);
        let study = study.with_variable(score(Some(2020), 3.0)).unwrap();
        assert_eq!(ask(&study, "score", &[2020]).0, [named("score 2020", &[3.0; 3])]);
        assert!(study.with_variable(Variable::new("short", vec![1.0])).is_err());
    }

    proptest::proptest! {
        #[test]
        fn the_order_of_rows_does_not_matter(order in proptest::sample::subsequence((0..8).collect::<Vec<usize>>(), 8).prop_shuffle()) {
            let (ids, years) = (["a", "b", "c", "d"], ["2010", "2020"]);
            let pick = |name, of: &dyn Fn(usize) -> &'static str| {
                texts(name, &order.iter().map(|&i| of(i)).collect::<Vec<_>>())
            };
            let values = numbers("gdp", &order.iter().map(|&i| i as f64).collect::<Vec<_>>());
            let panel = table("p.csv", vec![pick("id", &|i| ids[i % 4]), pick("year", &|i| years[i / 4]), values]);
            let study = study(vec![texts("id", &ids)]).with_table(panel, None).unwrap();
            let found = ask(&study, "gdp", &[2010, 2020]).0;
            proptest::prop_assert_eq!(&found[0].1, &[0.0, 1.0, 2.0, 3.0]);
            proptest::prop_assert_eq!(&found[1].1, &[4.0, 5.0, 6.0, 7.0]);
        }
    }
}
