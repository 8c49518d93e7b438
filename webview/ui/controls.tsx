import { h, type ComponentChildren, type JSX } from 'preact';

interface ButtonProps {
  readonly onClick: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Needed where the content is only an icon. */
  readonly label?: string;
  readonly icon?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ onClick, primary = false, disabled = false, label, icon = false, children }: ButtonProps): JSX.Element {
  const appearance = icon ? 'icon' : primary ? 'primary' : 'secondary';
  return h('vscode-button', { appearance, disabled, 'aria-label': label, title: label, onClick: disabled ? undefined : onClick }, children);
}

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly describedBy?: string;
  readonly invalid?: boolean;
  readonly disabled?: boolean;
  readonly onInput: (value: string) => void;
  readonly onEnter?: () => void;
}

export function TextField({ id, label, value, placeholder, describedBy, invalid = false, disabled = false, onInput, onEnter }: TextFieldProps): JSX.Element {
  const input = (event: Event): void => onInput((event.currentTarget as HTMLInputElement).value);
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onEnter?.();
  };
  return h('vscode-text-field', { id, value, placeholder, disabled, 'aria-label': label, 'aria-describedby': describedBy, 'aria-invalid': invalid ? 'true' : undefined, onInput: input, onKeyDown: keyDown });
}

interface Choice {
  readonly id: string;
  readonly text: ComponentChildren;
}

interface ChoicesProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Choice[];
  readonly chosen: readonly string[];
  readonly disabled?: boolean;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** One of several. */
export function RadioGroup({ name, label, options, chosen, disabled = false, onChange }: ChoicesProps): JSX.Element {
  const choose = (event: Event): void => {
    const { value } = event.currentTarget as HTMLInputElement;
    if (value !== '' && value !== chosen[0]) onChange([value]);
  };
  const radios = options.map((option) => h('vscode-radio', { key: option.id, value: option.id, disabled }, option.text));
  return h('vscode-radio-group', { name, orientation: 'vertical', 'aria-label': label, value: chosen[0] ?? '', disabled, onChange: choose }, radios);
}

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Checkbox({ label, checked, onChange }: CheckboxProps): JSX.Element {
  const change = (event: Event): void => {
    const now = (event.currentTarget as HTMLInputElement).checked;
    if (now !== checked) onChange(now);
  };
  return h('vscode-checkbox', { checked, onChange: change }, label);
}

/** Any of several. */
export function CheckboxGroup({ label, options, chosen, disabled = false, onChange }: ChoicesProps): JSX.Element {
  const toggle = (id: string, event: Event): void => {
    const checked = (event.currentTarget as HTMLInputElement).checked;
    if (checked !== chosen.includes(id)) onChange(checked ? [...chosen, id] : chosen.filter((other) => other !== id));
  };
  return (
    <div role="group" aria-label={label} class="checkboxes">
      {options.map((option) => h('vscode-checkbox', { key: option.id, checked: chosen.includes(option.id), disabled, onChange: (event: Event) => toggle(option.id, event) }, option.text))}
    </div>
  );
}

interface DropdownProps {
  readonly label: string;
  readonly options: readonly string[];
  readonly selected: number;
  readonly onChange: (index: number) => void;
}

export function Dropdown({ label, options, selected, onChange }: DropdownProps): JSX.Element {
  const change = (event: Event): void => onChange((event.currentTarget as HTMLSelectElement).selectedIndex);
  const entries = options.map((option, index) => h('vscode-option', { key: option, value: option, selected: index === selected }, option));
  return h('vscode-dropdown', { key: options.join(), 'aria-label': label, value: options[selected], onChange: change }, entries);
}

/** Something is under way and says nothing of how far. */
export function ProgressRing({ label }: { readonly label: string }): JSX.Element {
  return h('vscode-progress-ring', { 'aria-label': label });
}
