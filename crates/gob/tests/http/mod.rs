//! Go's `http.Request`, as far as a plugin wants to know it.

use std::collections::BTreeMap;

use gob::Gob;

pub(crate) type Header = BTreeMap<String, Vec<String>>;

#[derive(Gob, Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: String,
    #[gob(name = "URL")]
    pub(crate) url: Option<gob::BinaryMarshaled>,
    pub(crate) proto: String,
    pub(crate) proto_major: i32,
    pub(crate) proto_minor: i32,
    pub(crate) header: Header,
    pub(crate) content_length: i64,
    pub(crate) transfer_encoding: Vec<String>,
    pub(crate) close: bool,
    pub(crate) host: String,
    pub(crate) trailer: Header,
    pub(crate) remote_addr: String,
    #[gob(name = "RequestURI")]
    pub(crate) request_uri: String,
}
