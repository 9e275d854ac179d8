// A dot in the page's title and icon while a notification waits to be seen.

const DOT = '● ';

/** Pixels of an icon's side: what browsers show in a tab, twice. */
const SIDE = 32;

/**
 * The icon with a dot, or nothing where it cannot be read (it is of another origin, or there is none).
 * @param {string} address
 * @returns {Promise<string | undefined>}
 */
async function dotted(address) {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = SIDE;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.drawImage(image, 0, 0, SIDE, SIDE);
    context.arc(SIDE * 0.75, SIDE * 0.25, SIDE * 0.25, 0, 2 * Math.PI);
    context.fillStyle = '#d24b4e';
    context.fill();
    return canvas.toDataURL();
  } catch {
    return undefined;
  }
}

/** A badge of the page, to be shown and hidden at will. */
export function pageBadge() {
  let isShown = false;
  /** @type {{ link: HTMLLinkElement, href: string } | undefined} */
  let changed;

  return {
    async show() {
      if (isShown) return;
      isShown = true;
      if (!document.title.startsWith(DOT)) document.title = DOT + document.title;
      const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel~="icon"]'));
      if (!link) return;
      const { href } = link;
      const icon = await dotted(href);
      if (!icon || !isShown || link.href !== href) return;
      changed = { link, href };
      link.href = icon;
    },

    hide() {
      if (!isShown) return;
      isShown = false;
      if (document.title.startsWith(DOT)) document.title = document.title.slice(DOT.length);
      if (changed) changed.link.href = changed.href;
      changed = undefined;
    },
  };
}
