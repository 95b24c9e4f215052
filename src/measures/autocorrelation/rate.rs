//! Rates whose variance differs with the population behind them, in standard form.

use super::sample::Sample;
use crate::error::{Fault, Faults, Kind, Result};
use crate::note::Note;
use crate::study::{Cities, Variable};

/// Rates in the standard form of Assunção and Reis, for those who take part in `sample`.
///
/// b = Σe/Σp; s² = Σ p_i(r_i − b)²/Σp with r_i = e_i/p_i; a = s² − b/(Σp/n); v_i = a + b/p_i, or b/p_i where that is
/// not positive; z_i = (r_i − b)/√v_i.
///
/// # Errors
/// [`Kind::Value`] for a population that is not positive or events below 0; [`Kind::Undefined`] without any event.
pub(super) fn standardised_rates(events: &[f64], at_risk: &[f64], sample: &Sample) -> Result<(Vec<f64>, Vec<Note>)> {
    let (e, p) = (sample.take(events), sample.take(at_risk));
    if let Some(bad) = p.iter().find(|&&p| p <= 0.0) {
        return Err(Fault::new(Kind::Value, format!("a population at risk is {bad}; it must be positive")).into());
    }
    if let Some(bad) = e.iter().find(|&&e| e < 0.0) {
        return Err(Fault::new(Kind::Value, format!("a number of events is {bad}; it must not be negative")).into());
    }
    let (events, population) = (e.iter().sum::<f64>(), p.iter().sum::<f64>());
    if events == 0.0 {
        return Err(Fault::new(Kind::Undefined, "there are no events, so that rates are undefined").into());
    }
    let overall = events / population;
    let rates: Vec<f64> = e.iter().zip(p.iter()).map(|(e, p)| e / p).collect();
    let spread = rates.iter().zip(p.iter()).map(|(r, p)| p * (r - overall).powi(2)).sum::<f64>() / population;
    let between = spread - overall / (population / p.len() as f64);
    let mut fallen_back = 0;
    let z = rates.iter().zip(p.iter()).map(|(r, p)| {
        let variance = between + overall / p;
        let variance = if variance > 0.0 {
            variance
        } else {
            fallen_back += 1;
            overall / p
        };
        (r - overall) / variance.sqrt()
    });
    let z = z.collect();
    let mut notes = Vec::new();
    if fallen_back > 0 {
        let message = format!(
            "the rates of {fallen_back} cities vary less than chance would make them; their variance is taken as that of chance"
        );
        notes.push(Note::remark("rate_variance", message));
    }
    Ok((z, notes))
}

/// Refuses events and populations that make no rate, naming every such city.
pub(super) fn check(cities: &Cities, events: &Variable, at_risk: &Variable) -> Result<()> {
    let mut faults = Faults::default();
    let mut refuse = |i: usize, variable: &Variable, must: &str| {
        let message = format!("{} is {}; it must {must}", variable.label(), variable.values[i]);
        faults.push(Fault::new(Kind::Value, message).feature(i).city(&cities.ids[i]).field(&variable.name));
    };
    for i in 0..cities.len() {
        if at_risk.values[i] <= 0.0 {
            refuse(i, at_risk, "be above 0 for a population at risk");
        }
        if events.values[i] < 0.0 {
            refuse(i, events, "not be negative for a number of events");
        }
    }
    faults.finish(())
}
