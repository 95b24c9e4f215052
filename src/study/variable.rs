//! A column of numbers that a measure takes.

/// A value of every city, ready for analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name in outputs: the column, `gdp_per_pop` for a ratio, or a label given.
    pub name: String,
    /// Its year, where one of several was picked.
    pub year: Option<i32>,
    /// One number for every city; NaN where there is none.
    pub values: Vec<f64>,
}

impl Variable {
    /// A variable without a year.
    pub fn new(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), year: None, values }
    }

    /// How it is called in a message: its name, and its year where it has one.
    pub fn label(&self) -> String {
        self.year.map_or_else(|| self.name.clone(), |year| format!("{} {year}", self.name))
    }
}
