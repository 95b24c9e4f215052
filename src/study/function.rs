//! Functions of columns that analyses ask for: the logarithm of one, the geometric mean of two.

use super::{Study, ValueRequest, Variable};
use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::{Note, listed_by};

/// What a text asks for, if it is no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function<'a> {
    /// `ln(X)`: the natural logarithm.
    Log(&'a str),
    /// `sqrt(A*B)`: the geometric mean.
    Mean([&'a str; 2]),
}

impl<'a> Function<'a> {
    /// The function that a text is; `None` for anything else.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let inside = |name: &str| {
            let (start, rest) = (text.get(..name.len())?, text.get(name.len()..)?);
            start.eq_ignore_ascii_case(name).then(|| rest.strip_prefix('(')?.strip_suffix(')')).flatten()
        };
        if let Some(inner) = inside("ln").or_else(|| inside("log")) {
            return Some(Self::Log(inner.trim()));
        }
        let (a, b) = inside("sqrt")?.split_once('*')?;
        Some(Self::Mean([a.trim(), b.trim()]))
    }
}

impl Study {
    /// The variables that a function stands for, one for every year.
    ///
    /// # Errors
    /// Those of its columns; two columns without a year in common; a geometric mean of something below 0.
    pub(super) fn function(&self, of: Function, request: &ValueRequest) -> Result<(Vec<Variable>, Vec<Note>)> {
        let inner = |text| self.variables(&ValueRequest { text, label: None, years: request.years });
        match of {
            Function::Log(text) => {
                let (variables, mut notes) = inner(text)?;
                let logged = variables.iter().map(|variable| self.logarithm(variable, request.label, &mut notes));
                Ok((logged.collect::<Result<_>>()?, notes))
            }
            Function::Mean([a, b]) => {
                let ((left, mut notes), (right, more)) = (inner(a)?, inner(b)?);
                notes.extend(more);
                let (mut faults, mut means) = (Faults::default(), Vec::new());
                for a in &left {
                    let same = |b: &&Variable| b.year == a.year || b.year.is_none();
                    if let Some(b) = right.iter().find(same).or_else(|| right.first().filter(|_| a.year.is_none())) {
                        means.extend(faults.keep(self.mean(a, b, request.label)));
                    }
                }
                if means.is_empty() && faults.is_empty() {
                    let message = format!("{} and {} have no year in common", quoted(a), quoted(b));
                    faults.push(Fault::new(Kind::Column, message).hint("choose columns of the same years"));
                }
                faults.finish((means, notes))
            }
        }
    }

    /// The logarithm, missing where there is none.
    fn logarithm(&self, of: &Variable, label: Option<&str>, notes: &mut Vec<Note>) -> Result<Variable> {
        let without: Vec<usize> = (0..of.values.len()).filter(|&i| of.values[i] <= 0.0).collect();
        if !without.is_empty() {
            let named = listed_by(&without, |&i| self.cities.label(i));
            let message = format!("{} is 0 or less, so that it has no logarithm, in {named}", of.label());
            let note = Note::warning("no_logarithm", message);
            notes.push(note.about(without.iter().map(|&i| self.cities.ids[i].as_str())));
        }
        let name = label.map_or_else(|| format!("ln_{}", of.name), str::to_owned);
        let log = |&x: &f64| if x > 0.0 { libm::log(x) } else { f64::NAN };
        let values: Vec<f64> = of.values.iter().map(log).collect();
        if values.iter().all(|x| x.is_nan()) {
            let message = format!("{} is above 0 in no city, so that it has no logarithm", of.label());
            return Err(Fault::new(Kind::Column, message).field(name).into());
        }
        Ok(Variable { name, year: of.year, values })
    }

    fn mean(&self, a: &Variable, b: &Variable, label: Option<&str>) -> Result<Variable> {
        let mut faults = Faults::default();
        for (i, variable) in (0..self.cities.len()).flat_map(|i| [(i, a), (i, b)]) {
            if variable.values[i] < 0.0 {
                let message = format!("{} is below 0, so that there is no geometric mean", variable.values[i]);
                let fault = Fault::new(Kind::Value, message).city(self.cities.label(i)).field(variable.label());
                faults.push(fault.hint("choose columns that are 0 or more"));
            }
        }
        let name = label.map_or_else(|| format!("sqrt_{}_{}", a.name, b.name), str::to_owned);
        let values = a.values.iter().zip(&b.values).map(|(a, b)| a.sqrt() * b.sqrt()).collect();
        faults.finish(Variable { name, year: a.year.or(b.year), values })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{study, texts};
    use super::*;

    #[test]
    fn functions_are_told_from_columns() {
        assert_eq!(Function::parse("ln(gdp/pop)"), Some(Function::Log("gdp/pop")));
        assert_eq!(Function::parse("LOG( gdp )"), Some(Function::Log("gdp")));
        assert_eq!(Function::parse("sqrt(pop * gdp)"), Some(Function::Mean(["pop", "gdp"])));
        for text in ["ln", "lng(x)", "sqrt(gdp)", "gdp", "ln(gdp", "增长(x)"] {
            assert_eq!(Function::parse(text), None, "{text}");
        }
    }

    #[test]
    fn logarithms_and_means_have_names_years_and_gaps() {
        let study = study(vec![texts("id", &["C1", "C2", "C3"])]);
        let values = |name: &str, values: Vec<f64>| Variable { name: name.into(), year: None, values };
        let n = study.cities().len();
        let mut a = vec![4.0; n];
        a[0] = 0.0;
        let study = study.with_variable(values("a", a)).unwrap().with_variable(values("b", vec![9.0; n])).unwrap();
        let (logs, notes) = study.variables(&ValueRequest::new("ln(a)")).unwrap();
        assert_eq!(logs[0].name, "ln_a");
        assert!(logs[0].values[0].is_nan() && logs[0].values[1] == libm::log(4.0));
        assert!(notes[0].message.starts_with("a is 0 or less, so that it has no logarithm, in "));
        let (means, _) = study.variables(&ValueRequest::new("sqrt(a*b)")).unwrap();
        assert_eq!((means[0].name.as_str(), means[0].values[1]), ("sqrt_a_b", 6.0));
        let study = study.with_variable(values("c", vec![-1.0; n])).unwrap();
        assert!(study.variables(&ValueRequest::new("sqrt(a*c)")).unwrap_err().to_string().contains("below 0"));
        assert!(study.variables(&ValueRequest::new("ln(c)")).is_err());
    }
}
