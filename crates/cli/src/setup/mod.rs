//! `notifymatters setup`: from a bare server to a working embedding, each change shown before.

mod plan;
#[cfg(test)]
mod tests;
mod wanted;

use std::env;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use serde::de::IgnoredAny;
use serde_json::{Value, json};

use self::plan::{Act, CREATE_TEAM, Facts, Plan, Role};
use self::wanted::Wanted;
use crate::client::Connection;
use crate::doctor;
use crate::exit::{Exit, Failure, say, write};
use crate::install;
use crate::interrupt;
use crate::report::Output;
use crate::rest::{
    Account, Change, Credentials, ENVIRONMENT, Login, Rest, Secret, Settings, Step, Team, ask,
};
use notifymatters_findings::text::plain;

#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Example:
  notifymatters setup --chat https://chat.example.com --host https://mail.example.com \\
      --user admin --team home --smtp mail.example.com --mail-from chat@example.com \\
      --bundle notifymatters-0.1.0.tar.gz

It shows what would change, and asks before it writes; a second run finds nothing to do. The file for \
--from uses the options' names: chat = \"https://chat.example.com\", host = [\"https://mail.example.com\"].

{ENVIRONMENT}

Exit code: that of the doctor, which runs last (0 clean, 1 a check failed, 3 something could not be checked); \
2 wrong arguments, 3 it could not be done."))]
pub(crate) struct Options {
    #[command(flatten)]
    wanted: Wanted,
    /// Read what is not an option from this file (TOML), which holds no secret
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before writing
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    login: Login,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let wanted = options.wanted.clone().with_file(options.from.as_deref())?;
    let smtp = wanted.smtp()?;
    let bundle = wanted.bundle.as_deref().map(install::read).transpose()?;
    let login = Login {
        user: options.login.user.clone().or_else(|| wanted.user.clone()),
        ..options.login.clone()
    };
    let mut rest = Rest::at_site(wanted.chat.as_ref(), &options.connection, &login)?;
    let chat = rest.address().clone();
    let server = rest.server()?;
    write(&format!("{chat} is Mattermost {}\n", server.version))?;
    let account = if server.is_bare {
        match first_administrator(options, &wanted, &login, &mut rest)? {
            Some(account) => account,
            None => return Ok(Exit::Clean),
        }
    } else {
        rest.authenticate(&login.credentials()?)?
    };
    write(&format!("{}\n", rest.in_the_name_of(&account)))?;
    let facts = Facts {
        version: server.version,
        settings: Settings::read(&rest)?,
        role: role(&rest)?,
        has_team: match &wanted.team {
            Some(team) => Team::find(&rest, team)?.is_some(),
            None => false,
        },
        plugin: install::state(&rest)?,
        is_local: rest.is_local(),
    };
    let plan = Plan::new(&wanted, &chat, smtp.as_ref(), &facts);
    write(&shown(&plan))?;
    if options.dry_run {
        return Ok(Exit::Clean);
    }
    if !plan.steps.is_empty() {
        confirm(options.yes, "Write this?")?;
        let work = Work {
            rest: &rest,
            facts: &facts,
            account: &account,
            wanted: &wanted,
            bundle: bundle.as_deref(),
        };
        work.all(&plan)?;
    }
    // A session must not outlive what it is for, and looking takes none.
    drop(rest);
    let Some(host) = wanted.host.first() else {
        return Ok(Exit::Clean);
    };
    write("\n")?;
    doctor::look(host, &chat, &options.connection, None, Output::default())
}

fn shown(plan: &Plan) -> String {
    let mut text = String::new();
    if !plan.already.is_empty() {
        text.push_str("\nAs it should be:\n");
        for line in &plan.already {
            let _ = writeln!(text, "  {line}");
        }
    }
    if !plan.notes.is_empty() {
        text.push_str("\nNot done here:\n");
        for line in &plan.notes {
            let _ = writeln!(text, "  {}", line.replace('\n', "\n  "));
        }
    }
    if plan.steps.is_empty() {
        text.push_str("\nNothing to do.\n");
        return text;
    }
    text.push_str("\nTo do:\n");
    for step in &plan.steps {
        let _ = writeln!(text, "  {}\n      {}", step.what, step.why);
        if !step.back.is_empty() {
            let _ = writeln!(text, "      undo: {}", step.back);
        }
    }
    text
}

/// Asks for a yes at the terminal.
fn confirm(yes: bool, question: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "nothing was written: there is no terminal to ask at, so use --yes or --dry-run",
        ));
    }
    write(&format!("\n{question} [y/N] "))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::could_not_look("nothing was written")),
    }
}

/// Makes the account that becomes administrator because it is the first; plugins come later, whose bots are accounts
/// as well (until 11.9 such a bot could become the administrator).
fn first_administrator(
    options: &Options,
    wanted: &Wanted,
    login: &Login,
    rest: &mut Rest,
) -> Result<Option<Account>, Failure> {
    let (Some(username), Some(email)) = (&login.user, &wanted.email) else {
        return Err(Failure::usage(
            "this server has no account yet: name its first administrator with --user and --email",
        ));
    };
    write(&format!(
        "\nTo do:\n  account {username} ({email}) is made\n      the first account of a server becomes its administrator\n"
    ))?;
    if options.dry_run {
        write("\nThe rest can be shown once there is an administrator.\n")?;
        return Ok(None);
    }
    confirm(options.yes, "Make this account?")?;
    let password = match env::var("MM_ADMIN_PASSWORD") {
        Ok(password) if !password.is_empty() => password,
        _ => {
            const OTHERWISE: &str = "set MM_ADMIN_PASSWORD";
            let password = ask(&format!("New password for {username}: "), OTHERWISE)?;
            if ask("The same password again: ", OTHERWISE)? != password {
                return Err(Failure::usage("the two passwords differ"));
            }
            password
        }
    };
    let password = Secret::new(password);
    rest.hide(&password);
    let account = json!({ "username": username, "email": email, "password": password.reveal() });
    let made: Account = rest.post(Step::To("make the account"), "users", &account)?;
    let account = if rest.is_local() {
        made
    } else {
        rest.authenticate(&Credentials::Password {
            username: username.clone(),
            password,
        })?
    };
    say(&format!("done: account {username} is made"));
    if !account.is_administrator() {
        return Err(Failure::could_not_look(format!(
            "{username} did not become administrator: somebody else was first"
        )));
    }
    Ok(Some(account))
}

