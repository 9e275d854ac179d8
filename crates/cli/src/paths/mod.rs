//! `notifymatters paths`: which Mattermost is on this machine, and where its parts are.

mod config;
mod layouts;
mod unit;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use self::config::Config;
pub(crate) use self::config::read_text;
use self::layouts::{LAYOUTS, Layout};
use self::unit::Unit;
use crate::exit::{Exit, Failure, say, write};
use crate::report::{columns, wrapped};
use notifymatters_findings::text::plain;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
It reads files and changes nothing; secrets in them are not shown.

Exit code: 0 found, 2 wrong arguments, 3 no Mattermost was found.")]
pub(crate) struct Options {
    /// Look below this folder in place of the machine's root
    #[arg(long, value_name = "FOLDER", default_value = "/", env = ROOT_VARIABLE)]
    root: PathBuf,
    /// In which form to print
    #[arg(long, value_enum, default_value_t = Form::Human)]
    format: Form,
}

/// The same for `platform`, whose words are another program's.
pub(crate) const ROOT_VARIABLE: &str = "NOTIFYMATTERS_ROOT";

/// In which form to print places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For the terminal
    Human,
    /// For programs
    Json,
}

/// One Mattermost and its places.
#[derive(Debug, Serialize)]
pub(crate) struct Installation {
    /// `kopano`, `tarball`, `grommunio-chat`, `container` or `omnibus-gitlab`.
    pub(crate) kind: &'static str,
    /// How it was recognised.
    recognised_by: String,
    /// The server's executable.
    pub(crate) program: Option<Place>,
    /// mmctl, by whatever name.
    pub(crate) tool: Option<Place>,
    /// The folder in which the server runs: relative paths of its configuration begin there.
    pub(crate) folder: Option<Place>,
    /// `config.json`; `None` where it lies in the database.
    pub(crate) configuration: Option<Place>,
    logs: Option<Place>,
    data: Option<Place>,
    plugins: Option<Place>,
    /// Of local mode; there while the server runs with `ServiceSettings.EnableLocalMode`.
    pub(crate) socket: Option<Place>,
    /// systemd's unit, or another supervisor's name.
    service: Option<String>,
    /// As whom the server runs.
    pub(crate) user: Option<String>,
    /// Why its configuration could not be read, so that the other places may be wrong.
    #[serde(skip)]
    pub(crate) unread: Option<String>,
    /// What could not be read, and why.
    notes: Vec<String>,
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) exists: bool,
    /// Whether it exists cannot be seen: its folder is closed to this user.
    closed: bool,
    /// How it is known.
    known_by: String,
}

impl Place {
    fn new(path: impl Into<PathBuf>, known_by: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            exists: path.exists(),
            closed: is_closed(&path),
            path,
            known_by: known_by.into(),
        }
    }
}

fn is_closed(path: &Path) -> bool {
    let seen = path.try_exists();
    seen.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let found = find(&options.root, None)?;
    let text = match options.format {
        Form::Human => found
            .iter()
            .map(|installation| installation.human(columns()))
            .collect::<Vec<_>>()
            .join("\n"),
        Form::Json => {
            let json = serde_json::to_string_pretty(&found);
            json.map_err(|error| Failure::could_not_look(format!("cannot write JSON: {error}")))?
                + "\n"
        }
    };
    write(&text)?;
    Ok(Exit::Clean)
}

