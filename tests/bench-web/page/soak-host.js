// The host of a soak: what it does with a notification goes by the number in its title, as `soak-frame.js` has it.

const REPORTS = [['click', 'close'], ['click'], ['close'], [], [], [], [], ['click', 'close'], ['close'], []];

/** A user takes a moment. */
const MOMENT = 100;

window.soaked = { new: 0, close: 0, click: 0 };

addEventListener('message', ({ data, source, origin }) => {
  if (data.type === 'notifymatters.notification.close') window.soaked.close += 1;
  if (data.type !== 'notifymatters.notification.new') return;
  window.soaked.new += 1;
  const { id, title } = data.data;
  const reports = REPORTS[Number(title.split(' ')[1]) % REPORTS.length];
  setTimeout(() => {
    for (const report of reports) {
      if (report === 'click') window.soaked.click += 1;
      source.postMessage(envelope('notification.on' + report, null, id), origin);
    }
  }, MOMENT);
});
