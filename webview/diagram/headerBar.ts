import { formatNumber, plural } from '../format.ts';
import type { Rung } from './ladder.ts';
import { LINE_PX, text, type Mark, type Shape } from './scene.ts';

/** IPv4's and TCP's header without options. */
const HEADER_BYTES = 40;
const BAR_PX = 12;

/** How many bytes of the segments so far were payload, and how many were headers, ACKs' too. */
export function headerBar(rungs: readonly Rung[], width: number, top: number): { readonly height: number; readonly shapes: readonly Shape[]; readonly marks: readonly Mark[] } {
  const segments = rungs.filter((rung) => rung.kind === 'segment');
  const payload = segments.reduce((sum, rung) => sum + rung.lengthBytes, 0);
  const withData = segments.filter((rung) => rung.lengthBytes > 0).length;
  const headers = segments.length * HEADER_BYTES;
  const all = Math.max(1, payload + headers);
  const share = (width - 8) * (payload / all);
  const words = [`${plural(withData, 'segment')} with data, ${formatNumber(segments.length - withData)} without`, `${formatNumber(payload)} B payload, ${formatNumber(headers)} B headers (${Math.round((100 * headers) / all)} %)`];
  const shapes: Shape[] = [{ kind: 'rect', role: 'slot', x: 4, y: 0, width: width - 8, height: BAR_PX, radius: 2 }];
  if (segments.length > 0) {
    shapes.push({ kind: 'rect', role: 'accepted', x: 4, y: 0, width: share, height: BAR_PX, radius: 2 });
    shapes.push({ kind: 'rect', role: 'connecting', x: 4 + share, y: 0, width: width - 8 - share, height: BAR_PX, radius: 2 });
  }
  shapes.push(...words.map((each, index) => text('text', 4, BAR_PX + LINE_PX * (index + 1), each)));
  const name = `${words.join('; ')}. Headers are counted at 40 bytes a segment; timestamps make it 52.`;
  return { height: BAR_PX + LINE_PX * 2 + 10, shapes: [], marks: [{ id: 'headers', x: 0, y: top, name, shapes }] };
}
