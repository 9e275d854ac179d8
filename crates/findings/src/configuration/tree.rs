//! A proxy's configuration as a tree of directives, whatever its language.

/// Deeper than any configuration that a person wrote; the parsers go no deeper.
const MAX_DEPTH: usize = 32;

/// A directive, or a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Directive {
    /// In lower case, unless it is a matcher or an address of Caddy's.
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
    /// From 1.
    pub(super) line: usize,
    pub(super) block: Vec<Directive>,
}

/// Why a text is no configuration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("line {0}: a quote is not closed")]
    Quote(usize),
    #[error("line {0}: the block is not closed")]
    Open(usize),
    #[error("line {0}: a block is closed that was not opened")]
    Close(usize),
    #[error("line {0}: blocks are nested too deeply")]
    Depth(usize),
}

/// How a language ends a directive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// nginx.
    Semicolon,
    /// Caddy.
    Line,
}

#[derive(Debug)]
enum Token {
    Word(String),
    Open,
    Close,
    End,
}

/// nginx: `name argument… ;` and `name argument… { … }`.
pub(super) fn nginx(text: &str) -> Result<Vec<Directive>, ParseError> {
    build(tokens(text, End::Semicolon)?)
}

/// A Caddyfile: a directive a line, `{` at its end opens a block.
pub(super) fn caddy(text: &str) -> Result<Vec<Directive>, ParseError> {
    build(tokens(text, End::Line)?)
}

