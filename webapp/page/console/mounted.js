// Whether a part of the page is still there when an answer comes.

/** @returns {{current: boolean}} */
export function useMounted() {
  const { useEffect, useRef } = window.React;
  const mounted = useRef(true);
  useEffect(
    () => () => {
      mounted.current = false;
    },
    [],
  );
  return mounted;
}
