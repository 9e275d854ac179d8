//! What Notifymatters says over postMessage, and who may say it.