fn tokens(text: &str, end: End) -> Result<Vec<(usize, Token)>, ParseError> {
    let mut found = Vec::new();
    let mut characters = text.chars().peekable();
    let mut line = 1;
    let mut word: Option<String> = None;
    let flush = |word: &mut Option<String>, found: &mut Vec<(usize, Token)>, line| {
        if let Some(word) = word.take() {
            found.push((line, Token::Word(word)));
        }
    };
    while let Some(character) = characters.next() {
        let starts = word.is_none();
        match character {
            '\n' => {
                flush(&mut word, &mut found, line);
                if end == End::Line {
                    found.push((line, Token::End));
                }
                line += 1;
            }
            _ if character.is_whitespace() => flush(&mut word, &mut found, line),
            '#' if starts => while characters.next_if(|next| *next != '\n').is_some() {},
            '"' | '\'' | '`' if starts && (character != '`' || end == End::Line) => {
                let opened = line;
                let mut quoted = String::new();
                loop {
                    match characters.next() {
                        None => return Err(ParseError::Quote(opened)),
                        Some(next) if next == character => break,
                        Some('\\') if character != '`' => match characters.next() {
                            Some(escaped) if escaped == character || escaped == '\\' => {
                                quoted.push(escaped);
                            }
                            Some(other) => quoted.extend(['\\', other]),
                            None => return Err(ParseError::Quote(opened)),
                        },
                        Some(next) => {
                            line += usize::from(next == '\n');
                            quoted.push(next);
                        }
                    }
                }
                word = Some(quoted);
            }
            ';' if end == End::Semicolon => {
                flush(&mut word, &mut found, line);
                found.push((line, Token::End));
            }
            '{' if opens(end, word.as_deref(), characters.peek().copied()) => {
                flush(&mut word, &mut found, line);
                found.push((line, Token::Open));
            }
            '}' if end == End::Semicolon && !word.as_deref().is_some_and(in_variable) || starts => {
                flush(&mut word, &mut found, line);
                found.push((line, Token::Close));
            }
            '\\' => {
                let word = word.get_or_insert_default();
                match characters.next() {
                    // A Caddyfile continues a line like this.
                    Some('\n') => line += 1,
                    Some(next) => word.extend(['\\', next]),
                    None => {}
                }
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    flush(&mut word, &mut found, line);
    found.push((line, Token::End));
    Ok(found)
}

/// `${name}` of nginx is no block, nor is `{placeholder}` of Caddy.
fn opens(end: End, word: Option<&str>, next: Option<char>) -> bool {
    match end {
        End::Semicolon => !word.is_some_and(|word| word.ends_with('$')),
        End::Line => word.is_none() && next.is_none_or(char::is_whitespace),
    }
}

fn in_variable(word: &str) -> bool {
    word.rfind("${").is_some_and(|at| !word[at..].contains('}'))
}

fn build(tokens: Vec<(usize, Token)>) -> Result<Vec<Directive>, ParseError> {
    // The innermost open block is the last.
    let mut open: Vec<Directive> = vec![Directive::default()];
    let mut words: Vec<String> = Vec::new();
    let mut began = 1;
    for (line, token) in tokens {
        match token {
            Token::Word(word) => {
                if words.is_empty() {
                    began = line;
                }
                words.push(word);
            }
            Token::End => add(&mut open, &mut words, began),
            Token::Open => {
                if open.len() > MAX_DEPTH {
                    return Err(ParseError::Depth(line));
                }
                let at = if words.is_empty() { line } else { began };
                open.push(directive(std::mem::take(&mut words), at));
            }
            Token::Close => {
                add(&mut open, &mut words, began);
                let closed = open.pop().unwrap_or_default();
                match open.last_mut() {
                    Some(parent) => parent.block.push(closed),
                    None => return Err(ParseError::Close(line)),
                }
            }
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(root), true) => Ok(root.block),
        (unclosed, _) => Err(ParseError::Open(unclosed.map_or(1, |block| block.line))),
    }
}

fn add(open: &mut [Directive], words: &mut Vec<String>, line: usize) {
    if !words.is_empty()
        && let Some(parent) = open.last_mut()
    {
        parent.block.push(directive(std::mem::take(words), line));
    }
}

fn directive(words: Vec<String>, line: usize) -> Directive {
    let mut words = words.into_iter();
    Directive {
        name: words.next().unwrap_or_default().to_ascii_lowercase(),
        arguments: words.collect(),
        line,
        block: Vec::new(),
    }
}

/// Apache: a directive a line, `<Name argument…>` to `</Name>` is a block.
pub(super) fn apache(text: &str) -> Result<Vec<Directive>, ParseError> {
    let mut open: Vec<Directive> = vec![Directive::default()];
    for (line, text) in joined_lines(text) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if text.starts_with("</") {
            let closed = open.pop().unwrap_or_default();
            match open.last_mut() {
                Some(parent) => parent.block.push(closed),
                None => return Err(ParseError::Close(line)),
            }
            continue;
        }
        let block = text.strip_prefix('<');
        let words = words(
            block.map_or(text, |block| block.trim_end_matches('>')),
            line,
            false,
        )?;
        let read = directive(words, line);
        if block.is_some() {
            if open.len() > MAX_DEPTH {
                return Err(ParseError::Depth(line));
            }
            open.push(read);
        } else if let Some(parent) = open.last_mut() {
            parent.block.push(read);
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(root), true) => Ok(root.block),
        (unclosed, _) => Err(ParseError::Open(unclosed.map_or(1, |block| block.line))),
    }
}

/// HAProxy: a section begins with its keyword and ends where the next begins.
pub(super) fn haproxy(text: &str) -> Result<Vec<Directive>, ParseError> {
    const SECTIONS: [&str; 5] = ["global", "defaults", "frontend", "backend", "listen"];
    let mut sections: Vec<Directive> = Vec::new();
    for (line, text) in joined_lines(text) {
        let words = words(&text, line, true)?;
        if words.is_empty() {
            continue;
        }
        let read = directive(words, line);
        if SECTIONS.contains(&read.name.as_str())
            || !text.starts_with([' ', '\t']) && sections.is_empty()
        {
            sections.push(read);
        } else if let Some(section) = sections.last_mut() {
            section.block.push(read);
        }
    }
    Ok(sections)
}

/// Lines with their number, those that end with a backslash joined with the next.
fn joined_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut continues = false;
    for (index, line) in text.lines().enumerate() {
        let (content, goes_on) = match line.strip_suffix('\\') {
            Some(content) => (content, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, last)) if continues => last.push_str(content),
            _ => lines.push((index + 1, content.to_owned())),
        }
        continues = goes_on;
    }
    lines
}

