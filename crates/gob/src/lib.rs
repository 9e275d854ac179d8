//! Go's encoding/gob: encoder, decoder, derive.
