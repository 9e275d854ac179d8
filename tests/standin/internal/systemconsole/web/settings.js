// The form of one plugin's settings, and its Save.

const custom = () => window.standinSettings ?? new Map();

/** The path of a setting in the configuration, which is its id in the page, too. */
const path = (plugin, key) => `PluginSettings.Plugins.${plugin}.${key.toLowerCase()}`;

const read = (tree, name) => name.split('.').reduce((value, part) => value?.[part], tree);

function write(tree, name, value) {
  const parts = name.split('.');
  const last = parts.pop();
  const parent = parts.reduce((inner, part) => (inner[part] ??= {}), tree);
  parent[last] = value;
}

/**
 * Keeps what is typed in its own state, begun from the configuration once, and again after a Save (11.x). Save lays it
 * over the page's copy of the whole configuration and sends all of that.
 */
export class PluginSettings extends window.React.Component {
  constructor(props) {
    super(props);
    const { config, plugins } = props.store.getState().entities.admin;
    this.manifest = plugins[props.id];
    this.state = { config, values: this.valuesIn(config), saveNeeded: false, saving: false, error: '' };
  }

  valuesIn(config) {
    const names = this.settings().map(({ key }) => path(this.props.id, key));
    return Object.fromEntries(names.map((name) => [name, read(config, name)]));
  }

  settings() {
    return this.manifest?.settings_schema?.settings ?? [];
  }

  componentDidMount() {
    this.stop = this.props.store.subscribe(() => {
      const { config } = this.props.store.getState().entities.admin;
      if (config !== this.state.config) {
        this.setState({ config });
      }
    });
    // A plugin registers its custom settings when its script has run.
    this.registered = () => this.forceUpdate();
    addEventListener('standinSettings', this.registered);
  }

  componentWillUnmount() {
    this.stop();
    removeEventListener('standinSettings', this.registered);
  }

  change = (name, value) => {
    this.setState(({ values }) => ({ values: { ...values, [name]: value }, saveNeeded: true }));
  };

  save = async (event) => {
    event.preventDefault();
    const { store, client, generation } = this.props;
    this.setState({ saving: true, error: '' });
    const config = JSON.parse(JSON.stringify(store.getState().entities.admin.config));
    for (const [name, value] of Object.entries(this.state.values)) {
      write(config, name, value);
    }
    try {
      const saved = await client.saveConfig(config, generation);
      store.dispatch({ type: 'RECEIVED_CONFIG', data: saved });
      this.setState({ saving: false, saveNeeded: false, values: this.valuesIn(saved) });
    } catch (error) {
      this.setState({ saving: false, error: error.message });
    }
  };

  row(name, label, help, children) {
    const h = window.React.createElement;
    return h(
      'div',
      { key: name, className: 'form-group', 'data-testid': name },
      h('label', { className: 'control-label col-sm-4', htmlFor: name }, label),
      h('div', { className: 'col-sm-8' }, children, h('div', { className: 'help-text' }, help)),
    );
  }

  setting({ key, type, display_name: label, help_text: help, placeholder }) {
    const h = window.React.createElement;
    const name = path(this.props.id, key);
    const { component, options } = custom().get(key.toLowerCase()) ?? {};
    const setByEnvironment = Boolean(read(this.props.store.getState().entities.admin.environmentConfig, name));
    if (component) {
      const made = h(component, {
        key: name,
        id: name,
        label,
        helpText: help,
        value: this.state.values[name],
        disabled: false,
        config: this.state.config,
        license: {},
        setByEnv: setByEnvironment,
        onChange: this.change,
        registerSaveAction() {},
        unRegisterSaveAction() {},
        setSaveNeeded: () => this.setState({ saveNeeded: true }),
        cancelSubmit() {},
        showConfirm: false,
      });
      return options.showTitle ? this.row(name, label, help, made) : made;
    }
    if (type === 'custom') {
      return h('div', { key: name, className: 'banner' }, 'In order to view this setting, enable the plugin and click Save.');
    }
    return this.row(
      name,
      label,
      help,
      h(type === 'longtext' ? 'textarea' : 'input', {
        id: name,
        className: 'form-control',
        value: this.state.values[name] ?? '',
        placeholder,
        disabled: setByEnvironment,
        onChange: (event) => this.change(name, event.target.value),
      }),
    );
  }

  render() {
    const h = window.React.createElement;
    const { saveNeeded, saving, error } = this.state;
    if (!this.manifest) {
      return h('div', { className: 'wrapper--fixed' }, 'The plugin you are looking for does not exist.');
    }
    return h(
      'div',
      { className: 'admin-console wrapper--fixed' },
      h('div', { className: 'admin-console__header' }, this.manifest.name),
      h(
        'div',
        { className: 'admin-console__wrapper' },
        h(
          'div',
          { className: 'admin-console__content' },
          h(
            'form',
            { className: 'form-horizontal', role: 'form', onSubmit: this.save },
            this.settings().map((setting) => this.setting(setting)),
          ),
        ),
      ),
      h(
        'div',
        { className: 'admin-console-save' },
        h(
          'button',
          { id: 'saveSetting', type: 'submit', className: 'btn btn-primary', disabled: !saveNeeded || saving, onClick: this.save },
          saving ? 'Saving Config...' : 'Save',
        ),
        h('div', { className: 'error-message', 'data-testid': 'errorMessage' }, error),
      ),
    );
  }
}
