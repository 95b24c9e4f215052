//! The files of a run: their bytes and their digests.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::output::base_name;
use crate::error::{Fault, Kind, Result};
use crate::write::InputFile;

/// Largest file that is read.
const LARGEST_FILE: u64 = 2 << 30;

/// The files of a run, each with its digest.
#[derive(Debug, Default)]
pub struct Files {
    /// What was read.
    pub inputs: Vec<InputFile>,
    /// Where it was read.
    pub paths: Vec<PathBuf>,
}

impl Files {
    /// The bytes of a file; `-` is standard input.
    ///
    /// # Errors
    /// [`Kind::Read`] with what the system says; [`Kind::TooLarge`] beyond 2 GiB.
    pub fn read(&mut self, path: &Path, role: &'static str) -> Result<Vec<u8>> {
        let name = base_name(path);
        let fault = |error: std::io::Error| {
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or_default().to_owned();
            Fault::new(Kind::Read, format!("cannot be read: {reason}")).file(&name)
        };
        let mut bytes = Vec::new();
        if path == Path::new("-") {
            if self.inputs.iter().any(|input| input.name == "-") {
                let fault = Fault::new(Kind::Option, "standard input can be read once only");
                return Err(fault.field(role).hint("name a file for all inputs but one").into());
            }
            std::io::stdin().lock().read_to_end(&mut bytes).map_err(fault)?;
        } else {
            let size = std::fs::metadata(path).map_err(fault)?;
            if size.is_dir() {
                let message = "is a folder, and a file is needed";
                return Err(Fault::new(Kind::Read, message).file(&name).hint("name a file in it").into());
            }
            if size.len() > LARGEST_FILE {
                let message = format!("{} bytes are more than the 2 GiB that are read", size.len());
                return Err(Fault::new(Kind::TooLarge, message).file(&name).hint("simplify the borders").into());
            }
            bytes = std::fs::read(path).map_err(fault)?;
            self.paths.push(path.to_owned());
        }
        let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        self.inputs.push(InputFile { role, name, sha256, rows: None });
        Ok(bytes)
    }

    /// Notes how many rows the file that was read last holds.
    pub(super) fn rows(&mut self, rows: usize) {
        if let Some(input) = self.inputs.last_mut() {
            input.rows = Some(rows);
        }
    }
}
