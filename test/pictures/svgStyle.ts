import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { THEMES } from '../ui/panel/themes.ts';

const STYLES = join(import.meta.dirname, '../../webview/styles');

/** The panel's own variables, in terms of VS Code's. */
const OWN = new Map([.../:root \{([^}]*)\}/.exec(read('base.css'))![1]!.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name, value]) => [name!, value!]));

/**
 * The style of a picture that stands alone: the panel's rules for the classes it uses, with every variable and mix of colours
 * worked out, in VS Code's light colours and, for who prefers a dark scheme, in its dark ones.
 */
export function svgStyle(classes: ReadonlySet<string>): string {
  const rules = rulesOf(read('marks.css')).filter(({ selector }) => classes.has(classOf(selector)));
  const css = rules.map(({ selector, body }) => `${selector}{${body}}`).join('\n');
  return `${resolved(css, 'light')}\n@media (prefers-color-scheme: dark){\n${resolved(coloursOf(css), 'dark')}\n}`;
}

function rulesOf(css: string): { selector: string; body: string }[] {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@media[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}/g, '');
  return [...plain.matchAll(/([^{}]+)\{([^}]*)\}/g)].flatMap(([, selectors, body]) => selectors!.split(',').map((selector) => ({ selector: selector.trim(), body: body!.trim().replace(/\s*\n\s*/g, ' ') })));
}

/** `s-slot` of `.scene .s-slot`; of `.scene text` the scene itself. Selectors of what moves or is pointed at have none that a picture has. */
function classOf(selector: string): string {
  if (/^\.scene( \*| text)?$/.test(selector)) return 'scene';
  return /^(?:\.scene |\w+)?\.([\w-]+)$/.exec(selector)?.[1] ?? '';
}

/** Only what has a colour differs between the schemes. */
function coloursOf(css: string): string {
  return css.split('\n').filter((rule) => rule.includes('var(')).join('\n');
}

/** Every variable and every mix of colours of `css`, worked out in a theme. */
function resolved(css: string, theme: 'light' | 'dark'): string {
  const { variables } = THEMES[theme];
  const valueOf = (name: string): string => {
    const value = OWN.get(name) ?? variables[name.replace('--vscode-', '')];
    if (value === undefined) throw new Error(`Nothing says what ${name} is.`);
    return value.replace(/var\((--[\w-]+)\)/g, (_, inner: string) => valueOf(inner));
  };
  const flat = css.replace(/var\((--[\w-]+)\)/g, (_, name: string) => valueOf(name));
  return flat.replace(/color-mix\(in srgb, (#\w{6}) (\d+)%, (#\w{6}|transparent)\)/g, (_, colour: string, percent: string, other: string) => mixed(colour, Number(percent) / 100, other));
}

function mixed(colour: string, share: number, other: string): string {
  const [a, b] = [channels(colour), channels(other)];
  if (!b) return `rgba(${a!.join(', ')}, ${share})`;
  return `rgb(${a!.map((value, at) => Math.round(value * share + (b[at] ?? 0) * (1 - share))).join(', ')})`;
}

function channels(colour: string): number[] | null {
  return colour === 'transparent' ? null : [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function read(name: string): string {
  return readFileSync(join(STYLES, name), 'utf8');
}
