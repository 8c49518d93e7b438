import type { JSX } from 'preact';
import type { ProcessChange } from '../../src/shared/xray/view.ts';
import { ageWords } from './useAge.ts';

/** Which processes came and went while the X-ray was on, newest first; how long before the sample shown. */
export function Changes({ changes, nowMs }: { readonly changes: readonly ProcessChange[]; readonly nowMs: number }): JSX.Element | null {
  if (changes.length === 0) return null;
  return (
    <>
      <h3>Processes that came and went</h3>
      <ul class="changes">
        {changes.map(({ pid, title, change, atMs }) => (
          <li key={`${pid} ${change} ${atMs}`}>
            {title} (process {pid}) {change} <span class="quiet">{nowMs === atMs ? 'with this sample' : ageWords(nowMs - atMs)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
