//! Colours: safe for the colour-blind, and told apart in print.
//!
//! Sequential and diverging ramps are those of ColorBrewer (Brewer, C. A., 2003, A transition in improving maps: the
//! ColorBrewer example, Cartography and Geographic Information Science 30, 159-162); colours of groups are those of Okabe
//! and Ito (2008, Color universal design).

/// Light to dark, for values from low to high: YlGnBu without its lightest, which white paper would swallow.
pub const SEQUENTIAL: [&[&str]; 7] = [
    &["#41b6c4"],
    &["#a1dab4", "#2c7fb8"],
    &["#c7e9b4", "#41b6c4", "#225ea8"],
    &["#c7e9b4", "#7fcdbb", "#2c7fb8", "#253494"],
    &["#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"],
    &["#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"],
    &["#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"],
];

/// Blue over white to red, for values below and above a middle: RdBu, of 7.
pub const DIVERGING: [&str; 7] = ["#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b"];

/// Groups without an order.
pub const GROUPS: [&str; 8] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f"];

/// A line or mark that a chart is about.
pub const MAIN: &str = "#0b6bcb";
/// What is held against it: an expectation, a diagonal, chance.
pub const AGAINST: &str = "#8c959f";
/// What stands out.
pub const STRIKING: &str = "#ca0020";
/// Significant below and above, as LISA's LL and HH.
pub const LOW_HIGH: [&str; 2] = ["#0571b0", "#ca0020"];
/// Ground that nothing is said of.
pub const GROUND: &str = "#ebebe6";
/// No value: always hatched, so that it is not the colour alone that says so.
pub const NO_VALUE: &str = "url(#hatch)";

/// `count` colours from light to dark, at most seven.
pub fn sequential(count: usize) -> &'static [&'static str] {
    SEQUENTIAL[count.clamp(1, SEQUENTIAL.len()) - 1]
}

/// The colour of group `i`.
pub fn group(i: usize) -> &'static str {
    GROUPS[i % GROUPS.len()]
}

/// The colour between two at a share from 0 to 1.
pub fn between(from: &str, to: &str, share: f64) -> String {
    let (a, b) = (channels(from), channels(to));
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mix = |i: usize| (a[i] + (b[i] - a[i]) * share).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}

/// The colour on a ramp at a share from 0 to 1.
pub fn along(ramp: &[&str], share: f64) -> String {
    let last = ramp.len().saturating_sub(1);
    let place = if share.is_finite() { share.clamp(0.0, 1.0) * last as f64 } else { 0.0 };
    let lower = (place.floor() as usize).min(last);
    between(ramp[lower], ramp[(lower + 1).min(last)], place - lower as f64)
}

/// Black or white, whichever is read better on a colour.
pub fn ink_on(colour: &str) -> &'static str {
    let (dark, light) = ("#1f2328", "#ffffff");
    let contrast = |ink: &str| {
        let (one, other) = (luminance(colour), luminance(ink));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    };
    if contrast(dark) >= contrast(light) { dark } else { light }
}

/// Relative luminance, as contrast is defined by.
fn luminance(colour: &str) -> f64 {
    let linear = |c: f64| {
        let c = c / 255.0;
        if c <= 0.03928 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
    };
    let [r, g, b] = channels(colour);
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// Red, green and blue of `#rrggbb`; white for anything else, as for a pattern.
fn channels(colour: &str) -> [f64; 3] {
    let channel = |from: usize| colour.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    match (colour.starts_with('#'), channel(1), channel(3), channel(5)) {
        (true, Some(r), Some(g), Some(b)) => [f64::from(r), f64::from(g), f64::from(b)],
        _ => [255.0; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_out_on_every_colour() {
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        let all = SEQUENTIAL.iter().flat_map(|ramp| ramp.iter()).chain(&DIVERGING).chain(&GROUPS);
        for colour in all {
            let ratio = contrast(luminance(colour), luminance(ink_on(colour)));
            assert!(ratio >= 3.9, "{colour}: {ratio}");
        }
    }

    #[test]
    fn ramps_are_met_at_their_ends() {
        assert_eq!(along(&DIVERGING, 0.0), DIVERGING[0]);
        assert_eq!(along(&DIVERGING, 1.0), DIVERGING[6]);
        assert_eq!(along(&DIVERGING, 0.5), DIVERGING[3]);
        assert_eq!(along(&DIVERGING, f64::NAN), DIVERGING[0]);
        assert_eq!(between("#000000", "#ffffff", 0.5), "#808080");
    }
}
