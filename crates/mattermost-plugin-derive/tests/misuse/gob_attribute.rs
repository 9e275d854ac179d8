//! An attribute that there is not.

use gob_derive::Gob;

#[derive(Gob)]
#[gob(rename = "Request")]
struct Request {
    url: String,
}

fn main() {}
