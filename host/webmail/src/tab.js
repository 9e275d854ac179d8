// The chat's tab: a page without anything in it, over which the chat is laid.

const XTYPE = `zarafa.plugins.${PLUGIN.name}.ui.contentpanel`;

/** The name under which the webmail finds who makes the tab. */
export const COMPONENT = `plugins.${PLUGIN.name}.panel`;

export const makePanelClass = () => {
  const Panel = Ext.extend(Zarafa.core.ui.ContentPanel, {
    // A function: methods cannot be constructed.
    constructor: function (/** @type {object} */ config) {
      const own = {
        xtype: XTYPE,
        title: PLUGIN.title,
        iconCls: 'notifymatters-icon',
        cls: 'notifymatters-page',
        useInputAutoFocusPlugin: false,
      };
      Panel.superclass.constructor.call(this, Ext.applyIf(config ?? {}, own));
    },
  });
  Ext.reg(XTYPE, Panel);
  return Panel;
};
