//! What the System Console's embedding check asks the server part.

mod asked;
mod report;

pub(crate) use asked::Asked;
pub(crate) use report::{Question, Report};
