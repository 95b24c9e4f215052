//! The command line: what was typed ([`args`]), what it means ([`settings`]), what is read (`load`), the run ([`plan`]),
//! and how its result is shown ([`present`]), complained about ([`diagnose`]) and kept ([`output`]). One file for each
//! command.

mod analyse;
mod annotate;
pub mod args;
mod check;
pub mod diagnose;
mod explain;
mod export;
mod family;
mod figures;
mod files;
mod folder;
mod init;
mod load;
pub mod output;
pub mod plan;
pub mod present;
mod progress;
mod reach;
mod selection;
pub mod settings;
mod study;
mod tables;
mod weights;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::error::{Error, Kind};
use crate::measures::Family;
use crate::write::Report;
use args::{Cli, Command, CommonArgs};

/// Why a command ends early.
enum Failure {
    /// Something is wrong with inputs, options or outputs.
    Fault(Error),
    /// There were so many warnings, and `--strict`.
    Strict(usize),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

/// Runs the command in `argv` and says how it ended: 0 done, 1 the input cannot be analysed, 2 usage, 3 an output
/// cannot be written.
pub fn run(argv: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(&argv) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    output::on_signals();
    match dispatch(cli.command, &argv) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Fault(error)) => {
            diagnose::tell(&diagnose::error_text(&error, diagnose::colours()));
            ExitCode::from(exit_code(&error))
        }
        Err(Failure::Strict(count)) => {
            let noun = if count == 1 { "warning" } else { "warnings" };
            diagnose::tell(&format!("error: {count} {noun}, which --strict does not let pass; nothing was written\n"));
            ExitCode::from(1)
        }
    }
}

fn dispatch(command: Command, typed: &[OsString]) -> Result<(), Failure> {
    let argv = &export::normalised(typed);
    match command {
        Command::Init(args) => init::run(args, typed),
        Command::Analyse(args) => analyse::run(args, argv),
        Command::Autocorrelation(args) => family::run(Family::Autocorrelation, args, argv),
        Command::Imbalance(args) => family::run(Family::Imbalance, args, argv),
        Command::Radiation(args) => family::run(Family::Radiation, args, argv),
        Command::Isomorphism(args) => family::run(Family::Isomorphism, args, argv),
        Command::Structure(args) => family::run(Family::Structure, args, argv),
        Command::Index(args) => family::run(Family::Index, args, argv),
        Command::Weights(args) => weights::run(args, argv),
        Command::Check(args) => check::run(args, argv),
        Command::Explain(args) => explain::run(&args),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "agglo", &mut text);
            print(&text)
        }
        Command::Man => {
            let mut text = Vec::new();
            manual(&mut text).map_err(|error| output::stdout_error(&error))?;
            print(&text)
        }
    }
}

/// The manual page: the program, then each command with its options.
fn manual(out: &mut Vec<u8>) -> io::Result<()> {
    let mut cli = Cli::command();
    cli.build();
    clap_mangen::Man::new(cli.clone()).render(out)?;
    for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
        let page = clap_mangen::Man::new(command.clone());
        page.render_name_section(out)?;
        page.render_synopsis_section(out)?;
        page.render_options_section(out)?;
    }
    Ok(())
}

/// A fault of an option that was typed is one of usage; one in a study file is one of the input.
fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        Kind::Output => 3,
        Kind::Option if error.faults().iter().all(|fault| fault.place().file.is_none()) => 2,
        _ => 1,
    }
}

/// Help and version go to standard output, faults of usage to standard error.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render();
    if error.use_stderr() {
        let text = if diagnose::colours() { text.ansi().to_string() } else { text.to_string() };
        diagnose::tell(&text);
        return ExitCode::from(2);
    }
    match print(text.to_string().as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(3),
    }
}

/// Writes to standard output. A reader who has left has had enough: that is no fault.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    print_with(|out| out.write_all(bytes))
}

/// Writes to standard output piece by piece, as [`print`].
fn print_with(content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = content(&mut out).and_then(|()| out.flush());
    // The buffer is not to be written once more when it is dropped.
    let _ = out.into_parts();
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(output::stdout_error(&error).into()),
        _ => Ok(()),
    }
}

/// Sets the number of threads, which changes no result.
fn use_threads(common: &CommonArgs) {
    if let Some(threads) = common.threads {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
}

/// Tells the notes of a run, and ends it if there are warnings and `--strict`.
fn tell_notes(report: &Report, common: &CommonArgs) -> Result<(), Failure> {
    let mut notes = report.all_notes();
    notes.retain(|note| note.code != "follows"); // a finding, which the summary tells
    diagnose::tell(&diagnose::notes_text(&notes, common.quiet, diagnose::colours()));
    match report.warnings() {
        count if common.strict && count > 0 => Err(Failure::Strict(count)),
        _ => Ok(()),
    }
}
