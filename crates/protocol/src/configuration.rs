//! The answer of the server part's configuration endpoint, the one type that both parts share.

use serde::{Deserialize, Serialize};

use crate::Origin;

/// Body of `GET <site>/plugins/notifymatters/api/v1/config`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The setting exactly as the administrator typed it. The web part of the plugin that came before reads this name.
    #[serde(rename = "TrustedOrigin", default)]
    pub trusted_origin: String,
    /// The same, parsed and canonicalised.
    pub trusted_origins: Vec<Origin>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoints_answer_keeps_its_shape() {
        let answer = Configuration {
            trusted_origin: " https://Mail.example.com/".into(),
            trusted_origins: vec![Origin::parse("https://mail.example.com").unwrap()],
        };
        let json = r#"{"TrustedOrigin":" https://Mail.example.com/","trusted_origins":["https://mail.example.com"]}"#;
        assert_eq!(serde_json::to_string(&answer).unwrap(), json);
        assert_eq!(serde_json::from_str::<Configuration>(json).unwrap(), answer);
    }

    #[test]
    fn an_answer_without_the_canonical_list_is_no_configuration() {
        assert!(
            serde_json::from_str::<Configuration>(
                r#"{"TrustedOrigin":"https://mail.example.com"}"#
            )
            .is_err()
        );
        assert!(
            serde_json::from_str::<Configuration>(r#"{"trusted_origins":["nonsense"]}"#).is_err()
        );
    }
}
