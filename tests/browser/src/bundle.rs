//! Another version of the built bundle, for upgrades.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::Context;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::{Outcome, variable};

/// What the files are read into: those of the web part are text, but for the component.
struct Entry {
    header: tar::Header,
    path: String,
    content: Vec<u8>,
}

/// Writes a bundle of another version, in which every hashed file of the web part has another name: as after a
/// real upgrade, the names that an open page knows are gone from the server.
pub fn renamed_bundle(target: &Path) -> Outcome {
    let bundle = variable("NOTIFYMATTERS_BUNDLE")?;
    let mut entries = Vec::new();
    for entry in tar::Archive::new(GzDecoder::new(File::open(bundle)?)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        entries.push(Entry {
            header: entry.header().clone(),
            path,
            content,
        });
    }
    let renamed: Vec<(String, String)> = entries
        .iter()
        .filter_map(|entry| {
            entry
                .path
                .split_once("webapp/dist/")
                .map(|(_, name)| name.to_owned())
        })
        .filter(|name| name.matches('.').count() >= 2)
        .map(|name| {
            let (stem, rest) = name.split_once('.').unwrap_or((&name, ""));
            (name.clone(), format!("{stem}.upgraded{rest}"))
        })
        .collect();
    anyhow::ensure!(!renamed.is_empty(), "the bundle has no hashed files");

    let mut archive = tar::Builder::new(GzEncoder::new(File::create(target)?, Compression::fast()));
    for Entry {
        mut header,
        mut path,
        mut content,
    } in entries
    {
        if path.contains("webapp/dist/") && !path.ends_with(".wasm") {
            let mut text = String::from_utf8(content).with_context(|| path.clone())?;
            for (old, new) in &renamed {
                text = text.replace(old, new);
            }
            content = text.into_bytes();
        }
        if path.ends_with("/plugin.json") {
            let mut manifest: serde_json::Value = serde_json::from_slice(&content)?;
            manifest["version"] = "99.0.0".into();
            content = serde_json::to_vec(&manifest)?;
        }
        for (old, new) in &renamed {
            path = path.replace(old, new);
        }
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, &path, content.as_slice())?;
    }
    archive.into_inner()?.finish()?.flush()?;
    Ok(())
}
