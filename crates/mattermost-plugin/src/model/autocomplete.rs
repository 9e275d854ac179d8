//! The arguments of a slash command, as they are offered while a user types.

use gob::{Gob, Interface, Value};

use super::AutocompleteArg;

/// What the server knows of an argument that is text.
#[derive(Gob)]
struct AutocompleteTextArg {
    hint: String,
}

/// What it knows of an argument that is one of a list.
#[derive(Gob)]
struct AutocompleteStaticListArg {
    possible_arguments: Vec<AutocompleteListItem>,
}

#[derive(Gob)]
struct AutocompleteListItem {
    item: String,
    help_text: String,
}

/// What it knows of an argument whose list the plugin is asked for.
#[derive(Gob)]
struct AutocompleteDynamicListArg {
    #[gob(name = "FetchURL")]
    fetch_url: String,
}

impl AutocompleteArg {
    /// An argument that is text; the hint stands in its place, for example `[question]`.
    ///
    /// ```
    /// use mattermost_plugin::model::{AutocompleteArg, AutocompleteData, Command};
    ///
    /// let poll = AutocompleteData {
    ///     trigger: "poll".into(),
    ///     help_text: "Asks the channel".into(),
    ///     arguments: vec![
    ///         AutocompleteArg::text("What to ask", "[question]"),
    ///         AutocompleteArg {
    ///             required: false,
    ///             ..AutocompleteArg::static_list("How long", [("1h", "An hour"), ("1d", "A day")])
    ///         },
    ///     ],
    ///     ..AutocompleteData::default()
    /// };
    /// let command = Command {
    ///     trigger: "poll".into(),
    ///     auto_complete: true,
    ///     autocomplete_data: Some(poll),
    ///     ..Command::default()
    /// };
    /// ```
    #[must_use]
    pub fn text(help_text: impl Into<String>, hint: impl Into<String>) -> Self {
        let data = AutocompleteTextArg { hint: hint.into() };
        let data = Value::of(&data).ok();
        Self::of(
            "TextInput",
            help_text.into(),
            "*model.AutocompleteTextArg",
            data,
        )
    }

    /// An argument that is one of these words, each with what it means.
    #[must_use]
    pub fn static_list<'a>(
        help_text: impl Into<String>,
        items: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let item = |(item, help_text): (&str, &str)| AutocompleteListItem {
            item: item.to_owned(),
            help_text: help_text.to_owned(),
        };
        let possible_arguments = items.into_iter().map(item).collect();
        let data = Value::of(&AutocompleteStaticListArg { possible_arguments }).ok();
        Self::of(
            "StaticList",
            help_text.into(),
            "*model.AutocompleteStaticListArg",
            data,
        )
    }

    /// An argument that is one of a list, which the server gets from the plugin's router: JSON with the fields `Item`,
    /// `Hint` and `HelpText`. The address is a path below `/plugins/<id>/`.
    #[must_use]
    pub fn dynamic_list(help_text: impl Into<String>, fetch_url: impl Into<String>) -> Self {
        let fetch_url = fetch_url.into();
        let data = Value::of(&AutocompleteDynamicListArg { fetch_url }).ok();
        Self::of(
            "DynamicList",
            help_text.into(),
            "*model.AutocompleteDynamicListArg",
            data,
        )
    }

    /// Texts can always be encoded, so there always is a value.
    fn of(type_: &str, help_text: String, name: &str, data: Option<Value>) -> Self {
        Self {
            help_text,
            type_: type_.to_owned(),
            required: true,
            data: data.map(|value| Interface::new(name, value)),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_an_argument_has_gos_names() {
        let items = [("1h", "An hour")];
        for (argument, name, value) in [
            (
                AutocompleteArg::text("", "[question]"),
                "*model.AutocompleteTextArg",
                r#"AutocompleteTextArg { Hint: String("[question]") }"#,
            ),
            (
                AutocompleteArg::static_list("", items),
                "*model.AutocompleteStaticListArg",
                r#"AutocompleteStaticListArg { PossibleArguments: List([Struct(AutocompleteListItem { Item: String("1h"), HelpText: String("An hour") })]) }"#,
            ),
            (
                AutocompleteArg::dynamic_list("", "answers"),
                "*model.AutocompleteDynamicListArg",
                r#"AutocompleteDynamicListArg { FetchURL: String("answers") }"#,
            ),
        ] {
            let data = argument.data.unwrap();
            assert_eq!(data.name, name);
            assert_eq!(format!("{:?}", data.value), format!("Struct({value})"));
        }
    }
}
