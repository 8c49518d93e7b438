import type { ComponentChildren, JSX } from 'preact';

/** Icons as strokes on a 16 px square: they take the text's colour and stay sharp in high contrast. */
const PATHS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4 12 12M12 4 4 12',
  open: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11',
  half: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 2.5V13.5M8 5H12.5M8 8H13.5M8 11H12.5',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  warning: 'M8 2.5 14.5 13.5H1.5zM8 6.5v3.5M8 11.5v.8',
  info: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 7.5v3.5M8 5v.8',
  hint: 'M5.5 10.5a4 4 0 1 1 5 0v1.5h-5zM6.5 14h3',
  play: 'M4.5 3 13 8 4.5 13z',
  pause: 'M5.5 3V13M10.5 3V13',
  back: 'M11.5 3 6 8 11.5 13M3.5 3V13',
  forward: 'M4.5 3 10 8 4.5 13M12.5 3V13',
  start: 'M13 3 8.5 8 13 13M8 3 3.5 8 8 13',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A sentence with the icon that stands for its kind. */
export function Notice({ icon, tone, children }: { readonly icon: IconName; readonly tone: 'info' | 'good' | 'bad' | 'warn'; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class={`notice ${tone}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
