//! Builds and runs the Go program in `tests/gob-peer`, and describes values the way it does.

use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, thread};

use serde_json::Value as Json;

pub(crate) mod describe;

pub(crate) struct Peer {
    program: PathBuf,
}

impl Peer {
    /// Builds the program; nothing where there is no Go and none is demanded.
    pub(crate) fn build() -> Option<&'static Self> {
        static BUILT: OnceLock<Option<Peer>> = OnceLock::new();
        BUILT.get_or_init(Self::built).as_ref()
    }

    fn built() -> Option<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/gob-peer");
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gob-peer");
        let built = Command::new("go")
            .arg("build")
            .arg("-o")
            .arg(&program)
            .arg(".")
            .current_dir(source)
            .status();
        match built {
            Ok(status) => assert!(status.success(), "gob-peer does not build"),
            Err(error) => {
                assert!(env::var_os("CI").is_none(), "no Go: {error}");
                eprintln!("skipped, no Go here: {error}");
                return None;
            }
        }
        Some(Self { program })
    }

    /// Runs the program with the input, and takes what it answers.
    pub(crate) fn run(&self, command: &str, arguments: &[String], input: &str) -> String {
        let mut child = Command::new(&self.program)
            .arg(command)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = thread::scope(|scope| {
            // The program may answer, or end, before it has read everything.
            scope.spawn(move || drop(stdin.write_all(input.as_bytes())));
            child.wait_with_output().unwrap()
        });
        assert!(
            output.status.success(),
            "gob-peer {command} {} failed",
            arguments.join(" ")
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

pub(crate) fn from_environment(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().unwrap())
}

pub(crate) fn random_seed() -> u64 {
    RandomState::new().hash_one(())
}

pub(crate) fn unhex(text: &Json) -> Vec<u8> {
    let digits = text.as_str().unwrap().as_bytes();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
