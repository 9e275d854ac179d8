//! The files of the web part that few pages load, served from the bundle.
//!
//! Mattermost serves the others, and copies them at each activation, one after the other, each flushed to disk. For files
//! that are rarely requested that would take too long.

use std::path::{Path, PathBuf};
use std::{fs, io};

use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use super::answer::{Response, not_found, refuse};

/// The folder below the plugin's address, and in the bundle.
pub(super) const PATH: &str = "/assets/";

/// The same as for the files that Mattermost serves (9.8 and 11.6). Each name contains a hash of the content.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31556926, public");

/// The bundle's folder of these files, which are compressed scripts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Assets(PathBuf);

impl Assets {
    /// The files of the bundle whose `server/dist` contains `executable`.
    pub(crate) fn beside(executable: &Path) -> Self {
        let bundle = executable.ancestors().nth(3).unwrap_or(Path::new(""));
        Self(bundle.join("assets"))
    }

    /// Answers with a script. It is sent compressed even if the request does not accept gzip: every browser supports it, and
    /// a proxy that removes `Accept-Encoding` passes the response on.
    ///
    /// Reading the file blocks everything else; it is small, and each browser requests it once.
    pub(super) fn script(&self, name: &str) -> Response {
        let content = match self.read(&format!("{name}.gz")) {
            Ok(Some(content)) => content,
            Ok(None) => return not_found(),
            Err(error) => {
                tracing::error!("{name} cannot be read from the bundle: {error}");
                return refuse(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
            }
        };
        let mut response = Response::new(content.into());
        let headers = response.headers_mut();
        let script = HeaderValue::from_static("text/javascript; charset=utf-8");
        headers.insert(CONTENT_TYPE, script);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(CACHE_CONTROL, A_YEAR);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }

    /// The requested name is only compared with those of the files: in a path it could lead out of the folder, or to a device
    /// (`con`, on Windows).
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_name() == name {
                return fs::read(entry.path()).map(Some);
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> (tempfile::TempDir, Assets) {
        let bundle = tempfile::tempdir().expect("a folder");
        let folder = bundle.path().join("assets");
        fs::create_dir(&folder).expect("a folder in it");
        fs::write(folder.join("a.1.js.gz"), b"compressed").expect("a file");
        fs::write(folder.join("icon.svg"), b"<svg>").expect("a file");
        fs::write(bundle.path().join("plugin.js.gz"), b"beside").expect("a file");
        let assets = Assets::beside(&bundle.path().join("server/dist/plugin-linux-amd64"));
        (bundle, assets)
    }

    #[test]
    fn a_script_is_sent_as_it_lies_in_the_bundle_and_kept_for_a_year() {
        let (_bundle, assets) = bundle();
        let response = assets.script("a.1.js");
        assert_eq!(response.status(), StatusCode::OK);
        for (header, value) in [
            (CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (CONTENT_ENCODING, "gzip"),
            (CACHE_CONTROL, "max-age=31556926, public"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            assert_eq!(response.headers()[header], value);
        }
    }

    #[test]
    fn nothing_else_is_found() {
        let (_bundle, assets) = bundle();
        for name in [
            "",
            ".js",
            "b.1.js",
            "a.1.js.gz",
            "icon.svg",
            "../plugin.js",
            "..\\plugin.js",
            "/etc/a.js",
            "c:a.js",
            "A.1.JS",
        ] {
            let status = assets.script(name).status();
            assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn a_bundle_that_cannot_be_read_is_an_error_of_the_server() {
        let (bundle, assets) = bundle();
        fs::create_dir(bundle.path().join("assets/folder.js.gz")).expect("a folder");
        let status = assets.script("folder.js").status();
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
