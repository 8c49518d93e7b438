import { THEMES } from './themes.ts';

/** Gives a page the variables and the class that VS Code's theme would. */
export function applyTheme(name: string): void {
  const theme = THEMES[name as keyof typeof THEMES];
  for (const [variable, value] of Object.entries(theme.variables)) document.documentElement.style.setProperty(`--vscode-${variable}`, value);
  document.body.classList.add(theme.kind);
  document.body.dataset.vscodeThemeKind = theme.kind;
}
