//! Outcomes to bytes: one file a format.
