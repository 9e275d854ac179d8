//! Teams, by the name in their address.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::{Rest, Step, Trouble};

/// The part of a team's address that stands for it, as in `https://chat.example.com/home`; it cannot be changed later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct TeamName(String);

#[derive(Debug, thiserror::Error)]
#[error("a team's name has 2 to 64 small letters, digits and hyphens, and begins with a letter")]
pub(crate) struct TeamNameError;

/// `model.TeamNameMinLength`, `model.TeamNameMaxLength`
const LENGTH: std::ops::RangeInclusive<usize> = 2..=64;

impl FromStr for TeamName {
    type Err = TeamNameError;

    fn from_str(text: &str) -> Result<Self, TeamNameError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        if begins && text.chars().all(fits) && LENGTH.contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TeamNameError)
        }
    }
}

impl TryFrom<String> for TeamName {
    type Error = TeamNameError;

    fn try_from(text: String) -> Result<Self, TeamNameError> {
        text.parse()
    }
}

impl fmt::Display for TeamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A team that is there.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Team {
    pub(crate) id: String,
}

impl Team {
    /// `None` where there is no such team.
    pub(crate) fn find(rest: &Rest, name: &TeamName) -> Result<Option<Self>, Trouble> {
        let found = rest.get(Step::To("look for the team"), &format!("teams/name/{name}"));
        match found {
            Ok(team) => Ok(Some(team)),
            Err(trouble) => match &trouble.refusal {
                Some(refusal) if refusal.is_not_found() => Ok(None),
                _ => Err(trouble),
            },
        }
    }
}