/// Every Mattermost below a root; `config` names the configuration in place of what would be found.
///
/// # Errors
///
/// There is none; the message says where it was looked for.
pub(crate) fn find(root: &Path, config: Option<&Path>) -> Result<Vec<Installation>, Failure> {
    let mut found: Vec<Installation> = Vec::new();
    for layout in &LAYOUTS {
        if let Some(installation) = recognise(layout, root, config) {
            let same = |own: &Option<Place>, other: &Option<Place>| {
                own.is_some() && own.as_ref().map(|p| &p.path) == other.as_ref().map(|p| &p.path)
            };
            let known = found.iter().any(|other| {
                same(&other.program, &installation.program)
                    || same(&other.configuration, &installation.configuration)
            });
            if !known {
                found.push(installation);
            }
        }
    }
    if found.is_empty() {
        let marks: Vec<&str> = LAYOUTS
            .iter()
            .flat_map(|layout| layout.marks)
            .copied()
            .collect();
        let mut services: Vec<&str> = LAYOUTS
            .iter()
            .flat_map(|layout| layout.services)
            .copied()
            .collect();
        // One service is that of two kinds.
        services.sort_unstable();
        services.dedup();
        let closed = marks.iter().any(|mark| is_closed(&below(root, mark)));
        return Err(Failure::could_not_look(format!(
            "no Mattermost was found below {}: there is none of {}, and no service {}. {}",
            root.display(),
            marks.join(", "),
            services.join(", "),
            if closed {
                "Some of these folders are closed to you: put `sudo` before it"
            } else {
                "Run it on Mattermost's own machine"
            }
        )));
    }
    Ok(found)
}

/// The first of those below a root, which is the machine's own unless one is named.
pub(crate) fn the_one(
    root: Option<PathBuf>,
    config: Option<&Path>,
) -> Result<Installation, Failure> {
    let root = root.or_else(|| env::var_os(ROOT_VARIABLE).map(PathBuf::from));
    let mut found = find(root.as_deref().unwrap_or(Path::new("/")), config)?;
    if found.len() > 1 {
        let kinds: Vec<&str> = found.iter().map(|installation| installation.kind).collect();
        say(&format!(
            "note: several were found ({}); this is about the first",
            kinds.join(", ")
        ));
    }
    Ok(found.remove(0))
}

/// Where mmctl looks for the socket of local mode.
pub(crate) const SOCKET_VARIABLE: &str = "MMCTL_LOCAL_SOCKET_PATH";

/// What to do where there is none.
#[cfg(unix)]
pub(crate) fn no_socket(path: &Path) -> String {
    format!(
        "there is no socket at {}: the server does not run, or its local mode is off. Set \
         ServiceSettings.EnableLocalMode to true in its configuration and restart it",
        path.display()
    )
}

/// As whom to run what is Mattermost's user's, and how.
#[cfg(unix)]
pub(crate) fn or_root(user: &str) -> String {
    match user {
        "root" => "root: put `sudo` before it".to_owned(),
        user => format!("root or as {user}: put `sudo` or `sudo -u {user}` before it"),
    }
}

/// A path of the machine, below another root.
fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

