//! Conditions on cities, as in `province = Jiangsu and gdp > 1000`.

use std::borrow::Cow;

use super::{Cells, Column, Number, Study};
use crate::Error;
use crate::error::{Fault, Kind, Result, quoted};

impl Study {
    /// For every city, whether it meets a condition.
    ///
    /// A condition is made of comparisons `COLUMN OP VALUE`, where OP is `=`, `!=` (or `<>`), `<`, `<=`, `>`, `>=`, of
    /// `COLUMN in (VALUE, VALUE)` and `COLUMN not in (VALUE, VALUE)`, and of columns of truth values alone, as `core27`
    /// for `core27 = true`; joined by `and`, `or` (which binds less) and parentheses. A column or a value with an
    /// operator or one of these words in it stands in quotes. A column is one of [`Study::column`]; `id` and `name` are
    /// those of the cities if no column has that name.
    ///
    /// Columns of numbers compare as numbers, of truth values as `true` and `false`, others as text; their order is
    /// that of the numbers they read as. A missing value meets no condition.
    ///
    /// # Errors
    /// The condition cannot be read, a column does not exist, or a value does not fit its column.
    pub fn mask(&self, condition: &str) -> Result<Vec<bool>> {
        let mut parser = Parser { study: self, condition, tokens: tokens(condition)?, next: 0, depth: 0 };
        let mask = parser.either()?;
        match parser.take() {
            None => Ok(mask),
            Some(token) => Err(parser.unexpected(Some(token), "\"and\", \"or\" or the end")),
        }
    }

    /// The column of a condition; `id` and `name` always exist.
    fn compared(&self, name: &str) -> Result<Cow<'_, Column>> {
        let texts = |texts: &[String]| Cells::Texts(texts.iter().map(|t| Some(t.as_str().into())).collect());
        match (self.column(name), name) {
            (Err(_), "id") => Ok(Cow::Owned(Column { name: name.into(), cells: texts(&self.cities.ids) })),
            (Err(_), "name") => Ok(Cow::Owned(Column { name: name.into(), cells: texts(&self.cities.names) })),
            (found, _) => found,
        }
    }
}

/// A piece of a condition.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// An operator, a parenthesis or a comma.
    Sign(&'static str),
    Word(String),
    Quoted(String),
}

impl Token {
    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own.eq_ignore_ascii_case(word))
    }

    fn text(&self) -> &str {
        match self {
            Self::Sign(sign) => sign,
            Self::Word(text) | Self::Quoted(text) => text,
        }
    }
}

/// Longer signs stand before those that begin like them.
const SIGNS: [&str; 11] = ["!=", "<>", "<=", ">=", "==", "=", "<", ">", "(", ")", ","];

/// The words of the language.
const JOINTS: [&str; 2] = ["and", "or"];
const BEFORE_LIST: [&str; 2] = ["in", "not"];

/// The most parentheses in one another: reading goes down one level for each.
const DEEPEST: usize = 64;

