//! What a chore needs, looked through before anything long begins: one list of all that is missing, each with its command.

use anyhow::{Result, bail};

use super::{
    CargoTool, NODE, NPM, NodeModules, OBJCOPY, PYTHON, Setup, Tool, Toolchain, Zig, objcopy,
};

/// Something that a chore needs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need {
    Tool(&'static Tool),
    CargoTool(&'static CargoTool),
    /// The npm packages of a folder, and Node.js.
    NodeModules(&'static str),
    /// What compiles for this target.
    Toolchain(&'static str),
    /// What links for other platforms.
    Zig,
    /// What strips executables for macOS.
    Objcopy,
}

/// What is not there.
#[derive(Debug, PartialEq, Eq)]
enum Missing {
    /// It comes by this Debian package, which may be installed; and its name.
    Package(&'static str, &'static str),
    /// What it is, and how to get it.
    ByHand(String),
}

impl Setup {
    /// Looks for all of it, and installs the system's packages that are missing, together. What stays in the project or in the
    /// Rust toolchain is fetched when its turn comes.
    ///
    /// # Errors
    ///
    /// Something is missing that may not be installed here: the error lists all of it.
    pub(crate) fn require(&self, needs: &[Need]) -> Result<()> {
        let mut missing: Vec<Missing> = Vec::new();
        for need in needs {
            for found in self.missing(*need)? {
                if !missing.contains(&found) {
                    missing.push(found);
                }
            }
        }
        let by_hand: Vec<_> = missing
            .iter()
            .filter_map(|missing| match missing {
                Missing::ByHand(line) => Some(format!("\n  - {line}")),
                Missing::Package(..) => None,
            })
            .collect();
        if !by_hand.is_empty() {
            bail!("missing:{}", by_hand.concat());
        }
        let (packages, names): (Vec<_>, Vec<_>) = missing
            .iter()
            .filter_map(|missing| match missing {
                Missing::Package(package, name) => Some((*package, *name)),
                Missing::ByHand(_) => None,
            })
            .unzip();
        if packages.is_empty() {
            return Ok(());
        }
        self.machine().apt_install(&packages, &names.join(", "))
    }

    fn missing(&self, need: Need) -> Result<Vec<Missing>> {
        let by_hand = |line: Option<String>| line.map(Missing::ByHand).into_iter().collect();
        Ok(match need {
            Need::Tool(tool) => self.missing_tool(tool).into_iter().collect(),
            Need::CargoTool(tool) => by_hand(tool.lacks(self)),
            Need::NodeModules(folder) => [&NODE, &NPM]
                .into_iter()
                .filter_map(|tool| self.missing_tool(tool))
                .chain(NodeModules::lacks(self, folder).map(Missing::ByHand))
                .collect(),
            Need::Toolchain(triple) => by_hand(Toolchain::lacks(self, triple)?),
            Need::Zig => {
                let python = Zig::needs_python(self.project()).then_some(&PYTHON);
                python
                    .and_then(|python| self.missing_tool(python))
                    .into_iter()
                    .chain(Zig::lacks(self).map(Missing::ByHand))
                    .collect()
            }
            Need::Objcopy if objcopy::own()?.is_some() => Vec::new(),
            Need::Objcopy => self.missing_tool(&OBJCOPY).into_iter().collect(),
        })
    }

    fn missing_tool(&self, tool: &Tool) -> Option<Missing> {
        let fault = tool.checked().err()?;
        match tool.package {
            Some(package) if tool.find().is_none() && tool.may_be_installed(self.machine()) => {
                Some(Missing::Package(package, tool.name))
            }
            _ => Some(Missing::ByHand(format!(
                "{fault}: {}",
                tool.by_hand(self.machine())
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;
    use crate::setup::Machine;

    const NOBODY_HAS_IT: Tool = Tool {
        name: "A spinning wheel",
        purpose: "yarn",
        programs: &["no-such-program-anywhere"],
        package: Some("spinning-wheel"),
        ..Tool::PLAIN
    };
    const NO_PACKAGE: Tool = Tool {
        name: "A loom",
        purpose: "cloth",
        programs: &["no-such-program-anywhere"],
        advice: "build one",
        ..Tool::PLAIN
    };
    const NEEDS: [Need; 4] = [
        Need::Tool(&NOBODY_HAS_IT),
        Need::NodeModules("webapp"),
        Need::Tool(&NO_PACKAGE),
        Need::Tool(&NO_PACKAGE),
    ];

    fn setup(machine: Machine, root: &std::path::Path) -> Setup {
        Setup {
            project: Project::at(root),
            machine,
        }
    }

    #[test]
    fn all_that_is_missing_is_said_at_once_each_with_what_to_do_about_it() {
        let root = tempfile::tempdir().unwrap();
        let person = Machine {
            no_install: true,
            debian: true,
            ..Machine::default()
        };
        let error = setup(person, root.path()).require(&NEEDS).unwrap_err();
        let said = error.to_string();
        let mut lines = said
            .lines()
            // Node.js is on some machines and not on others.
            .filter(|line| !line.contains("https://nodejs.org"));
        assert_eq!(lines.next(), Some("missing:"));
        assert_eq!(
            lines.next(),
            Some(
                "  - A spinning wheel, for yarn: sudo apt-get install --no-install-recommends spinning-wheel"
            )
        );
        let npm = lines.next().unwrap_or_default();
        assert!(npm.contains("npm ci --prefix webapp"), "{said}");
        assert_eq!(lines.next(), Some("  - A loom, for cloth: build one"));
        assert_eq!(lines.next(), None, "each once");
    }

    #[test]
    fn what_would_run_as_a_service_of_this_machine_is_left_to_its_owner() {
        const SERVER: Tool = Tool {
            is_service: true,
            ..NOBODY_HAS_IT
        };
        let root = tempfile::tempdir().unwrap();
        let machine = Machine {
            root: true,
            debian: true,
            starts_services: true,
            ..Machine::default()
        };
        assert_eq!(
            setup(machine, root.path())
                .missing(Need::Tool(&SERVER))
                .unwrap(),
            [Missing::ByHand(
                "A spinning wheel, for yarn: apt-get install --no-install-recommends spinning-wheel \
                 (and stop the service that this starts)"
                    .to_owned()
            )]
        );
        for there in [
            Machine {
                ci: true,
                ..machine
            },
            Machine {
                starts_services: false,
                ..machine
            },
        ] {
            assert_eq!(
                setup(there, root.path())
                    .missing(Need::Tool(&SERVER))
                    .unwrap(),
                [Missing::Package("spinning-wheel", "A spinning wheel")]
            );
        }
    }

    #[test]
    fn what_can_be_installed_is_no_reason_to_stop() {
        let root = tempfile::tempdir().unwrap();
        let machine = Machine {
            root: true,
            debian: true,
            ..Machine::default()
        };
        let setup = setup(machine, root.path());
        assert_eq!(
            setup.missing(Need::Tool(&NOBODY_HAS_IT)).unwrap(),
            [Missing::Package("spinning-wheel", "A spinning wheel")]
        );
    }
}