fn recognise(layout: &Layout, root: &Path, given: Option<&Path>) -> Option<Installation> {
    let mark = layout.marks.iter().find(|mark| below(root, mark).exists());
    let unit = layout
        .services
        .iter()
        .find_map(|service| Unit::find(root, service));
    let started = unit
        .as_ref()
        .and_then(|unit| Some((unit, unit.program.as_ref()?)));
    let recognised_by = match (mark, &started) {
        (Some(mark), _) => below(root, mark).display().to_string(),
        (None, Some((unit, program))) if layout.by_service && below(root, program).exists() => {
            format!("ExecStart of {}", unit.name)
        }
        _ => return None,
    };
    let mut notes = Vec::new();
    let candidates = |paths: &[&str]| {
        let places = paths
            .iter()
            .map(|path| Place::new(below(root, path), format!("the layout of {}", layout.name)));
        let places: Vec<Place> = places.collect();
        places
            .iter()
            .find(|place| place.exists)
            .or(places.first())
            .cloned()
    };
    let program = match &started {
        Some((unit, program)) => Some(Place::new(
            below(root, program),
            format!("ExecStart of {}", unit.name),
        )),
        None => candidates(layout.programs),
    };
    let folder = folder(layout, root, unit.as_ref(), program.as_ref());
    // A program in an unusual place has its tool beside it.
    let beside = program
        .as_ref()
        .and_then(|program| Some(program.path.parent()?.join("mmctl")))
        .filter(|path| path.exists());
    let tool = match beside {
        Some(path) => Some(Place::new(path, "beside the program")),
        None => candidates(layout.tools),
    };
    let environment = unit
        .as_ref()
        .map(|unit| unit.environment(root))
        .unwrap_or_default();
    let configuration = configuration(
        layout,
        root,
        unit.as_ref(),
        &environment,
        folder.as_ref(),
        given,
        &mut notes,
    );
    let read = configuration
        .as_ref()
        .filter(|place| place.exists || place.closed)
        .map(|place| Config::read(&place.path));
    let mut unread = None;
    let config = match read {
        Some(Ok(config)) => config,
        Some(Err(why)) => {
            notes.push(format!(
                "its configuration could not be read, and may name other places: {why}"
            ));
            unread = Some(why);
            Config::default()
        }
        None => Config::default(),
    };
    let setting = |name: &str, value: Option<&str>, fallback: &[&str]| {
        let variable = format!("MM_{}", name.replace('.', "_").to_uppercase());
        let (value, known_by) = match (
            environment.get(&variable),
            value.filter(|value| !value.is_empty()),
        ) {
            (Some(value), _) => (value.as_str(), variable),
            (None, Some(value)) => (value, format!("{name} in the configuration")),
            (None, None) => return candidates(fallback),
        };
        let path = match (Path::new(value).is_absolute(), &folder) {
            (false, Some(folder)) => folder.path.join(value.trim_start_matches("./")),
            _ => below(root, value),
        };
        Some(Place::new(path, known_by))
    };
    let logs = setting("LogSettings.FileLocation", config.log_folder(), layout.logs);
    let data = setting("FileSettings.Directory", config.data_folder(), layout.data);
    let plugins = setting(
        "PluginSettings.Directory",
        config.plugin_folder(),
        layout.plugins,
    );
    let socket = setting(
        "ServiceSettings.LocalModeSocketLocation",
        config.socket(),
        layout.sockets,
    );
    if config.local_mode() == Some(false)
        && !environment.contains_key("MM_SERVICESETTINGS_ENABLELOCALMODE")
    {
        notes.push(
            "local mode is off: mmctl --local needs ServiceSettings.EnableLocalMode".to_owned(),
        );
    }
    Some(Installation {
        kind: layout.kind,
        recognised_by,
        user: user(layout, unit.as_ref(), configuration.as_ref()),
        program,
        tool,
        folder,
        configuration,
        logs,
        data,
        plugins,
        socket,
        service: unit
            .map(|unit| unit.name)
            .or(layout.supervisor.map(str::to_owned)),
        unread,
        notes,
    })
}

fn folder(
    layout: &Layout,
    root: &Path,
    unit: Option<&Unit>,
    program: Option<&Place>,
) -> Option<Place> {
    if let Some((unit, folder)) = unit.and_then(|unit| Some((unit, unit.folder.as_ref()?))) {
        return Some(Place::new(
            below(root, folder),
            format!("WorkingDirectory of {}", unit.name),
        ));
    }
    if let Some(folder) = layout.folder {
        return Some(Place::new(
            below(root, folder),
            format!("the layout of {}", layout.name),
        ));
    }
    let program = program?;
    Some(Place::new(
        program.path.parent()?.parent()?,
        "above the program",
    ))
}

