//! Bytes to records: the only place that knows file formats of inputs.

mod study_file;

pub use study_file::{Analysis, Input, Output, StudyFile};
