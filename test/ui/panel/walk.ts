/** Runs inside the page. What a person with weak eyes, a screen reader or a narrow panel would stumble over, a sentence each. */
export function stumblingBlocks(): string[] {
  const found = new Set<string>();

  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  const parse = (text: string): Colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = '#0000';
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top: Colour, under: Colour): Colour => {
    const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
    return [mix(top[0], under[0]), mix(top[1], under[1]), mix(top[2], under[2]), 1];
  };
  const luminance = (colour: Colour): number => {
    const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((channel) => {
      const share = channel / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: Colour, b: Colour): number => {
    const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const parentOf = (element: Element): Element | null => element.parentElement ?? ((element.getRootNode() as ShadowRoot).host) ?? null;
  const groundOf = (element: Element | null): Colour => {
    if (!element) return parse(getComputedStyle(document.body).backgroundColor);
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] >= 1 ? own : over(own, groundOf(parentOf(element)));
  };
  const opacityOf = (element: Element | null): number => (element ? Number(getComputedStyle(element).opacity) * opacityOf(parentOf(element)) : 1);
  const everything = (root: ParentNode): Element[] => [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? everything(element.shadowRoot) : [])]);
  const visible = (element: Element): boolean => element.checkVisibility() && getComputedStyle(element).clipPath === 'none' && element.getBoundingClientRect().width > 0;
  const says = (element: Element): string => (element.textContent ?? '').trim().slice(0, 40);

  for (const element of everything(document.body)) {
    if (!visible(element)) continue;
    const style = getComputedStyle(element);
    const inSvg = element instanceof SVGElement;
    const words = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (words.length > 0 && element.localName !== 'style') {
      const size = Number.parseFloat(style.fontSize);
      if (size < 12) found.add(`text of ${size} px: ${says(element)}`);
      // What is disabled is exempt (WCAG 1.4.3); it shows by its opacity.
      if (opacityOf(element) === 1) {
        const ratio = contrast(over(parse(inSvg ? style.fill : style.color), groundOf(element)), groundOf(element));
        if (ratio < 4.5) found.add(`text at ${ratio.toFixed(2)}:1: ${says(element)}`);
      }
    }
    if (inSvg && style.stroke !== 'none' && element.localName !== 'text' && !/s-(lane|grid|gap)|hatch/.test(element.getAttribute('class') ?? '')) {
      const ratio = contrast(over(parse(style.stroke), groundOf(element.closest('svg'))), groundOf(element.closest('svg')));
      if (ratio < 3) found.add(`mark at ${ratio.toFixed(2)}:1: ${element.getAttribute('class') ?? element.localName}`);
    }
  }

  const focusable = 'button, input, summary, [tabindex="0"], vscode-button, vscode-text-field, vscode-checkbox, vscode-radio, vscode-dropdown';
  for (const element of document.querySelectorAll<HTMLElement>(focusable)) {
    if (!visible(element)) continue;
    const labelled = element.getAttribute('aria-labelledby');
    const label = element.id === '' ? null : document.querySelector(`label[for="${element.id}"]`);
    const name = element.getAttribute('aria-label') ?? (labelled === null ? null : (document.getElementById(labelled)?.textContent ?? null)) ?? label?.textContent ?? element.textContent ?? '';
    if (name.trim() === '') found.add(`no name: ${element.outerHTML.slice(0, 80)}`);
    const { width, height } = element.getBoundingClientRect();
    if (Math.min(width, height) < 16 || Math.max(width, height) < 20) found.add(`hard to hit, ${Math.round(width)} × ${Math.round(height)}: ${name.slice(0, 40)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.add(`two elements of id ${id}`);
  if (document.documentElement.scrollWidth > innerWidth) found.add(`wider than the panel by ${document.documentElement.scrollWidth - innerWidth} px`);
  return [...found];
}