fn configuration(
    layout: &Layout,
    root: &Path,
    unit: Option<&Unit>,
    environment: &BTreeMap<String, String>,
    folder: Option<&Place>,
    given: Option<&Path>,
    notes: &mut Vec<String>,
) -> Option<Place> {
    if let Some(given) = given {
        return Some(Place::new(given, "--config"));
    }
    let named = match environment.get("MM_CONFIG") {
        Some(value) => Some((value.as_str(), "MM_CONFIG".to_owned())),
        None => unit.and_then(|unit| {
            Some((
                unit.config.as_deref()?,
                format!("ExecStart of {}", unit.name),
            ))
        }),
    };
    if let Some((value, known_by)) = named {
        // The address of a database holds its password.
        if value.contains("://") {
            notes.push(format!(
                "its configuration lies in the database that {known_by} names"
            ));
            return None;
        }
        let path = match (Path::new(value).is_absolute(), folder) {
            (false, Some(folder)) => folder.path.join(value),
            _ => below(root, value),
        };
        return Some(Place::new(path, known_by));
    }
    let known_by = format!("the layout of {}", layout.name);
    let own = folder.map(|folder| folder.path.join("config/config.json"));
    let places = layout
        .configurations
        .iter()
        .map(|path| below(root, path))
        .chain(own);
    let places: Vec<Place> = places
        .map(|path| Place::new(path, known_by.clone()))
        .collect();
    places
        .iter()
        .find(|place| place.exists)
        .or(places.first())
        .cloned()
}

/// The unit's, or else the layout's, or else whose the configuration is.
fn user(layout: &Layout, unit: Option<&Unit>, configuration: Option<&Place>) -> Option<String> {
    let named = unit
        .and_then(|unit| unit.user.clone())
        .or_else(|| layout.user.map(str::to_owned));
    named.or_else(|| owner(&configuration.filter(|place| place.exists)?.path))
}

#[cfg(unix)]
fn owner(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;

    user_name(path.metadata().ok()?.uid())
}

#[cfg(unix)]
pub(crate) fn user_name(id: u32) -> Option<String> {
    let id = nix::unistd::Uid::from_raw(id);
    Some(nix::unistd::User::from_uid(id).ok()??.name)
}

#[cfg(not(unix))]
fn owner(_: &Path) -> Option<String> {
    None
}

/// Where the values of the list begin.
const INDENT: usize = 17;

impl Installation {
    fn human(&self, columns: usize) -> String {
        let mut text = format!("{}, recognised by {}\n\n", self.kind, self.recognised_by);
        let places = [
            ("program", &self.program),
            ("mmctl", &self.tool),
            ("folder", &self.folder),
            ("configuration", &self.configuration),
            ("logs", &self.logs),
            ("data", &self.data),
            ("plugins", &self.plugins),
            ("socket", &self.socket),
        ];
        let shown = |place: &Place| plain(&place.path.display().to_string());
        let width = places
            .iter()
            .filter_map(|(_, place)| Some(shown(place.as_ref()?).chars().count()))
            .max()
            .unwrap_or(0);
        let missing = |place: &Place| match place {
            Place { exists: true, .. } => "",
            Place { closed: true, .. } => "  (closed to you)",
            _ => "  (not there)",
        };
        let length = |place: &Place| place.known_by.chars().count() + missing(place).len();
        let rest = columns.saturating_sub(INDENT + width + 2);
        let given = || places.iter().filter_map(|(_, place)| place.as_ref());
        let is_narrow = given().any(|place| length(place) > rest);
        for (name, place) in places {
            let Some(place) = place else {
                let _ = writeln!(text, "  {name:13}  -");
                continue;
            };
            let (path, missing) = (shown(place), missing(place));
            let _ = if is_narrow {
                let known_by = wrapped(&place.known_by, INDENT, columns);
                writeln!(
                    text,
                    "  {name:13}  {path}{missing}\n{:INDENT$}{known_by}",
                    ""
                )
            } else {
                let known_by = &place.known_by;
                writeln!(text, "  {name:13}  {path:width$}  {known_by}{missing}")
            };
        }
        for (name, value) in [("service", &self.service), ("user", &self.user)] {
            let _ = writeln!(
                text,
                "  {name:13}  {}",
                plain(value.as_deref().unwrap_or("-"))
            );
        }
        for note in &self.notes {
            let _ = writeln!(text, "\n  {}", wrapped(note, 2, columns));
        }
        text
    }
}
