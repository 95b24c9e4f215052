//! Reading a specification of weights: recursive descent over a union of intersections of terms.

use super::{Kernel, Length, Reach, Rule, Spec, USUAL_NEIGHBOURS, Unit};
use crate::error::{Fault, Kind, Result, did_you_mean, quoted};

/// More terms than this, or brackets and orders around them, are refused: nobody means that.
const MOST_TERMS: usize = 64;

const FORMS: &str = "queen, rook, knn:4, band:150km, inverse:1, kernel:gaussian:150km, delaunay, gabriel, relative, \
                     links, block:COLUMN, order:2:queen and file:PATH, joined by + and &";

const WORDS: [&str; 13] = [
    "queen", "rook", "knn", "band", "inverse", "kernel", "delaunay", "gabriel", "relative", "links", "block", "order",
    "file",
];

pub(super) fn parse(text: &str) -> Result<Spec> {
    let mut parser = Parser { rest: text.trim_start(), open: 0, terms: 0 };
    let spec = parser.union()?;
    match parser.rest {
        "" => Ok(spec),
        rest if rest.starts_with(')') => Err(fault("a ) in the weights closes no bracket").into()),
        rest => Err(fault(format!("{} stands where + or & is expected", quoted(rest))).into()),
    }
}

fn fault(message: impl Into<String>) -> Fault {
    Fault::new(Kind::Option, message).field("weights")
}

struct Parser<'a> {
    /// What is still to be read; starts with no blank.
    rest: &'a str,
    /// How many brackets are open.
    open: usize,
    /// How many terms were begun.
    terms: usize,
}

impl<'a> Parser<'a> {
    fn union(&mut self) -> Result<Spec> {
        let mut left = self.intersection()?;
        while self.eat('+') {
            left = Spec::Union(Box::new(left), Box::new(self.intersection()?));
        }
        Ok(left)
    }