fn role(rest: &Rest) -> Result<Role, Failure> {
    Ok(rest.get(
        Step::To("show the role of everybody"),
        "roles/name/system_user",
    )?)
}

/// After Ctrl+C nothing else is begun.
fn stop() -> Result<(), Failure> {
    if interrupt::came() {
        return Err(Failure::could_not_look(
            "stopped: only what is listed as done was written; the next run does the rest",
        ));
    }
    Ok(())
}

/// What is done once everybody has seen it.
struct Work<'a> {
    rest: &'a Rest,
    facts: &'a Facts,
    account: &'a Account,
    wanted: &'a Wanted,
    bundle: Option<&'a [u8]>,
}

impl Work<'_> {
    fn all(&self, plan: &Plan) -> Result<(), Failure> {
        let _held = interrupt::hold();
        self.mail(plan)?;
        stop()?;
        let changes = plan.changes();
        if !changes.is_empty() {
            self.facts.settings.write(self.rest, &changes)?;
            say(&format!("done: {} settings", changes.len()));
            stop()?;
        }
        for step in &plan.steps {
            match &step.act {
                Act::Set(_) | Act::SetMail(_) | Act::SetSmtpPassword { .. } | Act::TestMail => {
                    continue;
                }
                Act::TakeCreateTeam(seen) => self.take_create_team(seen)?,
                Act::MakeTeam(name) => {
                    let name = name.to_string();
                    let display_name = self.wanted.team_display_name.as_ref().unwrap_or(&name);
                    // Only by invitation; an open team could be joined by anybody.
                    let team = json!({ "name": name, "display_name": display_name, "type": "I" });
                    let _: IgnoredAny =
                        self.rest.post(Step::To("make the team"), "teams", &team)?;
                }
                Act::Upload => {
                    install::upload(self.rest, self.bundle.unwrap_or_default())?;
                    install::enable(self.rest)?;
                }
                Act::Enable => install::enable(self.rest)?,
                Act::Trust(change) => self
                    .facts
                    .settings
                    .write(self.rest, std::slice::from_ref(change))?,
            }
            say(&format!("done: {}", step.what));
            stop()?;
        }
        Ok(())
    }

    /// Writes the settings of mails, and sends one by them: a server sends by the settings that it has, whatever the call
    /// holds (5.39 to 11). Where it cannot, they become what they were before.
    fn mail(&self, plan: &Plan) -> Result<(), Failure> {
        let mut changes = plan.mail_changes();
        let secret = plan.steps.iter().find_map(|step| match &step.act {
            Act::SetSmtpPassword { from } => Some(from),
            _ => None,
        });
        if let Some(from) = secret {
            let password = match env::var("NOTIFYMATTERS_SMTP_PASSWORD") {
                Ok(password) if !password.is_empty() => password,
                _ => ask(
                    "Password at the mail server: ",
                    "set NOTIFYMATTERS_SMTP_PASSWORD",
                )?,
            };
            self.rest.hide(&Secret::new(password.clone()));
            changes.push(Change {
                field: "EmailSettings.SMTPPassword".to_owned(),
                from: from.clone(),
                to: json!(password),
            });
        }
        if changes.is_empty() {
            return Ok(());
        }
        self.facts.settings.write(self.rest, &changes)?;
        if self.rest.is_local() {
            say(&format!("done: {} settings of mails", changes.len()));
            return Ok(());
        }
        let written = Settings::read(self.rest)?;
        let sent: Result<Value, _> =
            self.rest
                .post(Step::To("send a mail"), "email/test", written.all());
        let Err(trouble) = sent else {
            say(&format!(
                "done: {} settings of mails, and a test mail to {}",
                changes.len(),
                plain(&self.account.email)
            ));
            return Ok(());
        };
        let back = written.write(self.rest, &written.back(&changes));
        Err(Failure::could_not_look(match back {
            Ok(()) if secret.is_some_and(|from| *from != "") => format!(
                "nothing is changed except the mail server's password, because no server shows the old one: {}",
                trouble.message
            ),
            Ok(()) => format!("nothing is changed: {}", trouble.message),
            Err(back) => format!(
                "{}\nand the settings of mails could not be restored: {}",
                trouble.message, back.message
            ),
        }))
    }

    fn take_create_team(&self, seen: &Role) -> Result<(), Failure> {
        if role(self.rest)? != *seen {
            return Err(Failure::could_not_look(
                "somebody else changed the role system_user meanwhile, so it was left as it is: start again",
            ));
        }
        let left: Vec<&String> = seen
            .permissions
            .iter()
            .filter(|permission| *permission != CREATE_TEAM)
            .collect();
        let patch = json!({ "permissions": left });
        let path = format!("roles/{}/patch", seen.id);
        let _: IgnoredAny = self.rest.put(Step::To("change the role"), &path, &patch)?;
        Ok(())
    }
}
