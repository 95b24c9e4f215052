//! cli
pub mod args;
pub mod settings;
mod standins;
/// run
pub fn run(_: Vec<std::ffi::OsString>) -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
