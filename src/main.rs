//! The `agglo` command.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    agglo::cli::run(std::env::args_os().collect())
}
