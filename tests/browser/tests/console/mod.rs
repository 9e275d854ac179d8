//! The plugin's page in the System Console.

mod buttons;
mod findings;
mod loading;
mod page;
mod walk;
