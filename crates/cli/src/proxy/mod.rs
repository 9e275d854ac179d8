//! `notifymatters proxy`: the configuration of a reverse proxy in front of Mattermost.

mod files;
mod virtual_host;

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use self::files::Files;
use self::virtual_host::VirtualHost;
use crate::client::{Client, Connection};
use crate::exit::{Exit, Failure, say, write};
use crate::report::{Output, Report};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use notifymatters_findings::address::Address;
use notifymatters_findings::configuration::{self, Block, Source};
use notifymatters_findings::language::Language;
use notifymatters_findings::lines::Program;
use notifymatters_findings::proxy::{
    DEFAULT_UPLOAD_MEGABYTES, Expected, frame_ancestors_setting, judge,
};
use notifymatters_findings::version::Version;

/// Long enough for a server that is there; nobody waits longer for a text to be printed.
const ASK_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  notifymatters proxy nginx --chat https://chat.example.com --host https://mail.example.com
  notifymatters proxy apache --lines --chat https://chat.example.com --host https://mail.example.com
  notifymatters proxy nginx --check /etc/nginx/sites-enabled/chat.conf
  nginx -T | notifymatters proxy nginx --chat https://chat.example.com --check -

It prints to standard output and writes no file. Without --mattermost-version it asks the server at --chat, \
then the one at --upstream, for its version: 10.6.1, 10.7.0 and later say themselves who may frame them \
(ServiceSettings.FrameAncestors), so the proxy has nothing to change.

Exit code: 0 done or clean, 1 a check failed, 2 wrong arguments, 3 something could not be checked.")]
pub(crate) struct Options {
    /// The proxy's program
    #[arg(value_parser = program())]
    program: Program,
    /// Mattermost's address, as people use it
    #[arg(long, value_name = "URL", required_unless_present = "check")]
    chat: Option<Address>,
    /// Address of a page that embeds Mattermost; may be given several times
    #[arg(long = "host", value_name = "URL", required_unless_present = "check")]
    hosts: Vec<Address>,
    /// Print only the lines that embedding needs
    #[arg(long, conflicts_with = "check")]
    lines: bool,
    /// Check these files instead of printing; - is standard input
    #[arg(long, value_name = "FILE", num_args = 1..)]
    check: Vec<PathBuf>,
    /// Mattermost's version, such as 9.11.5; without it, the server is asked
    #[arg(long, value_name = "VERSION")]
    mattermost_version: Option<Version>,
    /// Host and port at which Mattermost itself listens
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8065")]
    upstream: String,
    /// Listen only at this address of the machine
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["lines", "check"])]
    listen: Option<String>,
    /// The certificate's file; with the key in it for HAProxy
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "check"])]
    certificate: Option<String>,
    /// The file of the certificate's key
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "check"])]
    certificate_key: Option<String>,
    /// The largest file that people may upload, in MB: FileSettings.MaxFileSize
    #[arg(long, value_name = "MB", default_value_t = DEFAULT_UPLOAD_MEGABYTES, value_parser = clap::value_parser!(u32).range(4..=100_000))]
    max_upload: u32,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// Each by its name in small letters, as commands and packages have it.
fn program() -> impl TypedValueParser<Value = Program> {
    PossibleValuesParser::new(["nginx", "apache", "caddy", "haproxy"]).map(|name| {
        let named = |program: &Program| program.name().eq_ignore_ascii_case(&name);
        Program::ALL
            .into_iter()
            .find(named)
            .unwrap_or(Program::Nginx)
    })
}

pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let mut hosts: Vec<String> = options.hosts.iter().map(Address::origin).collect();
    hosts.dedup();
    if !options.check.is_empty() {
        return check_files(options, hosts);
    }
    let Some(chat) = &options.chat else {
        return Err(Failure::usage(
            "which Mattermost? Give its address, as in --chat https://chat.example.com",
        ));
    };
    upstream(&options.upstream)?;
    for (name, value) in [
        ("--listen", &options.listen),
        ("--certificate", &options.certificate),
        ("--certificate-key", &options.certificate_key),
    ] {
        unquoted(name, value.as_deref())?;
    }
    let version = version(options, chat)?;
    let has_setting = version.is_some_and(Version::has_frame_ancestors);
    let left_alone = version.filter(|_| has_setting).map(|version| {
        format!(
            "Mattermost {version} says itself who may frame it (ServiceSettings.FrameAncestors, from\n\
             10.6.1 and 10.7.0 on), so the proxy has nothing to change. Set it in the System Console,\n\
             Integrations, Embedding, or by:\n    {}",
            frame_ancestors_setting(&hosts)
        )
    });
    if version.is_none() {
        say(
            "note: the server did not say its version, so this is for one before 10.6.1; \
             later ones need no change of the policy (see --mattermost-version)",
        );
    }
    if options.lines {
        match left_alone {
            Some(why) => say(&why),
            None => {
                for mend in options.program.policy(&hosts, Language::English) {
                    write(&format!("# {}\n{}\n", mend.place, mend.lines))?;
                }
            }
        }
        return Ok(Exit::Clean);
    }
    let host = VirtualHost {
        chat,
        hosts: &hosts,
        upstream: &options.upstream,
        listen: options.listen.as_deref(),
        certificate: options.certificate.as_deref(),
        certificate_key: options.certificate_key.as_deref(),
        upload_megabytes: options.max_upload,
        left_alone: left_alone.as_deref(),
    };
    write(&host.write(options.program))?;
    Ok(Exit::Clean)
}

