//! The keys of a study file, explained by the help of the flags of their names.

use std::any::TypeId;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, CommandFactory, parser::ValueSource};

use super::text::{listed, text, texts};
use crate::cli::args::Cli;
use crate::read::StudyFile;

/// Flags that steer this command, and say nothing of the study.
const NOT_KEPT: [&str; 2] = ["replace", "quiet"];

/// A key with what is known of it.
pub(super) struct Key {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
    /// The flag, else the argument, that it stands for.
    flag: Arg,
    /// Whether the flag is one of `analyse`, and with it of this command.
    typed: bool,
}

/// How the value of a key is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Truth,
    Number,
    Numbers,
    Text,
    Texts,
}

/// Every key of a study file, in its order.
pub(super) fn keys() -> Vec<Key> {
    let cli = Cli::command();
    let of = |command: &str, name: &str| {
        let mut flags = cli.find_subcommand(command)?.get_arguments();
        let is = |text: &str| text.replace('-', "_") == *name;
        flags.find(|flag| flag.get_long().is_some_and(is) || flag.get_id().as_str() == name).cloned()
    };
    let key = |(section, names): (&'static str, Vec<&'static str>)| {
        let run = names.iter().find_map(|name| of("analyse", name));
        // Where results go is the matter of a run, not of this command.
        let typed = run.as_ref().is_some_and(|flag| of("init", flag.get_id().as_str()).is_some());
        // A family's command has the cities and the annotated file as arguments of their own.
        let flag = run.or_else(|| names.iter().find_map(|name| of("autocorrelation", name)))?;
        Some(Key { section, name: names[0], flag, typed })
    };
    StudyFile::keys().into_iter().filter_map(key).collect()
}

impl Key {
    /// What the flag's help says, and what there is to choose from.
    pub(super) fn help(&self) -> String {
        let help = self.flag.get_help().map(ToString::to_string).unwrap_or_default();
        let choices: Vec<String> = self.choices();
        if choices.is_empty() { help } else { format!("{help}; one of {}", choices.join(", ")) }
    }

    fn choices(&self) -> Vec<String> {
        if self.form() == Form::Truth {
            return Vec::new();
        }
        self.flag.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
    }

    /// Whether its value is the path of a file.
    pub(super) fn is_path(&self) -> bool {
        self.flag.get_value_parser().type_id() == TypeId::of::<PathBuf>()
    }

    fn form(&self) -> Form {
        let is = |types: &[TypeId]| types.iter().any(|known| self.flag.get_value_parser().type_id() == *known);
        let number = is(&[TypeId::of::<f64>(), TypeId::of::<u64>(), TypeId::of::<usize>(), TypeId::of::<i32>()]);
        match (self.flag.get_action(), number) {
            (ArgAction::SetTrue, _) => Form::Truth,
            (ArgAction::Append, true) => Form::Numbers,
            (ArgAction::Append, false) => Form::Texts,
            (_, true) => Form::Number,
            (_, false) => Form::Text,
        }
    }

    /// Its default as TOML, else what can stand there, else what goes there in capitals.
    pub(super) fn example(&self) -> String {
        let help = self.help();
        let default = help.split_once("[default: ").and_then(|(_, rest)| rest.split([']', ';']).next());
        let choices = self.choices();
        let literal = default.filter(|default| match self.form() {
            Form::Text => choices.iter().any(|choice| choice == default) || !default.contains(' '),
            _ => default.split(',').all(|part| part.parse::<f64>().is_ok()),
        });
        let names = self.flag.get_value_names().and_then(|names| names.first()).map_or("TEXT", |name| name.as_str());
        // An enumeration in capitals is no example, its first member is one.
        let usual = choices.first().map_or(names, String::as_str);
        self.toml(literal.unwrap_or(usual).split(',').map(str::to_owned).collect())
    }

    /// These values as TOML.
    pub(super) fn toml(&self, values: Vec<String>) -> String {
        match self.form() {
            Form::Truth => values.iter().any(|value| value == "true").to_string(),
            Form::Number => values.concat(),
            Form::Numbers => listed(values),
            Form::Text => text(&values.join(",")),
            Form::Texts => texts(values),
        }
    }

    /// What was typed for it, in the order of the command line.
    pub(super) fn given(&self, matches: &ArgMatches) -> Option<Vec<String>> {
        let id = self.flag.get_id().as_str();
        let kept = self.typed && !NOT_KEPT.contains(&self.name);
        // A flag of one year stands for the key of years.
        let ids = if id == "years" { vec!["years", "year"] } else { vec![id] };
        let typed = |id: &&str| kept && matches.value_source(id) == Some(ValueSource::CommandLine);
        let id = ids.into_iter().find(typed)?;
        Some(matches.get_raw(id)?.map(|value| value.to_string_lossy().into_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_the_help_of_a_flag() {
        let keys = keys();
        assert_eq!(keys.len(), StudyFile::keys().len());
        for key in &keys {
            assert!(key.help().len() > 10, "{} is not explained", key.name);
        }
        let example = |name: &str| keys.iter().find(|key| key.name == name).unwrap().example();
        for (name, toml) in [
            ("permutations", "999"),
            ("alternative", "\"two-sided\""),
            ("transform", "\"row\""),
            ("mass_exponents", "[\"1\", \"1\"]"),
            ("bands", "[\"LENGTH\", \"LENGTH\"]"),
            ("years", "[YYYY, YYYY]"),
            ("undirected", "false"),
            ("dir", "\"agglo-out\""),
            ("link_model", "\"gravity\""),
            ("mass", "\"COL\""),
            ("max_dense", "20000"),
        ] {
            assert_eq!(example(name), toml, "{name}");
        }
    }
}
