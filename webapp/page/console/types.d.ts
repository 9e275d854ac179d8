// What the System Console's page has around the embedding check.

interface Window {
  /** Mattermost's own React: 16 or 17 up to Mattermost 10, 18 from 11 on. */
  React: any;
}
