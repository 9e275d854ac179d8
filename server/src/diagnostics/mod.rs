//! What the System Console's embedding check asks the server part: facts, no advice.

mod asked;
mod origin_report;
mod report;

pub(crate) use asked::Asked;
pub(crate) use report::Report;