fn tokens(condition: &str) -> Result<Vec<Token>> {
    let sign_at = |rest: &str| SIGNS.into_iter().find(|sign| rest.starts_with(sign));
    let mut tokens = Vec::new();
    let mut rest = condition.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '"' || first == '\'' {
            let Some((text, after)) = rest[1..].split_once(first) else {
                let message = format!("a quote is not closed: {}", quoted(rest));
                return Err(Fault::new(Kind::Syntax, message).field("where").into());
            };
            tokens.push(Token::Quoted(text.to_owned()));
            rest = after;
        } else if let Some(sign) = sign_at(rest) {
            tokens.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            let ends = |(at, c): (usize, char)| {
                (c.is_whitespace() || matches!(c, '"' | '\'') && at == 0 || sign_at(&rest[at..]).is_some())
                    .then_some(at)
            };
            let (word, after) = rest.split_at(rest.char_indices().find_map(ends).unwrap_or(rest.len()));
            tokens.push(Token::Word(word.to_owned()));
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

/// Reads a condition by descent; every level gives the mask of what it has read.
struct Parser<'a> {
    study: &'a Study,
    condition: &'a str,
    tokens: Vec<Token>,
    next: usize,
    /// Number of parentheses that are open.
    depth: usize,
}

impl Parser<'_> {
    fn take(&mut self) -> Option<Token> {
        self.next += 1;
        self.tokens.get(self.next - 1).cloned()
    }

    /// Goes past the next token if it is this one.
    fn accept(&mut self, fits: impl Fn(&Token) -> bool) -> bool {
        let fits = self.tokens.get(self.next).is_some_and(fits);
        self.next += usize::from(fits);
        fits
    }

    fn either(&mut self) -> Result<Vec<bool>> {
        let mut mask = self.all()?;
        while self.accept(|token| token.is_word("or")) {
            let other = self.all()?;
            mask.iter_mut().zip(other).for_each(|(own, other)| *own |= other);
        }
        Ok(mask)
    }

    fn all(&mut self) -> Result<Vec<bool>> {
        let mut mask = self.one()?;
        while self.accept(|token| token.is_word("and")) {
            let other = self.one()?;
            mask.iter_mut().zip(other).for_each(|(own, other)| *own &= other);
        }
        Ok(mask)
    }

    fn one(&mut self) -> Result<Vec<bool>> {
        if self.accept(|token| *token == Token::Sign("(")) {
            self.depth += 1;
            if self.depth > DEEPEST {
                let message = format!("more than {DEEPEST} parentheses in one another");
                return Err(Fault::new(Kind::Syntax, message).field("where").into());
            }
            let mask = self.either()?;
            self.depth -= 1;
            self.expect(")")?;
            return Ok(mask);
        }
        let name = self.words("a column", &[BEFORE_LIST, JOINTS].concat())?;
        let column = self.study.compared(&name)?;
        if self.stands_alone() && matches!(column.cells, Cells::Bools(_)) {
            return compare(&column, "=", "true");
        }
        match self.take() {
            Some(Token::Sign(sign @ ("=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">="))) => {
                let value = self.value()?;
                compare(&column, sign, &value)
            }
            Some(token) if token.is_word("in") => self.among(&column, "="),
            Some(token) if token.is_word("not") && self.accept(|token| token.is_word("in")) => {
                self.among(&column, "!=")
            }
            token => Err(self.unexpected(token, "one of = != < <= > >= in")),
        }
    }

    /// Whether nothing is said of the column that was read last.
    fn stands_alone(&self) -> bool {
        let joint = |token: &Token| *token == Token::Sign(")") || JOINTS.iter().any(|joint| token.is_word(joint));
        self.tokens.get(self.next).is_none_or(joint)
    }

    /// The rows that are equal to one value of a list, or (`!=`) that differ from all.
    fn among(&mut self, column: &Column, sign: &str) -> Result<Vec<bool>> {
        self.expect("(")?;
        let mut mask = compare(column, sign, &self.value()?)?;
        while self.accept(|token| *token == Token::Sign(",")) {
            let other = compare(column, sign, &self.value()?)?;
            let joined = |(own, other): (&mut bool, bool)| *own = if sign == "=" { *own | other } else { *own & other };
            mask.iter_mut().zip(other).for_each(joined);
        }
        self.expect(")")?;
        Ok(mask)
    }

    fn value(&mut self) -> Result<String> {
        self.words("a value", &JOINTS)
    }

    /// One quoted text, or words up to the next sign or one of `ends`.
    fn words(&mut self, wanted: &str, ends: &[&str]) -> Result<String> {
        let mut words = match self.take() {
            Some(Token::Quoted(text)) => return Ok(text),
            Some(Token::Word(word)) => word,
            token => return Err(self.unexpected(token, wanted)),
        };
        while let Some(token @ Token::Word(word)) = self.tokens.get(self.next) {
            if ends.iter().any(|end| token.is_word(end)) {
                break;
            }
            words = format!("{words} {word}");
            self.next += 1;
        }
        Ok(words)
    }

    fn expect(&mut self, sign: &'static str) -> Result<()> {
        match self.take() {
            Some(Token::Sign(own)) if own == sign => Ok(()),
            token => Err(self.unexpected(token, &quoted(sign))),
        }
    }

    fn unexpected(&self, token: Option<Token>, wanted: &str) -> Error {
        let got = token.map_or_else(|| "it ends".to_owned(), |token| format!("{} stands", quoted(token.text())));
        let message = format!("{} is no condition: {got} where {wanted} should be", quoted(self.condition));
        let hint = "write it as 'gdp > 1000 and province = Jiangsu'; names with operators or parentheses in them stand in quotes";
        Fault::new(Kind::Syntax, message).field("where").hint(hint).into()
    }
}

/// The rows of a column that compare with `value` as `sign` says.
fn compare(column: &Column, sign: &str, value: &str) -> Result<Vec<bool>> {
    let fault = |message: String, hint: &str| Error::from(Fault::new(Kind::Value, message).field("where").hint(hint));
    let equality = matches!(sign, "=" | "==" | "!=" | "<>");
    let negative = matches!(sign, "!=" | "<>");
    match &column.cells {
        Cells::Bools(truths) => {
            let wanted = match value.to_lowercase().as_str() {
                "true" | "1" => true,
                "false" | "0" => false,
                _ => {
                    let message = format!("{} holds true and false, not {}", quoted(&column.name), quoted(value));
                    return Err(fault(message, "compare it with true or false"));
                }
            };
            if !equality {
                let message = format!("{} holds true and false, which have no order", quoted(&column.name));
                return Err(fault(message, "use = or !="));
            }
            Ok(truths.iter().map(|truth| truth.is_some_and(|truth| (truth == wanted) != negative)).collect())
        }
        Cells::Texts(_) | Cells::Mixed(_) if equality => {
            let equal = |row| column.text(row).map(|text| text.trim() == value.trim());
            Ok((0..column.len()).map(|row| equal(row).is_some_and(|equal| equal != negative)).collect())
        }
        _ => {
            let Number::Finite(wanted) = Number::parse(value) else {
                let message = format!("{} is not a number to compare {} with", quoted(value), quoted(&column.name));
                return Err(fault(message, "write a plain number"));
            };
            let (numbers, _) = column.numbers(|_, fault| fault).map_err(|error| {
                let first = error.faults()[0].message().to_owned();
                fault(format!("{} has no order: {first}", quoted(&column.name)), "use =, != or in")
            })?;
            let holds = |x: f64| match sign {
                "=" | "==" => x == wanted,
                "!=" | "<>" => x != wanted && !x.is_nan(),
                "<" => x < wanted,
                "<=" => x <= wanted,
                ">" => x > wanted,
                _ => x >= wanted,
            };
            Ok(numbers.into_iter().map(holds).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, study, table, texts};
    use super::super::{Cell, Column};
    use super::*;

    fn states() -> Study {
        let truths = [Cell::Bool(true), Cell::Bool(false), Cell::Missing, Cell::Bool(true)];
        let columns = vec![
            texts("state_fips", &["01", "04", "10", "51"]),
            texts("region", &["South", "West", "", "South"]),
            texts("full name", &["Alabama", "New Mexico", "Trinidad and Tobago", "O'Fallon"]),
            Column::new("core27", truths.to_vec()),
            numbers("gdp", &[10.0, 20.0, f64::NAN, -5.0]),
            texts("as_text", &["9", "10", "N/A", "11"]),
            texts("地区（省）", &["江苏", "浙江", "江苏", "安徽"]),
        ];
        study(columns)
    }

    /// The fips of the cities that meet a condition.
    fn met(condition: &str) -> Vec<String> {
        let states = states();
        let mask = states.mask(condition).unwrap_or_else(|error| panic!("{condition}: {error}"));
        (0..mask.len()).filter(|&i| mask[i]).map(|i| states.cities().ids[i].clone()).collect()
    }

    #[test]
    fn comparisons_follow_the_type_of_the_column() {
        for (condition, ids) in [
            ("gdp = 10", vec!["01"]),
            ("gdp == 1e1", vec!["01"]),
            ("gdp!=10", vec!["04", "51"]),
            ("gdp<10", vec!["51"]),
            ("gdp <= 10", vec!["01", "51"]),
            ("gdp > -5", vec!["01", "04"]),
            ("gdp >= -5", vec!["01", "04", "51"]),
            ("region = South", vec!["01", "51"]),
            ("region != South", vec!["04"]),
            ("state_fips = 01", vec!["01"]),
            ("state_fips = 1", vec![]),
            ("state_fips > 4", vec!["10", "51"]),
            ("as_text >= 10", vec!["04", "51"]),
            ("core27 = true", vec!["01", "51"]),
            ("core27 != TRUE", vec!["04"]),
            ("core27 <> true", vec!["04"]),
            ("core27", vec!["01", "51"]),
            ("(core27) and gdp > 0", vec!["01"]),
            ("gdp = 20 or core27 and region = South", vec!["01", "04", "51"]),
            ("gdp <> 10", vec!["04", "51"]),
            ("地区（省） = 江苏", vec!["01", "10"]),
            ("id in (04, 51)", vec!["04", "51"]),
            ("name = 04", vec!["04"]),
        ] {
            assert_eq!(met(condition), ids, "{condition}");
        }
    }

    #[test]
    fn lists_words_and_quotes() {
        for (condition, ids) in [
            ("region in (South, West)", vec!["01", "04", "51"]),
            ("region in ('South')", vec!["01", "51"]),
            ("region not in (South)", vec!["04"]),
            ("gdp not in (10, 20)", vec!["51"]),
            ("region not in (South, West)", vec![]),
            ("full name NOT IN (Alabama, New Mexico) and gdp < 0", vec!["51"]),
            ("full name = New Mexico", vec!["04"]),
            ("full name in (New Mexico)", vec!["04"]),
            ("'full name' = 'Trinidad and Tobago' or gdp = 10", vec!["01", "10"]),
            ("'full name' in (O'Fallon, \"New Mexico\")", vec!["04", "51"]),
            ("region = South AND gdp > 0", vec!["01"]),
            ("gdp = 20 or region = South and gdp < 0", vec!["04", "51"]),
            ("(gdp = 20 or region = South) and gdp > 0", vec!["01", "04"]),
        ] {
            assert_eq!(met(condition), ids, "{condition}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        for (condition, part) in [
            ("", "it ends where a column should be"),
            ("gdp", "it ends where one of = != < <= > >= in should be"),
            ("gdp >", "it ends where a value should be"),
            ("gdp not 5", "\"not\" stands where one of = != < <= > >= in should be"),
            ("gdp and core27", "\"and\" stands where one of = != < <= > >= in should be"),
            ("gdp not in 5", "\"5\" stands where \"(\" should be"),
            ("gdp > 5 gdp", "\"5 gdp\" is not a number"),
            ("full nam = x", "there is no column \"full nam\""),
            (&"(".repeat(100_000), "more than 64 parentheses in one another"),
            ("(gdp > 5", "it ends where \")\" should be"),
            ("gdp > 5)", "\")\" stands where \"and\", \"or\" or the end should be"),
            ("region = 'South", "a quote is not closed: \"'South\""),
            ("gdp > many", "\"many\" is not a number to compare \"gdp\" with"),
            ("region > 5", "\"region\" has no order: \"South\" is not a number"),
            ("core27 = 7", "\"core27\" holds true and false, not \"7\""),
            ("core27 > 0", "have no order"),
            ("gpd > 5", "there is no column \"gpd\""),
        ] {
            let error = states().mask(condition).unwrap_err().to_string();
            assert!(error.contains(part), "{condition}: {error}");
        }
        let error = states().mask("gpd > 5").unwrap_err();
        assert!(error.faults()[0].remedy().unwrap().starts_with("did you mean \"gdp\"?"));
    }

    #[test]
    fn groups_and_subsets_come_from_tables_too() {
        let group =
            table("g.csv", vec![texts("state_fips", &["51", "01", "04"]), texts("belt", &["sun", " rust ", ""])]);
        let study = states().with_table(group, None).unwrap();
        let belts = vec![Some("rust".to_owned()), None, None, Some("sun".to_owned())];
        assert_eq!(study.groups("belt").unwrap(), belts);
        let south = study.restricted(&study.mask("region = South").unwrap()).unwrap();
        assert_eq!(south.cities().ids, ["01", "51"]);
        assert_eq!(south.groups("belt").unwrap(), [belts[0].clone(), belts[3].clone()]);
        assert_eq!(south.properties().column("gdp").unwrap().cell(1), Cell::Number(-5.0));
        assert_eq!(south.mask("belt = sun").unwrap(), [false, true]);
        assert!(study.restricted(&[false; 4]).is_err() && study.restricted(&[true]).is_err());
    }

    #[test]
    fn a_column_with_years_is_neither_group_nor_condition() {
        let panel =
            table("p.csv", vec![texts("id", &["01", "04"]), texts("year", &["2010"; 2]), numbers("pop", &[1.0; 2])]);
        let study = states().with_table(panel, None).unwrap();
        for error in [study.groups("pop").unwrap_err(), study.mask("pop > 1").unwrap_err()] {
            assert!(error.to_string().contains("\"pop\" has a value for every year"), "{error}");
        }
        assert!(study.groups("regoin").unwrap_err().faults()[0].remedy().unwrap().contains("did you mean \"region\"?"));
    }

    proptest::proptest! {
        #[test]
        fn no_condition_makes_it_panic(condition in "([<>=!,()'\"]|gdp|region| and | or | in |市|[0-9]| ){0,12}") {
            let _ = states().mask(&condition);
        }

        #[test]
        fn either_a_number_is_less_or_it_is_not(limit in -30.0..30.0f64) {
            let (states, number) = (states(), limit.to_string());
            let mask = |sign: &str| states.mask(&format!("gdp {sign} {number}")).unwrap();
            let (less, not_less) = (mask("<"), mask(">="));
            for city in [0, 1, 3] {
                proptest::prop_assert!(less[city] != not_less[city]);
            }
            proptest::prop_assert!(!less[2] && !not_less[2]);
        }
    }
}
