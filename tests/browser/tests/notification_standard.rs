//! The Notifications Standard, clause by clause: the delegate in the framed page, and the engine's own class beside it.
//!
//! The clauses are those of `webapp/test/standard`, which node runs as well. What was found is the table in
//! `docs/notification-standard.md`; with `NOTIFYMATTERS_TABLE=<that file>` the tests write their columns there.

use std::fs;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use notifymatters_browser_tests::{
    Host, Options, Outcome, Scene, enable, eventually, eventually_within,
};
use serde_json::{Value, json};

/// The clauses and what runs them in a page.
const FILES: [(&str, &str); 7] = [
    (
        "assert.js",
        include_str!("../../../webapp/test/standard/assert.js"),
    ),
    (
        "clauses.js",
        include_str!("../../../webapp/test/standard/clauses.js"),
    ),
    (
        "construction.js",
        include_str!("../../../webapp/test/standard/construction.js"),
    ),
    (
        "events.js",
        include_str!("../../../webapp/test/standard/events.js"),
    ),
    (
        "hosted.js",
        include_str!("../../../webapp/test/standard/hosted.js"),
    ),
    (
        "interface.js",
        include_str!("../../../webapp/test/standard/interface.js"),
    ),
    (
        "page.js",
        include_str!("../../../webapp/test/standard/page.js"),
    ),
];

const TABLE: &str = include_str!("../../../docs/notification-standard.md");

/// Names the file to write the table into.
const WRITE: &str = "NOTIFYMATTERS_TABLE";

/// Held while the file is written: the tests run side by side.
static WRITING: Mutex<()> = Mutex::new(());

/// The heading of the delegate's column.
const OURS: &str = "Notifymatters";

/// All clauses one after the other; some wait for the host several times.
const PATIENCE: Duration = Duration::from_secs(90);

/// The Mattermost lies below the host page's own origin, so that the clauses reach the host page by `parent`.
const SUBPATH: &str = "/chat";

/// What was found of a clause: `yes`, `not tried`, or what is wrong.
struct Finding {
    of: String,
    says: String,
    found: String,
}

impl Finding {
    /// The cell of the table.
    fn mark(&self) -> &'static str {
        match self.found.as_str() {
            "yes" => "yes",
            "not tried" => "",
            _ => "no",
        }
    }
}

async fn scene() -> Outcome<Scene> {
    let scene = Scene::start(&Options {
        subpath: SUBPATH,
        trusted_origin: String::new(),
        ..Options::default()
    })
    .await?;
    // Scripts of the page's own origin alone may run in it.
    let run = |hosted| {
        format!("import {{ tryAll }} from './page.js'; window.clauses = await tryAll({hosted});")
    };
    let (hosted, alone) = (run(true), run(false));
    let files: Vec<Value> = FILES
        .into_iter()
        .chain([("hosted-run.js", &*hosted), ("alone-run.js", &*alone)])
        .map(|(name, body)| {
            let path = format!("{SUBPATH}/static/standard/{name}");
            json!({ "path": path, "status": 200, "body": body, "content_type": "text/javascript" })
        })
        .collect();
    scene.standin.order("/fault", &json!(files))?;
    Ok(scene)
}

fn load(script: &str) -> String {
    format!(
        "const script = document.createElement('script'); script.type = 'module';
         script.src = '{SUBPATH}/static/standard/{script}'; document.head.append(script)"
    )
}

const FOUND: &str = "return JSON.stringify(window.clauses ?? null)";

