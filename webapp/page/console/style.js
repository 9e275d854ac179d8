// The look: Mattermost's classes where it has one, its theme's variables for the rest.

/** Read by older Mattermosts without the variable, too: each has a value behind it. */
export const style = `
.notifymatters-check { overflow-wrap: anywhere; }
.notifymatters-check .nm-section h4 { margin: 0 0 8px; font-size: 16px; font-weight: 600; line-height: 22px; }
.notifymatters-check h5 { margin: 12px 0 4px; font-size: 14px; font-weight: 600; }
.notifymatters-check p { margin: 0 0 6px; }
.notifymatters-check code, .notifymatters-check pre {
  color: inherit;
  background: rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.06);
  border-radius: 4px;
}
.notifymatters-check code { padding: 1px 4px; }
.notifymatters-check pre {
  margin: 6px 0 12px;
  padding: 8px;
  border: 1px solid rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.16);
  overflow-x: auto;
  overflow-wrap: normal;
  white-space: pre;
  word-break: normal;
}
.notifymatters-check summary { cursor: pointer; }
.notifymatters-check :focus-visible, .nm-finding:focus { outline: 2px solid var(--button-bg, #166de0); outline-offset: 2px; }
.nm-status { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; margin-top: 12px; font-weight: 600; }
.notifymatters-check .nm-status p:last-child { margin: 0; }
.nm-buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.nm-section { margin-top: 24px; }
details.nm-section { margin-top: 16px; }
.notifymatters-check .nm-section > summary h4 { display: inline; margin-right: 12px; }
summary .nm-level { display: inline-block; }
.nm-rest { margin-top: 4px; }
.nm-findings, .nm-hosts { margin: 0; padding: 0; list-style: none; }
.nm-finding {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 12px;
  padding: 10px 0;
  border-top: 1px solid rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.12);
}
details > .nm-findings { margin-top: 8px; }
.nm-level { flex: 0 0 104px; font-weight: 600; white-space: nowrap; }
.nm-level::before {
  display: inline-block;
  width: 18px;
  margin-right: 6px;
  border-radius: 9px;
  color: var(--nm-ink, #fff);
  background: var(--nm-colour);
  content: var(--nm-sign);
  font-size: 12px;
  line-height: 18px;
  text-align: center;
}
/* A screen reader reads the word beside it. */
@supports (content: "" / "") {
  .nm-level::before { content: var(--nm-sign) / ""; }
}
.nm-body { flex: 1 1 260px; min-width: 0; }
.notifymatters-check .nm-body p:last-child { margin: 0; }
.nm-good { --nm-sign: "\\2713"; --nm-colour: var(--online-indicator, #3db887); }
.nm-note { --nm-sign: "i"; --nm-colour: rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.64); }
.nm-warning { --nm-sign: "!"; --nm-colour: var(--away-indicator, #ffbc1f); --nm-ink: #1b1d22; }
.nm-problem { --nm-sign: "\\2715"; --nm-colour: var(--error-text, #d24b4e); }
.nm-problem .nm-level { color: var(--error-text, #d24b4e); }
.nm-unicode { font-weight: 400; }
.nm-change { padding: 10px 12px; border: 1px solid rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.16); border-radius: 4px; }
.nm-change dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px; margin: 0 0 10px; }
.nm-change dt { font-weight: 600; }
.nm-change dd { margin: 0; min-width: 0; }
.nm-lines { margin: 8px 0 0; }
.nm-hosts li { padding: 2px 0; }
/* Blocks below each other, and a table where there is room for one; a browser without container queries has the blocks. */
.nm-grants { container-type: inline-size; margin-top: 12px; }
.nm-grants table { width: 100%; margin-bottom: 12px; border-collapse: collapse; table-layout: fixed; }
.nm-grants thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.nm-grants tr, .nm-grants th, .nm-grants td { display: block; padding: 0; text-align: start; font-weight: 400; }
.nm-grants tbody tr { padding: 12px 0; border-top: 1px solid rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.12); }
.nm-grants tbody th { padding-bottom: 4px; }
.notifymatters-check.nm-grants code { padding: 0; background: none; font-weight: 600; font-size: 12px; }
.nm-grants thead code { overflow-wrap: normal; }
.nm-grants th p { margin: 4px 0; color: var(--error-text, #d24b4e); }
.nm-grants td label { display: flex; gap: 10px; margin: 0; padding: 6px 0; font-weight: 400; cursor: pointer; }
.nm-grants input[type="checkbox"] { flex: none; width: 16px; height: 16px; margin: 2px 0 0; accent-color: var(--button-bg, #166de0); }
.nm-grants :disabled { cursor: default; }
.nm-grants textarea { margin-bottom: 12px; font-family: Menlo, Consolas, monospace; font-size: 12px; }
.nm-says { display: block; margin-top: 4px; font-size: 12px; line-height: 16px; color: rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.75); }
@container (min-width: 640px) {
  .nm-grants thead { position: static; width: auto; height: auto; clip-path: none; }
  .nm-grants tr { display: table-row; }
  .nm-grants th, .nm-grants td { display: table-cell; padding: 8px 6px; vertical-align: top; hyphens: auto; }
  .nm-grants tbody th, .nm-grants td { border-top: 1px solid rgba(var(--center-channel-color-rgb, 61, 60, 64), 0.12); }
  .nm-grants th:first-child { width: 22%; padding-left: 0; }
  .nm-grants td label { padding: 0 0 12px; }
  .nm-stacked { display: none; }
}
@media (max-width: 767px) {
  /* What Mattermost's own titles have, which are labels. */
  .nm-title { margin-bottom: 5px; }
}
@media (max-width: 480px) {
  .nm-change dl { grid-template-columns: 1fr; }
}
`;