    fn intersection(&mut self) -> Result<Spec> {
        let mut left = self.term()?;
        while self.eat('&') {
            left = Spec::Intersection(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Spec> {
        self.terms += 1;
        if self.terms > MOST_TERMS {
            return Err(fault(format!("the weights have more than {MOST_TERMS} terms")).into());
        }
        if self.eat('(') {
            self.open += 1;
            let inner = self.union()?;
            if !self.eat(')') {
                return Err(fault("a ( in the weights is not closed").into());
            }
            self.open -= 1;
            return Ok(inner);
        }
        let typed = self.take_until(&[':']);
        match typed.to_lowercase().as_str() {
            "order" => self.order(),
            "block" => self.name("block", "a column").map(Spec::Block),
            "file" => self.name("file", "a path").map(Spec::File),
            word => {
                let options =
                    if self.eat(':') { self.take_until(&[]).split(':').map(str::trim).collect() } else { vec![] };
                simple(word, typed, &options)
            }
        }
    }

    /// `order:2:TERM` or `order:1-2:TERM`, from behind the word.
    fn order(&mut self) -> Result<Spec> {
        let hint = "write order:2:queen for exactly 2 steps, order:1-2:queen for up to 2";
        let steps = if self.eat(':') { self.take_until(&[':']) } else { "" };
        let (from, to) = steps.split_once('-').unwrap_or((steps, steps));
        let counts = [from, to].map(|count| count.trim().parse::<usize>().ok().filter(|&count| count > 0));
        let [Some(from), Some(to)] = counts else {
            return Err(fault(format!("order needs a number of steps, not {}", quoted(steps))).hint(hint).into());
        };
        if from > to {
            return Err(fault(format!("order {from}-{to} goes backwards")).hint(hint).into());
        }
        if !self.eat(':') {
            return Err(fault(format!("order:{steps} does not say of which weights")).hint(hint).into());
        }
        Ok(Spec::Order { from, to, of: Box::new(self.term()?) })
    }

    /// `:NAME` or `:"NAME"`, from behind the word.
    fn name(&mut self, word: &str, what: &str) -> Result<String> {
        let missing = || fault(format!("{word} needs {what}")).hint(format!("write {word}:NAME"));
        if !self.eat(':') {
            return Err(missing().into());
        }
        if !self.eat('"') {
            let name = self.take_until(&[]);
            return if name.is_empty() { Err(missing().into()) } else { Ok(name.to_owned()) };
        }
        let mut name = String::new();
        loop {
            let Some((part, rest)) = self.rest.split_once('"') else {
                return Err(fault("a quote in the weights is not closed").into());
            };
            name.push_str(part);
            match rest.strip_prefix('"') {
                Some(more) => {
                    name.push('"');
                    self.rest = more;
                }
                None => {
                    self.rest = rest.trim_start();
                    return Ok(name);
                }
            }
        }
    }

    fn eat(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                // Blanks count within quotes only.
                self.rest = if sign == '"' { rest } else { rest.trim_start() };
                true
            }
            None => false,
        }
    }

    /// The text up to an operator, a bracket that closes an open one, or one of `stops`.
    fn take_until(&mut self, stops: &[char]) -> &'a str {
        let ends = |c: char| c == '+' || c == '&' || (c == ')' && self.open > 0) || stops.contains(&c);
        let (taken, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken.trim()
    }
}

/// A term without names or terms of its own.
fn simple(word: &str, typed: &str, options: &[&str]) -> Result<Spec> {
    let (spec, most) = match word {
        "queen" => (Spec::Contiguity(Rule::Queen), 0),
        "rook" => (Spec::Contiguity(Rule::Rook), 0),
        "delaunay" => (Spec::Delaunay, 0),
        "gabriel" => (Spec::Gabriel, 0),
        "relative" => (Spec::Relative, 0),
        "links" => (Spec::Links, 0),
        "knn" => (Spec::Knn(options.first().map_or(Ok(USUAL_NEIGHBOURS), |k| count(k, "knn"))?), 1),
        "band" => (Spec::Band(options.first().map_or(Ok(None), |text| auto_or_length(text))?), 1),
        "inverse" => (inverse(options)?, 2),
        "kernel" => (kernel(options)?, 2),
        _ => return Err(unknown(typed).into()),
    };
    match options.get(most) {
        None => Ok(spec),
        Some(extra) => Err(fault(format!("{} is too much after {spec}", quoted(extra))).into()),
    }
}

fn unknown(typed: &str) -> Fault {
    if typed.is_empty() {
        return fault("the weights lack a term").hint(format!("there are {FORMS}"));
    }
    let word = typed.to_lowercase();
    let digits = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let hint = match did_you_mean(word.trim_end_matches(|c: char| c.is_ascii_digit()), WORDS) {
        Some("knn") if !digits.is_empty() => format!("did you mean knn:{digits}?"),
        Some(meant) => format!("did you mean {meant}?"),
        None if Kernel::from_name(&word).is_some() => format!("did you mean kernel:{word}?"),
        None => format!("there are {FORMS}"),
    };
    fault(format!("there are no weights named {}", quoted(typed))).hint(hint)
}

fn count(text: &str, of: &str) -> Result<usize> {
    text.parse().ok().filter(|&k| k > 0).ok_or_else(|| {
        let message = format!("{of} needs a whole number of neighbours, at least 1, not {}", quoted(text));
        fault(message).into()
    })
}

fn inverse(options: &[&str]) -> Result<Spec> {
    let power: Result<f64> = options.first().map_or(Ok(1.0), |text| {
        let hint = match length(text) {
            Ok(length) if length.unit != Unit::Bare => format!("write inverse:1:{length} for 1/d within {length}"),
            _ => "write inverse:1 for 1/d, inverse:2 for 1/d²".to_owned(),
        };
        number(text)
            .ok_or_else(|| fault(format!("inverse needs a power above 0, not {}", quoted(text))).hint(hint).into())
    });
    Ok(Spec::Inverse(power?, options.get(1).map(|text| length(text)).transpose()?))
}

fn kernel(options: &[&str]) -> Result<Spec> {
    let names = Kernel::ALL.map(Kernel::name);
    let Some(&typed) = options.first() else {
        let hint = format!("write kernel:gaussian; there are {}", names.join(", "));
        return Err(fault("kernel needs a name").hint(hint).into());
    };
    let Some(kernel) = Kernel::from_name(&typed.to_lowercase()) else {
        let hint = match did_you_mean(typed, names) {
            Some(meant) => format!("did you mean kernel:{meant}?"),
            None => format!("there are {}", names.join(", ")),
        };
        return Err(fault(format!("there is no kernel named {}", quoted(typed))).hint(hint).into());
    };
    let reach = match options.get(1) {
        None => Reach::Auto,
        Some(text) => match text.strip_prefix(['k', 'K']) {
            Some(k) => Reach::Nearest(count(k, "a bandwidth such as k8")?),
            None => auto_or_length(text)?.map_or(Reach::Auto, Reach::Fixed),
        },
    };
    Ok(Spec::Kernel(kernel, reach))
}

fn auto_or_length(text: &str) -> Result<Option<Length>> {
    if text.eq_ignore_ascii_case("auto") {
        return Ok(None);
    }
    length(text).map(Some).map_err(|error| {
        let fault = error.faults()[0].clone();
        let hint = format!("{}; or auto", fault.remedy().unwrap_or_default());
        fault.hint(hint).into()
    })
}

pub(super) fn length(text: &str) -> Result<Length> {
    let lower = text.to_lowercase();
    let units = [("km", Unit::Kilometre), ("mi", Unit::Mile), ("m", Unit::Metre), ("", Unit::Bare)];
    let read = |(suffix, unit)| Some(Length { value: number(lower.strip_suffix(suffix)?.trim_end())?, unit });
    units.into_iter().find_map(read).ok_or_else(|| {
        let hint = "lengths are above 0, in kilometres, metres or miles: 150km, 150000m, 93mi";
        fault(format!("{} is not a length", quoted(text))).hint(hint).into()
    })
}

/// A finite number above 0; `inf` and `nan` are words.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|&value: &f64| value > 0.0 && value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        parse(text).unwrap().to_string()
    }

    /// The message and, behind a bar, the hint.
    fn refusal(text: &str) -> String {
        let error = parse(text).unwrap_err();
        let fault = &error.faults()[0];
        format!("{} | {}", fault.message(), fault.remedy().unwrap_or(""))
    }

    #[test]
    fn short_forms_have_defaults() {
        let forms = ["knn", "band", "inverse", "kernel:gaussian", "QUEEN", "kernel:bisquare:K8"];
        let normal_forms = forms.map(normal);
        let expected = ["knn:4", "band:auto", "inverse:1", "kernel:gaussian:auto", "queen", "kernel:quartic:k8"];
        assert_eq!(normal_forms, expected);
    }

    #[test]
    fn intersections_bind_tighter_than_unions() {
        let queen = || Box::new(Spec::Contiguity(Rule::Queen));
        let both = Spec::Intersection(Box::new(Spec::Links), queen());
        assert_eq!(parse("queen + links & queen").unwrap(), Spec::Union(queen(), Box::new(both)));
        assert_eq!(normal(" ( queen + links ) & knn : 4 "), "(queen+links)&knn:4");
        assert_eq!(normal("((queen))+(rook+links)"), "queen+(rook+links)");
        assert_eq!(
            normal("order:1-2:(queen+links)+order:2-2:order:3:rook"),
            "order:1-2:(queen+links)+order:2:order:3:rook"
        );
    }

    #[test]
    fn names_go_as_far_as_they_can() {
        assert_eq!(parse(r"file:C:\data\w (1).gal").unwrap(), Spec::File(r"C:\data\w (1).gal".into()));
        assert_eq!(parse(r#"block:"R&D ""x""" + queen"#).unwrap().to_string(), r#"block:"R&D ""x"""+queen"#);
        assert_eq!(normal("(file:w.gal & links)"), "file:w.gal&links");
    }

    #[test]
    fn slips_are_answered_with_what_was_meant() {
        assert_eq!(refusal("quen"), "there are no weights named \"quen\" | did you mean queen?");
        assert_eq!(refusal("knn8"), "there are no weights named \"knn8\" | did you mean knn:8?");
        assert_eq!(refusal("bisquare"), "there are no weights named \"bisquare\" | did you mean kernel:bisquare?");
        assert_eq!(
            refusal("kernel:gausian:5km"),
            "there is no kernel named \"gausian\" | did you mean kernel:gaussian?"
        );
        assert_eq!(
            refusal("inverse:300km"),
            "inverse needs a power above 0, not \"300km\" | write inverse:1:300km for 1/d within 300km"
        );
        assert!(refusal("thiessen").ends_with("joined by + and &"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, message) in [
            ("", "the weights lack a term"),
            ("queen+", "the weights lack a term"),
            ("queen & & rook", "the weights lack a term"),
            ("(queen", "a ( in the weights is not closed"),
            ("queen)", "there are no weights named \"queen)\""),
            ("(queen))", "a ) in the weights closes no bracket"),
            ("(queen) rook", "\"rook\" stands where + or & is expected"),
            ("knn:0", "knn needs a whole number of neighbours, at least 1, not \"0\""),
            ("knn:", "knn needs a whole number of neighbours, at least 1, not \"\""),
            ("inverse::300km", "inverse needs a power above 0, not \"\""),
            ("knn:4:5", "\"5\" is too much after knn:4"),
            ("queen:2", "\"2\" is too much after queen"),
            ("band:-5km", "\"-5km\" is not a length"),
            ("band:inf", "\"inf\" is not a length"),
            ("band:150 miles", "\"150 miles\" is not a length"),
            ("kernel", "kernel needs a name"),
            ("block:", "block needs a column"),
            ("block:\"a", "a quote in the weights is not closed"),
            ("order:2", "order:2 does not say of which weights"),
            ("order:0:queen", "order needs a number of steps, not \"0\""),
            ("order:3-2:queen", "order 3-2 goes backwards"),
        ] {
            assert_eq!(parse(text).unwrap_err().faults()[0].message(), message, "{text}");
        }
        for endless in ["(".repeat(100_000), "order:1:".repeat(100_000), "queen+".repeat(100_000)] {
            assert_eq!(parse(&endless).unwrap_err().faults()[0].message(), "the weights have more than 64 terms");
        }
    }
}
