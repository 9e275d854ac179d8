//! Any configuration of a reverse proxy: it is read or refused with a sentence, and what is found has no control characters.
#![no_main]

use std::cell::Cell;

use libfuzzer_sys::fuzz_target;
use notifymatters_findings::configuration::{Source, read};
use notifymatters_findings::language::Language;
use notifymatters_findings::lines::Program;
use notifymatters_findings::proxy::{Expected, judge};

/// As it is shown: only lines to copy have more than one.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    // What is included, after a line that no configuration has.
    let (main, other) = text.split_once("\n\0\n").unwrap_or((&text, ""));
    // Often enough for a file that includes itself; more would only take time.
    let left = Cell::new(16);
    let included = |_: &str| match left.get() {
        0 => Vec::new(),
        number => {
            left.set(number - 1);
            vec![("other".to_owned(), other.to_owned())]
        }
    };
    let source = Source::new("main", main.to_owned(), &included);
    let expected = ["", "9.11", "11.6"].map(|version| Expected {
        hosts: vec!["https://mail.example.com".to_owned()],
        version: version.parse().ok(),
    });
    for program in Program::ALL {
        left.set(16);
        let blocks = match read(program, &source) {
            Ok(blocks) => blocks,
            Err(error) => {
                assert!(is_plain(&error.to_string()), "{error}");
                continue;
            }
        };
        for block in blocks {
            for expected in &expected {
                let findings = judge(&block.treatment, expected, Language::German);
                assert!(!findings.is_empty());
                for finding in findings {
                    assert!(is_plain(&finding.says), "{finding:?}");
                    assert!(finding.details.iter().all(|detail| is_plain(detail)), "{finding:?}");
                    for mend in finding.mends {
                        assert!(is_plain(&mend.place), "{mend:?}");
                        assert!(mend.lines.lines().all(|line| !line.chars().any(char::is_control)), "{mend:?}");
                    }
                }
            }
        }
    }
});
