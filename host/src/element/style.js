// The element's look: the page's own font, and the system's colours in whichever scheme the page has.

export const STYLE = `
:host { display: flex; flex-direction: column; min-height: 320px; font: 15px/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas }
:host([hidden]) { display: none }
* { box-sizing: border-box }
[hidden] { display: none !important }
.stage { position: relative; flex: 1; min-height: 0; display: flex }
iframe { flex: 1; width: 100%; min-height: 0; border: 0 }
.cover { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 8px; padding: 24px; text-align: center; background: Canvas }
.cover p { max-width: 46ch }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px 12px; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas) }
.bar .words { flex: 1 1 24ch; min-width: 0 }
p { margin: 0; overflow-wrap: anywhere }
b { font-weight: 600 }
.advice { color: color-mix(in srgb, CanvasText 72%, Canvas); font-size: 14px }
button { font: inherit; padding: 6px 14px; border-radius: 6px; border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); background: Canvas; color: CanvasText; cursor: pointer }
button.main { background: CanvasText; color: Canvas; border-color: CanvasText }
button.bare { border-color: transparent; padding: 6px 10px }
button:hover { filter: brightness(1.15) }
:focus-visible { outline: 2px solid Highlight; outline-offset: 2px }
.spinner { width: 28px; height: 28px; border-radius: 50%; border: 3px solid color-mix(in srgb, CanvasText 20%, Canvas); border-top-color: CanvasText; animation: turn 1s linear infinite }
@keyframes turn { to { rotate: 1turn } }
@media (prefers-reduced-motion: reduce) { .spinner { animation: none } }
`;
