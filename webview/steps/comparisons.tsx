import type { JSX } from 'preact';
import type { Comparison } from '../../src/shared/report.ts';
import { formatNumber, withUnit } from '../format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Prose } from '../ui/prose.tsx';

const OUTCOMES: Readonly<Record<Comparison['outcome'], { readonly icon: IconName; readonly words: string }>> = {
  agrees: { icon: 'check', words: 'agrees' },
  differs: { icon: 'cross', words: 'differs' },
  'unfit-machine': { icon: 'info', words: 'too busy to decide' },
  'not-available': { icon: 'info', words: 'not available' },
};

/** Each number as predicted and as measured, with what its agreement rules out. Rows become blocks where the panel is narrow. */
export function ComparisonTable({ comparisons }: { readonly comparisons: readonly Comparison[] }): JSX.Element {
  return (
    <table class="comparisons">
      <thead>
        <tr>
          <th scope="col">Quantity</th>
          <th scope="col">Unit</th>
          <th scope="col">Predicted</th>
          <th scope="col">Measured</th>
          <th scope="col">Error</th>
          <th scope="col">Agrees?</th>
        </tr>
      </thead>
      <tbody>
        {comparisons.map((row) => (
          <Row key={row.quantity} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { readonly row: Comparison }): JSX.Element {
  const { icon, words } = OUTCOMES[row.outcome];
  const number = (value: number | null): string => (value === null ? '–' : formatNumber(value));
  const error = row.error === null ? '–' : `${row.error > 0 ? '+' : row.error < 0 ? '−' : ''}${formatNumber(Math.abs(row.error))}`;
  return (
    <tr class={row.outcome}>
      <th scope="row">{row.label}</th>
      <td class="of-unit">{row.unit}</td>
      <td data-label="Predicted" class="figure">
        {number(row.predicted)}
      </td>
      <td data-label="Measured" class="figure">
        {number(row.measured)}
      </td>
      <td data-label="Error" class="figure">
        {error}
        {row.error !== null && <span class="quiet allowed">{row.tolerance === 0 ? 'must be exact' : `±${formatNumber(row.tolerance)} allowed`}</span>}
      </td>
      <td class="verdict">
        <p class="with-icon">
          <Icon name={icon} />
          <strong>{words}</strong>
        </p>
        {row.outcome !== 'agrees' && row.why !== '' && (
          <p>
            <Prose text={row.why} />
          </p>
        )}
        {row.wrongModel && <WrongModelLine row={row} wrong={row.wrongModel} />}
      </td>
    </tr>
  );
}

function WrongModelLine({ row, wrong }: { readonly row: Comparison; readonly wrong: NonNullable<Comparison['wrongModel']> }): JSX.Element {
  const says = wrong.predicted === null ? 'no number' : withUnit(wrong.predicted, row.unit);
  return (
    <p class="quiet">
      {wrong.exposed ? 'Rules out' : 'Would rule out'} “<Prose text={wrong.name} />”, which says {says}.
    </p>
  );
}
