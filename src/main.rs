//! The `agglo` command.
#![forbid(unsafe_code)]

fn main() {}
