//! The plugin's page in the System Console.

mod buttons;
mod capabilities;
mod findings;
mod loading;
mod page;
mod walk;
