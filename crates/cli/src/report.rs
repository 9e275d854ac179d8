//! Findings, written for people, for programs and for a ticket.

use std::env;
use std::fmt::Write as _;
use std::io;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;
use terminal_size::{Width, terminal_size_of};

use crate::exit::{Exit, Failure, write};
use notifymatters_findings::language::Language;
use notifymatters_findings::{Finding, Status, verdict};

/// In which form to print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For the terminal
    #[default]
    Human,
    /// For programs
    Json,
    /// For a ticket or a wiki
    Markdown,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Output {
    /// In which form to print what is found
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// In which language to say it [default: that of LC_ALL, LC_MESSAGES or LANG, else English]
    #[arg(long, value_name = "LANGUAGE", value_parser = language())]
    language: Option<Language>,
}

impl Output {
    /// For findings that are written in no other language.
    pub(crate) const ENGLISH: Self = Self {
        format: Format::Human,
        language: Some(Language::English),
    };

    pub(crate) fn language(self) -> Language {
        self.language
            .unwrap_or_else(|| of_locale(|name| env::var(name).ok()))
    }
}

fn language() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(["en", "de"]).map(|name| of_locale(|_| Some(name.clone())))
}

/// The first of the variables that is not empty counts (POSIX, "Internationalization Variables"); a language that no sentence is
/// written in is English.
fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .unwrap_or_default();
    match locale.split(['_', '.', '@']).next() {
        Some("de") => Language::German,
        _ => Language::English,
    }
}

/// Findings about something.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Report {
    /// What was looked at, in a few words.
    pub(crate) subject: String,
    /// The worst of the findings; none is a skip.
    verdict: Status,
    /// In the order in which one would look.
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(subject: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self {
            subject: subject.into(),
            verdict: verdict(&findings),
            findings,
        }
    }

    /// Prints them, and says how the program ends.
    pub(crate) fn print(&self, output: Output) -> Result<Exit, Failure> {
        let text = match output.format {
            Format::Human => self.human(columns(), output.language()),
            Format::Json => self.json()?,
            Format::Markdown => self.markdown(output.language()),
        };
        write(&text)?;
        Ok(match self.verdict {
            Status::Pass | Status::Note | Status::Warn => Exit::Clean,
            Status::Skip => Exit::CouldNotLook,
            Status::Fail => Exit::Fail,
        })
    }

    fn human(&self, columns: usize, say: Language) -> String {
        let mut text = format!("{}\n\n", self.subject);
        let width = self
            .findings
            .iter()
            .map(|finding| finding.id.len())
            .max()
            .unwrap_or(0);
        for finding in &self.findings {
            let style = style(finding.status);
            let word = word(finding.status);
            let says = wrapped(&finding.says, word.len() + 2 + width + 2, columns);
            let _ = writeln!(
                text,
                "{style}{word}{style:#}  {:width$}  {says}",
                finding.id
            );
            for detail in &finding.details {
                let _ = writeln!(text, "      {}", wrapped(detail, 6, columns));
            }
            for mend in &finding.mends {
                let _ = writeln!(text, "      {}:", mend.place);
                for line in mend.lines.lines() {
                    let _ = writeln!(text, "          {line}");
                }
            }
        }
        let _ = writeln!(text, "\n{}", self.summary(say));
        text
    }

    fn markdown(&self, say: Language) -> String {
        let mut text = format!("# {}\n\n", self.subject);
        for finding in &self.findings {
            let _ = writeln!(
                text,
                "- **{}** `{}`: {}",
                word(finding.status),
                finding.id,
                finding.says
            );
            for detail in &finding.details {
                let _ = writeln!(text, "  - {detail}");
            }
            for mend in &finding.mends {
                let _ = writeln!(text, "  - {}:\n\n    ```", mend.place);
                for line in mend.lines.lines() {
                    let _ = writeln!(text, "    {line}");
                }
                text.push_str("    ```\n\n");
            }
        }
        let _ = writeln!(text, "\n{}", self.summary(say));
        text
    }

    fn json(&self) -> Result<String, Failure> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| Failure::could_not_look(format!("cannot write JSON: {error}")))
    }

    fn summary(&self, say: Language) -> String {
        let count = |status| {
            self.findings
                .iter()
                .filter(|finding| finding.status == status)
                .count()
        };
        let counts = [
            Status::Fail,
            Status::Skip,
            Status::Warn,
            Status::Note,
            Status::Pass,
        ]
        .into_iter()
        .filter(|status| count(*status) > 0)
        .map(|status| format!("{} {}", count(status), word(status)))
        .collect::<Vec<_>>()
        .join(", ");
        format!("{} {counts}.", self.verdict.says(say))
    }
}

