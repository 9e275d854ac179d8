//! The plugin's end of hashicorp/go-plugin: handshake, yamux, net/rpc, broker.
