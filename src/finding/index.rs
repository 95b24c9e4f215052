//! To be filled.
pub(super) const TELLERS: &[(&str, super::Teller)] = &[];