/// What goes into a configuration as it is must not need quotes there.
fn unquoted(name: &str, value: Option<&str>) -> Result<(), Failure> {
    let plain = |c: char| c.is_alphanumeric() || "-._~/:[]+@=,".contains(c);
    match value {
        Some(value) if value.is_empty() || !value.chars().all(plain) => {
            Err(Failure::usage(format!(
                "{name} {value:?} has characters that need quotes in a configuration: use letters, digits and - . _ / :"
            )))
        }
        _ => Ok(()),
    }
}

fn upstream(text: &str) -> Result<(), Failure> {
    unquoted("--upstream", Some(text))?;
    let url = Url::parse(&format!("http://{text}")).ok();
    let whole = url.is_some_and(|url| {
        url.path() == "/" && url.port_or_known_default().is_some() && !text.contains(['/', '@'])
    });
    if whole
        && text
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok())
    {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "--upstream {text:?} is not a host and a port: write it as in 127.0.0.1:8065"
    )))
}

/// As the administrator says it, or as the server does.
fn version(options: &Options, chat: &Address) -> Result<Option<Version>, Failure> {
    if options.mattermost_version.is_some() {
        return Ok(options.mattermost_version);
    }
    let client = Client::new(&options.connection, Some(ASK_TIMEOUT))?;
    let upstream = format!("http://{}{}", options.upstream, chat.subpath());
    Ok([chat.to_string(), upstream]
        .iter()
        .find_map(|site| ask(&client, site)))
}

fn ask(client: &Client, site: &str) -> Option<Version> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct ClientConfig {
        version: String,
    }
    let answer = client
        .get(&format!("{site}/api/v4/config/client?format=old"))
        .ok()?;
    let config: ClientConfig = serde_json::from_str(&answer.body).ok()?;
    config.version.parse().ok()
}

fn check_files(options: &Options, hosts: Vec<String>) -> Result<Exit, Failure> {
    let mut blocks = Vec::new();
    for path in &options.check {
        let files =
            Files::read(path).map_err(|error| Failure::could_not_look(error.to_string()))?;
        let included = |pattern: &str| files.included(pattern);
        let source = Source::new(&files.name, files.text.clone(), &included);
        blocks.extend(
            configuration::read(options.program, &source)
                .map_err(|error| Failure::could_not_look(error.to_string()))?,
        );
    }
    let block = choose(blocks, options.chat.as_ref(), options.program)?;
    let version = match &options.chat {
        Some(chat) => version(options, chat)?,
        None => options.mattermost_version,
    };
    let findings = judge(
        &block.treatment,
        &Expected { hosts, version },
        options.output.language(),
    );
    let subject = format!(
        "{}: {}, {}",
        options.program.name(),
        block.treatment.name,
        block.treatment.place
    );
    Report::new(subject, findings).print(options.output)
}

/// The block that leads to Mattermost.
fn choose(
    mut blocks: Vec<Block>,
    chat: Option<&Address>,
    program: Program,
) -> Result<Block, Failure> {
    if let Some(chat) = chat {
        let answers = |block: &Block| {
            block
                .names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(chat.host()))
        };
        if blocks.iter().any(answers) {
            blocks.retain(answers);
        }
    }
    if program == Program::Haproxy && blocks.len() > 1 {
        // Its host names stand in conditions; a backend's name or port tells.
        let tells = |block: &Block| {
            let name = block.treatment.name.to_ascii_lowercase();
            name.contains("mattermost") || block.treatment.upstream.ends_with(":8065")
        };
        if blocks.iter().any(tells) {
            blocks.retain(tells);
        }
    }
    let names: Vec<String> = blocks
        .iter()
        .map(|block| block.treatment.name.clone())
        .collect();
    match (blocks.pop(), blocks.is_empty()) {
        (Some(block), true) => Ok(block),
        (None, _) => Err(Failure::could_not_look(
            "nothing in these files forwards to another server: name the file with the virtual host of Mattermost",
        )),
        (Some(_), false) => Err(Failure::usage(format!(
            "several virtual hosts forward to other servers ({}): name Mattermost's with --chat",
            names.join(", ")
        ))),
    }
}