/// The words of one line; HAProxy has comments at the end of lines, and escapes outside of quotes.
fn words(text: &str, line: usize, haproxy: bool) -> Result<Vec<String>, ParseError> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some('"') | None, '\\') if haproxy || quote.is_some() => match characters.next() {
                Some(escaped @ ('"' | '\\')) => word.get_or_insert_default().push(escaped),
                Some(' ') if haproxy => word.get_or_insert_default().push(' '),
                Some(other) => word.get_or_insert_default().extend(['\\', other]),
                None => return Err(ParseError::Quote(line)),
            },
            (None, '"' | '\'') if haproxy || word.is_none() => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '#') if haproxy => break,
            (None, _) if character.is_whitespace() => found.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err(ParseError::Quote(line));
    }
    found.extend(word);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(directives: &[Directive]) -> String {
        directives
            .iter()
            .map(|directive| {
                let block = if directive.block.is_empty() {
                    String::new()
                } else {
                    format!("{{{}}}", shown(&directive.block))
                };
                format!(
                    "{}:{}({}){block};",
                    directive.line,
                    directive.name,
                    directive.arguments.join("|")
                )
            })
            .collect()
    }

    #[test]
    fn nginx_is_read_with_quotes_comments_and_variables() {
        let text = "map $a $b {\n  \"~^(?<x>.*);$\" \"${x} it\"; # c }\n}\nadd_header A 'b \"c\"' always;\nset $d e${f}g;";
        assert_eq!(
            shown(&nginx(text).unwrap()),
            "1:map($a|$b){2:~^(?<x>.*);$(${x} it);};4:add_header(A|b \"c\"|always);5:set($d|e${f}g);"
        );
    }

    #[test]
    fn a_caddyfile_is_read_with_placeholders() {
        let text = "chat.example.com {\n  reverse_proxy 127.0.0.1:8065 {\n    header_up X-Real-IP {remote_host}\n    header_down -A\n  }\n}\n";
        assert_eq!(
            shown(&caddy(text).unwrap()),
            "1:chat.example.com(){2:reverse_proxy(127.0.0.1:8065){3:header_up(X-Real-IP|{remote_host});4:header_down(-A);};};"
        );
    }

    #[test]
    fn apache_is_read_with_sections_and_continued_lines() {
        let text = "# c\n<VirtualHost *:443>\n  Header set \\\n    A \"b c\"\n  RewriteRule ^/(.*) ws://x/$1 [P]\n</VirtualHost>\n";
        assert_eq!(
            shown(&apache(text).unwrap()),
            "2:virtualhost(*:443){3:header(set|A|b c);5:rewriterule(^/(.*)|ws://x/$1|[P]);};"
        );
    }

    #[test]
    fn haproxy_is_read_by_sections_with_escapes() {
        let text = "frontend a\n  bind :80 # c\nbackend b\n  http-response set-header A b\\ c\n  replace-header \"(.*)x\" '\\1y'\n";
        assert_eq!(
            shown(&haproxy(text).unwrap()),
            "1:frontend(a){2:bind(:80);};3:backend(b){4:http-response(set-header|A|b c);5:replace-header((.*)x|\\1y);};"
        );
    }

    #[test]
    fn what_does_not_end_is_named_with_its_line() {
        assert_eq!(nginx("a;\nserver {\n"), Err(ParseError::Open(2)));
        assert_eq!(nginx("a \"b\n"), Err(ParseError::Quote(1)));
        assert_eq!(nginx("a;\n}\n"), Err(ParseError::Close(2)));
        assert_eq!(apache("<A>\n"), Err(ParseError::Open(1)));
        assert_eq!(apache("</A>\n"), Err(ParseError::Close(1)));
        assert_eq!(nginx(&"a {".repeat(1000)), Err(ParseError::Depth(1)));
    }
}