fn findings(found: &Value) -> Outcome<Option<Vec<Finding>>> {
    let found: Option<Vec<Value>> = serde_json::from_str(found.as_str().unwrap_or("null"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(found.map(|clauses| {
        clauses
            .iter()
            .map(|clause| Finding {
                of: text(&clause["of"]),
                says: text(&clause["says"]),
                found: text(&clause["found"]),
            })
            .collect()
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_clause_holds_for_the_delegate() -> Outcome {
    let scene = scene().await?;
    scene
        .open(&Host {
            name: "",
            parameters: "script=none",
            ..Host::TRUSTED
        })
        .await?;
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    scene.until_ok().await?;
    scene.came_its_way()?;
    scene.in_frame(&load("hosted-run.js")).await?;
    let found = eventually_within(PATIENCE, "all clauses are tried", async || {
        findings(&scene.in_frame(FOUND).await?)
    })
    .await?;
    let wrong: Vec<String> = found
        .iter()
        .filter(|clause| clause.found != "yes")
        .map(|Finding { of, says, found }| format!("{of} {says}: {found}"))
        .collect();
    anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    anyhow::ensure!(!found.is_empty(), "no clause was tried");
    let table = Table::parse(TABLE);
    let column = table.column(OURS)?;
    if !write(column, OURS, &found)? {
        let differences = table.differences(column, &found);
        anyhow::ensure!(
            differences.is_empty(),
            "{STALE}\n{}",
            differences.join("\n")
        );
    }
    let errors = "return window.standin.errors.filter((error) => !error.includes('on purpose'))";
    let errors = scene.in_frame(errors).await?;
    assert_eq!(errors, json!([]), "the Mattermost page saw no error");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engines_own_class_is_as_the_table_says_unless_the_engine_is_another() -> Outcome {
    let scene = scene().await?;
    let driver = scene.browser.driver();
    scene.log_in().await?;
    if scene.browser.engine().sets_permissions() {
        scene
            .browser
            .set_permission("notifications", "granted")
            .await?;
    }
    // Nobody embeds this page: its class is the engine's own.
    driver.goto(scene.standin.site()).await?;
    eventually("the page is there", async || {
        let there = "return document.querySelector('#channelHeaderTitle') !== null";
        Ok((scene.here(there).await? == true).then_some(()))
    })
    .await?;
    scene.here(&load("alone-run.js")).await?;
    let found = eventually_within(PATIENCE, "all clauses are tried", async || {
        findings(&scene.here(FOUND).await?)
    })
    .await?;
    let version = driver.capabilities().get("browserVersion");
    let version = version.and_then(Value::as_str).unwrap_or_default();
    let heading = format!("{} {version}", scene.browser.engine().name());

    let table = Table::parse(TABLE);
    let column = table.column(scene.browser.engine().name())?;
    if write(column, &heading, &found)? {
        return Ok(());
    }
    let differences = table.differences(column, &found);
    let is_the_same = table.heading[column] == heading;
    anyhow::ensure!(
        !is_the_same || differences.is_empty(),
        "{STALE}\n{}",
        differences.join("\n")
    );
    if !is_the_same {
        // Past the harness, which keeps to itself what a test prints that passes.
        let mut out = std::io::stdout().lock();
        let count = differences.len();
        writeln!(
            out,
            "    {heading} differs from the table in {count} clauses"
        )?;
        for difference in &differences {
            writeln!(out, "    {difference}")?;
        }
    }
    Ok(())
}

const STALE: &str =
    "docs/notification-standard.md is stale; NOTIFYMATTERS_TABLE=<the file> writes it anew:";

/// Writes what was found into its column, if that is asked for.
fn write(column: usize, heading: &str, found: &[Finding]) -> Outcome<bool> {
    let Ok(file) = std::env::var(WRITE) else {
        return Ok(false);
    };
    let _writing = WRITING.lock();
    let mut table = Table::parse(&fs::read_to_string(&file)?);
    table.write(column, heading, found);
    fs::write(file, table.to_string())?;
    Ok(true)
}

/// The document's one table, between the text before and after it.
struct Table {
    before: String,
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
    after: String,
}

impl Table {
    fn parse(text: &str) -> Self {
        let cells = |line: &str| -> Vec<String> {
            let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
            inner
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        };
        let mut table = Self {
            before: String::new(),
            heading: Vec::new(),
            rows: Vec::new(),
            after: String::new(),
        };
        for line in text.lines() {
            if !line.starts_with('|') {
                let part = if table.heading.is_empty() {
                    &mut table.before
                } else {
                    &mut table.after
                };
                part.push_str(line);
                part.push('\n');
            } else if table.heading.is_empty() {
                table.heading = cells(line);
            } else if !line.starts_with("|---") {
                table.rows.push(cells(line));
            }
        }
        table
    }

    /// The column whose heading begins with the engine's name.
    fn column(&self, engine: &str) -> Outcome<usize> {
        let found = self
            .heading
            .iter()
            .position(|cell| cell.starts_with(engine));
        found.ok_or_else(|| anyhow::anyhow!("the table has no column for {engine}"))
    }

    /// Puts in what was found, and the clauses as they are now.
    fn write(&mut self, column: usize, heading: &str, found: &[Finding]) {
        heading.clone_into(&mut self.heading[column]);
        let width = self.heading.len();
        self.rows = found
            .iter()
            .map(|clause| {
                let old = self
                    .rows
                    .iter()
                    .find(|row| row[0] == clause.of && row[1] == clause.says);
                let mut row = old.cloned().unwrap_or_else(|| vec![String::new(); width]);
                clause.of.clone_into(&mut row[0]);
                clause.says.clone_into(&mut row[1]);
                clause.mark().clone_into(&mut row[column]);
                row
            })
            .collect();
    }

    fn differences(&self, column: usize, found: &[Finding]) -> Vec<String> {
        let mut differences = Vec::new();
        if self.rows.len() != found.len() {
            let (rows, clauses) = (self.rows.len(), found.len());
            differences.push(format!("the table has {rows} rows for {clauses} clauses"));
        }
        for clause in found {
            let row = self
                .rows
                .iter()
                .find(|row| row[0] == clause.of && row[1] == clause.says);
            let noted = row.map_or("not in the table", |row| &row[column]);
            if noted != clause.mark() {
                let Finding { of, says, found } = clause;
                differences.push(format!("{of} {says}: {found}; the table: {noted:?}"));
            }
        }
        differences
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.before)?;
        writeln!(f, "| {} |", self.heading.join(" | "))?;
        writeln!(f, "|{}", "---|".repeat(self.heading.len()))?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        write!(f, "{}", self.after)
    }
}
