//! Conditions on cities, as in `province = Jiangsu and gdp > 1000`.

use std::borrow::Cow;

use super::{Cells, Column, Number, Study};
use crate::Error;
use crate::error::{Fault, Kind, Result, quoted};

impl Study {
    /// For every city, whether it meets a condition.
    ///
    /// A condition is made of comparisons `COLUMN OP VALUE`, where OP is `=`, `!=`, `<`, `<=`, `>`, `>=`, and of
    /// `COLUMN in (VALUE, VALUE)`, joined by `and`, `or` (which binds less) and parentheses. A column or a value with
    /// blanks, operators or a word of the condition in it stands in quotes. A column is one of [`Study::column`];
    /// `id` and `name` are those of the cities if no column has that name.
    ///
    /// Columns of numbers compare as numbers, of truth values as `true` and `false`, others as text; their order is
    /// that of the numbers they read as. A missing value meets no condition.
    ///
    /// # Errors
    /// The condition cannot be read, a column does not exist, or a value does not fit its column.
    pub fn mask(&self, condition: &str) -> Result<Vec<bool>> {
        let mut parser = Parser { study: self, condition, tokens: tokens(condition)?, next: 0 };
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
const SIGNS: [&str; 10] = ["!=", "<=", ">=", "==", "=", "<", ">", "(", ")", ","];

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
            let mask = self.either()?;
            self.expect(")")?;
            return Ok(mask);
        }
        let name = match self.take() {
            Some(Token::Word(name) | Token::Quoted(name)) => name,
            token => return Err(self.unexpected(token, "a column")),
        };
        let column = self.study.compared(&name)?;
        match self.take() {
            Some(Token::Sign(sign @ ("=" | "==" | "!=" | "<" | "<=" | ">" | ">="))) => {
                let value = self.value()?;
                compare(&column, sign, &value)
            }
            Some(token) if token.is_word("in") => {
                self.expect("(")?;
                let mut mask = compare(&column, "=", &self.value()?)?;
                while self.accept(|token| *token == Token::Sign(",")) {
                    let other = compare(&column, "=", &self.value()?)?;
                    mask.iter_mut().zip(other).for_each(|(own, other)| *own |= other);
                }
                self.expect(")")?;
                Ok(mask)
            }
            token => Err(self.unexpected(token, "one of = != < <= > >= in")),
        }
    }

    /// A value: one quoted text, or words up to the next sign, `and` or `or`.
    fn value(&mut self) -> Result<String> {
        let mut value = match self.take() {
            Some(Token::Quoted(text)) => return Ok(text),
            Some(Token::Word(word)) => word,
            token => return Err(self.unexpected(token, "a value")),
        };
        while let Some(Token::Word(word)) = self.tokens.get(self.next) {
            if word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or") {
                break;
            }
            value = format!("{value} {word}");
            self.next += 1;
        }
        Ok(value)
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
        let hint = "write it as 'gdp > 1000 and province = Jiangsu'; names with blanks stand in quotes";
        Fault::new(Kind::Syntax, message).field("where").hint(hint).into()
    }
}

/// The rows of a column that compare with `value` as `sign` says.
fn compare(column: &Column, sign: &str, value: &str) -> Result<Vec<bool>> {
    let fault = |message: String, hint: &str| Error::from(Fault::new(Kind::Value, message).field("where").hint(hint));
    let equality = matches!(sign, "=" | "==" | "!=");
    let negative = sign == "!=";
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
                "!=" => x != wanted && !x.is_nan(),
                "<" => x < wanted,
                "<=" => x <= wanted,
                ">" => x > wanted,
                _ => x >= wanted,
            };
            Ok(numbers.into_iter().map(holds).collect())
        }
    }
}
