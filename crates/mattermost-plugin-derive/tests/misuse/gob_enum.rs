//! An enum that is no interface.

use gob_derive::Gob;

#[derive(Gob)]
enum Shape {
    Circle(Circle),
}

fn main() {}