/// As many as the terminal has; without one there is no limit.
pub(crate) fn columns() -> usize {
    terminal_size_of(io::stdout()).map_or(usize::MAX, |(Width(columns), _)| columns.into())
}

/// A text whose further lines begin as far to the right as the first; a word is never broken.
pub(crate) fn wrapped(text: &str, indent: usize, columns: usize) -> String {
    let mut lines = String::new();
    let mut column = indent;
    for (number, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if number > 0 && column + 1 + length > columns {
            let _ = write!(lines, "\n{:indent$}", "");
            column = indent;
        } else if number > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
    }
    lines
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Note => "note",
        Status::Warn => "warn",
        Status::Skip => "skip",
        Status::Fail => "FAIL",
    }
}

const fn style(status: Status) -> Style {
    match status {
        Status::Pass => AnsiColor::Green.on_default(),
        Status::Note => AnsiColor::Blue.on_default(),
        Status::Warn => AnsiColor::Yellow.on_default(),
        Status::Skip => AnsiColor::Cyan.on_default(),
        Status::Fail => AnsiColor::Red.on_default().bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let finding = Finding::fail("policy-kept", "the policy is gone")
            .detail("why")
            .mend("nginx", "a;\nb;");
        Report::new(
            "chat.conf",
            vec![finding, Finding::pass("body-limit", "files pass")],
        )
    }

    #[test]
    fn a_report_for_programs_has_stable_words() {
        let json: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(json["verdict"], "fail");
        assert_eq!(json["findings"][0]["id"], "policy-kept");
        assert_eq!(json["findings"][0]["mends"][0]["lines"], "a;\nb;");
        assert_eq!(json["findings"][1]["status"], "pass");
        assert!(json["findings"][1].get("mends").is_none());
    }

    /// `UPDATE=1 cargo test -p notifymatters-cli the_schema` writes it.
    #[test]
    fn the_schema_in_the_documentation_is_that_of_the_report() {
        let generator = schemars::generate::SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator();
        let schema = generator.into_root_schema_for::<Report>();
        let own = serde_json::to_value(&schema).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/doctor.schema.json");
        if env::var_os("UPDATE").is_some() {
            std::fs::write(path, format!("{own:#}\n")).unwrap();
        }
        // As values: the order of members depends on what else is built along with this crate.
        let documented: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(documented, own);
    }

    #[test]
    fn a_report_keeps_to_the_width_of_its_terminal_but_for_lines_to_copy() {
        let line = "add_header Content-Security-Policy \"frame-ancestors 'self' https://mail.example.com\" always;";
        let finding = Finding::fail("frame-ancestors", "b ".repeat(60).trim())
            .detail("c ".repeat(60).trim())
            .mend("nginx", line);
        let report = Report::new("chat.conf", vec![finding]);
        let text = anstream::adapter::strip_str(&report.human(80, Language::English)).to_string();
        assert!(text.contains(line), "{text}");
        let others = || text.lines().filter(|text| !text.contains(line));
        assert!(others().all(|line| line.chars().count() <= 80), "{text}");
        let again = others().filter(|line| line.starts_with(&" ".repeat(23)));
        assert_eq!(again.count(), 2, "{text}");
    }

    #[test]
    fn a_report_for_people_ends_with_what_it_comes_to() {
        let text = anstream::adapter::strip_str(&report().human(usize::MAX, Language::English))
            .to_string();
        assert!(
            text.contains(
                "FAIL  policy-kept  the policy is gone\n      why\n      nginx:\n          a;\n"
            ),
            "{text}"
        );
        assert!(
            text.ends_with("Something is in the way. 1 FAIL, 1 pass.\n"),
            "{text}"
        );
        assert!(
            report()
                .markdown(Language::English)
                .contains("- **FAIL** `policy-kept`: the policy is gone\n")
        );
    }

    #[test]
    fn the_first_variable_that_is_not_empty_chooses_the_language() {
        for (variables, language) in [
            ([None, None, None], Language::English),
            ([None, None, Some("de_AT.UTF-8")], Language::German),
            ([Some(""), Some("de"), Some("en_US")], Language::German),
            ([Some("C.UTF-8"), Some("de"), None], Language::English),
            ([None, None, Some("del_US")], Language::English),
        ] {
            let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
            let found = of_locale(|wanted| {
                let place = names.iter().position(|name| *name == wanted)?;
                variables[place].map(str::to_owned)
            });
            assert_eq!(found, language, "{variables:?}");
        }
    }
}
