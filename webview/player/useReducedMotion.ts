import { useEffect, useState } from 'preact/hooks';

const QUERY = '(prefers-reduced-motion: reduce)';

/** True where the system or VS Code (`workbench.reduceMotion`) asks for stillness. */
export function useReducedMotion(): boolean {
  const asked = (): boolean => matchMedia(QUERY).matches || document.body.classList.contains('vscode-reduce-motion');
  const [still, setStill] = useState(asked);
  useEffect(() => {
    const look = (): void => setStill(asked());
    const media = matchMedia(QUERY);
    const observer = new MutationObserver(look);
    media.addEventListener('change', look);
    observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    return () => {
      media.removeEventListener('change', look);
      observer.disconnect();
    };
  }, []);
  return still;
}
