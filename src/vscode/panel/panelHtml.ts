/** What the panel's page needs to know of its webview. */
export interface PageSource {
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  readonly title: string;
  readonly nonce: string;
}

/**
 * The panel's page. Only our one script (by its nonce) and our one stylesheet are allowed; nothing else is loaded and
 * nothing can be connected to. The UI toolkit's style elements carry the nonce, which it finds in the meta element.
 */
export function panelHtml({ cspSource, script, style, title, nonce }: PageSource): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${escaped(style)}">
  <title>${escaped(title)}</title>
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] as string);
}
